"""Who signed: the member's seal, each approval under its key and role, and that they fill what is required. Pure."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations

from lachan.exchange.approvals import Act, Approval
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import ConversationUnknown
from lachan.exchange.kinds import MessageKind, MessageType, Priority
from lachan.exchange.mandate_facts import OrderFollowed
from lachan.exchange.manifest import Manifest, SignerNeed
from lachan.exchange.signer_errors import ApprovalsWrong, SignerForm, SignerRole, SignerUnknown
from lachan.members.directory import Directory
from lachan.members.directory_rows import KeyRow, MemberRow, member_address
from lachan.members.roles import Connection, KeyStorage, KeyUse, MemberKind, Role

_FORMS = {KeyStorage.SOFT: "jws", KeyStorage.WEBAUTHN: "webauthn", KeyStorage.PKCS11: "pkcs11"}


_ROLES = frozenset(Role)
_OFFICES = frozenset({Role.REGISTRAR, Role.CITIZEN_OFFICE})
_TYPED = frozenset({MessageType.ANSWER, MessageType.PARTIAL, MessageType.REFUSE})
SERVICE = "service"  # the `officer` of an approval by the member's own key


def check_seal(envelope: Envelope, directory: Directory, sender: MemberRow, at: datetime) -> None:
    row = directory.require_key(envelope.seal.kid, at)
    if row.use is not KeyUse.SIGN or row.member != sender.address or row.officer is not None:
        raise SignerUnknown
    envelope.seal.check(row.jwk, h=envelope.h, approvals=envelope.approvals)


def check_approvals(
    envelope: Envelope, directory: Directory, at: datetime, declared: MessageKind
) -> list[KeyRow]:
    manifest = envelope.manifest
    rows: list[KeyRow] = []
    for one in envelope.approvals:
        row = directory.require_key(one.kid, at)
        if declared.by_service and _by_service(one, row, manifest):
            one.check(envelope.manifest_bytes, row.jwk, row.party)
            continue
        if row.officer is None or row.officer != one.officer:
            raise SignerUnknown
        if row.member != member_address(manifest.sender) and not (
            _transcribes(one, row, manifest, directory)
            or _supervises(one, row, manifest, directory)
        ):
            raise SignerUnknown
        if row.use is KeyUse.SHIFT:
            _check_standing(manifest, declared, row, one)
        elif row.use is not KeyUse.SIGN or one.act == Act.STANDING:
            raise SignerUnknown
        if (one.form == "webauthn") != (row.storage is KeyStorage.WEBAUTHN):
            raise SignerForm(form=one.form, right=_FORMS[row.storage])
        one.check(envelope.manifest_bytes, row.jwk, row.party)
        if one.role not in _ROLES:
            raise SignerRole(role=one.role[:40])
        if not directory.holds_role(one.officer, Role(one.role), one.unit, at):
            raise SignerRole(role=one.role)
        rows.append(row)
    return rows


def _supervises(approval: Approval, row: KeyRow, manifest: Manifest, directory: Directory) -> bool:
    """A procurator's approval beside the agency's own signers, where a row asks for it (BLTTHS 2015 Art. 129)."""
    asked = any(not need.same_agency and approval.role in need.roles for need in manifest.required)
    member = directory.member(row.member)
    return (
        asked
        and approval.role == Role.PROCURATOR
        and approval.act == Act.APPROVED
        and member is not None
        and member.kind is MemberKind.PROCURACY
    )


def _by_service(approval: Approval, row: KeyRow, manifest: Manifest) -> bool:
    """The member's own key for what only helps the holder: a notice, a release by lapse."""
    return (
        row.officer is None
        and row.use is KeyUse.SIGN
        and row.member == member_address(manifest.sender)
        and approval.act == Act.STANDING
        and approval.officer == SERVICE
        and manifest.type is MessageType.ASK
    )


def _transcribes(approval: Approval, row: KeyRow, manifest: Manifest, directory: Directory) -> bool:
    """An officer of the centre's registrar or citizen office, who typed the answer of a member that has only paper."""
    sender, office = directory.member(manifest.sender), directory.member(row.member)
    return (
        approval.act == Act.TRANSCRIBED
        and approval.role in _OFFICES
        and manifest.type in _TYPED
        and sender is not None
        and sender.connection is Connection.PAPER
        and office is not None
        and office.kind is MemberKind.CENTRE
    )


def _check_standing(
    manifest: Manifest, declared: MessageKind, row: KeyRow, approval: Approval
) -> None:
    """A shift key signs P0 information asks and pause requests of its scope, and nothing else."""
    scope = row.scope
    caps = [ref.cap_vnd for ref in manifest.mandates if ref.cap_vnd is not None]
    good = (
        scope is not None
        and approval.act == Act.STANDING
        and approval.role == Role.DUTY_OFFICER
        and declared.standing
        and manifest.type is MessageType.ASK
        and manifest.kind in scope.kinds
        and manifest.priority == scope.priority == Priority.P0
        and all(cap <= scope.cap for cap in caps)
    )
    if not good:
        raise ApprovalsWrong(
            why="shift key outside its scope", right="an officer's own key, or a wider shift"
        )


def check_needs(envelope: Envelope, follows: OrderFollowed | None, declared: MessageKind) -> None:
    manifest, approvals = envelope.manifest, envelope.approvals
    if not approvals and not manifest.required and follows is None:
        return  # an answer, an acknowledgement: the seal is all of it
    right = ", ".join(need.role for need in manifest.required) or "-"
    officers = [one.officer for one in approvals]
    if len(set(officers)) != len(officers):
        raise ApprovalsWrong(why="one person twice", right=right)
    if len(approvals) != len(manifest.required):
        raise ApprovalsWrong(
            why=f"{len(approvals)} of {len(manifest.required)} approvals", right=right
        )
    if any(need.distinct_unit_from for need in manifest.required) and follows is None:
        raise ConversationUnknown(field="in_reply_to")
    fits = any(
        all(_fills(one, need, follows) for one, need in zip(order, manifest.required, strict=True))
        for order in permutations(approvals)
    )
    if not fits:
        raise ApprovalsWrong(why="roles or units", right=right)
    if follows is not None and declared.name == "renew":
        again = follows.officers & set(officers)
        if again or follows.sender != member_address(manifest.sender):
            raise ApprovalsWrong(why="a signer of the order itself", right="a third person")


def _fills(approval: Approval, need: SignerNeed, follows: OrderFollowed | None) -> bool:
    if approval.role not in need.roles:
        return False
    if need.distinct_unit_from is not None and follows is not None:
        return approval.unit not in follows.units and approval.officer not in follows.officers
    return True
