"""A form's TOML file -> `Form`, or a `FormError` that names the file and the place. docs/forms.md tells the format."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from biaoge.errors import FormError

from .template import FieldType, Form, Kind, Node, Open, Rule, Sum, TableForm

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_PATTERN = re.compile(r"([a-z][a-z0-9_]*|\*)(\.([a-z][a-z0-9_]*|\*))*")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_TYPES: tuple[FieldType, ...] = ("integer", "decimal", "text")
_KINDS: tuple[Kind, ...] = ("value", "name", "code", "skip")
_OPEN: tuple[Open, ...] = ("names", "codes")
_T = TypeVar("_T", bound=str)
LARGEST = 1_000_000
"""Bytes beyond which a file is no form; the largest that comes with biaoge has 22 thousand."""


class _Place:
    """A TOML table being read: what it holds, and where it stands, for the messages."""

    def __init__(self, values: object, where: str) -> None:
        self.where = where
        if not isinstance(values, dict):
            raise FormError(f"{where}: expected a table of keys and values, found {values!r}")
        self.values: Mapping[str, object] = values
        self.asked: set[str] = set()

    def _take(self, key: str) -> object:
        self.asked.add(key)
        return self.values.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise FormError(f"{self.where}: {key} must be a text" + ("" if value is None else f", not {value!r}"))
        return value

    def maybe(self, key: str) -> str | None:
        return None if self._take(key) is None else self.text(key)

    def flag(self, key: str) -> bool:
        value = self._take(key)
        if value is not None and not isinstance(value, bool):
            raise FormError(f"{self.where}: {key} must be true or false, not {value!r}")
        return bool(value)

    def texts(self, key: str, needed: bool = False) -> tuple[str, ...]:
        """One text or a list of them."""
        value = self._take(key)
        if value is None and not needed:
            return ()
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not listed or not all(isinstance(item, str) for item in listed):
            raise FormError(f"{self.where}: {key} must be a text or a list of texts")
        return tuple(listed)

    def tables(self, key: str, needed: bool = False) -> list[_Place]:
        value = self._take(key)
        if value is None and not needed:
            return []
        if not isinstance(value, list) or (needed and not value):
            raise FormError(f"{self.where}: {key} must be a list of tables")
        return [_Place(item, f"{self.where}, {key} {n}") for n, item in enumerate(value, 1)]

    def done(self) -> None:
        if unknown := sorted(set(self.values) - self.asked):
            known = ", ".join(sorted(self.asked))
            raise FormError(f"{self.where}: unknown {', '.join(unknown)}; what may stand here: {known}")


def load(path: Path) -> Form:
    """The form in the TOML file at `path`; FormError where it cannot be read or breaks the rules."""
    try:
        if path.stat().st_size > LARGEST:
            raise FormError(f"{path}: more than {LARGEST:,} bytes are not read; cut it into forms")
        return parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise FormError(f"{path}: cannot be read ({error})") from error


def as_name(text: str) -> str:
    """`text` made a form's name: small letters, digits and - _ . only.

    >>> as_name("My Report (2024)"), as_name("年报")
    ('my-report-2024', 'form')
    """
    return re.sub("[^a-z0-9_.]+", "-", text.lower()).strip("-_.") or "form"


def parse(text: str, where: str) -> Form:
    """The form in a TOML text; `where` names it in messages."""
    try:
        top = _Place(tomllib.loads(text), where)
    except (ValueError, RecursionError) as error:  # numbers of too many digits, dates that are none
        raise FormError(f"{where}: no valid TOML: {error}") from error
    name = top.text("name")
    if not _NAME.fullmatch(name):
        raise FormError(f"{where}: the name {name!r} must be small letters, digits and - _ .")
    title = _Place(top.values.get("title", {}), f"{where}, title")
    top.asked.add("title")
    titles = {str(language): title.text(str(language)) for language in title.values}
    tables = tuple(_table(place) for place in top.tables("table", needed=True))
    _unique((table.key for table in tables), f"{where}, table")
    sums = tuple(_sum(place) for place in top.tables("sum"))
    _unique((one.id for one in sums), f"{where}, sum")
    form = Form(name, titles, tables, sums, top.text("version", "1"))
    top.done()
    _known(form, where)
    return form


def _table(place: _Place) -> TableForm:
    key = _key(place)
    place.where += f" ({key})"
    rows = tuple(_node(each, column=False) for each in place.tables("rows", needed=True))
    columns = tuple(_node(each, column=True) for each in place.tables("columns", needed=True))
    for nodes, axis in ((rows, "rows"), (columns, "columns")):
        _tree(nodes, f"{place.where}, {axis}")
    table = TableForm(
        key,
        place.texts("captions"),
        rows,
        columns,
        tuple(_rule(each, rows, columns) for each in place.tables("sums")),
        place.texts("section"),
        place.texts("half"),
        place.texts("corner"),
        place.flag("optional"),
        place.maybe("unit"),
        _one_of(place, "type", _TYPES) or "integer",
    )
    _unique((rule.id for rule in table.rules), f"{place.where}, sums")
    place.done()
    return table


def _node(place: _Place, column: bool) -> Node:
    names = place.texts("zh", needed="open" not in place.values) or ("",)
    key = "" if names == ("",) and "key" not in place.values else _key(place)
    node = Node(
        key,
        names,
        place.flag("optional"),
        place.maybe("unit"),
        _one_of(place, "type", _TYPES),
        place.flag("blank"),
        place.flag("alone"),
        None if column else _one_of(place, "open", _OPEN),
        (_one_of(place, "kind", _KINDS) or "value") if column else "value",
    )
    place.done()
    return node


def _rule(place: _Place, rows: tuple[Node, ...], columns: tuple[Node, ...]) -> Rule:
    each = place.text("each")
    if each not in ("row", "column"):
        raise FormError(f'{place.where}: each must be "row" or "column", not {each!r}')
    total, parts = place.texts("total", needed=True), place.texts("parts", needed=True)
    less, only = place.texts("less"), place.texts("only")
    over, across = (columns, rows) if each == "row" else (rows, columns)
    for keys, nodes in (((*total, *parts, *less), over), (only, across)):
        for key in keys:
            if not _PATTERN.fullmatch(key) or not any(_named(key, node) for node in nodes):
                raise FormError(f"{place.where}: {key} names no {'column' if nodes is columns else 'row'} of the table")
    name = _word(place, "id")
    label = place.text("label")
    place.done()
    return Rule(name, label, "row" if each == "row" else "column", total, parts, less, only)


def _named(pattern: str, node: Node) -> bool:
    """Whether the key of a rule can mean `node` or, where `node` is open, a row under it."""
    wanted, key = pattern.split("."), node.key.split(".")
    if node.open and len(wanted) > len(key):
        wanted = wanted[: len(key)]
    return len(wanted) == len(key) and all(a in ("*", b) for a, b in zip(wanted, key, strict=True))


def _sum(place: _Place) -> Sum:
    one = Sum(
        _word(place, "id"),
        place.text("label"),
        place.texts("total", needed=True),
        place.texts("parts", needed=True),
        place.texts("less"),
    )
    place.done()
    return one


def _known(form: Form, where: str) -> None:
    """FormError where a sum over tables names a field that the form cannot have."""
    fields = {
        ".".join(part for part in (table.key, row.key, column.key) if part)
        for table in form.tables
        for row in table.rows
        for column in table.columns
        if column.kind == "value"
    }
    for one in form.sums:
        for name in (*one.total, *one.parts, *one.less):
            if name not in fields:
                raise FormError(f"{where}, sum {one.id}: {name} names no field of the form")


def _key(place: _Place) -> str:
    key = place.text("key")
    if not _KEY.fullmatch(key):
        raise FormError(f"{place.where}: the key {key!r} must be words of small letters, digits and _, parted by dots")
    return key


def _word(place: _Place, key: str) -> str:
    word = place.text(key)
    if not re.fullmatch(r"[a-z0-9_]+", word):
        raise FormError(f"{place.where}: {key} {word!r} must be small letters, digits and _")
    return word


def _one_of(place: _Place, key: str, known: tuple[_T, ...]) -> _T | None:
    text = place.maybe(key)
    found = next((word for word in known if word == text), None)
    if text is not None and found is None:
        raise FormError(f"{place.where}: {key} must be one of {', '.join(known)}, not {text!r}")
    return found


def _unique(keys: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise FormError(f"{where}: {key!r} comes twice")
        seen.add(key)


def _tree(nodes: tuple[Node, ...], where: str) -> None:
    """FormError unless the keys are unique and every header stands before what is under it."""
    _unique((node.key for node in nodes), where)
    seen: set[str] = set()
    for node in nodes:
        if node.parent and node.parent not in seen:
            raise FormError(f"{where}: {node.key} stands before, or without, the header {node.parent}")
        seen.add(node.key)
