"""Character error rate: the single-character edits that turn the texts that were read into the true ones.

Levenshtein distance (insertion, deletion, substitution, each 1) between the texts of the cells that begin at the same
place, over the number of true characters. White space is not counted (level `space`): where a line was wrapped, and
how wide a gap is, is no matter of reading. A place with a text on one side only costs all its characters, so texts
that moved to another cell are lost there and too much here, and the rate can exceed 1.

V. I. Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals" (1966).
"""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from biaoge.model import Table

from ..results import Edits
from .levels import at_level


def characters(predicted: Table | None, true: Table | None) -> Edits:
    """The edits between the cells of `predicted` and of `true` by place of origin, and the true characters.

    A table that was not found loses all its characters; those of a table without label are all too much. What could
    not be read counts as nothing read; a place that the label could not read does not count.
    """
    found = {} if predicted is None else {(c.row, c.col): at_level(c.text or "", "space") for c in predicted.cells}
    edits = total = 0
    for cell in true.cells if true is not None else ():
        read = found.pop((cell.row, cell.col), "")
        if cell.text is not None:
            wanted = at_level(cell.text, "space")
            edits += Levenshtein.distance(read, wanted)
            total += len(wanted)
    return Edits(edits + sum(map(len, found.values())), total)
