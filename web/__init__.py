"""The review and label page; talks to `biaoge.app` only."""
