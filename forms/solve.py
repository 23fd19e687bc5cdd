"""The likeliest consistent reading of recognised cells, by the sums they stand in; see docs/checks.md for the model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from biaoge.facts import Identity, Place
from biaoge.model import Alternative, Cell, Finding, Repair, Table

from .checks import SURE, Added, Cells, added, cells_of
from .search import Explanation, Option, Puzzle, Search, Slot
from .values import Value, value

MISPRINT = 2e-4
"""Probability that a cell is wrong in the original, and by just what a sum is short of."""
COINCIDENCE = 0.1
"""How likely a value that was not offered is, at most, the one that the sums ask for."""
MARGIN = 100.0
"""Odds of a repair against all other explanations together."""
FAINTEST = math.log(10)
"""Cost of a reading that may be put in place: at least a tenth as likely, to the recogniser, as the likeliest one.
Where it was surer of what it read, the original is more likely wrong."""
MOST_ODDS = 1e6
"""Odds are not told higher."""
LEFT_OUT = 10.0
"""Explanations that were not looked at weigh as many times as the next one would."""
BEYOND = math.log(MARGIN * LEFT_OUT) + 1
"""How much more than the best one an explanation costs that is still looked at."""
DEAREST = 14.0
"""Cost of an option that is not tried any more: less likely than one in a million."""
MOST_STEPS = 6_000
"""Of the search; a puzzle that takes more is given up."""
MOST_UNKNOWN = 0.999999
"""A confidence that leaves room for a doubt."""


@dataclass(frozen=True, slots=True)
class Mended:
    """Tables with cells repaired and the confidences of suspects lowered; what was repaired, and what is told."""

    tables: tuple[Table, ...]
    repairs: tuple[tuple[Place, Repair], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Posed:
    """A puzzle with the places of its slots (those of doubts about sums come after them) and the names of its sums."""

    puzzle: Puzzle
    places: Sequence[Place]
    identities: Sequence[Identity]
    broken: Sequence[bool]


def mend(tables: Sequence[Table], identities: Sequence[Identity]) -> Mended:
    """Repairs recognised cells where one reading beats every other explanation by `MARGIN`; repairs are told.

    Of suspects the confidence is lowered to how likely they are right as read; `checks.findings` names them. Cells that
    were not recognised are never changed, nor those of sums that hold as read.
    """
    cells = cells_of(tables, identities)
    changed: dict[Place, Cell] = {}
    repairs: list[tuple[Place, Repair]] = []
    told: list[Finding] = []
    for posed in _posed(cells, identities):
        for place, (cell, repair) in _solved(posed, cells, told).items():
            changed[place] = cell
            repairs += [(place, repair)] if repair else []
    return Mended(tuple(_with(t, table, changed) for t, table in enumerate(tables)), tuple(repairs), tuple(told))


def _solved(posed: _Posed, cells: Mapping[Place, Cell], told: list[Finding]) -> dict[Place, tuple[Cell, Repair | None]]:
    """The cells of a puzzle that are repaired, or less sure than they seemed; findings are added to `told`."""
    found, beyond = _explanations(posed.puzzle)
    weights = [math.exp(found[0].cost - one.cost) for one in found]
    total = sum(weights) + beyond
    out: dict[Place, tuple[Cell, Repair | None]] = {}
    suspects: dict[Place, float] = {} if found else _blamed(posed, cells)
    for at, place in enumerate(posed.places):
        if not any(at in one.chosen for one in found):
            continue
        best = _best(posed.puzzle, found, weights, at)
        if best is not None and best[0].cost <= FAINTEST and best[1] >= MARGIN * (total - best[1]):
            odds = best[1] / max(total - best[1], best[1] / MOST_ODDS)
            repair = Repair(cells[place].text, best[0].text, _reason(posed, at), float(f"{odds:.3g}"))
            out[place] = _repaired(cells[place], repair, best[1] / total), repair
            told.append(_told_repair(cells[place], place, repair))
            continue
        asread = sum(w for w, one in zip(weights, found, strict=True) if at not in one.chosen) / total
        if asread < SURE:
            suspects[place] = asread
    for place, share in suspects.items():
        if cells[place].source == "ocr" and share < cells[place].confidence:
            out[place] = replace(cells[place], confidence=share), None
    return out


# --- the puzzle ------------------------------------------------------------------------------------------------------


def _posed(cells: Mapping[Place, Cell], identities: Sequence[Identity]) -> list[_Posed]:
    """The puzzles of the sums that have a recognised cell: those that share no cell are apart. None that is solved."""
    values = {place: value(cells[place].text) for i in identities for place in i.places if place in cells}
    sums = {identity.id: added(identity, values) for identity in identities}
    meant = _meant(cells, identities, sums)
    usable = [
        i
        for i in identities
        if all(place in cells for place in i.places)
        and any(cells[place].source == "ocr" for place in i.places)
        and not (sums[i.id].blank or sums[i.id].empty)
        and meant[_family(i)] >= MEANT
    ]
    opens = {place for i in usable if i.certain for place in i.places if _numbers_offered(cells[place], values[place])}
    out = []
    for group in _apart(usable):
        broken = [sums[i.id].broken for i in group]
        if any(broken) or not opens.isdisjoint(place for i in group for place in i.places):
            doubts = [None if i.certain else 1 - meant[_family(i)] for i in group]
            out.append(_puzzle(cells, group, doubts, broken, opens))
    return out


def _apart(identities: Sequence[Identity]) -> list[list[Identity]]:
    """Identities in groups that have no cell in common, in order."""
    groups: list[tuple[set[Place], list[Identity]]] = []
    for identity in identities:
        near = [group for group in groups if not group[0].isdisjoint(identity.places)]
        places, members = set(identity.places), [identity]
        for group in reversed(near):
            places |= group[0]
            members = group[1] + members
        groups = [group for group in groups if group not in near] + [(places, members)]
    return [members for _, members in groups]


def _puzzle(
    cells: Mapping[Place, Cell],
    identities: Sequence[Identity],
    doubts: Sequence[float | None],
    broken: Sequence[bool],
    opens: set[Place],
) -> _Posed:
    """`doubts`: of each identity how likely it is not meant, `None` where it is certain."""
    places = list(dict.fromkeys(place for i in identities for place in i.places))
    digits = max((_digits(number) for place in places for number in _numbers(cells[place])), default=0)
    slots = [_slot(cells[place], digits, place in opens) for place in places]
    index = {place: n for n, place in enumerate(places)}
    equations: list[dict[int, int]] = []
    for identity, doubt in zip(identities, doubts, strict=True):
        one: dict[int, int] = {}
        for side, factor in ((identity.total, -1), (identity.parts, 1), (identity.less, -1)):
            for place in side:
                one[index[place]] = one.get(index[place], 0) + factor
        if doubt is not None:
            # Whether the sum is meant at all is a slot of its own.
            one[len(slots)] = 1
            slots.append(Slot(0, (Option("silent", _cost(doubt, 1 - doubt)),)))
        equations.append({slot: factor for slot, factor in one.items() if factor})
    return _Posed(Puzzle(slots, equations), places, identities, broken)


MEANT = 0.75
"""A sum that was told from names asks for nothing where its reading is less likely to be meant."""


def _family(identity: Identity) -> str:
    """The rule and the table: the first two words of the id."""
    return ".".join(identity.id.partition(":")[0].split(".")[:2])


def _meant(cells: Cells, identities: Sequence[Identity], sums: Mapping[str, Added]) -> dict[str, float]:
    """How likely a sum told from names is meant, by Laplace's rule from how often its like holds with numbers.

    A broken one counts as much as all its cells are likely to be read right.
    """
    holding: dict[str, float] = {}
    every: dict[str, float] = {}
    for identity in identities:
        family, one = _family(identity), sums[identity.id]
        if identity.certain:
            holding[family] = every[family] = math.inf
        held = float(bool(one.holds and one.expected))
        right = math.prod(cells[place].confidence for place in identity.places if place in cells)
        holding[family] = holding.get(family, 1.0) + held
        every[family] = every.get(family, 2.0) + held + one.broken * right
    return {family: 1.0 if every[family] == math.inf else holding[family] / every[family] for family in every}


def offered(cell: Cell) -> list[Alternative]:
    """The other readings of a cell: its alternatives and, where it has several words, each number among them alone.

    A speck beside a number is read as a word of its own; how unlikely the other words are is the number's probability.
    """
    out = list(cell.alternatives)
    if len(cell.words) > 1:
        for at, word in enumerate(cell.words):
            if value(word.text).number is not None:
                others = (1 - w.confidence for n, w in enumerate(cell.words) if n != at)
                out.append(Alternative(word.text, word.confidence * math.prod(others)))
    return out


def _numbers_offered(cell: Cell, said: Value) -> bool:
    """Whether a cell that says no number was recognised, with a number among its other readings."""
    numbers = any(value(other.text).number is not None for other in offered(cell))
    return cell.source == "ocr" and said.kind in ("text", "unread") and numbers


def _numbers(cell: Cell) -> list[Decimal]:
    said = [value(text).number for text in (cell.text, *(a.text for a in offered(cell)))]
    return [number for number in said if number is not None]


def _digits(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _slot(cell: Cell, digits: int, is_open: bool) -> Slot:
    """A cell's readings with their costs: the likeliest, or what was read, costs nothing."""
    said = value(cell.text)
    read = _scaled(said.counts, digits)
    if cell.source != "ocr":
        return Slot(read, (Option("silent", -math.log(MISPRINT)),))
    others: dict[int, tuple[float, str]] = {}
    sure = min(cell.confidence, MOST_UNKNOWN)
    for other in offered(cell):
        number = _scaled(value(other.text).number, digits)
        if number is not None and number == read:
            sure = min(sure + other.probability, MOST_UNKNOWN)
        elif number is not None:
            mass, text = others.get(number, (0.0, other.text))
            others[number] = mass + other.probability, text
    known = (0.0 if read is None else sure) + sum(mass for mass, _ in others.values())
    unoffered = COINCIDENCE * max(1 - known, 1 - MOST_UNKNOWN)
    most = max(sure if not is_open else 0.0, unoffered, *(mass for mass, _ in others.values()), MISPRINT)
    options = [Option("offered", _cost(mass, most), number, text) for number, (mass, text) in others.items()]
    options.append(Option("unoffered", _cost(unoffered, most)))
    if not is_open:
        options.append(Option("silent", _cost(MISPRINT * max(sure, 0.5), most)))
    options = [option for option in options if option.cost <= DEAREST]
    return Slot(read, tuple(sorted(options, key=lambda o: (o.cost, o.value))), is_open)


def _cost(mass: float, most: float) -> float:
    return max(-math.log(max(mass, 1e-12) / most), 0.0)


def _scaled(number: Decimal | None, digits: int) -> int | None:
    """The number in units of its last digit, as whole numbers are added fast."""
    if number is None:
        return None
    sign, figures, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    whole = int("".join(map(str, figures)) + "0" * (exponent + digits))
    return -whole if sign else whole


# --- its explanations ------------------------------------------------------------------------------------------------


def _explanations(puzzle: Puzzle) -> tuple[list[Explanation], float]:
    """The explanations up to `BEYOND` the best, and what the others may weigh in comparison; none where given up."""
    search = Search(puzzle, MOST_STEPS)
    found: list[Explanation] = []
    for one in search:
        if found and one.cost > found[0].cost + BEYOND:
            break
        found.append(one)
    if not found:
        return [], 0.0
    beyond = LEFT_OUT * math.exp(found[0].cost - search.bound) if search.bound < math.inf else 0.0
    return found, beyond


def _best(
    puzzle: Puzzle, found: Sequence[Explanation], weights: Sequence[float], at: int
) -> tuple[Option, float] | None:
    """The offered reading of a slot that weighs most over the explanations in which a sum confirms it."""
    by_value: dict[int, tuple[Option, float]] = {}
    for one, weight in zip(found, weights, strict=True):
        option = one.chosen.get(at)
        if option is not None and option.means == "offered" and _confirmed(puzzle, one, at):
            by_value[option.value] = option, by_value.get(option.value, (option, 0.0))[1] + weight
    return max(by_value.values(), key=lambda pair: pair[1], default=None)


def _confirmed(puzzle: Puzzle, one: Explanation, at: int) -> bool:
    """Whether a sum of the slot has no slot in it whose value is not known."""
    silent = {slot for slot, option in one.chosen.items() if option.means != "offered"}
    unread = {s for number in puzzle.of[at] for s in puzzle.sums[number] if puzzle.slots[s].value is None}
    unknown = silent | (unread - one.chosen.keys())
    return any(unknown.isdisjoint(puzzle.sums[number]) for number in puzzle.of[at])


def _reason(posed: _Posed, at: int) -> str:
    ids = [i.id for n, i in enumerate(posed.identities) if at in posed.puzzle.sums[n]]
    return f"as the sums ask: {', '.join(ids)}"


def _repaired(cell: Cell, repair: Repair, share: float) -> Cell:
    first = [Alternative(cell.text, cell.confidence)] if cell.text else []
    others = (*first, *(other for other in cell.alternatives if other.text != repair.proposed))
    return replace(cell, text=repair.proposed, source="repaired", confidence=share, alternatives=others, repair=repair)


def _blamed(posed: _Posed, cells: Mapping[Place, Cell]) -> dict[Place, float]:
    """Without an explanation: how likely each cell of a broken sum is right, if one of them is wrong."""
    out: dict[Place, float] = {}
    for identity, broken in zip(posed.identities, posed.broken, strict=True):
        if broken:
            doubts = {place: 1 - min(cells[place].confidence, MOST_UNKNOWN) for place in identity.places}
            whole = sum(doubts.values())
            for place, doubt in doubts.items():
                out[place] = min(out.get(place, 1.0), 1 - doubt / whole if whole else 1.0)
    return {place: share for place, share in out.items() if share < SURE}


def _with(number: int, table: Table, changed: Mapping[Place, Cell]) -> Table:
    cells = tuple(changed.get(Place(number, c.row, c.col), c) for c in table.cells)
    return table if all(a is b for a, b in zip(cells, table.cells, strict=True)) else replace(table, cells=cells)


# --- what is told ----------------------------------------------------------------------------------------------------


def _told_repair(cell: Cell, place: Place, repair: Repair) -> Finding:
    raw = "a cell that could not be read" if repair.raw is None else repr(repair.raw)
    told = f"{raw} was read and {repair.proposed!r} put in its place, {repair.reason} (odds {repair.odds:g})"
    return Finding("sum-repaired", "warning", told, _page([cell]), place.table, ((place.row, place.col),))


def _page(cells: Iterable[Cell]) -> int | None:
    return next((region.page for cell in cells for region in cell.regions), None)
