"""Whether JSON that claims to be biaoge's has values of the right kinds: it may come from anybody."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from biaoge.app.jsonout import DocumentDict
from biaoge.errors import InputError

MOST_PLACES = 10_000_000
"""Rows × columns of all tables together: a hundred bytes can claim a merged cell of a million times a million."""
MOST_INT = 2**31
"""Counts and positions stay below; values of fields may be longer."""

Checker = Callable[[Any], str | None]
"""What is wrong with a value, with the way to it; `None` when nothing is."""


def check(raw: object) -> None:
    """InputError where a member of `raw` that biaoge reads is of another kind than the contract says.

    Members that are missing or more than the contract knows are not looked for.
    """
    fault = _checker(DocumentDict)(raw)
    if fault is None and isinstance(raw, dict):
        places = sum(table.get("n_rows", 0) * table.get("n_cols", 0) for table in raw.get("tables", ()))
        if places > MOST_PLACES:
            fault = f".tables: {places} places, more than {MOST_PLACES} are not read"
    if fault is not None:
        raise InputError(f"not a document of biaoge: {fault.removeprefix('.')}; extract the file again")


@cache
def _checker(kind: Any) -> Checker:
    """The checker of values of the type `kind`."""
    origin, parts = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return _members({name: _checker(of) for name, of in get_type_hints(kind).items()})
    if origin is NotRequired:
        return _checker(parts[0])
    if origin is list:
        return _listed(_checker(parts[0]))
    if origin is dict:
        return _mapped(_checker(parts[1]))
    if origin is Literal:
        return lambda value: None if isinstance(value, str) and value in parts else _not(" or ".join(parts), value)
    if origin in (Union, UnionType):
        return _either(parts)
    return _PLAIN[kind]


def _not(wanted: str, value: object) -> str:
    return f": {value!r:.60} is no {wanted}"


def _members(checkers: dict[str, Checker]) -> Checker:
    def checked(value: Any) -> str | None:
        if not isinstance(value, dict):
            return _not("object", value)
        for name, checker in checkers.items():
            if name in value and (fault := checker(value[name])) is not None:
                return f".{name}{fault}"
        return None

    return checked


def _listed(one: Checker) -> Checker:
    def checked(value: Any) -> str | None:
        if not isinstance(value, list):
            return _not("list", value)
        for number, item in enumerate(value):
            if (fault := one(item)) is not None:
                return f"[{number}]{fault}"
        return None

    return checked


def _mapped(one: Checker) -> Checker:
    def checked(value: Any) -> str | None:
        if not isinstance(value, dict):
            return _not("object", value)
        return next((f".{name!r:.60}{fault}" for name, item in value.items() if (fault := one(item))), None)

    return checked


def _either(parts: tuple[Any, ...]) -> Checker:
    if float in parts and str in parts:  # a field's value may have any number of digits
        return lambda value: None if value is None and NoneType in parts else _value(value)
    (one,) = (_checker(part) for part in parts if part is not NoneType)
    return lambda value: None if value is None else one(value)


def _whole(value: Any) -> str | None:
    good = type(value) is int and -MOST_INT < value < MOST_INT
    return None if good else _not("whole number of a sensible size", value)


def _finite(value: Any) -> str | None:
    good = (type(value) is float and math.isfinite(value)) or (type(value) is int and -MOST_INT < value < MOST_INT)
    return None if good else _not("finite number", value)


def _value(value: Any) -> str | None:
    return None if type(value) in (int, str) else _finite(value)


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else _not("text", value)


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else _not("true or false", value)


_PLAIN: dict[Any, Checker] = {int: _whole, float: _finite, str: _text, bool: _flag}
