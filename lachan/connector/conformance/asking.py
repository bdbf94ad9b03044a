"""Asks as their senders would write them, by whatever the catalogue allows; and each in the wrong ways of protocol §5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lachan.connector.conformance.world import REVOKED_UNIT, UNITS, Officer, World
from lachan.exchange import crypto
from lachan.exchange.crypto import Jwk, PrivateKey
from lachan.exchange.envelope import Draft, Envelope, approve, draft, seal
from lachan.exchange.kinds import MessageKind, MessageType, Priority, Question, to_json
from lachan.exchange.mandate_rows import MandateRow
from lachan.exchange.mandates import Catalogue
from lachan.exchange.manifest import MandateRef, SignerNeed
from lachan.exchange.parts import PlainPart, body_part
from lachan.kernel.time import to_wire
from lachan.members.roles import MemberKind, Role

_FREE_PURPOSE = "GLD"
_DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind may be asked: by whom, by which rows, at which stage, for which purpose, with whose signatures."""

    declared: MessageKind
    sender: MemberKind
    rows: tuple[MandateRow, ...]
    stage: str
    purpose: str
    needs: tuple[SignerNeed, ...]

    @property
    def after_order(self) -> bool:
        """It names an order that was sent before."""
        apart = any(need.distinct_unit_from for need in self.needs)
        return bool(self.declared.follows) or apart

    @property
    def roles(self) -> set[Role]:
        return {Role(role) for need in self.needs for role in need.roles}


def way_of(
    declared: MessageKind, catalogue: Catalogue, receiver: MemberKind, after: Way | None = None
) -> Way | None:
    """The first way that the catalogue opens to an asker of this receiver; None when there is none.

    after: the way of the order that a kind follows, whose rows it names.
    """
    if declared.follows:
        if after is None:
            return None
        needs = catalogue.required(
            declared, after.rows, priority=declared.priority, sender_kind=after.sender
        )
        return Way(declared, after.sender, after.rows, after.stage, after.purpose, needs)
    for codes in catalogue.alternatives(declared):
        rows = tuple(row for code in sorted(codes) if (row := catalogue.row(code)) is not None)
        found = _by(declared, rows, catalogue, receiver)
        if found is not None and len(rows) == len(codes):
            return found
    return None


def _by(
    declared: MessageKind, rows: tuple[MandateRow, ...], catalogue: Catalogue, receiver: MemberKind
) -> Way | None:
    if not all(
        declared.name in row.kinds and receiver in row.answerers and not row.agency_only
        for row in rows
    ):
        return None
    senders = [one for one in MemberKind if all(one in row.askers for row in rows)]
    stages = sorted({rule.stage.value for row in rows for rule in row.stages})
    stages = [
        one
        for one in stages
        if all(
            any(rule.admits(one, declared.name, declared.priority) for rule in row.stages)
            for row in rows
        )
    ]
    purposes = [
        one
        for one in (rows[0].purposes if rows else (_FREE_PURPOSE,))
        if all(one in row.purposes for row in rows)
    ]
    if not senders or not purposes or (rows and not stages):
        return None
    sender = MemberKind.POLICE if MemberKind.POLICE in senders else senders[0]
    needs = catalogue.required(declared, rows, priority=declared.priority, sender_kind=sender)
    return Way(declared, sender, rows, (stages or ["none"])[0], purposes[0], needs)


@dataclass(frozen=True, slots=True)
class Asker:
    """Writes asks of a world."""

    world: World

    def ask(
        self,
        way: Way,
        question: Question,
        now: datetime,
        *,
        unit: str = UNITS[0],
        leave_out: int = 0,
        stranger: bool = False,
        **over: Any,
    ) -> Envelope:
        """A sealed ask; `over` replaces what `draft` is given, `leave_out` approvals from the end are missing."""
        message = self.write(way, question, now, **over)
        signers = self._signers(way, unit)
        approvals = [
            approve(
                message, crypto.new_sign_key() if stranger and number == 0 else one.key, officer=one.id,
                role=one.role, unit=one.unit, act="approved", at=message.manifest.created,
            )
            for number, one in enumerate(signers[: len(signers) - leave_out])
        ]  # fmt: skip
        return seal(message, approvals, self.key(way), over.get("created_at", now))

    def key(self, way: Way) -> PrivateKey:
        """The sender's seal."""
        return self.world.keys[f"{self.world.asker(way.sender)}#sign"]

    def write(self, way: Way, question: Question, now: datetime, **over: Any) -> Draft:
        """The unsigned ask."""
        world = self.world
        sender = world.asker(way.sender)
        to = over.get("receiver", world.tried.address)
        readers: list[PrivateKey | Jwk] = [
            world.tried.encrypt
        ]  # also of what is addressed to another
        if to != world.tried.address:
            readers.append(world.keys[f"{to}#encrypt"])
        document = any(row.document_required for row in way.rows)
        given: dict[str, Any] = {
            "type": MessageType.ASK,
            "kind_name": way.declared.name,
            "sender": f"{sender}/{UNITS[0]}",
            "receiver": to,
            "created_at": now,
            "purpose": way.purpose,
            "directory_version": world.directory.version,
            "encrypt_to": [*readers, world.keys[f"{sender}#encrypt"]],
            "parts": [
                body_part(question),
                *([PlainPart(name=_DOCUMENT, body=b"%PDF-1.7")] if document else []),
            ],
            "priority": way.declared.priority,
            "mandates": self.refs(way, question, now),
            "required": way.needs,
            "sheet_hash": "ab" * 32 if way.declared.sheet else None,
            "test": True,
        }
        return draft(**(given | over))

    def refs(self, way: Way, question: Question, now: datetime, **over: Any) -> list[MandateRef]:
        """The mandate rows with what the ask claims of them."""
        told, declared = to_json(question), way.declared
        subjects = told.get(declared.subjects or "", ())
        given: dict[str, Any] = {
            "stage": way.stage,
            "case_ref": "KIEM-TRA",
            "valid_until": to_wire(now + timedelta(days=5)),
            "subjects": max(1, len(subjects)),
            "cap_vnd": told.get(declared.money) if declared.money else None,
            "lease_until": told.get(declared.lease) if declared.lease else None,
        }
        return [
            MandateRef(
                code=row.code,
                version=row.version,
                document_part=_DOCUMENT if row.document_required else None,
                **(given | over),
            )
            for row in way.rows
        ]

    def _signers(self, way: Way, unit: str) -> list[Officer]:
        apart = UNITS[1] if unit != REVOKED_UNIT else UNITS[0]
        return [
            self.world.officer(
                way.sender, sorted(need.roles), apart if need.distinct_unit_from else unit
            )
            for need in way.needs
        ]

    def cancel(
        self, ask: Envelope, way: Way, now: datetime, *, by: str = "", **over: Any
    ) -> Envelope:
        """The asker takes the ask back; `by`: another member says so."""
        member = by or self.world.asker(way.sender)
        given: dict[str, Any] = {
            "type": MessageType.CANCEL,
            "kind_name": ask.manifest.kind,
            "sender": by or ask.manifest.sender,
            "receiver": ask.manifest.receiver,
            "created_at": now,
            "purpose": ask.manifest.purpose,
            "directory_version": self.world.directory.version,
            "encrypt_to": [self.world.keys[f"{member}#encrypt"]],
            "priority": Priority(ask.manifest.priority),
            "conversation": ask.manifest.conversation,
            "seq": 2,
            "prev": ask.h,
            "in_reply_to": ask.h,
            "test": True,
        }
        return seal(draft(**(given | over)), (), self.world.keys[f"{member}#sign"], now)


def askable(
    names: Sequence[MessageKind], catalogue: Catalogue, receiver: MemberKind
) -> dict[str, Way | None]:
    """The way of every kind that a member of this kind answers; what follows an order has that order's."""
    direct = {one.name: way_of(one, catalogue, receiver) for one in names if not one.follows}
    found: dict[str, Way | None] = dict(direct)
    for one in names:
        if one.follows:
            before = next((direct[name] for name in sorted(one.follows) if direct.get(name)), None)
            found[one.name] = way_of(one, catalogue, receiver, before)
    return found
