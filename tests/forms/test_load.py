"""A form's file: what is read, and which broken rule is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from biaoge.errors import FormError
from biaoge.forms.library import find, shipped
from biaoge.forms.load import load, parse
from biaoge.forms.outline import outline

FORM = """
name = "shop"
[title]
zh = "门店月报"
[[table]]
key = "sales"
unit = "元"
columns = [
  { key = "goods", zh = "商品" },
  { key = "goods.food", zh = ["食品", "食品类"] },
  { key = "total", zh = "合计", type = "decimal" },
]
rows = [{ key = "north", zh = "北区", optional = true }, { key = "open", open = "names" }]
sums = [{ id = "t", label = "t", each = "row", total = "total", parts = "goods", only = ["north", "open.*"] }]
[[sum]]
id = "s"
label = "s"
total = "sales.north.total"
parts = ["sales.north.goods.food"]
"""


def test_what_is_read() -> None:
    form = parse(FORM, "here")
    (table,) = form.tables
    assert (form.name, form.title, table.type, table.unit) == ("shop", {"zh": "门店月报"}, "integer", "元")
    assert [(node.key, node.names, node.parent) for node in table.columns] == [
        ("goods", ("商品",), None),
        ("goods.food", ("食品", "食品类"), "goods"),
        ("total", ("合计",), None),
    ]
    assert table.columns[2].type == "decimal"
    assert (table.rows[0].optional, table.rows[1].open, table.rows[1].names) == (True, "names", ("",))
    assert table.rules[0].only == ("north", "open.*")
    assert form.sums[0].parts == ("sales.north.goods.food",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "shop"', "", "name must be a text"),
        ('name = "shop"', 'name = "Shop A"', "the name 'Shop A'"),
        ('name = "shop"', 'name = "shop"\ncolour = "red"', "unknown colour"),
        ("[[table]]", "[[tables]]", "table must be a list"),
        ('zh = "商品" }', 'zh = "商品", option = true }', "here, table 1 (sales), columns 1: unknown option"),
        ('zh = "商品" }', "zh = 3 }", "zh must be a text or a list of texts"),
        (', zh = "商品" }', " }", "zh must be a text or a list of texts"),
        ('key = "goods",', 'key = "Goods",', "the key 'Goods'"),
        ('{ key = "goods", zh = "商品" },', "", "goods.food stands before, or without, the header goods"),
        ('key = "goods.food"', 'key = "goods"', "'goods' comes twice"),
        ('type = "decimal"', 'type = "money"', "type must be one of integer, decimal, text"),
        ("optional = true", 'optional = "yes"', "optional must be true or false"),
        ('each = "row"', 'each = "cell"', "each must be"),
        ('total = "total"', 'total = "all"', "all names no column"),
        ('"open.*"', '"other.*"', "other.* names no row"),
        ('"sales.north.total"', '"sales.south.total"', "sales.south.total names no field"),
        ('[[sum]]\nid = "s"', '[[sum]]\nid = "S!"', "'S!' must be small letters"),
        ("rows = [", "rows = [ 3,", "expected a table of keys and values, found 3"),
        ("[[table]]", "[[table]", "no valid TOML"),
    ],
)
def test_a_broken_rule_is_told_with_its_place(old: str, new: str, said: str) -> None:
    assert old in FORM
    with pytest.raises(FormError, match=r"^here") as told:
        parse(FORM.replace(old, new, 1), "here")
    assert said in str(told.value)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    with pytest.raises(FormError, match="cannot be read"):
        load(path)
    path.write_bytes(b"name = '\xff'")
    with pytest.raises(FormError, match="cannot be read"):
        load(path)
    path.write_text(FORM, encoding="utf-8")
    assert find(str(path)).name == "shop"
    with pytest.raises(FormError, match=r"no form 'nothing'.*xxgk-2021"):
        find("nothing")


def test_the_shipped_forms_are_sound_and_told_apart() -> None:
    names = [form.name for form in shipped()]
    assert names == ["dept-accounts", "dept-budget", "xxgk-2019", "xxgk-2021"]
    for form in shipped():
        assert find(form.name) is form
        assert set(form.title) == {"zh", "en"}
        for table in form.tables:
            assert f"\n{table.key}: " in outline(form)


def test_the_outline_names_all_there_is() -> None:
    text = outline(parse(FORM, "here"))
    for said in (
        "goods.food  食品 | 食品类",
        "north  北区  [optional]",
        "[any names]",
        "t: total = goods, in every row",
    ):
        assert said in text
