"""Names of sheets that every spreadsheet program takes."""

from __future__ import annotations

import re

MOST = 31
"""Characters of a sheet's name, counted as UTF-16 units."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")


class SheetNames:
    """Names, no two alike even where case does not count."""

    def __init__(self, *reserved: str) -> None:
        self._taken = {"history", *(name.casefold() for name in reserved)}

    def name(self, wanted: str) -> str:
        """`wanted` made a sheet's name.

        >>> names = SheetNames()
        >>> names.name("1 收入/支出 [2023]"), names.name("1 收入:支出 [2023]"), names.name("'")
        ('1 收入 支出  2023', '1 收入 支出  2023 (2)', 'Sheet')
        """
        plain = _FORBIDDEN.sub(" ", wanted)
        plain = "".join(c if c.isprintable() else " " for c in plain).strip(" '")
        name, number = _cut(plain, MOST).strip(" '") or "Sheet", 1
        while name.casefold() in self._taken:
            number += 1
            ending = f" ({number})"
            name = _cut(plain or "Sheet", MOST - len(ending)).rstrip(" '") + ending
        self._taken.add(name.casefold())
        return name


def _cut(text: str, most: int) -> str:
    return text.encode("utf-16-le", "replace")[: 2 * most].decode("utf-16-le", "ignore")


def place(sheet: str, row: int = 0, col: int = 0) -> str:
    """A cell of a sheet as a link names it, rows and columns from 0.

    >>> place("it's", 2, 27)
    "'it''s'!AB3"
    """
    letters, rest = "", col + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{letters}{row + 1}"
