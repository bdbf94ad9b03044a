"""A task as an HI1 message with one action. Pure.

A creation carries the state as `DesiredStatus`, an update as `Status`, under the standard's own names,
which are ours (exchange/conversation_states.py). The question stands whole in our parameters, and what
of it the standard knows stands in its own fields too.
"""

from __future__ import annotations

from lxml import etree

from lachan.adapters.etsi.dictionary import NAME, OWNER, request_type, request_values
from lachan.adapters.etsi.task import (
    COMMON,
    CORE,
    FORM,
    OURS,
    TASK,
    VERSION,
    XSI,
    Action,
    Task,
)
from lachan.adapters.foreign.errors import mismatch
from lachan.adapters.foreign.xml_tree import Node
from lachan.exchange.kinds import encode
from lachan.exchange.manifest import MandateRef

STATUS_NAME = "LDTaskStatus"
FLAG_NAME = "LDTaskFlag"
ETSI = "ETSI"
PROFILE = "v1.0"  # of our parameters
_PREFIXES = {"hi1": CORE, "common": COMMON, "task": TASK, "lc": OURS, "xsi": XSI}


def write(task: Task, action: Action) -> bytes:
    """UTF-8 with a declaration, valid under the schemas of V1.12.1 and lc_tasking.xsd.

    Raises: ForeignMismatch for a text with signs that XML cannot hold.
    """
    root = etree.Element(f"{{{CORE}}}HI1Message", nsmap=_PREFIXES)
    header = _add(root, CORE, "Header")
    _endpoint(header, "SenderIdentifier", task.sender)
    _endpoint(header, "ReceiverIdentifier", task.receiver)
    _add(header, CORE, "TransactionIdentifier", task.transaction)
    _add(header, CORE, "Timestamp", f"{task.at[:-1]}000Z")  # milliseconds as microseconds
    version = _add(header, CORE, "Version")
    _add(version, CORE, "ETSIVersion", VERSION)
    _add(version, CORE, "NationalProfileOwner", OWNER)
    _add(version, CORE, "NationalProfileVersion", PROFILE)
    requests = _add(
        _add(_add(root, CORE, "Payload"), CORE, "RequestPayload"), CORE, "ActionRequests"
    )
    request = _add(requests, CORE, "ActionRequest")
    _add(request, CORE, "ActionIdentifier", "0")
    _object(_add(request, CORE, action.value), task, action)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def reference(task: Task) -> str:
    """An LDID: country, member, conversation."""
    country, _, rest = task.sender.partition("/")
    return f"{country.upper()}-{rest.replace('/', '.')}-{task.conversation}"


def seconds(wire: str) -> str:
    """A time of the standard without fractions: what is finer is cut off."""
    return f"{wire[:19]}Z"


def _object(parent: Node, task: Task, action: Action) -> None:
    made = _add(parent, CORE, "HI1Object")
    made.set(f"{{{XSI}}}type", "task:LDTaskObject")
    _add(made, CORE, "ObjectIdentifier", task.conversation)
    _add(made, CORE, "CountryCode", task.sender[:2].upper())
    _add(made, CORE, "OwnerIdentifier", task.sender)
    _add(made, TASK, "Reference", reference(task))
    state = "DesiredStatus" if action is Action.CREATE else "Status"
    _entry(_add(made, TASK, state), ETSI, STATUS_NAME, task.status.value)
    _details(_add(made, TASK, "RequestDetails"), task)
    flags = [name for name, on in (("IsTest", task.test), ("IsEmergency", task.emergency)) if on]
    if flags:
        around = _add(made, TASK, "Flags")
        for flag in flags:
            _entry(_add(around, TASK, "LDTaskFlag"), ETSI, FLAG_NAME, flag)
    _national(_add(made, TASK, "NationalLDTaskingParameters"), task)


def _details(details: Node, task: Task) -> None:
    _entry(_add(details, TASK, "Type"), OWNER, NAME, request_type(task.kind, task.ask))
    at = getattr(task.ask, "at", None)
    if at is not None:
        _add(details, TASK, "ObservedTime", seconds(at))
    values = request_values(task.kind, task.ask)
    if values:
        around = _add(details, TASK, "RequestValues")
        for value in values:
            one = _add(around, TASK, "RequestValue")
            format_ = _add(one, TASK, "FormatType")
            _add(format_, TASK, "FormatOwner", value.owner)
            _add(format_, TASK, "FormatName", value.format)
            _add(one, TASK, "Value", value.value)


def _national(made: Node, task: Task) -> None:
    made.set(f"{{{XSI}}}type", "lc:Tasking")
    _add(made, TASK, "CountryCode", OWNER)
    _add(made, OURS, "ManifestHash", task.h)
    _add(made, OURS, "Kind", task.kind)
    _add(made, OURS, "KindVersion", str(task.kind_version))
    _add(made, OURS, "Substate", task.substate)
    _add(made, OURS, "Priority", task.priority.value)
    _add(made, OURS, "Purpose", task.purpose)
    for row in task.mandates:
        _mandate(_add(made, OURS, "Mandate"), row)
    _add(made, OURS, "CreatedAt", task.created_at)
    _add(made, OURS, "ExpiresAt", task.expires_at)
    if task.due_at is not None:
        _add(made, OURS, "DueAt", task.due_at)
    _add(made, OURS, "Ask", encode(task.ask).decode())


def _mandate(made: Node, row: MandateRef) -> None:
    for name, value in (
        ("Code", row.code),
        ("Version", row.version),
        ("Stage", row.stage),
        ("CaseRef", row.case_ref),
        ("ValidUntil", row.valid_until),
        ("Subjects", row.subjects),
        ("DocumentPart", row.document_part),
        ("CapVnd", row.cap_vnd),
        ("LeaseUntil", row.lease_until),
    ):
        if value is not None:
            _add(made, OURS, name, str(value))


def _endpoint(header: Node, name: str, address: str) -> None:
    made = _add(header, CORE, name)
    _add(made, CORE, "CountryCode", address[:2].upper())
    _add(made, CORE, "UniqueIdentifier", address)


def _entry(made: Node, owner: str, name: str, value: str) -> None:
    _add(made, COMMON, "Owner", owner)
    _add(made, COMMON, "Name", name)
    _add(made, COMMON, "Value", value)


def _add(parent: Node, space: str, name: str, text: str | None = None) -> Node:
    made = etree.SubElement(parent, f"{{{space}}}{name}")
    if text is not None:
        try:
            made.text = text
        except ValueError as cause:
            raise mismatch(FORM, name, text, "no signs that XML cannot hold") from cause
    return made
