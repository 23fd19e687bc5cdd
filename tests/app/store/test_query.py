from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from biaoge.app.store.open import Store, open_to_read
from biaoge.app.store.printed import write
from biaoge.app.store.query import Answer, ask, tables
from biaoge.app.store.reading import Reading
from biaoge.app.store.write import Result, record
from biaoge.errors import UsageError


@pytest.fixture
def reading(store: Store, read: Reading) -> Iterator[Store]:
    record(store, Result("ab" * 32, "k", "d", "1", "read", "a.pdf", 1, json="x"), read)
    opened = open_to_read(store.folder)
    with closing(opened.db):
        yield opened


def test_questions(reading: Store) -> None:
    answer = ask(reading, "SELECT role, count(*) AS n FROM cells GROUP BY role ORDER BY n DESC LIMIT 1")
    assert (answer.columns, list(answer.rows)) == (("role", "n"), [("data", 4)])
    counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT sum(i) FROM n"
    assert list(ask(reading, counting).rows) == [(6,)]
    assert ("cells", "column_path", "TEXT") in list(tables(reading).rows)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM cells",
        "UPDATE documents SET state = 'read'",
        "INSERT INTO cells SELECT * FROM cells",
        "DROP TABLE cells",
        "CREATE TABLE mine (x)",
        "CREATE TEMP TABLE mine (x)",
        "ATTACH 'other.db' AS other",
        "PRAGMA query_only = OFF",
        "PRAGMA user_version = 7",
        "VACUUM INTO 'copy.db'",
        "BEGIN",
    ],
)
def test_nothing_but_reading(reading: Store, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UsageError, match="may only read"):
        ask(reading, sql)
    assert sorted(tmp_path.iterdir()) == before
    assert list(ask(reading, "SELECT count(*) FROM cells").rows) == [(12,)]


@pytest.mark.parametrize(
    "sql", ["SELECT nothing FROM cells", "SELECT 1; SELECT 2", "what", "SELECT load_extension('x')"]
)
def test_questions_that_make_no_sense(reading: Store, sql: str) -> None:
    with pytest.raises(UsageError, match="quer"):
        ask(reading, sql)


def test_a_question_that_breaks_off(reading: Store) -> None:
    answer = ask(reading, "SELECT abs(-9223372036854775807 - (column1 = 2)) FROM (VALUES (1), (2))")
    with pytest.raises(UsageError, match="integer overflow"):
        list(answer.rows)


def printed(to: str, *rows: tuple[object, ...]) -> str:
    out = io.StringIO()
    write(Answer(("a", "b"), iter(rows)), to, out)  # type: ignore[arg-type]
    return out.getvalue()


def test_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed("csv", (1, None), ("年,报", b"\x01")) == 'a,b\n1,\n"年,报",01\n'
    assert [json.loads(line) for line in printed("jsonl", (1, None), ("年\n", 0.5)).splitlines()] == [
        {"a": 1, "b": None},
        {"a": "年\n", "b": 0.5},
    ]
    shown = printed("table", ("[red]\x1b[31m", 2))
    assert "[red]\ufffd[31m" in shown
    assert "\x1b" not in shown
    assert printed("table", *((n, n) for n in range(1001))).count("\n") < 1010
    assert "the first 1000 rows" in capsys.readouterr().err
