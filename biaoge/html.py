"""Tables as HTML and back.

What plain HTML cannot say about a table is written as `data-` attributes, and only where it differs from what a reader
would conclude from `thead`, `th` and `scope`: `data-role` on a cell, `data-header-rows` and `data-stub-cols` on the
table, `data-unread` on a cell that could not be read.
"""

from __future__ import annotations

import html as escaping
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, get_args

from biaoge.errors import LabelError
from biaoge.model import Cell, Role, Table

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_PLACES = 1_000_000
MOST_COLSPAN, MOST_ROWSPAN = 1000, 65534  # the limits of HTML
_COLUMN_SCOPES, _ROW_SCOPES = ("col", "colgroup"), ("row", "rowgroup")
_CELLS, _GROUPS = ("td", "th"), ("thead", "tbody", "tfoot")
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_UNWRITABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_LINES = frozenset(("p", "div", "li", "tr", "table", "ul", "ol", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "pre"))
_NO_TEXT = frozenset(("script", "style", "template", "head", "title"))


@dataclass(frozen=True, slots=True)
class _Tag:
    """What HTML says of a cell beside its place and text."""

    th: bool
    scope: str | None


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell with its tag, and the role that the HTML says outright."""

    cell: Cell
    tag: _Tag
    role: Role | None


# --- writing ---------------------------------------------------------------------------------------------------------


def table_to_html(table: Table) -> str:
    """An HTML `<table>`: caption, `thead`, a `tbody` for every section, spans, `th` with scope; line breaks as `<br>`.

    No `thead` is written where a cell reaches from the header rows into the body, since HTML would cut it there.
    """
    bounds = _group_bounds(table)
    thead = table.header_rows if table.header_rows in bounds and table.header_rows else 0
    tags = [_tag_of(cell) for cell in table.cells]
    header_rows, stub_cols, roles = _conclude(table.cells, tags, (table.n_rows, table.n_cols), thead)
    attributes = ""
    if header_rows != table.header_rows:
        attributes += f' data-header-rows="{table.header_rows}"'
    if stub_cols != table.stub_cols:
        attributes += f' data-stub-cols="{table.stub_cols}"'
        # The roles follow from the stub, so they are concluded anew from the one that is written.
        _, _, roles = _conclude(table.cells, tags, (table.n_rows, table.n_cols), thead, table.stub_cols)
    lines = [f"<table{attributes}>"]
    if table.caption is not None:
        lines.append(f"  <caption>{_escape(table.caption)}</caption>")
    by_row: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell, tag, role in zip(table.cells, tags, roles, strict=True):
        by_row[cell.row].append(_cell_html(cell, tag, role))
    for start, stop in pairwise(bounds):
        group = "thead" if stop <= thead else "tbody"
        if start not in range(1, thead):
            lines.append(f"  <{group}>")
        lines += [f"    <tr>{''.join(by_row[r])}</tr>" for r in range(start, stop)]
        if stop not in range(1, thead):
            lines.append(f"  </{group}>")
    return "\n".join([*lines, "</table>"]) + "\n"


def _group_bounds(table: Table) -> list[int]:
    """Rows at which a row group may begin: 0, the body's first, every section that no cell crosses, and the end."""
    wanted = {0, table.header_rows, *(c.row for c in table.cells if c.role == "section" and c.colspan == table.n_cols)}
    crossed = {r for c in table.cells for r in range(c.row + 1, c.row + c.rowspan)}
    return [*sorted(wanted - crossed - {table.n_rows}), table.n_rows]


def _tag_of(cell: Cell) -> _Tag:
    if cell.role == "column_header":
        return _Tag(True, "colgroup" if cell.colspan > 1 else "col")
    if cell.role == "row_header":
        return _Tag(True, "rowgroup" if cell.rowspan > 1 else "row")
    if cell.role == "section":
        return _Tag(True, "rowgroup")
    return _Tag(cell.role == "corner" and bool(cell.text), None)


def _cell_html(cell: Cell, tag: _Tag, concluded: Role) -> str:
    name = "th" if tag.th else "td"
    spans = "".join(f' {k}="{n}"' for k, n in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if n > 1)
    scope = f' scope="{tag.scope}"' if tag.scope else ""
    role = f' data-role="{cell.role}"' if cell.role != concluded else ""
    unread = " data-unread" if cell.text is None else ""
    return f"<{name}{spans}{scope}{role}{unread}>{_escape(cell.text or '')}</{name}>"


def _escape(text: str) -> str:
    """Escaped; what HTML cannot hold becomes U+FFFD."""
    return escaping.escape(_UNWRITABLE.sub("\ufffd", text)).replace("\n", "<br>")


# --- what plain HTML says --------------------------------------------------------------------------------------------


def _conclude(
    cells: Sequence[Cell], tags: Sequence[_Tag], size: tuple[int, int], thead: int, stub: int | None = None
) -> tuple[int, int, list[Role]]:
    """Header rows, stub columns and the roles of the cells from their tags. `size`: rows, columns; `thead`: its rows.

    A row is a section when one `th` of scope rowgroup fills it (in the body also one without a scope), a header row
    when it stands in the head, holds a `th` of a column scope, or nothing but `th` without a row scope.
    """
    n_rows, n_cols = size
    rows: list[list[_Tag]] = [[] for _ in range(n_rows)]
    full: set[int] = set()
    for cell, tag in zip(cells, tags, strict=True):
        rows[cell.row].append(tag)
        if cell.colspan == n_cols and tag.th and (tag.scope == "rowgroup" or (thead <= cell.row and not tag.scope)):
            full.add(cell.row)
    header = [
        r not in full
        and (
            r < thead
            or any(t.th and t.scope in _COLUMN_SCOPES for t in row)
            or (bool(row) and all(t.th and t.scope not in _ROW_SCOPES for t in row))
        )
        for r, row in enumerate(rows)
    ]
    if stub is None:
        stub = _stub_width(cells, tags, n_rows, [h or r in full for r, h in enumerate(header)])
    roles: list[Role] = []
    for cell, tag in zip(cells, tags, strict=True):
        if cell.row in full:
            roles.append("section")
        elif header[cell.row]:
            roles.append("corner" if cell.col < stub else "column_header")
        else:
            roles.append("row_header" if tag.th else "data")
    header_rows = thead
    if not thead:
        leading = next((r for r in range(n_rows) if not (header[r] or r in full)), n_rows)
        header_rows = max((r + 1 for r in range(leading) if header[r]), default=0)
    return header_rows, stub, roles


def _stub_width(cells: Sequence[Cell], tags: Sequence[_Tag], n_rows: int, skip: list[bool]) -> int:
    """The widest run of `th` from the left edge in the rows that are not to be skipped."""
    reach = [0] * n_rows
    for cell, tag in sorted(zip(cells, tags, strict=True), key=lambda pair: pair[0].col):
        if tag.th and not skip[cell.row]:
            for r in cell.rows:
                if reach[r] == cell.col:
                    reach[r] = cell.col + cell.colspan
    return max(reach)


# --- reading ---------------------------------------------------------------------------------------------------------


def table_from_html(html: str) -> Table:
    """The first `<table>` of `html`, however malformed; LabelError when there is none, or none with a cell.

    Spans are resolved as HTML does ("forming a table"): a cell goes to the first free place of its row, rows never
    reach out of their row group, `rowspan=0` reaches to its end, `tfoot` goes last. Where two cells would overlap, the
    earlier one keeps the place and the later is narrowed; places without a cell get an empty one; columns at the right
    edge that only too wide a colspan opened are left out. `th` and `scope` become roles, `thead` the header rows.
    """
    element = _first_table(html)
    groups = _groups(element)
    placed: list[_Placed] = []
    free: list[int] = []  # by column: the first row that no cell reaches into
    n_rows = 0
    for _, rows in groups:
        first, n_rows = n_rows, n_rows + len(rows)
        for y, row in enumerate(rows, start=first):
            x = 0
            for cell in row:
                x = _place(cell, (y, x), free, n_rows, placed)
    if not placed:
        raise LabelError("the HTML table has no cell")
    tiled = _tiled(placed, n_rows)
    cells, tags = [p.cell for p in tiled], [p.tag for p in tiled]
    size = (n_rows, max(c.cols.stop for c in cells))
    thead = sum(len(rows) for name, rows in groups if name == "thead")
    stub = _count(element, "data-stub-cols", size[1])
    header_rows, stub_cols, roles = _conclude(cells, tags, size, thead, stub)
    said = _count(element, "data-header-rows", size[0])
    with_roles = tuple(replace(p.cell, role=p.role or role) for p, role in zip(tiled, roles, strict=True))
    caption = next((_text(e) for e in element.iterchildren("caption")), None)
    return Table(*size, with_roles, header_rows if said is None else said, stub_cols, caption)


def _first_table(html: str) -> _Element:
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8")
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing at all to read
        root = None
    found: _Element | None = next(root.iter("table"), None) if root is not None else None
    if found is None:
        raise LabelError("no <table> in the HTML")
    return found


Group = tuple[str, list[list["_Element"]]]  # thead, tbody or tfoot; its rows of cells


def _groups(table: _Element) -> list[Group]:
    """The row groups, heads first, feet last; rows outside of a group make bodies, cells outside of a row rows."""
    groups: list[Group] = []
    group: _Element | None = None
    row: _Element | None = None
    for new_group, new_row, cell in _walk(table, None, None):
        if not groups or new_group is not group:
            groups.append(("tbody" if new_group is None else new_group.tag, []))
            group, row = new_group, None
        rows = groups[-1][1]
        if cell is None or not rows or new_row is not row:
            rows.append([])
            row = new_row
        if cell is not None:
            rows[-1].append(cell)
    order = {"thead": 0, "tbody": 1, "tfoot": 2}
    return sorted((g for g in groups if g[1]), key=lambda g: order[g[0]])


def _walk(
    parent: _Element, group: _Element | None, row: _Element | None
) -> Iterator[tuple[_Element | None, _Element | None, _Element | None]]:
    """(group, row, None) where a row begins and (group, row, cell) for every cell, in order of the document.

    Elements that do not belong into a table are looked through; tables inside are not.
    """
    for element in parent.iterchildren():
        name = element.tag
        if not isinstance(name, str) or name in ("table", "caption", "colgroup", "col") or name in _NO_TEXT:
            continue
        if name in _CELLS:
            yield group, row, element
        elif name in _GROUPS:
            yield from _walk(element, element, None)
        elif name == "tr":
            yield group, element, None
            yield from _walk(element, group, element)
        else:
            yield from _walk(element, group, row)


def _place(cell: _Element, at: tuple[int, int], free: list[int], last: int, placed: list[_Placed]) -> int:
    """Puts a cell at the first free place from `at` on (row, column); `last`: end of its row group.

    The column after the cell is returned; `free` and `placed` are added to.
    """
    y, x = at
    while x < len(free) and free[x] > y:
        x += 1
    colspan = min(_span(cell, "colspan") or 1, MOST_COLSPAN)
    rowspan = min(_span(cell, "rowspan") or last - y, last - y, MOST_ROWSPAN)
    if (x + 1) * last > MOST_PLACES:
        raise LabelError(f"the HTML table is too large: more than {MOST_PLACES} places")
    free.extend([0] * (x + colspan - len(free)))
    width = next((w for w in range(colspan) if free[x + w] > y), colspan)
    free[x : x + width] = [y + rowspan] * width
    tag = _Tag(cell.tag == "th", (cell.get("scope") or "").strip().lower() or None)
    text = None if cell.get("data-unread") is not None else _text(cell)
    role = next((r for r in get_args(Role) if r == cell.get("data-role")), None)
    placed.append(_Placed(Cell(y, x, text, rowspan, width), tag, role))
    return x + colspan


def _span(cell: _Element, name: str) -> int:
    """The attribute as HTML reads it: a number at its beginning, otherwise 1."""
    match = re.match(r"[ \t\n\r\f]*\+?([0-9]{1,9})", cell.get(name) or "")
    return int(match[1]) if match else 1


def _count(element: _Element, name: str, most: int) -> int | None:
    """The attribute where it is a number up to `most`."""
    value = element.get(name) or ""
    return int(value) if re.fullmatch("[0-9]{1,9}", value) and int(value) <= most else None


def _tiled(placed: Sequence[_Placed], n_rows: int) -> list[_Placed]:
    """The cells in row-major order, cut to the columns that are there, empty ones where none is."""
    reach = [0] * n_rows
    for p in placed:
        for r in p.cell.rows:
            reach[r] = max(reach[r], p.cell.cols.stop)
    n_cols = max(min(reach), 1 + max(p.cell.col for p in placed))
    if n_rows * n_cols > MOST_PLACES:
        raise LabelError(f"the HTML table is too large: more than {MOST_PLACES} places")
    covered = [[False] * n_cols for _ in range(n_rows)]
    out = []
    for p in placed:
        cell = replace(p.cell, colspan=min(p.cell.colspan, n_cols - p.cell.col))
        for r in cell.rows:
            covered[r][cell.col : cell.cols.stop] = [True] * cell.colspan
        out.append(replace(p, cell=cell))
    for r, row in enumerate(covered):
        out += [_Placed(Cell(r, c), _Tag(False, None), None) for c, there in enumerate(row) if not there]
    return sorted(out, key=lambda p: (p.cell.row, p.cell.col))


def _text(element: _Element) -> str:
    """The text as it shows: blanks drawn together, lines parted by `\\n`, those without text left out."""
    lines = (_BLANKS.sub(" ", line).strip(" ") for line in "".join(_pieces(element)).split("\0"))
    return "\n".join(line for line in lines if line.strip("\u00a0 "))


def _pieces(element: _Element) -> Iterator[str]:
    """The pieces of text below `element`, with `\\0` where a line ends."""
    yield element.text or ""
    for child in element.iterchildren():
        name = child.tag
        if isinstance(name, str) and name not in _NO_TEXT:
            edge = "\0" if name in _LINES else " " if name in _CELLS else ""
            yield edge
            yield from _pieces(child)
            yield "\0" if name == "br" else edge
        yield child.tail or ""
