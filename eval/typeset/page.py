"""A story as one HTML page with its style sheet, for producers that set HTML."""

from __future__ import annotations

from html import escape

from biaoge.eval.reports import Heading, Paragraph
from biaoge.model import HEADER_ROLES, Cell, Table

from .story import Nested, SideBySide, Story
from .style import Border, Style, column_shares


def html_of(story: Story, style: Style) -> str:
    """The whole page as text."""
    body = []
    for item in story.items:
        if isinstance(item, Heading):
            tag = "h2" if item.level == 1 else "h3"
            body.append(f"<{tag}>{_text(item.text)}</{tag}>")
        elif isinstance(item, Paragraph):
            body.append(f"<p>{_text(item.text)}</p>")
        elif isinstance(item, SideBySide):
            left, right = (_table(t, style) for t in (item.left, item.right))
            body.append(f'<div class="pair"><div>{left}</div><div>{right}</div></div>')
        elif isinstance(item, Nested):
            body.append(_table(item.outer, style, {item.place: _table(item.inner, style)}))
        else:
            body.append(_table(item, style))
    title = escape(" ".join(story.title.split()))
    return (
        f'<!DOCTYPE html>\n<html lang="{story.language}">\n<head><meta charset="utf-8"><title>{title}</title>\n'
        f"<style>\n{_sheet(style)}</style></head>\n<body>\n<h1>{_text(story.title)}</h1>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _table(table: Table, style: Style, inside: dict[tuple[int, int], str] | None = None) -> str:
    """`inside`: HTML that goes into the cell at (row, col), after its text."""
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(_cell(cell, table, (inside or {}).get((cell.row, cell.col), "")))
    lines = [f"<tr>{''.join(row)}</tr>" for row in rows]
    head = table.header_rows if style.repeat_header else 0
    columns = "".join(f'<col style="width:{share:.2%}">' for share in column_shares(table))
    thead = f"<thead>{''.join(lines[:head])}</thead>" if head else ""
    return f"<table><colgroup>{columns}</colgroup>{thead}<tbody>\n" + "\n".join(lines[head:]) + "\n</tbody></table>"


def _cell(cell: Cell, table: Table, inside: str) -> str:
    names: list[str] = [cell.role]
    sides = {
        "at-left": cell.col == 0,
        "at-right": cell.cols.stop == table.n_cols,
        "at-top": cell.row == 0,
        "at-bottom": cell.rows.stop == table.n_rows,
        "head-end": cell.rows.stop == table.header_rows,
    }
    names += [name for name, so in sides.items() if so]
    spans = "".join(f' {name}="{n}"' for name, n in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if n > 1)
    tag = "th" if cell.role in HEADER_ROLES else "td"
    return f'<{tag} class="{" ".join(names)}"{spans}>{_text(cell.text or "")}{inside}</{tag}>'


def _text(text: str) -> str:
    """Escaped, with line breaks where the text holds them."""
    return escape(text, quote=False).replace("\n", "<br>")


def _line(border: Border) -> str:
    return f"{border.width}pt {border.style} {border.colour}"


def _sheet(style: Style) -> str:
    width, height = style.paper
    m = style.margins
    prose, title = f"{style.size}pt/{style.leading}pt", f'"{style.title_font}"'
    head = ""
    if style.running_head:
        look = f'font: 9pt "{style.font}"; border-bottom: 0.5pt solid #000'
        head = f' @top-center {{ content: "{style.running_head}"; {look}; }}'
    rules = [
        f"@page {{ size: {width}pt {height}pt; margin: {m.top}pt {m.right}pt {m.bottom}pt {m.left}pt;"
        f' @bottom-center {{ content: "- " counter(page) " -"; font: 10.5pt "{style.font}"; }}{head} }}',
        f'html {{ font: {prose} "{style.font}", serif; orphans: 1; widows: 1; }}',
        "body { margin: 0; }",
        f"h1 {{ font: 20pt/32pt {title}; text-align: center; margin: 0 0 18pt; }}",
        f"h2 {{ font: {prose} {title}; margin: 6pt 0; text-indent: 2em; break-after: avoid; }}",
        f'h3 {{ font: {prose} "{style.font}"; margin: 0; text-indent: 2em; break-after: avoid; }}',
        "p { margin: 0; text-indent: 2em; text-align: justify; }",
        "table { width: 100%; table-layout: fixed; margin: 4pt 0 10pt; border-collapse: "
        + ("separate; border-spacing: 1.5pt" if style.fills else "collapse")
        + f"; font-size: {style.table_size}pt; line-height: {style.table_size * 1.35:.2f}pt; }}",
        f"th, td {{ padding: {style.pad}pt 3pt; font-weight: normal; text-align: center; vertical-align: middle; "
        f"text-indent: 0; overflow-wrap: anywhere; break-inside: {'auto' if style.split_rows else 'avoid'}; }}",
        f"tr {{ break-inside: {'auto' if style.split_rows else 'avoid'}; }}",
        ".row_header { text-align: left; }",
        ".pair { display: flex; gap: 24pt; } .pair div { flex: 1; }",
    ]
    if style.distribute:
        rules.append("th.column_header { text-align: justify; text-align-last: justify; }")
    if style.header_fill:
        rules.append(f"th, .section {{ background: {style.header_fill}; }}")
    return "\n".join(rules + _borders(style)) + "\n"


def _borders(style: Style) -> list[str]:
    if style.fills:
        return ["td { background: #eaf0f6; }", ".row_header { background: #d5e0ec; }"]
    if style.booktabs:
        return [
            "th, td { border: none; }",
            f".at-top {{ border-top: {_line(style.outer)}; }}",
            f".head-end {{ border-bottom: {_line(style.inner)}; }}",
            f".at-bottom {{ border-bottom: {_line(style.outer)}; }}",
        ]
    side = "none" if style.open_sides else _line(style.outer)
    return [
        f"th, td {{ border: {_line(style.inner)}; }}",
        f".at-left {{ border-left: {side}; }}",
        f".at-right {{ border-right: {side}; }}",
        f".at-top {{ border-top: {_line(style.outer)}; }}",
        f".at-bottom {{ border-bottom: {_line(style.outer)}; }}",
    ]
