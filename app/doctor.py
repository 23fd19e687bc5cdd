"""`biaoge doctor`: is this installation whole, and which optional parts are there?"""

from __future__ import annotations

import importlib
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from biaoge import __version__
from biaoge.errors import BiaogeError

State = Literal["ok", "broken", "absent"]
OPENCV = ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless")
TOOLS = (
    ("LibreOffice", ("soffice", "libreoffice"), "sets documents with LibreOffice Writer"),
    ("Chromium", ("chromium", "chromium-browser", "google-chrome", "chrome"), "sets documents with Chromium"),
    ("tesseract", ("tesseract",), "another engine for scanned pages (--ocr-engine tesseract)"),
)
# What is imported is not always called like the package.
IMPORTS = {
    "camelot-py": "camelot",
    **dict.fromkeys(OPENCV, "cv2"),
    "pillow": "PIL",
    "python-docx": "docx",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report; `hint` says what to do when it is not ok."""

    name: str
    state: State
    text: str
    hint: str = ""


def report() -> int:
    """Print all checks to stdout; 0 when nothing is broken, 1 otherwise."""
    checks = list(examine())
    marks = {"ok": "ok     ", "broken": "BROKEN ", "absent": "absent "}
    for check in checks:
        print(f"{marks[check.state]} {check.name}: {check.text}")
        if check.hint and check.state != "ok":
            print(f"        {check.hint}")
    broken = sum(check.state == "broken" for check in checks)
    print(f"{broken} broken" if broken else "all needed parts work")
    return 1 if broken else 0


def examine() -> Iterator[Check]:
    """All checks, needed parts first."""
    yield Check("biaoge", "ok", f"{__version__} in {Path(__file__).resolve().parent.parent}")
    yield Check("python", "ok", f"{platform.python_version()}, {platform.platform()}")
    versions = _versions()
    yield opencv(versions)
    needed = requirements()
    if not needed:
        yield Check(
            "package", "absent", "biaoge is not installed but run from its folder; dependencies are not checked"
        )
    for name in needed:
        # Whichever of the OpenCV packages is there, it is the one to try.
        yield _package(next((other for other in OPENCV if other in versions), name) if name in OPENCV else name)
    yield recogniser("rapidocr")
    for extra in ("pandas", "report", "typeset", "paddleocr", "openvino"):
        for name in requirements(extra):
            yield _package(name, extra)
    yield _isolation()
    yield _writable()
    for label, commands, use in TOOLS:
        found = next((path for path in map(shutil.which, commands) if path), None)
        yield Check(label, "ok" if found else "absent", found or f"not found; {use}")


def _versions() -> dict[str, str]:
    """Version of every installed package by its normal name."""
    found: dict[str, str] = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            found.setdefault(normal(name), distribution.version)
    return found


def normal(name: str) -> str:
    """A package's name as indexes compare it.

    >>> normal("Camelot_Py")
    'camelot-py'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def opencv(versions: dict[str, str]) -> Check:
    """Exactly one of the OpenCV packages may be there: they all own the folder `cv2` and overwrite each other."""
    there = [name for name in OPENCV if name in versions]
    text = ", ".join(f"{name} {versions[name]}" for name in there) or "not installed"
    if len(there) == 1:
        return Check("opencv", "ok", text)
    if not there:
        return Check("opencv", "broken", text, f"run: {sys.executable} -m pip install opencv-python-headless")
    hint = (
        f"they overwrite each other's files; run: {sys.executable} -m pip uninstall -y {' '.join(there)}"
        f" && {sys.executable} -m pip install opencv-python-headless"
    )
    return Check("opencv", "broken", text, hint)


def requirements(extra: str | None = None) -> list[str]:
    """Normal names of the packages that biaoge needs, or that one of its extras adds."""
    names: list[str] = []
    try:
        lines = metadata.requires("biaoge") or []
    except metadata.PackageNotFoundError:
        return names
    for line in lines:
        requirement, _, marker = line.partition(";")
        wanted = re.search(r"""extra\s*==\s*["']([^"']+)["']""", marker)
        if (wanted[1] if wanted else None) == extra:
            name = normal(re.split(r"[\s<>=!~\[(]", requirement.strip(), maxsplit=1)[0])
            if name != "biaoge":
                names.append(name)
    return names


def _package(name: str, extra: str | None = None) -> Check:
    """Whether a package is installed and can be imported."""
    label = f"{name} [{extra}]" if extra else name
    missing: State = "absent" if extra else "broken"
    install = f"'biaoge[{extra}]'" if extra else name
    try:
        version = metadata.version(name)
        importlib.import_module(IMPORTS.get(name, name.replace("-", "_")))
    except metadata.PackageNotFoundError:
        return Check(label, missing, "not installed", f"run: {sys.executable} -m pip install {install}")
    except (ImportError, OSError) as error:
        hint = f"run: {sys.executable} -m pip install --force-reinstall {name}"
        return Check(label, "broken", f"{version} cannot be imported: {' '.join(str(error).split())[:200]}", hint)
    return Check(label, "ok", version)


def recogniser(name: str) -> Check:
    """Whether an engine of recognition opens with its models."""
    from biaoge.ocr.engines.registry import open_engine

    label = f"recognition with {name}"
    try:
        engine = open_engine(name)
    except BiaogeError as error:
        return Check(label, "broken", "scans cannot be read", " ".join(str(error).split()))
    return Check(label, "ok", engine.version)


def ping(_job: dict[str, object]) -> dict[str, object]:
    """Answer from inside a reading process."""
    return {"python": platform.python_version(), "biaoge": str(Path(__file__).resolve().parent.parent)}


def _isolation() -> Check:
    from biaoge.app.isolate import Limits, Worker

    try:
        worker = Worker("biaoge.app.doctor:ping", Limits(20))
        try:
            worker.run({})
        finally:
            worker.close()
    except (BiaogeError, OSError) as error:
        return Check("reading process", "broken", str(error), "files are read in child processes; allow them to start")
    limits = "time and memory limits" if sys.platform == "linux" else "time limit only (memory is watched on Linux)"
    return Check("reading process", "ok", f"starts; {limits}")


def _writable() -> Check:
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
    except OSError as error:
        return Check("temporary files", "broken", str(error), "set TMPDIR to a folder that can be written to")
    return Check("temporary files", "ok", tempfile.gettempdir())
