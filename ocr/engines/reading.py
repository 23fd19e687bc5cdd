"""From the steps of a recogniser to a reading: text, confidence, alternatives, edges, digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from biaoge.model import Alternative
from biaoge.ocr import ctc
from biaoge.ocr.contract import Reading

DIGITS = "0123456789.,-%"
"""The alphabet of numbers, as the contract has it."""
LONGEST_NUMBER = 24
"""Characters; longer readings are not tried as a number."""
LEAST = 1e-4
"""Alternatives less probable than this are not told."""
MOST = 8
"""Alternatives told."""
RIVALS = 12
"""Labels told for the place of one character."""


class Alphabet:
    """Characters of a model: column 0 is blank, column i is `characters[i - 1]`."""

    def __init__(self, characters: Sequence[str]) -> None:
        self.characters = ("", *characters)
        known = {character: column for column, character in enumerate(self.characters)}
        self.always = (0, *sorted(known[digit] for digit in DIGITS if digit in known))
        """Columns kept of every crop: blank and the digits, ascending."""
        self.place = {self.characters[column]: place for place, column in enumerate(self.always) if column}
        """Where each digit's column stands in `always`."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """`columns`: (labels,) ascending columns of the model, `probabilities`: (steps, labels) of them, `stride`: pixels
    of the prepared image a step."""

    columns: NDArray[np.intp] = field(repr=False)
    probabilities: ctc.Probabilities = field(repr=False)
    stride: float

    @staticmethod
    def joined(pieces: Sequence[Steps]) -> Steps:
        """The steps of a line's pieces one after the other."""
        if len(pieces) == 1:
            return pieces[0]
        columns = np.unique(np.concatenate([piece.columns for piece in pieces]))
        rows = []
        for piece in pieces:
            wide = np.zeros((len(piece.probabilities), len(columns)))
            wide[:, np.searchsorted(columns, piece.columns)] = piece.probabilities
            rows.append(wide)
        return Steps(columns, np.concatenate(rows), pieces[0].stride)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """`biaoge.ocr.contract.Seen` of a crop `width` pixels wide; `scale`: its pixels a pixel of the prepared image."""

    steps: Steps = field(repr=False)
    alphabet: Alphabet = field(repr=False)
    scale: float
    width: float

    def chances(self, texts: Sequence[str]) -> tuple[float, ...]:
        """The exact probability of each text; spaces at its ends and in it count as they stand."""
        place = {self.alphabet.characters[column]: at for at, column in enumerate(self.steps.columns)}
        known = [i for i, text in enumerate(texts) if all(character in place for character in text)]
        exact = ctc.posteriors(self.steps.probabilities, [tuple(place[c] for c in texts[i]) for i in known])
        out = [0.0] * len(texts)
        for i, chance in zip(known, exact.tolist(), strict=True):
            out[i] = chance
        return tuple(out)

    def rivals(self, text: str) -> tuple[Mapping[str, float], ...]:
        """For every character those that are likeliest at any step from half way to the one before to half way to the
        one behind, with their probability there."""
        characters = [self.alphabet.characters[column] for column in self.steps.columns]
        place = {character: at for at, character in enumerate(characters) if character}
        if any(character not in place for character in text):
            return ()
        steps = self.steps.probabilities
        spans = ctc.spans(steps, tuple(place[character] for character in text))
        found = []
        for before, (first, last), behind in zip((None, *spans), spans, (*spans[1:], None), strict=False):
            start = min(first, (before[1] + first) // 2 + 1) if before is not None else max(first - 1, 0)
            end = max(last, (last + behind[0]) // 2) if behind is not None else last + 1
            most = steps[start : end + 1].max(axis=0)
            best = np.argsort(-most, kind="stable")[:RIVALS].tolist()
            found.append({characters[i]: float(most[i]) for i in best if characters[i] and most[i] >= LEAST})
        return tuple(found)

    def weighed(self, weight: Callable[[str], float]) -> Reading:
        """The reading where every character is so much likelier, the others less, at every step."""
        characters = [self.alphabet.characters[column] for column in self.steps.columns]
        weights = np.array([weight(character) if character else 1.0 for character in characters])
        seen = self.steps.probabilities.astype(np.float64)
        changed = seen * weights
        total = np.maximum(changed.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        changed *= seen.sum(axis=1, keepdims=True) / total
        return reading(replace(self.steps, probabilities=changed), self.alphabet, self.scale, self.width)


def reading(steps: Steps, alphabet: Alphabet, scale: float, width: float) -> Reading:
    """The reading of a crop `width` pixels wide; `scale`: pixels of the crop a pixel of the prepared image.

    Texts that differ in spaces at their ends alone are one.
    """
    found: dict[str, tuple[float, ctc.Labels]] = {}
    for guess in ctc.guesses(steps.probabilities):
        text = spelled(steps, alphabet, guess.labels)
        bare = text.strip(" ")
        start = len(text) - len(text.lstrip(" "))
        so_far, labels = found.get(bare, (0.0, guess.labels[start : start + len(bare)]))
        found[bare] = (so_far + guess.probability, labels)
    (text, (probability, labels)), *others = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    return Reading(
        text,
        min(1.0, probability),
        tuple(Alternative(other, min(1.0, p)) for other, (p, _) in others[:MOST] if p >= LEAST),
        edges(ctc.spans(steps.probabilities, labels), steps.stride * scale, width) if labels else (0.0,),
        number(steps, alphabet, text, probability) if len(text) <= LONGEST_NUMBER else None,
        Seen(replace(steps, probabilities=steps.probabilities.astype(np.float32)), alphabet, scale, width),
    )


def spelled(steps: Steps, alphabet: Alphabet, labels: ctc.Labels) -> str:
    """The text of labels (places in `steps.columns`)."""
    return "".join(alphabet.characters[steps.columns[label]] for label in labels)


def number(steps: Steps, alphabet: Alphabet, text: str, probability: float) -> Alternative:
    """The likeliest text of digits, with its probability among all texts over the alphabet of numbers.

    `text`: the likeliest of all, with its `probability`. Leaving labels out only raises the probability of a text that
    lacks them, so a number that is more likely than not stays the likeliest, and no search is needed.
    """
    places = np.searchsorted(steps.columns, np.array(alphabet.always))
    narrow = steps.probabilities[:, places]
    narrow = narrow / np.maximum(narrow.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    if probability > 0.5 and all(character in alphabet.place for character in text):
        labels = tuple(alphabet.place[character] for character in text)
        return Alternative(text, float(ctc.posteriors(narrow, [labels])[0]))
    best = ctc.guesses(narrow)[0]
    return Alternative("".join(alphabet.characters[alphabet.always[i]] for i in best.labels), best.probability)


def edges(spans: Sequence[tuple[int, int]], step: float, width: float) -> tuple[float, ...]:
    """Edges of characters (pixels of the crop) from their first and last steps: half way between neighbours.

    The first and the last character reach as far outward as inward.
    """
    centres = [(first + last + 1) / 2 * step for first, last in spans]
    inner = [(left[1] + 1 + right[0]) / 2 * step for left, right in pairwise(spans)]
    if not inner:
        return (0.0, float(width))
    outer = (2 * centres[0] - inner[0], 2 * centres[-1] - inner[-1])
    return tuple(np.maximum.accumulate(np.clip([outer[0], *inner, outer[1]], 0.0, width)).tolist())
