"""`biaoge form` from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from formtables import truth
from typer.testing import CliRunner

from biaoge.app.formcmd import app
from biaoge.app.jsonout import to_json
from biaoge.errors import FormError, UsageError
from biaoge.forms.load import load
from biaoge.model import Document, SourceFile


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def test_list_and_show() -> None:
    assert [line.split()[0] for line in run("list").splitlines()] == [
        "dept-accounts",
        "dept-budget",
        "xxgk-2019",
        "xxgk-2021",
    ]
    assert "results.withheld.state_secret  属于国家秘密" in run("show", "xxgk-2021")
    with pytest.raises(FormError, match="no form 'x'"):
        run("show", "x")


def test_draft_then_check(root: Path, tmp_path: Path) -> None:
    document = Document(SourceFile("a.pdf", "0" * 64, 1), (), truth(root, "000"))
    (tmp_path / "a.json").write_text(to_json(document), encoding="utf-8")
    out = tmp_path / "Mine 1.toml"
    assert "biaoge form check" in run("draft", str(tmp_path / "a.json"), "-o", str(out))
    assert load(out).name == "mine-1"
    assert run("check", str(out)).startswith("mine-1: 6 tables, ")
    with pytest.raises(UsageError, match="is there"):
        run("draft", str(tmp_path / "a.json"), "-o", str(out))
    assert 'name = "other"' in run("draft", str(tmp_path / "a.json"), "--name", "Other")
    out.write_text(out.read_text(encoding="utf-8").replace("row_1", "Row"), encoding="utf-8")
    with pytest.raises(FormError, match=r"Mine 1\.toml, table 1 .*rows 1: the key 'Row'"):
        run("check", str(out))
