"""Tables that were flattened into plain text, read back with a form as the guide. See docs/flattened.md."""

from .restore import Restored, restore

__all__ = ["Restored", "restore"]
