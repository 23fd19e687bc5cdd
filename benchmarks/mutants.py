"""Changed copies of good files: the mutant of a seed, an index and a folder of files is always the same."""

from __future__ import annotations

import random
import re
import struct
import zlib
from collections.abc import Callable, Mapping

Change = Callable[[bytes, random.Random, "Sources"], bytes]
Sources = Mapping[str, bytes]

NUMBERS = (
    *(b"0", b"-1", b"1", b"2", b"3", b"7", b"255", b"65536", b"2147483647", b"2147483648", b"-2147483648"),
    *(b"99999999999999999999", b"9223372036854775807", b"1e9", b"0.0000001", b"-0.5", b"1.5", b".", b"--5"),
    *(b"null", b"true", b"[]", b"[0]", b"<<>>", b"()", b"/X", b"(x)", b"<feff>", b"1 0 R", b"999 0 R", b"NaN"),
)
_VALUE = re.compile(rb"/[A-Za-z][A-Za-z0-9]*[ \r\n]*(-?[0-9.]+(?: [0-9]+ R)?)")
_NUMBER = re.compile(rb"-?[0-9]*\.?[0-9]+")
_NAME = re.compile(rb"/[A-Za-z][A-Za-z0-9+\-]*")
_REFERENCE = re.compile(rb"\b[0-9]+ [0-9]+ R\b")
_OBJECT = re.compile(rb"\b[0-9]+ [0-9]+ obj\b(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_ARRAY = re.compile(rb"\[[^\[\]]*\]")
_XREF = re.compile(rb"\b[0-9]{10} [0-9]{5} [nf]|startxref\s+[0-9]+")
_INFLATED = 3_000_000
"""Bytes of a stream that are looked at once it is inflated."""


def mutant(seed: int, index: int, sources: Sources) -> tuple[str, bytes]:
    """(name of what it was made of, bytes) of the mutant; one to four changes."""
    random_ = random.Random(f"{seed}-{index}")
    name = random_.choice(sorted(sources))
    content = sources[name]
    changes = _CHANGES["pdf" if b"%PDF-" in content[:1024] else "png" if content.startswith(b"\x89PNG") else "bytes"]
    for _ in range(random_.choice((1, 1, 1, 2, 2, 4))):
        content = random_.choice(changes)(content, random_, sources)
    return name, content


# ---------------------------------------------------------------- any file


def some_bytes(content: bytes, random_: random.Random, _: Sources) -> bytes:
    """Bytes changed, more often near the front, where the headers are."""
    out = bytearray(content)
    most = len(out) if random_.random() < 0.6 else min(len(out), 600)
    for _i in range(random_.choice((1, 1, 2, 8, 40)) if most else 0):
        at = random_.randrange(most)
        out[at] = random_.choice((0, 255, 127, 128, out[at] ^ (1 << random_.randrange(8)), random_.randrange(256)))
    return bytes(out)


def cut_off(content: bytes, random_: random.Random, _: Sources) -> bytes:
    """The end is missing."""
    return content[: random_.randrange(len(content) + 1)]


def piece_moved(content: bytes, random_: random.Random, sources: Sources) -> bytes:
    """A piece left out, doubled, or taken from another file."""
    start = random_.randrange(len(content) + 1)
    end = min(len(content), start + random_.choice((1, 4, 16, 200, 5000)))
    other = sources[random_.choice(sorted(sources))]
    at = random_.randrange(len(other) + 1)
    piece = random_.choice((b"", content[start:end] * 2, content[start:end] * 50, other[at : at + end - start]))
    return content[:start] + piece + content[end:]


# ---------------------------------------------------------------- PDF


def _replaced(content: bytes, pattern: re.Pattern[bytes], by: bytes, random_: random.Random) -> bytes:
    """One match of the pattern, or of its first group, is replaced."""
    found = list(pattern.finditer(content))
    if not found:
        return content
    start, end = random_.choice(found).span(1 if pattern.groups else 0)
    return content[:start] + by + content[end:]


def number_changed(content: bytes, random_: random.Random, _: Sources) -> bytes:
    """The number behind a name, such as /Width, /Count, /Length, is another, or something else."""
    return _replaced(content, _VALUE, random_.choice(NUMBERS), random_)


def array_changed(content: bytes, random_: random.Random, _: Sources) -> bytes:
    """An array, such as /Kids, /MediaBox, /W, is shorter, longer, or has something else in it."""
    found = list(_ARRAY.finditer(content))
    if not found:
        return content
    at = random_.choice(found)
    parts = at[0][1:-1].split()
    place = random_.randrange(len(parts) + 1)
    parts[place : place + random_.choice((0, 1, 99))] = [random_.choice(NUMBERS)] * random_.choice((0, 1, 1, 3))
    return content[: at.start()] + b"[" + b" ".join(parts) + b"]" + content[at.end() :]


def name_changed(content: bytes, random_: random.Random, _: Sources) -> bytes:
    """A name is another one of the file."""
    names = _NAME.findall(content)
    return _replaced(content, _NAME, random_.choice(names), random_) if names else content


def reference_changed(content: bytes, random_: random.Random, _: Sources) -> bytes:
    """A reference leads to another object."""
    references = [*_REFERENCE.findall(content), b"0 0 R", b"99999 0 R"]
    return _replaced(content, _REFERENCE, random_.choice(references), random_)


def object_changed(content: bytes, random_: random.Random, sources: Sources) -> bytes:
    """The body of an object is that of another, of this file or of one of the others."""
    other = content if random_.random() < 0.6 else sources[random_.choice(sorted(sources))]
    bodies = _OBJECT.findall(other)
    return _replaced(content, _OBJECT, random_.choice(bodies), random_) if bodies else content


def offset_changed(content: bytes, random_: random.Random, _: Sources) -> bytes:
    """An entry of the xref table, or where it begins."""
    at = random_.choice((0, 9, len(content), 10**10 - 1, random_.randrange(len(content) + 1)))
    by = b"%010d 00000 n" % at if random_.random() < 0.7 else b"startxref\n%d" % at
    return _replaced(content, _XREF, by, random_)


def stream_changed(content: bytes, random_: random.Random, sources: Sources) -> bytes:
    """What a deflated stream holds is changed, and deflated again."""
    found = [one for one in _STREAM.finditer(content) if one[1][:1] == b"x"]
    if not found:
        return content
    stream = random_.choice(found)
    try:
        inside = zlib.decompressobj().decompress(stream[1], _INFLATED)
    except zlib.error:
        return content
    change = random_.choice((operand_changed, operator_changed, some_bytes, cut_off, piece_moved))
    for _ in range(random_.choice((1, 3, 10))):
        inside = change(inside, random_, sources)
    start, end = stream.span(1)
    body = zlib.compress(inside)
    head = re.sub(rb"/Length [0-9]+(?! [0-9]+ R)", b"/Length %d" % len(body), content[max(0, start - 300) : start])
    return content[: max(0, start - 300)] + head + body + content[end:]


def operand_changed(content: bytes, random_: random.Random, _: Sources) -> bytes:
    """A number of a content stream, a character map or an object stream."""
    return _replaced(content, _NUMBER, random_.choice(NUMBERS), random_)


_OPERATORS = b"q Q cm re f S n W BT ET Tf Tj TJ Td Tm Tr Tz T* Do gs sh BI ID EI BDC EMC cs scn d0 d1 rg k w".split()
_OPERATOR = re.compile(rb"(?<=[ \n\])>])(?:[a-zA-Z]{1,3}\*?)(?=[ \r\n])")


def operator_changed(content: bytes, random_: random.Random, _: Sources) -> bytes:
    """An operator of a content stream is another."""
    return _replaced(content, _OPERATOR, random_.choice(_OPERATORS), random_)


# ---------------------------------------------------------------- PNG


def chunk_changed(content: bytes, random_: random.Random, sources: Sources) -> bytes:
    """The body of a chunk, its checksum right, or its length."""
    chunks, at = [], 8
    while at + 12 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        chunks.append((at, min(length, len(content) - at - 12)))
        at += 12 + length
    if not chunks:
        return content
    at, length = random_.choice(chunks)
    kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
    body = random_.choice((some_bytes, some_bytes, cut_off))(body, random_, sources)
    said = len(body) if random_.random() < 0.8 else random_.choice((0, 1, 2**31, 2**32 - 1))
    whole = struct.pack(">I", said) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return content[:at] + whole + content[at + 12 + length :]


_ANY: tuple[Change, ...] = (some_bytes, cut_off, piece_moved)
_PDF: tuple[Change, ...] = (
    *(number_changed, number_changed, array_changed, name_changed, reference_changed, object_changed, offset_changed),
    *(stream_changed, stream_changed, stream_changed),
)
_CHANGES: Mapping[str, tuple[Change, ...]] = {
    "pdf": (*_ANY, *_PDF),
    "png": (*_ANY, chunk_changed, chunk_changed),
    "bytes": (some_bytes, some_bytes, *_ANY),
}
