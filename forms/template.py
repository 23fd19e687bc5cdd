"""A form as data: how it is recognised, the rows and columns of its tables, the sums that must hold.

A form is a TOML file (docs/forms.md); `biaoge.forms.load` reads it into these values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldType = Literal["integer", "decimal", "text"]
Kind = Literal["value", "name", "code", "skip"]
"""What a column holds: values; the names or the codes of the rows; or what is not read, such as line numbers."""
Open = Literal["names", "codes"]


@dataclass(frozen=True, slots=True)
class Node:
    """A row or a column of a table, or a header over several of them.

    `key`: dotted English path in its tree, such as "results.withheld.state_secret". `names`: the wordings under which
    it is printed, the usual one first; "" where nothing is printed. `optional`: forms without it are no drift.
    `unit`, `type`: of the values in it, where they differ from the table's.
    `blank`: its cells may be left blank (merged away, or not asked for).

    `alone`: a header that may be printed without what is under it, and then holds the values itself. `open`: any row
    may stand under this header that the form does not list; its key is made from its name, or from its code
    (2010506 is 201.05.06). `kind`: of a column; where a form's table has one that holds names or codes, its rows
    are told by them and not by the roles of the cells.
    """

    key: str
    names: tuple[str, ...]
    optional: bool = False
    unit: str | None = None
    type: FieldType | None = None
    blank: bool = False
    alone: bool = False
    open: Open | None = None
    kind: Kind = "value"

    @property
    def parent(self) -> str | None:
        """The key of the header over it."""
        return self.key.rpartition(".")[0] or None


@dataclass(frozen=True, slots=True)
class Rule:
    """Sums of one table, one for every row or column of the other axis.

    `each`: "row" where `total`, `parts`, `less` are keys of columns and the sum is made in every row; "column" where
    they are keys of rows. Ids come out as `table.id:key of the row or column`. `only`: just for these keys.

    The key of a header stands for all under it. A `*` stands for any one component of a key: of "code.*", all rows
    just under code; where `total` has stars, there is a sum for each of its rows, and the stars of `parts` begin
    alike (total "code.*", parts "code.*.*": what has rows under it is their sum).
    """

    id: str
    label: str
    each: Literal["row", "column"]
    total: tuple[str, ...]
    parts: tuple[str, ...]
    less: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum over fields by name, of any tables of the form: `table.row.column` in their dotted names."""

    id: str
    label: str
    total: tuple[str, ...]
    parts: tuple[str, ...]
    less: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableForm:
    """A table of a form, or a section of one: `rows` and `columns` are trees in the order of print, parents first.

    `captions`: words of the heading over it; `section`: wordings of the section row under which it stands, where
    several of these share a printed table. `corner`: wordings of the corner cell. Only leaves hold values. A table
    whose rows have no names (one row of values under headers) has one row node with the names ("",) and the key "".
    `half`: wordings of the header over its columns, where several of these stand side by side in a printed table.
    `optional`: documents without it are no drift.
    """

    key: str
    captions: tuple[str, ...]
    rows: tuple[Node, ...]
    columns: tuple[Node, ...]
    rules: tuple[Rule, ...] = ()
    section: tuple[str, ...] = ()
    half: tuple[str, ...] = ()
    corner: tuple[str, ...] = ()
    optional: bool = False
    unit: str | None = None
    type: FieldType = "integer"


@dataclass(frozen=True, slots=True)
class Form:
    """A form. `name`: short, such as "xxgk-2021"; `title`: what it is called, by language ("zh", "en")."""

    name: str
    title: dict[str, str]
    tables: tuple[TableForm, ...]
    sums: tuple[Sum, ...] = ()
    version: str = "1"
