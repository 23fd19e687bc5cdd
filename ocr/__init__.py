"""Reading of scanned pages: a page without trustworthy words and its pixels in, the same page with words out."""
