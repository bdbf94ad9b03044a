"""The log's calls of the exchange port: its head, its proofs, members' pings, and what witnesses sign.

`CALLS` maps (method, path below /exchange/v1/) to its function; all take (caller, query, body, now) and answer
(status, JSON body). A head says nothing about anybody, so every caller may see it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from lachan.access.steps import step
from lachan.api.exchange_calls import Answer, Caller, number
from lachan.evidence import pings, proofs, witnessing
from lachan.exchange.errors import Malformed
from lachan.exchange.signer_errors import CallSignature
from lachan.kernel.events import Event


def sth(caller: Caller, _query: Mapping[str, str], _body: bytes, now: datetime) -> Answer:
    """The newest signed head; a witness gets the one that witnesses are to meet on."""
    return _shown(witnessing.offered(now) if caller.is_witness else witnessing.newest())


def consistency(_caller: Caller, query: Mapping[str, str], _body: bytes, _now: datetime) -> Answer:
    """The proof that the tree of `first` entries is the beginning of that of `second` (RFC 9162 §2.1.4)."""
    first, second = number(query, "first", 0), number(query, "second", 0)
    path = [step.hex() for step in proofs.consistency(first, second)]
    return 200, {"first": first, "second": second, "path": path}


def witness(caller: Caller, _query: Mapping[str, str], body: bytes, _now: datetime) -> Answer:
    """A configured witness's signature over a head. Raises: CallSignature for anybody else, SignatureInvalid."""
    if not caller.is_witness:
        raise CallSignature.because("not a witness's key")
    return _shown(witnessing.take(_text(body, "jws"), by=caller.name))


def ping(caller: Caller, _query: Mapping[str, str], body: bytes, now: datetime) -> Answer:
    """A member's ping {nonce}, signed as every call: an entry of the log and its receipt. Raises: CallSignature, Malformed."""
    if caller.is_witness:
        raise CallSignature.because("a witness's key")
    nonce = _text(body, "nonce")
    if pings.NONCE.fullmatch(nonce) is None:
        raise Malformed(why="nonce: 22 to 64 of A-Z a-z 0-9 _ -", field="nonce")
    return 200, {"receipt": _logged(caller.name, nonce, now)}


@step
def _logged(member: str, nonce: str, now: datetime) -> tuple[str, tuple[Event, ...]]:
    return pings.ping(member, nonce, now), ()


def inclusion(_caller: Caller, query: Mapping[str, str], _body: bytes, _now: datetime) -> Answer:
    """The proof that the entry which a receipt promised (`h`, `leaf`) is in the tree; `index` null until a head holds it."""
    found = pings.included(query.get("h", "")[:64], query.get("leaf", "")[:64])
    if found is None:
        return 200, {"index": None}
    path = [one.hex() for one in found.path]
    return 200, {"index": found.index, "size": found.size, "path": path, "sth": found.sth}


def _shown(offer: witnessing.Offer) -> Answer:
    return 200, {
        "sth": offer.head.jws,
        "witnesses": list(offer.signed),
        "asked": offer.asked,
        "final": offer.final,
    }


def _text(body: bytes, name: str) -> str:
    try:
        value: Any = json.loads(body)[name]
    except (ValueError, KeyError, TypeError, RecursionError) as cause:
        raise Malformed(why=f"{{{name}}}") from cause
    if not isinstance(value, str):
        raise Malformed(why=f"{name} is a text", field=name)
    return value


CALLS: Mapping[tuple[str, str], Callable[[Caller, Mapping[str, str], bytes, datetime], Answer]] = {
    ("GET", "log/sth"): sth,
    ("GET", "log/consistency"): consistency,
    ("POST", "log/witness"): witness,
    ("POST", "log/ping"): ping,
    ("GET", "log/inclusion"): inclusion,
}
