"""The labelled reports shipped with the package: their prose, their headings, and their tables in order.

`truth/<name>.txt` holds blocks parted by blank lines: `# ` the title (several lines where it was printed so), `## `
a heading of level 1, `### ` of level 2 and so on, `[[table <name>.<ordinal>]]` a table's place, all else a paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from biaoge.errors import LabelError

from .gridtext import Label, loads

_TABLE = re.compile(r"\[\[table ([^\s\]]+)\]\]")
_HEADING = re.compile(r"(#+) (.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` counts from 1, the title of the report not among them."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text between headings and tables."""

    text: str


Item = Heading | Paragraph | Label


@dataclass(frozen=True, slots=True)
class Report:
    """A labelled document. `title` holds a line break where it was printed in two lines; `items` in reading order."""

    name: str
    title: str
    items: tuple[Item, ...]

    @property
    def labels(self) -> tuple[Label, ...]:
        """The tables in order, as labels."""
        return tuple(item for item in self.items if isinstance(item, Label))


def names() -> tuple[str, ...]:
    """The names of the labelled reports, sorted."""
    return tuple(sorted(f.name.removesuffix(".txt") for f in _truth().iterdir() if f.name.endswith(".txt")))


def load(name: str) -> Report:
    """The report of that name; LabelError when there is none or a file breaks the format."""
    text = _read(f"{name}.txt")
    title: str | None = None
    items: list[Item] = []
    for line, block in _blocks(text):
        heading, table = _HEADING.fullmatch(block), _TABLE.fullmatch(block)
        if heading and len(heading[1]) == 1:
            if title is not None or items:
                raise LabelError(f"{name}.txt:{line}: the title stands first, and once")
            title = heading[2]
        elif heading:
            items.append(Heading(heading[2], len(heading[1]) - 1))
        elif table:
            items.append(_label(table[1], name, line))
        elif block.startswith(("#", "[[")):
            raise LabelError(f"{name}.txt:{line}: neither a heading ('## text') nor a table's place ('[[table name]]')")
        else:
            items.append(Paragraph(block))
    if title is None:
        raise LabelError(f"{name}.txt:1: must begin with '# ' and the title")
    return Report(name, title, tuple(items))


def _label(file: str, report: str, line: int) -> Label:
    label = loads(_read(f"{file}.grid"), f"{file}.grid")
    if label.name != file or label.source != report:
        raise LabelError(f"{report}.txt:{line}: {file}.grid is the label of {label.name}")
    return label


def _blocks(text: str) -> list[tuple[int, str]]:
    """Runs of lines that are not blank, with the number of their first line."""
    blocks: list[tuple[int, list[str]]] = []
    blank = True
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            if blank:
                blocks.append((number, []))
            blocks[-1][1].append(line.strip())
        blank = not line.strip()
    return [(number, "\n".join(lines)) for number, lines in blocks]


def _truth() -> Traversable:
    return files("biaoge.eval") / "truth"


def _read(file: str) -> str:
    try:
        return (_truth() / file).read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as e:
        raise LabelError(f"{file}: no such label, or not UTF-8; the reports are {', '.join(names())}") from e
