"""What is set: prose and tables in order."""

from __future__ import annotations

from dataclasses import dataclass

from biaoge.eval.reports import Heading, Paragraph, Report
from biaoge.model import Table


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two tables on the same height of the page."""

    left: Table
    right: Table


@dataclass(frozen=True, slots=True)
class Nested:
    """A table set inside the cell of another one, after that cell's own text; `place` is the cell's (row, col)."""

    outer: Table
    inner: Table
    place: tuple[int, int]


Item = Heading | Paragraph | Table | SideBySide | Nested


@dataclass(frozen=True, slots=True)
class Story:
    """A document to be set. `title` may hold line breaks; `language`: a BCP 47 tag."""

    title: str
    items: tuple[Item, ...]
    language: str = "zh-CN"

    def tables(self) -> tuple[Table, ...]:
        """Its tables in order; of tables side by side the left one first, of nested ones the outer one first."""
        found: list[Table] = []
        for item in self.items:
            if isinstance(item, Table):
                found.append(item)
            elif isinstance(item, SideBySide):
                found += [item.left, item.right]
            elif isinstance(item, Nested):
                found += [item.outer, item.inner]
        return tuple(found)


def story_of(report: Report) -> Story:
    """The labelled report as it is to be set."""
    items = (item if isinstance(item, Heading | Paragraph) else item.table for item in report.items)
    return Story(report.title, tuple(items))
