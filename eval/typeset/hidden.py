"""A PDF of pictures gets text that is not to be seen, as programs leave it that read a scan once and badly."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from biaoge.model import Box


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter and its box on the page in points, top left, y down."""

    text: str
    box: Box


# A font that every reader of PDF knows the characters of, though not their shapes: hidden text needs none.
_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [{below} 0 R] >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor {below} 0 R "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
    "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)


def with_hidden_text(pdf: bytes, pages: Sequence[Sequence[Letter]]) -> bytes:
    """The PDF, whose pages are each one picture over the whole page, with letters in render mode 3 (unseen) on each.

    Written anew: the pictures are taken over as they are (JPEG). The same input gives the same bytes.
    """
    import pypdfium2

    objects: list[bytes] = []

    def add(content: str | bytes, stream: bytes | None = None) -> int:
        """The number of a new object."""
        body = content if isinstance(content, bytes) else content.encode("ascii")
        if stream is not None:
            body = body[:-2] + b"/Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream"
        objects.append(body)
        return len(objects)

    descriptor = add(_FONT[2])
    font = add(_FONT[0].format(below=add(_FONT[1].format(below=descriptor))))
    kids = []
    tree = font + 1
    add("")  # the tree of pages, filled in below
    with pypdfium2.PdfDocument(pdf) as document:
        for page, letters in zip(document, pages, strict=True):
            width, height = page.get_size()
            (image,) = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
            across, down = image.get_px_size()
            head = f"<< /Type /XObject /Subtype /Image /Width {across} /Height {down} /ColorSpace /DeviceRGB "
            picture = add(
                head + "/BitsPerComponent 8 /Filter /DCTDecode >>", bytes(image.get_data(decode_simple=False))
            )
            drawn = f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /I Do Q\n" + _text(letters, height)
            content = add("<< /Filter /FlateDecode >>", zlib.compress(drawn.encode("ascii"), 9))
            uses = f"<< /XObject << /I {picture} 0 R >> /Font << /F {font} 0 R >> >>"
            box = f"[0 0 {width:.3f} {height:.3f}]"
            said = f"/Parent {tree} 0 R /MediaBox {box} /Contents {content} 0 R /Resources {uses}"
            kids.append(add(f"<< /Type /Page {said} >>"))
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[tree - 1] = f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} >>".encode("ascii")
    return _file(objects, add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))


def _text(letters: Sequence[Letter], height: float) -> str:
    """One text object; every letter has its own place and is as large as its box is high."""
    lines = ["BT 3 Tr"]
    for letter in letters:
        size = max(letter.box.height, letter.box.width, 1.0)
        code = letter.text.encode("utf-16-be", "replace").hex()
        lines.append(f"/F {size:.1f} Tf 1 0 0 1 {letter.box.x0:.1f} {height - letter.box.bottom:.1f} Tm <{code}> Tj")
    return "\n".join([*lines, "ET"])


def _file(objects: Sequence[bytes], root: int) -> bytes:
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)
    return bytes(out)
