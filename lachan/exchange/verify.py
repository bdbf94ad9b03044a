"""Checks of the protocol: one message on arrival, and the messages of an evidence bundle. Pure.

The centre and the receiver run the same checks in the same order; the receiver also opens the
question and holds it against the manifest. A refusal is returned, not raised: it is logged on both
sides and answered, so a transaction must be able to keep it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any, Literal

import msgspec

from lachan.exchange.crypto import Jws, PrivateKey, b64decode, read_json
from lachan.exchange.crypto import verify as verify_jws
from lachan.exchange.deadlines import WorkCalendar, deadline
from lachan.exchange.envelope import (
    Act,
    Approval,
    Envelope,
    Manifest,
    SignerNeed,
    open_part,
)
from lachan.exchange.errors import (
    ApprovalsWrong,
    AskerNotAllowed,
    ClockOff,
    ConversationUnknown,
    DirectoryRollback,
    DirectoryStale,
    DueMismatch,
    Expired,
    MemberSuspended,
    SchemaMismatch,
    SignatureBad,
    SignerForm,
    SignerRole,
    SignerUnknown,
    TooLarge,
    logged_detail,
)
from lachan.exchange.kinds import Answer, MessageKind, MessageType, Priority, Question, decode, kind
from lachan.exchange.mandates import (
    AskFacts,
    Catalogue,
    Line,
    MandateRefused,
    MandateRow,
    OrderFollowed,
)
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.kernel.checks import BundleFiles, Check
from lachan.kernel.errors import LachanError
from lachan.kernel.time import from_wire, pace, to_wire
from lachan.members.directory import Directory, KeyRow, MemberRow, Root, member_address
from lachan.members.roles import KeyStorage, KeyUse, MemberState, Role

RECEIPT = "lachan-receipt+jws"
MAX_BUNDLE_FILE = 64 * 2**20
CLOCK = timedelta(seconds=300) * pace()
WAIT = {Priority.P0: timedelta(hours=1)}  # how long a draft may wait for its signers
WAIT_ELSE = timedelta(hours=24)
_FORMS = {KeyStorage.SOFT: "jws", KeyStorage.WEBAUTHN: "webauthn", KeyStorage.PKCS11: "pkcs11"}
_REASONS: tuple[tuple[type[LachanError], str], ...] = (
    (AskerNotAllowed, "ASKER_NOT_ALLOWED"),
    (TooLarge, "TOO_LARGE"),
)
_SUBSTATES: tuple[tuple[str, str], ...] = (
    ("exchange.mandate", "mandate"),
    ("exchange.asker_not_allowed", "mandate"),
    ("exchange.never_block", "mandate"),
    ("exchange.clock", "clock"),
    ("exchange.expired", "clock"),
    ("exchange.directory", "directory"),
    ("exchange.replay", "replay"),
    ("exchange.sign", "signature"),
    ("exchange.key_revoked", "signature"),
    ("exchange.approvals", "signature"),
)

SERVICE = "service"  # the `officer` of an approval by the member's own key

Checker = Literal["centre", "receiver"]


@dataclass(frozen=True)
class CheckedMessage:
    """A message that passed. `at` is the log time by which it was judged."""

    envelope: Envelope
    kind: MessageKind
    sender: MemberRow
    receiver: MemberRow
    at: datetime
    body: Question | Answer | None = None  # opened by the receiver only
    lines: tuple[Line, ...] = ()  # the mandate check, for the desk page

    @property
    def manifest(self) -> Manifest:
        return self.envelope.manifest

    @property
    def h(self) -> str:
        return self.envelope.h

    @property
    def officers(self) -> frozenset[str]:
        """Who approved, by officer id."""
        return frozenset(one.officer for one in self.envelope.approvals)

    @property
    def units(self) -> frozenset[str]:
        return frozenset(one.unit for one in self.envelope.approvals)

    def followed(self, *, renewals: int = 0) -> OrderFollowed:
        """This order as a later release, notice or renewal refers to it."""
        manifest = self.manifest
        ends = [ref.lease_until for ref in manifest.mandates if ref.lease_until is not None]
        caps = [ref.cap_vnd for ref in manifest.mandates if ref.cap_vnd is not None]
        return OrderFollowed(
            h=self.h,
            kind=manifest.kind,
            sender=member_address(manifest.sender),
            mandates=manifest.mandates,
            logged_at=self.at,
            officers=self.officers,
            units=self.units,
            renewals=renewals,
            lease_until=from_wire(min(ends)) if ends else None,
            amount=min(caps) if caps else None,
        )


@dataclass(frozen=True)
class Refusal:
    """A message that did not pass: what both sides log and the sender is told.

    `reason` is the refusal reason of a conversation (None: the message is invalid as such);
    `substate` the state of the conversation at its sender; `detail` is for the log alone.
    """

    error: LachanError
    h: str | None
    reason: str | None
    substate: str
    detail: str

    @property
    def code(self) -> str:
        return self.error.code

    def body(self) -> dict[str, object]:
        """What is signed and sent back."""
        return {**self.error.body(), "h": self.h}


def check_envelope(
    given: Envelope | bytes,
    *,
    directory: Directory,
    catalogue: Catalogue,
    now: datetime,
    checker: Checker,
    own_address: str | None = None,
    logged_at: datetime | None = None,
    private_key: PrivateKey | None = None,
    blobs: dict[str, bytes] | None = None,
    follows: OrderFollowed | None = None,
    protected: Callable[[Question], bool] | None = None,
) -> CheckedMessage | Refusal:
    """Run every check in order; the first failure is the refusal.

    checker: "centre" judges by its own clock and reads the manifest only; "receiver" judges by the
    centre's receipt time `logged_at`, must be the `own_address` addressed, and opens the question
    with `private_key`. follows: the order that a release, notice or renewal names in `in_reply_to`.
    protected: whether a subject of the question stands on a never-block list.
    """
    h: str | None = None
    try:
        envelope = Envelope.from_bytes(given) if isinstance(given, bytes) else given
        h = envelope.h
        return _check(
            envelope,
            directory=directory,
            catalogue=catalogue,
            now=now,
            checker=checker,
            own_address=own_address,
            at=logged_at or now,
            private_key=private_key,
            blobs=blobs,
            follows=follows,
            protected=protected,
        )
    except LachanError as error:
        return refusal(error, h)


def refusal(error: LachanError, h: str | None) -> Refusal:
    """An error as the refusal that is logged and sent."""
    reason = error.reason if isinstance(error, MandateRefused) else None
    reason = reason or next((why for one, why in _REASONS if isinstance(error, one)), None)
    substate = next((sub for code, sub in _SUBSTATES if error.code.startswith(code)), "schema")
    return Refusal(error, h, reason, substate, logged_detail(error))


def needs_directory(envelope: Envelope, directory: Directory) -> bool:
    """The sender relied on a newer directory: fetch it before checking."""
    return envelope.manifest.directory_version > directory.version


def _check(
    envelope: Envelope,
    *,
    directory: Directory,
    catalogue: Catalogue,
    now: datetime,
    checker: Checker,
    own_address: str | None,
    at: datetime,
    private_key: PrivateKey | None,
    blobs: dict[str, bytes] | None,
    follows: OrderFollowed | None,
    protected: Callable[[Question], bool] | None,
) -> CheckedMessage:
    manifest = envelope.manifest
    declared = kind(manifest.kind)
    if declared.version != manifest.kind_version:
        raise SchemaMismatch(why=f"version {declared.version} of the kind", field="kind_version")
    sender, receiver = _parties(manifest, directory, own_address if checker == "receiver" else None)
    asks = manifest.type is MessageType.ASK and not declared.follows
    if needs_directory(envelope, directory):
        raise DirectoryStale(issued_at=directory.read.issued_at)
    if asks:
        directory.ensure_fresh(now)
    _check_state(sender, asks=asks)
    _check_seal(envelope, directory, sender, at)
    keys = _check_approvals(envelope, directory, at, declared)
    _check_needs(envelope, follows, declared)
    _check_clock(envelope, at, judged_by_sent_at=checker == "centre")
    lines: list[Line] = []
    body: Question | Answer | None = None
    if private_key is not None:
        body = _open(envelope, declared, private_key, blobs)
    if manifest.type is MessageType.ASK:
        _check_agreements(manifest, directory, at)
        facts = _facts(envelope, declared, sender, receiver, keys, at, body, follows)
        facts = replace(facts, shift_open=directory.shift(manifest.sender, at) is not None)
        if isinstance(body, Question) and protected is not None and protected(body):
            facts = replace(facts, protected=True)
        lines = catalogue.check(manifest.mandates, facts)
        failed = next((line.error for line in lines if line.error is not None), None)
        if failed is not None:
            raise failed
    elif manifest.mandates:
        raise SchemaMismatch(why="only an ask carries mandates", field="mandates")
    right = declared.due_rule(manifest.priority)
    if manifest.due_rule != right:
        raise DueMismatch(got=manifest.due_rule, right=right, field="due_rule")
    return CheckedMessage(envelope, declared, sender, receiver, at, body, tuple(lines))


def _parties(
    manifest: Manifest, directory: Directory, own_address: str | None
) -> tuple[MemberRow, MemberRow]:
    sender = directory.member(manifest.sender)
    receiver = directory.member(manifest.receiver)
    if own_address is not None and member_address(manifest.receiver) != member_address(own_address):
        raise SchemaMismatch(why="addressed to another member", field="receiver")
    if receiver is None:
        raise SchemaMismatch(why="no such member", field="receiver")
    if sender is None:
        raise SignerUnknown(field="sender")
    return sender, receiver


def _check_state(sender: MemberRow, *, asks: bool) -> None:
    if sender.state is MemberState.ACTIVE:
        return
    if sender.state is MemberState.SUSPENDED and not asks:
        return  # it may answer, release and receive
    raise MemberSuspended(address=sender.address, state=sender.state.value)


def _check_seal(envelope: Envelope, directory: Directory, sender: MemberRow, at: datetime) -> None:
    row = directory.require_key(envelope.seal.kid, at)
    if row.use is not KeyUse.SIGN or row.member != sender.address or row.officer is not None:
        raise SignerUnknown
    envelope.seal.check(row.jwk, h=envelope.h, approvals=envelope.approvals)


def _check_approvals(
    envelope: Envelope, directory: Directory, at: datetime, declared: MessageKind
) -> list[KeyRow]:
    manifest = envelope.manifest
    rows: list[KeyRow] = []
    for one in envelope.approvals:
        row = directory.require_key(one.kid, at)
        if declared.by_service and _by_service(one, row, manifest):
            one.check(envelope.manifest_bytes, row.jwk)
            continue
        if row.officer is None or row.officer != one.officer:
            raise SignerUnknown
        if row.member != member_address(manifest.sender):
            raise SignerUnknown
        if row.use is KeyUse.SHIFT:
            _check_standing(manifest, declared, row, one)
        elif row.use is not KeyUse.SIGN or one.act == Act.STANDING:
            raise SignerUnknown
        if row.storage is KeyStorage.WEBAUTHN:  # its form is refused on reading, too
            raise SignerForm(form=_FORMS[row.storage], right="jws, pkcs11")
        one.check(envelope.manifest_bytes, row.jwk)
        if one.role not in set(Role):
            raise SignerRole(role=one.role[:40])
        if not directory.holds_role(one.officer, Role(one.role), one.unit, at):
            raise SignerRole(role=one.role)
        rows.append(row)
    return rows


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


def _check_needs(envelope: Envelope, follows: OrderFollowed | None, declared: MessageKind) -> None:
    manifest, approvals = envelope.manifest, envelope.approvals
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


def _check_clock(envelope: Envelope, at: datetime, *, judged_by_sent_at: bool) -> None:
    manifest, sent = envelope.manifest, envelope.sent_at
    if judged_by_sent_at and abs(at - sent) > CLOCK:
        raise ClockOff.because(f"sent_at {sent}, now {at}")
    if manifest.created > sent:
        raise ClockOff.because("created after it was sent")
    if manifest.type is MessageType.ASK:
        wait = WAIT.get(manifest.priority, WAIT_ELSE)
        for one in envelope.approvals:
            signed = from_wire(one.at)
            if not manifest.created - CLOCK <= signed <= manifest.created + wait:
                raise ClockOff.because("approved outside the life of the draft")
    expires = manifest.expires
    if expires is not None and at > expires:
        raise Expired(expires_at=manifest.expires_at)


def _check_agreements(manifest: Manifest, directory: Directory, at: datetime) -> None:
    """Agreements narrow who asks whom for what; they never widen a mandate."""
    agreed = directory.agreements(manifest.sender, manifest.receiver, at)
    if agreed and not any(manifest.kind in one.kinds for one in agreed):
        raise AskerNotAllowed(why="; ".join(one.clauses for one in agreed))


def _open(
    envelope: Envelope,
    declared: MessageKind,
    private_key: PrivateKey,
    blobs: dict[str, bytes] | None,
) -> Question | Answer | None:
    manifest = envelope.manifest
    if manifest.type is MessageType.ASK:
        return decode(declared.ask, open_part(envelope, "ask", private_key, blobs=blobs))
    if manifest.part("answer") is not None:
        return decode(declared.answer, open_part(envelope, "answer", private_key, blobs=blobs))
    return None


def _facts(  # noqa: PLR0917 - one argument for each thing that was looked up
    envelope: Envelope,
    declared: MessageKind,
    sender: MemberRow,
    receiver: MemberRow,
    keys: Sequence[KeyRow],
    at: datetime,
    body: Question | Answer | None,
    follows: OrderFollowed | None,
) -> AskFacts:
    manifest = envelope.manifest
    roles = {one.role for one in envelope.approvals}
    allowed = {role.value for role in declared.askers | declared.follow_roles}
    if roles and not roles & allowed:
        raise AskerNotAllowed(why=", ".join(sorted(roles)))
    if receiver.kind not in declared.answerers:
        raise AskerNotAllowed(why=f"{receiver.kind.value} does not answer {declared.name}")
    if declared.follows and follows is not None and follows.kind not in declared.follows:
        raise AskerNotAllowed(why=f"{declared.name} does not follow {follows.kind}")
    return AskFacts(
        kind=declared,
        priority=manifest.priority,
        purpose=manifest.purpose,
        sender=member_address(manifest.sender),
        sender_kind=sender.kind,
        receiver_kind=receiver.kind,
        required=manifest.required,
        at=at,
        test=manifest.test,
        forms=frozenset(_FORMS[row.storage] for row in keys if row.use is not KeyUse.SHIFT),
        standing=bool(keys) and all(row.use is KeyUse.SHIFT for row in keys),
        follows=follows,
        **question_facts(declared, body),
    )


def question_facts(declared: MessageKind, body: Question | Answer | None) -> dict[str, Any]:
    """Amount, end of lease and number of subjects as the question itself says them."""
    if not isinstance(body, Question):
        return {}
    found: dict[str, Any] = {}
    if declared.money is not None:
        found["amount"] = getattr(body, declared.money)
    if declared.lease is not None:
        found["lease_until"] = from_wire(getattr(body, declared.lease))
    many = getattr(body, declared.subjects) if declared.subjects is not None else (body,)
    found["subjects"] = len(many)
    return found


# --- bundles --------------------------------------------------------------------------------

_MESSAGE = re.compile(r"messages/(\d+)-([^/]+)/manifest\.json")


@dataclass
class _Case:
    """What the checks of a bundle share: the files, and what could be read of them."""

    files: BundleFiles
    checks: list[Check]
    root: Root | None = None
    directories: dict[int, Directory] = field(default_factory=dict)
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(()))
    calendar: WorkCalendar | None = None
    messages: list[_Filed] = field(default_factory=list)

    def good(self, rule: str, vi: str, en: str, where: str | None = None) -> None:
        self.checks.append(Check(rule, ok=True, what=vi, where=where, what_en=en))

    def bad(self, rule: str, vi: str, en: str, where: str | None = None) -> None:
        self.checks.append(Check(rule, ok=False, what=vi, where=where, what_en=en))

    def by_hash(self, h: str | None) -> _Filed | None:
        return next((one for one in self.messages if one.envelope.h == h), None)


@dataclass
class _Filed:
    """One message of a bundle with its receipt."""

    folder: str
    envelope: Envelope
    logged_at: datetime
    due_at: str | None
    directory: Directory | None


def verify_bundle(files: BundleFiles) -> list[Check]:
    """V2–V6, V9, V10, V15 over a bundle's files (layout: kernel/checks.py). Never raises for bad content."""
    case = _Case(files, [])
    _check_root(case)
    _check_directories(case)
    _read_law(case)
    _read_messages(case)
    for one in case.messages:
        _check_signatures(case, one)
        _check_law(case, one)
        _check_due(case, one)
    _check_order(case)
    return case.checks


def _json(data: bytes) -> Any:
    return read_json(data, limit=MAX_BUNDLE_FILE)


def _check_root(case: _Case) -> None:
    path = "anchor/root.json"
    try:
        case.root = Root.from_json(_json(case.files[path]))
    except (LachanError, KeyError) as error:
        case.bad(
            "V2",
            f"Gốc tin cậy không hợp lệ: {error}",
            f"The root is not valid: {error}",
            path,
        )
    else:
        case.good(
            "V2",
            "Gốc tin cậy đủ số chữ ký.",
            "The root has its threshold of signatures.",
            path,
        )


def _check_directories(case: _Case) -> None:
    before: Directory | None = None
    numbered = sorted(
        (int(path[10:-5]), path)
        for path in case.files
        if path.startswith("directory/") and path[10:-5].isdigit()
    )
    if not numbered:
        case.bad("V3", "Không có danh bạ nào.", "There is no directory.")
    for number, path in numbered:
        try:
            read = _json(case.files[path])
            if case.root is None:
                raise SignerUnknown
            one = Directory.from_bytes(case.root, str(read["directory"]).encode(), str(read["jws"]))
            if one.version != number:
                raise DirectoryRollback(got=one.version, seen=number)
            one.ensure_follows(before)
        except (LachanError, KeyError, TypeError) as error:
            case.bad(
                "V3",
                f"Danh bạ không hợp lệ: {error}",
                f"The directory is not valid: {error}",
                path,
            )
            continue
        case.directories[number] = before = one
        case.good(
            "V3",
            f"Danh bạ {number}: chữ ký và chuỗi đúng.",
            f"Directory {number}: signature and chain hold.",
            path,
        )


def _read_law(case: _Case) -> None:
    rows = []
    for path in sorted(case.files):
        if not path.startswith("mandates/") or path == "mandates/calendar.json":
            continue
        try:
            rows.append(msgspec.convert(_json(case.files[path]), MandateRow))
        except (LachanError, msgspec.ValidationError) as error:
            case.bad("V10", f"Căn cứ không đọc được: {error}", f"Unreadable row: {error}", path)
    known = {one.calendar_hash for one in case.directories.values()}
    path = "mandates/calendar.json"
    if path in case.files:
        data = case.files[path]
        if hashlib.sha256(data).hexdigest() in known:
            case.calendar = WorkCalendar.from_json(_json(data))
        else:
            case.bad("V15", "Lịch không phải lịch đã ký trong danh bạ.",
                "The calendar is not the one in the directory.", path,
            )  # fmt: skip
    case.catalogue = Catalogue(tuple(rows), case.calendar or WorkCalendar())
    whole = case.catalogue.hash in {one.mandates_hash for one in case.directories.values()}
    if rows:
        case.good(
            "V10",
            "Danh mục căn cứ đúng với danh bạ."
            if whole
            else "Chỉ có một phần danh mục căn cứ: chưa đối chiếu được với danh bạ.",
            "The catalogue is the directory's."
            if whole
            else "Only part of the catalogue is here: not compared with the directory.",
            "mandates/",
        )


def _read_messages(case: _Case) -> None:
    log_keys = {
        kid: jwk for one in case.directories.values() for kid, jwk in one.log_keys().items()
    }
    found = sorted(
        (int(match[1]), match) for path in case.files if (match := _MESSAGE.fullmatch(path))
    )
    for _number, match in found:
        folder = f"messages/{match[1]}-{match[2]}"
        try:
            envelope = Envelope.from_bytes(canonical(_json(case.files[f"{folder}/envelope.json"])))
            if envelope.manifest_bytes != case.files[f"{folder}/manifest.json"]:
                raise SignatureBad.because("manifest.json is not the envelope's")
            receipt = _receipt(
                case.files[f"receipts/{match[1]}-{match[2]}.centre.jws"], log_keys, envelope.h
            )
            version = envelope.manifest.directory_version
            filed = _Filed(
                folder,
                envelope,
                from_wire(str(receipt["logged_at"])),
                receipt.get("due_at"),
                _directory_at(case, version, str(receipt["logged_at"])),
            )
        except (LachanError, KeyError, TypeError, ValueError) as error:
            case.bad(
                "V4",
                f"Thông điệp không hợp lệ: {error}",
                f"The message is not valid: {error}",
                folder,
            )
            continue
        case.messages.append(filed)


def _directory_at(case: _Case, version: int, logged_at: str) -> Directory | None:
    """The newest directory issued by the log time and no older than the sender's."""
    fitting = [
        one
        for number, one in case.directories.items()
        if number >= version and one.read.issued_at <= logged_at
    ]
    return max(fitting, key=lambda one: one.version, default=case.directories.get(version))


def _receipt(token: bytes, keys: Mapping[str, Mapping[str, str]], h: str) -> dict[str, Any]:
    protected, payload, signature = token.decode("ascii").strip().split(".")
    jws = Jws(protected, signature)
    jwk = keys.get(str(jws.header.get("kid")))
    if jwk is None:
        raise SignerUnknown
    body = b64decode(payload)
    verify_jws(jws, body, jwk, typ=RECEIPT)
    read = parse_canonical(body)
    if not isinstance(read, dict) or read.get("h") != h:
        raise SignatureBad.because("a receipt for another message")
    return read


def _check_signatures(case: _Case, one: _Filed) -> None:
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
            approval.check(envelope.manifest_bytes, row.jwk)
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
        sender, _receiver = _parties(manifest, directory, None)
        _check_seal(envelope, directory, sender, one.logged_at)
        _check_approvals(envelope, directory, one.logged_at, declared)
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


def _check_law(case: _Case, one: _Filed) -> None:
    envelope, directory = one.envelope, one.directory
    if directory is None:
        return
    manifest, declared = envelope.manifest, kind(envelope.manifest.kind)
    try:
        parent = case.by_hash(manifest.in_reply_to) if _needs_parent(declared) else None
        follows = _followed(case, parent) if parent is not None else None
        _check_needs(envelope, follows, declared)
        lines: list[Line] = []
        if manifest.type is MessageType.ASK:
            sender, receiver = _parties(manifest, directory, None)
            keys = [row for a in envelope.approvals if (row := directory.key(a.kid)) is not None]
            body = _shown(case, one, declared)
            facts = _facts(envelope, declared, sender, receiver, keys, one.logged_at, body, follows)
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


def _needs_parent(declared: MessageKind) -> bool:
    return bool(declared.follows) or declared.name == "renew"


def _followed(case: _Case, parent: _Filed) -> OrderFollowed | None:
    if parent.directory is None:
        return None
    sender, receiver = _parties(parent.envelope.manifest, parent.directory, None)
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


def _shown(case: _Case, one: _Filed, declared: MessageKind) -> Question | None:
    """The question, when it was not withheld."""
    data = case.files.get(f"{one.folder}/parts/ask")
    return None if data is None else decode(declared.ask, data)


def _check_due(case: _Case, one: _Filed) -> None:
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


def _check_order(case: _Case) -> None:
    """V9: numbers without gaps or repetition, `prev` chains, replies name a message that is here."""
    known = {one.envelope.h for one in case.messages}
    threads: dict[tuple[str, str], list[_Filed]] = {}
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
