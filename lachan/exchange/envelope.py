"""The envelope: a canonical manifest, officers' approvals, the member's seal, encrypted parts.

The manifest says who asks whom what by which right, and commits to the parts without showing them;
H, its SHA-256, is the message's name everywhere. Officers approve the exact manifest bytes; the
member's seal over H, all approvals and the time comes last. A part is encrypted to the receiver and
to the sender's own agency; it may be absent later (redaction), it may never be altered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from lachan.exchange import approvals as signed
from lachan.exchange import crypto, encryption
from lachan.exchange.approvals import APPROVAL, SEAL, Act, Approval, JwsApproval, Seal
from lachan.exchange.crypto import Jwk, Jws, PrivateKey
from lachan.exchange.errors import Malformed, TooLarge
from lachan.exchange.kinds import MessageType, Priority, kind
from lachan.exchange.manifest import (
    LONGEST,
    LONGEST_ELSE,
    PROTOCOL,
    MandateRef,
    Manifest,
    Outcome,
    SignerNeed,
)
from lachan.exchange.parts import PlainPart
from lachan.exchange.strict_json import ensure_shallow
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.kernel.ids import uuid7
from lachan.kernel.time import to_wire

MAX_INLINE = 262_144
MAX_ENVELOPE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Draft:
    """A message before its seal: it waits here for signatures. Any edit is a new draft."""

    manifest_bytes: bytes
    parts: Mapping[str, bytes] = field(repr=False)  # name → ciphertext

    @cached_property
    def manifest(self) -> Manifest:
        return Manifest.parse(self.manifest_bytes)

    @cached_property
    def h(self) -> str:
        return message_hash(self.manifest_bytes)

    def to_bytes(self) -> bytes:
        """For a store that keeps a half-signed order."""
        parts = {name: crypto.b64encode(data) for name, data in self.parts.items()}
        return canonical({"manifest": crypto.b64encode(self.manifest_bytes), "parts": parts})

    @classmethod
    def from_bytes(cls, data: bytes) -> Draft:
        read = parse_canonical(data)
        parts = {name: crypto.b64decode(text) for name, text in read["parts"].items()}
        return cls(crypto.b64decode(read["manifest"]), parts)


@dataclass(frozen=True)
class Envelope:
    """A sealed message as it travels."""

    manifest_bytes: bytes
    approvals: tuple[Approval, ...]
    seal: Seal
    parts: Mapping[str, bytes] = field(repr=False)  # inline ciphertexts by name
    blobs: Mapping[str, str] = field(default_factory=dict)  # name → SHA-256 of the ciphertext

    @cached_property
    def manifest(self) -> Manifest:
        return Manifest.parse(self.manifest_bytes)

    @cached_property
    def h(self) -> str:
        return message_hash(self.manifest_bytes)

    @property
    def sent_at(self) -> datetime:
        return self.seal.sent_at

    def to_bytes(self) -> bytes:
        """Canonical JSON of the wire form."""
        parts: list[dict[str, str]] = [
            {"name": name, "inline": crypto.b64encode(data)}
            for name, data in sorted(self.parts.items())
        ]
        parts += [{"name": name, "blob": sha} for name, sha in sorted(self.blobs.items())]
        return canonical(
            {
                "manifest": crypto.b64encode(self.manifest_bytes),
                "approvals": [one.to_json() for one in self.approvals],
                "seal": {
                    "payload": crypto.b64encode(self.seal.payload),
                    "protected": self.seal.jws.protected,
                    "signature": self.seal.jws.signature,
                },
                "parts": parts,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Envelope:
        """Read the wire form; signatures are checked elsewhere (verify.py).

        Raises: TooLarge, Malformed, NotCanonical, SchemaMismatch.
        """
        if len(data) > MAX_ENVELOPE:
            raise TooLarge(what="envelope", size=len(data), right=MAX_ENVELOPE)
        ensure_shallow(data)
        read = parse_canonical(data)
        if not isinstance(read, dict) or set(read) != {"manifest", "approvals", "seal", "parts"}:
            raise Malformed(why="an envelope has manifest, approvals, seal and parts")
        seal, approvals = read["seal"], read["approvals"]
        if not isinstance(approvals, list) or len(approvals) > 8:  # noqa: PLR2004 - as `required`
            raise Malformed(why="approvals")
        if not isinstance(seal, dict) or set(seal) != {"payload", "protected", "signature"}:
            raise Malformed(why="a seal is a flattened JWS")
        if not all(isinstance(value, str) for value in (*seal.values(), read["manifest"])):
            raise Malformed(why="text expected")
        inline, blobs = _read_parts(read["parts"])
        envelope = cls(
            manifest_bytes=crypto.b64decode(read["manifest"]),
            approvals=tuple(signed.read_approval(one) for one in approvals),
            seal=Seal(crypto.b64decode(seal["payload"]), Jws(seal["protected"], seal["signature"])),
            parts=inline,
            blobs=blobs,
        )
        if not {*inline, *blobs} <= {part.name for part in envelope.manifest.parts}:
            raise Malformed(why="a part that the manifest does not name")
        return envelope


def _read_parts(parts: object) -> tuple[dict[str, bytes], dict[str, str]]:
    inline: dict[str, bytes] = {}
    blobs: dict[str, str] = {}
    for one in parts if isinstance(parts, list) else [None]:
        if not isinstance(one, dict) or not all(isinstance(v, str) for v in one.values()):
            raise Malformed(why="a part is a name with inline or blob")
        if one.get("name") in {*inline, *blobs}:
            raise Malformed(why="two parts of one name")
        if set(one) == {"name", "inline"}:
            inline[one["name"]] = crypto.b64decode(one["inline"])
        elif set(one) == {"name", "blob"}:
            blobs[one["name"]] = one["blob"]
        else:
            raise Malformed(why="a part is a name with inline or blob")
    return inline, blobs


def message_hash(manifest: bytes) -> str:
    """H: SHA-256 of the manifest bytes, 64 hex digits."""
    return hashlib.sha256(manifest).hexdigest()


def draft(
    *,
    type: MessageType | str,  # noqa: A002 - the wire's own name
    kind_name: str,
    sender: str,
    receiver: str,
    created_at: datetime,
    purpose: str,
    directory_version: int,
    encrypt_to: Sequence[PrivateKey | Jwk],
    parts: Sequence[PlainPart] = (),
    priority: Priority | str | None = None,
    expires_at: datetime | None = None,
    id: str | None = None,  # noqa: A002 - the wire's own name
    conversation: str | None = None,
    seq: int = 1,
    prev: str | None = None,
    in_reply_to: str | None = None,
    mandates: Sequence[MandateRef] = (),
    required: Sequence[SignerNeed] = (),
    outcome: Outcome | None = None,
    batch: str | None = None,
    supersedes: str | None = None,
    sheet_hash: str | None = None,
    test: bool = False,
    emergency: bool = False,
) -> Draft:
    """Write the manifest and encrypt the parts to every key in `encrypt_to` (receiver, own agency).

    An ask without `expires_at` gets the longest that its priority allows.
    Raises: SchemaMismatch, TooLarge, NotCanonical.
    """
    declared = kind(kind_name)
    urgency = Priority(priority) if priority is not None else declared.priority
    if expires_at is None and type == MessageType.ASK:
        expires_at = created_at + LONGEST.get(urgency, LONGEST_ELSE)
    manifest = Manifest(
        v=PROTOCOL,
        id=id or str(uuid7(created_at)),
        conversation=conversation or str(uuid7(created_at)),
        seq=seq,
        prev=prev,
        type=MessageType(type),
        kind=kind_name,
        kind_version=declared.version,
        sender=sender,
        receiver=receiver,
        created_at=to_wire(created_at),
        expires_at=None if expires_at is None else to_wire(expires_at),
        in_reply_to=in_reply_to,
        purpose=purpose,
        mandates=tuple(mandates),
        priority=urgency,
        test=test,
        emergency=emergency,
        due_rule=declared.due_rule(urgency),
        parts=tuple(part.entry() for part in parts),
        required=tuple(required),
        directory_version=directory_version,
        outcome=outcome,
        batch=batch,
        supersedes=supersedes,
        sheet_hash=sheet_hash,
    )
    data = manifest.to_bytes()
    Manifest.parse(data)  # what we write, everybody can read
    sealed = {
        part.name: encryption.encrypt(part.salt + part.plaintext, encrypt_to) for part in parts
    }
    return Draft(data, sealed)


def approve(
    message: Draft | bytes,
    key: PrivateKey,
    *,
    officer: str,
    role: str,
    unit: str,
    act: Act | str,
    at: datetime,
) -> JwsApproval:
    """An officer's approval of the exact manifest bytes."""
    data = message.manifest_bytes if isinstance(message, Draft) else message
    header = {
        "officer": officer,
        "role": str(role),
        "unit": unit,
        "act": str(Act(act)),
        "at": to_wire(at),
    }
    return JwsApproval(crypto.sign(data, key, typ=APPROVAL, header=header))


def seal(
    message: Draft, approvals: Sequence[Approval], member_key: PrivateKey, sent_at: datetime
) -> Envelope:
    """Close the envelope. A ciphertext above the inline limit travels as a blob beside it."""
    large = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in message.parts.items()
        if len(data) > MAX_INLINE
    }
    return Envelope(
        manifest_bytes=message.manifest_bytes,
        approvals=tuple(approvals),
        seal=_seal(message.h, approvals, member_key, sent_at),
        parts={name: data for name, data in message.parts.items() if name not in large},
        blobs=large,
    )


def reseal(envelope: Envelope, member_key: PrivateKey, sent_at: datetime) -> Envelope:
    """The same manifest, H and approvals under a new time: one message, sent again."""
    return Envelope(
        manifest_bytes=envelope.manifest_bytes,
        approvals=envelope.approvals,
        seal=_seal(envelope.h, envelope.approvals, member_key, sent_at),
        parts=envelope.parts,
        blobs=envelope.blobs,
    )


def _seal(h: str, approvals: Sequence[Approval], key: PrivateKey, sent_at: datetime) -> Seal:
    payload = canonical(
        {"h": h, "approvals": [one.digest for one in approvals], "sent_at": to_wire(sent_at)}
    )
    return Seal(payload, crypto.sign(payload, key, typ=SEAL))
