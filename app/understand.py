"""What the tables of a document mean: the form they are, its fields, the sums that must hold, what these tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from biaoge.app.settings import Settings
from biaoge.forms import checks as sums
from biaoge.forms import library, match, totals
from biaoge.forms.bound import Match
from biaoge.forms.template import Form
from biaoge.model import Document


def understood(document: Document, settings: Settings) -> Document:
    """The document with its form, fields and checks, and its cells verified, or mended where they were misread.

    Sums are told from the names of rows and columns, too, whatever the form; where none fits, from these alone. A
    document that was understood before keeps what was mended then.
    """
    from biaoge.forms import solve, verify

    found = _found(document, settings)
    identities = totals.merged(match.identities(found) if found else (), totals.find(document.tables))
    tables, findings = document.tables, list(found.findings if found else ())
    if settings.repair and any(cell.source == "ocr" for table in tables for cell in table.cells):
        mended = solve.mend(tables, identities)
        tables = mended.tables
        findings += mended.findings
    checked = sums.check(identities, tables)
    findings += sums.findings(checked, tables)
    tables = verify.verified(tables, checked)
    told = {(finding.kind, finding.message, finding.table, finding.cells) for finding in document.findings}
    new = [f for f in findings if (f.kind, f.message, f.table, f.cells) not in told]
    return replace(
        document,
        tables=tables,
        findings=(*document.findings, *new),
        form=found.form.name if found and found.bound else None,
        facts=match.facts(found, tables) if found else (),
        checks=checked,
    )


def _found(document: Document, settings: Settings) -> Match | None:
    """The form that fits, or what of the one asked for is there."""
    forms = forms_of(settings)
    if settings.form in ("auto", "none"):
        return match.best(document.tables, forms)
    return match.asked(document.tables, forms[0])


def forms_of(settings: Settings) -> Sequence[Form]:
    """The forms that a document is held against."""
    if settings.form == "none":
        return ()
    return library.shipped() if settings.form == "auto" else (library.find(settings.form),)
