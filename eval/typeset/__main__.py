"""Set the samples and write their index: `python -m biaoge.eval.typeset --out samples [--only 000-writer …]`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from biaoge.errors import BiaogeError
from biaoge.eval.gridtext import Label, dumps
from biaoge.files import sha256_of, write_whole

from .collection import Sample, samples
from .index import NAME, Entry, read_index, write_index
from .measure import outcome
from .producers import PRODUCERS, Job, TypesetError, produce, version


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0, or that of the error that is printed."""
    parser = argparse.ArgumentParser(prog="python -m biaoge.eval.typeset", description="Set the samples as PDF.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the PDFs, their truth and index.toml")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="set these alone; the others stay as they are")
    options = parser.parse_args(arguments)
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        _make(options.out, options.only)
    except BiaogeError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _make(out: Path, only: Sequence[str] | None) -> None:
    known = {sample.name: sample for sample in samples()}
    unknown = set(only or ()) - set(known)
    if unknown:
        raise TypesetError(f"no sample named {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    wanted = [sample for name, sample in known.items() if not only or name in only]
    kept = {entry.pdf: entry for entry in read_index(out)} if only and (out / NAME).is_file() else {}
    for producer in PRODUCERS:
        of_it = [sample for sample in wanted if sample.producer == producer]
        if not of_it:
            continue
        produce(producer, [Job(sample.story, sample.style, out / f"{sample.name}.pdf") for sample in of_it])
        by = version(producer)
        for sample in of_it:
            kept[f"{sample.name}.pdf"] = _entry(sample, out, by)
    write_index(out, [kept[f"{name}.pdf"] for name in known if f"{name}.pdf" in kept])


def _entry(sample: Sample, out: Path, by: str) -> Entry:
    """Its entry in the index, after a look at what the producer made of it; TypesetError when text got lost."""
    pdf = out / f"{sample.name}.pdf"
    found = outcome(pdf, sample.story)
    if found.lost:
        raise TypesetError(f"{pdf.name} lacks {found.lost!r} of its story")
    truth = [] if sample.report else _write_truth(sample, out)
    print(f"{pdf.name}: {found.pages} pages, {pdf.stat().st_size // 1024} KB, {', '.join(found.tags()) or 'no cuts'}")
    return Entry(
        pdf.name, sample.producer, by, sample.style.font, (*sample.tags, *found.tags()), found.pages, sha256_of(pdf),
        sample.report, tuple(truth),
    )  # fmt: skip


def _write_truth(sample: Sample, out: Path) -> list[str]:
    names = []
    for ordinal, table in enumerate(sample.story.tables(), start=1):
        label = Label(table, sample.name, ordinal, "typeset", page=1, tags=sample.tags)
        write_whole(out / f"{label.name}.grid", dumps(label))
        names.append(f"{label.name}.grid")
    return names


if __name__ == "__main__":
    sys.exit(main())
