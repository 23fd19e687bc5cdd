"""What can go wrong, as one tree.

    BiaogeError                exit 1   anything below
    ├── UsageError             exit 2   the call itself: an unknown format, a page range that reads backwards
    │   └── MissingExtra       exit 2   an optional package is needed; the message is the pip line
    ├── InputError             exit 3   this file cannot be read
    │   ├── NotAPdf            exit 3   empty, or neither a PDF nor a picture
    │   ├── DamagedPdf         exit 3   a PDF, but broken beyond what the reader can mend
    │   ├── DamagedImage       exit 3   a picture file that cannot be decoded
    │   ├── PasswordNeeded     exit 4   encrypted: no password, or a wrong one
    │   └── TooLarge           exit 5   more pages, memory or time than allowed
    │       └── TimedOut       exit 5
    ├── LabelError             exit 6   a truth file that breaks its own rules (names line and cell)
    ├── GateFailed             exit 7   what was measured is worse than the baseline
    ├── FormError              exit 8   a form's file breaks the rules of its format (names file and place)
    └── TableError             exit 1   a table whose cells do not tile; a fault of ours, never the user's

Every message says what to do. Raised at the door, caught where it is answered.
"""

from __future__ import annotations


class BiaogeError(Exception):
    """Base of all errors of biaoge; ``exit_code`` is what the command ends with."""

    exit_code = 1


class UsageError(BiaogeError):
    """The call itself makes no sense."""

    exit_code = 2


class MissingExtra(UsageError):
    """An optional package is needed and not installed."""


class InputError(BiaogeError):
    """This file cannot be read."""

    exit_code = 3


class NotAPdf(InputError):
    """Empty, or neither a PDF nor a picture."""


class DamagedPdf(InputError):
    """A PDF, or a page or picture in it, too broken to be read."""


class DamagedImage(InputError):
    """A picture file, or a page of it, that cannot be decoded."""


class PasswordNeeded(InputError):
    """Encrypted, and the password is missing or wrong."""

    exit_code = 4


class TooLarge(InputError):
    """More pages, memory or time than the limits allow."""

    exit_code = 5


class TimedOut(TooLarge):
    """The file took longer than its time limit."""


class LabelError(BiaogeError):
    """A truth file breaks the rules of its format."""

    exit_code = 6


class GateFailed(BiaogeError):
    """A measurement is worse than its baseline."""

    exit_code = 7


class FormError(BiaogeError):
    """A form's file breaks the rules of its format, or there is no form of that name."""

    exit_code = 8


class TableError(BiaogeError):
    """Cells that do not cover a grid exactly once."""
