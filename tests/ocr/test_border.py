from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biaoge.ocr.border import inner, paper, without

WIDTH, HEIGHT = 820, 1160
DESK = (126, 98, 72)
CORNERS = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float64)


def page() -> NDArray[np.uint8]:
    image = np.full((HEIGHT, WIDTH, 3), 240, np.uint8)
    for y in range(120, 1050, 40):
        cv2.line(image, (90, y), (730, y), (30, 30, 30), 2)
        cv2.putText(image, "12 345", (110, y + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (20, 20, 20), 2)
    return image


def on_desk(corners: NDArray[np.float64], desk: tuple[int, int, int] = DESK) -> NDArray[np.uint8]:
    """The page with its corners there, on a desk, lit from one side."""
    matrix = cv2.getPerspectiveTransform(CORNERS.astype(np.float32), corners.astype(np.float32))
    seen = cv2.warpPerspective(page(), matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderValue=desk)
    shade = np.linspace(1, 0.7, WIDTH)[None, :, None]
    return np.asarray(seen * shade, np.uint8)


def off(sides: tuple[NDArray[np.float64] | None, ...], corners: NDArray[np.float64]) -> list[float]:
    """How far (pixels) the true ends of every side stand off the side found; 99 for one that was not."""
    out = []
    for n, (a, b) in enumerate(((3, 0), (0, 1), (1, 2), (2, 3))):
        ends = sides[n]
        if ends is None:
            out.append(99.0)
            continue
        first, last = ends * [WIDTH, HEIGHT]
        normal = np.array([first[1] - last[1], last[0] - first[0]]) / np.hypot(*(last - first))
        out.append(float(np.abs((corners[[a, b]] - first) @ normal).max()))
    return out


inwards = st.lists(st.floats(10, 60), min_size=8, max_size=8)


@settings(max_examples=5, deadline=None)
@given(inwards)
def test_all_four_edges_are_found_to_half_a_millimetre(inward: list[float]) -> None:
    towards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    corners = CORNERS + towards * np.array(inward).reshape(4, 2)
    found = paper(on_desk(corners))
    assert found is not None
    assert max(off(found.sides, corners)) < 2.0


def test_a_wedge_that_runs_out_at_the_edge_of_the_picture_is_found() -> None:
    """A dark wedge of 3 mm at one end and nothing at the other: most of that side is off the picture."""
    corners = CORNERS + np.array([[-14, -3], [3, -3], [-11, 3], [-3, 3]])
    image = on_desk(corners)
    found = paper(image)
    assert found is not None
    left, top, right, bottom = found.sides
    assert right is not None
    assert [left, top, bottom] == [None, None, None]
    clear = without(image, found)
    assert int(clear[-200:, -12:].min()) > 130
    assert np.array_equal(clear[:, :-30], image[:, :-30])


def test_ink_of_the_page_stays() -> None:
    image = on_desk(CORNERS * 0.94 + [20, 30])
    found = paper(image)
    assert found is not None
    inside = inner(found.outline, (HEIGHT, WIDTH))
    written = cv2.fillConvexPoly(
        np.zeros((HEIGHT, WIDTH), np.uint8), np.rint((CORNERS * 0.8 + [82, 116]) * 0.94 + [20, 30]).astype(np.int32), 1
    )
    assert inside[written > 0].all()


@pytest.mark.parametrize("bars", [(0, 0), (70, 0), (0, 70)])
def test_a_bar_with_writing_is_no_desk(bars: tuple[int, int]) -> None:
    image = page()
    for top, high in ((0, bars[0]), (HEIGHT - bars[1], bars[1])):
        image[top : top + high] = (40, 60, 120)
        if high:
            for x in range(10, 760, 140):
                cv2.putText(image, "Report", (x, top + 45), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (255, 255, 255), 3)
    assert paper(image) is None


def test_a_picture_at_the_side_of_the_page_is_no_desk() -> None:
    image = page()
    image[300:600, :70] = 40
    assert paper(image) is None


@pytest.mark.parametrize("shape", [(1, 1), (30, 4000), (500, 400), (500, 400, 3)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_plain_pictures_show_no_edge(shape: tuple[int, ...], level: int) -> None:
    assert paper(np.full(shape, level, np.uint8)) is None
