"""Measures that hold a reading against labelled truth: counts first, rates from counts."""
