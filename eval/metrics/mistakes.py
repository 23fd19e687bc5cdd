"""The error taxonomy: what is wrong with a table, by kinds, and what each kind costs.

Rows, columns and cells of both tables are put beside one another first (see `correspondence`), so that a row too many
is one mistake and not that of every cell below it. The kinds:

- `missed_table`, `extra_table`: a label without a table, a table without a label;
- `missing_row`, `extra_row`, `missing_column`, `extra_column`; `header_level_lost`: a missing row that is one of column
  headers in the label;
- `shifted_row`: the texts of a row stand in it in their order, but in other columns, or all its texts that are wrong
  stand one row higher or lower;
- `lost_span`: a merged cell came as several, or too small, the rest blank or of the same text; `split_cell`: its text
  is spread over several cells; `added_span`: a cell spans blank neighbours; `merged_cell`: several texts are in one
  cell. Where merged cells of both sides overlap crosswise it is `lost_span` for each true one (if there is none,
  `added_span` for each predicted one);
- in cells that cover the same: `unread` (could not be read), `white_space` (equal at level `space` only), `form` (equal
  at `folded` only: width, dashes, quotes), `number_form` (the same number written otherwise: commas, idle zeros),
  `digit` (only digits differ), `sign` (only plus, minus, parentheses, per cent signs differ), `case`, and `text` for
  all other differences, texts lost and added among them.

The gain of a kind is the number of exact cells (level `folded`) there would be more if all mistakes of this kind, and
no others, were put right; the repair is made and the cells are counted again. It is 0 for what `folded` forgives
(`white_space`, `form`), for an extra table (only precision gains), and where another mistake hides the gain: a misread
digit below a missing row is no exact cell before the row is there too. So gains do not add up to all that is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from biaoge.model import Cell, Table

from ..results import Mistake
from ..roles import kinds_of
from .cells import score
from .correspondence import Place, correspondence
from .levels import at_level
from .repairs import Pair, Repair

KINDS = (
    *("missed_table", "extra_table", "header_level_lost", "missing_row", "extra_row", "missing_column", "extra_column"),
    *("shifted_row", "lost_span", "added_span", "split_cell", "merged_cell"),
    *("unread", "text", "digit", "sign", "number_form", "case", "form", "white_space"),
)
"""All kinds, in the order of a report."""

_SIGNS = str.maketrans("", "", "+-()%‰")
_DIGITS = str.maketrans("", "", "0123456789")


def mistakes(predicted: Table | None, true: Table | None, blanks: bool = True) -> tuple[Mistake, ...]:
    """What is wrong with `predicted`, by descending gain; nothing where it is exact at level `raw`.

    With `blanks=False` (labels leave blank cells out) only cells that bear text are compared.
    """
    if predicted is None or true is None:
        return _whole(predicted, true, blanks)
    if score(predicted, true, "raw", blanks).exact:
        return ()
    pair = Pair(predicted, true, correspondence(predicted, true), blanks)
    now = score(predicted, true, "folded", blanks).matched
    found = _Search(pair).repairs()
    out = [Mistake(kind, r.count, float(max(pair.matched(r) - now, 0))) for kind, r in found.items() if r.count]
    return _sorted(out)


def _whole(predicted: Table | None, true: Table | None, blanks: bool) -> tuple[Mistake, ...]:
    if true is not None:
        readable = sum(c.text is not None and (blanks or c.text.strip() != "") for c in true.cells)
        return (Mistake("missed_table", 1, float(readable)),)
    return () if predicted is None else (Mistake("extra_table", 1, 0.0),)


def _sorted(found: Sequence[Mistake]) -> tuple[Mistake, ...]:
    return tuple(sorted(found, key=lambda m: (-m.gain, -m.count, KINDS.index(m.kind))))


class _Search:
    """Goes through a pair of tables once and notes for every kind what is to be put right.

    Cells are told by their index; `p`: of the predicted table, `t`: of the true one. A cell that a shifted row explains
    is not looked at again.
    """

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.found: dict[str, Repair] = defaultdict(Repair)
        self.p_places, self.t_places = pair.lines.predicted, pair.lines.true
        self.p_at: dict[Place, int] = {place: i for i, place in enumerate(self.p_places) if place}
        self.t_at: dict[Place, int] = {place: i for i, place in enumerate(self.t_places) if place}
        self.p_done: set[int] = set()
        self.t_done: set[int] = set()

    def repairs(self) -> dict[str, Repair]:
        self.lines()
        self.sideways()
        self.up_or_down()
        self.shapes()
        self.texts()
        return self.found

    def p(self, i: int) -> Cell:
        return self.pair.predicted.cells[i]

    def t(self, i: int) -> Cell:
        return self.pair.true.cells[i]

    def lines(self) -> None:
        rows, cols = self.pair.lines.rows, self.pair.lines.cols
        levels = rows.missing & kinds_of(self.pair.true).headers
        for kind, lines, name in (
            ("header_level_lost", levels, "missing_rows"),
            ("missing_row", rows.missing - levels, "missing_rows"),
            ("extra_row", rows.extra, "extra_rows"),
            ("missing_column", cols.missing, "missing_cols"),
            ("extra_column", cols.extra, "extra_cols"),
        ):
            if lines:
                repair = self.found[kind]
                repair.count += len(lines)
                getattr(repair, name).update(lines)

    # --- shifted rows ---

    def sideways(self) -> None:
        p_rows, t_rows = _by_row(self.p_places), _by_row(self.t_places)
        for row in sorted(p_rows.keys() & t_rows.keys()):
            ps = [i for i in p_rows[row] if _folded(self.p(i))]
            ts = [i for i in t_rows[row] if _folded(self.t(i))]
            if not ps or [_folded(self.p(i)) for i in ps] != [_folded(self.t(i)) for i in ts]:
                continue
            if all(_beside(self.p_places[i], self.t_places[j]) for i, j in zip(ps, ts, strict=True)):
                continue
            repair = self.found["shifted_row"]
            repair.count += 1
            repair.removed.update(p_rows[row])
            repair.added.update({i: self.t(i).text for i in t_rows[row]})
            self.p_done.update(p_rows[row])
            self.t_done.update(t_rows[row])

    def up_or_down(self) -> None:
        wrong: dict[int, list[int]] = defaultdict(list)
        for place, i in sorted(self.p_at.items()):
            j = self.t_at.get(place)
            if j is not None and i not in self.p_done and _folded(self.t(j)) and not self.same(i, j):
                wrong[place[0]].append(i)
        targets: dict[int, str | None] = {}
        sources: set[int] = set()
        for here in wrong.values():
            for step in (1, -1):
                from_ = [self.moved(i, step) for i in here]
                known = [i for i in from_ if i is not None]
                if len(known) < len(from_):
                    continue
                blank = any(not _folded(self.p(i)) for i in here)
                if len(known) > 1 or blank:
                    self.found["shifted_row"].count += 1
                    targets.update({i: self.p(k).text for i, k in zip(here, known, strict=True)})
                    sources.update(known)
                    break
        if targets:
            # A source that the truth has blank is explained with its target; another one is looked at for itself.
            blanked = {i for i in sources - targets.keys() if not _folded(self.t(self.t_at[self.place(i)]))}
            self.found["shifted_row"].texts.update({**dict.fromkeys(sources, ""), **targets})
            self.p_done |= targets.keys() | blanked
            self.t_done |= {self.t_at[self.place(i)] for i in targets.keys() | blanked}

    def moved(self, i: int, step: int) -> int | None:
        """The cell of the same shape one row on that has the text which belongs into cell `i`, and not its own."""
        top, bottom, left, right = self.place(i)
        there = (top + step, bottom + step, left, right)
        k, j = self.p_at.get(there), self.t_at.get(there)
        if k is None or j is None or k in self.p_done or self.same(k, j):
            return None
        return k if _folded(self.p(k)) == _folded(self.t(self.t_at[self.place(i)])) else None

    def place(self, p: int) -> Place:
        place = self.p_places[p]
        assert place is not None
        return place

    def same(self, p: int, t: int) -> bool:
        return self.p(p).text is not None and _folded(self.p(p)) == _folded(self.t(t))

    # --- merged cells ---

    def shapes(self) -> None:
        for ps, ts in self.groups():
            kind, count = self.kind_of(ps, ts)
            repair = self.found[kind]
            repair.count += count
            repair.removed.update(ps)
            repair.added.update(self.shared_out(ps, ts))

    def groups(self) -> list[tuple[list[int], list[int]]]:
        """Predicted and true cells that overlap and cover not the same, with all that these overlap, and so on."""
        p_left = {i: place for place, i in self.p_at.items() if place not in self.t_at and i not in self.p_done}
        t_left = {i: place for place, i in self.t_at.items() if place not in self.p_at and i not in self.t_done}
        if not self.pair.blanks:
            p_left = {i: place for i, place in p_left.items() if self.p(i).text is None or _folded(self.p(i))}
            t_left = {i: place for i, place in t_left.items() if self.t(i).text is None or _folded(self.t(i))}
        p_grid = {at: i for i, place in p_left.items() for at in _inside(place)}
        by_p, by_t = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
        for j, place in t_left.items():
            for i in {p_grid[at] for at in _inside(place) if at in p_grid}:
                by_p[i].add(j)
                by_t[j].add(i)
        groups: list[tuple[list[int], list[int]]] = []
        seen: set[int] = set()
        for j in sorted(t_left):
            if j not in seen:
                ps, ts, todo = set[int](), {j}, [j]
                while todo:
                    more = by_t[todo.pop()] - ps
                    ps |= more
                    new = {t for i in more for t in by_p[i]} - ts
                    ts |= new
                    todo += new
                seen |= ts
                groups.append((sorted(ps), sorted(ts)))
        return groups + [([i], []) for i in sorted(p_left) if i not in by_p]

    def kind_of(self, ps: list[int], ts: list[int]) -> tuple[str, int]:
        if not ps or not ts:
            return "text", 1
        if len(ts) == 1 and (len(ps) > 1 or self.area(self.t_places[ts[0]]) > self.area(self.p_places[ps[0]])):
            texts = {_folded(self.p(i)) for i in ps} - {""}
            return ("lost_span" if len(texts) < 2 else "split_cell"), 1
        if len(ps) == 1:
            return ("added_span" if sum(_folded(self.t(j)) != "" for j in ts) < 2 else "merged_cell"), 1
        lost = sum(self.area(self.t_places[j]) > 1 for j in ts)
        return ("lost_span", lost) if lost else ("added_span", sum(self.area(self.p_places[i]) > 1 for i in ps))

    def area(self, place: Place | None) -> int:
        return (place[1] - place[0]) * (place[3] - place[2]) if place else 0

    def shared_out(self, ps: list[int], ts: list[int]) -> dict[int, str | None]:
        """The true cells with the text that the predicted ones hold for them."""
        if len(ps) == 1 and len(ts) > 1:
            held = _folded(self.p(ps[0]))
            worded = [j for j in ts if _folded(self.t(j))]
            if len(worded) < 2:
                return {j: self.p(ps[0]).text if j == (worded or ts)[0] else "" for j in ts}
            return {j: self.t(j).text if _folded(self.t(j)) in held else "" for j in ts}
        out: dict[int, str | None] = {}
        for j in ts:
            top, bottom, left, right = self.t_places[j] or (0, 0, 0, 0)
            begin = [i for i in ps if top <= self.place(i)[0] < bottom and left <= self.place(i)[2] < right]
            # A text that was repeated in every piece counts once.
            out[j] = "".join(dict.fromkeys(_folded(self.p(i)) for i in begin)) if ps else self.t(j).text
        return out

    # --- texts ---

    def texts(self) -> None:
        for place, i in sorted(self.p_at.items()):
            j = self.t_at.get(place)
            if j is None or i in self.p_done or j in self.t_done:
                continue
            true, predicted = self.t(j).text, self.p(i).text
            both_blank = true is not None and predicted is not None and not (true + predicted).strip()
            if true is None or true == predicted or (both_blank and not self.pair.blanks):
                continue
            repair = self.found["unread" if predicted is None else _kind(predicted, true)]
            repair.count += 1
            repair.texts[i] = true


def _kind(predicted: str, true: str) -> str:
    """How two texts differ that are not the same."""
    p, t = (at_level(text, "folded") for text in (predicted, true))
    if p == t:
        return "white_space" if at_level(predicted, "space") == at_level(true, "space") else "form"
    if at_level(p, "numbers") == at_level(t, "numbers"):
        return "number_form"
    if not p or not t:
        return "text"
    if p.translate(_DIGITS) == t.translate(_DIGITS):
        return "digit"
    if p.translate(_SIGNS) == t.translate(_SIGNS) != "":
        return "sign"
    return "case" if p.casefold() == t.casefold() else "text"


def _folded(cell: Cell) -> str:
    return at_level(cell.text or "", "folded")


def _by_row(places: Sequence[Place | None]) -> dict[int, list[int]]:
    """The cells that begin in each row of the frame, from left to right."""
    out: dict[int, list[int]] = defaultdict(list)
    for _, row, i in sorted((place[2], place[0], i) for i, place in enumerate(places) if place):
        out[row].append(i)
    return out


def _beside(p: Place | None, t: Place | None) -> bool:
    """Whether one cell begins in a column that the other covers."""
    return p is not None and t is not None and (t[2] <= p[2] < t[3] or p[2] <= t[2] < p[3])


def _inside(place: Place) -> list[tuple[int, int]]:
    return [(r, c) for r in range(place[0], place[1]) for c in range(place[2], place[3])]
