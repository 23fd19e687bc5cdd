"""Clean pages made to look scanned, photographed or photocopied, with the geometry of what was done.

An image is a numpy array of bytes (uint8) of shape (height, width, 3), RGB; no function changes the one it is given.
Chance comes from a `numpy.random.Generator`, or from a seed: the same seed, versions and image give the same bytes. A
homography is a 3 × 3 matrix that takes the homogeneous pixel `(x, y, 1)` of the input to the output, with pixel centres
at whole numbers, as OpenCV counts. Lengths are in pixels where nothing else is said; where a real length matters, `dpi`
tells it.
"""

from __future__ import annotations

from .applied import apply
from .strengths import PRESETS, Degraded, Strength, preset

__all__ = ["PRESETS", "Degraded", "Strength", "apply", "preset"]
