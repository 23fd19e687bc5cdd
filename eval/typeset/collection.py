"""The samples of the project: which report is set by which producer in which style."""

from __future__ import annotations

from dataclasses import dataclass

from biaoge.eval import reports

from .extras import EXTRAS, MINIATURE
from .producers import Producer
from .story import Story, story_of
from .style import Border, Margins, Style

UMING, UKAI = "AR PL UMing CN", "AR PL UKai CN"
ZENHEI, MICROHEI = "WenQuanYi Zen Hei", "WenQuanYi Micro Hei"
SANS, SERIF = "Noto Sans CJK SC", "Noto Serif CJK SC"

_GREY, _BLUE, _RED = "#d9d9d9", "#1f4e9e", "#b03020"
_THICK, _DOUBLE, _HAIR = Border(1.5), Border(2.25, "double"), Border(0.25)
_DOTTED, _DASHED = Border(0.75, "dotted"), Border(0.5, "dashed")


@dataclass(frozen=True, slots=True)
class Sample:
    """`name`: the PDF's name without its ending. `tags` say what the style is; what pages cut is measured."""

    name: str
    producer: Producer
    style: Style
    tags: tuple[str, ...]
    story: Story
    report: str | None = None


def samples() -> tuple[Sample, ...]:
    """Five reports by three producers, then the extras with truth of their own."""
    found = []
    for (number, producer), (style, tags) in _STYLES.items():
        report = reports.names()[number]
        found.append(Sample(f"{number:03}-{producer}", producer, style, tags, story_of(reports.load(report)), report))
    for name, (producer, style, tags, story) in EXTRAS.items():
        found.append(Sample(f"extra-{name}", producer, style, tags, story))
    look = Style(font=SANS, title_font=SANS, size=12, leading=22)
    found.append(Sample("extra-kangxi", "chromium", look, ("hard",), MINIATURE))
    return tuple(found)


_STYLES: dict[tuple[int, Producer], tuple[Style, tuple[str, ...]]] = {
    (0, "writer"): (Style(font=UMING, title_font=ZENHEI, leading=27, inner=_HAIR, outer=_HAIR), ("thin",)),
    (0, "chromium"): (
        Style(font=MICROHEI, title_font=MICROHEI, size=13, header_fill=_GREY, repeat_header=True),
        ("shaded",),
    ),
    (0, "weasyprint"): (
        Style(font=UKAI, title_font=ZENHEI, size=15, leading=29, inner=_DOTTED, outer=Border(1)),
        ("dotted",),
    ),
    (1, "writer"): (
        Style(font=SERIF, title_font=ZENHEI, size=13, leading=25, outer=_THICK, repeat_header=True),
        ("thick-frame",),
    ),
    (1, "chromium"): (
        Style(font=UMING, title_font=UMING, inner=_DASHED, outer=_THICK, pad=4),
        ("dashed", "thick-frame"),
    ),
    (1, "weasyprint"): (
        Style(
            font=SANS, title_font=SANS, size=12, leading=23, header_fill="#c6d9f1",
            inner=Border(0.75, colour=_BLUE), outer=Border(0.75, colour=_BLUE),
        ),
        ("coloured", "shaded"),
    ),
    (2, "writer"): (Style(font=MICROHEI, title_font=MICROHEI, size=14, outer=_DOUBLE), ("double-frame",)),
    (2, "chromium"): (
        Style(font=UKAI, title_font=ZENHEI, size=16, leading=28, open_sides=True, margins=Margins(98, 74, 90, 80)),
        ("open-sides",),
    ),
    (2, "weasyprint"): (
        Style(font=UMING, title_font=ZENHEI, inner=_HAIR, outer=_HAIR, repeat_header=True, split_rows=False),
        ("thin",),
    ),
    (3, "writer"): (
        Style(
            font=UKAI, title_font=ZENHEI, size=15, leading=28, header_fill=_GREY, distribute=True,
            running_head="政府信息公开工作年度报告",
        ),
        ("shaded", "distributed", "running-head"),
    ),
    (3, "chromium"): (
        Style(
            font=ZENHEI, title_font=ZENHEI, size=14, leading=25, distribute=True, table_size=10.5,
            inner=Border(0.75, colour=_RED), outer=Border(1.5, colour=_RED), running_head="二〇二三年度报告",
        ),
        ("coloured", "distributed", "running-head", "thick-frame"),
    ),
    (3, "weasyprint"): (
        Style(font=ZENHEI, title_font=ZENHEI, size=15, leading=27, outer=_DOUBLE, distribute=True, repeat_header=True),
        ("double-frame", "distributed"),
    ),
    (4, "writer"): (
        Style(font=SANS, title_font=SANS, size=15, leading=27, inner=_DOTTED, outer=Border(1), open_sides=True),
        ("dotted", "open-sides"),
    ),
    (4, "chromium"): (Style(font=UMING, title_font=ZENHEI, size=16, leading=28.5, table_size=10.5), ("plain",)),
    (4, "weasyprint"): (
        Style(font=MICROHEI, title_font=MICROHEI, size=14, leading=28, header_fill="#b8cbe0", fills=True),
        ("hard", "fills-alone", "shaded"),
    ),
}  # fmt: skip
