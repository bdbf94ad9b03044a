"""The manifest: who asks whom what by which right, with a commitment to each part. Pure (protocol §2).

H, the SHA-256 of its canonical bytes, is the message's name everywhere. What we write, everybody can read; what others
write is read in its one spelling or refused.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.errors import SchemaMismatch, TooLarge
from lachan.exchange.fields import AddressText, Dong, HexHash, UuidText, WireTime
from lachan.exchange.kinds import MessageType, Priority, kind
from lachan.exchange.strict_json import read_json
from lachan.kernel.canonical import canonical, parse_canonical, read_struct
from lachan.kernel.time import from_wire

PROTOCOL = "lachan/1"


MAX_MANIFEST = 65_536


LONGEST = {Priority.P0: timedelta(hours=24)}


LONGEST_ELSE = timedelta(days=7)


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
        return _read(data)

    @classmethod
    def _parse_and_say(cls, data: bytes) -> Manifest:
        read_json(data, limit=MAX_MANIFEST)  # depth, before anything recursive reads it
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
        elsewhere = None if self.outcome is None else self.outcome.try_address
        if elsewhere is not None and (
            self.type is not MessageType.REFUSE
            or self.outcome is None
            or self.outcome.reason != "NOT_HOLDER"
        ):
            raise wrong("outcome.try", "another address stands beside NOT_HOLDER alone")
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


@lru_cache(
    maxsize=256
)  # one message is read by its writer, the centre and the queue; 64 KiB each at most
def _read(data: bytes) -> Manifest:
    read = read_struct(data, Manifest) or Manifest._parse_and_say(data)  # noqa: SLF001 - its own module
    read.check()
    return read
