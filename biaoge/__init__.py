"""biaoge (表格): the tables of PDFs and scanned originals, as they were printed.

>>> import biaoge
>>> document = biaoge.read("report.pdf")  # doctest: +SKIP
>>> for table in document:  # doctest: +SKIP
...     print(table.caption, table.to_html())
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Document", "Table", "read"]

if TYPE_CHECKING:
    from biaoge.app.pipeline import read
    from biaoge.model import Document, Table


def __getattr__(name: str) -> Any:
    # Loaded when asked for: `import biaoge` alone must stay fast.
    if name == "read":
        from biaoge.app.pipeline import read

        return read
    if name in ("Document", "Table"):
        from biaoge import model

        return getattr(model, name)
    raise AttributeError(f"module 'biaoge' has no attribute {name!r}")
