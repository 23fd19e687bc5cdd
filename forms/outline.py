"""A form as text to read: its tables, the names of their rows and columns, the sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .template import Form, Node, Rule, Sum, TableForm


def outline(form: Form) -> str:
    """The form in lines: a node by its key, then its wordings, indented by its depth."""
    lines = [f"{form.name} (version {form.version})", *(f"  {text}" for text in form.title.values())]
    for table in form.tables:
        lines += _table(table)
    if form.sums:
        lines += ["", "over tables", *(f"    {_sum(one)}" for one in form.sums)]
    return "\n".join(lines) + "\n"


def _table(table: TableForm) -> Iterable[str]:
    said = [" | ".join(words) for words in (table.captions, table.section, table.half) if words]
    said += ["may be missing"] if table.optional else []
    said += [f"unit {table.unit}"] if table.unit else []
    yield ""
    yield f"{table.key}: {'; '.join([*said, table.type])}"
    yield "  columns"
    yield from _nodes(table.columns)
    yield "  rows"
    yield from _nodes(table.rows)
    if table.rules:
        yield "  sums"
        yield from (f"    {_sum(rule)}" for rule in table.rules)


def _nodes(nodes: Sequence[Node]) -> Iterable[str]:
    for node in nodes:
        flags: list[str] = [node.kind] if node.kind != "value" else []
        flags += [f"any {node.open}"] if node.open else []
        flags += [word for word in ("optional", "alone", "blank") if getattr(node, word)]
        flags += [f"unit {node.unit}"] if node.unit else []
        flags += [node.type] if node.type else []
        names = " | ".join(name for name in node.names if name)
        depth = node.key.count(".")
        text = f"    {'  ' * depth}{node.key or '(one row without a name)'}  {names}".rstrip()
        yield text + (f"  [{', '.join(flags)}]" if flags else "")


def _sum(one: Rule | Sum) -> str:
    less = f" − {' − '.join(one.less)}" if one.less else ""
    where = f", in every {one.each}" if isinstance(one, Rule) else ""
    return f"{one.id}: {' + '.join(one.total)} = {' + '.join(one.parts)}{less}{where}  ({one.label})"
