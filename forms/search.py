"""Explanations of sums that do not hold, the likeliest first: conflict-directed best-first search.

A slot is a cell (or the doubt whether a sum is meant at all). It is as read, at no cost, or takes one of its options
at a cost, the negative logarithm of how much less likely it is. A state says which slots took which option. Where a
sum is broken in it, one of the slots of that sum must take an option: the state is followed by one for each, in the
order of cost; slots tried before stay as they were read, so that no state comes twice. What a state must cost at least
is the cost so far and, for broken sums without a slot in common, the cheapest option of each that mends it alone or
the two cheapest together (an admissible bound), so that explanations come in the order of their cost.

B. C. Williams, R. J. Ragno, "Conflict-directed A* and its role in model-based embedded systems" (Discrete Applied
Mathematics 155, 2007); R. Reiter, "A theory of diagnosis from first principles" (Artificial Intelligence 32, 1987).
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Means = Literal["offered", "unoffered", "silent"]
"""Of an option: another reading that was offered; a value that was not; or the slot's sums say nothing."""


@dataclass(frozen=True, slots=True)
class Option:
    """`value`: of an offered reading, else 0. `cost`: at least 0."""

    means: Means
    cost: float
    value: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell as read. `value`: `None` where it is no number, and an option must be taken where `open`.

    `options` are in the order of their cost.
    """

    value: int | None
    options: tuple[Option, ...] = ()
    open: bool = False


@dataclass(frozen=True)
class Puzzle:
    """Slots, and sums that must be 0: by slot the factor (1 or -1) with which its value counts."""

    slots: Sequence[Slot]
    sums: Sequence[Mapping[int, int]]

    @cached_property
    def of(self) -> Sequence[Sequence[int]]:
        """By slot the sums it stands in."""
        out: list[list[int]] = [[] for _ in self.slots]
        for number, one in enumerate(self.sums):
            for slot in one:
                out[slot].append(number)
        return out


Chosen = Mapping[int, Option]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Options under which no sum is broken, and their cost."""

    cost: float
    chosen: Chosen


@dataclass(frozen=True, slots=True)
class _State:
    """`rest`: what each sum makes, unknown slots left out; `unknown`: how many of those it has; `fixed`: as read."""

    cost: float
    chosen: dict[int, Option]
    fixed: frozenset[int]
    rest: tuple[int, ...]
    unknown: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """A state to be made: `parent` with an option of the slot at `rank` of those that can mend its conflict."""

    parent: _State
    slots: Sequence[int]
    rank: int
    option: int


_Priced = tuple[_State, Sequence[tuple[float, int]]]
"""A state and its broken sums, the dearest to mend first: what each costs at least, and its number."""


class Search:
    """Explanations of a puzzle in the order of their cost; `bound`: what any that is still to come costs at least."""

    def __init__(self, puzzle: Puzzle, most_steps: int) -> None:
        self.puzzle = puzzle
        self.bound = 0.0
        self.exhausted = False
        self._left = most_steps
        self._count = itertools.count()
        self._queue: list[tuple[float, int, _Priced | _Step]] = []
        start = self._start()
        self._push(0.0, (start, self._prices(start)))

    def __iter__(self) -> Iterator[Explanation]:
        """Ends where there is no other, or after the steps it may take; then `exhausted` is false."""
        while self._queue:
            if self._left <= 0:
                return
            self._left -= 1
            self.bound, _, item = heapq.heappop(self._queue)
            if isinstance(item, _Step):
                self._siblings(item)
                state = self._make(item)
                asked = self._prices(state)
                self._push(max(self.bound, state.cost + self._least(state, asked)), (state, asked))
                continue
            state, prices = item
            slots = self._conflict(state, prices)
            if slots is None:
                yield Explanation(state.cost, state.chosen)
            elif slots:
                self._step(_Step(state, slots, 0, 0))
        self.exhausted = True
        self.bound = float("inf")

    def _push(self, bound: float, item: _Priced | _Step) -> None:
        if bound < float("inf"):
            heapq.heappush(self._queue, (bound, next(self._count), item))

    def _start(self) -> _State:
        slots = self.puzzle.slots
        rest = tuple(sum(f * (slots[s].value or 0) for s, f in one.items()) for one in self.puzzle.sums)
        unknown = tuple(sum(slots[s].value is None for s in one) for one in self.puzzle.sums)
        return _State(0.0, {}, frozenset(), rest, unknown)

    def _step(self, step: _Step) -> None:
        option = self.puzzle.slots[step.slots[step.rank]].options[step.option]
        self._push(max(self.bound, step.parent.cost + option.cost), step)

    def _siblings(self, step: _Step) -> None:
        """The next option of the same slot, and the next slot."""
        if step.option + 1 < len(self.puzzle.slots[step.slots[step.rank]].options):
            self._step(_Step(step.parent, step.slots, step.rank, step.option + 1))
        if step.option == 0 and step.rank + 1 < len(step.slots):
            self._step(_Step(step.parent, step.slots, step.rank + 1, 0))

    def _make(self, step: _Step) -> _State:
        at = step.slots[step.rank]
        slot, parent = self.puzzle.slots[at], step.parent
        option = slot.options[step.option]
        rest, unknown = list(parent.rest), list(parent.unknown)
        for number in self.puzzle.of[at]:
            factor = self.puzzle.sums[number][at]
            rest[number] -= factor * (slot.value or 0)
            unknown[number] -= slot.value is None
            if option.means == "offered":
                rest[number] += factor * option.value
            else:
                unknown[number] += 1
        fixed = parent.fixed.union(step.slots[: step.rank])
        return _State(parent.cost + option.cost, {**parent.chosen, at: option}, fixed, tuple(rest), tuple(unknown))

    def _free(self, state: _State, numbers: Sequence[int]) -> list[int]:
        """The slots of sums that may still take an option, the cheapest first."""
        slots = {
            s
            for number in numbers
            for s in self.puzzle.sums[number]
            if s not in state.chosen and s not in state.fixed and self.puzzle.slots[s].options
        }
        return sorted(slots, key=lambda s: (self.puzzle.slots[s].options[0].cost, s))

    def _prices(self, state: _State) -> list[tuple[float, int]]:
        """Of every broken sum what it costs at least, and its number; the dearest first, of those the shortest."""
        broken = [n for n, rest in enumerate(state.rest) if rest and not state.unknown[n]]
        return sorted(
            ((self._price(state, n), n) for n in broken), key=lambda pair: (-pair[0], len(self.puzzle.sums[pair[1]]))
        )

    def _least(self, state: _State, prices: Sequence[tuple[float, int]]) -> float:
        """What broken sums without a slot in common cost at least; infinite where one cannot be mended."""
        taken: set[int] = set()
        least = 0.0
        for price, number in prices:
            free = {s for s in self.puzzle.sums[number] if s not in state.chosen and s not in state.fixed}
            if taken.isdisjoint(free):
                taken |= free
                least += price
        return least

    def _price(self, state: _State, number: int) -> float:
        """What it costs at least to mend one broken sum: one option that does it alone, or the two cheapest slots."""
        alone = first = second = float("inf")
        rest = state.rest[number]
        for at, factor in self.puzzle.sums[number].items():
            slot = self.puzzle.slots[at]
            if not slot.options or at in state.chosen or at in state.fixed:
                continue
            cheapest = slot.options[0].cost
            if cheapest < first:
                first, second = cheapest, first
            elif cheapest < second:
                second = cheapest
            for option in slot.options:
                if option.cost >= alone:
                    break
                if option.means != "offered" or rest + factor * (option.value - (slot.value or 0)) == 0:
                    alone = option.cost
        return min(alone, first + second)

    def _conflict(self, state: _State, prices: Sequence[tuple[float, int]]) -> list[int] | None:
        """Slots one of which must take an option; `None` where nothing is wrong, empty where nothing can mend it."""
        for at, slot in enumerate(self.puzzle.slots):
            if slot.open and at not in state.chosen:
                return [at] if slot.options and at not in state.fixed else []
        if prices:
            return self._free(state, [prices[0][1]])
        for at, option in state.chosen.items():
            if option.means == "unoffered" and (wrong := self._contradicted(state, at)):
                return self._free(state, wrong)
        return None

    def _contradicted(self, state: _State, at: int) -> list[int]:
        """The sums that ask of a slot whose value was not offered for one that was, or for two different ones."""
        slot = self.puzzle.slots[at]
        offered = {option.value for option in slot.options if option.means == "offered"} | {slot.value}
        first: tuple[int, int] | None = None
        for number in self.puzzle.of[at]:
            if state.unknown[number] == 1:
                asked = -state.rest[number] * self.puzzle.sums[number][at]
                if asked in offered:
                    return [number]
                if first is not None and asked != first[0]:
                    return [first[1], number]
                first = first or (asked, number)
        return []
