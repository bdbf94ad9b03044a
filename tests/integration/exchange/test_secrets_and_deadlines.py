"""No plaintext part of a connected member stands in the centre's tables; each level of lateness is told once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from lachan.access.bus import on
from lachan.evidence.models import Entry
from lachan.exchange import conversation, lateness, receiving, router
from lachan.exchange.conversation import Conversation
from lachan.exchange.conversation_seen import Seen
from lachan.exchange.events import Late
from lachan.exchange.kinds import MessageType, kind
from lachan.exchange.models import ConversationRecord, DeliveryRecord
from lachan.kernel.ids import uuid7
from lachan.kernel.time import to_wire
from tests.integration.exchange.conftest import Bank
from tests.integration.exchange.forging import MARKER, WHY, forge, post, question
from tests.integration.members.conftest import A05, Deployment

pytestmark = pytest.mark.usefixtures("shift")
TOLD: list[Late] = []


@on(Late)
def hear_late(fact: Late) -> None:
    TOLD.append(fact)


@pytest.fixture(autouse=True)
def forget() -> None:
    TOLD.clear()


def everywhere(needle: bytes) -> list[str]:
    """Tables and columns in which the bytes stand."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own table names
            names = [column[0] for column in cursor.description or ()]
            for row in cursor.fetchall():
                found += [f"{table}.{name}" for name, value in zip(names, row, strict=True) if needle in _bytes(value)]  # fmt: skip
    return found


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def test_the_scan_would_find_what_stands_in_a_table(country: Deployment) -> None:
    post(forge(country), country)
    assert "exchange_conversationrecord.case_ref" in everywhere(b"VA-26-000001")


def test_no_table_shows_the_plaintext_of_a_question_or_an_answer(
    bank: Bank, country: Deployment
) -> None:
    """Posted through the door, as connected members do: the centre has nobody's key to it."""
    ask = forge(country, body=question(country, ref=MARKER))
    assert isinstance(post(ask, country), router.Accepted)
    body = kind("confirm_transfer").answer(
        as_of=to_wire(country.clock.now()), outcome="SETTLED", ref=MARKER
    )
    assert isinstance(post(bank.answer(ask, body), country), router.Accepted)
    assert everywhere(MARKER.encode()) == []


def _late(country: Deployment) -> int:
    """One sweep, as the clock's process does it."""
    now = country.clock.now()
    found = lateness.due(now=now)
    for one in found:
        lateness.tell(conversation=one, clock=country.clock)
    return len(found)


def test_every_level_of_lateness_is_told_once_and_in_order(country: Deployment) -> None:
    post(forge(country), country)
    for _ in range(24 * 60):
        country.clock.advance(60)
        _late(country)
        _late(country)  # a second sweep of the same minute says nothing new
    levels = [fact.level for fact in TOLD]
    assert levels == sorted(set(levels))
    assert levels[-1] == 3
    assert ConversationRecord.objects.unscoped(reason=WHY).get().next_level_at is None


def test_a_sweep_that_slept_through_a_day_tells_each_level_it_missed(country: Deployment) -> None:
    post(forge(country), country)
    country.clock.advance(24 * 3600)
    _late(country)
    levels = [fact.level for fact in TOLD]
    assert levels == list(range(levels[0], 4))
    assert _late(country) == 0


def test_two_sweeps_that_both_listed_a_conversation_tell_and_log_each_level_once(
    country: Deployment,
) -> None:
    ask = forge(country)
    post(ask, country)
    country.clock.advance(24 * 3600)
    first, second = (lateness.due(now=country.clock.now()) for _ in range(2))
    for one in (*first, *second):
        lateness.tell(conversation=one, clock=country.clock)
    assert [fact.level for fact in TOLD] == [-1, 0, 1, 2, 3]
    logged = [json.loads(bytes(one.bytes)) for one in Entry.objects.filter(h=ask.h).order_by("id")]
    late = [one for one in logged if one["event"] == "late"]
    assert [one["code"] for one in late] == ["L0", "L1", "L2", "L3"]
    assert {one["receiver"] for one in late} == {ask.manifest.receiver}


def test_the_next_level_is_the_instant_at_which_it_is_reached(country: Deployment) -> None:
    """Nothing is due a second before, and the level is told when its instant comes."""
    post(forge(country), country)
    for level in (-1, 0, 1, 2, 3):
        at = ConversationRecord.objects.unscoped(reason=WHY).get().next_level_at
        assert at is not None
        assert lateness.due(now=at - timedelta(milliseconds=1)) == []
        country.clock.advance((at - country.clock.now()).total_seconds())
        _late(country)
        assert TOLD[-1].level == level


def test_an_answer_is_judged_once_and_a_dispute_starts_a_clock_of_half_the_time(
    bank: Bank, country: Deployment
) -> None:
    ask = forge(country)
    post(ask, country)
    country.clock.advance(20)
    body = kind("confirm_transfer").answer(as_of=to_wire(country.clock.now()), outcome="SETTLED")
    post(bank.answer(ask, body), country)
    talk = ConversationRecord.objects.unscoped(reason=WHY).get()
    assert (talk.ending, talk.late, talk.worked_seconds) == ("ANSWERED", False, 20)
    assert talk.ended_at is not None
    assert talk.due_at is not None
    assert talk.asked_at is not None
    first = talk.due_at - talk.asked_at
    state = Conversation.from_json(talk.state)
    country.clock.advance(60)
    at = country.clock.now()
    dispute = Seen(
        h="ab" * 32, id=str(uuid7()), sender=A05, type=MessageType.DISPUTE, seq=2, at=to_wire(at)
    )
    after, _ = conversation.step(state, dispute, at)
    lateness.follow(talk, after, at=at)
    assert talk.ended_at is None
    assert talk.due_at is not None
    assert abs(talk.due_at - at - first / 2) < timedelta(seconds=1)
    assert talk.next_level_at is not None
    assert (talk.ending, talk.late, talk.worked_seconds) == ("ANSWERED", False, 20)


def test_an_answer_stops_the_clock(bank: Bank, country: Deployment) -> None:
    ask = forge(country)
    post(ask, country)
    country.clock.advance(20)
    body = kind("confirm_transfer").answer(as_of=to_wire(country.clock.now()), outcome="SETTLED")
    post(bank.answer(ask, body), country)
    country.clock.advance(24 * 3600)
    assert _late(country) == 0
    assert TOLD == []


def test_a_delivery_that_fails_is_tried_again_later_and_blocks_nobody(
    bank: Bank, country: Deployment
) -> None:
    """A hosted member's delivery whose conversation is gone: noted, put off, and the next one is taken."""
    first, second = forge(country), forge(country)
    for ask in (first, second):
        post(ask, country)
        body = kind("confirm_transfer").answer(
            as_of=to_wire(country.clock.now()), outcome="SETTLED"
        )
        post(bank.answer(ask, body), country)
    talks = ConversationRecord.objects.unscoped(reason=WHY)
    talks.filter(ask_h=first.h).delete()
    now = country.clock.now()
    ends = [receiving.take(delivery=one, clock=country.clock) for one in receiving.waiting(now=now)]
    assert sorted(ends) == ["fault", "taken"]
    assert receiving.waiting(now=now) == []
    assert len(receiving.waiting(now=now + timedelta(seconds=2))) == 1
    kept = DeliveryRecord.objects.unscoped(reason=WHY).get(faults=1)
    assert "conversation" in kept.fault
