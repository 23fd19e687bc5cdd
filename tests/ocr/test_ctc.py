"""The decoder against all paths written out."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biaoge.ocr import ctc

FEW = settings(max_examples=40, deadline=None)


@st.composite
def step_arrays(draw: st.DrawFn) -> NDArray[np.float64]:
    """(1 to 5 steps, blank and 1 to 3 labels), rows sum to 1."""
    shape = (draw(st.integers(1, 5)), draw(st.integers(2, 4)))
    raw = draw(arrays.arrays(np.float64, shape, elements=st.floats(0.01, 1.0)))
    whole: NDArray[np.float64] = raw / raw.sum(axis=1, keepdims=True)
    return whole


def all_paths(probabilities: NDArray[np.float64]) -> dict[ctc.Labels, list[float]]:
    """Every text with the probabilities of its paths."""
    steps, labels = probabilities.shape
    found: dict[ctc.Labels, list[float]] = defaultdict(list)
    rows = probabilities.tolist()
    for path in itertools.product(range(labels), repeat=steps):
        text = tuple(label for label, _ in itertools.groupby(path) if label)
        found[text].append(math.prod(row[label] for row, label in zip(rows, path, strict=True)))
    return found


def all_texts(probabilities: NDArray[np.float64]) -> dict[ctc.Labels, float]:
    """Every text with the sum of its paths."""
    return {text: sum(paths) for text, paths in all_paths(probabilities).items()}


@given(step_arrays())
@FEW
def test_the_posterior_is_the_sum_of_all_paths(probabilities: NDArray[np.float64]) -> None:
    sums = all_texts(probabilities)
    texts = list(sums)
    np.testing.assert_allclose(ctc.posteriors(probabilities, texts), [sums[text] for text in texts], rtol=1e-9)
    assert ctc.posteriors(probabilities, texts).sum() == pytest.approx(1)


@given(step_arrays())
@FEW
def test_a_wide_beam_finds_every_text_and_the_best_first(probabilities: NDArray[np.float64]) -> None:
    sums = all_texts(probabilities)
    found = ctc.guesses(probabilities, width=10_000)
    assert found[0].probability == pytest.approx(max(sums.values()))
    for guess in found:
        assert guess.probability == pytest.approx(sums[guess.labels])
    assert len({guess.labels for guess in found}) == len(found)
    missed = set(sums) - {guess.labels for guess in found}
    assert sum(sums[text] for text in missed) < 0.01  # what the beam drops is improbable


@given(step_arrays(), st.integers(1, 3))
@FEW
def test_a_narrow_beam_is_honest(probabilities: NDArray[np.float64], width: int) -> None:
    sums = all_texts(probabilities)
    found = ctc.guesses(probabilities, width=width)
    assert 1 <= len(found) <= width
    assert [guess.probability for guess in found] == sorted((g.probability for g in found), reverse=True)
    for guess in found:
        assert guess.probability == pytest.approx(sums[guess.labels])


@given(step_arrays())
@FEW
def test_the_best_path_of_a_text_goes_through_its_spans(probabilities: NDArray[np.float64]) -> None:
    for labels, ways in itertools.islice(all_paths(probabilities).items(), 10):
        where = ctc.spans(probabilities, labels)
        path = np.zeros(len(probabilities), int)
        for label, (first, last) in zip(labels, where, strict=True):
            assert (path[first : last + 1] == 0).all()
            path[first : last + 1] = label
        assert tuple(label for label, _ in itertools.groupby(path.tolist()) if label) == labels
        assert float(np.prod(probabilities[np.arange(len(path)), path])) == pytest.approx(max(ways))


def test_where_two_paths_together_beat_the_likeliest_one() -> None:
    probabilities = np.array([[0.6, 0.4], [0.6, 0.4]])  # "" has one path, 0.36; "a" three, 0.64
    assert ctc.greedy(probabilities) == ()
    best, other = ctc.guesses(probabilities)
    assert (best.labels, other.labels) == ((1,), ())
    assert [best.probability, other.probability] == pytest.approx([0.64, 0.36])


def test_equal_neighbours_need_a_blank_between() -> None:
    same = np.array([[0.0, 1.0], [0.0, 1.0]])
    assert ctc.posteriors(same, [(1,), (1, 1)]).tolist() == [1.0, 0.0]
    assert ctc.spans(same, (1, 1)) == ()
    apart = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    assert ctc.posteriors(apart, [(1,), (1, 1)]).tolist() == [0.0, 1.0]
    assert ctc.spans(apart, (1, 1)) == ((0, 0), (2, 2))


def test_a_text_longer_than_the_steps_is_impossible() -> None:
    one = np.array([[0.5, 0.5]])
    assert ctc.posteriors(one, [(1, 1, 1), (1,), ()]).tolist() == pytest.approx([0.0, 0.5, 0.5])
    assert ctc.spans(one, (1, 1, 1)) == ()


def test_hundreds_of_uncertain_steps_do_not_underflow() -> None:
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet(np.ones(40), size=600)
    best, *others = ctc.guesses(probabilities)
    assert 0 <= best.probability < 1e-100
    assert np.isfinite(best.probability)
    assert all(0 <= other.probability <= best.probability for other in others)


def test_uncertain_letters_far_apart_give_their_combinations() -> None:
    probabilities = np.full((60, 4), 0.0)
    probabilities[:, 0] = 1.0
    probabilities[5] = [0, 0.7, 0.3, 0]
    probabilities[50] = [0.2, 0, 0, 0.8]
    assert [(g.labels, round(g.probability, 9)) for g in ctc.guesses(probabilities)] == [
        ((1, 3), 0.56),
        ((2, 3), 0.24),
        ((1,), 0.14),
        ((2,), 0.06),
    ]
