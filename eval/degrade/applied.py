"""A strength applied to a page, in the order in which things happen to paper."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from . import geometry, ink, paper, stamp
from .strengths import Degraded, Pixels, Strength

if TYPE_CHECKING:
    import numpy as np


def apply(image: Pixels, strength: Strength, seed: int, back: Pixels | None = None) -> Degraded:
    """The page printed badly, stamped, laid askew, lit, taken, copied and compressed, as `strength` says.

    `image`: the clean page, drawn at `strength.dpi`. `back`: the clean page on the other side of the sheet, the page
    itself where it is not given. Every cause draws its chance from `seed` and its own name, so that one cause more or
    less leaves the others as they were. The image given is not changed; with nothing to do an equal one is returned. A
    page turned by 90 or 270 degrees is as wide as it was high.
    """
    import numpy as np

    dpi = strength.dpi
    out = ink.broken(image, _rng(seed, "gaps"), strength.gaps, dpi)
    out = ink.dotted(out, strength.dots, dpi)
    out = ink.faded(out, _rng(seed, "fade"), strength.fade)
    out = stamp.seal(out, _rng(seed, "seal"), strength.seal, dpi)
    out = ink.bleed(out, image if back is None else back, strength.bleed)
    out = paper.tinted(out, _rng(seed, "tint"), strength.tint)
    out = geometry.curled(out, _rng(seed, "curl"), strength.curl, dpi)
    matrix = np.eye(3)
    if strength.skew or strength.perspective:
        shape = _shape(image)
        side = 1 if _rng(seed, "skew").random() < 0.5 else -1
        matrix = geometry.turned(shape, side * strength.skew)
        backing = geometry.lid(shape)
        if strength.perspective:
            matrix = geometry.aside(shape, _rng(seed, "perspective"), strength.perspective) @ matrix
            backing = geometry.desk(shape, _rng(seed, "desk"))
        matrix = geometry.fitted(matrix, geometry.curled(image, _rng(seed, "curl"), strength.curl, dpi))
        out = geometry.warp(out, matrix, backing)
    out = paper.uneven(out, _rng(seed, "light"), strength.light)
    out = paper.shaken(paper.blurred(out, strength.blur), _rng(seed, "motion"), strength.motion)
    out = paper.salted(paper.noisy(out, _rng(seed, "noise"), strength.noise), _rng(seed, "salt"), strength.salt)
    out = paper.photocopied(out, _rng(seed, "photocopy"), strength.photocopy, dpi)
    out, matrix = geometry.quartered(out, strength.turned), geometry.quarter(_shape(out), strength.turned) @ matrix
    return Degraded(paper.compressed(out, strength.jpeg), matrix)


def _rng(seed: int, cause: str) -> np.random.Generator:
    import numpy as np

    return np.random.default_rng([seed, zlib.crc32(cause.encode())])


def _shape(image: Pixels) -> geometry.Shape:
    return image.shape[0], image.shape[1]
