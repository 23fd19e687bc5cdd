"""Documents beside their hand-labelled truth."""
