"""A file to pages that bear what the file itself says: words, rulings, pictures, and whether they can be trusted."""

from .pdf import READERS, Reader, open_pdf

__all__ = ["READERS", "Reader", "open_pdf"]
