"""What both readers must make of pages written by hand, and of files that are none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from biaoge.errors import DamagedPdf, InputError, NotAPdf, PasswordNeeded, UsageError
from biaoge.ingest import open_pdf
from biaoge.ingest.render import render
from biaoge.model import Page, Ruling

Read = Callable[..., Page]
Write = Callable[..., Path]

TEXT = "BT /F1 10 Tf 20 250 Td (Hello world) Tj ET"


def spans(page: Page, axis: str) -> list[tuple[float, float, float]]:
    return [(round(r.at, 1), round(r.start, 1), round(r.end, 1)) for r in page.rulings if r.axis == axis]


def texts(page: Page) -> list[str]:
    return [w.text for w in page.words]


def test_words_stand_where_they_are_printed(read_page: Read) -> None:
    page = read_page(TEXT)
    hello, world = page.words
    assert (hello.text, world.text) == ("Hello", "world")
    assert hello.box.x0 == pytest.approx(20, abs=0.1)
    assert hello.box.x1 == pytest.approx(20 + 22.78, abs=0.1)  # Helvetica's own widths
    assert hello.box.top < 50 < hello.box.bottom  # the baseline, 250 from below
    assert hello.size == 10
    assert hello.edges is not None
    assert len(hello.edges) == 6
    assert (page.width, page.height, page.route, page.trust.reason) == (200, 300, "text", "text")


def test_bold_is_known_by_the_font(read_page: Read) -> None:
    page = read_page("BT /F1 10 Tf 20 250 Td (thin) Tj /F2 10 Tf 50 0 Td (thick) Tj ET")
    assert [(w.text, w.bold) for w in page.words] == [("thin", False), ("thick", True)]


def test_gaps_part_words_and_kerning_does_not(read_page: Read) -> None:
    page = read_page("BT /F1 10 Tf 20 250 Td [(A) 80 (V) -400 (B)] TJ ET")
    assert texts(page) == ["AV", "B"]


def test_a_space_drawn_on_its_own_parts_words(read_page: Read) -> None:
    page = read_page("BT /F1 10 Tf 20 250 Td (ab) Tj ( ) Tj (cd) Tj ET")
    assert texts(page) == ["ab", "cd"]


def test_letters_drawn_one_by_one_make_a_word(read_page: Read) -> None:
    page = read_page("BT /F1 10 Tf 1 0 0 1 25.56 250 Tm (2) Tj 1 0 0 1 20 250 Tm (1) Tj ET")
    assert texts(page) == ["12"]


@pytest.mark.parametrize(
    ("rotation", "x", "y", "upright"),
    [(0, 20, 50, True), (90, 250, 20, False), (180, 180, 250, False), (270, 50, 180, False)],
)
def test_rotated_pages(read_page: Read, rotation: int, x: float, y: float, upright: bool) -> None:
    """(x, y): where the point (20, 250) of the paper comes to stand."""
    page = read_page(TEXT + " 10 w 20 250 m 80 250 l 1 w S", page=f"/Rotate {rotation}")
    assert (page.width, page.height) == ((200, 300) if rotation % 180 == 0 else (300, 200))
    assert page.rotation == rotation
    hello = next(w for w in page.words if w.text == "Hello")
    assert hello.upright is upright
    assert hello.box.grown(0.5).holds(x, y)
    (line,) = page.rulings
    assert line.axis == ("h" if rotation % 180 == 0 else "v")
    assert line.at == pytest.approx(y if rotation % 180 == 0 else x, abs=0.01)
    assert line.length == pytest.approx(60)


def test_crop_box_moves_the_origin_and_cuts(read_page: Read) -> None:
    page = read_page(
        TEXT + " BT /F1 10 Tf 20 30 Td (outside) Tj ET 0 240 m 200 240 l S", page="/CropBox [10 100 150 900]"
    )
    assert (page.width, page.height) == (140, 200)
    assert texts(page) == ["Hello", "world"]
    assert page.words[0].box.x0 == pytest.approx(10, abs=0.1)
    assert spans(page, "h") == [(60, 0, 140)]


def test_turned_writing_on_an_upright_page(read_page: Read) -> None:
    page = read_page("BT /F1 10 Tf 0 1 -1 0 100 50 Tm (upward) Tj ET")
    (word,) = page.words
    assert (word.text, word.upright, word.edges) == ("upward", False, None)
    assert word.box.height > 2.5 * word.box.width
    assert word.box.bottom == pytest.approx(250, abs=1)


@pytest.mark.parametrize(
    "content",
    [
        "[3 2] 0 d 20 100 m 180 100 l S",
        "0 0 0 rg 20 99.5 160 1 re f",
        " ".join(f"{x} 99.5 1 1 re f" for x in range(20, 180, 2)) + " 179 99.5 1 1 re f",
        " ".join(f"{x} 100 m {x + 4} 100 l S" for x in range(20, 180, 6)),
        "20 100 m 60 100 140 100 180 100 c S",
        "q 2 0 0 2 0 0 cm 10 50 m 90 50 l S Q",
    ],
    ids=["dashed", "thin rectangle", "dots", "dashes one by one", "curve", "scaled"],
)
def test_one_line_however_it_is_drawn(read_page: Read, content: str) -> None:
    page = read_page(content)
    (line,) = page.rulings
    assert line.axis == "h"
    assert line.at == pytest.approx(200, abs=0.3)
    assert line.start == pytest.approx(20, abs=1.1)
    assert line.end == pytest.approx(180, abs=1.1)
    assert page.route == "ocr"  # something is printed, and no letter


def test_a_stroked_rectangle_has_four_edges(read_page: Read) -> None:
    page = read_page("20 100 60 40 re S")
    assert spans(page, "h") == [(160, 20, 80), (200, 20, 80)]
    assert spans(page, "v") == [(20, 160, 200), (80, 160, 200)]
    assert {r.origin for r in page.rulings} == {"rect"}


def test_a_filled_rectangle_has_edges_and_paper_has_none(read_page: Read) -> None:
    page = read_page("0.9 1 0.9 rg 0 0 200 300 re f 0.8 g 20 100 60 40 re f")
    assert len(page.rulings) == 4
    assert {r.origin for r in page.rulings} == {"fill"}


def test_what_is_white_or_transparent_is_no_ruling(read_page: Read) -> None:
    content = "1 g 20 100 60 40 re f 1 G 20 50 m 180 50 l S 0 G /G0 gs 20 60 m 180 60 l S"
    page = read_page(content, resources="/ExtGState << /G0 << /CA 0 /ca 0 >> >>")
    assert page.rulings == ()
    assert page.route == "empty"


def test_double_lines_stay_two_and_equal_ones_become_one(read_page: Read) -> None:
    page = read_page("20 100 m 180 100 l S 20 98 m 180 98 l S 20 100 m 180 100 l S")
    assert spans(page, "h") == [(200, 20, 180), (202, 20, 180)]


def test_clips_cut_lines_and_letters(read_page: Read) -> None:
    page = read_page(f"q 50 0 100 200 re W n 20 100 m 180 100 l S {TEXT} Q 20 50 m 180 50 l S")
    assert spans(page, "h") == [(200, 50, 150), (250, 20, 180)]
    assert page.words == ()


def test_slanted_lines_are_none(read_page: Read) -> None:
    assert read_page("20 100 m 180 140 l S").rulings == ()
    assert len(read_page("20 100 m 180 101 l S").rulings) == 1


def test_hidden_letters_are_dropped(read_page: Read) -> None:
    hidden = "BT /F1 10 Tf 3 Tr 20 150 Td (mode) Tj ET BT 0 Tr 1 g /F1 10 Tf 20 200 Td (white) Tj ET"
    outside = "BT 0 g /F1 10 Tf 500 150 Td (outside) Tj ET"
    page = read_page(f"{hidden} {outside} {TEXT}")
    assert texts(page) == ["Hello", "world"]


def test_white_letters_on_a_colour_are_kept(read_page: Read) -> None:
    page = read_page("0 0 0.5 rg 10 190 100 20 re f BT 1 g /F1 10 Tf 20 195 Td (white) Tj ET")
    assert texts(page) == ["white"]


def test_letters_printed_twice_count_once(read_page: Read) -> None:
    again = "BT /F1 10 Tf 20.3 250 Td (Hello world) Tj ET"
    page = read_page(f"{TEXT} {again} BT /F1 10 Tf 20 200 Td (llll....) Tj ET")
    assert texts(page) == ["Hello", "world", "llll...."]


def test_forms_are_followed_with_their_matrix(read_page: Read) -> None:
    inner = "/Type /XObject /Subtype /Form /BBox [0 0 90 100] /Matrix [1 0 0 1 10 0]"
    page = read_page(
        "q 2 0 0 2 0 0 cm /X Do Q",
        forms={
            10: (inner + " /Resources << /Font << /F1 5 0 R >> >>", "5 50 m 200 50 l S BT /F1 8 Tf 5 60 Td (in) Tj ET")
        },
        resources="/XObject << /X 10 0 R >>",
    )
    assert spans(page, "h") == [(200, 30, 200)]  # the form's box ends at 200
    (word,) = page.words
    assert (word.text, word.size) == ("in", 16)
    assert word.box.x0 == pytest.approx(30, abs=0.1)


def test_a_form_that_draws_itself_ends(read_page: Read) -> None:
    inner = "/Type /XObject /Subtype /Form /BBox [0 0 200 300] /Resources << /XObject << /X 10 0 R >> >>"
    page = read_page("/X Do", forms={10: (inner, "20 100 m 180 100 l S /X Do")}, resources="/XObject << /X 10 0 R >>")
    assert spans(page, "h") == [(200, 20, 180)]


SCAN = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"


def test_a_layer_of_hidden_text_over_a_scan(read_page: Read) -> None:
    content = f"q 200 0 0 300 0 0 cm /I Do Q 3 Tr {TEXT}"
    page = read_page(content, forms={10: (SCAN, "a")}, resources="/XObject << /I 10 0 R >>")
    assert (page.trust.usable, page.trust.reason, page.route) == (False, "hidden_over_scan", "ocr")
    assert texts(page) == ["Hello", "world"]  # kept for who wants them
    assert [(b.x0, b.top, b.x1, b.bottom) for b in page.images] == [(0, 0, 200, 300)]


def test_text_under_a_picture(read_page: Read) -> None:
    content = f"{TEXT} q 200 0 0 300 0 0 cm /I Do Q"
    page = read_page(content, forms={10: (SCAN, "a")}, resources="/XObject << /I 10 0 R >>")
    assert (page.trust.usable, page.trust.reason, page.route) == (False, "text_under_scan", "ocr")


def test_a_picture_without_words_makes_the_page_mixed(read_page: Read) -> None:
    content = f"q 200 0 0 150 0 0 cm /I Do Q {TEXT}"
    page = read_page(content, forms={10: (SCAN, "a")}, resources="/XObject << /I 10 0 R >>")
    assert (page.trust.usable, page.route) == (True, "mixed")


def test_a_blank_page_is_empty(read_page: Read) -> None:
    page = read_page("")
    assert (page.route, page.trust.reason, page.words, page.rulings) == ("empty", "no_text", (), ())


def test_files_that_are_none(tmp_path: Path, reader: str, pdf_file: Write) -> None:
    path = tmp_path / "x.pdf"
    with pytest.raises(InputError, match="cannot be read"):
        open_pdf(path, reader=reader)
    path.write_bytes(b"")
    with pytest.raises(NotAPdf, match="empty"):
        open_pdf(path, reader=reader)
    path.write_bytes(b"PK\x03\x04 something else altogether" * 50)
    with pytest.raises(NotAPdf, match=r"x\.pdf: not a PDF"):
        open_pdf(path, reader=reader)
    path.write_bytes(pdf_file(TEXT).read_bytes()[:60])
    with pytest.raises(DamagedPdf):
        open_pdf(path, reader=reader)


def test_no_page_is_damage(tmp_path: Path, reader: str, pdf_file: Write) -> None:
    path = tmp_path / "none.pdf"
    content = pdf_file(TEXT).read_bytes().replace(b"/Kids [3 0 R] /Count 1", b"/Kids [     ] /Count 0")
    path.write_bytes(content.replace(b"/Type /Page /", b"/Type /Leaf /"))
    with pytest.raises(DamagedPdf):
        open_pdf(path, reader=reader)


def test_pages_count_from_one_and_readers_have_names(pdf_file: Write, reader: str) -> None:
    with pytest.raises(UsageError, match="pdfium"):
        open_pdf(pdf_file(TEXT), reader="acrobat")
    with open_pdf(pdf_file(TEXT), reader=reader) as opened:
        assert (opened.n_pages, opened.name) == (1, reader)
        assert opened.version
        for number in (0, 2):
            with pytest.raises(IndexError):
                opened.page(number)


def refusal(path: Path, password: str | None, reader: str) -> InputError | None:
    """Why the file does not open, if it does not."""
    try:
        open_pdf(path, password, reader).close()
    except InputError as error:
        return error
    return None


def test_passwords(data: Path, reader: str) -> None:
    manifest = json.loads((data / "hostile" / "manifest.json").read_text(encoding="utf-8"))
    locked = [(data / "hostile" / m["file"], m["password"]) for m in manifest if m["password"]]
    assert locked
    opened = asked = 0
    for path, password in locked:
        for wrong, message in ((None, "give the password"), (f"{password}?", "wrong")):
            refused = refusal(path, wrong, reader)
            assert not isinstance(refused, PasswordNeeded) or message in str(refused)
            asked += isinstance(refused, PasswordNeeded)
        try:
            with open_pdf(path, password, reader) as document:
                opened += document.n_pages > 0
        except InputError:
            continue
    assert asked >= len(locked)  # some open without a password, none but a few with a wrong one
    assert opened >= 0.8 * len(locked)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_pixels_are_points_times_dpi_over_72(pdf_file: Write, rotation: int) -> None:
    path = pdf_file("0 0 0 rg 20 200 60 40 re f", page=f"/Rotate {rotation} /CropBox [10 10 190 290]")
    with open_pdf(path) as opened:
        page = opened.page(1)
    image = render(path, 1, dpi=144)
    assert image.size == (2 * page.width, 2 * page.height)
    top, bottom = sorted(r.at for r in page.rulings if r.axis == "h")
    left, right = sorted(r.at for r in page.rulings if r.axis == "v")
    dark = image.convert("L").point(lambda v: 255 if v < 128 else 0).getbbox()
    assert dark == tuple(round(2 * v) for v in (left, top, right, bottom))


def test_rulings_are_the_same_for_both(pdf_file: Write) -> None:
    path = pdf_file("20 100 60 40 re S 0.5 g 100 100 20 20 re f 5 w 10 20 m 190 20 l S 0 0 m 0.5 0 l S")
    found: list[tuple[Ruling, ...]] = []
    for name in ("pdfium", "pdfplumber"):
        with open_pdf(path, reader=name) as opened:
            found.append(opened.page(1).rulings)
    assert found[0] == found[1]
