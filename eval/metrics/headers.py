"""Header-only score: the exact cells of a table's headers and stub, so that it can be told what they cost."""

from __future__ import annotations

from biaoge.model import Table

from .counts import Counts
from .levels import Level, at_level


def headers(predicted: Table | None, true: Table | None, level: Level = "folded", blanks: bool = True) -> Counts | None:
    """Header cells by place, spans and text; `None` where the label tells no header from data, or there is none.

    True are the label's cells of any role but data. Predicted are the cells that begin at a place which one of those
    covers, whatever role the engine gives them: its notion of headers is no part of this score. A header cut into
    pieces so counts every piece. With `blanks=False` only cells that bear text count.
    """
    if true is None or all(cell.role == "data" for cell in true.cells):
        return None
    wanted = [cell for cell in true.cells if cell.role != "data"]
    region = {(r, c) for cell in wanted for r in cell.rows for c in cell.cols}
    found = [cell for cell in (predicted.cells if predicted else ()) if (cell.row, cell.col) in region]
    keys = [
        {
            (c.row, c.col, c.rowspan, c.colspan, None if c.text is None else at_level(c.text, level))
            for c in cells
            if blanks or c.text is None or c.text.strip()
        }
        for cells in (found, wanted)
    ]
    return Counts(sum(key[-1] is not None for key in keys[0] & keys[1]), len(keys[0]), len(keys[1]))
