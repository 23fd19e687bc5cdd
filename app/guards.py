"""Limits that need nothing but a number: bytes of a file, pages to be read; and a process without a network."""

from __future__ import annotations

import sys
from pathlib import Path

from biaoge.errors import InputError, TooLarge

MEGABYTE = 1_000_000
FILE_SIZE = 500
"""Megabytes: a thousand scanned pages of a colour copier have 300. A reader may map or copy the whole file."""
PAGES = 5000
"""A budget of a ministry has a thousand; sixty bytes can claim a page that is another page once more."""
OBJECTS = 200_000
"""On one page. A drawing of a town's streets has 150 thousand; more only cost time."""

_NETWORK = frozenset(
    ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname")
)


def check_size(path: Path, most: float = FILE_SIZE) -> None:
    """TooLarge where the file has more than `most` megabytes; InputError where it cannot be looked at."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror or error})") from error
    if size > most * MEGABYTE:
        told = f"{size / MEGABYTE:,.1f} megabytes, more than the {most:g} allowed"
        raise TooLarge(f"{path.name} has {told}; raise --max-file-size to read it")


def check_pages(wanted: int, most: int = PAGES) -> None:
    """TooLarge where more than `most` pages are to be read.

    >>> check_pages(9, most=8)
    Traceback (most recent call last):
    biaoge.errors.TooLarge: 9 pages to read, more than the 8 allowed; raise --max-pages, or read fewer --pages
    """
    if wanted > most:
        told = f"{wanted:,} pages to read, more than the {most:,} allowed"
        raise TooLarge(f"{told}; raise --max-pages, or read fewer --pages")


def no_network() -> None:
    """Refuse Python code of this process any connection and any look-up of a name, from now on and for good.

    What is refused fails with PermissionError. Code in C that calls the system itself is not seen: none of the
    readers has any that does.
    """
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _NETWORK:
        raise PermissionError(f"{event}: documents are read without a network")
