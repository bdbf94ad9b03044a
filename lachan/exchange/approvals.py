"""Officers' approvals of the exact manifest bytes, and the member's seal over all of them. Pure (protocol §2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from lachan.exchange import crypto
from lachan.exchange.acts import Act, Signed
from lachan.exchange.assertions import AssertionApproval
from lachan.exchange.crypto import Jwk, Jws
from lachan.exchange.errors import Malformed
from lachan.exchange.signer_errors import SignatureBad
from lachan.kernel.canonical import parse_canonical
from lachan.kernel.time import from_wire
from lachan.members.directory_rows import RelyingParty

__all__ = [
    "APPROVAL",
    "SEAL",
    "Act",
    "Approval",
    "AssertionApproval",
    "JwsApproval",
    "Seal",
    "read_approval",
]
APPROVAL = "lachan-approval+jws"


SEAL = "lachan-seal+jws"


@dataclass(frozen=True)
class JwsApproval(Signed):
    """An officer's signature over the exact manifest bytes (forms `jws` and `pkcs11`)."""

    jws: Jws

    form = "jws"

    @cached_property
    def header(self) -> Mapping[str, Any]:
        return self.jws.header

    @property
    def digest(self) -> str:
        """SHA-256 of the signature bytes, hex: what the seal lists."""
        return hashlib.sha256(self.jws.signature_bytes).hexdigest()

    def to_json(self) -> dict[str, Any]:
        return {"protected": self.jws.protected, "signature": self.jws.signature}

    @classmethod
    def from_json(cls, data: object) -> JwsApproval:
        """Raises: Malformed."""
        if not isinstance(data, dict) or set(data) != {"protected", "signature"}:
            raise Malformed(why="an approval that is no detached JWS")
        if not all(isinstance(value, str) for value in data.values()):
            raise Malformed(why="an approval that is no detached JWS")
        one = cls(Jws(data["protected"], data["signature"]))
        one.ensure_says_who()
        return one

    def check(self, manifest: bytes, jwk: Jwk, party: RelyingParty | None = None) -> None:
        """Raises: SignatureBad; a security key (`party`) signs no JWS."""
        if party is not None:
            raise SignatureBad.because("a JWS by a security key")
        crypto.verify(self.jws, manifest, jwk, typ=APPROVAL)


Approval = JwsApproval | AssertionApproval


def read_approval(data: object) -> Approval:
    """An approval in either form, read strictly; its signature is checked elsewhere. Raises: Malformed."""
    if isinstance(data, dict) and "clientDataJSON" in data:
        return AssertionApproval.from_json(data)
    return JwsApproval.from_json(data)


@dataclass(frozen=True)
class Seal:
    """The member key's flattened JWS over H, the approvals and the time of sending."""

    payload: bytes
    jws: Jws

    @cached_property
    def read(self) -> dict[str, Any]:
        value = parse_canonical(self.payload)
        if not isinstance(value, dict) or set(value) != {"h", "approvals", "sent_at"}:
            raise Malformed(why="a seal over something else")
        return value

    @property
    def kid(self) -> str:
        return str(self.jws.header.get("kid", ""))

    @property
    def sent_at(self) -> datetime:
        return from_wire(str(self.read["sent_at"]))

    def check(self, jwk: Jwk, *, h: str, approvals: Sequence[Approval]) -> None:
        """Raises: SignatureBad when it does not cover exactly this message and these approvals."""
        crypto.verify(self.jws, self.payload, jwk, typ=SEAL)
        if self.read["h"] != h or self.read["approvals"] != [one.digest for one in approvals]:
            raise SignatureBad.because("the seal covers another message or other approvals")
