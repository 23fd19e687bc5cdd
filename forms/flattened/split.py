"""A run of labels parted into the single ones: header cells side by side, group names before the name of a row."""

from __future__ import annotations

from collections.abc import Sequence

from .align import LEAST_LIKE, likeness
from .lines import Stream

_LACKING, _PASSED = 0.6, 0.25
_MOST_PIECES = 8
"""Printed pieces that one label may be broken into."""

Part = tuple[int, int] | None
"""Where a label begins and ends in the stream; `None` where it is not there."""


def split(stream: Stream, slots: Sequence[tuple[str, ...]]) -> list[Part]:
    """The place of every slot (its folded wordings) in the stream, in order; a slot may be absent.

    Where the stream is exactly wordings after one another, that is the answer; else the pieces that white space
    parts are shared out so that they are most alike.
    """
    return _exact(stream.text, slots) or _alike(stream, slots)


def _exact(text: str, slots: Sequence[tuple[str, ...]]) -> list[Part] | None:
    """The way with the fewest absent slots in which the wordings make the whole text."""
    reached: dict[int, tuple[int, tuple[Part, ...]]] = {0: (0, ())}
    for wordings in slots:
        following: dict[int, tuple[int, tuple[Part, ...]]] = {}
        for at, (absent, parts) in sorted(reached.items()):
            steps: list[tuple[int, int, Part]] = [(at, absent + 1, None)]
            steps += [(at + len(w), absent, (at, at + len(w))) for w in wordings if text.startswith(w, at)]
            for stop, lacking, part in steps:
                if stop not in following or lacking < following[stop][0]:
                    following[stop] = (lacking, (*parts, part))
        reached = following
    return list(reached[len(text)][1]) if text and len(text) in reached else None


def _alike(stream: Stream, slots: Sequence[tuple[str, ...]]) -> list[Part]:
    text = stream.text
    stops = {0, len(text), *stream.breaks}
    for wordings in slots:
        for wording in wordings:
            at = text.find(wording)
            while at >= 0:
                stops |= {at, at + len(wording)}
                at = text.find(wording, at + 1)
    ends = sorted(stops)
    states: list[dict[int, tuple[float, tuple[Part, ...]]]] = [{0: (0.0, ())}]
    for wordings in [*slots, ()]:
        here = dict(states[-1])
        for n in range(len(ends)):  # pieces that belong to no slot
            if n in here and n + 1 < len(ends):
                cost, parts = here[n]
                if n + 1 not in here or cost + _PASSED < here[n + 1][0]:
                    here[n + 1] = (cost + _PASSED, parts)
        if not wordings and len(states) > len(slots):
            states.append(here)
            break
        following = {n: (cost + _LACKING, (*parts, None)) for n, (cost, parts) in here.items()}
        for n, (cost, parts) in here.items():
            for stop in range(n + 1, min(len(ends), n + 1 + _MOST_PIECES)):
                alike = max((likeness(text[ends[n] : ends[stop]], w) for w in wordings), default=0.0)
                price = cost + 1 - alike
                if alike >= LEAST_LIKE and (stop not in following or price < following[stop][0]):
                    following[stop] = (price, (*parts, (ends[n], ends[stop])))
        states.append(following)
    return list(states[-1][len(ends) - 1][1])
