from __future__ import annotations

from dataclasses import replace

from biaoge.app.export import files_of
from biaoge.app.store.documents import documents
from biaoge.app.store.open import Store, json_name
from biaoge.app.store.reading import Reading
from biaoge.app.store.write import Result, record
from biaoge.files import write_whole
from biaoge.model import Document


def test_what_was_read_in_order(store: Store, document: Document, read: Reading) -> None:
    for sha256 in ("cd" * 32, "ab" * 32):
        name = json_name(sha256, "k")
        ((_, text),) = files_of(document, "x", ["json"])
        write_whole(store.folder / name, text)
        record(store, Result(sha256, "k", "d", "1", "doubtful", f"{sha256[:2]}.pdf", 1, json=name), read)
    refused = Result("ef" * 32, "k", "d", "1", "refused", "e.pdf", 1)
    record(store, replace(refused, reason="locked"), None)
    found = list(documents(store.folder))
    assert [(one.name, one.sha256) for one in found] == [("ab.pdf", "ab" * 32), ("cd.pdf", "cd" * 32)]
    assert found[0].document.tables[0].n_rows == 5
