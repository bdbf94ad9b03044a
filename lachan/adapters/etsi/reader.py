"""An HI1 message with one task of ours, read as hostile input. Pure.

Our parameters are the question; the standard's own fields must say the same. Objects of the standard
that are no conversation of ours are refused by name.
"""

from __future__ import annotations

from typing import Any

from lachan.adapters.etsi.dictionary import NAME, OWNER, request_type, request_values
from lachan.adapters.etsi.errors import EtsiNotOurs, EtsiTwoTruths
from lachan.adapters.etsi.task import (
    COMMON,
    CORE,
    FORM,
    MAX_BYTES,
    OURS,
    TASK,
    XSI,
    Action,
    Task,
)
from lachan.adapters.etsi.writer import ETSI, FLAG_NAME, STATUS_NAME, reference, seconds
from lachan.adapters.foreign.errors import mismatch
from lachan.adapters.foreign.json_text import shaped
from lachan.adapters.foreign.xml_tree import Place, read_root
from lachan.exchange.kinds import Question, decode, kind

_SHORT, _LONG = 255, 65_535  # ShortString, LongString of TS 103 280
_NUMBER = 16  # digits of 2^53-1
_TIME = 27  # 2026-11-22T03:04:05.678000Z


def read(data: bytes) -> tuple[Task, Action]:
    """The task and what is done to it.

    Raises: ForeignError, EtsiNotOurs, EtsiTwoTruths; SchemaMismatch, NotCanonical for the question in it.
    """
    node = read_root(data, form=FORM, limit=MAX_BYTES)
    if node.tag != f"{{{CORE}}}HI1Message":
        raise EtsiNotOurs(given=str(node.tag)[:120], right=f"{{{CORE}}}HI1Message")
    root = Place(node, space=CORE, form=FORM)
    header, payload = root.one("Header"), root.one("Payload")
    action, found = _object(payload)
    national = found.one("NationalLDTaskingParameters", space=TASK)
    _ensure_type(national, OURS, "Tasking")
    name = national.needed("Kind", most=_SHORT, space=OURS)
    ask = decode(kind(name).ask, national.needed("Ask", most=MAX_BYTES, space=OURS).encode())
    flags = _flags(found)
    values = {
        "transaction": header.needed("TransactionIdentifier", most=36),
        "at": _milliseconds(header),
        "conversation": found.needed("ObjectIdentifier", most=36),
        "sender": _address(header, "SenderIdentifier"),
        "receiver": _address(header, "ReceiverIdentifier"),
        "kind": name,
        "status": _status(found, action),
        "test": "IsTest" in flags,
        "emergency": "IsEmergency" in flags,
    } | _ours(national)
    task = shaped(_Plain, values, form=FORM).task(ask)
    _ensure_one_truth(task, found)
    return task, action


class _Plain(Task, frozen=True, kw_only=True):
    """A task while its question, whose type depends on its kind, is read apart."""

    ask: Question = Question()

    def task(self, ask: Question) -> Task:
        values = {name: getattr(self, name) for name in self.__struct_fields__}
        return Task(**(values | {"ask": ask}))


def _object(payload: Place) -> tuple[Action, Place]:
    """The one action and its LDTaskObject."""
    request = payload.maybe("RequestPayload")
    requests = request.one("ActionRequests").every("ActionRequest") if request else []
    if len(requests) != 1:
        raise EtsiNotOurs(given=f"{len(requests)} ActionRequest", right="1 ActionRequest")
    for action in Action:
        place = requests[0].maybe(action.value)
        if place is not None:
            found = place.one("HI1Object")
            _ensure_type(found, TASK, "LDTaskObject")
            return action, found
    raise EtsiNotOurs(given="–", right=" | ".join(Action))


def _ensure_type(place: Place, space: str, name: str) -> None:
    """xsi:type, whatever prefix stands for its namespace. Raises: EtsiNotOurs."""
    given = place.node.get(f"{{{XSI}}}type") or ""
    prefix, _, local = given.rpartition(":")
    if place.node.nsmap.get(prefix or None) != space or local != name:
        raise EtsiNotOurs(field="xsi:type", given=given[:80] or "–", right=f"{{{space}}}{name}")


def _milliseconds(header: Place) -> str:
    """Microseconds in UTC, as a wire time. Raises: ForeignMismatch where that would lose something."""
    text = header.needed("Timestamp", most=_TIME)
    if len(text) != _TIME or not text.endswith("000Z"):
        raise mismatch(FORM, "Header/Timestamp", text, "2026-11-22T03:04:05.678000Z")
    return f"{text[:-4]}Z"


def _address(header: Place, name: str) -> str:
    endpoint = header.one(name)
    address = endpoint.needed("UniqueIdentifier", most=_LONG)
    country = endpoint.needed("CountryCode", most=2)
    if address[:2].upper() != country:
        raise EtsiTwoTruths(where=f"{name}/CountryCode", given=country, right=address[:2].upper())
    return address


def _status(found: Place, action: Action) -> str:
    entry = found.one("DesiredStatus" if action is Action.CREATE else "Status", space=TASK)
    owner, name, value = _entry(entry)
    if (owner, name) != (ETSI, STATUS_NAME):
        raise EtsiNotOurs(field=entry.path, given=f"{owner}/{name}"[:120], right=f"{ETSI}/{STATUS_NAME}")  # fmt: skip
    return value


def _flags(found: Place) -> set[str]:
    flags = found.maybe("Flags", space=TASK)
    entries = [_entry(one) for one in flags.every("LDTaskFlag")] if flags else []
    return {value for owner, name, value in entries if (owner, name) == (ETSI, FLAG_NAME)}


def _entry(place: Place) -> tuple[str, str, str]:
    """Owner, name, value of a dictionary entry."""
    return (
        place.needed("Owner", most=_SHORT, space=COMMON),
        place.needed("Name", most=_SHORT, space=COMMON),
        place.needed("Value", most=_SHORT, space=COMMON),
    )


def _ours(national: Place) -> dict[str, Any]:
    """The fields of lc_tasking.xsd but kind and question."""

    def text(place: Place, name: str) -> str | None:
        return place.text(name, most=_SHORT, space=OURS) or None

    def number(place: Place, name: str) -> int | None:
        given = text(place, name)
        if given is None:
            return None
        if not (given.isascii() and given.isdigit() and len(given) <= _NUMBER):
            raise mismatch(FORM, f"{place.path}/{name}", given, "0 … 2^53-1")
        return int(given)

    rows = [
        {
            "code": text(one, "Code"),
            "version": number(one, "Version"),
            "stage": text(one, "Stage"),
            "case_ref": text(one, "CaseRef") or "",
            "valid_until": text(one, "ValidUntil"),
            "subjects": number(one, "Subjects"),
            "document_part": text(one, "DocumentPart"),
            "cap_vnd": number(one, "CapVnd"),
            "lease_until": text(one, "LeaseUntil"),
        }
        for one in national.every("Mandate", space=OURS)
    ]
    return {
        "h": text(national, "ManifestHash"),
        "kind_version": number(national, "KindVersion"),
        "substate": text(national, "Substate"),
        "priority": text(national, "Priority"),
        "purpose": text(national, "Purpose"),
        "mandates": rows,
        "created_at": text(national, "CreatedAt"),
        "expires_at": text(national, "ExpiresAt"),
        "due_at": text(national, "DueAt"),
    }


def _ensure_one_truth(task: Task, found: Place) -> None:
    """The standard's fields say what our own say. Raises: EtsiTwoTruths."""
    details = found.one("RequestDetails", space=TASK)
    at = getattr(task.ask, "at", None)
    wanted = {
        "OwnerIdentifier": task.sender,
        "Reference": reference(task),
        "Type": f"{OWNER}/{NAME}/{request_type(task.kind, task.ask)}",
        "ObservedTime": "" if at is None else seconds(at),
        "RequestValues": "; ".join(
            f"{one.owner}/{one.format}/{one.value}" for one in request_values(task.kind, task.ask)
        ),
    }
    given = {
        "OwnerIdentifier": found.text("OwnerIdentifier", most=_SHORT),
        "Reference": found.text("Reference", most=_LONG, space=TASK),
        "Type": "/".join(_entry(details.one("Type"))),
        "ObservedTime": details.text("ObservedTime", most=_SHORT),
        "RequestValues": _values(details),
    }
    for name, right in wanted.items():
        if given[name] != right:
            raise EtsiTwoTruths(field=name, where=name, given=given[name][:200], right=right[:200])


def _values(details: Place) -> str:
    around = details.maybe("RequestValues")
    rows = []
    for one in around.every("RequestValue") if around else []:
        form = one.one("FormatType")
        owner, name = (form.needed(part, most=_SHORT) for part in ("FormatOwner", "FormatName"))
        rows.append(f"{owner}/{name}/{one.needed('Value', most=_LONG)}")
    return "; ".join(rows)
