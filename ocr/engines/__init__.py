"""Engines of recognition, one file each; `registry` opens them by name."""
