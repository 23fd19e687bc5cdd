"""How many pixels an inch a page is given: enough for small print, no more than reading gains from."""

from __future__ import annotations

LEAST, MOST = 150.0, 300.0
"""Scans between these (pixels an inch) are taken as they are. Below, strokes are thinner than a pixel and come out
clearer drawn at twice their resolution; above, pixels cost time and tell a reader nothing new."""
NEAR = 0.05
"""So close to the bounds nothing is gained by drawing anew what is already sampled."""
DRAWN = 200.0
"""For what has no pixels of its own (letters and lines drawn by the file): what recognisers are trained on."""
SMALL_SIDE = 1654
"""Pixels across an A4 page at 200 dpi. A whole page is not shrunk below it: a file may call a full page tiny."""
FAR = 2.0
"""At most so many times as many pixels each way are made of a picture that has enough of them for a page of text."""
A4_WIDTH, A4_HEIGHT = 8.27, 11.69
"""Inches."""
A3_LONG, A0_LONG = 1191.0, 3370.0
"""Points."""
SCREEN = 150.0
"""Resolutions (dpi) below are often written by programs that know nothing (72, 96): see `page_dpi`."""
GUESS_LEAST, GUESS_SCREEN, GUESS_MOST = 72.0, 96.0, 600.0
"""Bounds of a guessed resolution: of a figure in small print, of a screen's picture, and of a scanner's."""
ROUNDING = 1.05
SQUARE = 0.01
"""Pixels are square when their sides differ by up to this share."""


def wanted(own: float) -> float:
    """The resolution to draw at, for a picture of `own` dpi.

    >>> [wanted(own) for own in (20, 120, 200, 300.2, 600)]
    [150.0, 240.0, 200, 300.2, 300.0]
    """
    if own < LEAST * (1 - NEAR):
        return max(LEAST, 2.0 * own)
    return own if own <= MOST * (1 + NEAR) else MOST


def guessed(width: float, height: float) -> float:
    """The resolution at which a picture of so many pixels is as wide as A4, upright or lying as the picture is.

    >>> round(guessed(2480, 3508)), guessed(30000, 50), guessed(300, 100)
    (300, 600.0, 96.0)
    """
    inches = A4_WIDTH if height >= width else A4_HEIGHT
    return min(max(width / inches, GUESS_SCREEN), GUESS_MOST)


def plausible(dpi: float, longest: float) -> bool:
    """Whether a stated resolution can be believed of a picture whose longer side has `longest` pixels.

    A page up to A3 can have any; beyond that only scanners' resolutions count, up to A0. Pages shorter than a third
    of an inch along their longer side are none.
    """
    points = longest / dpi * 72 if dpi > 1 else 0.0
    return 24 <= points <= (A3_LONG if dpi < SCREEN else A0_LONG) * ROUNDING


def page_dpi(width: int, height: int, stated: tuple[float, float] | None) -> tuple[float, float]:
    """The resolution (across, down) of a picture file of so many pixels.

    What the file states where that is plausible, else the same guess for both: see `plausible` and `guessed`.
    """
    if stated is not None:
        across, down = stated
        if across > 1 and down > 1 and 0.25 <= across / down <= 4:
            long_dpi, longest = (across, width) if width / across >= height / down else (down, height)
            if plausible(long_dpi, longest):
                return (across, across) if abs(across / down - 1) <= SQUARE else (across, down)
    guess = guessed(width, height)
    return guess, guess


def drawn_at(own: float, side: tuple[float, float], whole: bool) -> float:
    """The resolution to draw a picture of `own` dpi at whose box measures `side` (points across, down).

    `whole`: it is the whole page. Then a page far too large or too small for its pixels (photographs laid out at 72
    dpi, scans at a tenth of their size) is drawn as if it had a common size.
    """
    width, height = (points * own / 72 for points in side)
    if whole and own < LEAST and max(side) > A3_LONG * ROUNDING:
        real = guessed(width, height)
        return own * min(wanted(real) / real, FAR)
    dpi = wanted(own)
    if whole and dpi < own:
        return min(own, max(dpi, SMALL_SIDE / min(width, height) * own))
    return dpi
