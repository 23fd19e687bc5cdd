"""The leaderboards as Markdown, to be put into a document: one table a set, then what its sample allows to claim."""

from __future__ import annotations

from collections.abc import Sequence

from .claims import method
from .strengths import CAPTION, Versions, by_strength
from .summary import Board, Row, Summary
from .terminal import COMPARABLE, LEGEND, MAIN, Column

_ALSO = ("structure", "G-top", "G-con", "adj.")
COLUMNS: Sequence[Column] = (*MAIN[:-1], *(c for c in COMPARABLE if c[0] in _ALSO), MAIN[-1])


def markdown(summary: Summary) -> str:
    """A section of level 3 for every set, and one more for a set measured at several strengths.

    The meaning of the columns stands once, at the end.
    """
    blocks = [_board(board, summary.claims.get(board.name, ())) for board in summary.boards]
    blocks += map(_versions, by_strength(summary))
    return "\n".join([*blocks, method(summary.settings.resampling), LEGEND, ""])


def _board(board: Board, claims: Sequence[str]) -> str:
    originals = f" of {board.clusters} originals" if board.clusters < board.documents else ""
    lines = [
        f"### {_plain(board.name)}",
        f"Documents: {board.documents}{originals}; labelled tables: {board.tables}; {_plain(board.about)}.",
        "",
        "| engine | " + " | ".join(name for name, _ in COLUMNS) + " |",
        "|---|" + "---:|" * len(COLUMNS),
        *(_row(row) for row in board.rows),
        "",
        *(f"- {_plain(claim)}" for claim in claims),
        "",
    ]
    return "\n".join(lines)


def _versions(found: Versions) -> str:
    (table,) = found.lines()
    head, *body = ["| " + " | ".join(map(_plain, line)) + " |" for line in table]
    rule = "|---|" + "---:|" * len(found.strengths)
    return "\n".join([f"### {_plain(found.name)} by degradation", f"{CAPTION}.", "", head, rule, *body, ""])


def _row(row: Row) -> str:
    unread = f" ({len(row.failures)} not read)" if row.failures else ""
    return f"| {_plain(row.engine)}{unread} | " + " | ".join(_plain(of(row)) for _, of in COLUMNS) + " |"


def _plain(text: str) -> str:
    """`text` without meaning to Markdown, on one line."""
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in "|*`<[\\" else c for c in flat)
