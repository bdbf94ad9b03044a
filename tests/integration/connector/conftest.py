"""A centre in memory with the real checks, and a bank opened from a generated country.

The centre here verifies envelopes as the real one does and keeps queues; what it cannot do is listen.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lachan.connector.config import load_config
from lachan.connector.member import Member, open_member
from lachan.connector.process import Connector
from lachan.connector.simulator.cast import cast
from lachan.connector.simulator.generate import generate
from lachan.exchange import crypto
from lachan.exchange.conversation import Conversation, start, step
from lachan.exchange.conversation_guards import ensure_takes
from lachan.exchange.conversation_seen import Seen
from lachan.exchange.crypto import PrivateKey, b64encode, private_jwk
from lachan.exchange.envelope import Envelope, approve, draft, seal
from lachan.exchange.errors import ConversationUnknown, StateConflict
from lachan.exchange.kinds import Answer, Question, decode, kind
from lachan.exchange.manifest import MandateRef
from lachan.exchange.moves import Move
from lachan.exchange.opening import open_part
from lachan.exchange.parts import body_part
from lachan.exchange.receipts import LOGGED, compact, read_receiver_receipt
from lachan.exchange.verify import check_envelope
from lachan.exchange.verify_outcome import CheckedMessage
from lachan.kernel.canonical import canonical
from lachan.kernel.time import FixedClock, to_wire
from lachan.members.directory import Directory, build_directory
from lachan.members.directory_rows import (
    KeyRow,
    MemberRow,
    OfficerRow,
    RoleHeld,
    ShiftScope,
    member_address,
    sign_row,
)
from lachan.members.roles import Connection, KeyStorage, KeyUse, MemberKind, MemberState, Role
from lachan.members.root import Root, make_root
from lachan.profiles.load import load_profile

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
START, END = to_wire(NOW - timedelta(days=30)), to_wire(NOW + timedelta(days=300))
POLICE = "vn/police/a05"
OTHER_TELECOM = "vn/telecom/khac"  # in the directory, and nowhere else
CAP = 10**10


@dataclass
class MemoryCentre:
    """Implements the connector's port `Centre`; `ask` sends as the police do."""

    clock: FixedClock
    root: Root
    directory_key: PrivateKey
    log_key: PrivateKey
    keys: dict[str, PrivateKey]
    directory_: Directory
    down: bool = False
    queue: list[dict[str, Any]] = field(default_factory=list)
    received: dict[str, str] = field(default_factory=dict)
    came: list[CheckedMessage] = field(default_factory=list)
    asks: dict[str, str] = field(default_factory=dict)  # h → kind
    talks: dict[str, Conversation] = field(default_factory=dict)  # the real state machine
    refused: list[tuple[str, str]] = field(default_factory=list)  # (type, code)

    def _up(self) -> None:
        from lachan.connector.centre import CentreUnreachable

        if self.down:
            raise CentreUnreachable(url="memory", why="down")

    def poll(self, *, wait: int, most: int) -> dict[str, Any]:  # noqa: ARG002
        self._up()
        items = [one for one in self.queue if one["h"] not in self.received][:most]
        shown = [{k: one[k] for k in ("envelope", "centre_receipt")} for one in items]
        return {"cursor": "0", "directory_version": self.directory_.version, "items": shown}

    def send(self, envelopes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        self._up()
        return [self._accept(Envelope.from_bytes(canonical(dict(one)))) for one in envelopes]

    def _accept(self, envelope: Envelope) -> dict[str, Any]:
        if not any(one.h == envelope.h for one in self.came):
            checked = check_envelope(
                envelope,
                directory=self.directory_,
                catalogue=catalogue(),
                now=self.clock.now(),
                checker="centre",
            )
            assert isinstance(checked, CheckedMessage), (checked.code, checked.detail)
            try:
                self._move(envelope)
            except (StateConflict, ConversationUnknown) as wrong:
                self.refused.append((envelope.manifest.type.value, wrong.code))
                return {"error": wrong.body()}
            self.came.append(checked)
        return {"receipt": self.receipt(envelope.h)}

    def _move(self, envelope: Envelope) -> None:
        """As the centre does: refuse what the conversation does not take. Raises: StateConflict, ConversationUnknown."""
        manifest, now = envelope.manifest, self.clock.now()
        state = self.talks.get(manifest.conversation)
        if manifest.type == "ask":
            state = start(
                id=manifest.conversation, kind=manifest.kind, priority=manifest.priority,
                asker=manifest.sender, answerer=manifest.receiver,
            )  # fmt: skip
        if state is None:
            return
        if member_address(manifest.sender) not in {state.asker, state.answerer}:
            raise ConversationUnknown
        seen = Seen.of(envelope, now)
        ensure_takes(state, seen, catalogue().calendar)
        self.talks[manifest.conversation], _ = step(state, seen, now)
        assert not self.talks[manifest.conversation].waiting, "a gap in the order"

    def receipts(self, receipts: Sequence[str]) -> int:
        self._up()
        for text in receipts:
            kid = crypto.Jws(*text.split(".")[::2]).header["kid"]
            row = self.directory_.key(kid)
            assert row is not None
            got = read_receiver_receipt(text, row.jwk)
            assert self.received.setdefault(got.h, text) == text, "another receipt for one message"
        return len(receipts)

    def directory(self, since: int) -> dict[str, Any]:
        self._up()
        if since == self.directory_.version:
            return {"version": since}
        return {
            "version": self.directory_.version,
            "directory": b64encode(self.directory_.body),
            "jws": self.directory_.jws,
        }

    def catalogue(self) -> dict[str, Any]:
        self._up()
        return {
            "catalogue": b64encode(catalogue().to_bytes()),
            "hash": catalogue().hash,
            "profile": "demo",
        }

    def ping(self) -> dict[str, Any]:
        self._up()
        return {"now": to_wire(self.clock.now()), "directory_version": self.directory_.version}

    # --- the police ---------------------------------------------------------------------

    def receipt(self, h: str) -> str:
        at = self.clock.now()
        body = {
            "h": h,
            "logged_at": to_wire(at),
            "due_at": to_wire(at + timedelta(minutes=5)),
            "leaf": "00",
            "merge_by": to_wire(at),
        }
        return compact(canonical(body), self.log_key, typ=LOGGED)

    def ask(
        self,
        receiver: str,
        kind_name: str,
        question: Question,
        *,
        case_ref: str = "VA-26-000001",
        cap: int | None = None,
        until: datetime | None = None,
        follows: str | None = None,
        subjects: int = 1,
        queue: bool = True,
        priority: str | None = None,
        purpose: str = "GLD",
    ) -> Envelope:
        """One ask with the signatures that its rows require; queued for its receiver."""
        now, declared = self.clock.now(), kind(kind_name)
        urgency = priority or declared.priority
        if declared.mandates:
            codes = sorted(declared.mandates[0].codes)
        else:
            rows_of = {"pause": "VN.AML22.44", "take_down": "VN.ND147.35"}
            codes = [rows_of.get(self.asks.get(follows or "", ""), "VN.ND52.11")]
        rows = [catalogue().row(code) for code in codes]
        refs = [
            MandateRef(
                code=row.code,
                version=row.version,
                stage="report"
                if kind_name in ("trace_credit", "confirm_transfer", "hold")
                else "verify",
                case_ref=case_ref,
                valid_until=to_wire(now + timedelta(days=5)),
                subjects=subjects,
                cap_vnd=cap,
                lease_until=None if until is None else to_wire(until),
            )
            for row in rows
            if row is not None
        ]
        required = catalogue().required(
            declared, [r for r in rows if r], priority=urgency, sender_kind=MemberKind.POLICE
        )
        keys = [self.keys[f"{receiver}#encrypt"], self.keys[f"{POLICE}#encrypt"]]
        message = draft(
            type="ask",
            kind_name=kind_name,
            sender=f"{POLICE}/duty",
            receiver=receiver,
            created_at=now,
            purpose=purpose,
            directory_version=self.directory_.version,
            encrypt_to=keys,
            parts=[body_part(question)],
            priority=urgency,
            mandates=refs,
            required=required,
            in_reply_to=follows,
            sheet_hash="ab" * 32 if declared.sheet else None,
        )
        approvals = []
        for need in required:
            who = next(
                name
                for name in ("son", "lan", "minh", "ha")
                if OFFICERS[name][1].value in need.roles
                and not (need.distinct_unit_from and OFFICERS[name][0] == "duty")
            )
            unit, role = OFFICERS[who]
            approvals.append(
                approve(
                    message,
                    self.keys[who],
                    officer=who,
                    role=role,
                    unit=unit,
                    act="approved",
                    at=now,
                )
            )
        envelope = seal(message, approvals, self.keys[f"{POLICE}#sign"], now)
        self.asks[envelope.h] = kind_name
        if queue:
            self.offer(envelope)
        return envelope

    def say(
        self,
        ask: Envelope,
        type_: str,
        words: Move | None = None,
        *,
        reply_to: Envelope | None = None,
        queue: bool = True,
    ) -> Envelope:
        """What the police say in a conversation after their ask."""
        manifest, now = ask.manifest, self.clock.now()
        state = self.talks[manifest.conversation]
        own = [one for one in state.messages if one.sender == POLICE]
        keys = [self.keys[f"{manifest.receiver}#encrypt"], self.keys[f"{POLICE}#encrypt"]]
        message = draft(
            type=type_, kind_name=manifest.kind, sender=manifest.sender, receiver=manifest.receiver,
            created_at=now, purpose=manifest.purpose, directory_version=self.directory_.version,
            encrypt_to=keys, parts=() if words is None else [body_part(words)],
            priority=manifest.priority, conversation=manifest.conversation,
            seq=max(one.seq for one in own) + 1, prev=max(own, key=lambda one: one.seq).h,
            in_reply_to=(reply_to or ask).h,
        )  # fmt: skip
        envelope = seal(message, (), self.keys[f"{POLICE}#sign"], now)
        if queue:
            self.offer(envelope)
        return envelope

    def offer(self, envelope: Envelope) -> None:
        """Take a message as the centre takes it, and queue it for its receiver."""
        self._move(envelope)
        self.smuggle(envelope)

    def smuggle(self, envelope: Envelope) -> None:
        """Queue a message that an honest centre would not have taken."""
        self.queue.append(
            {
                "h": envelope.h,
                "envelope": json.loads(envelope.to_bytes()),
                "centre_receipt": self.receipt(envelope.h),
            }
        )

    def answer(self, envelope: Envelope, type_: str = "answer") -> Any:
        """The opened answer to an ask; the outcome for a refusal or notice; None when nothing came."""
        for one in self.came:
            if one.manifest.in_reply_to == envelope.h and one.manifest.type == type_:
                if one.manifest.part("answer") is None:
                    return one.manifest.outcome
                data = open_part(one.envelope, "answer", self.keys[f"{POLICE}#encrypt"])
                answer: Answer = decode(one.kind.answer, data)
                return answer
        return None


OFFICERS = {
    "lan": ("duty", Role.INVESTIGATOR),
    "minh": ("duty", Role.UNIT_HEAD),
    "ha": ("south", Role.UNIT_HEAD),
    "son": ("duty", Role.DUTY_OFFICER),
}


def catalogue() -> Any:
    return load_profile("demo").catalogue


def build_centre(clock: FixedClock, never_block_hash: str | None = None) -> MemoryCentre:
    """Keys and directory of the police and of every simulated member."""
    roots = [crypto.new_sign_key() for _ in range(3)]
    directory_key, log_key = crypto.new_sign_key(), crypto.new_sign_key()
    root = make_root(
        roots,
        directory_keys=[crypto.public_jwk(directory_key)],
        log_keys=[crypto.public_jwk(log_key)],
        country="vn",
        issued_at=NOW - timedelta(days=60),
    )
    keys: dict[str, PrivateKey] = {}
    members, rows, officers = [], [], []

    def row(key: PrivateKey, use: KeyUse, member: str, *by: PrivateKey, officer: str | None = None, scope: ShiftScope | None = None) -> KeyRow:  # fmt: skip
        public = crypto.public_jwk(key)
        plain = KeyRow(
            kid=crypto.kid_of(public), use=use, member=member, officer=officer, alg=crypto.alg_of(key),
            jwk=public, storage=KeyStorage.SOFT, valid_from=START, valid_to=END, scope=scope,
        )  # fmt: skip
        return sign_row(plain, *by)

    everybody = [(POLICE, MemberKind.POLICE, "", None)]
    everybody += [(one.address, one.kind, one.code, one.participation) for one in cast()]
    everybody += [(OTHER_TELECOM, MemberKind.TELECOM, "", None)]
    for address, member_kind, code, participation in everybody:
        members.append(
            MemberRow(
                id=address, address=address, kind=member_kind, name_vi=address, name_en=address,
                state=MemberState.ACTIVE, connection=Connection.CONNECTED, valid_from=START,
                bins=(code,) if code else (), participation=participation,
            )
        )  # fmt: skip
        enrol, sign, encrypt = (
            crypto.new_sign_key(),
            crypto.new_sign_key(),
            crypto.new_encrypt_key(),
        )
        keys |= {f"{address}#enrol": enrol, f"{address}#sign": sign, f"{address}#encrypt": encrypt}
        rows += [
            row(enrol, KeyUse.ENROL, address, *roots[:2]),
            row(sign, KeyUse.SIGN, address, enrol),
            row(encrypt, KeyUse.ENCRYPT, address, enrol),
        ]
    for name, (unit, role) in OFFICERS.items():
        plain = OfficerRow(
            id=name, member=POLICE, unit=unit, name=name, staff_no=name, state="ACTIVE", valid_from=START,
            roles=(RoleHeld(role=role, unit=unit, valid_from=START),),
        )  # fmt: skip
        officers.append(sign_row(plain, keys[f"{POLICE}#enrol"]))
        keys[name] = crypto.new_sign_key()
        rows.append(row(keys[name], KeyUse.SIGN, POLICE, keys[f"{POLICE}#enrol"], officer=name))
    directory = build_directory(
        directory_key,
        root=root,
        version=1,
        prev_hash=None,
        issued_at=NOW - timedelta(minutes=5),
        members=members,
        units=[],
        officers=officers,
        keys=rows,
        mandates_hash=catalogue().hash,
        never_block_hash=never_block_hash,
    )
    return MemoryCentre(clock, root, directory_key, log_key, keys, directory)


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small country, made once; tests copy a member's folder before they run it."""
    folder = tmp_path_factory.mktemp("country")
    generate(folder, seed=7, now=NOW, transfers=8_000)
    return folder


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def centre(clock: FixedClock) -> MemoryCentre:
    return build_centre(clock)


@dataclass
class Bench:
    """A centre with as many members as a test opens."""

    centre: MemoryCentre
    country: Path
    folder: Path
    opened: dict[str, Connector] = field(default_factory=dict)

    @property
    def truth(self) -> dict[str, Any]:
        return dict(json.loads((self.country / "truth.json").read_text()))

    def place(self, address: str) -> Path:
        """A copy of the member's folder with its keys."""
        name = address.replace("/", "-")
        place = self.folder / name
        if not place.exists():
            shutil.copytree(self.country / name, place)
            for use in ("sign", "encrypt"):
                key = self.centre.keys[f"{address}#{use}"]
                (place / "keys" / f"{use}.jwk").write_text(json.dumps(private_jwk(key)))
            (place / "keys" / "root.json").write_text(json.dumps(self.centre.root.to_json()))
        return place

    def open(self, address: str, *, again: bool = False) -> Connector:
        """The member's connector over the centre in memory; `again`: a new process on the same files."""
        if again:
            self.opened.pop(address).member.store.close()
        if address not in self.opened:
            config = load_config(self.place(address) / "connector.toml")
            member: Member = open_member(config, self.centre.clock)
            self.opened[address] = Connector(member, self.centre, self.centre)
        return self.opened[address]

    def run(self, address: str) -> None:
        """Until nothing is left to do."""
        connector = self.open(address)
        connector.poll_once(wait=0)
        for _ in range(20):
            if not connector.work_once():
                return

    def account(self, scam: str, label: str) -> str:
        return str(self.truth["scams"][scam]["accounts"][label])


@pytest.fixture
def bench(centre: MemoryCentre, country: Path, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(centre, country, tmp_path)
    yield made
    for connector in made.opened.values():
        connector.member.store.close()
