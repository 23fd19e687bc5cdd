"""What a recogniser of lines says, step by step, turned into texts with their probabilities.

A recogniser trained with CTC gives, for each of its steps from left to right, a probability for every label and for
"blank". A path names one label a step; its text is the path with repeats merged and blanks taken out. The probability
of a text is the sum over all of its paths: A. Graves, S. Fernández, F. Gomez, J. Schmidhuber, "Connectionist Temporal
Classification", ICML 2006. Arrays are (steps, labels), rows sum to 1 (or less, where labels were left out).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Probabilities: TypeAlias = NDArray[np.float32] | NDArray[np.float64]
Labels = tuple[int, ...]
"""A text as column numbers of the array, without blanks."""

FLOOR = 1e-3
"""A label less probable than this at a step is not tried there: it could only make a text as improbable."""
BEAM = 12
"""Texts kept from step to step; an uncertain letter has seldom more than five rivals."""
NARROW = 1e-5
"""A beginning this much less probable than the best one is dropped; certain lines so carry one beginning alone."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A text (columns) and its probability."""

    labels: Labels
    probability: float


def greedy(probabilities: Probabilities, blank: int = 0) -> Labels:
    """The text of the likeliest path.

    >>> greedy(np.array([[0.1, 0.9], [0.2, 0.8], [0.9, 0.1], [0.3, 0.7]]))
    (1, 1)
    """
    best = probabilities.argmax(axis=1)
    new = np.concatenate(([True], best[1:] != best[:-1]))[: len(best)] & (best != blank)
    return tuple(best[new].tolist())


def posteriors(probabilities: Probabilities, texts: Sequence[Labels], blank: int = 0) -> NDArray[np.float64]:
    """The exact probability of each of `texts` (the forward algorithm, scaled at every step)."""
    count, longest = len(texts), max((len(text) for text in texts), default=0)
    states = np.full((count, 2 * longest + 1), blank)  # (texts, blank label blank label … blank)
    for row, text in enumerate(texts):
        states[row, 1 : 2 * len(text) : 2] = text
    leap = np.zeros(states.shape, bool)  # whether the blank before a label may be left out: never between equal ones
    leap[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    forward = np.zeros(states.shape)
    logs = np.zeros(count)
    forward[:, 0] = 1.0  # stands before the first step; a leap to the first label is made below
    if longest:
        leap[:, 1] = False
    for step in probabilities[:, states].astype(np.float64):  # (texts, states)
        before = forward
        forward = before.copy()
        forward[:, 1:] += before[:, :-1]
        forward[:, 2:] += before[:, :-2] * leap[:, 2:]
        forward *= step
        total = forward.sum(axis=1)
        np.maximum(total, np.finfo(np.float64).tiny, out=total)
        forward /= total[:, None]
        logs += np.log(total)
    ends = 2 * np.array([len(text) for text in texts], int)
    rows = np.arange(count)
    final = forward[rows, ends] + np.where(ends > 0, forward[rows, np.maximum(ends - 1, 0)], 0.0)
    return np.asarray(np.minimum(final * np.exp(logs), 1.0), np.float64)


def beam(probabilities: Probabilities, blank: int = 0, width: int = BEAM, floor: float = FLOOR) -> tuple[Labels, ...]:
    """The likeliest texts, by a search over beginnings of which `width` are kept; the first is nearly always the best.

    Labels below `floor` are left out of a step, save its best one. A. Hannun, A. Maas, D. Jurafsky, A. Ng,
    "First-pass large vocabulary continuous speech recognition using bi-directional recurrent DNNs", 2014 (algorithm 1,
    without a language model).
    """
    trie: list[tuple[int, int]] = [(-1, -1)]  # (the beginning one letter shorter, last label)
    children: dict[tuple[int, int], int] = {}
    kept: dict[int, tuple[float, float]] = {0: (1.0, 0.0)}  # beginning: (its paths that end in blank, the others)
    for options in _options(probabilities, floor):
        grown: dict[int, tuple[float, float]] = {}
        for node, (after_blank, after_label) in kept.items():
            both, last = after_blank + after_label, trie[node][1]
            for label, p in options:
                at, blanks, labels = node, 0.0, 0.0
                if label == blank:
                    blanks = both * p
                elif label == last:
                    labels = after_label * p
                if label not in (blank, last) or (label == last and after_blank > 0):
                    child = children.get((node, label))
                    if child is None:
                        child = children[node, label] = len(trie)
                        trie.append((node, label))
                    b, n = grown.get(child, (0.0, 0.0))
                    grown[child] = (b, n + (after_blank if label == last else both) * p)
                if blanks or labels:
                    b, n = grown.get(at, (0.0, 0.0))
                    grown[at] = (b + blanks, n + labels)
        best = max(b + n for b, n in grown.values())
        likely = sorted(((b + n, -node) for node, (b, n) in grown.items() if b + n >= best * NARROW), reverse=True)
        kept = {-node: (grown[-node][0] / best, grown[-node][1] / best) for _, node in likely[:width]}
    return tuple(_spelled(trie, node) for node in kept)


def _options(probabilities: Probabilities, floor: float) -> Iterable[list[tuple[int, float]]]:
    """For every step its labels worth trying, with their probabilities."""
    best = probabilities.argmax(axis=1)
    worth = probabilities >= floor
    worth[np.arange(len(best)), best] = True
    steps, labels = np.nonzero(worth)
    values = probabilities[steps, labels].astype(np.float64)
    bounds = np.searchsorted(steps, np.arange(len(best) + 1)).tolist()
    pairs = list(zip(labels.tolist(), np.maximum(values, np.finfo(np.float64).tiny).tolist(), strict=True))
    return (pairs[start:end] for start, end in pairwise(bounds))


def _spelled(trie: Sequence[tuple[int, int]], node: int) -> Labels:
    labels: list[int] = []
    while node > 0:
        node, label = trie[node]
        labels.append(label)
    return tuple(reversed(labels))


def guesses(probabilities: Probabilities, blank: int = 0, width: int = BEAM) -> tuple[Guess, ...]:
    """Texts with their exact probabilities, likeliest first; at least one, the sum at most 1."""
    texts = beam(probabilities, blank, width)
    exact = posteriors(probabilities, texts, blank).tolist()
    ranked = sorted(zip(exact, texts, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return tuple(Guess(text, p) for p, text in ranked)


def spans(probabilities: Probabilities, labels: Labels, blank: int = 0) -> tuple[tuple[int, int], ...]:
    """For every label of a text the first and last step on its likeliest path (Viterbi), both included.

    Empty where the text has more labels than there are steps.
    """
    states = np.full(2 * len(labels) + 1, blank)
    states[1::2] = labels
    if not labels or len(labels) + sum(a == b for a, b in pairwise(labels)) > len(probabilities):
        return ()
    logs = np.log(np.maximum(probabilities[:, states], 1e-30).astype(np.float64))  # (steps, states)
    leap = np.zeros(len(states), bool)
    leap[3::2] = states[3::2] != states[1:-2:2]
    came = np.zeros(logs.shape, np.int8)  # how many states back the best way came from
    score = np.full(len(states), -np.inf)
    score[:2] = logs[0, :2]
    for step in range(1, len(logs)):
        ways = np.full((3, len(states)), -np.inf)
        ways[0], ways[1, 1:] = score, score[:-1]
        ways[2, 2:] = np.where(leap[2:], score[:-2], -np.inf)
        came[step] = ways.argmax(axis=0)
        score = ways.max(axis=0) + logs[step]
    state = len(states) - 1 if score[-1] >= score[-2] else len(states) - 2
    first, last = [0] * len(labels), [-1] * len(labels)
    for step in range(len(logs) - 1, -1, -1):
        if state % 2:
            first[state // 2] = step
            last[state // 2] = max(last[state // 2], step)
        state -= int(came[step, state])
    return tuple(zip(first, last, strict=True))
