from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from biaoge.app.jsonin import document_from_dict, load_json
from biaoge.app.jsonout import SCHEMA, document_to_dict, to_json
from biaoge.app.pipeline import read
from biaoge.errors import InputError
from biaoge.model import Cell, Document, Repair, Table

OPTIONAL = {"alternatives", "verified", "repair", "form", "fields", "checks"}
"""Members that came into the contract later, or stand only where there is something to say."""


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("biaoge.app").joinpath("schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return found


def test_the_contract(document: Document, schema: dict[str, Any]) -> None:
    raw = json.loads(to_json(document))
    jsonschema.validate(raw, schema)
    assert raw == document_to_dict(document)
    cells = {(c["row"], c["col"]): c for c in raw["tables"][0]["cells"]}
    assert cells[3, 2]["column_path"] == ["自然人|法人", "上年"]
    assert cells[3, 2]["row_path"] == ["第一节", "公开", "全部"]
    assert (cells[3, 2]["confidence"], cells[3, 2]["source"]) == (0.9877, "repaired")
    assert (cells[3, 3]["text"], cells[4, 2]["text"]) == ("", None)
    assert cells[4, 2]["alternatives"] == [{"text": "7", "probability": 0.6}, {"text": "1", "probability": 0.4}]
    assert "alternatives" not in cells[3, 2]
    assert raw["pages"][0]["width"] == 595.28
    assert raw["tables"][0]["caption"] in to_json(document)


def test_there_and_back(document: Document, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(to_json(document), encoding="utf-8")
    again = load_json(path)
    assert document_to_dict(again) == document_to_dict(document)
    assert again.tables[0].texts() == document.tables[0].texts()
    assert again.checks == document.checks
    assert [(fact.name, fact.value) for fact in again.facts] == [(f.name, f.value) for f in document.facts]


def test_fields_and_checks(document: Document) -> None:
    raw = json.loads(to_json(document))
    assert raw["form"] == "small-form"
    assert raw["fields"]["a.b.fee"]["value"] == 248.9611
    assert raw["fields"]["a.b.count"]["verified"] == ["a.sum:b"]
    first, second = raw["checks"]
    assert (first["cells"], first["total"], first["less"]) == ([[0, 3, 2], [0, 3, 3], [0, 4, 3]], 1, 1)
    assert (second["holds"], second["expected"], second["found"]) == (None, 0.5, None)


def test_a_mended_cell_tells_how(document: Document, tmp_path: Path) -> None:
    table = document.tables[0]
    repair = Repair("8", "3", "the row's sum", 120.04)
    mended = tuple(replace(c, repair=repair) if (c.row, c.col) == (3, 2) else c for c in table.cells)
    path = tmp_path / "a.json"
    path.write_text(to_json(replace(document, tables=(replace(table, cells=mended),))), encoding="utf-8")
    again = {(c.row, c.col): c.repair for c in load_json(path).tables[0].cells}
    assert again[3, 2] == replace(repair, odds=120.0)
    assert again[3, 3] is None


def test_no_half_characters(document: Document) -> None:
    odd = replace(document, tables=(Table(1, 1, (Cell(0, 0, "a\ud83d"),)),))
    assert "a\ufffd" in to_json(odd).encode("utf-8").decode("utf-8")


def test_nothing_found(schema: dict[str, Any], document: Document) -> None:
    empty = replace(document, pages=(), tables=(), findings=(), steps=())
    jsonschema.validate(json.loads(to_json(empty)), schema)


def test_the_schema_refuses(document: Document, schema: dict[str, Any]) -> None:
    """Every required member is missed, at every depth."""
    whole = json.loads(to_json(document))

    def each(value: Any, where: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        found = [(*where, key) for key, _ in inner if isinstance(value, dict)]
        return found + [place for key, item in inner for place in each(item, (*where, key))]

    validator = jsonschema.Draft202012Validator(schema)
    for *way, last in each(whole):
        if last in OPTIONAL or way == ["fields"]:
            continue
        broken = json.loads(to_json(document))
        holder = broken
        for key in way:
            holder = holder[key]
        del holder[last]
        assert not validator.is_valid(broken), (way, last)


@pytest.mark.parametrize(
    "raw", ["", "[]", "{}", '{"schema": "biaoge/2"}', '{"schema": "biaoge/1"}', '{"schema": "biaoge/1", "source": 3}']
)
def test_other_files(raw: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(raw)
    with pytest.raises(InputError):
        load_json(path)


def test_tables_that_do_not_tile(document: Document) -> None:
    raw = document_to_dict(document)
    raw["tables"][0]["cells"].pop()
    with pytest.raises(InputError, match="without a cell"):
        document_from_dict(raw)


def test_a_real_reading(pdf: Path, schema: dict[str, Any]) -> None:
    raw = json.loads(to_json(read(pdf)))
    jsonschema.validate(raw, schema)
    assert raw["schema"] == SCHEMA
    assert raw["source"]["name"] == "small.pdf"
    assert [cell["text"] for cell in raw["tables"][0]["cells"]][3:] == ["apples", "1", "2", "pears", "30", "-4"]


def test_the_samples(samples: Path, schema: dict[str, Any]) -> None:
    for path in sorted(samples.glob("**/*.pdf"))[:3]:
        jsonschema.validate(json.loads(to_json(read(path))), schema)
