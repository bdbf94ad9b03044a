"""A registry's domain object (RFC 9083) as hostile input: the public fields of `identify_domain_holder`. Pure.

What is not published stays empty and, where the registry says so, is listed as withheld; nothing is
cut or guessed. A value that our field cannot hold is left out and listed as unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lachan.adapters.foreign.json_text import read_object, shaped
from lachan.adapters.rdap import jcard
from lachan.adapters.rdap.errors import RdapOther
from lachan.adapters.rdap.redactions import ALL, Redaction, is_placeholder, withheld
from lachan.exchange.kinds import from_json
from lachan.exchange.messages.identify_domain_holder import Reply
from lachan.kernel.time import to_wire
from lachan.kernel.web import Domain, DomainUnreadable

FORM = "RDAP"
MAX_BYTES = 2**20
MAX_LINE = 200  # signs of a Line of ours
_MAX_DEEP = 4  # registrant → registrar → abuse contact; no registry nests deeper
_MSISDN = re.compile(r"\+[1-9][0-9]{6,14}\Z", re.ASCII)
_NAME = Annotated[str, Meta(max_length=255)]


class _Event(msgspec.Struct):
    eventAction: Annotated[str, Meta(max_length=255)]
    eventDate: Annotated[str, Meta(max_length=64)] = ""


class _NameServer(msgspec.Struct):
    ldhName: _NAME = ""
    unicodeName: _NAME = ""


class _Entity(msgspec.Struct):
    roles: list[str] = msgspec.field(default_factory=list)
    vcardArray: list[Any] = msgspec.field(default_factory=list)
    handle: Annotated[str, Meta(max_length=255)] = ""
    entities: list[_Entity] = msgspec.field(default_factory=list)


class _Object(msgspec.Struct):
    objectClassName: str = ""
    ldhName: _NAME = ""
    unicodeName: _NAME = ""
    errorCode: int | None = None
    title: Annotated[str, Meta(max_length=1000)] = ""
    status: list[str] = msgspec.field(default_factory=list)
    events: list[_Event] = msgspec.field(default_factory=list)
    nameservers: list[_NameServer] = msgspec.field(default_factory=list)
    entities: list[_Entity] = msgspec.field(default_factory=list)
    redacted: list[Redaction] = msgspec.field(default_factory=list)


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What a registry publishes about a domain; "" is not published. Times are wire times."""

    domain: str
    registrar: str = ""
    registered: str = ""
    expires: str = ""
    changed: str = ""
    name_servers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    holder: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    withheld: tuple[str, ...] = ()  # fields of ours that the registry says it withholds
    unread: tuple[str, ...] = ()  # fields whose value ours cannot hold


def read(data: bytes, *, asked: Domain) -> Published:
    """Raises: ForeignTooLarge, ForeignUnreadable, ForeignMismatch, RdapOther for another object or name."""
    found = shaped(_Object, read_object(data, form=FORM, limit=MAX_BYTES), form=FORM)
    name = found.ldhName or found.unicodeName
    if found.objectClassName != "domain" or found.errorCode is not None or not _same(name, asked):
        given = name or found.title or found.objectClassName
        raise RdapOther(field="ldhName", given=_plain(given), right=asked.name)
    entities = tuple(_flat(found.entities))
    card = _first(entities, "registrant")
    said = withheld(found.redacted)
    holder = {
        "holder": jcard.text(card, "org") or jcard.text(card, "fn"),
        "email": jcard.text(card, "email"),
        "phone": jcard.phone(card),
        "address": jcard.address(card),
    }
    hidden = said | {field for field in ALL if holder[field] and is_placeholder(holder[field])}
    shown = {field: "" if field in hidden else holder[field] for field in ALL}
    if shown["phone"]:
        shown["phone"] = re.sub(r"[^0-9+]", "", shown["phone"].partition(";")[0])
    values = shown | {"registrar": _registrar(entities)} | _dates(found.events)
    unread = {field for field, value in values.items() if not _fits(field, value)}
    servers = [_server(one) for one in found.nameservers]
    if "" in servers:
        unread.add("name_servers")
    return Published(
        domain=asked.name,
        name_servers=tuple(dict.fromkeys(one for one in servers if one)),
        statuses=tuple(_plain(one) for one in found.status[:50]),
        withheld=tuple(sorted(hidden)),
        unread=tuple(sorted(unread)),
        **{field: value for field, value in values.items() if field not in unread},
    )


def reply_of(published: Published, *, as_of: str) -> Reply:
    """The public fields as the answer of `identify_domain_holder` has them."""
    fields = {
        name: getattr(published, name)
        for name in ("holder", "email", "phone", "address", "registrar", "registered", "expires")
        if getattr(published, name)
    }
    servers = {"name_servers": list(published.name_servers)} if published.name_servers else {}
    return from_json(Reply, {"as_of": as_of, "found": True} | fields | servers)


def _same(name: str, asked: Domain) -> bool:
    try:
        return Domain.parse(name) == asked
    except DomainUnreadable:
        return False


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else "·" for sign in text[:MAX_LINE])


def _flat(entities: Iterable[_Entity], deep: int = 1) -> Iterable[_Entity]:
    """An entity before those inside it; a registrar may stand inside the registrant."""
    for one in entities:
        yield one
        if deep < _MAX_DEEP:
            yield from _flat(one.entities, deep + 1)


def _first(entities: Iterable[_Entity], role: str) -> list[Any]:
    return next((one.vcardArray for one in entities if role in one.roles and one.vcardArray), [])


def _registrar(entities: Iterable[_Entity]) -> str:
    card = _first(entities, "registrar")
    return jcard.text(card, "org") or jcard.text(card, "fn")


def _dates(events: Iterable[_Event]) -> dict[str, str]:
    """The first event of each kind; a date that is not one is `-`, which fits no field."""
    wanted = {"registration": "registered", "expiration": "expires", "last changed": "changed"}
    found: dict[str, str] = {}
    for event in events:
        field = wanted.get(event.eventAction.lower())
        if field and event.eventDate and field not in found:
            found[field] = _instant(event.eventDate)
    return found


def _instant(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
        return to_wire(at.astimezone(UTC)) if at.tzinfo else "-"
    except (ValueError, OverflowError):
        return "-"


def _fits(field: str, value: str) -> bool:
    if not value:
        return True
    if field == "phone":
        return bool(_MSISDN.match(value))
    return value != "-" and len(value) <= MAX_LINE and value.isprintable()


def _server(one: _NameServer) -> str:
    name = (one.ldhName or one.unicodeName).lower().removesuffix(".")
    return name if re.fullmatch(r"[^\s/:@]+\.[^\s/:@]+", name) and name.isprintable() else ""
