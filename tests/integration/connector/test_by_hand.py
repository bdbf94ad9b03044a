"""Where policy says so, people act in the core: the answer's time and reference are those of their word."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from lachan.connector import tasks
from lachan.connector.config import ConfigWrong
from lachan.exchange.envelope import Envelope, draft, seal
from lachan.exchange.messages import release
from lachan.kernel.time import to_wire
from tests.integration.connector.conftest import NOW, POLICE, Bench
from tests.integration.connector.test_bank import BANK2, credit, hold_ask, paused
from tests.integration.connector.test_desk import Browser, desk, with_policy

HAND = 'kind = "hold"\naction = "by_hand"'


@pytest.fixture
def manual(bench: Bench) -> Bench:
    with_policy(bench, BANK2, HAND)
    return bench


def browser(bench: Bench) -> Browser:
    return Browser(desk(bench, BANK2)).sign_in("ban1")


def only_task(bench: Bench) -> str:
    (found,) = tasks.open_tasks(bench.open(BANK2).member.store)
    return found.message


def confirm(bench: Bench, amount: int, reference: str = "CORE/88-1") -> None:
    clicks = browser(bench)
    answer = clicks.post(
        f"/viec/{only_task(bench)}", csrf=clicks.csrf, amount=str(amount), core_ref=reference
    )
    assert answer.status == 303, answer.body


def cancel(
    bench: Bench, ask: Envelope, *, sender: str = f"{POLICE}/duty", key: str = ""
) -> Envelope:
    centre = bench.centre
    message = draft(
        type="cancel", kind_name=ask.manifest.kind, sender=sender, receiver=ask.manifest.receiver,
        created_at=centre.clock.now(), purpose=ask.manifest.purpose, directory_version=centre.directory_.version,
        encrypt_to=[centre.keys[f"{POLICE}#encrypt"]], priority=ask.manifest.priority,
        conversation=ask.manifest.conversation, seq=2, prev=ask.h, in_reply_to=ask.h,
    )  # fmt: skip
    envelope = seal(message, (), centre.keys[key or f"{POLICE}#sign"], centre.clock.now())
    (centre.smuggle if key else centre.offer)(envelope)
    return envelope


def test_a_hold_by_hand_is_answered_by_the_confirmation(manual: Bench) -> None:
    sent = hold_ask(manual, None)
    manual.run(BANK2)
    assert manual.centre.answer(sent) is None
    page = str(browser(manual).get("/").body)
    assert "60.000.000" in page
    assert f"/viec/{sent.manifest.id}" in page
    manual.centre.clock.advance(75)
    confirm(manual, 60_000_000, "CORE/88-1")
    manual.run(BANK2)
    answer = manual.centre.answer(sent)
    assert (answer.effect, answer.held, answer.core_ref) == ("FULL", 60_000_000, "CORE/88-1")
    assert answer.at == to_wire(NOW + timedelta(seconds=75))
    assert f"/viec/{sent.manifest.id}" not in str(browser(manual).get("/").body)


def test_looking_at_the_page_or_the_ask_confirms_nothing(manual: Bench) -> None:
    sent = hold_ask(manual, None)
    manual.run(BANK2)
    clicks = browser(manual)
    for path in ("/", f"/viec/{sent.manifest.id}", f"/yeu-cau/{sent.h}"):
        for lang in ("vi", "en"):
            page = clicks.get(path, lang=lang)
            assert page.status == 200
            assert not re.search(r"style=|<script(?! src=./static/)|\son[a-z]+=", str(page.body))
    assert clicks.post(f"/viec/{sent.manifest.id}", amount="1", core_ref="x").status == 403
    manual.run(BANK2)
    assert manual.centre.answer(sent) is None


@pytest.mark.parametrize(
    ("amount", "reference", "field"),
    [("60000001", "R1", "amount"), ("một ít", "R1", "amount"), ("60000000", " ", "core_ref"), ("60000000", "x" * 65, "core_ref")],
)  # fmt: skip
def test_a_confirmation_names_what_is_wrong_with_it(
    manual: Bench, amount: str, reference: str, field: str
) -> None:
    sent = hold_ask(manual, None)
    manual.run(BANK2)
    clicks = browser(manual)
    page = clicks.post(
        f"/viec/{sent.manifest.id}", csrf=clicks.csrf, amount=amount, core_ref=reference
    )
    assert page.status == 422
    assert f'href="#f-{field}"' in str(page.body)
    assert only_task(manual) == sent.manifest.id


def test_the_lease_ends_by_hand_too_and_only_then_is_said_to(manual: Bench) -> None:
    sent = hold_ask(manual, None)
    manual.run(BANK2)
    confirm(manual, 50_000_000)
    manual.run(BANK2)
    assert manual.centre.answer(sent).held == 50_000_000
    manual.centre.clock.advance(73 * 3600)
    for _ in range(3):
        manual.open(BANK2).work_once()
    assert manual.centre.answer(sent, "notice") is None
    assert only_task(manual) == f"{sent.manifest.id}:LAPSED"
    assert "50.000.000" in str(browser(manual).get("/").body)
    confirm(manual, 50_000_000, "CORE/88-2")
    manual.open(BANK2).work_once()
    assert manual.centre.answer(sent, "notice").reason == "lease_ended"
    assert not manual.open(BANK2).member.store.leases()


def test_a_release_is_done_where_the_hold_was(manual: Bench) -> None:
    first = hold_ask(manual, None)
    manual.run(BANK2)
    confirm(manual, 60_000_000)
    manual.run(BANK2)
    ask = release.Ask(order=first.h, reason="APPEAL", amount=20_000_000)
    let = manual.centre.ask(BANK2, "release", ask, follows=first.h)
    manual.run(BANK2)
    assert manual.centre.answer(let) is None
    confirm(manual, 20_000_000, "CORE/88-3")
    manual.run(BANK2)
    answer = manual.centre.answer(let)
    assert (answer.released, answer.left) == (20_000_000, 40_000_000)


def test_a_pause_by_software_ends_after_the_hold_by_hand_stands(manual: Bench) -> None:
    first = paused(manual)
    manual.run(BANK2)
    sent = hold_ask(manual, first.h)
    manual.run(BANK2)
    core: Any = manual.open(BANK2).member.core
    number = credit(manual)["to_account"]
    assert core.look_up(first.manifest.id).left > 0
    assert manual.open(BANK2).member.standing.held(number) == 80_050_000
    confirm(manual, 60_000_000)
    manual.run(BANK2)
    assert manual.centre.answer(sent).held == 60_000_000
    assert core.look_up(first.manifest.id).left == 0
    assert manual.open(BANK2).member.standing.held(number) == 60_000_000


def test_a_task_outlives_the_process(manual: Bench) -> None:
    sent = hold_ask(manual, None)
    manual.run(BANK2)
    manual.open(BANK2, again=True)
    confirm(manual, 60_000_000)
    manual.run(BANK2)
    assert manual.centre.answer(sent).held == 60_000_000


def test_what_nobody_did_before_its_end_is_refused_and_taken_off_the_list(manual: Bench) -> None:
    sent = hold_ask(manual, None)
    manual.run(BANK2)
    manual.centre.clock.advance(73 * 3600)
    clicks = browser(manual)
    late = clicks.post(f"/viec/{sent.manifest.id}", csrf=clicks.csrf, amount="1", core_ref="R")
    assert late.status == 422
    manual.open(BANK2).work_once()
    assert manual.centre.answer(sent, "refuse").reason == "MANDATE_EXPIRED"
    assert not tasks.open_tasks(manual.open(BANK2).member.store)


def test_what_was_done_in_time_is_answered_though_its_end_has_come_since(manual: Bench) -> None:
    sent = hold_ask(manual, None)
    manual.run(BANK2)
    confirm(manual, 60_000_000)
    manual.centre.clock.advance(73 * 3600)
    manual.open(BANK2).work_once()
    assert manual.centre.answer(sent).held == 60_000_000
    manual.open(BANK2).work_once()
    assert only_task(manual) == f"{sent.manifest.id}:LAPSED"


def test_a_cancelled_order_is_no_longer_to_be_done(manual: Bench) -> None:
    sent = hold_ask(manual, None)
    manual.run(BANK2)
    cancel(manual, sent)
    manual.run(BANK2)
    clicks = browser(manual)
    late = clicks.post(f"/viec/{sent.manifest.id}", csrf=clicks.csrf, amount="1", core_ref="R")
    assert late.status == 422
    manual.run(BANK2)
    assert manual.centre.answer(sent) is None


def test_a_cancel_does_not_undo_what_was_done(manual: Bench) -> None:
    sent = hold_ask(manual, None)
    manual.run(BANK2)
    confirm(manual, 60_000_000)
    cancel(manual, sent)
    manual.run(BANK2)
    assert manual.centre.answer(sent).held == 60_000_000


def test_a_cancel_counts_by_the_word_of_whoever_asked_alone(manual: Bench) -> None:
    sent = hold_ask(manual, None)
    manual.run(BANK2)
    cancel(manual, sent, key="vn/bank/970903#sign")  # a seal of another member
    cancel(manual, sent, sender="vn/bank/970903", key="vn/bank/970903#sign")
    manual.run(BANK2)
    assert only_task(manual) == sent.manifest.id


def test_a_question_cannot_be_given_to_hands(bench: Bench) -> None:
    with_policy(bench, BANK2, 'kind = "trace_credit"\naction = "by_hand"')
    with pytest.raises(ConfigWrong, match="kind"):
        bench.open(BANK2)
