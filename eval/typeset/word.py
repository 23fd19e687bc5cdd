"""A story as DOCX, with tables as word processors store them: gridSpan, vMerge, tblHeader, cantSplit."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from biaoge.errors import UsageError
from biaoge.eval.reports import Heading, Paragraph
from biaoge.model import HEADER_ROLES, Cell, Table

from .story import Story
from .style import Border, Style, column_shares

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph as DocxParagraph

_WHEN = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
_BORDERS = {"solid": "single", "dotted": "dotted", "dashed": "dashed", "double": "double", "none": "nil"}


def write_docx(story: Story, style: Style, path: Path) -> None:
    """Write the story; UsageError where it holds what only HTML can set here (side by side, nested, booktabs)."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if style.fills or style.booktabs:
        raise UsageError("tables without lines are set by the HTML producers alone")
    document = docx.Document()
    _lay_out(document, style)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(title, story.title, style.title_font, 20)
    _space(title, 32, after=18)
    for item in story.items:
        if isinstance(item, Table):
            _add_table(document, item, style)
        elif isinstance(item, Heading):
            paragraph = document.add_paragraph()
            _write(paragraph, item.text, style.title_font if item.level == 1 else style.font, style.size)
            _space(paragraph, style.leading, indent=2 * style.size)
            paragraph.paragraph_format.keep_with_next = True
        elif isinstance(item, Paragraph):
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            _write(paragraph, item.text, style.font, style.size)
            _space(paragraph, style.leading, indent=2 * style.size)
        else:
            raise UsageError(f"{type(item).__name__} is set by the HTML producers alone")
    document.core_properties.created = document.core_properties.modified = _WHEN
    document.core_properties.title = " ".join(story.title.split())
    document.save(str(path))


def _lay_out(document: Docx, style: Style) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    section, m = document.sections[0], style.margins
    section.page_width, section.page_height = (Pt(n) for n in style.paper)
    section.top_margin, section.bottom_margin = Pt(m.top), Pt(m.bottom)
    section.left_margin, section.right_margin = Pt(m.left), Pt(m.right)
    section.header_distance = section.footer_distance = Pt(42)
    normal = document.styles["Normal"]
    normal.paragraph_format.widow_control = False
    normal.paragraph_format.space_after = Pt(0)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(foot, "- ", style.font, 10.5)
    field = _element("w:instrText")
    field.text = "PAGE"
    for part in (_element("w:fldChar", fldCharType="begin"), field, _element("w:fldChar", fldCharType="end")):
        run = foot.add_run()
        run._r.append(part)
        _dress(run._r, style.font, 10.5)
    _write(foot, " -", style.font, 10.5)
    if style.running_head:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _write(head, style.running_head, style.font, 9)
        lines = _element("w:pBdr")
        lines.append(_element("w:bottom", val="single", sz="4", space="1", color="000000"))
        head._p.get_or_add_pPr().append(lines)


def _add_table(document: Docx, table: Table, style: Style) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
    from docx.shared import Pt

    made = document.add_table(table.n_rows, table.n_cols)
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    properties = made._tbl.tblPr
    properties.append(_table_borders(style))
    margins = _element("w:tblCellMar")
    for side, width in (("top", style.pad), ("left", 3.0), ("bottom", style.pad), ("right", 3.0)):
        margins.append(_element(f"w:{side}", w=str(round(width * 20)), type="dxa"))
    properties.append(margins)
    widths = [share * style.text_width for share in column_shares(table)]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Pt(width)
    grid = [row.cells for row in made.rows]
    for number, row in enumerate(made.rows):
        if not style.split_rows:
            row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        if style.repeat_header and number < table.header_rows:
            row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
        for place, width in zip(row.cells, widths, strict=True):
            place.width = Pt(width)
    for cell in table.cells:
        first, last = grid[cell.row][cell.col], grid[cell.rows.stop - 1][cell.cols.stop - 1]
        place = first.merge(last) if cell.rowspan > 1 or cell.colspan > 1 else first
        place.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _fill(place.paragraphs[0], cell, style)
        if style.header_fill and (cell.role in HEADER_ROLES or cell.role == "section"):
            for row_number in cell.rows:
                shade = _element("w:shd", val="clear", color="auto", fill=style.header_fill.lstrip("#"))
                made.rows[row_number]._tr.tc_at_grid_offset(cell.col).get_or_add_tcPr().append(shade)
    after = document.add_paragraph()
    _space(after, 8)


def _fill(paragraph: DocxParagraph, cell: Cell, style: Style) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if cell.role == "row_header":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    elif cell.role == "column_header" and style.distribute and cell.text:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.DISTRIBUTE
    else:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(paragraph, cell.text or "", style.font, style.table_size)
    _space(paragraph, style.table_size * 1.35)


def _table_borders(style: Style) -> BaseOxmlElement:
    borders = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        border = style.inner if side.startswith("inside") else style.outer
        if style.open_sides and side in ("left", "right"):
            border = Border(style="none")
        borders.append(
            _element(
                f"w:{side}",
                val=_BORDERS[border.style],
                sz=str(round(border.width * 8)),
                space="0",
                color=border.colour.lstrip("#"),
            )
        )
    return borders


def _write(paragraph: DocxParagraph, text: str, font: str, size: float) -> None:
    """Add a run; `size` in points."""
    _dress(paragraph.add_run(text)._r, font, size)


def _dress(run: BaseOxmlElement, font: str, size: float) -> None:
    properties = run.get_or_add_rPr()  # type: ignore[attr-defined]
    properties.append(_element("w:rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    properties.append(_element("w:sz", val=str(round(size * 2))))
    properties.append(_element("w:szCs", val=str(round(size * 2))))
    properties.append(_element("w:lang", val="en-US", eastAsia="zh-CN"))


def _space(paragraph: DocxParagraph, leading: float, after: float = 0, indent: float = 0) -> None:
    """Exact distance of lines, white space after the paragraph, indent of its first line (points)."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    layout = paragraph.paragraph_format
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing, layout.space_after = Pt(leading), Pt(after)
    if indent:
        layout.first_line_indent = Pt(indent)


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = cast("BaseOxmlElement", OxmlElement(tag))
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made
