from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biaoge.ocr.calibration import calibrated, points


def test_what_is_shipped_ascends() -> None:
    line = points("rapidocr")
    assert len(line) > 2
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(line))
    assert all(0 < measured < 1 for _, measured in line)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_claim_is_no_less_sure(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert 0 < calibrated(low, "rapidocr") <= calibrated(high, "rapidocr") < 1


def test_it_goes_through_its_points() -> None:
    for claimed, measured in points("rapidocr"):
        same = [m for c, m in points("rapidocr") if c == claimed]
        assert min(same) - 1e-9 <= calibrated(claimed, "rapidocr") <= max(same) + 1e-9
        assert calibrated(claimed, "rapidocr") == pytest.approx(measured) or len(same) > 1


def test_an_engine_that_was_not_measured_is_taken_at_its_word() -> None:
    assert calibrated(0.37, "somebody's") == 0.37
