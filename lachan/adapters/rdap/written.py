"""Our answer about a domain as an RDAP domain object (RFC 9083) with an extension for the signed extra. Pure.

The extension is `lachan_signed` (RFC 7480 §6: a prefix of its own, declared in `rdapConformance`). It
carries what RDAP has no field for, and the hash of the signed answer, which alone is evidence.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lachan.adapters.foreign.errors import mismatch
from lachan.adapters.foreign.json_text import read_object, shaped
from lachan.adapters.rdap import jcard
from lachan.adapters.rdap.published import FORM, MAX_BYTES, read
from lachan.exchange.fields import HexHash
from lachan.exchange.kinds import Coverage, to_json
from lachan.exchange.messages.identify_domain_holder import Reply
from lachan.kernel.web import Domain

EXTENSION = "lachan_signed"
MEDIA_TYPE = "application/rdap+json"
_EVENTS = {"registered": "registration", "expires": "expiration"}


class Extra(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What RDAP cannot hold, beside the hash of the signed answer's manifest."""

    answer: HexHash
    as_of: str
    id_no: Annotated[str, Meta(max_length=200)] | None = None
    payment: Annotated[str, Meta(max_length=200)] | None = None
    coverage: Coverage | None = None


class _Signed(msgspec.Struct):
    lachan_signed: Extra


def write(reply: Reply, *, domain: Domain, h: str) -> bytes:
    """`application/rdap+json`. h: hash of the signed answer. Not found is the error object of RFC 9083 §6."""
    extra = Extra(
        answer=h,
        as_of=reply.as_of,
        id_no=reply.id_no,
        payment=reply.payment,
        coverage=reply.coverage,
    )
    body: dict[str, Any] = {
        "rdapConformance": ["rdap_level_0", EXTENSION],
        EXTENSION: to_json(extra),
    }
    if reply.found:
        body |= _object(reply, domain)
    else:
        body |= {"errorCode": 404, "title": "Not Found", "description": [domain.name]}
    return json.dumps(body, ensure_ascii=False, sort_keys=True).encode()


def read_back(data: bytes, *, domain: Domain) -> tuple[Reply, str]:
    """(answer, hash of the signed answer) of what `write` made; the hash is a claim until it is compared.

    Raises: as `published.read`; ForeignMismatch for an object without our extension.
    """
    value = read_object(data, form=FORM, limit=MAX_BYTES)
    extra = shaped(_Signed, value, form=FORM).lachan_signed
    fields: dict[str, Any] = {"as_of": extra.as_of, "found": value.get("errorCode") != 404}  # noqa: PLR2004 - HTTP
    for name in ("id_no", "payment", "coverage"):
        if getattr(extra, name) is not None:
            fields[name] = msgspec.to_builtins(getattr(extra, name))
    if fields["found"]:
        found = read(data, asked=domain)
        if found.unread:
            raise mismatch(FORM, ", ".join(found.unread), "", "a value that our answer can hold")
        for name in ("holder", "email", "phone", "address", "registrar", "registered", "expires"):
            if getattr(found, name):
                fields[name] = getattr(found, name)
        fields["name_servers"] = list(found.name_servers)
    return shaped(Reply, fields, form=FORM), extra.answer


def _object(reply: Reply, domain: Domain) -> dict[str, Any]:
    body: dict[str, Any] = {"objectClassName": "domain", "ldhName": domain.name}
    if domain.shown != domain.name:
        body["unicodeName"] = domain.shown
    events = [
        {"eventAction": action, "eventDate": getattr(reply, field)}
        for field, action in _EVENTS.items()
        if getattr(reply, field)
    ]
    if events:
        body["events"] = events
    if reply.name_servers:
        body["nameservers"] = [
            {"objectClassName": "nameserver", "ldhName" if one.isascii() else "unicodeName": one}
            for one in reply.name_servers
        ]
    entities = []
    if reply.holder or reply.email or reply.phone or reply.address:
        entities.append(
            _entity(
                "registrant",
                jcard.card(
                    name=reply.holder or "",
                    email=reply.email or "",
                    telephone=reply.phone or "",
                    label=reply.address or "",
                ),
            )
        )
    if reply.registrar:
        entities.append(_entity("registrar", jcard.card(name=reply.registrar)))
    if entities:
        body["entities"] = entities
    return body


def _entity(role: str, card: jcard.Card) -> dict[str, Any]:
    return {"objectClassName": "entity", "roles": [role], "vcardArray": card}
