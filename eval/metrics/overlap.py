"""Intersection over union of boxes, of many with many at once; a box is x0, top, x1, bottom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from biaoge.model import Cell, Region

Floats = npt.NDArray[np.float64]


def iou(true: Floats, predicted: Floats) -> Floats:
    """Intersection over union; 0 where nothing is in common. Boxes stand on the last axis, the others broadcast.

    >>> iou(np.array([0.0, 0, 2, 1]), np.array([[0.0, 0, 1, 1], [5.0, 0, 6, 1]])).tolist()
    [0.5, 0.0]
    """
    common = _common(true, predicted)
    return _share(common, _area(true) + _area(predicted) - common)


def iou_of_frame(true: Floats, predicted: Floats) -> Floats:
    """As `iou`, but over the area of the smallest box around both."""
    low = np.minimum(true[..., :2], predicted[..., :2])
    high = np.maximum(true[..., 2:], predicted[..., 2:])
    return _share(_common(true, predicted), _area(np.concatenate([low, high], axis=-1)))


def iou_of_cells(true: Sequence[Cell], predicted: Sequence[Cell]) -> Floats:
    """IoU of every true cell with every predicted one, all regions of a cell together; (true, predicted).

    Regions on different pages have nothing in common; those of one cell are taken not to overlap. 0 for a cell
    without a region.
    """
    (t_pages, t_boxes, t_starts), (p_pages, p_boxes, p_starts) = _regions(true), _regions(predicted)
    common = _common(t_boxes[:, None], p_boxes) * (t_pages[:, None] == p_pages)
    common = np.add.reduceat(np.add.reduceat(common, t_starts, axis=0), p_starts, axis=1)
    whole = np.add.reduceat(_area(t_boxes), t_starts)[:, None] + np.add.reduceat(_area(p_boxes), p_starts) - common
    return np.minimum(_share(common, whole), 1.0)


def pairs_iou_of_cells(true: Sequence[Cell], predicted: Sequence[Cell]) -> Floats:
    """IoU of the first with the first, the second with the second…, as in `iou_of_cells`."""
    out = np.zeros(len(true))
    for i, (t, p) in enumerate(zip(true, predicted, strict=True)):
        common = sum(a.box.overlap(b.box) for a in t.regions for b in p.regions if a.page == b.page)
        if common > 0:
            out[i] = min(1.0, common / (sum(r.box.area for r in (*t.regions, *p.regions)) - common))
    return out


def _regions(cells: Sequence[Cell]) -> tuple[npt.NDArray[np.int64], Floats, npt.NDArray[np.int64]]:
    """Pages and boxes of all regions, and where each cell's begin; one on page 0 stands in for none."""
    pages: list[int] = []
    boxes: list[tuple[float, float, float, float]] = []
    starts: list[int] = []
    for cell in cells:
        starts.append(len(pages))
        pages += [r.page for r in cell.regions] or [0]
        boxes += [_of(r) for r in cell.regions] or [(0, 0, 0, 0)]
    return np.array(pages), np.array(boxes, dtype=np.float64).reshape(-1, 4), np.array(starts)


def _of(region: Region) -> tuple[float, float, float, float]:
    box = region.box
    return box.x0, box.top, box.x1, box.bottom


def _common(true: Floats, predicted: Floats) -> Floats:
    """Areas in common."""
    wide = np.minimum(true[..., 2], predicted[..., 2]) - np.maximum(true[..., 0], predicted[..., 0])
    high = np.minimum(true[..., 3], predicted[..., 3]) - np.maximum(true[..., 1], predicted[..., 1])
    out: Floats = np.maximum(wide, 0) * np.maximum(high, 0)
    return out


def _area(boxes: Floats) -> Floats:
    out: Floats = (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])
    return out


def _share(common: Floats, whole: Floats) -> Floats:
    """0 where nothing is in common."""
    return np.divide(common, whole, out=np.zeros(common.shape), where=common > 0)
