"""No stamp for four hours: new asks are refused at drafting and at the router; everything else passes; a stamp opens again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.access.actors import Actor
from lachan.adapters.tsa import authority
from lachan.evidence import stamping
from lachan.evidence.models import Stamp
from lachan.evidence.sequencer import sequence_all
from lachan.evidence.stamping import Outcome, stamp_once
from lachan.exchange import receiving, router, taking, writing
from lachan.exchange.capacity_errors import EvidenceStopped
from lachan.exchange.kinds import MessageType, all_kinds
from lachan.exchange.models import MessageRecord, OutgoingRecord
from lachan.exchange.services import DraftView, NotSent
from lachan.kernel.time import FixedClock
from lachan.members import services as members
from lachan.members.enrolment import Safe
from tests.integration.exchange.conftest import Bank
from tests.integration.exchange.forging import forge, post, refused
from tests.integration.exchange.test_round_trip import _ask, _ask_on_the_wire, _reply, _send_all
from tests.integration.members.conftest import CENTRE, Deployment
from tests.tsa import Tsa, running

WHY = "the test looks at everything"
HOURS = 5


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tsa]:
    with running(tmp_path_factory.mktemp("tsa")) as one:
        yield one


@pytest.fixture
def tsa(made: Tsa) -> Iterator[Tsa]:
    made.fault = "down"
    stamping.use(*authority.configured([made.setting]))
    yield made
    stamping.use()


@pytest.fixture
def empty(db: None, data_folder: Path, tmp_path: Path) -> Deployment:
    """Founded five hours ago by the machine's clock, which is the authority's."""
    clock = FixedClock(datetime.now(UTC))
    machine = FixedClock(clock.advance(-HOURS * 3600))
    safe = Safe(tmp_path / "safe")
    members.make_deployment(safe, clock=clock)
    return Deployment(safe, clock, machine, Actor.system(CENTRE))


def silence(country: Deployment) -> None:
    """The authority is asked in vain until the four hours are over."""
    sequence_all(country.clock)
    assert stamp_once(country.clock) is Outcome.FAILED
    country.clock.advance(HOURS * 3600)
    sequence_all(country.clock)
    assert stamp_once(country.clock) is Outcome.FAILED


def test_an_ask_is_refused_by_the_router_and_not_written_by_the_shift(
    tsa: Tsa, shift: None, bank: Bank, country: Deployment
) -> None:
    assert isinstance(_ask(country), DraftView)
    assert _send_all(country) == ["SENT"]
    silence(country)
    verdict = refused(forge(country), country, "exchange.evidence_stopped")
    assert (verdict.status, verdict.retry) == (503, False)
    outgoing = OutgoingRecord.objects.unscoped(reason=WHY).count()
    made = _ask(country)
    assert isinstance(made, NotSent)
    assert made.reason == "exchange.evidence_stopped"
    assert OutgoingRecord.objects.unscoped(reason=WHY).count() == outgoing


def test_answers_and_acknowledgements_pass(
    tsa: Tsa, shift: None, bank: Bank, country: Deployment
) -> None:
    _ask(country)
    _send_all(country)
    silence(country)
    assert isinstance(post(bank.answer(_ask_on_the_wire(), _reply(country)), country), router.Accepted)  # fmt: skip
    for one in receiving.waiting(now=country.clock.now()):
        assert receiving.take(delivery=one, clock=country.clock) == "taken"
    assert _send_all(country) == ["SENT"]
    assert MessageRecord.objects.unscoped(reason=WHY).filter(type="acknowledge").count() == 1


def test_a_message_accepted_before_still_gets_its_receipt(
    tsa: Tsa, shift: None, bank: Bank, country: Deployment
) -> None:
    envelope = forge(country)
    first = post(envelope, country)
    silence(country)
    again = post(envelope, country)
    assert isinstance(first, router.Accepted)
    assert isinstance(again, router.Accepted)
    assert (again.again, again.receipt) == (True, first.receipt)


def test_a_draft_that_waits_for_its_dispatch_stays_a_draft(
    tsa: Tsa, shift: None, bank: Bank, country: Deployment
) -> None:
    made = _ask(country)
    assert isinstance(made, DraftView)
    OutgoingRecord.objects.unscoped(reason=WHY).filter(pk=made.id).update(state="DRAFTED")
    silence(country)
    with pytest.raises(EvidenceStopped):
        writing.dispatch(made.id, now=country.clock.now())
    assert OutgoingRecord.objects.unscoped(reason=WHY).get(pk=made.id).state == "DRAFTED"


def test_what_was_ready_when_it_stopped_is_refused_and_told(
    tsa: Tsa, shift: None, bank: Bank, country: Deployment
) -> None:
    _ask(country)
    silence(country)
    assert _send_all(country) == ["REFUSED"]
    body = OutgoingRecord.objects.unscoped(reason=WHY).get().refusal
    assert body["code"] == "exchange.evidence_stopped"


def test_the_first_stamp_over_the_oldest_entry_opens_again(
    tsa: Tsa, shift: None, bank: Bank, country: Deployment
) -> None:
    silence(country)
    refused(forge(country), country, "exchange.evidence_stopped")
    tsa.fault = ""
    sequence_all(country.clock)
    assert stamp_once(country.clock) is Outcome.STAMPED
    assert Stamp.objects.count() == 1
    country.clock.advance(1)
    assert isinstance(post(forge(country), country), router.Accepted)
    assert isinstance(_ask(country), DraftView)


def test_only_asks_that_ease_nothing_are_stopped(
    tsa: Tsa, country: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    silence(country)
    now, stopped = country.clock.now(), set()
    for name in all_kinds():
        for type_ in MessageType:
            try:
                taking.ensure_taken(name, type_, now)
            except EvidenceStopped:
                assert type_ is MessageType.ASK
                stopped.add(name)
    assert all_kinds().keys() - stopped == {"release", "notify_holder", "unfreeze", "lift_block"}


def test_a_message_costs_no_statement_more(
    tsa: Tsa, shift: None, bank: Bank, country: Deployment
) -> None:
    def statements(act: Any) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert isinstance(post(act, country), router.Accepted)
        return len(seen)

    post(forge(country), country)  # whatever is read once is read now, the oldest entry too
    with_authority = statements(forge(country))
    stamping.use()
    assert statements(forge(country)) == with_authority


def test_without_an_authority_nothing_stops(shift: None, bank: Bank, country: Deployment) -> None:
    country.clock.advance(HOURS * 3600)
    assert isinstance(post(forge(country), country), router.Accepted)
