"""The log's calls of the exchange port: its head, proofs of consistency, and what witnesses sign.

`CALLS` maps (method, path below /exchange/v1/) to its function; all take (caller, query, body, now) and answer
(status, JSON body). A head says nothing about anybody, so every caller may see it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from lachan.api.exchange_calls import Answer, Caller, number
from lachan.evidence import proofs, witnessing
from lachan.exchange.errors import Malformed
from lachan.exchange.signer_errors import CallSignature


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
    return _shown(witnessing.take(_jws(body), by=caller.name))


def _shown(offer: witnessing.Offer) -> Answer:
    return 200, {
        "sth": offer.head.jws,
        "witnesses": list(offer.signed),
        "asked": offer.asked,
        "final": offer.final,
    }


def _jws(body: bytes) -> str:
    try:
        jws: Any = json.loads(body)["jws"]
    except (ValueError, KeyError, TypeError, RecursionError) as cause:
        raise Malformed(why="{jws}") from cause
    if not isinstance(jws, str):
        raise Malformed(why="jws is a text", field="jws")
    return jws


CALLS: Mapping[tuple[str, str], Callable[[Caller, Mapping[str, str], bytes, datetime], Answer]] = {
    ("GET", "log/sth"): sth,
    ("GET", "log/consistency"): consistency,
    ("POST", "log/witness"): witness,
}
