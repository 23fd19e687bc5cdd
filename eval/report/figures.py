"""How numbers are written: always with the same places, an unknown one as a dash."""

from __future__ import annotations

import math

from ..statistics import Interval, PairedDifference

NONE = "–"


def rate(value: float | None) -> str:
    """Three places, and never rounded to 1 or 0 what is not.

    >>> rate(0.99996), rate(1), rate(0.00002), rate(None)
    ('>0.999', '1.000', '<0.001', '–')
    """
    if value is None or math.isnan(value):
        return NONE
    if 0.9995 <= value < 1:
        return ">0.999"
    if 0 < value < 0.0005:
        return "<0.001"
    return f"{value:.3f}"


def interval_text(interval: Interval | PairedDifference | None) -> str:
    """Both ends with three places, a dash where there is no interval.

    >>> interval_text(Interval(0.5, 0.4, 0.61, 9)), interval_text(Interval(0.5, None, None, 2))
    ('0.400–0.610', '–')
    """
    if interval is None or interval.low is None or interval.high is None:
        return NONE
    if isinstance(interval, PairedDifference):
        return f"{signed(interval.low)}…{signed(interval.high)}"
    return f"{interval.low:.3f}–{interval.high:.3f}"


def seconds(value: float) -> str:
    """Two significant figures or whole seconds.

    >>> seconds(0.0123), seconds(0.5), seconds(3.21), seconds(45.6)
    ('0.012', '0.50', '3.2', '46')
    """
    if value <= 0:
        return "0"
    places = max(0, 1 - math.floor(math.log10(value)))
    return f"{value:.{places}f}" if places < 6 else f"{value:.1e}"


def size(count: int | None) -> str:
    """Bytes in binary multiples.

    >>> size(3_500_000_000), size(120_000_000), size(None)
    ('3.3G', '114M', '–')
    """
    if count is None:
        return NONE
    if count >= 1 << 30:
        return f"{count / (1 << 30):.1f}G"
    return f"{count / (1 << 20):.0f}M"


def signed(value: float) -> str:
    """Three places after a plus or a minus.

    >>> signed(0.0123), signed(-0.5)
    ('+0.012', '−0.500')
    """
    return f"{value:+.3f}".replace("-", "−")


def words(name: str) -> str:
    """A name as words.

    >>> words("header_level_lost")
    'header level lost'
    """
    return name.replace("_", " ")
