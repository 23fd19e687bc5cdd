"""Which edges of fills are seen, without a file and through both readers."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from biaoge.ingest.shading import Area, edges_of
from biaoge.model import Page

GREY, BLUE = (200.0, 200.0, 200.0), (10.0, 20.0, 230.0)
places = st.integers(0, 12).map(lambda n: n * 5.0)
sizes = st.integers(1, 6).map(lambda n: n * 5.0)
areas = st.lists(
    st.builds(
        lambda x, y, w, h, c: Area(x, y, x + w, y + h, c, True),
        places,
        places,
        sizes,
        sizes,
        st.sampled_from([GREY, BLUE, None]),
    ),
    max_size=8,
)


@given(areas)
def test_held_against_a_slow_reading(some: list[Area]) -> None:
    """In steps of 5 points: a step of an edge is seen unless what was painted last behind it has its colour."""
    seen = set()
    for axis, at, start, end in edges_of(some):
        seen |= {(axis, at, start + 5 * n) for n in range(round((end - start) / 5))}
    wanted = set()
    for area in some:
        for axis, at, out in (("h", area.top, -1), ("h", area.bottom, 1), ("v", area.x0, -1), ("v", area.x1, 1)):
            start, end = (area.x0, area.x1) if axis == "h" else (area.top, area.bottom)
            for n in range(round((end - start) / 5)):
                p, q = start + 5 * n + 2.5, at + out
                x, y = (p, q) if axis == "h" else (q, p)
                over = [o for o in some if o.x0 <= x <= o.x1 and o.top <= y <= o.bottom]
                if not (over and area.colour is not None and over[-1].colour == area.colour):
                    wanted.add((axis, at, start + 5 * n))
    assert seen == wanted


def level(page: Page) -> list[tuple[float, float, float]]:
    return [(r.at, r.start, r.end) for r in page.rulings if r.axis == "h"]


def test_shading_drawn_line_by_line_is_one(read_page: Callable[..., Page]) -> None:
    page = read_page("0.8 g 20 200 100 20 re f 20 180.5 100 20 re f")
    assert level(page) == [(80, 20, 120), (119.5, 20, 120)]


def test_another_colour_keeps_the_edge(read_page: Callable[..., Page]) -> None:
    page = read_page("0.8 g 20 200 100 20 re f 0.2 0.4 0.9 rg 20 180 100 20 re f")
    assert level(page) == [(80, 20, 120), (100, 20, 120), (120, 20, 120)]


def test_white_between_keeps_the_edge(read_page: Callable[..., Page]) -> None:
    fills = "0.8 g 20 200 100 20 re f 20 180 100 20 re f "
    line = level(read_page(fills + "1 G 1 w 20 200 m 120 200 l S"))
    bar = level(read_page(fills + "1 g 20 199.5 100 1 re f"))
    assert line == bar == [(80, 20, 120), (100, 20, 120), (120, 20, 120)]
    under = read_page("1 G 1 w 20 200 m 120 200 l S " + fills)
    assert level(under) == [(80, 20, 120), (120, 20, 120)]


def test_an_edge_is_hidden_only_where_the_fills_touch(read_page: Callable[..., Page]) -> None:
    page = read_page("0.8 g 20 200 100 20 re f 60 180 100 20 re f")
    assert level(page) == [(80, 20, 120), (100, 20, 60), (100, 120, 160), (120, 60, 160)]


def test_white_alone_has_no_edge(read_page: Callable[..., Page]) -> None:
    assert read_page("1 g 20 200 100 20 re f").rulings == ()
    page = read_page("0.9 g 0 0 200 300 re f 0.2 0.4 0.9 rg 20 200 100 20 re f 1 g 30 205 20 10 re f")
    assert level(page) == [(80, 20, 120), (100, 20, 120)]
