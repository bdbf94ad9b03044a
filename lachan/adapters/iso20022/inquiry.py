"""What a question says that ISO 20022 has no element for: who asks, until which instant, under which mandates (`lc.inq`).

It travels in `SplmtryData/Envlp` of auth.001 and beside the order in lc.frz. The manifest commits to the document, so the
document cannot name the manifest's hash; it repeats the manifest's mandates, under a hash of their own, and `check_agrees`
holds the two together at the receiver.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec
from lxml import etree

from lachan.adapters.iso20022.errors import Contradiction, ElementMissing, ValueRefused
from lachan.adapters.iso20022.markup import Branch, build, every, maybe, must
from lachan.adapters.iso20022.moments import wire_only
from lachan.adapters.iso20022.national import INQUIRY
from lachan.exchange.kinds import Priority
from lachan.exchange.manifest import MandateRef, Manifest
from lachan.kernel.canonical import canonical

MOST_PARAGRAPH = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """Wire values. `number` of `of`: one search criterion is one document, 50 accounts are 50."""

    kind: str
    conversation: str
    message: str
    asked_by: str
    asked_of: str
    priority: Priority
    deadline: str
    mandates: tuple[MandateRef, ...]
    number: int = 1
    of: int = 1
    reason: str | None = None
    least_amount: int | None = None  # đồng; a statement's lines below it are not wanted

    @property
    def investigation(self) -> str:
        """`InvstgtnId`: the conversation without hyphens, 32 of at most 35 characters."""
        return self.conversation.replace("-", "")

    @property
    def document(self) -> str:
        """`BizMsgIdr`: the message without hyphens, a point and the number, 35 characters."""
        return f"{self.message.replace('-', '')}.{self.number:02d}"

    @property
    def paragraph(self) -> str:
        """`LglMndtBsis/Prgrph`: the mandates' codes, or where they are longer than 35 the beginning of their hash."""
        codes = "+".join(one.code for one in self.mandates)
        return (
            codes if len(codes) <= MOST_PARAGRAPH else mandate_hash(self.mandates)[:MOST_PARAGRAPH]
        )


def mandate_hash(mandates: tuple[MandateRef, ...]) -> str:
    """SHA-256 of the canonical JSON of the manifest's `mandates`, hex."""
    return hashlib.sha256(canonical(msgspec.to_builtins(list(mandates)))).hexdigest()


def inquiry_of(
    manifest: Manifest, *, deadline: str, number: int = 1, of: int = 1, reason: str | None = None, least_amount: int | None = None
) -> Inquiry:  # fmt: skip
    """What the manifest says already; `deadline` is the wire time that the deadline rule gives. Raises: ElementMissing."""
    if not manifest.mandates:
        raise ElementMissing(place="Inquiry/Mandate")
    return Inquiry(
        kind=manifest.kind,
        conversation=manifest.conversation,
        message=manifest.id,
        asked_by=manifest.sender,
        asked_of=manifest.receiver,
        priority=manifest.priority,
        deadline=deadline,
        mandates=manifest.mandates,
        number=number,
        of=of,
        reason=reason,
        least_amount=least_amount,
    )


def check_agrees(inquiry: Inquiry, manifest: Manifest) -> None:
    """The signed manifest binds; a document that says otherwise is refused. Raises: Contradiction."""
    said = {
        "Kind": (inquiry.kind, manifest.kind),
        "Conversation": (inquiry.conversation, manifest.conversation),
        "Message": (inquiry.message, manifest.id),
        "AskedBy": (inquiry.asked_by, manifest.sender),
        "AskedOf": (inquiry.asked_of, manifest.receiver),
        "Priority": (inquiry.priority, manifest.priority),
        "Mandate": (inquiry.mandates, manifest.mandates),
    }
    for name, (here, there) in said.items():
        if here != there:
            raise Contradiction(place=f"Inquiry/{name}", other="manifest")


def inquiry_element(inquiry: Inquiry) -> etree._Element:
    """Raises: ValueRefused with the place."""
    branch: Branch = ("Inquiry", [
        ("Kind", inquiry.kind),
        ("Conversation", inquiry.conversation),
        ("Message", inquiry.message),
        ("AskedBy", inquiry.asked_by),
        ("AskedOf", inquiry.asked_of),
        ("Priority", inquiry.priority.value),
        ("Deadline", inquiry.deadline),
        ("Number", str(inquiry.number)),
        ("Of", str(inquiry.of)),
        ("MandateHash", mandate_hash(inquiry.mandates)),
        *(("Mandate", _mandate(one)) for one in inquiry.mandates),
        None if inquiry.reason is None else ("Reason", inquiry.reason),
        None if inquiry.least_amount is None else ("LeastAmount", str(inquiry.least_amount)),
    ])  # fmt: skip
    node = build(INQUIRY.space, branch)
    INQUIRY.check(node, "Inquiry")
    return node


def _mandate(one: MandateRef) -> list[Branch | None]:
    return [
        ("Code", one.code),
        ("Version", str(one.version)),
        ("Stage", one.stage),
        ("Case", one.case_ref),
        ("ValidUntil", one.valid_until),
        ("Subjects", str(one.subjects)),
        None if one.document_part is None else ("Document", one.document_part),
        None if one.cap_vnd is None else ("Cap", str(one.cap_vnd)),
        None if one.lease_until is None else ("LeaseUntil", one.lease_until),
    ]


def read_inquiry(node: etree._Element, place: str) -> Inquiry:
    """Of an element held to its schema. Raises: Contradiction, ValueRefused."""
    least = maybe(node, "LeastAmount")
    inquiry = Inquiry(
        kind=must(node, "Kind"),
        conversation=must(node, "Conversation"),
        message=must(node, "Message"),
        asked_by=must(node, "AskedBy"),
        asked_of=must(node, "AskedOf"),
        priority=Priority(must(node, "Priority")),
        deadline=wire_only(must(node, "Deadline"), f"{place}/Deadline"),
        mandates=tuple(_read_mandate(one, f"{place}/Mandate") for one in every(node, "Mandate")),
        number=int(must(node, "Number")),
        of=int(must(node, "Of")),
        reason=maybe(node, "Reason"),
        least_amount=None if least is None else int(least),
    )
    if mandate_hash(inquiry.mandates) != must(node, "MandateHash"):
        raise Contradiction(place=f"{place}/MandateHash", other=f"{place}/Mandate")
    if inquiry.number > inquiry.of:
        raise Contradiction(place=f"{place}/Number", other=f"{place}/Of")
    return inquiry


def _read_mandate(node: etree._Element, place: str) -> MandateRef:
    cap = maybe(node, "Cap")
    found: dict[str, Any] = {  # msgspec holds each to its declared type
        "code": must(node, "Code"),
        "version": int(must(node, "Version")),
        "stage": must(node, "Stage"),
        "case_ref": must(node, "Case"),
        "valid_until": must(node, "ValidUntil"),
        "subjects": int(must(node, "Subjects")),
        "document_part": maybe(node, "Document"),
        "cap_vnd": None if cap is None else int(cap),
        "lease_until": maybe(node, "LeaseUntil"),
    }
    try:
        return msgspec.convert(found, MandateRef, strict=True)
    except msgspec.ValidationError as cause:
        raise ValueRefused(place=place, right="lc.inq.001.001.01.xsd") from cause
