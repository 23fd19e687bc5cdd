"""The plots of the report, as SVG to stand inside a page; matplotlib is needed (`pip install "biaoge[report]"`).

The same numbers give the same bytes. Axes and lettering take the colour of the text around them; engines are told by
colour and by marker.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from biaoge.errors import MissingExtra

from ..metrics.confidence import reliability
from ..statistics import Interval
from .summary import Board

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe & Ito, "Color Universal Design" (2008), without black and yellow.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#808080")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "h", "p")
# Stands for the colour of the text in what matplotlib draws.
_INK = "#010203"
_FAINT = "#040506"
_BAND = "#070809"
_WIDTH = 8.6
# More engines side by side in one row cannot be told from one another.
MOST_ENGINES = 6

Style = Mapping[str, tuple[str, str]]
"""By engine: colour and marker."""


def styles(engines: Sequence[str]) -> Style:
    """A colour and a marker for each; no two engines up to 77 share both."""
    return {e: (COLOURS[n % len(COLOURS)], MARKERS[n % len(MARKERS)]) for n, e in enumerate(dict.fromkeys(engines))}


def by_slice(board: Board, style: Style) -> str | None:
    """F1 of cells of the `MOST_ENGINES` best for every tag, with intervals, hollow where there is none.

    `None` without tags.
    """
    if not board.slices:
        return None
    engines = [row.engine for row in board.rows][:MOST_ENGINES]
    step = 0.8 / max(1, len(engines))
    with _drawing(_WIDTH, 1.0 + len(board.slices) * max(0.24, 0.11 * len(engines))) as (figure, axes):
        names = []
        for n, part in enumerate(board.slices):
            names.append(f"{part.tag}  ({part.documents} doc., {part.tables} tables)")
            if n % 2:
                axes.axhspan(n - 0.5, n + 0.5, color=_BAND, linewidth=0)
            if n and part.group != board.slices[n - 1].group:
                axes.axhline(n - 0.5, color=_FAINT, linewidth=0.6)
            for k, score in enumerate(part.scores[:MOST_ENGINES]):
                _dot(axes, score.cells, n + (k - (len(engines) - 1) / 2) * step, style[score.engine])
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_xlabel("F1 of cells, level folded")
        _rates(axes)
        _legend(figure, engines, style)
        return _svg(figure)


def by_degradation(boards: Sequence[Board], style: Style) -> str | None:
    """F1 of cells over the versions of one set, the original first; `None` where there is one version only."""
    if len(boards) < 2:
        return None
    names = [board.name.partition("@")[2] or "original" for board in boards]
    engines = list(dict.fromkeys(row.engine for board in boards for row in board.rows))
    with _drawing(_WIDTH, 3.4) as (figure, axes):
        for k, engine in enumerate(engines):
            shift = (k - (len(engines) - 1) / 2) * 0.5 / max(1, len(engines))
            points = [(n + shift, r.f1) for n, b in enumerate(boards) for r in b.rows if r.engine == engine]
            colour, marker = style[engine]
            ys = [f1.value for _, f1 in points]
            axes.plot([x for x, _ in points], ys, color=colour, marker=marker, markersize=5, linewidth=1)
            for x, f1 in points:
                if f1.low is not None and f1.high is not None:
                    axes.plot([x, x], [f1.low, f1.high], color=colour, linewidth=2, alpha=0.45)
        axes.set_xticks(range(len(names)), names, rotation=20 if len(names) > 6 else 0)
        axes.set_ylabel("F1 of cells, level folded")
        axes.set_ylim(-0.02, 1.02)
        axes.grid(axis="y", color=_FAINT, linewidth=0.5)
        _legend(figure, engines, style)
        return _svg(figure)


def calibration(board: Board, style: Style) -> str | None:
    """Reliability diagram: share of right cells over stated confidence; `None` where no engine states any."""
    rows = [row for row in board.rows if row.calibration.ece is not None]
    if not rows:
        return None
    with _drawing(4.6, 4.3) as (figure, axes):
        axes.plot([0, 1], [0, 1], color=_FAINT, linewidth=0.8, linestyle=(0, (4, 3)))
        for row in rows:
            xs, ys, cells = zip(*reliability(row.calibration.bins), strict=True)
            colour, marker = style[row.engine]
            axes.plot(xs, ys, color=colour, linewidth=1, alpha=0.7)
            sizes = [18 + 200 * n / sum(cells) for n in cells]
            axes.scatter(xs, ys, s=sizes, color=colour, marker=marker, alpha=0.75, linewidths=0, clip_on=False)
        axes.set_xlabel("stated confidence (mean of the bin)")
        axes.set_ylabel("share of cells that are right")
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, 1.02)
        axes.grid(color=_FAINT, linewidth=0.5)
        _legend(figure, [row.engine for row in rows], style)
        return _svg(figure)


def speed(board: Board, style: Style) -> str | None:
    """F1 of cells over seconds for a document (median, logarithmic); `None` where nothing was timed."""
    rows = [row for row in board.rows if row.cost.median > 0]
    if not rows:
        return None
    with _drawing(4.6, 4.3) as (figure, axes):
        axes.set_xscale("log")
        for row in rows:
            colour, marker = style[row.engine]
            f1, x = row.f1, row.cost.median
            if f1.low is not None and f1.high is not None:
                axes.plot([x, x], [f1.low, f1.high], color=colour, linewidth=2, alpha=0.5)
            axes.plot([x], [f1.value], color=colour, marker=marker, markersize=7, linestyle="none")
        least, most = min(r.cost.median for r in rows), max(r.cost.median for r in rows)
        axes.set_xlim(least / 2.5, most * 2.5)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.xaxis.set_minor_formatter(lambda value, _: "")
        axes.set_xlabel("seconds for a document (median)")
        axes.set_ylabel("F1 of cells, level folded")
        axes.set_ylim(-0.02, 1.02)
        axes.grid(color=_FAINT, linewidth=0.5)
        _legend(figure, [row.engine for row in rows], style)
        return _svg(figure)


def require() -> None:
    """MissingExtra without matplotlib."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as e:
        raise MissingExtra('matplotlib is not installed; install it with: pip install "biaoge[report]"') from e


@contextmanager
def _drawing(width: float, height: float) -> Iterator[tuple[Figure, Axes]]:
    """A figure (inches) with axes; MissingExtra without matplotlib."""
    require()
    import matplotlib
    from matplotlib.figure import Figure

    settings: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "biaoge",
        "text.parse_math": False,
        "font.family": ["DejaVu Sans"],
        "font.size": 8.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.linewidth": 0.6,
        **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), _INK),
    }
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        # Names may be in scripts that the measuring font lacks; the browser has its own fonts.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure, figure.add_subplot()


def _dot(axes: Axes, interval: Interval, y: float, style: tuple[str, str]) -> None:
    colour, marker = style
    if interval.low is not None and interval.high is not None:
        axes.plot([interval.low, interval.high], [y, y], color=colour, linewidth=2, alpha=0.5)
    face = colour if interval.low is not None else "none"
    axes.plot(
        [interval.value], [y], color=colour, marker=marker, markersize=4.5, markerfacecolor=face, linestyle="none"
    )


def _rates(axes: Axes) -> None:
    axes.set_xlim(-0.02, 1.02)
    axes.grid(axis="x", color=_FAINT, linewidth=0.5)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", top=True, labeltop=True)


def _legend(figure: Figure, engines: Sequence[str], style: Style) -> None:
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], color=style[e][0], marker=style[e][1], linestyle="none", markersize=5) for e in engines]
    columns = max(1, min(len(engines), int(figure.get_figwidth() // 1.5)))
    figure.legend(handles, engines, loc="outside upper left", ncols=columns, frameon=False, handletextpad=0.2)


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    return text.replace(_INK, "currentColor").replace(_FAINT, "var(--line)").replace(_BAND, "var(--tint)")


def unique(svg: str, prefix: str) -> str:
    """The SVG with `prefix` before every id in it, so that several can stand on one page."""
    svg = re.sub(r'\bid="', f'id="{prefix}', svg)
    return re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{prefix}", svg)
