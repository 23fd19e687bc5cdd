"""How cells of a workbook look, and how a printed text becomes a cell of it."""

from __future__ import annotations

from typing import Any

from biaoge.app.exports.csvrows import guarded
from biaoge.app.exports.figures import number_of
from biaoge.app.exports.rows import clean
from biaoge.model import Role

MOST_TEXT = 32_767
"""Characters that a cell can hold, as UTF-16 units."""
CUT = "… (cut: the text is longer than a spreadsheet's cell can hold)"

_ROLES: dict[Role, dict[str, Any]] = {
    "corner": {"bold": True, "bg_color": "#D9E2EC", "align": "center"},
    "column_header": {"bold": True, "bg_color": "#D9E2EC", "align": "center"},
    "section": {"bold": True, "bg_color": "#E9EEF4", "align": "left"},
    "row_header": {"bg_color": "#F2F5F8", "align": "left"},
    "data": {},
}
_MARKS: dict[str, dict[str, Any]] = {
    "": {},
    "unread": {"bg_color": "#F8D0CB"},
    "doubtful": {"bg_color": "#FFF1C2"},
    "repaired": {"bg_color": "#D8EFD8"},
}
"""What a fill says of a cell; docs/export.md tells it."""


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Role, str, str, bool], Any] = {}
        self.title = book.add_format({"bold": True, "bottom": 1})
        self.text = book.add_format({"valign": "top"})
        self.quiet = book.add_format({"italic": True, "font_color": "#777777"})
        self.link = book.add_format({"font_color": "#0B5394", "underline": 1, "valign": "top"})

    def of(self, role: Role, mark: str = "", form: str = "", quoted: bool = False) -> Any:
        """A table cell's format. `form`: of its number; `quoted`: its text must stay one when it is edited."""
        key = (role, mark, form, quoted)
        if key not in self._made:
            look = {"border": 1, "border_color": "#8A8A8A", "valign": "vcenter", "text_wrap": True}
            look |= _ROLES[role] | _MARKS[mark]
            if form:
                look |= {"num_format": form, "align": "right"}
            if quoted:
                look["quote_prefix"] = True
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    def write(self, sheet: Any, at: tuple[int, int], text: str | None, role: Role = "data", mark: str = "") -> None:
        """Write a cell's text: a number where that loses nothing, else text, which can never become a formula."""
        figure = number_of(text) if text and role == "data" else None
        if figure:
            sheet.write_number(*at, figure[0], self.of(role, mark, figure[1]))
        elif text:
            sheet.write_string(*at, fitting(text), self.of(role, mark, quoted=guarded(text) != text))
        else:
            sheet.write_blank(*at, None, self.of(role, mark))


def fitting(text: str) -> str:
    """`text` as a cell can hold it."""
    plain = clean(text)
    if len(plain) * 2 <= MOST_TEXT or len(raw := plain.encode("utf-16-le")) <= 2 * MOST_TEXT:
        return plain
    return raw[: 2 * (MOST_TEXT - len(CUT))].decode("utf-16-le", "ignore") + CUT
