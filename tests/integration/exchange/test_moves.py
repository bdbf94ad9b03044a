"""What follows a question on both sides: parts, a question back, a cancel, a dispute, a late answer; and what crosses."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lachan.access.actors import Actor
from lachan.access.bus import on
from lachan.access.errors import NotAllowed, PurposeNotServed
from lachan.access.purposes import Purpose
from lachan.access.steps import step
from lachan.evidence.models import Entry
from lachan.exchange import catalogue, lateness, queries, receiving, replying, router, sending
from lachan.exchange import envelope as wire
from lachan.exchange import lines as beside
from lachan.exchange.deadlines import Pause, deadline
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import ConversationUnknown
from lachan.exchange.events import Late, TurnChanged
from lachan.exchange.forms.reading import FormWrong
from lachan.exchange.kinds import Coverage, MessageType, Priority, Question, kind
from lachan.exchange.manifest import Outcome
from lachan.exchange.messages import provide_account_holder, provide_statement
from lachan.exchange.models import (
    ConversationRecord,
    DeliveryRecord,
    MessageRecord,
    OutgoingRecord,
    RefusedRecord,
)
from lachan.exchange.move_errors import (
    NoClarificationWanted,
    NotCancellable,
    NotDisputable,
    NothingToReview,
)
from lachan.exchange.moves import Clarify, Move, RefusalWords
from lachan.exchange.opening import open_part
from lachan.exchange.parts import body_part, rows_part
from lachan.exchange.services import DraftView
from lachan.exchange.writing import Letter, post
from lachan.kernel.time import to_wire
from lachan.members import services as members
from tests.integration.exchange.conftest import A05, BANK, Bank
from tests.integration.exchange.test_round_trip import _ask, _post, _send_all
from tests.integration.members.conftest import Deployment

WHY = "the test looks at everything"
ACCOUNT = "970436:0123456789"
WORKING = {"status": "AwaitingDisclosure"}
HEARD: list[TurnChanged] = []
TOLD: list[Late] = []


@on(TurnChanged)
def hear(fact: TurnChanged) -> None:
    HEARD.append(fact)


@on(Late)
def hear_late(fact: Late) -> None:
    TOLD.append(fact)


@pytest.fixture(autouse=True)
def forget() -> None:
    HEARD.clear()
    TOLD.clear()


class Talk:
    """One conversation from both sides: the hosted agency's officer, and the bank by hand."""

    def __init__(self, country: Deployment, bank: Bank, kind_name: str, question: Question) -> None:
        self.country, self.bank = country, bank
        made = _asked(country, kind_name, question)
        self.id = made.conversation
        self.sent: list[Envelope] = []
        assert _send_all(country) == ["SENT"]
        row = MessageRecord.objects.unscoped(reason=WHY).get(h=made.h)
        self.ask = Envelope.from_bytes(bytes(row.envelope))

    def hears(self, type_: str, body: Any = None, *, rows: list[Any] | None = None,
              **outcome: Any) -> router.Accepted | router.Rejected:  # fmt: skip
        """The bank says something; what the centre takes is delivered to the agency."""
        manifest, now = self.ask.manifest, self.country.clock.now()
        directory = members.current_directory()
        keys = [directory.encrypt_key(one, now) for one in (A05, BANK)]
        parts = () if body is None else (body_part(body),)
        if rows is not None:
            parts = (*parts, rows_part(rows, kind(manifest.kind).rows))
        message = wire.draft(
            type=MessageType(type_), kind_name=manifest.kind, sender=manifest.receiver,
            receiver=manifest.sender, created_at=now, purpose=manifest.purpose,
            directory_version=directory.version, encrypt_to=[key.jwk for key in keys if key],
            parts=parts, priority=manifest.priority, conversation=manifest.conversation,
            seq=len(self.sent) + 1, prev=self.sent[-1].h if self.sent else None, in_reply_to=self.ask.h,
            outcome=Outcome(**{"status": "Disclosed", "substate": "complete", **outcome}),
        )  # fmt: skip
        envelope = wire.seal(message, (), self.bank.sign, now)
        verdict = _post(envelope, self.country)
        if isinstance(verdict, router.Accepted):
            self.sent.append(envelope)
        return verdict

    def arrives(self) -> None:
        for one in receiving.waiting(now=self.country.clock.now()):
            assert receiving.take(delivery=one, clock=self.country.clock) == "taken"

    @property
    def record(self) -> ConversationRecord:
        return ConversationRecord.objects.unscoped(reason=WHY).get(pk=self.id)

    @property
    def state(self) -> tuple[str, str]:
        return self.record.status, self.record.substate

    def view(self, actor: Actor) -> queries.ConversationView:
        found = queries.conversation(actor, self.id)
        assert found is not None
        return found

    def own(self, type_: str) -> Envelope:
        """The agency's own message of a type, as it went on the wire."""
        row = MessageRecord.objects.unscoped(reason=WHY).get(
            conversation=self.id, type=type_, sender=self.ask.manifest.sender
        )
        return Envelope.from_bytes(bytes(row.envelope))


@step
def _asked(
    country: Deployment, kind_name: str, question: Question
) -> tuple[DraftView, list[object]]:
    """An ask of a member's own power: no signature is needed, so the conversation alone is under test."""
    letter = Letter(
        asker=f"{A05}/duty", kind_name=kind_name, body=question, receiver=f"{BANK}/fraud-desk",
        mandates=(), purpose=Purpose.INV, priority=Priority.P2, case_ref="VA-26-000001",
        expires_in=timedelta(days=7), unsigned=True,
    )  # fmt: skip
    return post(letter, now=country.clock.now()), []


@pytest.fixture
def lead(country: Deployment) -> Actor:
    return country.actor("Trần Minh Trực", Purpose.INV)


@pytest.fixture(autouse=True)
def no_rows(monkeypatch: pytest.MonkeyPatch, bank: Bank) -> None:
    """Mandates have tests of their own."""
    from lachan.exchange import mandates

    monkeypatch.setattr(mandates.Catalogue, "check", lambda *_args, **_more: [])


@pytest.fixture
def talk(country: Deployment, bank: Bank) -> Talk:
    ask = provide_account_holder.Ask(accounts=[ACCOUNT])
    return Talk(country, bank, "provide_account_holder", ask)


def reply(country: Deployment, **coverage: str) -> provide_account_holder.Reply:
    given = Coverage(**coverage) if coverage else None
    return provide_account_holder.Reply(
        as_of=to_wire(country.clock.now()), holders=[], coverage=given
    )


def right_due(talk: Talk, *pauses: tuple[datetime, datetime]) -> datetime:
    start = talk.record.asked_at
    assert start is not None
    declared = kind(talk.record.kind)
    stops = [Pause(*one) for one in pauses]
    calendar = catalogue.profile().calendar
    return deadline(declared, Priority.P2, start, calendar, pauses=stops).due_at


def near(one: datetime | None, other: datetime) -> bool:
    """To the millisecond, which is what the wire carries."""
    return one is not None and abs(one - other) < timedelta(milliseconds=2)
