from __future__ import annotations

import json

import msgspec
import pytest

from biaoge.app.jsonout import document_to_dict, to_json
from biaoge.app.store.reading import decode
from biaoge.model import Document


def test_every_member_is_that_of_the_contract(document: Document) -> None:
    whole = document_to_dict(document)
    reading = decode(to_json(document).encode())
    told = {name: getattr(reading, name) for name in reading.__struct_fields__}
    assert told.keys() < whole.keys()

    def alike(part: object, of: object) -> None:
        if isinstance(part, msgspec.Struct):
            assert isinstance(of, dict)
            for name in part.__struct_fields__:
                alike(getattr(part, name), of.get(name, []))
        elif isinstance(part, msgspec.Raw):
            assert bytes(part).decode() == json.dumps(of)
        elif isinstance(part, list | tuple):
            assert isinstance(of, list)
            assert len(part) == len(of)
            for one, other in zip(part, of, strict=True):
                alike(one, other)
        elif isinstance(part, dict):
            assert isinstance(of, dict)
            assert list(part) == list(of)
            for name, one in part.items():
                alike(one, of[name])
        else:
            assert (part, type(part)) == (of, type(of))

    alike(reading, whole)


def test_numbers_of_any_size_are_exact(document: Document) -> None:
    whole = document_to_dict(document)
    whole["fields"]["a.b.count"]["value"] = -(10**30)
    assert decode(json.dumps(whole).encode()).fields["a.b.count"].value == -(10**30)


def test_what_is_no_document(document: Document) -> None:
    whole = document_to_dict(document)
    whole["tables"][0]["n_rows"] = "3"  # type: ignore[typeddict-item]
    with pytest.raises(msgspec.DecodeError):
        decode(json.dumps(whole).encode())
    with pytest.raises(msgspec.DecodeError):
        decode(b'{"source": ')
