"""Small files made to hurt: huge once decoded, endless once followed, deep once nested, names that are code."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence

HUGE = 2_147_483_647
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
NAME = "\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>=cmd|' /C calc'!A0..%2f"
"""A name with what a terminal, a browser or a spreadsheet may obey; it has no slash, so that it can name a file."""


def stream(body: bytes, about: bytes = b"") -> bytes:
    """A stream object; `about`: more entries of its dictionary."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), about, body)


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of the objects from number 1 on; the first is its catalogue. `trailer`: more entries of that."""
    pieces, at, offsets = [b"%PDF-1.5\n"], 9, []
    for number, body in enumerate(objects, 1):
        offsets.append(at)
        pieces.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        at += len(pieces[-1])
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    pieces.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table))
    pieces.append(b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer))
    return b"".join(pieces) + b"startxref\n%d\n%%%%EOF\n" % at


def one_page(entries: bytes, *more: bytes, catalog: bytes = CATALOG, content: bytes = b"") -> bytes:
    """A PDF of one page (object 3) with `entries`; `content` is object 4, `more` follow from 5 on."""
    return pdf([catalog, PAGES, PAGE % (b"/Contents 4 0 R " + entries), stream(content), *more])


def zeros(count: int) -> bytes:
    """zlib data that inflate to `count` million zero bytes, a thousandth as long; made without inflating them."""
    packer = zlib.compressobj(9)
    block = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    head, body = block[:2], block[2:]
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    return head + body * count + end + struct.pack(">HH", count * 1_000_000 % 65521, 1)


# --- pictures ---------------------------------------------------------------------------------------------------------


def png(width: int, height: int, data: bytes, depth: int = 1, kind: int = 0, extra: bytes = b"") -> bytes:
    """A PNG whose header says `width` × `height` pixels, whatever `data` (zlib) hold; `extra`: more chunks."""
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def jpeg(width: int, height: int) -> bytes:
    """A JPEG of a few hundred bytes whose header says `width` × `height` pixels."""
    import io

    from PIL import Image

    small = io.BytesIO()
    Image.new("L", (8, 8), 255).save(small, "JPEG")
    whole = small.getvalue()
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + struct.pack(">HH", height, width) + whole[at + 4 :]


def tiff(width: int, height: int, following: int = 0, data: bytes = b"\0") -> bytes:
    """An uncompressed TIFF of one directory at byte 8; `following`: where the next is said to be."""
    tags = [(256, width), (257, height), (258, 1), (259, 1), (262, 1), (273, 8 + 2 + 8 * 12 + 4), (278, height)]
    tags.append((279, len(data)))
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", following) + data


def jbig2(width: int, height: int) -> bytes:
    """JBIG2 data as PDF embeds them: a page and one generic region of `width` × `height`, with hardly any data."""
    page = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIB", width, height, 0, 0, 0) + b"\0" + bytes((3, 255, 253, 255, 2, 254, 254, 254)) + b"\0"
    return page + struct.pack(">IBBBI", 1, 38, 0, 1, len(region)) + region


def picture(width: int, height: int, filters: bytes, data: bytes, bits: int = 1) -> bytes:
    """A PDF page that one picture covers."""
    about = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent %d "
    image = stream(data, about % (width, height, bits) + b"/Filter " + filters)
    return one_page(b"/Resources << /XObject << /I 5 0 R >> >>", image, content=b"595 0 0 842 0 0 cm /I Do")


# --- PDF --------------------------------------------------------------------------------------------------------------


def nested_arrays(depth: int = 100_000) -> bytes:
    """An array in an array … on the page."""
    return one_page(b"/PieceInfo " + b"[" * depth + b"]" * depth)


def nested_dictionaries(depth: int = 100_000) -> bytes:
    """The same with dictionaries."""
    return one_page(b"/PieceInfo " + b"<</A" * depth + b" 0" + b">>" * depth)


def nested_content(depth: int = 100_000) -> bytes:
    """Arrays in arrays among the operators of a page, and as many saved graphics states."""
    return one_page(b"", content=b"q " * depth + b"[" * depth + b"]" * depth + b" TJ " + b"Q " * depth)


def page_tree(depth: int = 20_000) -> bytes:
    """A page under so many levels of the page tree."""
    levels = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 3) for number in range(depth)]
    return pdf([CATALOG, *levels, b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] >>" % (depth + 1)])


def xref_loop() -> bytes:
    """Two tables of objects, each of which names the other as the one before it."""
    plain = one_page(b"")
    at = plain.rindex(b"xref\n0 ")
    first = plain[:at] + plain[at:].replace(b"/Root", b"/Prev %010d /Root" % 0, 1)
    second = len(first)
    first = first.replace(b"/Prev %010d" % 0, b"/Prev %010d" % second)
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 5 /Root 1 0 R /Prev %d >>\n" % at
    return first + table + b"startxref\n%d\n%%%%EOF\n" % second


def kids_loop() -> bytes:
    """A page tree that is its own child, a thousandfold."""
    pages = b"<< /Type /Pages /Kids [" + b"2 0 R " * 1000 + b"3 0 R] /Count 1001 >>"
    return pdf([CATALOG, pages, PAGE % b""])


def count_lie(count: int = HUGE) -> bytes:
    """One page, said to be so many."""
    return pdf([CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % count, PAGE % b""])


def many_objects(count: int = 1_000_000) -> bytes:
    """So many objects that nobody refers to."""
    return pdf([CATALOG, PAGES, PAGE % b"", *[b"0"] * (count - 3)])


def many_lines(count: int = 1_000_000) -> bytes:
    """So many lines on one page, in a stream a thousandth as long."""
    content = zlib.compress(b"0 0 m 9 9 l S\n" * count)
    return pdf([CATALOG, PAGES, PAGE % b"/Contents 4 0 R", stream(content, b"/Filter /FlateDecode")])


def many_pages(count: int = 100_000) -> bytes:
    """So many pages: one object, listed again and again."""
    return pdf([CATALOG, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * count, count), PAGE % b""])


def doubling_forms(depth: int = 30) -> bytes:
    """A form that shows another twice, that one the next, and so on: 2^depth of the last."""
    about = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X %d 0 R >> >>"
    forms = [stream(b"/X Do /X Do", about % (6 + level)) for level in range(depth)]
    last = stream(b"0 0 m 9 9 l S", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    return one_page(b"/Resources << /XObject << /X 5 0 R >> >>", *forms, last, content=b"/X Do /X Do")


def form_in_itself() -> bytes:
    """A form that shows itself."""
    about = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 5 0 R >> >>"
    form = stream(b"/X Do /X Do", about)
    return one_page(b"/Resources << /XObject << /X 5 0 R >> >>", form, content=b"/X Do")


def object_stream(millions: int = 100) -> bytes:
    """A stream of objects that inflates to so many million bytes; the page is said to be in it."""
    whole = stream(zeros(millions), b"/Type /ObjStm /N 1 /First 8 /Filter /FlateDecode")
    at = b"%PDF-1.5\n1 0 obj\n" + CATALOG + b"\nendobj\n2 0 obj\n" + PAGES + b"\nendobj\n"
    offsets = [at.index(b"1 0 obj"), at.index(b"2 0 obj")]
    body = at + b"4 0 obj\n" + whole + b"\nendobj\n"
    rows = [(0, 0, 255), (1, offsets[0], 0), (1, offsets[1], 0), (2, 4, 0), (1, len(at), 0), (1, len(body), 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    return body + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        stream(table, b"/Type /XRef /Size 6 /W [1 4 1] /Root 1 0 R"),
        len(body),
    )


def inflating_content(millions: int = 2000) -> bytes:
    """The operators of a page, inflating to so many million bytes."""
    return pdf([CATALOG, PAGES, PAGE % b"/Contents 4 0 R", stream(zeros(millions), b"/Filter /FlateDecode")])


def filter_chain() -> bytes:
    """Data packed twice: some hundred bytes, then a million, then a thousand million."""
    return picture(30_000, 30_000, b"[/FlateDecode /FlateDecode]", zlib.compress(zeros(1000), 9), 8)


def soft_mask(side: int = 60_000) -> bytes:
    """A picture of one pixel whose mask has `side` × `side`."""
    about = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Width %d /Height %d "
    mask = stream(zeros(5), about % (side, side) + b"/Filter /FlateDecode")
    image = stream(b"\0", about % (1, 1) + b"/SMask 6 0 R")
    entries = b"/Resources << /XObject << /I 5 0 R >> >>"
    return one_page(entries, image, mask, content=b"595 0 0 842 0 0 cm /I Do")


def huge_page(height: int = HUGE + 1) -> bytes:
    """A page of 595 × `height` points."""
    return pdf([CATALOG, PAGES, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 %d] >>" % height])


def large_page_with_scan(side: int = 150_000) -> bytes:
    """A page just within the largest size, which a picture of one pixel covers."""
    return picture(1, 1, b"/ASCIIHexDecode", b"00>", 8).replace(b"595 842]", b"%d %d]" % (side, side), 1)


def active(port: int) -> bytes:
    """A document that would run scripts, start programs, open an attachment and ask servers, were it let."""
    address = b"http://127.0.0.1:%d/" % port
    script = b"<< /S /JavaScript /JS (app.launchURL\\('%s'\\); this.exportDataObject\\({cName:'../x',nLaunch:2}\\)) >>"
    catalog = (
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R /AA << /WC 5 0 R >> /AcroForm << /XFA 8 0 R /Fields [] >>"
        b" /Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> /JavaScript << /Names [(j) 5 0 R] >> >> >>"
    )
    attached = b"<< /Type /Filespec /F (../../../../tmp/owned) /EF << /F 7 0 R >> >>"
    launch = (
        b"<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A << /S /Launch /F (/bin/sh) >> /AA << /PO 5 0 R >> >>"
    )
    remote = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    far = b"<< /FS /URL /F (%s) >>" % address
    entries = b"/AA << /O 5 0 R >> /Annots [9 0 R] /Resources << /XObject << /I 10 0 R >> >>"
    return one_page(
        entries,
        script % address,
        attached,
        stream(b"#!/bin/sh\ntouch owned\n", b"/Type /EmbeddedFile"),
        stream(b'<!DOCTYPE x [<!ENTITY e SYSTEM "%s">]><x>&e;</x>' % address),
        launch,
        stream(b"", remote + b" /F " + far),
        catalog=catalog,
        content=b"9 0 0 9 0 0 cm /I Do",
    )


def hostile_text(text: str = NAME) -> bytes:
    """A ruled table of four cells whose texts are code for terminals, browsers and spreadsheets."""
    said = "".join(c for c in text if c.isprintable()).replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    lines = [f"{x} 700 m {x} 600 l S" for x in (50, 300, 550)] + [f"50 {y} m 550 {y} l S" for y in (600, 650, 700)]
    texts = ("=1+1", f"{said}", "@SUM(1)".replace("(", "\\(").replace(")", "\\)"), "</td><img src=x onerror=y>")
    places = ((55, 670), (305, 670), (55, 620), (305, 620))
    lines += [f"BT /F 6 Tf {x} {y} Td ({said}) Tj ET" for (x, y), said in zip(places, texts, strict=True)]
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return one_page(b"/Resources << /Font << /F 5 0 R >> >>", font, content="\n".join(lines).encode("latin-1"))


Bomb = Callable[[], bytes]

TOO_LARGE, DAMAGED, NO_PDF, NO_PICTURE = "TooLarge", "DamagedPdf", "NotAPdf", "DamagedImage"

BOMBS: dict[str, tuple[Bomb, frozenset[str | None]]] = {}
"""File name -> what makes it, and the ends that are right; `None` is a result, then with a finding or harmless."""


def _bomb(name: str, make: Bomb, *ends: str | None) -> None:
    BOMBS[name] = (make, frozenset(ends))


_bomb("header.png", lambda: png(HUGE, HUGE, zlib.compress(b"\0")), TOO_LARGE)
_bomb("zeros.png", lambda: png(40_000, 40_000, zeros(201)), TOO_LARGE)
_bomb("within.png", lambda: png(12_000, 12_000, zeros(1153), 16, 6), TOO_LARGE, NO_PICTURE)
_bomb("text.png", lambda: png(8, 8, zlib.compress(bytes(16)), extra=chunk(b"zTXt", b"a\0\0" + zeros(500))), NO_PICTURE)
_bomb("profile.png", lambda: png(8, 8, zeros(1), extra=chunk(b"iCCP", b"a\0\0" + zeros(500))), NO_PICTURE, None)
_bomb("header.jpg", lambda: jpeg(65_500, 65_500), TOO_LARGE)
_bomb("header.tif", lambda: tiff(HUGE, HUGE), TOO_LARGE, NO_PICTURE)
_bomb("wide.tif", lambda: tiff(100_000, 100_000), TOO_LARGE)
_bomb("loop.tif", lambda: tiff(8, 8, following=8), NO_PICTURE, None)
_bomb("outside.tif", lambda: tiff(8, 8, following=HUGE), NO_PICTURE, None)
_bomb("nested-arrays.pdf", nested_arrays, DAMAGED, TOO_LARGE, None)
_bomb("nested-dictionaries.pdf", nested_dictionaries, DAMAGED, TOO_LARGE, None)
_bomb("nested-content.pdf", nested_content, DAMAGED, TOO_LARGE, None)
_bomb("page-tree.pdf", page_tree, DAMAGED, TOO_LARGE, None)
_bomb("xref-loop.pdf", xref_loop, DAMAGED, None)
_bomb("kids-loop.pdf", kids_loop, DAMAGED, TOO_LARGE, None)
_bomb("count-lie.pdf", count_lie, DAMAGED, TOO_LARGE, None)
_bomb("many-objects.pdf", many_objects, TOO_LARGE, None)
_bomb("many-lines.pdf", many_lines, TOO_LARGE, "TimedOut", None)
_bomb("many-pages.pdf", many_pages, TOO_LARGE)
_bomb("doubling-forms.pdf", doubling_forms, TOO_LARGE, "TimedOut", None)
_bomb("form-in-itself.pdf", form_in_itself, DAMAGED, TOO_LARGE, None)
_bomb("object-stream.pdf", object_stream, DAMAGED, TOO_LARGE)
_bomb("inflating-content.pdf", inflating_content, DAMAGED, TOO_LARGE, None)
_bomb("filter-chain.pdf", filter_chain, TOO_LARGE)
_bomb("jbig2.pdf", lambda: picture(100_000, 100_000, b"/JBIG2Decode", jbig2(100_000, 100_000)), TOO_LARGE)
_bomb("jbig2-lie.pdf", lambda: picture(9, 9, b"/JBIG2Decode", jbig2(100_000, 100_000)), DAMAGED, None)
_bomb("jpeg-lie.pdf", lambda: picture(9, 9, b"/DCTDecode", jpeg(65_500, 65_500), 8), TOO_LARGE)
_bomb("fax.pdf", lambda: picture(60_000, 60_000, b"/CCITTFaxDecode", b"\0"), TOO_LARGE)
_bomb("soft-mask.pdf", soft_mask, TOO_LARGE, DAMAGED, "TimedOut", None)
_bomb("huge-page.pdf", huge_page, TOO_LARGE)
_bomb("large-page.pdf", large_page_with_scan, TOO_LARGE)
_bomb("jbig2.jb2", lambda: b"\x97JB2\r\n\x1a\n\x01" + struct.pack(">I", 1) + jbig2(HUGE, HUGE), NO_PDF)
