"""Labelled documents set as PDF by real producers: material whose truth is known to the letter.

`story` says what is set, `style` how it looks, `page` makes HTML of it and `word` DOCX, `producers` makes PDF of those,
`collection` lists the samples of the project. `python -m biaoge.eval.typeset --out samples` makes them all.
"""
