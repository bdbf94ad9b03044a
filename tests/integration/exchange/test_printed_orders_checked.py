"""Anybody may ask whether a printed order is real, and learns the fact alone; nobody can walk through the log."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.steps import step
from lachan.evidence.sequencer import sequence_once
from lachan.exchange import sending, standing, writing
from lachan.exchange.kinds import MessageType, Priority, kind
from lachan.exchange.letters import Letter
from lachan.exchange.models import ConversationRecord, MessageRecord
from lachan.exchange.paper_models import CheckAttempt
from lachan.exchange.printed_code import PRINTED, PrintedCode, printed_code
from lachan.exchange.public_check import (
    ChecksLimited,
    OrderUnknown,
    PrintedOrder,
    Standing,
    check_order,
)
from lachan.exchange.queries import conversation
from lachan.exchange.services import DraftView, ask_by_shift
from lachan.kernel.time import to_wire
from lachan.members.vault import secret
from tests.integration.exchange.conftest import A05, BANK, Bank
from tests.integration.members.conftest import Deployment

WHY = "the test looks at everything"
SECRETS = ("60000000", "60.000.000", "1001001001", "2002002002", "FT1", "VA-26-000001")


@dataclass
class Printed:
    """An order on the wire, with its paper's code."""

    made: DraftView
    code: PrintedCode
    country: Deployment

    def check(self, text: str, address: str = "1.2.3.4") -> PrintedOrder:
        return check_order(
            actor=Actor.public(), text=text, address=address, clock=self.country.clock
        )


@step
def _ask(country: Deployment) -> tuple[Any, list[object]]:
    at = country.clock.now() - timedelta(minutes=5)
    question = kind("confirm_transfer").ask(
        ref="FT1", time=to_wire(at), amount=60_000_000, from_account="970436:1001001001", to_account="970418:2002002002",
    )  # fmt: skip
    made = ask_by_shift(
        asker=f"{A05}/duty", kind_name="confirm_transfer", question=question, receiver=f"{BANK}/fraud-desk", stage="report",
        purpose=Purpose.GLD, case_ref="VA-26-000001", clock=country.clock,
    )  # fmt: skip
    return made, []


def _send(country: Deployment) -> None:
    for one in sending.ready(now=country.clock.now()):
        sending.send_one(outgoing_id=one, clock=country.clock)
    sequence_once(country.clock)


@pytest.fixture
def printed(shift: None, bank: Bank, country: Deployment) -> Iterator[Printed]:
    made = _ask(country)
    _send(country)
    view = conversation(country.actor("Trần Minh Trực", Purpose.GLD), made.conversation)
    assert view is not None
    assert view.printed is not None
    return Printed(made, view.printed, country)


def test_the_scanned_text_and_the_typed_code_tell_the_fact(printed: Printed) -> None:
    for text in (printed.code.scanned, printed.code.typed, printed.code.typed.lower()):
        told = printed.check(text)
        assert told.title == kind("confirm_transfer").title
        assert (told.issuer.vi, told.receiver.vi) == (f"Thành viên {A05}", f"Thành viên {BANK}")
        assert told.logged_at == printed.country.clock.now()
        assert told.standing is Standing.IN_FORCE
    assert not any(text in repr(told) for text in SECRETS)


def test_every_wrong_code_gets_one_answer(printed: Printed) -> None:
    made = printed.made
    code = printed.code
    other = printed_code("ab" * 32, code.place, secret(PRINTED))
    wrong = [
        PrintedCode(code.place, other.code).typed,  # another message's code at this place
        PrintedCode(code.place + 1, code.code).typed,  # the right code at another place
        PrintedCode(10**12, code.code).typed,
        PrintedCode(code.place, code.code, other.h32).scanned,  # the right code with another hash
        other.scanned,
        made.h,
        "",
        "LC1",
        "x" * 5_000,
    ]
    answers = set()
    for n, text in enumerate(wrong):
        with pytest.raises(OrderUnknown) as refused:
            printed.check(text, address=f"1.1.1.{n}")
        answers.add((str(refused.value.body()), refused.value.field))
    assert len(answers) == 1


def test_a_wrong_code_costs_the_same_reads_as_a_right_one(
    printed: Printed,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    printed.check(printed.code.typed, "9.9.9.0")  # what is read once is read
    counts = set()
    for n, text in enumerate((printed.code.scanned, printed.code.typed, "LC1-7-AAAAA-AAAAA", "none", PrintedCode(printed.code.place, "A" * 10).typed), 1):  # fmt: skip
        with CaptureQueriesContext(connection) as seen, contextlib.suppress(OrderUnknown):
            printed.check(text, address=f"9.9.9.{n}")
        counts.add(len(seen))
    assert len(counts) == 1


def test_only_the_ask_itself_can_be_checked_not_another_entry_about_it(printed: Printed) -> None:
    """The log has several entries with this H (signatures, delivery); the paper names the one of its acceptance."""
    for place in range(printed.code.place + 3):
        if place == printed.code.place:
            continue
        with pytest.raises(OrderUnknown):
            printed.check(PrintedCode(place, printed.code.code).typed, address=f"2.2.2.{place}")


def test_thirty_look_ups_an_hour_from_one_address(printed: Printed) -> None:
    for n in range(30):
        if n % 2:
            printed.check(printed.code.typed)
        else:
            with pytest.raises(OrderUnknown):
                printed.check(f"LC1-{n}-AAAAA-AAAAA")
    with pytest.raises(ChecksLimited):
        printed.check(printed.code.typed)
    assert printed.check(printed.code.typed, address="4.4.4.4")
    printed.country.clock.advance(3_601)
    assert printed.check(printed.code.typed)


def test_tries_are_erased_after_a_day(printed: Printed) -> None:
    printed.check(printed.code.typed)
    printed.country.clock.advance(25 * 3600)
    printed.check(printed.code.typed)
    assert CheckAttempt.objects.unscoped(reason=WHY).count() == 1


@step
def _cancel(printed: Printed) -> tuple[DraftView, list[object]]:
    letter = Letter(
        asker=f"{A05}/duty", kind_name="confirm_transfer", body=None, receiver=f"{BANK}/fraud-desk", mandates=(),
        purpose=Purpose.GLD, priority=Priority.P0, case_ref="VA-26-000001", type_=MessageType.CANCEL,
        in_reply_to=printed.made.h, conversation=printed.made.conversation,
    )  # fmt: skip
    return writing.post(letter, now=printed.country.clock.now()), []


def test_a_cancelled_order_says_so(printed: Printed) -> None:
    _cancel(printed)
    _send(printed.country)
    assert printed.check(printed.code.typed).standing is Standing.CANCELLED


def test_a_question_whose_time_is_over_has_ended(printed: Printed) -> None:
    printed.country.clock.advance(25 * 3600)
    assert printed.check(printed.code.typed).standing is Standing.ENDED


def test_an_answered_question_has_ended(printed: Printed) -> None:
    ConversationRecord.objects.unscoped(reason=WHY).update(status="Disclosed", substate="complete")
    assert printed.check(printed.code.typed).standing is Standing.ENDED


def course(**given: Any) -> standing.Course:
    usual = {"status": "AwaitingDisclosure", "substate": "sent", "binds": True, "replaced": False, "eased": False, "eased_whole": False, "ends_at": None}  # fmt: skip
    return standing.Course(**{**usual, **given})


def test_an_order_binds_after_its_answer_until_it_ends_is_released_or_replaced(
    country: Deployment,
) -> None:
    now = country.clock.now()
    later, before = now + timedelta(hours=1), now - timedelta(seconds=1)
    assert course(status="Disclosed", ends_at=later).at(now) == "in_force"
    assert course(status="Disclosed", ends_at=before).at(now) == "ended"
    assert course(status="Disclosed", ends_at=now).at(now) == "ended"
    assert course(eased=True, ends_at=later).at(now) == "in_force"
    assert course(eased=True, eased_whole=True, ends_at=later).at(now) == "ended"
    assert course(replaced=True, ends_at=later).at(now) == "replaced"
    assert course(status="Rejected").at(now) == "ended"
    assert course(status="Cancelled", substate="lapsed").at(now) == "ended"
    assert course(status="Cancelled", substate="by_asker").at(now) == "cancelled"


@pytest.fixture
def client_of_nobody() -> Client:
    return Client(enforce_csrf_checks=False)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_answers_in_both_languages_without_scripts(
    printed: Printed, client_of_nobody: Client, language: str
) -> None:
    client_of_nobody.cookies["django_language"] = language
    address = reverse("order_check")
    assert address == "/kiem-tra-van-ban"
    assert client_of_nobody.get(address).status_code == 200
    right = client_of_nobody.post(address, {"code": printed.code.scanned})
    body = right.content.decode()
    assert right.status_code == 200
    assert {"vi": "Văn bản có trong nhật ký", "en": "The order is in the log"}[language] in body
    assert not any(text in body for text in SECRETS)
    wrong = client_of_nobody.post(address, {"code": "<script>alert(1)</script>"})
    assert wrong.status_code == 422
    assert "<script>alert" not in wrong.content.decode()
    assert wrong["Cache-Control"] == "no-store"


def test_the_page_says_when_it_is_too_much(printed: Printed, client_of_nobody: Client) -> None:
    for _ in range(30):
        client_of_nobody.post(reverse("order_check"), {"code": "LC1"})
    assert client_of_nobody.post(reverse("order_check"), {"code": "LC1"}).status_code == 429


def test_a_signed_in_reader_gets_the_printed_order_with_its_code(printed: Printed) -> None:
    from lachan.web.documents import document_of

    view = conversation(
        printed.country.actor("Trần Minh Trực", Purpose.GLD), printed.made.conversation
    )
    assert view is not None
    paper = document_of(view)
    assert (paper.qr, paper.code) == (printed.code.scanned, printed.code.typed)
    assert paper.number == printed.code.place  # in the log, hence no draft
    assert paper.check_at.endswith("/kiem-tra-van-ban")
    assert MessageRecord.objects.unscoped(reason=WHY).get(type="ask").h == printed.made.h
