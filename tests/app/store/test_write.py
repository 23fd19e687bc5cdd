from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from msgspec import Raw, structs

from biaoge.app.store import write
from biaoge.app.store.open import Store
from biaoge.app.store.reading import Reading
from biaoge.app.store.schema import PARTS
from biaoge.app.store.write import Result, record

RESULT = Result("ab" * 32, "k1", "digest", "1", "doubtful", "a.pdf", 1, json="documents/ab/x-k1.json")


def counts(store: Store) -> dict[str, int]:
    return {part: store.db.execute(f"SELECT count(*) FROM {part}").fetchone()[0] for part in ("documents", *PARTS)}


def one(store: Store, sql: str) -> dict[str, Any]:
    cursor = store.db.execute(sql)
    (row,) = cursor.fetchall()
    return dict(zip((column[0] for column in cursor.description), row, strict=True))


def test_everything_a_document_says_is_there(store: Store, read: Reading) -> None:
    told = {"kind": "page-recognised", "severity": "info", "table": None, "cells": Raw(b"[]")}
    read.findings.append(structs.replace(read.findings[0], **told))
    recorded = record(store, RESULT, read)
    assert (recorded.ocr_pages, recorded.cells, recorded.obsolete) == (1, 12, None)
    assert counts(store) == {
        **{"documents": 1, "pages": 1, "tables": 1, "cells": 12, "findings": 3, "fields": 3, "checks": 2}
    }
    document = one(store, "SELECT * FROM documents")
    assert (document["cells"], document["warnings"], document["ocr_pages"], document["form"]) == (
        12,
        2,
        1,
        "small-form",
    )
    cell = one(store, "SELECT * FROM cells WHERE row_no = 3 AND col_no = 2")
    assert (cell["text"], cell["column_path"], cell["row_path"]) == (
        *("-1,234", "自然人|法人 / 上年", "第一节 / 公开 / 全部"),
    )
    assert (cell["page_no"], cell["x0"], cell["top"], cell["source"]) == (1, 130.0, 160.0, "repaired")
    assert one(store, "SELECT text FROM cells WHERE row_no = 4 AND col_no = 2") == {"text": None}
    assert one(store, "SELECT * FROM pages")["ocr"] == 1
    field = one(store, "SELECT * FROM fields WHERE field = 'a.b.fee'")
    assert (field["value"], field["exact"], field["verified"]) == (248.9611, "248.9611", 0)
    check = one(store, "SELECT * FROM checks WHERE check_no = 1")
    assert (check["holds"], check["expected"], check["certain"]) == (None, 0.5, 0)
    assert one(store, "SELECT cells FROM findings WHERE finding_no = 0") == {"cells": "[[4, 2]]"}


def test_a_new_result_takes_the_place_of_the_old(store: Store, read: Reading) -> None:
    record(store, replace(RESULT, sha256="cd" * 32), read)
    record(store, RESULT, read)
    assert record(store, RESULT, read).obsolete is None
    again = record(store, replace(RESULT, key="k2", json="documents/ab/x-k2.json"), read)
    assert again.obsolete == RESULT.json
    assert counts(store)["cells"] == 24
    failed = replace(RESULT, state="failed", json=None, error="TimedOut", reason="too long")
    assert record(store, failed, None).obsolete == "documents/ab/x-k2.json"
    assert counts(store) == {
        **{"documents": 2, "pages": 1, "tables": 1, "cells": 12, "findings": 2, "fields": 3, "checks": 2}
    }
    row = one(store, "SELECT document, state, reason, cells FROM documents WHERE error IS NOT NULL")
    assert row == {"document": 2, "state": "failed", "reason": "too long", "cells": 0}


def test_all_or_nothing(store: Store, read: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    record(store, replace(RESULT, state="read"), read)
    before = counts(store)

    def fault(*_: object) -> None:
        raise OSError("stop")

    monkeypatch.setattr(write, "_check", fault)
    with pytest.raises(OSError, match="stop"):
        record(store, replace(RESULT, state="doubtful"), read)
    assert counts(store) == before
    assert one(store, "SELECT state FROM documents") == {"state": "read"}
    assert not store.db.in_transaction


def test_numbers_that_no_database_holds(store: Store, read: Reading) -> None:
    read.fields["a.b.count"].value = 10**30
    read.fields["a.b.fee"].value = "0.12345678901234567890"
    record(store, RESULT, read)
    rows = dict(store.db.execute("SELECT field, exact FROM fields WHERE value IS NOT NULL"))
    assert rows == {"a.b.count": "1" + "0" * 30, "a.b.fee": "0.12345678901234567890"}
    assert one(store, "SELECT value FROM fields WHERE field = 'a.b.count'")["value"] == pytest.approx(1e30)
