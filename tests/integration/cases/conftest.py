# ruff: noqa: ARG002 - a bank answers each kind by one signature
"""The members' small country with four banks whose keys and ledgers the test holds, and people of two units.

`pump` lets everything flow: what is ready leaves, each bank answers what it was asked from its ledger in
memory with the real engine, and the centre takes the answers, until nothing moves.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.services import current_code
from lachan.access.steps import step
from lachan.cases.tracing import full
from lachan.exchange import envelope as wire
from lachan.exchange import receiving, router, sending
from lachan.exchange.catalogue import calendar_hash, catalogue, profile
from lachan.exchange.crypto import PrivateKey, new_encrypt_key, new_sign_key
from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import MessageType, decode, from_json, kind
from lachan.exchange.manifest import Outcome
from lachan.exchange.models import MessageRecord
from lachan.exchange.opening import open_part
from lachan.exchange.parts import body_part
from lachan.holds import outside as holds_outside
from lachan.kernel.time import FixedClock, SystemClock, from_wire, to_wire
from lachan.members import services as members
from lachan.members.enrolment import key_row
from lachan.members.models.officers import Officer
from lachan.members.roles import Connection, KeyUse, MemberState, Role
from lachan.reports import outside as reports_outside
from lachan.reports import services as reports
from lachan.reports.rules import Channel, TransferForm
from lachan.tracing.federated import BankTrace
from lachan.tracing.lines import Line
from lachan.tracing.memory import MemoryBank
from tests.integration.members.conftest import (
    A05,
    PASSPHRASE,
    Deployment,
    country,
    data_folder,
    empty,
)

__all__ = ["country", "data_folder", "empty"]

BINS = ("970436", "970415", "970418", "970422")
WHY = "the test looks at everything"
MULE_BANDS = {
    "merchant": False, "protected_inflow": False, "age_ge_2y": False, "age_lt_90d": True,
    "payers_ge_20": False, "share_lt_1": False, "share_lt_5": False, "share_ge_50": True,
    "gone_80_in_60": True,
}  # fmt: skip


class Ledger(MemoryBank):
    """A ledger in memory that knows its holders' bands."""

    def __init__(self, bank: str) -> None:
        super().__init__(bank)
        self.known: dict[str, dict[str, bool]] = defaultdict(lambda: dict(MULE_BANDS))
        self.held: dict[str, int] = defaultdict(int)

    def bands(self, account: str, tainted: int) -> dict[str, bool]:
        return self.known[account]


@dataclass
class TestBank:
    """A bank's side: keys, ledger, traces, what it holds; `silent` answers nothing."""

    __test__ = False

    address: str
    code: str
    sign: PrivateKey
    encrypt: PrivateKey
    ledger: Ledger
    traces: dict[str, BankTrace] = field(default_factory=lambda: defaultdict(BankTrace))
    orders: dict[str, tuple[str, int]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    refuses: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    released: list[tuple[str, int | None]] = field(default_factory=list)

    def reply(self, ask: Envelope, now: datetime) -> Any:
        """The answer's struct, from the ledger."""
        name = ask.manifest.kind
        declared = kind(name)
        question = decode(declared.ask, open_part(ask, "ask", self.encrypt))
        made = getattr(self, f"_{name}")(question, ask.h, now)
        return from_json(declared.answer, {"as_of": to_wire(now), **made})

    def _confirm_transfer(self, q: Any, h: str, now: datetime) -> dict[str, Any]:
        return {"outcome": "SETTLED", "ref": q.ref, "booked_at": q.time, "amount": q.amount}

    def _trace_credit(self, q: Any, h: str, now: datetime) -> dict[str, Any]:
        return self.traces[q.trace].answer(full(q), self.ledger)

    def _pause(self, q: Any, h: str, now: datetime) -> dict[str, Any]:
        return {"effect": self._effect(h, q.account, q.amount), "amount": self.orders[h][1], "carved": 0,
                "until": q.until, "bands": self.ledger.bands(q.account.partition(":")[2], 1)}  # fmt: skip

    def _hold(self, q: Any, h: str, now: datetime) -> dict[str, Any]:
        if q.converts:
            self._let_go(q.converts, None)
        effect = self._effect(h, q.account, q.amount)
        return {"effect": effect, "held": self.orders[h][1], "carved": 0, "at": to_wire(now)}

    def _renew(self, q: Any, h: str, now: datetime) -> dict[str, Any]:
        return {"until": q.until, "held": q.amount}

    def _release(self, q: Any, h: str, now: datetime) -> dict[str, Any]:
        gone = self._let_go(q.order, q.amount)
        self.released.append((q.order, q.amount))
        return {"released": gone, "left": self.orders[q.order][1], "at": to_wire(now)}

    def _notify_holder(self, q: Any, h: str, now: datetime) -> dict[str, Any]:
        self.notices.append(q.text)
        return {"channel": "APP", "at": to_wire(now)}

    def _effect(self, h: str, account: str, amount: int) -> str:
        number = account.partition(":")[2]
        got = max(0, min(amount, self.ledger.balance(number) - self.ledger.held[number]))
        self.ledger.held[number] += got
        self.orders[h] = (number, got)
        return "FULL" if got == amount else "PARTIAL" if got else "ZERO"

    def _let_go(self, h: str, amount: int | None) -> int:
        number, held = self.orders[h]
        gone = held if amount is None else min(amount, held)
        self.orders[h] = (number, held - gone)
        self.ledger.held[number] -= gone
        return gone


@dataclass
class World:
    """Everything that a test of a case asks for."""

    country: Deployment
    banks: dict[str, TestBank]
    listed: set[str]
    answered: set[str] = field(default_factory=set)
    order: int = 0

    @property
    def clock(self) -> FixedClock:
        return self.country.clock

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def actor(self, name: str, purpose: Purpose = Purpose.GLD) -> Actor:
        return self.country.actor(name, purpose)

    def code(self, name: str) -> str:
        return current_code(self.country.logins[name], clock=SystemClock())

    def pay(
        self, src: str | None, dst: str | None, amount: int, *, ago: int, kind: str = "transfer"
    ) -> str:
        """One transfer `ago` seconds before now; None: cash, outside."""
        self.order += 1
        at = int(self.now.timestamp()) - ago
        ref = f"FT{self.order:04d}"
        for here, there, sign in ((src, dst, -1), (dst, src, 1)):
            if here is None:
                continue
            bank, _, number = here.partition(":")
            peer = (None, None) if there is None else tuple(there.split(":"))
            self.banks[bank].ledger.post(
                number,
                Line(
                    self.order,
                    ref,
                    at,
                    sign * amount,
                    *peer,
                    kind=kind if there is None else "transfer",
                ),
            )
        return ref

    def fund(self, account: str, amount: int) -> None:
        bank, _, number = account.partition(":")
        self.order += 1
        at = int(self.now.timestamp()) - 10 * 24 * 3600
        self.banks[bank].ledger.post(
            number, Line(self.order, f"IN{self.order:04d}", at, amount, None, None, kind="other")
        )

    def report(self, src: str, dst: str, amount: int, ref: str, *, ago: int, channel: str = "PHONE",
               contacts: tuple[tuple[str, str], ...] = (), key: str = "k1") -> Any:  # fmt: skip
        """An officer on the telephone takes a report; containment starts by itself."""
        at = (self.now - timedelta(seconds=ago)).astimezone(UTC)
        form = reports.ReportForm(
            key=key,
            channel=Channel(channel),
            transfers=(transfer_form(src, dst, amount, at, ref),),
            contacts=contacts,
            phone="0912345678",
            victim_name="Nguyễn Thị Bị Hại",
            scam_type="FAKE_POLICE",
        )
        return reports.file_report(actor=self.actor("Trần Minh Trực"), form=form, clock=self.clock)

    def pump(self, rounds: int = 40) -> int:
        """Let everything flow until nothing moves; answers how many answers came."""
        came = 0
        for _ in range(rounds):
            moved = 0
            for one in sending.ready(now=self.now):
                moved += sending.send_one(outgoing_id=one, clock=self.clock) == "SENT"
            moved += self._answer_all()
            for delivery in receiving.waiting(now=self.now):
                assert receiving.take(delivery=delivery, clock=self.clock) == "taken"
                moved += 1
                came += 1
            if not moved:
                break
        return came

    def _answer_all(self) -> int:
        rows = (
            MessageRecord.objects.unscoped(reason=WHY)
            .filter(type="ask")
            .exclude(h__in=self.answered)
        )
        n = 0
        for record in rows.order_by("logged_at", "id"):
            bank = next(
                (b for b in self.banks.values() if record.receiver.startswith(b.address)), None
            )
            if bank is None or record.kind in bank.silent:
                continue
            self.answered.add(record.h)
            n += 1
            ask = Envelope.from_bytes(bytes(record.envelope))
            verdict = self._post(self._answer(bank, ask))
            assert isinstance(verdict, router.Accepted), verdict
        return n

    def _answer(self, bank: TestBank, ask: Envelope) -> Envelope:
        directory = members.current_directory()
        keys = [directory.encrypt_key(address, self.now) for address in (A05, bank.address)]
        refusal = bank.refuses.get(ask.manifest.kind)
        reply = None if refusal else bank.reply(ask, self.now)
        outcome = (
            Outcome(status="Rejected", substate="auto_policy", reason=refusal)
            if refusal
            else Outcome(status="Disclosed", substate="complete")
        )
        message = wire.draft(
            type=MessageType.REFUSE if refusal else MessageType.ANSWER, kind_name=ask.manifest.kind,
            sender=ask.manifest.receiver, receiver=ask.manifest.sender, created_at=self.now,
            purpose=ask.manifest.purpose, directory_version=directory.version,
            encrypt_to=[key.jwk for key in keys if key], parts=() if reply is None else (body_part(reply),),
            priority=ask.manifest.priority, conversation=ask.manifest.conversation, seq=1, prev=None,
            in_reply_to=ask.h, outcome=outcome,
        )  # fmt: skip
        return wire.seal(message, (), bank.sign, self.now)

    @staticmethod
    def _post(envelope: Envelope) -> Any:
        @step
        def post() -> tuple[Any, list[Any]]:
            return router.accept(envelope, now=envelope.sent_at), []

        return post()


def transfer_form(src: str, dst: str, amount: int, at: datetime, ref: str) -> TransferForm:
    return TransferForm(
        rail="BANK", from_bank=src.partition(":")[0], from_account=src.partition(":")[2],
        to_bank=dst.partition(":")[0], to_account=dst.partition(":")[2], amount=str(amount),
        at=to_wire(at), ref=ref, payee="",
    )  # fmt: skip


@pytest.fixture
def world(country: Deployment, settings: Any) -> World:
    settings.LACHAN_PROFILE = "demo"
    profile.cache_clear()
    made = country
    made.clock.at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=2)
    banks: dict[str, TestBank] = {}
    for code in BINS:
        address = f"vn/bank/{code}"
        if code != "970436":
            made.register(address, Connection.CONNECTED, bins=(code,), participation=5)
            members.add_unit(
                made.system, address, "fraud-desk", "Phòng chống gian lận", clock=made.clock
            )
            members.change_state(
                made.system, address, MemberState.TESTING, reason="applied", clock=made.clock
            )
            for name in ("Lê Thị Một", "Phạm Văn Hai"):
                members.activate(made.actor(name), address, clock=made.clock, waiver=True)
        sign, encrypt = new_sign_key(), new_encrypt_key()
        enrol = made.safe.enrol_key(address)
        made.clock.advance(1)
        for use, key in ((KeyUse.SIGN, sign), (KeyUse.ENCRYPT, encrypt)):
            members.add_key(
                made.system,
                key_row(address, key, use, enrol=enrol, at=made.clock.now()),
                clock=made.clock,
            )
        banks[code] = TestBank(address, code, sign, encrypt, Ledger(code))
    members.add_unit(made.system, A05, "phong-2", "Phòng 2", clock=made.clock)
    made.enrol("Hoàng Thị Gia", A05, "phong-2", Role.UNIT_HEAD)
    made.enrol("Đỗ Văn Tâm", A05, "phong-2", Role.UNIT_HEAD, Role.INVESTIGATOR)
    for n, name in enumerate(
        ("Trần Minh Trực", "Nguyễn Thị Trưởng", "Hoàng Thị Gia", "Đỗ Văn Tâm")
    ):
        Officer.objects.unscoped(reason=WHY).filter(name=name).update(person_key=f"{n:064d}")
    members.publish_directory(
        made.system, clock=made.clock, mandates_hash=catalogue().hash, calendar_hash=calendar_hash()
    )
    members.open_shift(
        made.actor("Trần Minh Trực", Purpose.GLD), passphrase=PASSPHRASE,
        totp=current_code(made.logins["Trần Minh Trực"], clock=made.machine), clock=made.clock,
        machine=made.machine,
    )  # fmt: skip
    listed: set[str] = set()
    holds_outside.use(never_block=listed.__contains__)
    reports_outside.use(phone_code=None, never_block=listed.__contains__)  # type: ignore[arg-type] # no telephone here
    return World(made, banks, listed)


__all__ += ["from_wire"]
