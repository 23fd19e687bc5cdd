"""The summary as tables of a terminal, or as plain text of a fixed width."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .claims import method
from .figures import interval_text, rate, seconds, signed, size
from .pairs import Pair
from .strengths import CAPTION, by_strength
from .summary import Board, Rates, Row, Share, Summary

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH = 100
# Columns of the table by degradation that fit beside the engine's name.
_STRENGTHS = 5
Column = tuple[str, Callable[[Row], str]]


def _mean(name: str) -> Callable[[Row], str]:
    return lambda row: _share(row.means.get(name))


def _share(share: Share | None) -> str:
    return rate(share.rate.value if share and share.rate else None)


def _f1(rates: Rates | None) -> str:
    return rate(rates.f1.value if rates else None)


MAIN: Sequence[Column] = (
    ("exact", lambda r: f"{r.exact.count}/{r.exact.total}"),
    ("cells F1", lambda r: rate(r.f1.value)),
    ("95 %", lambda r: interval_text(r.f1)),
    ("P", lambda r: rate(r.cells["folded"].precision)),
    ("R", lambda r: rate(r.cells["folded"].recall)),
    ("facts", lambda r: _f1(r.facts)),
    ("TEDS", _mean("teds")),
    ("through", lambda r: f"{r.straight.count}/{r.straight.total}"),
    ("silent", lambda r: str(r.silent.count)),
    ("s/doc", lambda r: seconds(r.cost.median)),
)
COMPARABLE: Sequence[Column] = (
    ("structure", lambda r: _f1(r.cells["structure"])),
    ("TEDS-S", _mean("teds_struct")),
    ("G-top", _mean("grits_top")),
    ("G-con", _mean("grits_con")),
    ("G-loc", _mean("grits_loc")),
    ("adj.", lambda r: _f1(r.adjacency)),
    ("raw", lambda r: _f1(r.cells.get("raw"))),
    ("space", lambda r: _f1(r.cells.get("space"))),
    ("numbers", lambda r: _f1(r.cells.get("numbers"))),
)
DIAGNOSTIC: Sequence[Column] = (
    ("CER", lambda r: _share(r.misread)),
    ("numerals", lambda r: _f1(r.numbers)),
    ("headers", lambda r: _f1(r.headers)),
    ("spans", lambda r: _f1(r.spans)),
    ("det. P", lambda r: rate(r.detection.precision)),
    ("det. R", lambda r: rate(r.detection.recall)),
    ("ECE", lambda r: rate(r.calibration.ece.value if r.calibration.ece else None)),
    ("not read", lambda r: f"{len(r.failures)}/{r.documents}"),
    ("memory", lambda r: size(r.cost.peak)),
)


def show(summary: Summary, console: Console) -> None:
    """Print the summary: for every set its tables, the pairs of engines, and what can be claimed."""
    for board in summary.boards:
        documents = f"{board.documents} documents"
        if board.clusters < board.documents:
            documents += f" of {board.clusters} originals"
        head = _visible(f"{board.name}: {documents}, {board.tables} labelled tables")
        console.print(head, style="bold", markup=False)
        console.print(board.about, markup=False)
        console.print(_table(board, MAIN))
        console.print(_table(board, COMPARABLE))
        console.print(_table(board, DIAGNOSTIC))
        if board.pairs:
            console.print(_pairs(board.pairs))
        for row in board.rows:
            for document, reason in row.failures:
                console.print(_visible(f"not read by {row.engine}: {document}: {reason}"), markup=False, style="yellow")
        for claim in summary.claims[board.name]:
            console.print(_visible(f"- {claim}"), markup=False)
        console.print()
    for found in by_strength(summary):
        console.print(_visible(f"{found.name} by degradation"), style="bold", markup=False)
        console.print(CAPTION, markup=False)
        for lines in found.lines(_STRENGTHS):
            table = _made(lines[0][0], [_plain(name) for name in lines[0][1:]])
            for cells in lines[1:]:
                table.add_row(*map(_plain, cells))
            console.print(table)
        console.print()
    console.print(method(summary.settings.resampling), markup=False)
    console.print(LEGEND, markup=False)


def text(summary: Summary, width: int = WIDTH) -> str:
    """The same as plain text without colours, lines of at most `width` characters."""
    from rich.console import Console

    out = io.StringIO()
    show(summary, Console(file=out, width=width, force_terminal=False, color_system=None, highlight=False))
    return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


LEGEND = (
    "exact: tables with every cell right; cells, facts (row path, column path, value), through (documents without one "
    "error): level folded; silent: wrong cells that nothing warns of; TEDS: dialect canonical, mean over labelled "
    "tables, 0 where missing; G: GriTS; adj.: ICDAR-2013 adjacency; raw, space, numbers: F1 of cells at these levels; "
    "numerals: cells that hold a number; det.: detection; p: after Holm's correction; –: not measured."
)


def _table(board: Board, columns: Sequence[Column]) -> Table:
    table = _made("engine", [name for name, _ in columns])
    for row in board.rows:
        table.add_row(_plain(row.engine), *(of(row) for _, of in columns))
    return table


def _pairs(pairs: Sequence[Pair]) -> Table:
    table = _made("pair", ["F1", "95 %", "p", "only 1st", "only 2nd", "p", "told apart"])
    for pair in pairs:
        d = pair.difference
        apart = [name for name, told in (("cells", pair.by_cells), ("tables", pair.by_tables)) if told]
        table.add_row(
            _plain(f"{pair.first} − {pair.second}"),
            signed(d.value),
            interval_text(d),
            rate(pair.p_cells_holm),
            str(pair.only_first),
            str(pair.only_second),
            rate(pair.p_tables_holm),
            " ".join(apart) or ("no" if d.p is not None else "untested"),
        )
    return table


def _made(first: str, others: Sequence[str]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(first, overflow="fold", min_width=16)
    for name in others:
        table.add_column(name, justify="right", no_wrap=name != "told apart")
    return table


def _plain(text: str) -> str:
    """`text` without meaning to rich."""
    from rich.markup import escape

    return escape(_visible(text))


def _visible(text: str) -> str:
    """`text` without what would steer the terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
