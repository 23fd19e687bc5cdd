"""Words and rulings in, tables whose cells tile out."""
