"""Tables without rulings, prose and lists, drawn as words on a page."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from biaoge.model import Box, Page, Ruling, Table, Word
from biaoge.text import is_cjk

SIZE = 10.0
PITCH = 14.0


def width(text: str) -> float:
    return sum(SIZE if is_cjk(c) else 0.5 * SIZE for c in text)


def put(x: float, y: float, text: str, *, bold: bool = False) -> list[Word]:
    """Words of a line that begins at x, its top at y, with spaces of a quarter em."""
    out = []
    for part in text.split():
        out.append(Word(part, Box(x, y, x + width(part), y + SIZE), size=SIZE, bold=bold))
        x += width(part) + 0.25 * SIZE
    return out


def span(text: str) -> float:
    return width(text.replace(" ", "")) + 0.25 * SIZE * text.count(" ")


def page(words: Sequence[Word], rulings: Sequence[Ruling] = ()) -> Page:
    return Page(1, 595, 842, words=tuple(words), rulings=tuple(rulings))


def draw(rows: Sequence[Sequence[str]], x: float = 60, y: float = 100, gap: float = 24) -> list[Word]:
    """A table without rulings: first column flush left, the others flush right."""
    widths = [max(span(row[c]) for row in rows) for c in range(len(rows[0]))]
    words: list[Word] = []
    for r, row in enumerate(rows):
        left = x
        for c, text in enumerate(row):
            if text:
                words += put(left if c == 0 else left + widths[c] - span(text), y + r * PITCH, text)
            left += widths[c] + gap
    return words


def texts(table: Table) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in table.texts()]


PROSE = (
    "The committee met in the spring and again in the autumn to hear what the members had to report about the "
    "state of the roads and of the bridges, and it was agreed that nothing could be done before the end of the year "
    "since the means for it had been spent on the harbour, where a storm had carried off the greater part of the "
    "northern mole and all that stood on it, as the harbour master set out at some length in a letter of his own. "
) * 3


def justified(text: str, x: float, y: float, measure: float) -> list[Word]:
    """Running text set flush at both sides."""
    words: list[Word] = []
    line: list[str] = []

    def flush(last: bool) -> None:
        nonlocal y
        gaps = len(line) - 1
        room = measure - sum(map(width, line))
        space = 0.25 * SIZE if last or not gaps else room / gaps
        at = x
        for part in line:
            words.extend(put(at, y, part))
            at += width(part) + space
        y += PITCH

    for part in text.split():
        if line and sum(map(width, [*line, part])) + 0.25 * SIZE * len(line) > measure:
            flush(False)
            line = []
        line.append(part)
    flush(True)
    return words


label = st.text("abcdefghiklmnoprstuvwy", min_size=3, max_size=12).map(str.capitalize)
amount = st.integers(0, 9_999_999).map(lambda n: f"{n:,}")


@st.composite
def tables(draw_: st.DrawFn) -> list[list[str]]:
    n_rows, n_cols = draw_(st.integers(4, 12)), draw_(st.integers(3, 6))
    head = draw_(st.lists(label, min_size=n_cols, max_size=n_cols))
    body = [[draw_(label), *(draw_(amount) for _ in range(n_cols - 1))] for _ in range(n_rows)]
    return [head, *body]
