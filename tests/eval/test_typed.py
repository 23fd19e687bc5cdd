from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.eval.typed import MOST_PLACES, box_of, check_size, decoded

LEAVES = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


@given(VALUES)
def test_what_is_of_the_type_comes_back(value: object) -> None:
    assert decoded(json.dumps(value), object) == value


@given(st.text(st.characters(categories=["Cs", "Ll"])))
def test_no_half_of_a_pair_is_left(text: str) -> None:
    (found,) = decoded(json.dumps([text]), list[str])
    assert found.encode("utf-8").decode("utf-8") == found


def test_the_place_of_what_is_wrong_is_told() -> None:
    with pytest.raises(ValueError, match=r"\$\[1\]\[0\]"):
        decoded("[[1], [true]]", list[list[int]])
    with pytest.raises(ValueError, match="nested too deeply"):
        decoded("[" * (sys.getrecursionlimit() * 100), object)
    with pytest.raises(ValueError, match=r"\$\.box"):
        box_of((0, 0, float("inf"), 1), "$.box")


def test_the_largest_table() -> None:
    check_size(1, MOST_PLACES)
    with pytest.raises(ValueError, match="n_rows, n_cols"):
        check_size(2, MOST_PLACES // 2 + 1)
