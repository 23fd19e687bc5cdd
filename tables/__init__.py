"""Words and rulings in, tables whose cells tile out.

`ruled.find` reads a page, `joined.join` puts what page breaks cut together, `spaced.find` reads what has no rulings.
"""
