"""How a document looks: fonts, borders, fills, and what happens to a table where a page ends. Lengths in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from biaoge.model import Table

BorderStyle = Literal["solid", "dotted", "dashed", "double", "none"]

A4 = (595.3, 841.9)
"""Width and height of the paper."""


@dataclass(frozen=True, slots=True)
class Border:
    """A line around or between cells; `colour` as `#rrggbb`."""

    width: float = 0.5
    style: BorderStyle = "solid"
    colour: str = "#000000"


@dataclass(frozen=True, slots=True)
class Margins:
    """White space around the text of a page."""

    top: float = 85
    right: float = 74
    bottom: float = 79
    left: float = 74


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a document.

    `size`, `leading`: prose, `table_size`: writing in cells, `pad`: white space above and below it. `open_sides`: no
    vertical line at the table's left and right. `booktabs`: lines only above, below, and under the header. `fills`:
    no lines at all, cells are coloured and parted by white gaps. `distribute`: letters of column headers spread over
    the cell's width. `repeat_header`: header rows come again on the next page. `split_rows`: a page may end in the
    middle of a cell's text. `turned`: the page is stored upright and shown by `/Rotate 90`.
    """

    font: str = "Noto Serif CJK SC"
    title_font: str = "Noto Sans CJK SC"
    size: float = 14
    leading: float = 26
    table_size: float = 10
    pad: float = 3
    margins: Margins = Margins()
    inner: Border = Border()
    outer: Border = Border()
    header_fill: str | None = None
    open_sides: bool = False
    booktabs: bool = False
    fills: bool = False
    distribute: bool = False
    repeat_header: bool = False
    split_rows: bool = True
    running_head: str | None = None
    landscape: bool = False
    turned: bool = False

    @property
    def paper(self) -> tuple[float, float]:
        """Width and height of the page."""
        return (A4[1], A4[0]) if self.landscape else A4

    @property
    def text_width(self) -> float:
        """Width between the margins."""
        return self.paper[0] - self.margins.left - self.margins.right


def column_shares(table: Table) -> list[float]:
    """Share of the table's width for every column; their sum is 1.

    A column gets what its own texts need when they wrap as official forms do: column headers to lines of two or
    four characters, a merged stub to as many lines as it has rows, other stubs to two lines.

    >>> from biaoge.model import Cell
    >>> column_shares(Table(1, 2, (Cell(0, 0, "行政许可"), Cell(0, 1, "66"))))
    [0.6389, 0.3611]
    """
    need = [2.6] * table.n_cols
    for cell in table.cells:
        if cell.colspan > 1 or not cell.text:
            continue
        length = sum(1.0 if ord(char) > 0x2E7F else 0.55 for char in cell.text)
        if cell.role in ("column_header", "corner"):
            length = 2 if length <= 5 else min(length / 2, 6)
        elif cell.role == "row_header":
            length /= max(2, cell.rowspan)
        need[cell.col] = max(need[cell.col], min(length + 0.6, 16))
    total = sum(need)
    return [round(n / total, 4) for n in need]
