from __future__ import annotations

import pytest

from biaoge.app import doctor


def test_this_installation_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.report() == 0
    text = capsys.readouterr().out
    for word in ("biaoge: ", "python: ", "opencv: ", "pypdfium2: ", "reading process: starts"):
        assert word in text


@pytest.mark.parametrize(
    ("versions", "state"),
    [
        ({"opencv-python-headless": "4.9"}, "ok"),
        ({"opencv-contrib-python": "4.9"}, "ok"),
        ({}, "broken"),
        ({"opencv-python-headless": "4.9", "opencv-python": "4.8"}, "broken"),
    ],
)
def test_exactly_one_opencv(versions: dict[str, str], state: str) -> None:
    check = doctor.opencv(versions)
    assert check.state == state
    if len(versions) > 1:
        assert "pip uninstall -y opencv-python opencv-python-headless" in check.hint
        assert check.hint.endswith("pip install opencv-python-headless")


def test_a_broken_part_ends_with_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clash = {"opencv-python": "1", "opencv-contrib-python": "1"}
    monkeypatch.setattr(doctor, "_versions", lambda: clash)
    assert doctor.report() == 1
    assert "BROKEN  opencv" in capsys.readouterr().out


def test_requirements_are_those_of_the_project() -> None:
    assert {"camelot-py", "pypdfium2", "typer"} <= set(doctor.requirements())
    assert doctor.requirements("pandas") == ["pandas"]
    assert "weasyprint" in doctor.requirements("typeset")
    assert "pandas" not in doctor.requirements()
