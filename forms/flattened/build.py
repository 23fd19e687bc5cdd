"""An aligned table as a `Table`: labels parted, values placed, spans as the form's trees say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from biaoge.model import Finding, Severity, Table

from .align import Aligned, Group
from .cells import cells_of, width_of
from .draft import Draft, Row, findings_of
from .lines import Line, bare, by_number, fold, printed, stream_of
from .place import Sheet, Width, placed
from .plan import Item, Printed, slots
from .split import split

_BRACKETS = "()[]<>"


def build(table: Printed, aligned: Aligned, lines: Sequence[Line], caption: Line | None) -> tuple[Table, list[Finding]]:
    """The table and its findings (whose `table` is still `None`)."""
    draft = Draft(table, aligned, by_number(lines))
    _order(draft)
    for row in draft.rows[1:]:
        if row in draft.groups and draft.groups[row].lines[0].apart:
            draft.note("fragment-joined", "info", "a blank line stands above the row", row)
    for n in range(len(table.parts)):
        _headers(draft, n)
        _labels(draft, n)
        _values(draft, n, lines)
    cells, header_rows, stub = cells_of(draft)
    title = caption.raw.strip() if caption else None
    made = Table(len(draft.rows), stub + width_of(draft), tuple(cells), header_rows, stub, title, kind="spaced")
    return made, findings_of(draft, made, [*_above(aligned, lines, caption), *_below(aligned, lines)])


def _above(aligned: Aligned, lines: Sequence[Line], caption: Line | None) -> list[Line]:
    """The lines between the caption and the table; without a caption, those right above it."""
    first = aligned.span[0]
    if caption:
        return [line for line in lines if caption.number < line.number < first]
    found: list[Line] = []
    joined = next(line for line in lines if line.number == first)
    for line in reversed([line for line in lines if line.number < first]):
        if joined.apart:
            break
        found.append(line)
        joined = line
    return found[::-1]


def _below(aligned: Aligned, lines: Sequence[Line]) -> list[Line]:
    """The lines with values that follow the table without a blank line between."""
    found: list[Line] = []
    last = aligned.span[1]
    for line in lines:
        if line.number == last + 1 + len(found) and line.values and not line.apart:
            found.append(line)
    return found


def _order(draft: Draft) -> None:
    """Rows in the order of print; header lines of a part whose rows are there stand even where they were not found."""
    for n, part in enumerate(draft.table.parts):
        mine = [(at, item) for at, item in enumerate(draft.table.items) if item.part == n]
        there = [item for at, item in mine if at in draft.aligned.found]
        if not any(item.kind == "row" for item in there):
            severity: Severity = "info" if part.optional else "warning"
            draft.note("section-missing", severity, f"the form's table {part.key} is not in the text")
        keys = {item.key for item in there if item.kind == "row"}
        covered = {over for key in keys for over in draft.table.rows[n].over[key]}
        for at, item in mine:
            row: Row = (item.kind, n, item.key if item.kind == "row" else str(item.level))
            if at in draft.aligned.found and item.key not in covered:
                draft.rows.append(row)
                draft.groups[row] = draft.aligned.found[at]
            elif item.kind != "row" and keys:
                draft.rows.append(row)
                draft.note("header-missing", "warning", f"a header line of {part.key} was not found", row)
            elif item.kind == "row" and keys and not _needless(item, keys, covered):
                label = part.rows and draft.table.rows[n].nodes[item.key].names[0]
                draft.note("row-missing", "warning", f"the form's row {label!r} is not in the text")


def _needless(item: Item, keys: set[str], covered: set[str]) -> bool:
    """Whether the row may be absent: it is optional, or its header is printed as a row of its own."""
    heads = {item.key.rsplit(".", n)[0] for n in range(1, item.key.count(".") + 1)}
    return item.optional or item.key in covered or bool(heads & keys)


# --- labels ----------------------------------------------------------------------------------------------------------


def _headers(draft: Draft, n: int) -> None:
    """Texts of the section row and the column headers; columns that are optional and not printed are left out."""
    part, tree = draft.table.parts[n], draft.table.columns[n]
    absent: set[str] = set()
    for row in [row for row in draft.rows if row[1] == n and row[0] != "row"]:
        group = draft.groups.get(row)
        if group is None:
            continue
        stream = stream_of((line.number, line.raw) for line in group.lines)
        if row[0] == "section":
            draft.names[n, "section", "0"] = printed(stream, 0, len(stream.text), draft.raws)
            _compare(draft, row, stream.text, part.section)
            _wrapped(draft, row, group)
            continue
        level = int(row[2])
        keys = [*(["corner"] if level == 0 and any(part.corner) else []), *tree.at_level(level)]
        names = [part.corner if key == "corner" else tree.nodes[key].names for key in keys]
        taken = 0
        for key, place in zip(keys, split(stream, slots(names)), strict=True):
            if place is not None:
                draft.names[n, "column", key] = printed(stream, *place, draft.raws)
                taken += place[1] - place[0]
                _compare(draft, row, stream.text[slice(*place)], names[keys.index(key)])
            elif key == "corner":
                draft.names[n, "column", key] = ""
                draft.note("corner-blank", "info", "the corner is blank, where the form has words", row)
            elif tree.nodes[key].optional:
                absent.add(key)
            elif any(tree.nodes[key].names):
                draft.note("header-missing", "warning", f"the header {tree.nodes[key].names[0]!r} was not found", row)
        if taken < len(stream.text):
            draft.note("header-unknown", "warning", "words in a header line that the form does not have", row)
        _wrapped(draft, row, group)
    leaves = tuple(key for key in tree.leaves if not absent & {key, *tree.over[key]})
    draft.columns.append(leaves or tree.leaves)


def _labels(draft: Draft, n: int) -> None:
    """Texts of the stub: of the rows, and of the headers over them, which stand before one of their rows."""
    tree = draft.table.rows[n]
    for row in [row for row in draft.rows if row[1] == n and row[0] == "row"]:
        group, key = draft.groups[row], row[2]
        chain = (*tree.over[key], key)
        if not any(any(tree.nodes[over].names) for over in chain):
            draft.names[n, "row", key] = ""
            continue
        stream = group.label
        for over, place in zip(
            chain, split(stream, slots((tree.nodes[over].names for over in chain), ordinals=False)), strict=True
        ):
            if place is None:
                continue
            text = printed(stream, *place, draft.raws)
            _compare(draft, row, stream.text[slice(*place)], [bare(name) for name in tree.nodes[over].names])
            if over != key and (n, "row", over) in draft.names:
                draft.note("label-repeated", "info", f"{text!r} is printed again and was taken once", row)
            else:
                draft.names[n, "row", over] = text
        if (n, "row", key) not in draft.names:  # unlike the form's words: as it is
            draft.names[n, "row", key] = printed(stream, 0, len(stream.text), draft.raws)
            _compare(draft, row, stream.text, ())
        _wrapped(draft, row, group)
    for over in {over for _, part, key in draft.rows if part == n and key in tree.nodes for over in tree.over[key]}:
        if (n, "row", over) not in draft.names:
            draft.note("label-missing", "warning", f"the header {tree.nodes[over].names[0]!r} was not found")


def _compare(draft: Draft, row: Row, text: str, names: Sequence[str]) -> None:
    if text.strip(_BRACKETS) not in {fold(name).strip(_BRACKETS) for name in names}:
        draft.note("label-differs", "warning", f"{text!r} is not quite what the form says", row)


def _wrapped(draft: Draft, row: Row, group: Group) -> None:
    if len(group.lines) > 1:
        draft.note("lines-joined", "info", f"{len(group.lines)} lines of the text make one row", row)
    if any(line.mark for line in group.lines):
        draft.note("number-joined", "warning", "a lone number was taken into the row; it may be a page number", row)


# --- values ----------------------------------------------------------------------------------------------------------


def _values(draft: Draft, n: int, lines: Sequence[Line]) -> None:
    rows = {row[2]: draft.groups[row] for row in draft.rows if row[0] == "row" and row[1] == n}
    columns = draft.columns[n]
    kept = any("\t\t" in line.raw for line in _near(draft, lines))
    widths = {key: Width(_fields_around(rows, key, len(columns)), kept) for key in rows}
    usual = _usual_start(rows.values(), len(columns))
    sheet = Sheet(draft.table.parts[n].rules, draft.table.rows[n], draft.table.columns[n], {})
    for key, row in placed(rows, widths, columns, sheet).items():
        at: Row = ("row", n, key)
        draft.values[at] = row
        group = rows[key]
        if row.how == "full" and len(group.lines) == 1 and kept and usual is not None:
            by = group.values[0].field - usual
            if by:
                draft.note("row-shifted", "info", f"the row was shifted by {by:+} columns", at)
        elif row.how != "full":
            draft.note(*_DOUBTS[row.how], at)


_DOUBTS: dict[str, tuple[str, Severity, str]] = {
    "tabs": ("value-blank", "warning", "fewer values than columns; the tabs tell which is blank"),
    "sums": ("value-blank", "warning", "fewer values than columns; the sums leave one way to place them"),
    "open": ("value-unplaced", "warning", "fewer values than columns, and it cannot be told which is blank"),
    "blank": ("row-blank", "warning", "the row has no value"),
    "many": ("value-unplaced", "warning", "more values than columns; none was placed"),
}


def _near(draft: Draft, lines: Sequence[Line]) -> list[Line]:
    first, last = draft.aligned.span
    return [line for line in lines if first <= line.number <= last]


def _fields_around(rows: dict[str, Group], key: str, n: int) -> int:
    """Fields of the full rows next above and below, at most: as wide as the table is there."""
    keys = list(rows)
    at = keys.index(key)
    above = [k for k in reversed(keys[:at]) if _is_full(rows[k], n)][:1]
    below = [k for k in keys[at + 1 :] if _is_full(rows[k], n)][:1]
    return max((rows[k].lines[0].fields for k in (*above, *below)), default=0)


def _is_full(group: Group, n: int) -> bool:
    return len(group.lines) == 1 and len(group.values) == n


def _usual_start(groups: Iterable[Group], n: int) -> int | None:
    """The field in which the values of most full rows begin."""
    starts = [group.values[0].field for group in groups if _is_full(group, n)]
    return max(sorted(set(starts)), key=starts.count) if starts else None
