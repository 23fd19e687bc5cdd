from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from biaoge.app.settings import Settings
from biaoge.app.store import keys
from biaoge.app.store.keys import Keys


def test_any_setting_changes_the_whole_key() -> None:
    plain = Settings()
    others = [
        replace(plain, reader="pdfplumber"),
        replace(plain, join_pages=False),
        replace(plain, spaced=False),
        replace(plain, ocr="never"),
        replace(plain, ocr="always"),
        replace(plain, engine="tesseract"),
        replace(plain, model_dir="m"),
        replace(plain, max_megapixels=1.0),
        replace(plain, max_file_size=1.0),
        replace(plain, max_pages=1),
        replace(plain, max_objects=1),
        replace(plain, form="none"),
        replace(plain, repair=False),
    ]
    assert len(others) == len(Settings.__dataclass_fields__) + 1
    assert len({Keys.of(one).whole for one in (plain, *others)}) == len(others) + 1


def test_what_is_about_recognition_does_not_touch_what_needs_none() -> None:
    plain, native = Settings(), Keys.of(Settings()).native
    for one in (replace(plain, engine="x"), replace(plain, model_dir="m"), replace(plain, ocr="never")):
        assert Keys.of(one).native == native
        assert Keys.of(one).for_routes(["text", "empty"]) == native
        assert Keys.of(one).for_routes(["text", "mixed"]) == Keys.of(one).whole != native
    assert Keys.of(replace(plain, spaced=False)).native != native
    always = Keys.of(replace(plain, ocr="always"))
    assert always.native == always.whole


def test_version_and_the_text_of_a_form_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = tmp_path / "form.toml"
    form.write_text("one")
    first = Keys.of(Settings(form=str(form)))
    form.write_text("two")
    second = Keys.of(Settings(form=str(form)))
    monkeypatch.setattr(keys, "__version__", "99")
    third = Keys.of(Settings(form=str(form)))
    assert len({first.whole, second.whole, third.whole}) == len({first.native, second.native, third.native}) == 3
