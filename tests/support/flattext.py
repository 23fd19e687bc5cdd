"""Tables flattened into text as programs do it, and what happens to such text on its way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from biaoge.forms.flattened.lines import lines_of
from biaoge.model import Table

Lines = list[str]


def flatten(table: Table) -> Lines:
    """Tabs between columns, the text of a merged cell at its first place, no trace of the spans."""
    places = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        places[cell.row][cell.col] = cell.text or ""
    return ["\t".join(row) for row in places]


def filled(table: Table, random: Random) -> Table:
    """With other numbers in place of those that are there."""
    cells = (
        replace(cell, text=str(random.choice((0, 1, 7, 25, 1204)))) if cell.role == "data" and cell.text else cell
        for cell in table.cells
    )
    return replace(table, cells=tuple(cells))


def _parted(line: str) -> tuple[str, str]:
    stop = lines_of(line)[0].stop
    return line[:stop], line[stop:]


def spaced(lines: Sequence[str], random: Random) -> Lines:
    """Every tab one or more spaces."""
    return [re.sub("\t", lambda _: " " * random.randint(1, 3), line) for line in lines]


def collapsed(lines: Sequence[str], random: Random) -> Lines:
    """Runs of tabs as one."""
    return [re.sub("\t+", "\t", line) for line in lines]


def stripped(lines: Sequence[str], random: Random) -> Lines:
    """Tabs at the ends lost."""
    return [line.strip("\t") for line in lines]


def shifted(lines: Sequence[str], random: Random) -> Lines:
    """Some rows one or two columns further."""
    return ["\t" * random.randint(1, 2) + line if random.random() < 0.2 else line for line in lines]


def broken(lines: Sequence[str], random: Random) -> Lines:
    """Page breaks: blank lines, page numbers, running heads."""
    marks = ([""], ["", "- 3 -", ""], ["", "4", ""], ["", "第 5 页 共 9 页", "", "某某区政府年度工作报告", ""])
    return [part for line in lines for part in ([*random.choice(marks), line] if random.random() < 0.1 else [line])]


def cut(lines: Sequence[str], random: Random) -> Lines:
    """Some rows cut between two values."""
    out: Lines = []
    for line in lines:
        label, values = _parted(line) if line.strip() else (line, "")
        at = [found.start() for found in re.finditer("\t(?=[^\t])", values)]
        if at and random.random() < 0.15:
            stop = random.choice(at)
            out += [label + values[:stop], values[stop + 1 :]]
        else:
            out.append(line)
    return out


def wrapped(lines: Sequence[str], random: Random) -> Lines:
    """Some labels go on in the next line, before or after the values."""
    out: Lines = []
    for line in lines:
        label, values = _parted(line) if line.strip() else (line, "")
        at = [found.end() for found in re.finditer("[一-鿿](?=[一-鿿])", label)]
        if at and random.random() < 0.2:
            stop = random.choice(at)
            before = values and random.random() < 0.4
            out += [f"{label[:stop]}\t{values}", label[stop:].rstrip("\t")] if before else [label[:stop], line[stop:]]
        else:
            out.append(line)
    return out


def blanked(lines: Sequence[str], random: Random) -> Lines:
    """Some rows with a value left out."""
    out: Lines = []
    for line in lines:
        label, values = _parted(line) if line.strip() else (line, "")
        fields = values.split("\t")
        there = [n for n, field in enumerate(fields) if field]
        if len(there) > 2 and random.random() < 0.1:
            fields[random.choice(there)] = ""
        out.append(label + "\t".join(fields))
    return out


CHANGES: tuple[Callable[[Sequence[str], Random], Lines], ...] = (
    *(blanked, shifted, wrapped, cut, broken, stripped),
    *(collapsed, spaced),
)
"""In an order in which one does not undo another."""
