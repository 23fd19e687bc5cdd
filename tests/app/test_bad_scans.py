"""Pictures that hold nothing, are broken, or are too much: each is told, none costs another."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from biaoge.ingest.render import render

Command = Callable[..., subprocess.CompletedProcess[str]]
ROWS = [["Item", "2024"], ["Received", "128"], ["Answered", "6"]]


@pytest.fixture
def folder(tmp_path: Path, grid_pdf: Callable[..., bytes]) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "page.pdf").write_bytes(grid_pdf(ROWS))
    page = render(tmp_path / "page.pdf", 1, 150).convert("L")
    page.save(folder / "good.png", dpi=(150, 150))
    page.convert("CMYK").save(folder / "cmyk.jpg", dpi=(150, 150))
    Image.fromarray(np.asarray(page).astype(np.uint16) * 257).save(folder / "sixteen.png", dpi=(150, 150))
    Image.new("L", page.size, 255).save(folder / "blank.png", dpi=(150, 150))
    Image.new("L", page.size, 0).save(folder / "black.png", dpi=(150, 150))
    Image.new("L", (1, 1), 0).save(folder / "dot.png")
    Image.new("L", (30_000, 20), 255).save(folder / "wide.png")
    Image.new("1", (20_000, 20_000), 1).save(folder / "bomb.tif", compression="group4")
    whole = (folder / "cmyk.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(whole[: len(whole) // 3])
    (folder / "empty.png").write_bytes(b"")
    (folder / "prose.png").write_bytes(b"no picture at all, just words " * 20)
    return folder


def test_each_is_told(folder: Path, tmp_path: Path, command: Command) -> None:
    done = command("extract", folder, "--out", tmp_path / "out", "--report", "-", timeout=250)
    records = {Path(r["path"]).name: r for r in map(json.loads, done.stdout.splitlines())}
    assert "Traceback" not in done.stderr
    errors = {name: r["error"] for name, r in records.items() if r["error"]}
    assert errors == {"bomb.tif": "TooLarge", "cut.jpg": "DamagedImage", "empty.png": "NotAPdf", "prose.png": "NotAPdf"}
    assert "--max-megapixels" in records["bomb.tif"]["message"]
    assert all(r["peak"] < 1e9 for r in records.values())
    for name in ("good.png", "cmyk.jpg", "sixteen.png"):
        result = json.loads((tmp_path / "out" / f"{name}.json").read_text(encoding="utf-8"))
        assert [cell["text"] for cell in result["tables"][0]["cells"]] == [text for row in ROWS for text in row], name
    for name in ("blank.png", "black.png", "dot.png", "wide.png"):
        result = json.loads((tmp_path / "out" / f"{name}.json").read_text(encoding="utf-8"))
        assert result["tables"] == []
        kinds = {finding["kind"] for finding in result["findings"]}
        assert kinds & {"nothing-recognised", "page-not-read"} or result["pages"][0]["route"] == "empty", (name, kinds)


@pytest.mark.slow
def test_pages_of_noise_and_hatching(tmp_path: Path, command: Command) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1754, 1240), dtype=np.uint8)
    hatched = ((np.indices((1754, 1240)).sum(0) % 8 < 4) * 255).astype(np.uint8)
    grid = np.full((1754, 1240), 255, np.uint8)
    grid[::12] = 0
    grid[:, ::12] = 0
    for name, pixels in (("noise", noise), ("hatched", hatched), ("grid", grid)):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png", dpi=(150, 150))
    files = [tmp_path / f"{name}.png" for name in ("noise", "hatched", "grid")]
    done = command("extract", *files, "--out", tmp_path / "out", "--report", "-", timeout=250)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["error"] for r in records] == [None] * 3
    assert all(r["peak"] < 1e9 for r in records)
