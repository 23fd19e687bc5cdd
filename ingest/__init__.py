"""A file in, pages with words and rulings out: what the file itself says."""
