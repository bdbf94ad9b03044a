"""No plaintext part of a connected member stands in the centre's tables; each level of lateness is told once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from lachan.access.bus import on
from lachan.exchange import lateness, receiving, router
from lachan.exchange.events import Late
from lachan.exchange.kinds import kind
from lachan.exchange.models import ConversationRecord, DeliveryRecord
from lachan.kernel.time import to_wire
from tests.integration.exchange.conftest import Bank
from tests.integration.exchange.forging import MARKER, WHY, forge, post, question
from tests.integration.members.conftest import Deployment

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
