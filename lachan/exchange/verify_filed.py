"""Checks of one message that lies in a bundle, by the directory and the law of its log time. Pure (V4–V6, V9, V10, V15)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from lachan.exchange.deadlines import WorkCalendar, deadline
from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import MessageKind, MessageType, Question, decode, kind
from lachan.exchange.mandate_facts import OrderFollowed
from lachan.exchange.mandates import Catalogue, Line
from lachan.exchange.signer_errors import SignerUnknown
from lachan.exchange.verify import parties_of
from lachan.exchange.verify_facts import facts_of
from lachan.exchange.verify_outcome import CheckedMessage
from lachan.exchange.verify_signers import check_approvals, check_needs, check_seal
from lachan.kernel.checks import BundleFiles, Check
from lachan.kernel.errors import LachanError
from lachan.kernel.time import to_wire
from lachan.members.directory import Directory
from lachan.members.directory_rows import member_address
from lachan.members.root import Root


@dataclass
class Case:
    """What the checks of a bundle share: the files, and what could be read of them."""

    files: BundleFiles
    checks: list[Check]
    root: Root | None = None
    directories: dict[int, Directory] = field(default_factory=dict)
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(()))
    calendar: WorkCalendar | None = None
    messages: list[Filed] = field(default_factory=list)

    def good(self, rule: str, vi: str, en: str, where: str | None = None) -> None:
        self.checks.append(Check(rule, ok=True, what=vi, where=where, what_en=en))

    def bad(self, rule: str, vi: str, en: str, where: str | None = None) -> None:
        self.checks.append(Check(rule, ok=False, what=vi, where=where, what_en=en))

    def by_hash(self, h: str | None) -> Filed | None:
        return next((one for one in self.messages if one.envelope.h == h), None)


@dataclass
class Filed:
    """One message of a bundle with its receipt."""

    folder: str
    envelope: Envelope
    logged_at: datetime
    due_at: str | None
    directory: Directory | None


def check_signatures(case: Case, one: Filed) -> None:
    envelope, directory = one.envelope, one.directory
    if directory is None:
        case.bad("V3", "Thiếu danh bạ của thông điệp.", "Its directory is missing.", one.folder)
        return
    manifest = envelope.manifest
    try:
        for approval in envelope.approvals:
            row = directory.key(approval.kid)
            if row is None:
                raise SignerUnknown
            approval.check(envelope.manifest_bytes, row.jwk, row.party)
        sealer = directory.key(envelope.seal.kid)
        if sealer is None:
            raise SignerUnknown
        envelope.seal.check(sealer.jwk, h=envelope.h, approvals=envelope.approvals)
    except LachanError as error:
        case.bad("V4", f"Chữ ký sai: {error}", f"A signature is wrong: {error}", one.folder)
        return
    case.good("V4", "Mọi chữ ký đúng nội dung.", "Every signature covers its bytes.", one.folder)
    try:
        declared = kind(manifest.kind)
        sender, _receiver = parties_of(manifest, directory, None)
        check_seal(envelope, directory, sender, one.logged_at)
        check_approvals(envelope, directory, one.logged_at, declared)
        if manifest.type is MessageType.ASK and not declared.follows:
            directory.ensure_fresh(one.logged_at)
    except LachanError as error:
        case.bad(
            "V5",
            f"Người ký không hợp lệ: {error}",
            f"A signer is not valid: {error}",
            one.folder,
        )
        return
    case.good(
        "V5",
        "Người ký có trong danh bạ, đúng vai trò, khóa còn hiệu lực lúc ghi nhận.",
        "Signers stand in the directory, in their roles, with valid keys at the log time.",
        one.folder,
    )


def check_law(case: Case, one: Filed) -> None:
    envelope, directory = one.envelope, one.directory
    if directory is None:
        return
    manifest, declared = envelope.manifest, kind(envelope.manifest.kind)
    try:
        parent = case.by_hash(manifest.in_reply_to) if needs_parent(declared) else None
        follows = followed_by(case, parent) if parent is not None else None
        check_needs(envelope, follows, declared)
        lines: list[Line] = []
        if manifest.type is MessageType.ASK:
            sender, receiver = parties_of(manifest, directory, None)
            keys = [row for a in envelope.approvals if (row := directory.key(a.kid)) is not None]
            body = shown_ask(case, one, declared)
            facts = facts_of(
                envelope, declared, sender, receiver, keys, one.logged_at, body, follows
            )
            lines = case.catalogue.check(manifest.mandates, facts)
    except LachanError as error:
        case.bad(
            "V6",
            f"Phê duyệt không đủ: {error}",
            f"Approvals do not suffice: {error}",
            one.folder,
        )
        return
    signing = [line.error for line in lines if line.error is not None and line.step == "signers"]
    other = [line.error for line in lines if line.error is not None and line.step != "signers"]
    for failed in signing:
        case.bad("V6", failed.message("vi"), failed.message("en"), one.folder)
    if not signing:
        case.good("V6", "Đủ người phê duyệt theo căn cứ.", "Approved as its rows ask.", one.folder)
    for failed in other:
        case.bad("V10", failed.message("vi"), failed.message("en"), one.folder)
    if lines and not other and not signing:
        case.good(
            "V10",
            "Đúng phạm vi, giai đoạn, mức và thời hạn của căn cứ.",
            "Within scope, stage, cap and term of its rows.",
            one.folder,
        )


def needs_parent(declared: MessageKind) -> bool:
    return bool(declared.follows) or declared.name == "renew"


def followed_by(case: Case, parent: Filed) -> OrderFollowed | None:
    if parent.directory is None:
        return None
    sender, receiver = parties_of(parent.envelope.manifest, parent.directory, None)
    declared = kind(parent.envelope.manifest.kind)
    order = CheckedMessage(parent.envelope, declared, sender, receiver, parent.logged_at)
    earlier = [
        one
        for one in case.messages
        if one.envelope.manifest.kind == "renew"
        and one.envelope.manifest.in_reply_to == parent.envelope.h
        and one.envelope.manifest.type is MessageType.ASK
    ]
    return order.followed(renewals=max(0, len(earlier) - 1))


def shown_ask(case: Case, one: Filed, declared: MessageKind) -> Question | None:
    """The question, when it was not withheld."""
    data = case.files.get(f"{one.folder}/parts/ask")
    return None if data is None else decode(declared.ask, data)


def check_due(case: Case, one: Filed) -> None:
    manifest = one.envelope.manifest
    if manifest.type is not MessageType.ASK:
        return
    clock = deadline(
        kind(manifest.kind), manifest.priority, one.logged_at, case.calendar or WorkCalendar()
    )
    if clock.business and case.calendar is None:
        case.good("V15", "Thời hạn tính theo ngày làm việc; không kèm lịch nên chưa tính lại.",
            "A business clock; without its calendar it is not computed again.", one.folder,
        )  # fmt: skip
        return
    good = one.due_at == to_wire(clock.due_at) and manifest.due_rule == clock.rule
    if good:
        case.good("V15", "Thời hạn tính lại đúng.", "The deadline computes the same.", one.folder)
        return
    due = to_wire(clock.due_at)
    case.bad("V15", f"Thời hạn phải là {due}.", f"It was due {due}.", one.folder)


def check_order(case: Case) -> None:
    """V9: numbers without gaps or repetition, `prev` chains, replies name a message that is here."""
    known = {one.envelope.h for one in case.messages}
    threads: dict[tuple[str, str], list[Filed]] = {}
    for one in case.messages:
        manifest = one.envelope.manifest
        key = (manifest.conversation, member_address(manifest.sender))
        threads.setdefault(key, []).append(one)
        if manifest.in_reply_to is not None and manifest.in_reply_to not in known:
            case.bad("V9", "Trả lời một thông điệp không có ở đây.",
                "It replies to a message that is not here.", one.folder,
            )  # fmt: skip
    for thread in threads.values():
        ordered = sorted(thread, key=lambda one: one.envelope.manifest.seq)
        before: str | None = None
        for number, one in enumerate(ordered, start=1):
            manifest = one.envelope.manifest
            if manifest.seq != number or manifest.prev != before:
                case.bad("V9", f"Thiếu hoặc thừa thông điệp trước số {manifest.seq}.",
                    f"A message before number {manifest.seq} is missing or one too many.", one.folder,
                )  # fmt: skip
                break
            before = one.envelope.h
    if case.messages and not any(check.id == "V9" for check in case.checks):
        case.good("V9", "Thứ tự và dẫn chiếu đúng.", "Order and references hold.")
