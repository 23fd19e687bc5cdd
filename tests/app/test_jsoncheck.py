"""JSON of unknown origin: it is read, or refused with an InputError, and what was read can be written again."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biaoge.app.export import files_of
from biaoge.app.jsonin import document_from_dict, load_json
from biaoge.app.jsonout import document_to_dict
from biaoge.errors import InputError
from biaoge.model import Document

VALUES: tuple[object, ...] = (
    *(None, True, -1, 0, 2**70, 10**30, 1.5, float("nan"), float("inf"), "", "x", "sNaN", "1e999999999", "\ud800"),
    *([], [[]], [1], ["a"], [0, 0, 0, 0], {}, {"a": 1}),
)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every value inside of `value`."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*way, key)
        yield from places(item, (*way, key))


def changed(raw: Any, way: tuple[Any, ...], value: object) -> Any:
    raw = copy.deepcopy(raw)
    at = raw
    for key in way[:-1]:
        at = at[key]
    at[way[-1]] = value
    return raw


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_any_value_anywhere(document: Document, draw: st.DataObject) -> None:
    raw = document_to_dict(document)
    wrong = changed(raw, draw.draw(st.sampled_from(sorted(places(raw), key=repr))), draw.draw(st.sampled_from(VALUES)))
    try:
        read = document_from_dict(wrong)
    except InputError:
        return
    assert len(list(files_of(read, "a", ("json", "html", "csv", "md")))) >= 3


FOUND: dict[str, tuple[tuple[Any, ...], object]] = {
    "rows of a part are an empty text": (("tables", 0, "parts", 0, "rows"), ""),
    "more columns than memory": (("tables", 0, "n_cols"), 10**30),
    "a million million places": (("tables", 0, "n_rows"), 2**30),
    "a value that is no number": (("fields", "a.b.fee", "value"), "x"),
    "a value of a thousand million digits": (("fields", "a.b.fee", "value"), "1e999999999"),
    "a signalling nothing": (("checks", 0, "expected"), "sNaN"),
    "fields in a list": (("fields",), [1]),
    "an unhashable name": (("source", "name"), []),
    "an unhashable role": (("tables", 0, "cells", 0, "role"), []),
    "a text that is a number": (("tables", 0, "cells", 0, "text"), 1.5),
    "a text for a confidence": (("tables", 0, "confidence"), "\x1b[2J"),
    "a confidence that is none": (("tables", 0, "confidence"), float("nan")),
}


@pytest.mark.parametrize(("way", "value"), FOUND.values(), ids=FOUND)
def test_what_was_found(document: Document, way: tuple[Any, ...], value: object) -> None:
    with pytest.raises(InputError) as caught:
        document_from_dict(changed(document_to_dict(document), way, value))
    assert str(caught.value).isprintable()


def test_a_span_of_a_million_times_a_million(document: Document) -> None:
    raw: Any = document_to_dict(document)
    raw["tables"][0] |= {"n_rows": 10**6, "n_cols": 10**6, "header_rows": 0, "stub_cols": 0}
    raw["tables"][0]["cells"] = raw["tables"][0]["cells"][:1]
    raw["tables"][0]["cells"][0] |= {"rowspan": 10**6, "colspan": 10**6}
    with pytest.raises(InputError, match="places"):
        document_from_dict(raw)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "9" * 5000, "\x00", "NaN"])
def test_no_document_at_all(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        load_json(path)


def test_what_biaoge_writes_passes(document: Document) -> None:
    raw = json.loads(json.dumps(document_to_dict(document)))
    assert document_to_dict(document_from_dict(raw)) == document_to_dict(document)
