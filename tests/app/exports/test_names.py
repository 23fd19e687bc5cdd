from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from biaoge.app.exports.names import Stems, safe
from biaoge.app.exports.sheetnames import MOST, SheetNames, place

ANY = st.text(st.characters(), max_size=300)
DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}


@given(ANY)
@example("../../etc/passwd")
@example("/etc/passwd")
@example("..")
@example("C:\\x\\nul.pdf")
@example("CON .pdf")
@example("com1.tar.gz")
@example("年" * 300)
@example("a\x00b\x1b[2J\u202egnp.exe")
@example("\ud800")
@example(" . .pdf")
def test_a_stem_leads_nowhere(name: str) -> None:
    stem = Stems().stem(name, "9f86d081" + "0" * 56)
    assert stem == Path(stem).name
    assert len(f"{stem}.docling.json".encode()) < 255
    assert stem.isprintable()
    assert not set(stem) & set('<>:"/\\|?*')
    assert stem.split(".")[0].rstrip().casefold() not in DEVICES
    assert not stem.startswith(".")
    assert (Path("base") / stem).resolve().parent == Path("base").resolve()


def test_devices_get_another_name() -> None:
    assert [safe(name) for name in ("NUL.tar.pdf", "con.pdf", "console.pdf", "LPT¹")] == [
        "_NUL.tar",
        "_con",
        "console",
        "_LPT¹",
    ]


def test_stems_differ_even_where_case_does_not_count() -> None:
    stems = Stems()
    made = [stems.stem(name, f"12345678{'0' * 55}{n}") for n, name in enumerate(("a.pdf", "A.pdf", "x/a.pdf"))]
    assert len({stem.casefold() for stem in made}) == 3
    assert made[0] == "a-12345678"


@given(st.lists(st.text(st.sampled_from("a[]:*?/\\' 年\U0001f600\x00\n"), max_size=40), max_size=12))
def test_sheet_names(wanted: list[str]) -> None:
    names = SheetNames("Index")
    made = [names.name(one) for one in [*wanted, "index", "History"]]
    assert len({name.casefold() for name in made} | {"index", "history"}) == len(made) + 2
    for name in made:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= MOST
        assert not set(name) & set("[]:*?/\\\x00\n")
        assert not name.startswith("'")
        assert not name.endswith("'")


@pytest.mark.parametrize(
    ("col", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_places(col: int, letters: str) -> None:
    assert place("x", 0, col) == f"'x'!{letters}1"
