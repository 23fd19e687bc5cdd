"""The forms that come with biaoge, and those of the user by their path."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from biaoge.errors import FormError

from .load import load
from .template import Form

FOLDER = Path(__file__).resolve().parent / "data"


@cache
def shipped() -> tuple[Form, ...]:
    """The forms that come with biaoge, by name."""
    return tuple(sorted((load(path) for path in sorted(FOLDER.glob("*.toml"))), key=lambda form: form.name))


def find(name: str) -> Form:
    """The shipped form of that name, or the one in the TOML file at that path; FormError where there is neither."""
    for form in shipped():
        if form.name == name:
            return form
    if name.endswith(".toml") or Path(name).is_file():
        return load(Path(name))
    known = ", ".join(form.name for form in shipped())
    raise FormError(f"no form {name!r}: a path to a TOML file, or one of {known}")
