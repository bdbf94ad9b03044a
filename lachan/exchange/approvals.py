"""Officers' approvals of the exact manifest bytes, and the member's seal over all of them. Pure (protocol §2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from lachan.exchange import crypto
from lachan.exchange.crypto import Jwk, Jws
from lachan.exchange.errors import Malformed
from lachan.exchange.signer_errors import SignatureBad, SignerForm
from lachan.kernel.canonical import parse_canonical
from lachan.kernel.time import from_wire

APPROVAL = "lachan-approval+jws"


SEAL = "lachan-seal+jws"


class Act(StrEnum):
    """In what sense an officer signed."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    TRANSCRIBED = "transcribed"
    STANDING = "standing"


@dataclass(frozen=True)
class Approval:
    """An officer's signature over the exact manifest bytes (form `jws`)."""

    jws: Jws

    @cached_property
    def header(self) -> Mapping[str, Any]:
        return self.jws.header

    @property
    def kid(self) -> str:
        return str(self.header.get("kid", ""))

    @property
    def officer(self) -> str:
        return str(self.header.get("officer", ""))

    @property
    def role(self) -> str:
        return str(self.header.get("role", ""))

    @property
    def unit(self) -> str:
        return str(self.header.get("unit", ""))

    @property
    def act(self) -> str:
        return str(self.header.get("act", ""))

    @property
    def at(self) -> str:
        return str(self.header.get("at", ""))

    @property
    def digest(self) -> str:
        """SHA-256 of the signature bytes, hex: what the seal lists."""
        return hashlib.sha256(self.jws.signature_bytes).hexdigest()

    def to_json(self) -> dict[str, str]:
        return {"protected": self.jws.protected, "signature": self.jws.signature}

    @classmethod
    def from_json(cls, data: object) -> Approval:
        """Raises: Malformed; SignerForm for forms that are not built yet."""
        if isinstance(data, dict) and "clientDataJSON" in data:
            raise SignerForm(form="webauthn", right="jws")
        if not isinstance(data, dict) or set(data) != {"protected", "signature"}:
            raise Malformed(why="an approval that is no detached JWS")
        if not all(isinstance(value, str) for value in data.values()):
            raise Malformed(why="an approval that is no detached JWS")
        one = cls(Jws(data["protected"], data["signature"]))
        if any(not isinstance(one.header.get(name), str) for name in _APPROVAL_FIELDS):
            raise Malformed(why="an approval whose header does not say who signed as what")
        if one.act not in _ACTS:
            raise Malformed(why="an approval with an unknown act")
        return one

    def check(self, manifest: bytes, jwk: Jwk) -> None:
        """Raises: SignatureBad."""
        crypto.verify(self.jws, manifest, jwk, typ=APPROVAL)


_ACTS = frozenset(Act)
_APPROVAL_FIELDS = ("kid", "officer", "role", "unit", "act", "at")


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
