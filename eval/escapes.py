"""How a cell's text is written in grid text, and how a line is cut into cells."""

from __future__ import annotations

import re
import unicodedata

LEFT, ABOVE, INSIDE = "<", "^", "+"
MARKS = (LEFT, ABOVE, INSIDE)
BLANKS = " \t"
EMPTY, UNREAD = "\\e", "\\?"
_PLAIN = {"|": "|", "\\": "\\", "<": "<", "^": "^", "+": "+", "n": "\n", "t": "\t", "r": "\r", "s": " "}
_SHORT = {"|": "\\|", "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_NUMBER = re.compile(r"\{([0-9a-fA-F]{1,6})\}")
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"))


def escape(text: str | None) -> str:
    r"""A cell's text as it is written, `""` for an empty one.

    >>> print(escape("a|b"), escape("<"), escape(" x"), escape(None), escape("1\n2"))
    a\|b \< \sx \? 1\n2
    """
    if text is None:
        return UNREAD
    if text in MARKS:
        return "\\" + text
    body = text.strip(" ")
    if not body:
        return "\\s" * len(text)
    before = len(text) - len(text.lstrip(" "))
    after = len(text) - before - len(body)
    return "\\s" * before + "".join(map(_escape_char, body)) + "\\s" * after


def _escape_char(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if char not in " \u3000" and unicodedata.category(char) in _HIDDEN:
        return f"\\u{{{ord(char):x}}}"
    return char


def unescape(written: str) -> str | None:
    r"""The text of a written cell; ValueError says which escape is wrong.

    >>> unescape("a\\|b"), unescape("\\?"), unescape("")
    ('a|b', None, '')
    """
    if written in (EMPTY, UNREAD):
        return "" if written == EMPTY else None
    out, i = [], 0
    while i < len(written):
        if written[i] != "\\":
            out.append(written[i])
            i += 1
            continue
        following = written[i + 1 : i + 2]
        number = _NUMBER.match(written, i + 2) if following == "u" else None
        if number and int(number[1], 16) <= 0x10FFFF:
            out.append(chr(int(number[1], 16)))
            i = number.end()
        elif following in _PLAIN:
            out.append(_PLAIN[following])
            i += 2
        else:
            raise ValueError(f"unknown escape '\\{following}'; a backslash is written '\\\\'")
    return "".join(out)


def split(line: str) -> list[str]:
    """The written cells of a line, cut at bars without a backslash before them, blanks around taken off."""
    pieces, start, i = [], 0, 0
    while i < len(line):
        if line[i] == "\\":
            i += 1
        elif line[i] == "|":
            pieces.append(line[start:i])
            start = i + 1
        i += 1
    pieces.append(line[start:])
    return [piece.strip(BLANKS) for piece in pieces]
