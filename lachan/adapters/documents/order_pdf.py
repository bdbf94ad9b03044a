"""The printed form of an order, in the layout of Decree 30/2020/NĐ-CP, Annex I (directives.md §8).

The layout is generic: the caller gives the words. The number is taken only at signing; a document
without one is a draft and says so across the page.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import segno

from lachan.adapters.documents.typeset import FIXED, pdf
from lachan.kernel.errors import LachanError, Text

URGENCIES = ("", "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC")
DRAFT = "BẢN DỰ THẢO"
TWO_DIGITS_BELOW = 10
TWO_DIGIT_MONTHS = 2  # Annex I: a zero before days below 10 and months 1 and 2


class LetterMissing(LachanError):
    """A name or clause that the document's family cannot print: no other face is mixed in."""

    code = "documents.letter"
    text = Text(
        vi="Văn bản có ký tự không in được bằng phông chữ quy định: {detail}. Sửa ký tự đó.",
        en="The document has a letter that the required font lacks: {detail}. Change that letter.",
    )
    detail: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Cell 7. `signed`: the visible note of a digital signature, with its ISO 8601 time."""

    name: str
    authority: str  # "KT. THỦ TRƯỞNG CƠ QUAN ĐIỀU TRA"
    title: str = ""
    signed: str = ""


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """Everything printed. `columns` are labels: "*" takes the free width, ">" is right-aligned."""

    issuer: str
    symbol: str  # "LTG-CSĐT", behind the number
    place: str
    dated: date
    subject: str
    to: Sequence[str]
    body: Sequence[str]
    signers: Sequence[Signer]
    parent: str = ""
    number: int | None = None
    kind: str = ""  # "Lệnh"; empty: công văn, whose subject stands under the number as "V/v …"
    urgency: str = ""
    grounds: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    closing: Sequence[str] = ()
    copies: Sequence[str] = ()
    qr: str = ""  # LC1:… of exchange.md: anyone can check the fact, not the person
    code: str = ""  # the same for who has no camera
    check_at: str = ""  # address of the page that answers
    remarks: Sequence[str] = ()  # under the code: what the signature is, how to answer
    created: int | None = field(default=None)  # Unix seconds of the signature: the file's date


def order_pdf(data: OrderDocument) -> bytes:
    """PDF/A-2b; same data, same bytes.

    Raises: LetterMissing; ValueError for an urgency that the decree does not know.
    """
    if data.urgency not in URGENCIES:
        raise ValueError(data.urgency)
    try:
        return pdf("order", _cells(data), created=data.created or FIXED)
    except RuntimeError as missing:
        raise LetterMissing(field="body", detail=str(missing)) from missing


def _cells(data: OrderDocument) -> dict[str, Any]:
    subject = data.subject.strip()
    closing = list(data.closing)
    body = list(data.body)
    ending = closing or body
    if ending:
        ending[-1] = ending[-1].rstrip(" ./") + "./."
    return {
        "title": f"{data.kind or 'Công văn'} {subject}".strip(),
        "parent": data.parent,
        "issuer": data.issuer,
        "number": _numbered(data),
        "placed": _placed(data.place, data.dated),
        "about": "" if data.kind else f"V/v {subject}",
        "kind": data.kind,
        "subject": subject,
        "urgency": data.urgency,
        "draft": DRAFT if data.number is None else "",
        "to": list(data.to),
        "grounds": [one.rstrip(" ;.") for one in data.grounds],
        "body": body,
        "columns": [
            {"label": one.rstrip("*>"), "wide": one.endswith("*"), "right": one.endswith(">")}
            for one in data.columns
        ],
        "rows": [list(row) for row in data.rows],
        "closing": closing,
        "copies": [one.rstrip(" ;.") for one in data.copies],
        "signers": [
            {"name": one.name, "authority": one.authority, "title": one.title, "signed": one.signed}
            for one in data.signers
        ],
        "qr": _qr(data.qr),
        "qr_text": data.qr,
        "code": data.code,
        "check_at": data.check_at,
        "remarks": list(data.remarks),
    }


def _numbered(data: OrderDocument) -> str:
    return (
        f"Số:      /{data.symbol}"
        if data.number is None
        else f"Số: {data.number:02d}/{data.symbol}"
    )


def _placed(place: str, day: date) -> str:
    days = f"{day.day:02d}" if day.day < TWO_DIGITS_BELOW else str(day.day)
    months = f"{day.month:02d}" if day.month <= TWO_DIGIT_MONTHS else str(day.month)
    return f"{place}, ngày {days} tháng {months} năm {day.year}"


def _qr(text: str) -> str:
    if not text:
        return ""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode("ascii")
