"""Crops of lines through an engine, identical ones once and doubtful ones from several pictures, and their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from biaoge.model import Alternative, Word
from biaoge.text import is_cjk

from . import signs
from .blobs import runs
from .contract import Engine, Reading
from .crops import Crop
from .sheet import Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

DOUBTFUL = 0.9
"""Readings less sure than this are read again from other pictures of the same line."""
CAP = 0.85
"""Confidence of a line that something speaks against, at most; cells under 0.9 are told."""
LEAST = 1e-3
"""Alternatives less probable than this are not told."""
MOST = 6
"""Alternatives told."""
SPACE, SPACE_READ = 0.34, 0.2
"""Heights of the line: a gap between two Latin letters this wide is a space; the lower bar where one was read."""
MIXED, MIXED_READ = 0.7, 0.5
"""The same between a Chinese character and another sign: typesetters leave a quarter of an em there that is none."""
FAR, FAR_READ = 1.1, 0.5
"""The same beside figures and signs: a figure beside a wide 1 stands 0.4 away, a point stands alone in its half em."""
WIDE_SIGNS = frozenset(",:;!?()")
"""Signs that stand in a whole em where they are full-width; the engine often gives them as half-width."""
POINT = 0.3
"""Heights of the line: a point or comma is no wider."""
BESIDE_SIGN, BESIDE_SIGN_READ = 0.26, 0.21
"""The same between a half-width sign (1. or a bracket) and a Chinese character, beyond what letters of the line leave:
measured 0.22 to 0.31 where there is a space, 0.16 and less, once 0.23, where there is none."""
WIDTHS = str.maketrans(
    {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}
    | {"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-"}
)
"""Full-width signs and their half-width twins: pixels seldom tell them apart, and they say the same."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a line's reading. `posterior`: its probability as the engine sees it, averaged over all
    pictures of it; `margin`: how much more probable it is than the next; `agreement`: share of pictures that gave the
    same text; `height`: of the letters in pixels; `contrast`: of the ink, 0 to 1; `pictures`: how many were read;
    `against`: what else speaks against it ("dust", "ink", "sign", "gap": see `doubts`).
    """

    posterior: float
    margin: float
    agreement: float
    height: float
    contrast: float
    pictures: int = 1
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A line's reading with its evidence. Its text and alternatives are without spaces; `spaces`: the places in the
    text before which one was read; `edges` are pixels of the crop. `pictures`: what was read from each picture of it,
    the crop's own first.
    """

    crop: Crop
    reading: Reading
    evidence: Evidence
    spaces: tuple[int, ...] = ()
    pictures: tuple[Reading, ...] = field(default=(), repr=False)


Again = Callable[[int], Sequence["NDArray[np.uint8]"]]
"""Takes the number of a crop, gives other pictures of the same line."""


def read(crops: Sequence[Crop], again: Again, engine: Engine) -> list[Read]:
    """Every crop's reading, in the same order; two calls of the engine at most.

    A confidence is that of the text but for spaces and the width of signs: （ and ( count as one, and what was
    likelier stands.
    """
    known = _once([crop.image for crop in crops], engine)
    first = [judged(crop, [reading]) for crop, reading in zip(crops, known, strict=True)]
    doubtful = [i for i, line in enumerate(first) if not line.reading.text or line.reading.confidence < DOUBTFUL]
    pictures = [(i, image) for i in doubtful for image in again(i)]
    more: dict[int, list[Reading]] = {}
    for (i, _), reading in zip(pictures, _once([image for _, image in pictures], engine), strict=True):
        more.setdefault(i, [known[i]]).append(reading)
    return [judged(crops[i], more[i]) if i in more else line for i, line in enumerate(first)]


def _once(images: Sequence[NDArray[np.uint8]], engine: Engine) -> list[Reading]:
    """A reading for every image; those of the same pixels are read once."""
    keys = [(image.shape, image.tobytes()) for image in images]
    different = dict.fromkeys(keys)
    if not different:
        return []
    where = {key: i for i, key in reversed(list(enumerate(keys)))}
    readings = engine.crops([images[where[key]] for key in different])
    of_key = dict(zip(different, readings, strict=True))
    return [of_key[key] for key in keys]


def judged(crop: Crop, readings: Sequence[Reading]) -> Read:
    """The likeliest text over all pictures of a line (their mean), with the others as alternatives."""
    groups: dict[str, dict[str, float]] = {}
    for reading in readings:
        for text, p in ((reading.text, reading.confidence), *((a.text, a.probability) for a in reading.alternatives)):
            bare = _bare(text)
            group = groups.setdefault(bare.translate(WIDTHS), {})
            group[bare] = group.get(bare, 0.0) + p / len(readings)
    # Blank is what no line with ink says: any text is likelier.
    ranked = sorted(
        ((min(sum(group.values()), 1.0), key, group) for key, group in groups.items()),
        key=lambda item: (item[1] == "", -item[0], item[1]),
    )
    posterior, key, group = ranked[0]
    text = min(group, key=lambda t: (_uneven(t) and group[t] < 0.9 * posterior, -group[t], t))
    others = [(t, p) for t, p in group.items() if t != text]
    others += [(min(g, key=lambda t: (-g[t], t)), p) for p, k, g in ranked[1:] if k]
    others.sort(key=lambda item: (-item[1], item[0]))
    evidence = Evidence(
        posterior,
        posterior - (ranked[1][0] if len(ranked) > 1 else 0.0),
        sum(_bare(r.text).translate(WIDTHS) == key for r in readings) / len(readings),
        crop.height,
        crop.contrast,
        len(readings),
    )
    # Pictures later in the list have other columns than the crop, save where none of the others has this text.
    source = next((r for r in readings if len(_bare(r.text)) == len(text)), None)
    edges, spaces = (None, ()) if source is None or not text else _without_spaces(source)
    if source is not readings[0]:
        edges = None
    told = tuple(Alternative(t, min(p, 1.0)) for t, p in others if p >= LEAST)[:MOST]
    return Read(crop, Reading(text, posterior, told, edges, readings[0].digits), evidence, spaces, tuple(readings))


def weighed(line: Read, weight: Callable[[str], float]) -> Read:
    """The line read again where a character's probability is multiplied by `weight` of it.

    Where the engine kept nothing of what it saw, its alternatives are weighed. The first reading stays among them.
    """
    first = line.reading
    seen = [reading.seen for reading in line.pictures if reading.seen is not None]
    if seen and len(seen) == len(line.pictures):
        again = judged(line.crop, [one.weighed(weight) for one in seen])
    else:
        again = judged(line.crop, [_reweighed(first, weight)])
    reading = again.reading
    if reading.text != first.text and first.text:
        others = tuple(a for a in reading.alternatives if a.text != first.text)[: MOST - 1]
        left = Alternative(first.text, min(first.confidence, max(0.0, 1 - reading.confidence)))
        reading = replace(reading, alternatives=(left, *others))
    return replace(again, reading=reading, pictures=line.pictures)


def _reweighed(reading: Reading, weight: Callable[[str], float]) -> Reading:
    """The reading with its alternatives as likely as their characters are."""
    texts = {reading.text: reading.confidence, **{a.text: a.probability for a in reading.alternatives}}
    weights = {text: float(np.prod([weight(c) for c in text])) for text in texts}
    rest = max(0.0, 1 - sum(texts.values()))
    total = rest + sum(p * weights[text] for text, p in texts.items())
    ranked = sorted(((p * weights[text] / total, text) for text, p in texts.items()), key=lambda x: (-x[0], x[1]))
    (chance, text), *others = ranked
    edges = reading.edges if len(text) == len(reading.text) else None
    return Reading(text, min(chance, 1.0), tuple(Alternative(t, min(p, 1.0)) for p, t in others), edges, reading.digits)


def chances(line: Read, texts: Sequence[str]) -> tuple[float, ...]:
    """The probability of each of `texts`, the mean over all pictures of the line; 0 where the engine cannot tell."""
    told = [reading.seen.chances(texts) for reading in line.pictures if reading.seen is not None]
    return tuple(sum(row) / len(told) for row in zip(*told, strict=True)) if told else (0.0,) * len(texts)


def told(line: Read) -> dict[str, float]:
    """What a line may say, and how likely that is."""
    return {line.reading.text: line.reading.confidence, **{a.text: a.probability for a in line.reading.alternatives}}


def rivals(line: Read, text: str) -> tuple[Mapping[str, float], ...]:
    """What may stand in the place of each character of `text`, with its probability, the mean over all pictures of the
    line that can say so; empty where none can.
    """
    told = [found for r in line.pictures if r.seen is not None and (found := r.seen.rivals(text))]
    out: tuple[dict[str, float], ...] = tuple({} for _ in (text if told else ""))
    for found in told:
        for into, chances in zip(out, found, strict=True):
            for character, chance in chances.items():
                into[character] = into.get(character, 0.0) + chance / len(told)
    return out


def _bare(text: str) -> str:
    return "".join(text.split())


def _uneven(text: str) -> bool:
    """Whether brackets of both widths stand in a text."""
    return any(c in "()" for c in text) and any(c in "（）" for c in text)


def _without_spaces(reading: Reading) -> tuple[tuple[float, ...] | None, tuple[int, ...]]:
    """The edges of the characters that are no spaces, and the places among them before which a space stands."""
    kept = [i for i, c in enumerate(reading.text) if not c.isspace()]
    spaces = tuple(n for n, (a, b) in enumerate(pairwise(kept), 1) if b > a + 1)
    if reading.edges is None:
        return None, spaces
    return (*(reading.edges[i] for i in kept), reading.edges[kept[-1] + 1]), spaces


def settled(lines: Sequence[Read]) -> list[Read]:
    """The lines of one cell, their signs in the width that the white beside them tells."""
    texts, decided = [], []
    for line in lines:
        text, edges = placed(line)
        own = signs.widths(text, gaps(line.crop, edges, text), max(line.crop.height, 1.0), line.spaces)
        texts.append(own[0])
        decided.append(own[1])
    out = []
    for line, text in zip(lines, signs.paired(texts, decided), strict=True):
        reading = line.reading
        others = tuple(a for a in reading.alternatives if a.text != text)
        out.append(replace(line, reading=replace(reading, text=text, alternatives=others)))
    return out


def words(sheet: Sheet, line: Read) -> list[Word]:
    """The words of a line, parted at white space, with their edges in points of the sheet; none of a blank one.

    Two Chinese characters are never parted. Latin words are parted where the reading has a space and the ink leaves a
    gap, or where the gap is as wide as one: recognisers drop spaces. Figures are parted at gaps no figure leaves.
    """
    text, edges = placed(line)
    if not text:
        return []
    cuts = []
    height = max(line.crop.height, 1.0)
    white = gaps(line.crop, edges, text)
    extra = signs.beyond(text, white, height)
    for at, (start, end) in white.items():
        # The engine's edges are some way off; the ink is exact.
        edges[at] = (start + end) / 2
        wide = extra[at] if _by_sign(text[at - 1], text[at]) else (end - start) / height
        if wide >= _bar(text[at - 1], text[at], at in line.spaces):
            cuts.append(at)
    edges = [float(x) for x in np.maximum.accumulate(edges)]
    return [_word(sheet, line, text, edges, run) for run in pairwise((0, *sorted(cuts), len(text)))]


def _by_sign(before: str, after: str) -> bool:
    """Whether a half-width sign stands beside a Chinese character, on the side where a space may be."""
    return (before in ".,:;!?)" and signs.is_han(after)) or (signs.is_han(before) and after == "(")


def _bar(before: str, after: str, was_read: bool) -> float:
    """How wide (heights of the line) a gap between two characters must be to part words."""
    if is_cjk(before) and is_cjk(after):
        return inf
    if _by_sign(before, after):
        return BESIDE_SIGN_READ if was_read else BESIDE_SIGN
    if is_cjk(before) or is_cjk(after):
        return MIXED_READ if was_read else FAR if before in WIDE_SIGNS or after in WIDE_SIGNS else MIXED
    if was_read and (before.isalpha() or after.isalpha() or before in ")]%" or after in "(["):
        return SPACE_READ
    return SPACE if before.isalpha() and after.isalpha() else FAR_READ if was_read else FAR


def gaps(crop: Crop, edges: Sequence[float], text: str) -> dict[int, tuple[float, float]]:
    """For every place between two characters the widest gap of the ink there: its columns of the sheet."""
    centres = np.array([(a + b) / 2 for a, b in pairwise(edges)])
    white = [(crop.box[0] + a, crop.box[0] + b) for a, b in runs(~crop.inked)]
    found: dict[int, tuple[float, float]] = {}
    for a, b in white:
        at = int(np.searchsorted(centres, (a + b) / 2))
        if 0 < at < len(centres) and (at not in found or b - a > found[at][1] - found[at][0]):
            found[at] = (float(a), float(b))
    # The engine is vague about where a point stands; its ink is not.
    low = points(crop)
    for k, char in enumerate(text):
        if char not in signs.POINTS or not low:
            continue
        a, b = min(low, key=lambda p: abs((p[0] + p[1]) / 2 - centres[k]))
        if abs((a + b) / 2 - centres[k]) > 0.5 * crop.height:
            continue
        for at, gap in (
            (k, next((g for g in white if g[1] == a), None)),
            (k + 1, next((g for g in white if g[0] == b), None)),
        ):
            if gap is not None and 0 < at < len(centres):
                found[at] = (float(gap[0]), float(gap[1]))
    return found


def points(crop: Crop) -> list[tuple[int, int]]:
    """Columns of the sheet of narrow ink that stands at the foot of the line alone, as points and commas do."""
    return [
        (crop.box[0] + a, crop.box[0] + b)
        for a, b in runs(crop.inked)
        if b - a <= POINT * crop.height and bool(crop.low[a:b].all())
    ]


def placed(line: Read) -> tuple[str, list[float]]:
    """The text and the edges of its characters, in pixels of the sheet, the outer ones at the ends of the ink."""
    text, crop = line.reading.text, line.crop
    left, _, right, _ = crop.box
    given = line.reading.edges
    if given is None:
        step = (right - left) / max(1, len(text))
        return text, [left + step * i for i in range(len(text) + 1)]
    edges = [min(max(crop.column(x), left), right) for x in given]
    edges[0], edges[-1] = float(left), float(right)
    return text, [float(x) for x in np.maximum.accumulate(edges)]


def _word(sheet: Sheet, line: Read, text: str, edges: Sequence[float], run: tuple[int, int]) -> Word:
    start, end = run
    own = _on_ink(line.crop, edges[start : end + 1])
    box = sheet.box_of(own[0], line.crop.box[1], own[-1], line.crop.box[3])
    points = [sheet.box_of(x, 0, x, 0).x0 for x in own]
    points[0], points[-1] = box.x0, box.x1
    return Word(
        text[start:end],
        box,
        "ocr",
        line.reading.confidence,
        line.crop.height * 72 / sheet.dpi,
        tuple(float(x) for x in np.clip(np.maximum.accumulate(points), box.x0, box.x1)),
        spaced=start > 0,
        alternatives=_alternatives(line.reading, start, end),
    )


def _on_ink(crop: Crop, edges: Sequence[float]) -> list[float]:
    """The edges, the outer ones drawn in to the ink between them."""
    left = crop.box[0]
    first, last = round(edges[0]) - left, round(edges[-1]) - left
    columns = np.flatnonzero(crop.inked[max(first, 0) : max(last, 0)])
    if not len(columns):
        return list(edges) if edges[-1] > edges[0] else [edges[0] + i / 100 for i in range(len(edges))]
    low, high = left + max(first, 0) + int(columns[0]), left + max(first, 0) + int(columns[-1]) + 1
    return [low, *(min(max(x, low), high) for x in edges[1:-1]), high]


def _alternatives(reading: Reading, start: int, end: int) -> tuple[Alternative, ...]:
    """The alternatives of a line that differ from it between `start` and `end` alone, as the word there."""
    before, after = reading.text[:start].translate(WIDTHS), reading.text[end:].translate(WIDTHS)
    found: dict[str, float] = {}
    for other in reading.alternatives:
        if len(other.text) < start + len(after) or not (
            other.text[:start].translate(WIDTHS) == before
            and other.text[len(other.text) - len(after) :].translate(WIDTHS) == after
        ):
            continue
        piece = other.text[len(before) : len(other.text) - len(after)]
        if piece and piece != reading.text[start:end]:
            found[piece] = found.get(piece, 0.0) + other.probability
    return tuple(Alternative(t, min(p, 1.0)) for t, p in sorted(found.items(), key=lambda item: (-item[1], item[0])))


def capped(line: Read, most: float = CAP) -> Read:
    """The line, no surer than `most`."""
    return replace(line, reading=replace(line.reading, confidence=min(line.reading.confidence, most)))


def taken(line: Read, text: str, sure: float, placed: bool = True) -> Read:
    """The line read as `text`; what was read first stands first among the alternatives.

    `placed`: whether its characters stand where those read first do.
    """
    reading = line.reading
    others = (Alternative(reading.text, reading.confidence), *(a for a in reading.alternatives if a.text != text))
    edges = reading.edges if placed else None
    changed = replace(reading, text=text, confidence=sure, alternatives=others, edges=edges)
    return replace(line, reading=changed, spaces=line.spaces if placed else ())


def instead(line: Read, number: Alternative) -> Read:
    """The line read as a number; what was read first stays among the alternatives."""
    reading = line.reading
    chance = max(reading.confidence, min(number.probability, 0.99) if number.probability > 0.5 else number.probability)
    kept = [Alternative(reading.text, min(reading.confidence, 1 - chance))] if reading.text else []
    others = tuple(a for a in (*kept, *reading.alternatives) if a.text != number.text and a.text)
    edges = reading.edges if reading.edges is not None and len(number.text) == len(reading.text) else None
    changed = Reading(number.text, chance, others[:MOST], edges, reading.digits)
    return replace(line, reading=changed, spaces=(), evidence=replace(line.evidence, posterior=chance))
