"""Degraded pages: the geometry is told truly, chance is repeatable, and every cause does what its name says."""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.errors import UsageError
from biaoge.eval.degrade import PRESETS, Degraded, Strength, apply, geometry, ink, paper, preset, stamp
from biaoge.eval.degrade.strengths import Pixels

DPI = 100
MARKS = [(30, 40), (180, 50), (170, 250), (40, 230), (105, 140)]


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def blank(height: int = 300, width: int = 220) -> Pixels:
    return np.full((height, width, 3), 255, np.uint8)


def marked() -> Pixels:
    """A page with round blots at MARKS."""
    y, x = np.mgrid[:300, :220]
    page = blank()
    for mx, my in MARKS:
        page[(x - mx) ** 2 + (y - my) ** 2 <= 16] = 0
    return page


def ruled() -> Pixels:
    """A page of a grid of thin lines, a letter-like short stroke, and a black bar too thick for a ruling."""
    page = blank(500, 400)
    page[50:451:50, 40:361] = 0
    page[50:451, 40:361:80] = 0
    page[70:72, 60:75] = 0
    page[470:490, 40:361] = 0
    return page


def centres_near(image: Pixels, points: list[tuple[float, float]], reach: int = 9) -> list[tuple[float, float]]:
    """The centre of gravity of the ink around each point."""
    dark = 255 - image.min(axis=2).astype(float)
    found = []
    for px, py in points:
        x0, y0 = round(px) - reach, round(py) - reach
        assert x0 >= 0
        assert y0 >= 0
        piece = dark[y0 : y0 + 2 * reach + 1, x0 : x0 + 2 * reach + 1]
        piece = np.where(piece > 128, piece, 0)  # not the desk, not the lid
        assert piece.sum() > 0
        y, x = np.mgrid[: piece.shape[0], : piece.shape[1]]
        found.append((x0 + float((x * piece).sum() / piece.sum()), y0 + float((y * piece).sum() / piece.sum())))
    return found


def shape_after(page: Pixels, strength: Strength) -> tuple[int, ...]:
    height, width, colours = page.shape
    return (width, height, colours) if strength.turned in (90, 270) else page.shape


def check(done: Degraded) -> None:
    expected = [(float(x), float(y)) for x, y in geometry.mapped(done.homography, [(float(x), y) for x, y in MARKS])]
    for (x, y), (fx, fy) in zip(expected, centres_near(done.image, expected), strict=True):
        assert abs(x - fx) < 0.5
        assert abs(y - fy) < 0.5


@settings(max_examples=15, deadline=None)
@given(degrees=st.floats(-8, 8), amount=st.sampled_from([0.0, 0.02, 0.05]), seed=st.integers(0, 999))
def test_homography_says_where_things_went(degrees: float, amount: float, seed: int) -> None:
    page = marked()
    check(geometry.skew(page, degrees))
    check(geometry.perspective(page, rng(seed), amount))
    check(apply(page, Strength("x", DPI, skew=abs(degrees), perspective=amount, blur=0.5), seed))


def test_skew_is_clockwise_and_of_the_angle_asked_for() -> None:
    page = blank()
    page[150, 30:190] = 0
    (x0, y0), (x1, y1) = geometry.mapped(geometry.skew(page, 3).homography, [(30, 150), (189, 150)])
    assert np.degrees(np.arctan2(y1 - y0, x1 - x0)) == pytest.approx(3)


@settings(max_examples=20, deadline=None)
@given(degrees=st.floats(-20, 20), seed=st.integers(0, 99))
def test_ink_never_leaves_the_page(degrees: float, seed: int) -> None:
    page = blank()
    page[2:4, 2:218] = 0
    page[296:298, 2:218] = 0
    done = apply(page, Strength("x", DPI, skew=abs(degrees), perspective=0.03), seed)
    corners = geometry.mapped(done.homography, [(2, 2), (217, 2), (217, 297), (2, 297)])
    assert (corners >= 0).all()
    assert (corners <= [219, 299]).all()


@pytest.mark.parametrize("name", PRESETS)
def test_same_seed_same_bytes(name: str) -> None:
    page, strength = ruled(), replace(preset(name), dpi=DPI)
    before = page.copy()
    one, two = apply(page, strength, 7), apply(page, strength, 7)
    assert one.image.tobytes() == two.image.tobytes()
    assert (one.homography == two.homography).all()
    assert (page == before).all()
    assert one.image.shape == shape_after(page, strength)
    if not name.startswith(("clean", "dpi")):
        assert one.image.tobytes() != page.tobytes()
    if strength.gaps or strength.noise or strength.light or strength.photocopy:
        assert (apply(page, strength, 8).image != one.image).any()


def test_causes_do_not_change_each_others_chance() -> None:
    page = ruled()
    alone = apply(page, Strength("x", DPI, skew=2, perspective=0.03), 5)
    with_more = apply(page, Strength("x", DPI, skew=2, perspective=0.03, gaps=0.2, seal=0.8, noise=9), 5)
    assert (alone.homography == with_more.homography).all()


def test_nothing_to_do_is_identity() -> None:
    page = rng().integers(0, 256, (60, 50, 3), np.uint8)
    done = apply(page, Strength("none", DPI), 1)
    assert (done.image == page).all()
    assert done.image is not page
    assert (done.homography == np.eye(3)).all()


STEPS: dict[str, Callable[[Pixels], Any]] = {
    "skew": lambda page: geometry.skew(page, 0).image,
    "perspective": lambda page: geometry.perspective(page, rng(), 0).image,
    "broken": lambda page: ink.broken(page, rng(), 0, DPI),
    "faded": lambda page: ink.faded(page, rng(), 0),
    "bleed": lambda page: ink.bleed(page, 255 - page, 0),
    "seal": lambda page: stamp.seal(page, rng(), 0, DPI),
    "dotted": lambda page: ink.dotted(page, 0, DPI),
    "tinted": lambda page: paper.tinted(page, rng(), 0),
    "curled": lambda page: geometry.curled(page, rng(), 0, DPI),
    "quartered": lambda page: geometry.quartered(page, 0),
    "blurred": lambda page: paper.blurred(page, 0),
    "shaken": lambda page: paper.shaken(page, rng(), 0),
    "noisy": lambda page: paper.noisy(page, rng(), 0),
    "salted": lambda page: paper.salted(page, rng(), 0),
    "gradient": lambda page: paper.gradient(page, rng(), 0),
    "shadow": lambda page: paper.shadow(page, rng(), 0),
    "vignette": lambda page: paper.vignette(page, 0),
    "uneven": lambda page: paper.uneven(page, rng(), 0),
    "photocopied": lambda page: paper.photocopied(page, rng(), 0, DPI),
    "compressed": lambda page: paper.compressed(page, None),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_of_no_strength_is_identity(name: str) -> None:
    page = rng(3).integers(0, 256, (40, 30, 3), np.uint8)
    assert (STEPS[name](page) == page).all()


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (90, 70)])
def test_tiny_and_blank_pages(name: str, shape: tuple[int, int]) -> None:
    for level in (0, 255):
        page = np.full((*shape, 3), level, np.uint8)
        done = apply(page, replace(preset(name), dpi=DPI), 1)
        assert done.image.shape == shape_after(page, preset(name))
        assert done.image.dtype == np.uint8
        assert np.isfinite(done.homography).all()


def test_rulings_are_the_thin_long_lines() -> None:
    across, down = ink.rulings(ruled(), DPI)
    expected = np.zeros((500, 400), bool)
    expected[50:451:50, 40:361] = True
    assert (across == expected).all()
    assert down[50:451, 40:361:80].all()
    assert down.sum() == 5 * 401


@settings(max_examples=15, deadline=None)
@given(share=st.floats(0.02, 0.6), seed=st.integers(0, 999))
def test_gaps_take_their_share_of_the_lines(share: float, seed: int) -> None:
    page = ruled()
    gone = (ink.broken(page, rng(seed), share, DPI) != page).any(axis=2)
    across, down = ink.rulings(page, DPI)
    assert not gone[~(across | down)].any()  # neither the letter nor the bar
    for lines, other in ((across, down), (down, across)):
        alone = lines & ~other
        assert gone[alone].mean() == pytest.approx(share, abs=0.03)


def test_a_gap_shows_the_shade_beside_the_line() -> None:
    page = np.full((100, 200, 3), (200, 220, 240), np.uint8)
    page[50, 10:190] = 0
    out = ink.broken(page, rng(), 0.5, DPI)
    assert {tuple(int(v) for v in pixel) for pixel in out[50, 10:190]} == {(0, 0, 0), (200, 220, 240)}


@given(length=st.integers(1, 300), share=st.floats(0, 1), seed=st.integers(0, 99))
def test_gaps_are_in_order_and_exact(length: int, share: float, seed: int) -> None:
    gaps = ink._gaps(length, rng(seed), share, DPI)
    assert sum(end - start for start, end in gaps) == round(share * length)
    edges = [edge for gap in gaps for edge in gap]
    assert edges == sorted(edges)
    assert all(0 <= edge <= length for edge in edges)


def test_seal_is_red_and_leaves_the_rest_alone() -> None:
    page = ruled()
    out = stamp.seal(page, rng(4), 0.9, DPI)
    changed = (out != page).any(axis=2)
    rows, cols = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    size = stamp.MILLIMETRES / 25.4 * DPI
    assert size * 0.9 < rows[-1] - rows[0] + 1 <= size + 1
    assert size * 0.9 < cols[-1] - cols[0] + 1 <= size + 1
    assert 0.1 < changed.sum() / size**2 < 0.5  # a ring, a star and characters, not a disc
    on_paper = changed & (page.min(axis=2) == 255)
    red, green, blue = out[on_paper].astype(int).T
    assert (red >= green).all()
    assert (red >= blue).all()
    assert (red - green).max() > 120
    assert (out <= page).all()  # multiplied: black stays black
    across, down = ink.rulings(page, DPI)
    box = np.zeros_like(changed)
    box[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1] = True
    assert (box & (across | down)).any()


def test_bleed_shows_the_other_page_mirrored() -> None:
    back = blank()
    back[100:150, 20:60] = 0
    out = ink.bleed(blank(), back, 0.3)
    assert 170 <= out[125, 219 - 40].mean() <= 190  # 255 * 0.7
    assert (out[125, 40] == 255).all()


def test_photocopy_is_black_and_white_and_readable() -> None:
    page = ruled()
    out = paper.photocopied(page, rng(), 1, DPI)
    assert set(np.unique(out)) == {0, 255}
    white = page.min(axis=2) == 255
    assert (out[white] == 255).mean() > 0.95
    assert (out[475:485, 50:350] == 0).mean() > 0.95


@given(depth=st.floats(0, 1), seed=st.integers(0, 99))
def test_no_more_light_is_lost_than_said(depth: float, seed: int) -> None:
    for out in (paper.uneven(blank(30, 20), rng(seed), depth), paper.gradient(blank(30, 20), rng(seed), depth)):
        assert out.min() >= 255 * (1 - depth) - 1


def test_noise_and_salt_have_their_measure() -> None:
    grey = np.full((200, 200, 3), 128, np.uint8)
    assert paper.noisy(grey, rng(), 10).std() == pytest.approx(10, rel=0.05)
    out = paper.salted(grey, rng(), 0.1)
    assert (out == 0).mean() == pytest.approx(0.05, abs=0.01)
    assert (out == 255).mean() == pytest.approx(0.05, abs=0.01)


def test_shaking_spreads_along_one_line() -> None:
    page = blank(41, 41)
    page[20, 20] = 0
    y, x = np.nonzero(paper.shaken(page, rng(), 9)[..., 0] < 255)
    spread = np.linalg.eigvalsh(np.cov(np.stack([x, y])))
    assert spread[1] > 10 * spread[0]
    assert 8 <= np.hypot(np.ptp(x), np.ptp(y)) <= 11


@settings(max_examples=10, deadline=None)
@given(millimetres=st.floats(1, 6), seed=st.integers(0, 999))
def test_a_curled_sheet_moves_no_point_by_more_than_half_of_it(millimetres: float, seed: int) -> None:
    page = blank(600, 420)
    lines = [60, 300, 540]
    for at in lines:
        page[at - 1 : at + 2, 10:410] = 0
    page[:, 200:203] = 0
    out = geometry.curled(page, rng(seed), millimetres, DPI)
    most = millimetres / 2 / 25.4 * DPI
    bends = []
    for at in lines:
        heights = []
        for x in (*range(20, 190, 10), *range(220, 400, 10)):
            dark = 255.0 - out[at - 40 : at + 41, x, 0]
            heights.append(float((dark * np.arange(-40, 41)).sum() / dark.sum()))
        assert np.abs(heights).max() <= most + 0.6
        bends.append(float(np.ptp(heights)))
    assert bends[0] < bends[1] < bends[2] <= 2 * most + 1
    assert bends[2] > most  # bent, and not only a little
    for y in (10, 150, 450, 590):
        dark = 255.0 - out[y, 150:253, 0]
        assert abs(float((dark * np.arange(150, 253)).sum() / dark.sum()) - 201) <= most + 0.6


def test_a_curled_page_that_lies_askew_is_told_within_its_bend() -> None:
    page = marked()
    done = apply(page, Strength("x", DPI, curl=2, skew=3, perspective=0.03), 3)
    most = 1.05 * 1 / 25.4 * DPI + 0.6
    expected = [(float(x), float(y)) for x, y in geometry.mapped(done.homography, [(float(x), y) for x, y in MARKS])]
    offs = [
        np.hypot(fx - x, fy - y)
        for (x, y), (fx, fy) in zip(expected, centres_near(done.image, expected, 13), strict=True)
    ]
    assert max(offs) <= 1.5 * most
    assert max(offs) > 0.5


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_picture_turned_by_quarters_keeps_its_pixels(degrees: int) -> None:
    page = rng(2).integers(0, 256, (7, 5, 3), np.uint8)
    done = apply(page, Strength("x", DPI, turned=degrees), 1)
    for y in range(7):
        for x in range(5):
            ((u, v),) = geometry.mapped(done.homography, [(x, y)])
            assert (done.image[round(v), round(u)] == page[y, x]).all()
    right = apply(page, Strength("x", DPI, turned=90), 1).image
    assert (right[0, -1] == page[0, 0]).all()  # clockwise: the top left corner goes to the top right


def test_dots_stand_on_the_lines_at_even_steps() -> None:
    page = ruled()
    out = ink.dotted(page, 6, DPI)
    gone = (out != page).any(axis=2)
    across, down = ink.rulings(page, DPI)
    assert not gone[~(across | down)].any()
    alone = across & ~down
    assert gone[alone].mean() == pytest.approx(0.5, abs=0.03)
    starts = np.flatnonzero(np.diff(gone[50, 42:118].astype(int)) > 0)
    assert set(np.diff(starts)) <= {8, 9}  # 6 points at 100 dpi


def test_coloured_paper_takes_light_of_some_colours_alone() -> None:
    tints = {tuple(int(v) for v in paper.tinted(blank(2, 2), rng(seed), 0.2)[0, 0]) for seed in range(40)}
    assert len(tints) == 4
    assert all(max(tint) == 255 and min(tint) == 204 for tint in tints)
    black = np.zeros((2, 2, 3), np.uint8)
    assert (paper.tinted(black, rng(), 0.2) == 0).all()


def test_a_cause_that_is_left_out_leaves_every_byte() -> None:
    """What came later must not change the scans there are: the steps that `heavy` names, and no other, one by one."""
    page, seed, s = ruled(), 4, replace(preset("heavy"), dpi=DPI)

    def chance(cause: str) -> np.random.Generator:
        return np.random.default_rng([seed, zlib.crc32(cause.encode())])

    out = ink.broken(page, chance("gaps"), s.gaps, DPI)
    out = stamp.seal(ink.faded(out, chance("fade"), s.fade), chance("seal"), s.seal, DPI)
    out = ink.bleed(out, page, s.bleed)
    shape = (page.shape[0], page.shape[1])
    side = 1 if chance("skew").random() < 0.5 else -1
    matrix = geometry.aside(shape, chance("perspective"), s.perspective) @ geometry.turned(shape, side * s.skew)
    matrix = geometry.fitted(matrix, page)
    out = geometry.warp(out, matrix, geometry.desk(shape, chance("desk")))
    out = paper.blurred(paper.uneven(out, chance("light"), s.light), s.blur)
    out = paper.noisy(paper.shaken(out, chance("motion"), s.motion), chance("noise"), s.noise)
    out = paper.compressed(paper.salted(out, chance("salt"), s.salt), s.jpeg)
    done = apply(page, s, seed)
    assert done.image.tobytes() == out.tobytes()
    assert done.homography.tobytes() == matrix.tobytes()


def test_strengths_are_checked() -> None:
    wrong: list[dict[str, Any]] = [{"dpi": 0}, {"jpeg": 0}, {"gaps": 1.5}, {"noise": -1}, {"skew": 90}, {"seal": -0.1}]
    wrong += [{"turned": 45}, {"curl": -1}, {"curl": 50}, {"dots": -1}, {"tint": 2}]
    for settings_ in wrong:
        with pytest.raises(UsageError):
            Strength("x", **settings_)
    with pytest.raises(UsageError, match="clean150"):
        preset("no such")
    assert all(name == strength.name for name, strength in PRESETS.items())


def test_every_strength_is_documented(root: Path) -> None:
    told = re.findall(r"^\| `([\w-]+)` \|", (root / "docs" / "degrade.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert told == list(PRESETS)


def test_names_of_strengths_need_nothing_heavy(root: Path) -> None:
    code = "import biaoge.eval.degrade, biaoge.eval.scans, sys; print(*{'numpy', 'cv2', 'PIL'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == ""
