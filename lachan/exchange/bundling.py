"""A case's messages as an evidence bundle: envelopes, parts that its agency may open, directories, mandates, log proofs."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.evidence.assemble import CaseMessage, OpenPart, case_file
from lachan.evidence.export import export_case
from lachan.exchange import catalogue
from lachan.exchange.crypto import PrivateKey
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import DecryptFailed
from lachan.exchange.models import ConversationRecord, DeliveryRecord, MessageRecord
from lachan.exchange.opening import read_part
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock
from lachan.members import services as members
from lachan.members.roles import Connection, Role

_WHY = "the case's own messages, for its bundle"
_MAY = frozenset(
    {Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.PROCURATOR, Role.JUDGE, Role.AUDITOR}
)


@verb("evidence.export", roles=_MAY, system=True, title=Text(vi="Xuất gói chứng cứ", en="Export an evidence bundle"))  # fmt: skip
def export_bundle(*, actor: Actor, case_ref: str, clock: Clock) -> tuple[bytes, Sequence[Event]]:
    """The bundle's bytes; the export is logged. An officer gets the conversations that he may see.

    Raises: NoSuchProof when a message was never logged.
    """
    rows = (
        ConversationRecord.objects.unscoped(reason=_WHY)
        if actor.is_system
        else (ConversationRecord.objects.visible_to(actor))
    )
    talks = list(rows.filter(case_ref=case_ref).values_list("pk", "asker_member"))
    messages = _messages([pk for pk, _ in talks])
    keys = _hosted_keys({member for _, member in talks})
    versions = sorted({record.directory_version for record in messages})
    directories = [members.directory_version(version) for version in versions]
    made = case_file(
        case_ref,
        [_message(record, keys) for record in messages],
        root=canonical(members.deployment_root().to_json()),
        directories={one.version: (one.body, one.jws) for one in directories},
        mandates=_mandates(),
        jwk_of=_jwk_of,
    )
    return export_case(made, actor=actor.log_name, clock=clock).data, ()


def _messages(talks: Sequence[UUID]) -> list[MessageRecord]:
    rows = MessageRecord.objects.unscoped(reason=_WHY).filter(conversation__in=talks)
    return list(rows.order_by("logged_at", "id"))


def _hosted_keys(addresses: set[str]) -> list[PrivateKey]:
    directory = members.current_directory()
    hosted = [
        address
        for address in sorted(addresses)
        if (row := directory.member(address)) is not None and row.connection is Connection.HOSTED
    ]
    return [key for address in hosted for key in members.decryption_keys(address)]


def _message(record: MessageRecord, keys: Sequence[PrivateKey]) -> CaseMessage:
    envelope = Envelope.from_bytes(bytes(record.envelope))
    delivery = DeliveryRecord.objects.unscoped(reason=_WHY).filter(message=record).first()
    parts: dict[str, OpenPart] = {}
    for entry in envelope.manifest.parts:
        for key in keys:
            try:
                opened = read_part(envelope, entry.name, key)
            except DecryptFailed:
                continue
            parts[entry.name] = OpenPart(opened.body, opened.salt)
            break
    return CaseMessage(
        id=str(record.message_id),
        envelope=bytes(record.envelope),
        parts=parts,
        centre_receipt=record.receipt,
        receiver_receipt=None if delivery is None else delivery.receiver_receipt or None,
    )


def _mandates() -> dict[str, bytes]:
    rows = catalogue.catalogue().rows
    found = {f"{row.code}@{row.version}": canonical(msgspec.to_builtins(row)) for row in rows}
    return {**found, "calendar": catalogue.profile().calendar_bytes}


def _jwk_of(kid: str) -> dict[str, str] | None:
    row = members.current_directory().key(kid)
    return None if row is None else row.jwk
