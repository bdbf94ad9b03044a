"""Other institutions sign the log's heads: who may, which head they are offered, what is kept (exchange.md §8).

`witnesses.json` in the data folder says who: {"witnesses": [{"name", "jwk"}]}, public Ed25519 keys. A witness that has
retired stays in the file, for what it signed is checked with its key.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from lachan.evidence import proofs, stamping
from lachan.evidence.errors import SignatureInvalid, WitnessesUnreadable
from lachan.evidence.heads import Head, told
from lachan.evidence.models import TreeHead, Witness
from lachan.evidence.signing import WITNESS, open_jws, payload_of, thumbprint, unb64
from lachan.kernel.time import from_wire

FILE = "witnesses.json"
MEETING = timedelta(minutes=10)  # so long a head is offered, that witnesses who poll apart sign one


@dataclass(frozen=True, slots=True)
class Known:
    """One configured witness."""

    name: str
    jwk: Mapping[str, str]
    key: Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Offer:
    """A head with the signatures over it so far; `final` when there are as many as are asked for."""

    head: proofs.Head
    signed: tuple[str, ...]
    asked: int

    @property
    def final(self) -> bool:
        return len(self.signed) >= self.asked


def asked() -> int:
    """How many witnesses make a head final; 0: every head is."""
    return int(settings.LACHAN_WITNESSES)


def known() -> Mapping[str, Known]:
    """The configured witnesses by their key's thumbprint. Raises: WitnessesUnreadable."""
    name = f"{settings.LACHAN_DATA}/{FILE}"
    try:
        status = os.stat(name)  # noqa: PTH116 - asked for with every call by an unknown key
    except FileNotFoundError:
        return {}
    return _read(name, status.st_mtime_ns)


def newest() -> Offer:
    """The log as it is now. Raises: NoSuchProof when no head was ever signed."""
    return _offer(proofs.head())


def offered(now: datetime) -> Offer:
    """The head that a witness is to sign.

    The last that one has signed, until it is final or ten minutes old; then the newest, a stamped one where stamps are made,
    so that a bundle can show one head with both. Raises: NoSuchProof when no head was ever signed.
    """
    last = TreeHead.objects.filter(witnesses__isnull=False).order_by("-id").first()
    if last is not None and now - last.at < MEETING:
        offer = _offer(proofs.head_of(last))
        if not offer.final:
            return offer
    stamped = TreeHead.objects.filter(stamps__isnull=False).order_by("-id").first()
    if stamping.configured() and stamped is not None and (last is None or stamped.pk > last.pk):
        return _offer(proofs.head_of(stamped))
    return newest()


def take(jws: str, *, by: str) -> Offer:
    """Keep a witness's signature over one of our heads, once; answers the head with all of its signatures.

    by: the name under which the call was signed. Raises: SignatureInvalid, also for a head that is not ours.
    """
    kid, payload = open_jws(jws, {kid: one.key for kid, one in known().items()}, typ=WITNESS)
    if known()[kid].name != by:
        raise SignatureInvalid(why="kid")
    head = told(payload)
    row = None if head is None else _ours(head, payload)
    if row is None:
        raise SignatureInvalid(why="no head of this log")
    if not Witness.objects.filter(head=row, witness=by).exists():
        Witness.objects.create(head=row, size=row.size, root=row.root, witness=by, jws=jws)
    return _offer(proofs.head_of(row))


def of_head(head: int) -> tuple[tuple[str, Known], ...]:
    """The signatures over a head (by its row's id) whose keys are known, one a witness, in the order of their coming."""
    keys = {kid: one.key for kid, one in known().items()}
    found: dict[str, tuple[str, Known]] = {}
    for jws in Witness.objects.filter(head_id=head).order_by("id").values_list("jws", flat=True):
        try:
            kid, _ = open_jws(jws, keys, typ=WITNESS)
        except SignatureInvalid:
            continue
        found.setdefault(known()[kid].name, (jws, known()[kid]))
    return tuple(found.values())


def _offer(head: proofs.Head) -> Offer:
    return Offer(head, tuple(jws for jws, _ in of_head(head.id)), asked())


def _ours(head: Head, payload: bytes) -> TreeHead | None:
    at = from_wire(head.at)  # the wire cuts below a millisecond
    rows = TreeHead.objects.filter(
        size=head.size, at__gte=at, at__lt=at + timedelta(milliseconds=1)
    )
    return next((row for row in rows if payload_of(row.jws) == payload), None)


@lru_cache(maxsize=2)
def _read(path: str, _changed: int) -> Mapping[str, Known]:
    try:
        rows: list[dict[str, Any]] = json.loads(Path(path).read_bytes())["witnesses"]
        found = [_known(row) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise WitnessesUnreadable(file=FILE) from cause
    return {thumbprint(one.key): one for one in found}


def _known(row: Mapping[str, Any]) -> Known:
    jwk = {name: str(row["jwk"][name]) for name in ("crv", "kty", "x")}
    if (jwk["kty"], jwk["crv"]) != ("OKP", "Ed25519"):
        raise ValueError(jwk["crv"])
    return Known(str(row["name"]), jwk, Ed25519PublicKey.from_public_bytes(unb64(jwk["x"])))
