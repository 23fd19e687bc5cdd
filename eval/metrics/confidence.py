"""Calibration: whether cells read with confidence 0.9 are right nine times out of ten.

Cells are sorted by confidence into equal bins. The reliability diagram shows for each the share that is right over the
mean confidence; the expected calibration error is the mean distance of the two, weighted by cells:
ECE = Σ_b n_b / N · |right_b / n_b − confidence_b|.

M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning" (AAAI 2015);
C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On Calibration of Modern Neural Networks" (ICML 2017).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from biaoge.model import Table

from ..results import CONFIDENCE_BINS, ConfidenceBin
from .cells import differences
from .levels import Level

Bins = tuple[ConfidenceBin, ...]


def bins(predicted: Table | None, true: Table | None, level: Level = "folded", blanks: bool = True) -> Bins:
    """The predicted cells in `CONFIDENCE_BINS` bins, those right that are exact cells (place, spans, text at `level`).

    Bin `i` holds confidences from i / n to (i + 1) / n, the upper end excluded but for 1; of each bin the confidences
    are summed. Cells that could not be read are left out: they claim nothing. Those of a table without label are wrong.
    With `blanks=False` only cells that bear text count.
    """
    wrong = {(d.row, d.col) for d in differences(predicted, true, level, blanks)}
    cells, right, confidence = [0] * CONFIDENCE_BINS, [0] * CONFIDENCE_BINS, [0.0] * CONFIDENCE_BINS
    for cell in predicted.cells if predicted else ():
        if cell.text is not None and (blanks or cell.text.strip()):
            at = min(int(cell.confidence * CONFIDENCE_BINS), CONFIDENCE_BINS - 1)
            cells[at] += 1
            right[at] += (cell.row, cell.col) not in wrong
            confidence[at] += cell.confidence
    return tuple(map(ConfidenceBin, cells, right, confidence))


def total(many: Iterable[Bins]) -> Bins:
    """The bins of many tables added up."""
    added: Sequence[ConfidenceBin] = [ConfidenceBin()] * CONFIDENCE_BINS
    for one in many:
        added = [a + b for a, b in zip(added, one, strict=True)]
    return tuple(added)


def reliability(bins: Bins) -> list[tuple[float, float, int]]:
    """(mean confidence, share right, number of cells) of every bin that is not empty, by ascending confidence."""
    return [(b.confidence / b.cells, b.right / b.cells, b.cells) for b in bins if b.cells]


def expected_calibration_error(bins: Bins) -> float | None:
    """The expected calibration error (0 to 1) by the formula above; `None` without a cell.

    >>> expected_calibration_error((ConfidenceBin(4, 1, 2.0), ConfidenceBin(6, 6, 6.0)))
    0.1
    """
    cells = sum(b.cells for b in bins)
    return sum(abs(b.right - b.confidence) for b in bins) / cells if cells else None
