"""What the documents of the command say is so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import jsonschema

from biaoge import errors
from biaoge.app.bulk import Outcome
from biaoge.app.export import FORMATS
from biaoge.app.recognition import TOLD
from biaoge.app.stopping import INTERRUPTED
from biaoge.errors import BiaogeError


def every_error(kind: type[BiaogeError] = BiaogeError) -> Iterator[type[BiaogeError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from every_error(below)


def test_exit_codes(root: Path) -> None:
    told: dict[str, int] = {}
    text = (root / "docs" / "errors.md").read_text(encoding="utf-8")
    for code, _, names in re.findall(r"^\| (\d+) \| (.*?) \| (.*?) \|$", text, re.MULTILINE):
        told |= {name: int(code) for name in re.findall(r"`(\w+)`", names)}
    assert told == {kind.__name__: kind.exit_code for kind in every_error()}
    assert f"| {INTERRUPTED} |" in text


def test_the_example_is_valid(root: Path) -> None:
    text = (root / "docs" / "output.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    schema = json.loads(files("biaoge.app").joinpath("schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(example), schema)


def test_every_member_and_format_is_told_of(root: Path) -> None:
    output = (root / "docs" / "output.md").read_text(encoding="utf-8")
    schema = json.loads(files("biaoge.app").joinpath("schema.json").read_text(encoding="utf-8"))
    members = set(schema["required"]) | {
        name for part in schema["$defs"].values() for name in part.get("properties", {})
    }
    assert {name for name in members if f'"{name}"' not in output and f"`{name}`" not in output} == set()
    assert [form for form in FORMATS if f"(`--to {form}`" not in output] == []
    cli = (root / "docs" / "cli.md").read_text(encoding="utf-8")
    assert [name for name in Outcome.__dataclass_fields__ if f"`{name}`" not in cli] == []


def test_every_kind_of_finding_is_told(root: Path) -> None:
    text = (root / "docs" / "output.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^  \| `([a-z-]+)` \| (info|warning|error) \|", text, re.MULTILINE))
    sources = [path for folder in ("tables", "app", "ingest", "layout", "ocr") for path in (root / folder).glob("*.py")]
    made = {
        pair
        for path in sources
        for pair in re.findall(r'Finding\(\s*"([a-z-]+)",\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    # What clean() tells by a helper, and the kinds of doubtful cells, which stand in a table.
    whole = "".join(path.read_text(encoding="utf-8") for path in sources)
    made |= {(kind, "info") for kind in re.findall(r'_info\(\s*"([a-z-]+)"', whole)}
    made |= {(kind, "warning") for kind, _ in TOLD}
    of_forms = {(kind, severity) for kind, severity in told if kind.startswith(("form-", "sum-"))}
    assert made == told - of_forms
    assert {kind for kind, _ in of_forms} == set(kinds_of_forms(root))


def kinds_of_forms(root: Path) -> Iterator[str]:
    """The kinds of findings about forms and sums: words in quotes, some with the axis they are about left open."""
    for path in (root / "forms").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        yield from re.findall(r'"((?:form|sum)-[a-z-]+[a-z])"', text)
        for begun in re.findall(r'f"(form-[a-z]+-)\{', text):
            yield from (f"{begun}{axis}" for axis in ("row", "column"))


def test_every_kind_of_finding_about_flattened_text_is_told(root: Path) -> None:
    text = (root / "docs" / "flattened.md").read_text(encoding="utf-8")
    told = {
        kind for names in re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE) for kind in re.findall("`([a-z-]+)`", names)
    }
    sources = "".join(p.read_text(encoding="utf-8") for p in (root / "forms" / "flattened").glob("*.py"))
    made = set(re.findall(r'"((?:\w+)-(?:\w+))",\s*"(?:info|warning)"', sources))
    assert made
    assert made <= told


def test_every_command_and_option_of_eval_is_told(root: Path) -> None:
    import typer.main

    from biaoge.app.cli import app

    cli = (root / "docs" / "cli.md").read_text(encoding="utf-8")
    command = typer.main.get_command(app)
    group = command.commands["eval"]  # type: ignore[attr-defined]
    assert len(group.commands) >= 9
    for name, inner in group.commands.items():
        sections = re.split(r"^### biaoge eval ", cli, flags=re.MULTILINE)[1:]
        (section,) = [s for s in sections if name in s.splitlines()[0].split(", ")]
        options = {o for p in inner.params for o in (*p.opts, *p.secondary_opts) if o.startswith("--")} - {"--help"}
        assert {o for o in options if o not in section} == set(), name
