"""The one table of edXML element names: where each field of ours stands, how long it may be, how sure we are.

The text of QCVN 102:2016/BTTTT was not at hand. `SEEN` names stand alike in at least two programs of
different makers that speak to the national document exchange; `ONE` stands in one; nothing else is
written. A length that is given comes from the checks of one of them; the rest is bounded by `OUR_BOUND`.
Lengths bind only what we write.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from lachan.adapters.edxml import records

SPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
XLINK = "http://www.w3.org/1999/xlink"
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
OURS = "urn:lachan:edxml:1"  # the attribute `digest` of a Reference
OUR_BOUND = 500  # signs that we write where no length is known
MOST_READ = 4000  # signs of any text


class Sure(Enum):
    """In how many independent programs the name was seen."""

    SEEN = "two or more"
    ONE = "one"


class Form(Enum):
    """How a value is spelt."""

    TEXT = "text"
    NUMBER = "whole number"
    DAY = "yyyy/MM/dd"
    INSTANT = "yyyy/MM/dd HH:mm:ss"


@dataclass(frozen=True, slots=True)
class Leaf:
    """An element with text; `many` repeats it."""

    name: str
    field: str
    form: Form = Form.TEXT
    most: int = OUR_BOUND
    many: bool = False
    inside: str = ""  # the element around the repeated ones
    sure: Sure = Sure.SEEN


@dataclass(frozen=True, slots=True)
class Group:
    """An element with elements: one record, or (`many`) a tuple of them."""

    name: str
    field: str
    record: type[Any]  # a Struct of records.py; its fields are those of the members
    members: tuple[Leaf | Group, ...]
    many: bool = False
    also: str = ""  # another spelling that is read and never written
    sure: Sure = Sure.SEEN


_ORGAN = (
    Leaf("OrganId", "organ_id"),
    Leaf("OrganizationInCharge", "in_charge", most=200),
    Leaf("OrganName", "name", most=200),
    Leaf("OrganAdd", "address", most=250),
    Leaf("Email", "email", most=100),
    Leaf("Telephone", "telephone", most=20),
    Leaf("Fax", "fax", most=20),
    Leaf("Website", "website"),
)
_RESPONSE_FOR = (
    Leaf("OrganId", "organ_id"),
    Leaf("Code", "code"),
    Leaf("PromulgationDate", "day", Form.DAY),
    Leaf("DocumentId", "document_id"),
)
_STAFF = (
    Leaf("Department", "department"),
    Leaf("Staff", "name"),
    Leaf("Mobile", "mobile"),
    Leaf("Email", "email"),
)
HEADER = Group(
    "MessageHeader",
    "header",
    records.Header,
    (
        Group("From", "sender", records.Organ, _ORGAN),
        Group("To", "receivers", records.Organ, _ORGAN, many=True),
        Group(
            "Code",
            "code",
            records.Code,
            (Leaf("CodeNumber", "number", most=11), Leaf("CodeNotation", "notation", most=30)),
        ),
        Group(
            "PromulgationInfo",
            "promulgation",
            records.Promulgation,
            (Leaf("Place", "place", most=50), Leaf("PromulgationDate", "day", Form.DAY)),
        ),
        Group(
            "DocumentType",
            "type",
            records.DocumentType,
            (Leaf("Type", "type", Form.NUMBER), Leaf("TypeName", "name", most=100)),
        ),
        Leaf("Subject", "subject", most=500),
        Leaf("Content", "content", most=500),
        Group(
            "SignerInfo",
            "signer",
            records.Signer,
            (
                Leaf("Competence", "competence", most=100),
                Leaf("Position", "position", most=100),
                Leaf("FullName", "full_name", most=50),
            ),
        ),
        Leaf("DueDate", "due", Form.DAY),
        Leaf("Place", "to_places", most=150, many=True, inside="ToPlaces"),
        Group(
            "OtherInfo",
            "other",
            records.OtherInfo,
            (
                Leaf("Priority", "priority", Form.NUMBER),
                Leaf("SphereOfPromulgation", "sphere", most=100),
                Leaf("TyperNotation", "typer", most=10),
                Leaf("PromulgationAmount", "amount", Form.NUMBER),
                Leaf("PageAmount", "pages", Form.NUMBER),
                Leaf("Appendix", "appendixes", most=250, many=True, inside="Appendixes"),
            ),
        ),
        Group("ResponseFor", "response_for", records.ResponseFor, _RESPONSE_FOR, many=True),
        Leaf("SteeringType", "steering", Form.NUMBER),
        Leaf("DocumentId", "document_id"),
    ),
)
TRACES = Group(
    "TraceHeaderList",
    "traces",
    records.Traces,
    (
        Group(
            "TraceHeader",
            "steps",
            records.Trace,
            (Leaf("OrganId", "organ_id"), Leaf("Timestamp", "at", Form.INSTANT)),
            many=True,
        ),
        Group(
            "Bussiness",  # the standard's own spelling
            "business",
            records.Business,
            (
                Leaf("BussinessDocType", "type", Form.NUMBER),
                Leaf("BussinessDocReason", "reason"),
                Leaf("DocumentId", "document_id", sure=Sure.ONE),
                Group("StaffInfo", "staff", records.Staff, _STAFF, many=True),
                Leaf("Paper", "paper", Form.NUMBER),
            ),
        ),
    ),
)
STATUS = Group(
    "Status",
    "status",
    records.StatusMessage,
    (
        Group("ResponseFor", "response_for", records.ResponseFor, _RESPONSE_FOR),
        Group("From", "sender", records.Organ, _ORGAN),
        Leaf("StatusCode", "code"),
        Leaf("Description", "description"),
        Leaf("Timestamp", "at", Form.INSTANT),
        Group("StaffInfo", "staff", records.Staff, _STAFF),
    ),
    also="MessageHeader",
)


@dataclass(frozen=True, slots=True)
class Names:
    """Containers and the parts of an attachment, which are no records of their own."""

    root: str = "edXML"
    envelope: str = "edXMLEnvelope"
    header: str = "edXMLHeader"
    body: str = "edXMLBody"
    manifest: str = "edXMLManifest"
    reference: str = "Reference"
    content_id: str = "ContentId"
    content_type: str = "ContentType"
    description: str = "Description"
    attachment_name: str = "AttachmentName"
    encoded: str = "AttachmentEncoded"
    attachment: str = "Attachment"
    content: str = "ContentTransferEncoded"
    signatures: tuple[str, ...] = ("Signature", "DigitalSignature")


NAMES = Names()
