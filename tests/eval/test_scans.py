"""Image-only copies: the pages of the original, no text, the same bytes again, and labels that move with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from biaoge.errors import DamagedPdf, NotAPdf, TooLarge, UsageError
from biaoge.eval import scans
from biaoge.eval.degrade import PRESETS, Strength
from biaoge.eval.scans import Drawn, Made, drawn, make_set, moved, rasterise, scan
from biaoge.model import Box

LOW = Strength("low", dpi=60, skew=2, perspective=0.02, noise=4, jpeg=60)
# Points, on a page of 300 × 200.
MARK = Box(60, 40, 90, 60)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """Two pages of different size with a black mark at MARK and text-free otherwise."""
    path = tmp_path / "source.pdf"
    pages = []
    for size in ((900, 600), (900, 1200)):  # at 216 dpi: 300 × 200 and 300 × 400 points
        page = Image.new("RGB", size, "white")
        ImageDraw.Draw(page).rectangle((180, 120, 269, 179), fill="black")
        pages.append(page)
    pages[0].save(path, "PDF", resolution=216, save_all=True, append_images=pages[1:])
    return path


def texts(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def sizes(path: Path) -> list[tuple[float, float]]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_size() for page in document]


def found(path: Path, number: int, dpi: int = 144) -> Box:
    """The box of the black on a page, in points."""
    page = drawn(path, dpi)[number]()
    dark = page.image.max(axis=2) < 40  # no desk, no shadow
    rows, cols = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return Box(*(float(v) * 72 / dpi for v in (cols[0], rows[0], cols[-1] + 1, rows[-1] + 1)))


def test_pages_keep_their_size_and_lose_their_text(samples: Path, tmp_path: Path) -> None:
    source, out = samples / "extra-wide.pdf", tmp_path / "out.pdf"
    assert any(texts(source))
    homographies = scan(source, out, LOW, seed=1)
    assert not any(texts(out))
    assert len(homographies) == len(sizes(source))
    for before, after in zip(sizes(source), sizes(out), strict=True):
        assert after == pytest.approx(before, abs=0.01)


def test_a_turned_page_is_scanned_as_displayed(samples: Path, tmp_path: Path) -> None:
    rasterise(samples / "extra-turned.pdf", tmp_path / "out.pdf", 40)
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as document:
        assert [page.get_rotation() for page in document] == [0]
    assert sizes(tmp_path / "out.pdf")[0] == pytest.approx(sizes(samples / "extra-turned.pdf")[0], abs=0.01)


@pytest.mark.parametrize("name", ["clean150", "medium", "photocopy", "bleed"])
def test_same_seed_same_bytes(name: str, pdf: Path, tmp_path: Path) -> None:
    strength = replace(PRESETS[name], dpi=60)
    assert scan(pdf, tmp_path / "a.pdf", strength, 3) == scan(pdf, tmp_path / "b.pdf", strength, 3)
    first = (tmp_path / "a.pdf").read_bytes()
    assert first == (tmp_path / "b.pdf").read_bytes()
    assert b"Date" not in first
    assert len(sizes(tmp_path / "a.pdf")) == 2


def test_photocopies_have_one_bit_a_pixel(pdf: Path, tmp_path: Path) -> None:
    scan(pdf, tmp_path / "out.pdf", replace(PRESETS["photocopy"], dpi=60), 1)
    content = (tmp_path / "out.pdf").read_bytes()
    assert content.count(b"/BitsPerComponent 1") == 2
    assert set(np.unique(drawn(tmp_path / "out.pdf", 60)[0]().image)) <= {0, 255}


@pytest.mark.parametrize(
    "strength",
    [
        Strength("clean", 144),
        Strength("askew", 144, skew=2, perspective=0.04),
        Strength("right", 144, turned=90),
        Strength("over", 144, skew=1, turned=180),
        Strength("left", 144, perspective=0.02, turned=270),
    ],
)
def test_labels_move_with_the_page(strength: Strength, pdf: Path, tmp_path: Path) -> None:
    homographies = scan(pdf, tmp_path / "out.pdf", strength, 5)
    for number, homography in enumerate(homographies):
        expected, box = moved(MARK, homography), found(tmp_path / "out.pdf", number)
        got = (box.x0, box.top, box.x1, box.bottom)
        assert got == pytest.approx((expected.x0, expected.top, expected.x1, expected.bottom), abs=1)


def test_a_page_on_its_side_is_as_wide_as_it_was_high(pdf: Path, tmp_path: Path) -> None:
    scan(pdf, tmp_path / "out.pdf", Strength("right", 144, turned=90), 5)
    for (width, height), after in zip(sizes(pdf), sizes(tmp_path / "out.pdf"), strict=True):
        assert after == pytest.approx((height, width), abs=0.01)


def test_rasterise_turns_by_the_angle(pdf: Path, tmp_path: Path) -> None:
    (straight, _), (turned, _) = rasterise(pdf, tmp_path / "a.pdf", 72), rasterise(pdf, tmp_path / "b.pdf", 72, -3)
    assert straight == pytest.approx((1, 0, 0, 0, 1, 0, 0, 0, 1))
    assert np.degrees(np.arctan2(turned[3], turned[0])) == pytest.approx(-3)
    assert moved(MARK, turned).width > MARK.width


@given(
    x=st.floats(0, 500),
    y=st.floats(0, 500),
    w=st.floats(0, 99),
    h=st.floats(0, 99),
    k=st.floats(0.5, 2),
    g=st.floats(0, 1e-4),
)
def test_moved_box_holds_the_moved_corners(x: float, y: float, w: float, h: float, k: float, g: float) -> None:
    matrix = np.array([[k, 0.1, 3], [-0.1, k, 4], [g, 0, 1]])
    box = moved(Box(x, y, x + w, y + h), matrix.ravel().tolist())
    for corner in ((x, y), (x + w, y), (x, y + h), (x + w, y + h)):
        u, v, s = matrix @ [*corner, 1]
        assert box.grown(1e-6).holds(u / s, v / s)


def test_pages_are_drawn_one_at_a_time(tmp_path: Path) -> None:
    calls: list[int] = []

    def render(path: Path, dpi: float) -> list[Callable[[], Drawn]]:
        def page(n: int) -> Drawn:
            calls.append(n)
            return Drawn(np.full((int(dpi), 50, 3), 255, np.uint8), 36, 72)

        return [lambda n=n: page(n) for n in range(3)]  # type: ignore[misc]

    scan(tmp_path / "any.pdf", tmp_path / "out.pdf", Strength("b", 60, bleed=0.2), 1, render)
    assert calls == [0, 1, 1, 0, 2]  # each with its back; the third sheet has none
    assert sizes(tmp_path / "out.pdf") == [(36, 72)] * 3


def test_what_cannot_be_scanned(pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "text.pdf").write_bytes(b"hello")
    out = tmp_path / "out.pdf"
    with pytest.raises(NotAPdf):
        scan(tmp_path / "empty.pdf", out, LOW, 1)
    with pytest.raises(DamagedPdf):
        scan(tmp_path / "text.pdf", out, LOW, 1)
    with pytest.raises(DamagedPdf):
        scan(tmp_path / "absent.pdf", out, LOW, 1)
    monkeypatch.setattr(scans, "MOST_PIXELS", 1000)
    with pytest.raises(TooLarge):
        scan(pdf, out, LOW, 1)
    assert not out.exists()


def test_a_page_too_long_to_warp(tmp_path: Path) -> None:
    long, out = tmp_path / "long.pdf", tmp_path / "out.pdf"
    Image.new("L", (14000, 2), "white").save(long, "PDF", resolution=72)
    assert len(scan(long, out, replace(LOW, dpi=100), 1)) == 1
    with pytest.raises(TooLarge):
        scan(long, out, replace(LOW, dpi=200), 1)


def test_a_set_is_made_once(pdf: Path, tmp_path: Path) -> None:
    folder, heard = tmp_path / "cache", list[Made]()
    strengths = [LOW, Strength("plain", dpi=50)]

    def make(seed: int = 1) -> list[bool]:
        made = make_set([("a", pdf), ("b", pdf)], folder, strengths, seed, heard.append)
        assert all(m.error is None and m.pdf.is_file() and len(m.homographies) == 2 for m in made)
        return [m.fresh for m in made]

    assert make() == [True] * 4
    assert (folder / "low" / "a.pdf").read_bytes() != (folder / "low" / "b.pdf").read_bytes()  # a seed of its own each
    first = {path: path.read_bytes() for path in folder.rglob("*.*")}
    homographies = {(m.strength, m.name): m.homographies for m in heard}
    assert make() == [False] * 4
    assert all(m.homographies == homographies[m.strength, m.name] for m in heard)

    (folder / "low" / "b.pdf").write_bytes(b"spoilt")
    assert make() == [False, False, True, False]
    (folder / "plain" / "a.pdf").unlink()
    assert make() == [False, True, False, False]
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == first

    (folder / scans.INDEX).write_text("{", encoding="utf-8")
    assert make() == [True] * 4
    assert make(seed=2) == [True] * 4
    strengths[1] = replace(strengths[1], dpi=55)
    assert make(seed=2) == [False, True, False, True]


def test_a_set_goes_on_where_it_stopped(pdf: Path, tmp_path: Path) -> None:
    def stop(made: Made) -> None:
        if made.name == "b":
            raise KeyboardInterrupt

    sources = [(name, pdf) for name in "abc"]
    with pytest.raises(KeyboardInterrupt):
        make_set(sources, tmp_path / "cache", [LOW], 1, stop)
    assert [m.fresh for m in make_set(sources, tmp_path / "cache", [LOW], 1)] == [False, False, True]


def test_a_broken_source_is_told_and_the_rest_made(pdf: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 and no more")
    one, two, three = make_set([("x", broken), ("y", pdf), ("z", tmp_path / "none")], tmp_path / "cache", [LOW], 1)
    assert one.error is not None
    assert one.error.startswith("DamagedPdf")
    assert two.error is None
    assert three.error is not None


@pytest.mark.parametrize("names", [["a", "a"], ["../a"], [""], [".a"]])
def test_names_that_cannot_be_files(names: list[str], pdf: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        make_set([(name, pdf) for name in names], tmp_path, [LOW], 1)
