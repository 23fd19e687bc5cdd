"""`python -m biaoge` and the `biaoge` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from biaoge.app.cli import run

    run()


if __name__ == "__main__":
    main()
