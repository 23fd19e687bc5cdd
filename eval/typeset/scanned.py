"""The scans among the samples: what each is made of, and how hard it is.

Every cause of docs/degrade.md that is common on real originals occurs in one of them; every report is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from biaoge.eval.degrade import Strength, preset
from biaoge.model import Box

Kind = Literal["pdf", "hidden", "mixed", "tiff", "png", "jpeg"]
"""`hidden`: a PDF of pictures under text that cannot be seen, with wrong characters. `mixed`: a PDF with text, some of
its tables pictures. `tiff`: one bit a pixel, CCITT group 4. `png`: grey. `jpeg`: lying on its side, EXIF says how."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan of some `pages` (from 1) of the sample `source`, written to `file`.

    `tables`: which of the report's tables stand on them, from 1. `foot`: points from the top below which the picture
    ends. `patches`: for "mixed", by page of the source (from 1) the part that becomes a picture. `tags`: what is
    special.
    """

    file: str
    source: str
    pages: tuple[int, ...]
    tables: tuple[int, ...]
    strength: Strength
    kind: Kind
    tags: tuple[str, ...] = ()
    foot: float | None = None
    patches: Mapping[int, Box] = field(default_factory=dict)


_ALL = (1, 2, 3)

SCANNED: tuple[Scanned, ...] = (
    Scanned("000-fax.tif", "000-writer", (2, 3), _ALL, Strength("fax", dpi=300, skew=1.2), "tiff", ("skew", "one-bit")),
    Scanned(
        "000-mixed.pdf", "000-chromium", (2, 3, 4), _ALL, preset("light"), "mixed", ("mixed",),
        patches={2: Box(71, 249, 525, 541), 4: Box(71, 113, 525, 216)},
    ),
    Scanned(
        "000-sideways.png", "000-chromium", (4,), (3,), Strength("sideways", dpi=200, skew=0.4, turned=90),
        "png", ("turned90", "grey"),
    ),
    Scanned("001-light.pdf", "001-writer", (2, 3, 4), _ALL, preset("light"), "pdf"),
    Scanned("002-medium.pdf", "002-writer", (2, 3), _ALL, preset("medium"), "pdf", ("perspective",)),
    Scanned(
        "002-hidden.pdf", "002-chromium", (2, 3, 4), _ALL,
        Strength("hidden", dpi=200, skew=0.3, blur=0.5, noise=2, jpeg=60), "hidden", ("hidden-text",),
    ),
    Scanned("003-heavy.pdf", "003-chromium", (2, 3), _ALL, preset("heavy"), "pdf", ("perspective", "seal")),
    Scanned(
        "003-photo.jpg", "003-weasyprint", (2,), (1,),
        Strength("photo", dpi=200, skew=1, perspective=0.04, curl=2, light=0.35, blur=0.6, noise=4, jpeg=60), "jpeg",
        ("perspective", "curl", "exif"), foot=527,
    ),
    Scanned("004-seal.pdf", "004-writer", (2, 3, 4), _ALL, Strength("seal", dpi=200, seal=0.85, jpeg=70), "pdf"),
)  # fmt: skip

LOOKALIKES: Mapping[str, str] = {
    **{"0": "O", "1": "l", "2": "Z", "3": "8", "5": "S", "6": "b", "7": "1", "8": "3", "9": "g"},
    **{"公": "么", "开": "井", "政": "攻", "府": "俯", "信": "倍", "息": "皂", "申": "甲", "请": "清", "数": "敖"},
    **{"量": "置", "本": "木", "年": "午", "理": "埋", "法": "怯", "人": "入", "自": "白", "业": "亚", "关": "夭"},
    **{"他": "地", "处": "外", "予": "子", "以": "队", "分": "兮", "行": "竹", "收": "牧", "未": "末", "大": "太"},
}
"""What a bad reader of characters takes one for."""
