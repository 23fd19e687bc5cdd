from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.eval.metrics import alignment
from biaoge.eval.metrics.alignment import Codes, Floats, line_scores


def grid(draw: st.DrawFn, values: int) -> Codes:
    shape = draw(st.tuples(st.integers(1, 7), st.integers(1, 5)))
    codes = draw(st.lists(st.integers(0, values - 1), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    return np.array(codes, dtype=np.int64).reshape(shape)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 40), st.integers(1, 60))
def test_blocks_of_any_size_give_the_same(data: st.DataObject, block: int, chunk: int) -> None:
    true = data.draw(st.composite(lambda draw: grid(draw, 6))())
    predicted = data.draw(st.composite(lambda draw: grid(draw, 6))())
    likeness = np.random.default_rng(1).random((6, 6))

    def similar(which: Codes) -> Floats:
        out: Floats = likeness[which]
        return out

    whole = line_scores(true, predicted, similar)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "_BLOCK", block)
        patch.setattr(alignment, "_CHUNK", chunk)
        parts = line_scores(true, predicted, similar)
    assert np.array_equal(whole[0], parts[0])
    assert np.array_equal(whole[1], parts[1])
