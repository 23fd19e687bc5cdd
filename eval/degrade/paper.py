"""What the camera, the scanner and the copier add: blur, noise, uneven light, compression, a hard threshold."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, TypeAlias

from .strengths import Pixels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Floats: TypeAlias = "NDArray[np.float32]"

# White paper in a lamp's light.
_WARM = (1.0, 0.985, 0.95)
# Paper that is sold in colours, as the share of red, green and blue that it loses: pink, yellow, green, blue.
_SHEETS = ((0, 1, 0.7), (0, 0.1, 1), (1, 0, 0.9), (1, 0.4, 0))


def tinted(image: Pixels, rng: np.random.Generator, share: float) -> Pixels:
    """Printed on coloured paper, one of four: up to `share` of a colour's light is lost."""
    import numpy as np

    if not share:
        return image.copy()
    return _lit(image, 1 - share * np.array(_SHEETS[rng.integers(len(_SHEETS))], np.float32))


def blurred(image: Pixels, sigma: float) -> Pixels:
    """Out of focus: a Gaussian of standard deviation `sigma` pixels."""
    import cv2
    import numpy as np

    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8) if sigma else image.copy()


def shaken(image: Pixels, rng: np.random.Generator, length: float) -> Pixels:
    """Moved while it was taken: the mean along a straight trace of `length` pixels in a direction by chance."""
    import cv2
    import numpy as np

    if length <= 1:
        return image.copy()
    side = 2 * math.ceil(length / 2) + 1
    angle = float(rng.uniform(0, math.pi))
    kernel = np.zeros((side, side), np.float32)
    for at in np.linspace(-length / 2, length / 2, 8 * side):
        x, y = side // 2 + at * math.cos(angle), side // 2 + at * math.sin(angle)
        kernel[min(side - 1, max(0, round(y))), min(side - 1, max(0, round(x)))] += 1
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8)


def noisy(image: Pixels, rng: np.random.Generator, deviation: float) -> Pixels:
    """Grain: to every pixel, the same to its three colours, a normal number of `deviation` levels is added."""
    import numpy as np

    if not deviation:
        return image.copy()
    grain = rng.standard_normal(image.shape[:2], dtype=np.float32) * np.float32(deviation)
    return np.clip(np.rint(image + grain[..., None]), 0, 255).astype(np.uint8)


def salted(image: Pixels, rng: np.random.Generator, share: float) -> Pixels:
    """Salt and pepper: `share` of the pixels made black or white, as many of the one as of the other."""
    import numpy as np

    out = image.copy()
    if share:
        chance = rng.random(image.shape[:2], dtype=np.float32)
        out[chance < share / 2] = 0
        out[(share / 2 <= chance) & (chance < share)] = 255
    return out


def gradient(image: Pixels, rng: np.random.Generator, depth: float) -> Pixels:
    """Light that falls off evenly across the page in a direction by chance, to `1 - depth` of it."""
    return _lit(image, _gradient(image, rng, depth)[..., None])


def shadow(image: Pixels, rng: np.random.Generator, depth: float) -> Pixels:
    """The shadow of who takes the picture: beyond a slanting soft edge only `1 - depth` of the light."""
    return _lit(image, _shadow(image, rng, depth)[..., None])


def vignette(image: Pixels, depth: float) -> Pixels:
    """Light that falls off from the centre as the square of the distance, to `1 - depth` in the corners."""
    return _lit(image, _vignette(image, depth)[..., None])


def uneven(image: Pixels, rng: np.random.Generator, depth: float) -> Pixels:
    """Gradient, shadow and vignette together, under a warm lamp; at most `depth` of the light is lost."""
    import numpy as np

    if not depth:
        return image.copy()
    part = 1 - (1 - depth) ** (1 / 3)
    light = _gradient(image, rng, part) * _shadow(image, rng, part) * _vignette(image, part)
    warm = 1 - (1 - np.array(_WARM, np.float32)) * depth
    return _lit(image, np.maximum(light[..., None] * warm, np.float32(1 - depth)))


def _lit(image: Pixels, light: Floats) -> Pixels:
    """The image times `light`, 0 to 1, of shape (height, width, 1 or 3), or (3,)."""
    import numpy as np

    return np.asarray(np.rint(image * light), np.uint8)


def _gradient(image: Pixels, rng: np.random.Generator, depth: float) -> Floats:
    x, y = _plane(image)
    angle = float(rng.uniform(0, 2 * math.pi))
    along = math.cos(angle) * x + math.sin(angle) * y  # (height, width), -sqrt(2) to sqrt(2)
    return (1 - depth * (along / (2 * math.sqrt(2)) + 0.5)).astype("float32", copy=False)


def _shadow(image: Pixels, rng: np.random.Generator, depth: float) -> Floats:
    import numpy as np

    x, y = _plane(image)
    angle = float(rng.uniform(0, 2 * math.pi))
    edge = math.cos(angle) * x + math.sin(angle) * y - float(rng.uniform(0, 0.5))
    return np.asarray(1 - depth / (1 + np.exp(edge / -0.06)), np.float32)


def _vignette(image: Pixels, depth: float) -> Floats:
    x, y = _plane(image)
    return (1 - depth / 2 * (x * x + y * y)).astype("float32", copy=False)


def photocopied(image: Pixels, rng: np.random.Generator, amount: float, dpi: float) -> Pixels:
    """Black and white alone, as from a copier: a threshold that is higher here and lower there, and specks.

    `amount`, 0 to 1: how uneven the threshold is and how many specks there are; at 0 nothing is done.
    """
    import cv2
    import numpy as np

    if not amount:
        return image.copy()
    height, width = image.shape[:2]
    level = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (0, 0), dpi / 300)
    small = rng.uniform(-1, 1, (5, 4)).astype(np.float32)
    field = np.clip(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), -1, 1)
    paper = float(np.median(level))
    toner = rng.standard_normal((height, width), dtype=np.float32) * np.float32(12 * amount)
    ink = level + toner < paper * (0.7 + 0.2 * amount * field)
    dots = (rng.random((height, width), dtype=np.float32) < 0.0003 * amount).astype(np.uint8)
    drops = (rng.random((height, width), dtype=np.float32) < 0.001 * amount).astype(np.uint8)
    speck = np.ones((max(1, round(dpi / 130)),) * 2, np.uint8)
    ink = (ink | (cv2.dilate(dots, speck) > 0)) & (cv2.dilate(drops, speck) == 0)
    return np.repeat(np.where(ink, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def compressed(image: Pixels, quality: int | None) -> Pixels:
    """The image after JPEG of `quality` (1 to 100), chroma halved; as it was for None."""
    import numpy as np
    from PIL import Image

    if quality is None:
        return image.copy()
    packed = io.BytesIO()
    Image.fromarray(image).save(packed, "JPEG", quality=quality)
    return np.array(Image.open(packed).convert("RGB"))


def _plane(image: Pixels) -> tuple[Floats, Floats]:
    """x of shape (1, width) and y of shape (height, 1), each from -1 to 1."""
    import numpy as np

    height, width = image.shape[:2]
    x = (np.arange(width, dtype=np.float32) + 0.5) / width * 2 - 1
    y = (np.arange(height, dtype=np.float32) + 0.5) / height * 2 - 1
    return x[None, :], y[:, None]
