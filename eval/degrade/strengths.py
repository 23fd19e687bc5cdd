"""How strongly a page is degraded, as data, and the named strengths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from biaoge.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Pixels: TypeAlias = "NDArray[np.uint8]"  # (height, width, 3), RGB
Matrix: TypeAlias = "NDArray[np.float64]"  # (3, 3)


@dataclass(frozen=True, slots=True)
class Strength:
    """What is done to a page; every cause is left out at 0 (`jpeg`: at None).

    `dpi`: resolution of the page. `skew`: degrees, either way round by chance. `perspective`: how far corners may move
    inwards, as a share of the sides. `blur`: standard deviation of the Gaussian, `motion`: length of the trace, both in
    pixels. `noise`: standard deviation in levels of 255, `salt`: share of pixels made black or white. `light`: share
    of light lost at the darkest. `jpeg`: quality from 1 to 100. `gaps`: share of the length of thin straight lines that
    is erased. `seal`: opacity of a red stamp, `bleed`: of the writing on the back. `fade`: share of the ink that is
    lost. `photocopy`: 0 to 1, how uneven the copier's threshold is. `dots`: thin straight lines become dots, this many
    points from one to the next. `tint`: share of the light that coloured paper keeps of one colour or two. `curl`:
    millimetres between the highest and the lowest point of a bent sheet's line that was printed straight. `turned`:
    degrees by which the finished picture lies turned clockwise: 0, 90, 180 or 270.
    """

    name: str
    dpi: int = 200
    skew: float = 0.0
    perspective: float = 0.0
    blur: float = 0.0
    motion: float = 0.0
    noise: float = 0.0
    salt: float = 0.0
    light: float = 0.0
    jpeg: int | None = None
    gaps: float = 0.0
    seal: float = 0.0
    bleed: float = 0.0
    fade: float = 0.0
    photocopy: float = 0.0
    dots: float = 0.0
    tint: float = 0.0
    curl: float = 0.0
    turned: int = 0

    def __post_init__(self) -> None:
        if not 20 <= self.dpi <= 1200:
            raise UsageError(f"strength {self.name}: {self.dpi} dpi; it must lie between 20 and 1200")
        if not 0 <= self.skew <= 45:
            raise UsageError(f"strength {self.name}: skew of {self.skew} degrees; it must lie between 0 and 45")
        if not 0 <= self.perspective <= 0.3:
            raise UsageError(f"strength {self.name}: perspective {self.perspective}; it must lie between 0 and 0.3")
        if self.jpeg is not None and not 1 <= self.jpeg <= 100:
            raise UsageError(f"strength {self.name}: JPEG quality {self.jpeg}; it must lie between 1 and 100")
        for part in ("salt", "light", "gaps", "seal", "bleed", "fade", "photocopy", "tint"):
            if not 0 <= getattr(self, part) <= 1:
                raise UsageError(f"strength {self.name}: {part} {getattr(self, part)}; it must lie between 0 and 1")
        for part in ("blur", "motion", "noise"):
            if not 0 <= getattr(self, part) <= 200:
                raise UsageError(f"strength {self.name}: {part} {getattr(self, part)}; it must lie between 0 and 200")
        for part, most in (("dots", 20), ("curl", 20)):
            if not 0 <= getattr(self, part) <= most:
                raise UsageError(
                    f"strength {self.name}: {part} {getattr(self, part)}; it must lie between 0 and {most}"
                )
        if self.turned not in (0, 90, 180, 270):
            raise UsageError(f"strength {self.name}: turned by {self.turned} degrees; it must be 0, 90, 180 or 270")


@dataclass(frozen=True, slots=True, eq=False)
class Degraded:
    """The image after, and the homography from the pixels before to the pixels after.

    What a curled sheet adds to the homography is left out: half of `Strength.curl` at most, up, down and across.
    """

    image: Pixels
    homography: Matrix


_NAMED = (
    Strength("clean150", dpi=150),
    Strength("clean200", dpi=200),
    Strength("clean300", dpi=300),
    # A good office scanner.
    Strength("light", skew=0.5, blur=0.6, noise=3, light=0.08, jpeg=75),
    # A page photographed in passing.
    Strength("medium", skew=1.5, perspective=0.02, blur=0.8, noise=5, light=0.3, jpeg=50, fade=0.1),
    # A bad copy, stamped, photographed in bad light.
    Strength(
        "heavy",
        skew=2.5,
        perspective=0.03,
        blur=1.3,
        motion=3,
        noise=14,
        salt=0.001,
        light=0.45,
        jpeg=35,
        gaps=0.05,
        seal=0.8,
        bleed=0.12,
        fade=0.2,
    ),
    # One cause each, to see what hurts.
    Strength("dpi120", dpi=120),
    Strength("skew", skew=2),
    Strength("perspective", perspective=0.05),
    Strength("blur", blur=1.5),
    Strength("noise", noise=20, salt=0.004),
    Strength("light-uneven", light=0.5),
    Strength("jpeg", jpeg=20),
    Strength("broken-rulings", gaps=0.15),
    Strength("seal", seal=0.85),
    Strength("bleed", bleed=0.25),
    Strength("photocopy", photocopy=0.6),
    Strength("dotted-rulings", dots=3),
    Strength("tinted", tint=0.22),
    Strength("curl", curl=3),
    Strength("turned90", turned=90),
    Strength("turned180", turned=180),
)
PRESETS: Mapping[str, Strength] = MappingProxyType({strength.name: strength for strength in _NAMED})


def preset(name: str) -> Strength:
    """The strength of that name; UsageError, with the names there are, for another.

    >>> preset("skew").skew
    2
    """
    if name not in PRESETS:
        raise UsageError(f"no strength named {name!r}; there are {', '.join(PRESETS)}")
    return PRESETS[name]
