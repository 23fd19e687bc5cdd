"""Words and rulings in, headings, paragraphs, captions and reading order out."""
