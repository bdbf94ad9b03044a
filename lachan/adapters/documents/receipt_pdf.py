"""A reporter's receipt on paper: the code, who has the report, by when, and its entry of the evidence log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from lachan.adapters.documents.typeset import pdf, printable


@dataclass(frozen=True, slots=True)
class ReceiptDocument:
    """Everything printed; pairs are a label and its value."""

    title: str
    issuer: str
    lang: str
    codes: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, str]]
    notes: Sequence[str]
    created: int  # Unix seconds of the report: the file's date


def receipt_pdf(data: ReceiptDocument) -> bytes:
    """PDF/A-2b; same data, same bytes. A letter that the family lacks is printed as "?"."""
    told = asdict(data)
    created = told.pop("created")
    for name in ("codes", "rows"):
        told[name] = [[printable(label), printable(value)] for label, value in told[name]]
    told["notes"] = [printable(one) for one in data.notes]
    told["title"], told["issuer"] = printable(data.title), printable(data.issuer)
    return pdf("receipt", told, created=created)
