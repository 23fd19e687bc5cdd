"""Tables drawn over two pages come back as one; what only looks like it stays two."""

from __future__ import annotations

from dataclasses import replace

from drawing import Pen, drawn, page, scribbles, shape, tables, word
from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.model import Alternative, Cell, Ruling, Table
from biaoge.tables.joined import Joined, join
from biaoge.tables.piece import Piece
from biaoge.tables.ruled import find

HEADER = 2
GROUPS = ["（一）予以公开", "（二）部分公开", "（三）不予公开", "（四）无法提供"]


def report(groups: list[int]) -> Table:
    """Two header rows, a stub of two columns whose first is merged over each group's rows, three columns of values."""
    cells = [
        Cell(0, 0, "项目", 2, 2),
        Cell(0, 2, "申请人", 1, 2),
        Cell(0, 4, "总计", 2, 1),
        Cell(1, 2, "自然人"),
        Cell(1, 3, "法人"),
    ]
    row = HEADER
    for number, rows in enumerate(groups):
        cells.append(Cell(row, 0, GROUPS[number][:5], rows, 1))
        for i in range(rows):
            cells.append(Cell(row + i, 1, f"{i + 1}.事项"))
            cells += [Cell(row + i, 2 + c, str(3 * number + i + c)) for c in range(3)]
        row += rows
    return Table(row, 5, tuple(sorted(cells, key=lambda c: (c.row, c.col))))


def split(table: Table, at: int, again: bool) -> tuple[Table, Table]:
    """The rows before `at` and those from it on, merged cells cut in two (the text stays above), header repeated."""
    upper, lower = [], []
    for cell in table.cells:
        if cell.row < at:
            upper.append(replace(cell, rowspan=min(cell.rows.stop, at) - cell.row))
        if cell.rows.stop > at:
            top = max(cell.row, at)
            text = cell.text if cell.row >= at else ""
            lower.append(replace(cell, row=top - at, rowspan=cell.rows.stop - top, text=text))
    if again:
        header = [c for c in table.cells if c.row < HEADER]
        lower = header + [replace(c, row=c.row + HEADER) for c in lower]
    rows = table.n_rows - at + (HEADER if again else 0)
    return Table(at, table.n_cols, tuple(upper)), Table(rows, table.n_cols, tuple(lower))


def pieces(first: Table, second: Table, left: float = 60.0) -> list[Piece]:
    rulings, words = drawn(first, Pen(), top=600)
    below, more = drawn(second, Pen(), top=80, left=left)
    return [*find(page(rulings, words, 1)), *find(page(below, more, 2))]


def always(_: Piece, __: Piece) -> bool:
    return True


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 3), min_size=2, max_size=4), st.data(), st.booleans(), st.sampled_from([60.0, 61.0, 85.0])
)
def test_a_table_cut_between_any_rows_is_whole_again(
    groups: list[int], data: st.DataObject, again: bool, left: float
) -> None:
    table = report(groups)
    at = data.draw(st.integers(HEADER + 1, table.n_rows - 1))
    (whole,) = join(pieces(*split(table, at, again), left), always)
    assert shape(whole.table) == shape(table)
    assert [part.rows for part in whole.table.parts] == [(0, at - 1), (at, table.n_rows - 1)]
    assert (whole.table.header_rows, whole.table.stub_cols) == (HEADER, 2)
    kinds = {finding.kind for finding in whole.findings}
    assert ("header-dropped" in kinds) is again
    assert ("span-joined" in kinds) is any(c.row < at < c.rows.stop for c in table.cells)


def test_the_parts_of_a_rejoined_cell_keep_their_places() -> None:
    table = report([3, 2])
    (whole,) = join(pieces(*split(table, 4, False)), always)
    (group,) = [c for c in whole.table.cells if c.text == "（一）予以"]
    assert [region.page for region in group.regions] == [1, 2]


def _row_cut(upper_value: str, lower_value: str) -> tuple[Joined, ...]:
    table = report([2, 2])
    first, second = split(table, 5, False)
    label = "要求行政机关确认"
    last = [
        replace(c, text=label if c.col == 1 else upper_value) if c.row == 4 and c.col > 0 else c for c in first.cells
    ]
    begun = [Cell(0, 0, ""), Cell(0, 1, "或者重新出具"), *(Cell(0, c, lower_value) for c in (2, 3, 4))]
    rest = [replace(c, row=c.row + 1) for c in second.cells]
    tables = replace(first, cells=tuple(last)), Table(second.n_rows + 1, 5, tuple(begun + rest))
    return join(pieces(*tables), always)


def test_a_row_cut_inside_its_text_is_one_row() -> None:
    for values in (("7", ""), ("", "7")):
        (whole,) = _row_cut(*values)
        assert [c.text for c in whole.table.grid()[4][1:]] == ["要求行政机关确认或者重新出具", "7", "7", "7"]
        assert "row-joined" in [f.kind for f in whole.findings]


def test_a_rejoined_cell_keeps_the_other_readings_of_both_pieces() -> None:
    table = report([3, 2])
    upper, lower = pieces(*split(table, 4, False))
    other = (Alternative("（二）予以", 0.2),)
    cells = tuple(replace(c, alternatives=other) if c.text == "（一）予以" else c for c in upper.table.cells)
    (whole,) = join([replace(upper, table=replace(upper.table, cells=cells)), lower], always)
    (group,) = [c for c in whole.table.cells if c.text == "（一）予以"]
    assert len(group.regions) == 2
    assert group.alternatives == other


def test_two_rows_with_values_stay_two() -> None:
    (whole,) = _row_cut("7", "8")
    assert [c.text for c in whole.table.grid()[4]][2:] == ["7", "7", "7"]
    assert [c.text for c in whole.table.grid()[5]][2:] == ["8", "8", "8"]


def test_other_headers_begin_another_table() -> None:
    first = report([2, 2])
    cells = tuple(
        replace(c, text={"自然人": "行政复议", "法人": "行政诉讼"}.get(c.text or "", c.text)) for c in first.cells
    )
    other = replace(first, cells=tuple(replace(c, text="结果") if c.text == "申请人" else c for c in cells))
    assert len(join(pieces(first, other), always)) == 2


def _recognised(piece: Piece, instead: dict[str, str]) -> Piece:
    """The piece as if it had been read off a scan, some of its texts otherwise."""
    cells = []
    for cell in piece.table.cells:
        text = instead.get(cell.text or "", cell.text)
        words = (replace(word(text, 0, 0), source="ocr"),) if text else ()
        cells.append(replace(cell, text=text, words=words))
    return replace(piece, table=replace(piece.table, cells=tuple(cells)))


def test_a_header_that_comes_again_on_a_scan_may_be_misread() -> None:
    first, second = split(report([3, 2]), 4, True)
    plain = join(pieces(first, second), always)
    upper, lower = pieces(first, second)
    (whole,) = join([_recognised(upper, {}), _recognised(lower, {"自然人": "自然入"})], always)
    assert whole.table.texts() == plain[0].table.texts()
    assert "header-dropped" in [f.kind for f in whole.findings]
    other = join([_recognised(upper, {}), _recognised(lower, {"自然人": "2024"})], always)
    assert [f.kind for w in other for f in w.findings if f.kind == "header-dropped"] == []


def test_what_is_left_of_a_ruling_in_a_header_may_be_read_as_a_figure() -> None:
    upper, lower = pieces(*split(report([3, 2]), 4, True))
    (whole,) = join([_recognised(upper, {}), _recognised(lower, {"自然人": "自然1"})], always)
    assert "header-dropped" in [f.kind for f in whole.findings]
    years = [_recognised(upper, {"自然人": "2023年"}), _recognised(lower, {"自然人": "2024年"})]
    assert all(f.kind != "header-dropped" for w in join(years, always) for f in w.findings)


def test_the_next_item_of_a_form_is_no_misread_header() -> None:
    def item(number: str, name: str) -> Table:
        texts = [f"第二十条第（{number}）项", "信息内容", "本年数量", name, "5"]
        places = [(0, 0, 2), (1, 0, 1), (1, 1, 1), (2, 0, 1), (2, 1, 1)]
        cells = [Cell(r, c, text, 1, span) for (r, c, span), text in zip(places, texts, strict=True)]
        return Table(3, 2, tuple(cells), header_rows=2)

    upper, lower = (_recognised(piece, {}) for piece in pieces(item("一", "规章"), item("六", "行政处罚")))
    found = join([upper, lower], always)
    assert sum(whole.table.n_rows for whole in found) == 6
    assert all(f.kind != "header-dropped" for whole in found for f in whole.findings)


def test_a_misread_header_does_not_make_another_form() -> None:
    head = [["名称", "本年数量", "现行有效", "单位"]]
    rows = [["规章", "1", "2", "件"], ["文件", "3", "4", "件"], ["许可", "5", "6", "件"], ["收费", "7", "8", "件"]]

    def table(body: list[list[str]]) -> Table:
        cells = [Cell(r, c, text) for r, row in enumerate([*head, *body]) for c, text in enumerate(row)]
        return Table(len(body) + 1, 4, tuple(replace(c, role="column_header") if c.row == 0 else c for c in cells))

    upper, lower = pieces(replace(table(rows[:3]), header_rows=1), replace(table(rows[3:]), header_rows=1))
    (whole,) = join([_recognised(upper, {}), _recognised(lower, {"现行有效": "理行有效"})], always)
    assert [row[0] for row in whole.table.texts()] == ["名称", "规章", "文件", "许可", "收费"]


def test_a_form_filled_in_again_is_another_table() -> None:
    def form(name: str) -> Table:
        texts = [["名称", name, "性质", "经常"], ["数量", "7", "单位", "个"], ["金额", "3", "单位", "元"]]
        return Table(3, 4, tuple(Cell(r, c, t) for r, row in enumerate(texts) for c, t in enumerate(row)))

    assert len(join(pieces(form("道路"), form("桥梁")), always)) == 2


def test_text_between_or_other_columns_keep_tables_apart() -> None:
    first, second = split(report([2, 2]), 4, False)
    assert len(join(pieces(first, second), lambda a, b: False)) == 2
    narrow = Table(2, 2, tuple(Cell(r, c, str(r + c)) for r in range(2) for c in range(2)))
    assert len(join(pieces(first, narrow), always)) == 2


def test_a_table_that_ends_high_on_its_page_ended_there() -> None:
    first, second = split(report([2, 2]), 4, False)
    assert len(join(pieces(first, second), always, {1: 800.0, 2: 800.0})) == 2
    assert len(join(pieces(first, second), always, {1: 690.0, 2: 800.0})) == 1


def test_a_frame_alone_is_no_table() -> None:
    frame, words = drawn(Table(1, 1, (Cell(0, 0, "注意"),)), Pen())
    (found,) = join(find(page(frame, [*words, word("正文", 60, 400)])), always)
    assert not found.is_table


@settings(max_examples=60, deadline=None)
@given(st.lists(tables(max_rows=4, max_cols=4), min_size=2, max_size=4), st.data())
def test_whatever_follows_on_the_next_page_nothing_is_lost(many: list[Table], data: st.DataObject) -> None:
    found: list[Piece] = []
    for number, table in enumerate(many, start=1):
        pen = Pen(open_bottom=data.draw(st.booleans()), jitter=data.draw(st.sampled_from([0.0, 1.0])))
        rulings, words = drawn(table, pen, left=60 + data.draw(st.sampled_from([0.0, 3.0, 20.0])))
        found += find(page(rulings, words, number))
    for whole in join(found, always):
        pieces = [p for p in found if any(part.page == p.page and part.box == p.box for part in whole.table.parts)]
        assert pieces
        told = "".join(sorted("".join(c.text or "" for c in whole.table.cells).replace(" ", "")))
        first = "".join(sorted("".join(c.text or "" for c in pieces[0].table.cells).replace(" ", "")))
        assert len(told) >= len(first)
        assert {c.text for c in pieces[0].table.cells if c.rows.stop < pieces[0].table.n_rows} <= {
            c.text for c in whole.table.cells
        }


@settings(max_examples=150, deadline=None)
@given(st.lists(scribbles(), min_size=2, max_size=3), st.lists(st.tuples(st.floats(30, 400), st.floats(30, 400))))
def test_no_drawing_brings_the_join_down(drawings: list[list[Ruling]], places: list[tuple[float, float]]) -> None:
    words = [word("12表", x, y) for x, y in places]
    found = [piece for number, rulings in enumerate(drawings, start=1) for piece in find(page(rulings, words, number))]
    wholes = join(found, always)
    assert sum(len(whole.table.parts) for whole in wholes) == len(found)
