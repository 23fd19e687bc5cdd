"""Two people's labels of the same table held against each other, and what a label may then claim to be.

A label's `status` is a claim about how it came to be:

- `single`: one person labelled the table;
- `double`: a second person labelled it without looking at the first label, and the two agree (`Disagreement.agrees`);
- `adjudicated`: the two differed; the label is what was then decided, and its `note` says why.

The second label stands in a folder `second` beside the first, under the same name. `false_claims` finds labels that
claim more than is true, `open_cases` finds pairs that nobody has settled yet. Plain agreement is counted: with hundreds
of cells that could each hold any text, agreement by chance is nil, so that a coefficient that takes it off (Cohen 1960)
would say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from biaoge.errors import LabelError
from biaoge.model import Cell, Table

from .gridtext import Label, Status, read
from .metrics.counts import Counts
from .metrics.levels import LEVELS, Level, at_level

SECOND = "second"
OWN = Path(__file__).resolve().parent / "truth"
"""The labels shipped with the package."""

Difference = Literal["no cell", "span", "text", "role"]
Pair = tuple[Label, Label]


@dataclass(frozen=True, slots=True)
class Place:
    """A cell (row and column of its origin) that the labels do not agree on.

    `kind`: what differs first of whether a cell begins there, its spans, its text, its role. `level`: of a text, the
    most lenient level at which it still differs. `first`, `second`: what each says, `None`: that no cell begins there.
    """

    row: int
    col: int
    kind: Difference
    first: str | None
    second: str | None
    level: Level | None = None

    def __str__(self) -> str:
        where = f"row {self.row}, column {self.col}: {self.kind}"
        at = f" (at level {self.level})" if self.level else ""
        return f"{where}{at}: {self.first or 'no cell'} / {self.second or 'no cell'}"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What two labels of one table differ in; in `Counts` the first label is the true one, the second predicted.

    `levels`: cells by place, spans and text at each level; two cells that both call unreadable agree. `structure`:
    by place and spans; `roles`: of the cells with the same place and spans, those with the same role; `front`: numbers
    of rows, columns, header rows and stub columns, and the caption, as (name, first, second) where they differ.
    """

    name: str
    labellers: tuple[str, str]
    levels: Mapping[Level, Counts]
    structure: Counts
    roles: Counts
    front: tuple[tuple[str, str, str], ...]
    places: tuple[Place, ...]

    def agrees(self, level: Level = "space") -> bool:
        """Whether every cell is the same by place, spans, role and, at `level`, text, and so are the headers and stub.

        Captions may differ: they stand outside of the table, and no figure counts them.
        """
        return self.levels[level].exact and self.roles.exact and not any(name != "caption" for name, _, _ in self.front)


def compare(first: Label, second: Label) -> Disagreement:
    """The differences of two labels of the same table; LabelError where they are of different ones."""
    if first.name != second.name:
        raise LabelError(f"labels of different tables: {first.name} and {second.name}")
    one, other = _by_place(first.table), _by_place(second.table)
    same = [place for place in one.keys() & other.keys() if _shape(one[place]) == _shape(other[place])]
    roles = sum(one[place].role == other[place].role for place in same)
    return Disagreement(
        first.name,
        (first.labeller, second.labeller),
        {level: _counts(first.table, second.table, level) for level in LEVELS},
        Counts(len(same), len(other), len(one)),
        Counts(roles, len(same), len(same)),
        _front(first.table, second.table),
        tuple(
            place
            for at in sorted(one.keys() | other.keys())
            if (place := _place(at, one.get(at), other.get(at))) is not None
        ),
    )


def pairs(first: Path = OWN, second: Path | None = None) -> tuple[Pair, ...]:
    """The labels (`*.grid`) in the folder `first` that have a second one in `second`, with it, in order of their names.

    `second`: the folder `second` in the first one where it is left out. LabelError for a second label without a first.
    """
    out = []
    for path in sorted((first / SECOND if second is None else second).glob("*.grid")):
        if not (first / path.name).is_file():
            raise LabelError(f"{path}: a second label, but there is no first one in {first}")
        out.append((read(first / path.name), read(path)))
    return tuple(out)


def false_claims(labels: Iterable[Label], seconds: Iterable[Label]) -> tuple[str, ...]:
    """Why labels may not claim the status they claim, a sentence each; () where all claims are true.

    `double` needs a second label by another labeller that agrees at level `space`; `adjudicated` one by another
    labeller, and a note that says what was decided. `single` claims nothing.
    """
    by_name = {second.name: second for second in seconds}
    out = []
    for label in labels:
        if label.status == "single":
            continue
        said, second = f"{label.name} claims to be {label.status}", by_name.get(label.name)
        if second is None:
            out.append(f"{said}, but there is no second label")
        elif second.labeller == label.labeller:
            out.append(f"{said}, but both labels are by {label.labeller}")
        elif label.status == "double" and not (found := compare(label, second)).agrees():
            out.append(f"{said}, but the labels differ in {_many(found)}")
        elif label.status == "adjudicated" and not label.note:
            out.append(f"{said}, but no note says what was decided")
    return tuple(out)


def false_claims_in(first: Path = OWN, second: Path | None = None) -> tuple[str, ...]:
    """`false_claims` of the labels (`*.grid`) in the folder `first`; only those that claim anything are looked up."""
    labels = [read(path) for path in sorted(first.glob("*.grid"))]
    folder = first / SECOND if second is None else second
    wanted = [folder / f"{label.name}.grid" for label in labels if label.status != "single"]
    return false_claims(labels, [read(path) for path in wanted if path.is_file()])


def open_cases(of: Iterable[Pair]) -> tuple[Disagreement, ...]:
    """The pairs whose first label still says `single`: to be called `double`, or to be adjudicated."""
    return tuple(compare(first, second) for first, second in of if first.status == "single")


def earned(first: Label, second: Label | None) -> Status:
    """The status that a label may claim without a decision: `double` where a second labeller agrees, else `single`."""
    if second is None or first.labeller == second.labeller:
        return "single"
    return "double" if compare(first, second).agrees() else "single"


def report(of: Sequence[Pair]) -> str:
    """The agreement over all pairs, then each pair with every place its labels differ in."""
    found = [(first, compare(first, second)) for first, second in of]
    agreeing = sum(d.agrees() for _, d in found)
    lines = [f"{len(found)} tables labelled twice; the labels of {agreeing} agree (level space)"]
    totals: list[tuple[str, Counts]] = [
        (f"cells at {level}", sum((d.levels[level] for _, d in found), Counts())) for level in LEVELS
    ]
    totals.append(("structure", sum((d.structure for _, d in found), Counts())))
    totals.append(("roles", sum((d.roles for _, d in found), Counts())))
    lines += [
        f"  {name:<16} {c.matched:>7} of {c.true} (first) and {c.predicted} (second): F1 {c.f1:.4f}"
        for name, c in totals
    ]
    for first, d in found:
        lines.append(f"{d.name}: {' and '.join(d.labellers)}, status {first.status}: {_verdict(first, d)}")
        lines += [f"    {name}: {a} / {b}" for name, a, b in d.front]
        lines += [f"    {place}" for place in d.places]
        if first.note:
            lines.append(f"    note: {first.note}")
    return "\n".join(lines) + "\n"


def _verdict(first: Label, found: Disagreement) -> str:
    if first.status == "adjudicated":
        return "settled" + ("" if found.places else ", though the labels are the same")
    if not found.agrees():
        return f"to be settled, they differ in {_many(found)}"
    return "agree" if first.status == "double" else "agree, may be called double"


def _many(found: Disagreement) -> str:
    return f"{len(found.places)} cells" + (
        f" and {', '.join(name for name, _, _ in found.front)}" if found.front else ""
    )


def _by_place(table: Table) -> dict[tuple[int, int], Cell]:
    return {(cell.row, cell.col): cell for cell in table.cells}


def _shape(cell: Cell) -> tuple[int, int]:
    return cell.rowspan, cell.colspan


def _text(cell: Cell, level: Level) -> str | None:
    return None if cell.text is None else at_level(cell.text, level)


def _counts(first: Table, second: Table, level: Level) -> Counts:
    # Not `cells.score`: there an unread cell is never right, here two people can agree that it cannot be read.
    one, other = ({(c.row, c.col, *_shape(c), _text(c, level)) for c in t.cells} for t in (first, second))
    return Counts(len(one & other), len(other), len(one))


def _front(first: Table, second: Table) -> tuple[tuple[str, str, str], ...]:
    said = [
        (name, str(getattr(first, name)), str(getattr(second, name)))
        for name in ("n_rows", "n_cols", "header_rows", "stub_cols")
    ]
    said.append(("caption", at_level(first.caption or "", "space"), at_level(second.caption or "", "space")))
    return tuple((name, a, b) for name, a, b in said if a != b)


def _place(at: tuple[int, int], first: Cell | None, second: Cell | None) -> Place | None:
    if first is None or second is None:
        return Place(*at, "no cell", _shown(first), _shown(second))
    if _shape(first) != _shape(second):
        return Place(*at, "span", _shown(first), _shown(second))
    if level := next((lv for lv in reversed(LEVELS) if _text(first, lv) != _text(second, lv)), None):
        return Place(*at, "text", _shown(first), _shown(second), level)
    if first.role != second.role:
        return Place(*at, "role", first.role, second.role)
    return None


def _shown(cell: Cell | None) -> str | None:
    if cell is None:
        return None
    span = "" if _shape(cell) == (1, 1) else f" spanning {cell.rowspan} × {cell.colspan}"
    return ("unread" if cell.text is None else repr(cell.text)) + span
