"""Printed names set against a form's."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.forms.align import FLOOR, OFFERED, PLACED, Leaf, align, leaves, likeness, pick
from biaoge.forms.blocks import Line
from biaoge.forms.names import alike, folded
from biaoge.forms.template import Node

NAMES = ("行政许可", "行政处罚", "行政强制", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计", "其他", "规章")


def lines(*names: str) -> tuple[Line, ...]:
    return tuple(Line(n, (name,)) for n, name in enumerate(names))


def wanted(*names: str) -> tuple[Leaf, ...]:
    return leaves(tuple(Node(f"k{n}", (name,)) for n, name in enumerate(names)))


@given(st.permutations(NAMES), st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_what_both_have_in_one_order_is_bound_and_nothing_else(
    order: list[str], printed: set[str], asked: set[str]
) -> None:
    ours, theirs = [n for n in order if n in printed], [n for n in order if n in asked]
    found = align(lines(*ours), wanted(*theirs))
    assert [(pair.line.name, *pair.leaf.node.names) for pair in found.pairs] == [(n, n) for n in ours if n in asked]
    assert [line.name for line in found.lines] == [n for n in ours if n not in asked]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(NAMES), max_size=5), st.lists(st.sampled_from(NAMES), max_size=5))
def test_the_whole_is_as_alike_as_can_be(ours: list[str], theirs: list[str]) -> None:
    """Every pair of the result belongs to a best way to set the two lists side by side."""

    def worth(i: int, j: int) -> float:
        own, whole = likeness(printed[i], asked[j])
        return max(0.0, whole - FLOOR) if own > FLOOR else 0.0

    printed, asked = lines(*ours), wanted(*theirs)
    ways = [
        list(zip(a, b, strict=True))
        for n in range(min(len(ours), len(theirs)) + 1)
        for a in combinations(range(len(ours)), n)
        for b in combinations(range(len(theirs)), n)
    ]
    best = max(sum(worth(i, j) for i, j in way) for way in ways)
    bound = {(pair.line.index, asked.index(pair.leaf)) for pair in align(printed, asked).pairs}
    through = [way for way in ways if bound <= set(way)]
    assert max(sum(worth(i, j) for i, j in way) for way in through) > best - 1e-9


def test_names_that_come_twice_are_told_by_the_headers_over_them() -> None:
    nodes = (
        Node("a", ("未经复议直接起诉",)),
        Node("a.x", ("结果维持",)),
        Node("b", ("复议后起诉",)),
        Node("b.x", ("结果维持",)),
    )
    later = Line(0, ("复议后起诉", "结果维持"))
    assert [pair.leaf.node.key for pair in align((later,), leaves(nodes)).pairs] == ["b.x"]
    bare = Line(0, ("结果维持",))
    assert align((bare,), leaves(nodes)).doubtful == (bare,)


def test_a_header_may_stand_alone() -> None:
    nodes = (Node("o", ("其他处理",), alone=True), Node("o.a", ("逾期不补正",)), Node("t", ("总计",)))
    assert [pair.leaf.node.key for pair in align(lines("（六）其他处理", "（七）总计"), leaves(nodes)).pairs] == [
        "o",
        "t",
    ]


def test_a_name_far_off_is_bound_only_between_its_neighbours() -> None:
    far = "小于商业私密"
    assert len(align(lines("规章", "属于三类", "总计"), wanted("规章", "属于三类内部", "总计")).pairs) == 3
    assert len(align(lines("规章", "属十三奕内咅事", "总计"), wanted("规章", "属于三类内部事务", "总计")).pairs) == 2
    assert len(align(lines("规章", far, "总计"), wanted("规章", "属于国家秘密", "总计")).pairs) == 2
    for half in ("", "他"):
        assert len(align(lines("规章", half, "总计"), wanted("规章", "其他", "总计")).pairs) == 3
    assert len(align(lines("规章", "", "总计"), wanted("规章", "其他", "结果", "总计")).pairs) == 2
    assert len(align(lines("其也"), wanted("其他")).pairs) == 0


def test_rows_in_any_order() -> None:
    found = pick(lines("总计", "教盲支出", "新设支出"), wanted("教育支出", "外交支出", "总计"))
    assert [(pair.line.name, pair.leaf.node.names[0]) for pair in found.pairs] == [
        ("总计", "总计"),
        ("教盲支出", "教育支出"),
    ]
    assert [line.name for line in found.lines] == ["新设支出"]
    found = pick(lines("总计", "教盲支山出", "总计"), wanted("教育支出", "总计"))
    assert [line.index for line in found.doubtful] == [1, 2]


@given(st.text(max_size=12), st.text(max_size=12))
def test_names_are_alike_in_both_directions_and_to_themselves(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 1
    assert alike(one, one) == 1


def test_numbering_is_not_compared() -> None:
    for printed in (
        "1.规章",
        "1．规章",
        "1、规章",
        "（一）规章",
        "(1) 规 章",
        "一、规章",
        "①规章",
        "其中：规章",
        "十二、规章",
    ):
        assert folded(printed) == "规章", printed
    assert folded("一般公共服务支出") == "一般公共服务支出"
    assert folded("2010506") == "2010506"


def recognised(*names: str, sure: float = 0.5) -> tuple[Line, ...]:
    return tuple(Line(n, (name,), sure=0.99 if name in NAMES else sure) for n, name in enumerate(names))


@given(st.permutations(NAMES), st.integers(0, 9), st.integers(1, 3), st.sampled_from(["eit", "et", "", "二项"]))
def test_what_was_misread_beyond_likeness_is_bound_by_its_place(
    order: list[str], at: int, many: int, said: str
) -> None:
    printed = [said if at <= n < at + many else name for n, name in enumerate(order)]
    found = align(recognised(*printed), wanted(*order))
    assert [(pair.line.index, *pair.leaf.node.names) for pair in found.pairs] == list(enumerate(order))
    assert all(pair.likeness <= PLACED for pair in found.pairs if pair.placed)


@given(st.permutations(NAMES), st.integers(0, 9), st.integers(1, 3), st.integers(0, 9))
def test_where_more_or_less_lacks_than_is_unknown_nothing_is_bound_by_its_place(
    order: list[str], at: int, many: int, gone: int
) -> None:
    printed = ["eit" if at <= n < at + many else name for n, name in enumerate(order)]
    del printed[gone]
    found = align(recognised(*printed), wanted(*order))
    for pair in found.pairs:
        true = pair.line.index + (pair.line.index >= gone)
        assert (order[true],) == pair.leaf.node.names


def test_what_is_printed_is_not_bound_by_its_place() -> None:
    nodes = wanted("自然人", "商业企业", "总计")
    drift = lines("自然人", "商业企业", "小组")
    assert [pair.leaf.node.names[0] for pair in align(drift, nodes).pairs] == ["自然人", "商业企业"]
    legible = recognised("自然人", "商业企业", "小组", sure=0.99)
    assert [line.name for line in align(legible, nodes).lines] == ["小组"]
    other = recognised("自然人", "科研机构", "总计", sure=0.5)
    assert len(align(other, nodes).pairs) == 2  # nothing of four letters is alike: another name


def test_other_readings_of_a_name_are_looked_at() -> None:
    nodes = wanted("自然人", "总计")
    (first, second) = align((Line(0, ("自然人",)), Line(1, ("忌什",), sure=0.5, others=("忌计", "总计"))), nodes).pairs
    assert (first.likeness, second.likeness, second.placed) == (1.0, OFFERED, False)
