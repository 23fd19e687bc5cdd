"""Names of documents, which come from outside, as names of files and as links."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

# UTF-8 bytes of a name without its ending; with a digest it stays far below the 255 of file systems.
_LONGEST = 120
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def file_names(names: Iterable[str]) -> dict[str, str]:
    """For every name one that any file system takes and no other name gets, whatever their case.

    Letters and digits of all scripts, `.`, `-`, `_` and `@` stay; what is changed gets a digest of the whole name.

    >>> file_names(["年报-2023", "../../etc/passwd", "a b"])
    {'年报-2023': '年报-2023', '../../etc/passwd': 'etc_passwd-3754d6cb', 'a b': 'a_b-c8687a08'}
    """
    given = list(dict.fromkeys(names))
    plain = {name: _plain(name) for name in given}
    lower = [p.casefold() for p in plain.values()]
    out = {}
    for name, p in plain.items():
        same = bool(p) and p == name and lower.count(p.casefold()) == 1 and not _RESERVED.fullmatch(p)
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        free = f"_{p}" if _RESERVED.fullmatch(p) else p
        out[name] = p if same else f"{free}-{digest}" if free else digest
    return out


def file_name(name: str) -> str:
    """As `file_names`, for a name alone: what is no name of a file gets a digest, so that no two become one."""
    return file_names([name])[name]


def link(*parts: str) -> str:
    """A relative address of file names.

    >>> link("documents", "a#b", "100%.html")
    'documents/a%23b/100%25.html'
    """
    return "/".join(quote(part, safe="") for part in parts)


def _plain(name: str) -> str:
    text = re.sub(r"[^\w.@-]+", "_", unicodedata.normalize("NFC", name)).strip("._- ")
    raw = text.encode("utf-8", "replace")[:_LONGEST]
    return raw.decode("utf-8", "ignore").rstrip("._- ")
