from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from biaoge.forms.search import Explanation, Option, Puzzle, Search, Slot


@st.composite
def puzzles(draw: st.DrawFn) -> Puzzle:
    """Up to six cells in up to four sums, some unread, with readings offered or not."""
    slots = []
    for _ in range(draw(st.integers(2, 6))):
        is_open = draw(st.integers(0, 9)) == 0
        read = None if is_open else draw(st.integers(0, 3))
        others = draw(st.lists(st.sampled_from([n for n in range(5) if n != read]), unique=True, max_size=2))
        # Eighths add up exactly, and no two options of a cell cost the same.
        costs = draw(st.lists(st.integers(1, 60), min_size=4, max_size=4, unique=True))
        options = [Option("offered", c / 8, n) for n, c in zip(others, costs, strict=False)]
        options += [Option("unoffered", costs[2] / 8)] * draw(st.booleans())
        options += [Option("silent", costs[3] / 8)] * draw(st.booleans())
        slots.append(Slot(read, tuple(sorted(options, key=lambda o: o.cost)), is_open))
    sums = []
    for _ in range(draw(st.integers(1, 4))):
        chosen = draw(st.lists(st.integers(0, len(slots) - 1), min_size=2, unique=True))
        sums.append({slot: -1 if n == 0 else 1 for n, slot in enumerate(chosen)})
    return Puzzle(slots, sums)


def consistent(puzzle: Puzzle, chosen: dict[int, Option]) -> bool:
    """By the definition: no sum without an unknown is broken, and what is not offered is not asked for as offered."""
    known: dict[int, int] = {}
    for at, slot in enumerate(puzzle.slots):
        option = chosen.get(at)
        if slot.open and option is None:
            return False
        if option is None and slot.value is not None:
            known[at] = slot.value
        elif option is not None and option.means == "offered":
            known[at] = option.value
    asked: dict[int, set[int]] = {}
    for one in puzzle.sums:
        unknown = [at for at in one if at not in known]
        rest = sum(factor * known[at] for at, factor in one.items() if at in known)
        if not unknown and rest:
            return False
        if len(unknown) == 1 and unknown[0] in chosen and chosen[unknown[0]].means == "unoffered":
            asked.setdefault(unknown[0], set()).add(-rest * one[unknown[0]])
    for at, values in asked.items():
        slot = puzzle.slots[at]
        offered = {o.value for o in slot.options if o.means == "offered"} | {slot.value}
        if len(values) > 1 or values & offered:
            return False
    return True


def brute_force(puzzle: Puzzle) -> dict[frozenset[tuple[int, Option]], float]:
    """Every consistent choice that is minimal: without any of its options it would not be consistent."""
    choices = [(None, *slot.options) for slot in puzzle.slots]
    every = {}
    for picked in itertools.product(*choices):
        chosen = {at: option for at, option in enumerate(picked) if option is not None}
        if consistent(puzzle, chosen):
            every[frozenset(chosen.items())] = sum(option.cost for option in chosen.values())
    return {c: cost for c, cost in every.items() if not any(other < c for other in every)}


@settings(max_examples=300, deadline=None)
@given(puzzles())
def test_the_search_finds_what_brute_force_finds(puzzle: Puzzle) -> None:
    search = Search(puzzle, 100_000)
    found: list[Explanation] = list(search)
    assert search.exhausted
    costs = [one.cost for one in found]
    assert costs == sorted(costs)
    assert all(consistent(puzzle, dict(one.chosen)) for one in found)
    assert all(one.cost == sum(o.cost for o in one.chosen.values()) for one in found)
    named = [frozenset(one.chosen.items()) for one in found]
    assert len(named) == len(set(named))
    expected = brute_force(puzzle)
    assert expected.keys() <= set(named)
    assert (costs[0] if costs else None) == min(expected.values(), default=None)


def test_a_search_that_is_cut_short_says_so() -> None:
    slots = [Slot(1, (Option("offered", 1.0, 2), Option("silent", 3.0)))] * 6
    search = Search(Puzzle(slots, [{0: -1, 1: 1, 2: 1}, {3: -1, 4: 1, 5: 1}]), 3)
    assert list(search) == []
    assert not search.exhausted
    assert 0 < search.bound < 3


def test_two_sums_that_share_a_cell_point_at_it() -> None:
    slots = [Slot(n, (Option("offered", 2.0, n - 5), Option("offered", 2.5, n + 3))) for n in (9, 1, 3, 5)]
    # 9 = 1 + 3 and 5 = 1 + 9: only 9 read as 4 mends both.
    puzzle = Puzzle(slots, [{0: -1, 1: 1, 2: 1}, {3: -1, 1: 1, 0: 1}])
    first = next(iter(Search(puzzle, 1000)))
    assert {at: option.value for at, option in first.chosen.items()} == {0: 4}
