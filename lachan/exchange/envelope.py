"""The envelope: a canonical manifest, officers' approvals, the member's seal, encrypted parts.

The manifest says who asks whom what by which right, and commits to the parts without showing them;
H, its SHA-256, is the message's name everywhere. Officers approve the exact manifest bytes; the
member's seal over H, all approvals and the time comes last. A part is encrypted to the receiver and
to the sender's own agency; it may be absent later (redaction), it may never be altered.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lachan.exchange import crypto
from lachan.exchange.crypto import Jwk, Jws, PrivateKey
from lachan.exchange.errors import (
    BlobMissing,
    DecryptFailed,
    Malformed,
    PartCommit,
    SchemaMismatch,
    SignatureBad,
    SignerForm,
    TooLarge,
)
from lachan.exchange.fields import AddressText, Dong, HexHash, UuidText, WireTime
from lachan.exchange.forms import highest_class
from lachan.exchange.kinds import Answer, MessageType, Priority, Question, encode, kind
from lachan.kernel.canonical import canonical, parse_canonical, read_struct
from lachan.kernel.ids import uuid7
from lachan.kernel.time import from_wire, to_wire

PROTOCOL = "lachan/1"
APPROVAL = "lachan-approval+jws"
SEAL = "lachan-seal+jws"
MAX_MANIFEST = 65_536
MAX_INLINE = 262_144
MAX_ENVELOPE = 4 * 1024 * 1024
MAX_ROWS = 2_000_000
LONGEST = {Priority.P0: timedelta(hours=24)}
LONGEST_ELSE = timedelta(days=7)
_SALT = 32

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._/-]{1,64}$")]


class _Wire(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """Optional members are absent, never null."""


class MandateRef(_Wire, frozen=True, kw_only=True):
    """One row of the catalogue under which a message stands, with what it claims of it."""

    code: Code
    version: Annotated[int, Meta(ge=1)]
    stage: Code
    case_ref: Annotated[str, Meta(max_length=64)]  # opaque
    valid_until: WireTime
    subjects: Annotated[int, Meta(ge=0)]
    document_part: Name | None = None
    cap_vnd: Dong | None = None
    lease_until: WireTime | None = None


class SignerNeed(_Wire, frozen=True, kw_only=True):
    """One approval that is required; `role` may name alternatives, `unit_head|agency_head`."""

    role: Annotated[str, Meta(pattern=r"^[a-z_]+(\|[a-z_]+)*$")]
    same_agency: bool = True
    distinct_unit_from: str | None = None  # "order": no unit that signed the order followed

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.role.split("|"))


class PartEntry(_Wire, frozen=True, kw_only=True, rename={"klass": "class"}):
    """What the manifest says of a part."""

    name: Name
    media_type: Annotated[str, Meta(max_length=100)]
    klass: Code
    size: Annotated[int, Meta(ge=0)]
    commit: HexHash
    form: Code
    rows: Annotated[int, Meta(ge=0)] | None = None


class Outcome(_Wire, frozen=True, kw_only=True):
    """How an answer ends; never a personal datum."""

    status: Code
    substate: Code
    reason: Code | None = None
    effect: Code | None = None
    verdict: Code | None = None
    try_address: AddressText | None = msgspec.field(default=None, name="try")


class Manifest(_Wire, frozen=True, kw_only=True):
    """All fields of protocol §2."""

    v: str
    id: UuidText
    conversation: UuidText
    seq: Annotated[int, Meta(ge=1)]
    prev: HexHash | None
    type: MessageType
    kind: Name
    kind_version: Annotated[int, Meta(ge=1)]
    sender: AddressText
    receiver: AddressText
    created_at: WireTime
    expires_at: WireTime | None
    in_reply_to: HexHash | None
    purpose: Code
    mandates: Annotated[tuple[MandateRef, ...], Meta(max_length=3)]
    priority: Priority
    test: bool
    emergency: bool
    due_rule: Code
    parts: Annotated[tuple[PartEntry, ...], Meta(max_length=32)]
    required: Annotated[tuple[SignerNeed, ...], Meta(max_length=8)]
    directory_version: Annotated[int, Meta(ge=1)]
    outcome: Outcome | None = None
    batch: UuidText | None = None
    supersedes: HexHash | None = None
    sheet_hash: HexHash | None = None

    def to_bytes(self) -> bytes:
        """Canonical. Raises: TooLarge, NotCanonical."""
        data = canonical(msgspec.to_builtins(self))
        if len(data) > MAX_MANIFEST:
            raise TooLarge(what="manifest", size=len(data), right=MAX_MANIFEST)
        return data

    @classmethod
    def parse(cls, data: bytes) -> Manifest:
        """Read canonical bytes. Raises: TooLarge, NotCanonical, Malformed, SchemaMismatch."""
        if len(data) > MAX_MANIFEST:
            raise TooLarge(what="manifest", size=len(data), right=MAX_MANIFEST)
        read = read_struct(data, cls) or cls._parse_and_say(data)
        read.check()
        return read

    @classmethod
    def _parse_and_say(cls, data: bytes) -> Manifest:
        crypto.read_json(data, limit=MAX_MANIFEST)  # depth, before anything recursive reads it
        try:
            read = msgspec.convert(parse_canonical(data), cls)
        except msgspec.ValidationError as cause:
            raise SchemaMismatch(why=str(cause)) from cause
        if read.to_bytes() != data:
            raise SchemaMismatch(why="an optional member spelt as null")
        return read

    @property
    def created(self) -> datetime:
        return from_wire(self.created_at)

    @property
    def expires(self) -> datetime | None:
        return None if self.expires_at is None else from_wire(self.expires_at)

    def part(self, name: str) -> PartEntry | None:
        return next((part for part in self.parts if part.name == name), None)

    def check(self) -> None:  # noqa: C901 - one rule a line
        """What the types cannot say. Raises: SchemaMismatch."""

        def wrong(field_name: str, why: str) -> SchemaMismatch:
            return SchemaMismatch(why=f"{why} - at `$.{field_name}`", field=field_name)

        if self.v != PROTOCOL:
            raise wrong("v", f"protocol {self.v}, not {PROTOCOL}")
        if (self.prev is None) != (self.seq == 1):
            raise wrong("prev", "null at seq 1 and only there")
        if self.in_reply_to is None and self.type not in {MessageType.ASK, MessageType.NOTICE}:
            raise wrong("in_reply_to", f"a reply of type {self.type} must name its message")
        if self.type is MessageType.ASK:
            self._check_ask()
        if self.id[14] != "7" or self.conversation[14] != "7":
            raise wrong("id", "ids are UUIDv7")
        if len({part.name for part in self.parts}) != len(self.parts):
            raise wrong("parts", "two parts of one name")
        if any(
            part.form not in {"bytes", "rows"} or (part.form == "rows") != (part.rows is not None)
            for part in self.parts
        ):
            raise wrong("parts", "form is `bytes`, or `rows` with their number")
        needs_outcome = {MessageType.ANSWER, MessageType.PARTIAL, MessageType.REFUSE}
        if (self.type in needs_outcome) and self.outcome is None:
            raise wrong("outcome", "an answer says how it ends")
        for wire in (self.created_at, self.expires_at):
            if wire is not None:
                from_wire(wire)  # the pattern lets the 31st of February through

    def _check_ask(self) -> None:
        expires = self.expires
        if expires is None:
            raise SchemaMismatch(why="an ask expires - at `$.expires_at`", field="expires_at")
        longest = LONGEST.get(self.priority, LONGEST_ELSE)
        if not self.created < expires <= self.created + longest:
            raise SchemaMismatch(
                why=f"within {longest} of created_at - at `$.expires_at`", field="expires_at"
            )
        if kind(self.kind).sheet and self.sheet_hash is None:
            raise SchemaMismatch(why="the sheet on which it stood", field="sheet_hash")


class Act(StrEnum):
    """In what sense an officer signed."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    TRANSCRIBED = "transcribed"
    STANDING = "standing"


# --- parts ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PlainPart:
    """A part before encryption: bytes, or rows (JSON objects, one a line)."""

    name: str
    body: bytes = b""
    rows: tuple[Mapping[str, Any], ...] | None = None
    media_type: str = "application/json"
    klass: str = "S"
    salt: bytes = field(default_factory=lambda: os.urandom(_SALT), repr=False)

    @property
    def plaintext(self) -> bytes:
        if self.rows is None:
            return self.body
        return b"".join(canonical(dict(row)) + b"\n" for row in self.rows)

    def entry(self) -> PartEntry:
        plain = self.plaintext
        form = "bytes" if self.rows is None else "rows"
        return PartEntry(
            name=self.name,
            media_type=self.media_type,
            klass=self.klass,
            size=len(plain),
            commit=commitment(plain, self.salt, form),
            form=form,
            rows=None if self.rows is None else len(self.rows),
        )


def body_part(value: Question | Answer) -> PlainPart:
    """The question or answer of a kind as its part, `ask` or `answer`, in the highest class of its fields."""
    name = "ask" if isinstance(value, Question) else "answer"
    return PlainPart(name=name, body=encode(value), klass=highest_class(type(value)).value)


def commitment(plain: bytes, salt: bytes, form: str) -> str:
    """SHA-256(0x02 ‖ salt ‖ plaintext), or the Merkle root over salted rows; hex."""
    if form == "rows":
        lines = split_rows(plain)
        return merkle_root([row_leaf(line, salt, i) for i, line in enumerate(lines)]).hex()
    return hashlib.sha256(b"\x02" + salt + plain).hexdigest()


def split_rows(plain: bytes) -> list[bytes]:
    """The canonical rows of a part of form `rows`: one a line, each line ended."""
    return plain.split(b"\n")[:-1]


def row_leaf(row: bytes, salt: bytes, index: int) -> bytes:
    """SHA-256(0x00 ‖ salt_i ‖ canonical row), salt_i = HMAC-SHA-256(part salt, "row" ‖ uint64be(i))."""
    return hashlib.sha256(b"\x00" + row_salt(salt, index) + row).digest()


def row_salt(salt: bytes, index: int) -> bytes:
    """What is shown beside a single row, so that the other rows stay hidden."""
    return hmac.new(salt, b"row" + index.to_bytes(8, "big"), hashlib.sha256).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 root over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = merkle_root(leaves[:split]), merkle_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def merkle_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Audit path of a leaf, nearest sibling first (RFC 9162 §2.1.3.1)."""
    if len(leaves) <= 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*merkle_path(leaves[:split], index), merkle_root(leaves[split:])]
    return [*merkle_path(leaves[split:], index - split), merkle_root(leaves[:split])]


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its path give, or nothing when the path has the wrong length."""
    rest = list(path)

    def climb(low: int, high: int) -> bytes | None:
        if high - low <= 1:
            return leaf
        split = low + (1 << (high - low - 1).bit_length() - 1)
        if not rest:
            return None
        sibling = rest.pop()
        inner = climb(low, split) if index < split else climb(split, high)
        if inner is None:
            return None
        pair = inner + sibling if index < split else sibling + inner
        return hashlib.sha256(b"\x01" + pair).digest()

    root = climb(0, size) if 0 <= index < size else None
    return None if rest else root


# --- the message ----------------------------------------------------------------------------


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
        if one.act not in set(Act):
            raise Malformed(why="an approval with an unknown act")
        return one

    def check(self, manifest: bytes, jwk: Jwk) -> None:
        """Raises: SignatureBad."""
        crypto.verify(self.jws, manifest, jwk, typ=APPROVAL)


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

        Raises: TooLarge, Malformed, NotCanonical, SchemaMismatch, SignerForm.
        """
        if len(data) > MAX_ENVELOPE:
            raise TooLarge(what="envelope", size=len(data), right=MAX_ENVELOPE)
        crypto.ensure_shallow(data)
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
            approvals=tuple(Approval.from_json(one) for one in approvals),
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
    sealed = {part.name: crypto.encrypt(part.salt + part.plaintext, encrypt_to) for part in parts}
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
) -> Approval:
    """An officer's approval of the exact manifest bytes."""
    data = message.manifest_bytes if isinstance(message, Draft) else message
    header = {
        "officer": officer,
        "role": str(role),
        "unit": unit,
        "act": str(Act(act)),
        "at": to_wire(at),
    }
    return Approval(crypto.sign(data, key, typ=APPROVAL, header=header))


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


@dataclass(frozen=True)
class OpenPart:
    """A decrypted part whose commitment holds."""

    entry: PartEntry
    salt: bytes = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def rows(self) -> list[Any]:
        """The rows of a part of form `rows`."""
        return [parse_canonical(line) for line in split_rows(self.body)]


def read_part(
    envelope: Envelope | Draft,
    name: str,
    private_key: PrivateKey,
    *,
    blobs: Mapping[str, bytes] | None = None,
) -> OpenPart:
    """Decrypt a part and hold it against the manifest. `blobs` gives ciphertexts by SHA-256.

    Raises: SchemaMismatch (no such part), BlobMissing, DecryptFailed, PartCommit.
    """
    entry = envelope.manifest.part(name)
    if entry is None:
        raise SchemaMismatch(why=f"no part {name}", field=name)
    ciphertext = envelope.parts.get(name)
    if ciphertext is None and isinstance(envelope, Envelope) and name in envelope.blobs:
        sha = envelope.blobs[name]
        ciphertext = (blobs or {}).get(sha)
        if ciphertext is None or hashlib.sha256(ciphertext).hexdigest() != sha:
            raise BlobMissing(sha256=sha)
    if ciphertext is None:
        raise DecryptFailed(name=name)
    try:
        plain = crypto.decrypt(ciphertext, private_key)
    except (ValueError, Malformed) as cause:
        raise DecryptFailed(name=name) from cause
    salt, body = plain[:_SALT], plain[_SALT:]
    check_commitment(entry, salt, body)
    return OpenPart(entry, salt, body)


def check_commitment(entry: PartEntry, salt: bytes, body: bytes) -> None:
    """Raises: PartCommit."""
    right_rows = entry.rows is None or (
        entry.rows == body.count(b"\n") and (not body or body.endswith(b"\n"))
    )
    if (
        len(salt) != _SALT
        or len(body) != entry.size
        or not right_rows
        or commitment(body, salt, entry.form) != entry.commit
    ):
        raise PartCommit(name=entry.name)


def open_part(
    envelope: Envelope | Draft,
    name: str,
    private_key: PrivateKey,
    *,
    blobs: Mapping[str, bytes] | None = None,
) -> bytes:
    """The plaintext of a part, its commitment checked. Raises: as read_part."""
    return read_part(envelope, name, private_key, blobs=blobs).body
