"""A part of an answer, a question back, a refusal in words; and what crosses with what the asker says meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lachan.connector.desk.views import queue_view
from lachan.connector.store import Received
from lachan.exchange.deadlines import Pause, deadline
from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import Priority, kind
from lachan.exchange.messages import identify_subscriber, provide_statement
from lachan.exchange.moves import Clarification, Dispute, RefusalWords
from lachan.exchange.opening import open_part, read_part
from lachan.exchange.verify import check_envelope
from lachan.exchange.verify_outcome import CheckedMessage
from lachan.kernel.time import to_wire
from tests.integration.connector.conftest import NOW, OTHER_TELECOM, POLICE, Bench, catalogue
from tests.integration.connector.test_desk import BANK, TELECOM, Browser, desk, subscriber

HEAD = "id\tseq\ttime\tdirection\tamount\tbalance"
LINE = "{}\t{}\t09:00 01/11/2026\tCRDT\t1000\t1000"


def at_desk(bench: Bench, address: str = TELECOM, kind_name: str = "identify_subscriber",
            question: Any = None, **more: Any) -> tuple[Envelope, Browser]:  # fmt: skip
    sent = bench.centre.ask(address, kind_name, question or subscriber(bench), priority=more.pop("priority", "P1"), **more)  # fmt: skip
    bench.run(address)
    return sent, Browser(desk(bench, address)).sign_in("ban1")


def row_of(bench: Bench, sent: Envelope, address: str = TELECOM) -> Received:
    row = bench.open(address).member.store.received(h=sent.h)
    assert row is not None
    return row


def queued(bench: Bench, address: str = TELECOM) -> list[str]:
    return [one["h"] for one in queue_view(bench.open(address).member, "vi")]


def opened(bench: Bench, sent: Envelope, type_: str) -> CheckedMessage:
    """The message of a type that came back, as its receiver checks and opens it."""
    found = next(
        one.envelope for one in reversed(bench.centre.came)
        if one.manifest.conversation == sent.manifest.conversation and one.manifest.type == type_
    )  # fmt: skip
    checked = check_envelope(
        found, directory=bench.centre.directory_, catalogue=catalogue(), now=bench.centre.clock.now(),
        checker="receiver", own_address=POLICE, logged_at=bench.centre.clock.now(),
        private_key=bench.centre.keys[f"{POLICE}#encrypt"],
    )  # fmt: skip
    assert isinstance(checked, CheckedMessage), checked.detail
    return checked


def test_a_part_says_what_is_missing_and_the_ask_stays_with_its_clock(bench: Bench) -> None:
    ask = provide_statement.Ask(
        account=_account(bench),
        since=to_wire(NOW - timedelta(days=20)), until=to_wire(NOW),
    )  # fmt: skip
    sent, browser = at_desk(bench, BANK, "provide_statement", ask)
    due = row_of(bench, sent, BANK).due_at
    form = {"account": ask.account, "rows": "\n".join([HEAD, LINE.format("FT1", 1)])}
    bad = browser.post(f"/yeu-cau/{sent.h}/mot-phan", csrf=browser.csrf, **form)
    assert bad.status == 422
    for name in ("coverage.missing", "coverage.expected_at"):
        assert f'href="#f-{name}"' in str(bad.body)
    form |= {"coverage.missing": "tháng 10", "coverage.expected_at": "17:00 25/11/2026"}
    good = browser.post(f"/yeu-cau/{sent.h}/mot-phan", csrf=browser.csrf, **form)
    assert good.status == 303, good.body
    bench.run(BANK)
    part = opened(bench, sent, "partial")
    assert part.body.coverage.missing == "tháng 10"
    row = row_of(bench, sent, BANK)
    assert (row.state, row.due_at) == ("desk", due)
    assert queued(bench, BANK) == [sent.h]
    page = str(browser.get(f"/yeu-cau/{sent.h}").body)
    assert "Đã trả lời một phần" in page
    assert "tháng 10" in page
    rest = {"account": ask.account, "rows": "\n".join([HEAD, LINE.format("FT1", 1), LINE.format("FT2", 2)])}  # fmt: skip
    assert browser.post(f"/yeu-cau/{sent.h}/tra-loi", csrf=browser.csrf, **rest).status == 303
    bench.run(BANK)
    whole = opened(bench, sent, "answer")
    key = bench.centre.keys[f"{POLICE}#encrypt"]
    ids = [row["id"] for one in (part, whole) for row in read_part(one.envelope, "rows", key).rows]
    assert ids == ["FT1", "FT1", "FT2"]
    assert bench.centre.refused == []
    assert queued(bench, BANK) == []


def _account(bench: Bench) -> str:
    row = bench.truth["scams"]["green"]["report"]["transfers"][0]
    return f"{row['to_bank']}:{row['to_account']}"


def test_a_question_back_stops_the_clock_until_the_reply(bench: Bench) -> None:
    sent, browser = at_desk(bench)
    empty = browser.post(f"/yeu-cau/{sent.h}/hoi-lai", csrf=browser.csrf, question=" ")
    assert empty.status == 422
    assert 'href="#f-question"' in str(empty.body)
    asked = {"question": "Số này hay số cũ?", "fields": "number"}
    assert browser.post(f"/yeu-cau/{sent.h}/hoi-lai", csrf=browser.csrf, **asked).status == 303
    bench.run(TELECOM)
    words = opened(bench, sent, "clarify").body
    assert (words.question, words.fields) == ("Số này hay số cũ?", ["number"])
    assert row_of(bench, sent).state == "clarifying"
    assert queued(bench) == []
    bench.centre.clock.advance(3600)
    bench.centre.say(sent, "clarification", Clarification(text="Số hiện nay."))
    bench.run(TELECOM)
    row = row_of(bench, sent)
    assert (row.state, row.reason) == ("desk", "clarified")
    declared = kind("identify_subscriber")
    pause = Pause(NOW, NOW + timedelta(hours=1))
    right = deadline(declared, Priority.P1, NOW, catalogue().calendar, pauses=[pause]).due_at
    assert row.due_at == right
    assert "Số hiện nay." in str(browser.get(f"/yeu-cau/{sent.h}").body)
    assert "/hoi-lai" not in str(browser.get(f"/yeu-cau/{sent.h}").body)
    again = browser.post(f"/yeu-cau/{sent.h}/hoi-lai", csrf=browser.csrf, **asked)
    assert again.status == 422
    assert "một lần" in str(again.body)


def test_an_emergency_is_never_asked_back(bench: Bench) -> None:
    sent, browser = at_desk(bench, question=identify_subscriber.Ask(imei="356938035643809"), priority="P0")  # fmt: skip
    assert row_of(bench, sent).state == "desk"
    assert "/hoi-lai" not in str(browser.get(f"/yeu-cau/{sent.h}").body)
    tried = browser.post(f"/yeu-cau/{sent.h}/hoi-lai", csrf=browser.csrf, question="Số nào?")
    assert tried.status == 422
    assert bench.centre.answer(sent, "clarify") is None


def test_without_a_reply_the_ask_comes_back_by_itself_and_a_late_reply_is_still_read(
    bench: Bench,
) -> None:
    sent, browser = at_desk(bench)
    browser.post(f"/yeu-cau/{sent.h}/hoi-lai", csrf=browser.csrf, question="Số nào?")
    bench.run(TELECOM)
    stopped = row_of(bench, sent).due_at
    bench.centre.clock.advance(23 * 3600)
    bench.run(TELECOM)
    assert row_of(bench, sent).state == "clarifying"
    bench.centre.clock.advance(3601)
    bench.run(TELECOM)
    assert (row_of(bench, sent).state, row_of(bench, sent).reason) == ("desk", "unclarified")
    assert row_of(bench, sent).due_at == stopped
    bench.centre.clock.advance(60)
    bench.centre.say(sent, "clarification", Clarification(text="Số mới."))
    bench.run(TELECOM)
    row = row_of(bench, sent)
    assert (row.reason, row.due_at) == ("clarified", stopped)  # the pause had its limit


@pytest.mark.parametrize("law", ["", "Điều 14 Luật Các TCTD"])
def test_a_legal_objection_travels_with_its_words_and_officer(bench: Bench, law: str) -> None:
    sent, browser = at_desk(bench)
    form = {"csrf": browser.csrf, "reason": "LEGAL_OBJECTION", "law": law}
    refused = browser.post(f"/yeu-cau/{sent.h}/tu-choi", **form)
    assert refused.status == 422
    assert 'href="#f-explanation"' in str(refused.body)
    form["explanation"] = "Yêu cầu không nêu vụ việc."
    assert browser.post(f"/yeu-cau/{sent.h}/tu-choi", **form).status == 303
    bench.run(TELECOM)
    came = opened(bench, sent, "refuse")
    name = browser.app.people.name("ban1")
    assert came.manifest.outcome.reason == "LEGAL_OBJECTION"
    assert came.body == RefusalWords(text=form["explanation"], officer=name, law=law or None)
    assert form["explanation"].encode() not in came.envelope.manifest_bytes


def test_another_holder_is_named_where_a_public_register_says_so(bench: Bench) -> None:
    sent, browser = at_desk(bench)
    assert OTHER_TELECOM in str(browser.get(f"/yeu-cau/{sent.h}").body)
    form = {"csrf": browser.csrf, "reason": "NOT_HOLDER"}
    for stranger in (BANK, TELECOM, "vn/telecom/khong-co"):
        outsider = browser.post(f"/yeu-cau/{sent.h}/tu-choi", **form, **{"try": stranger})
        assert outsider.status == 422
        assert 'href="#f-try"' in str(outsider.body)
    form["try"] = OTHER_TELECOM
    assert browser.post(f"/yeu-cau/{sent.h}/tu-choi", **form).status == 303
    bench.run(TELECOM)
    assert opened(bench, sent, "refuse").manifest.outcome.try_address == OTHER_TELECOM


def test_no_other_holder_is_named_where_it_would_tell_a_secret(bench: Bench) -> None:
    ask = provide_statement.Ask(
        account=_account(bench), since=to_wire(NOW - timedelta(days=20)), until=to_wire(NOW)
    )
    sent, browser = at_desk(bench, BANK, "provide_statement", ask)
    assert 'name="try"' not in str(browser.get(f"/yeu-cau/{sent.h}").body)


def test_a_cancel_that_crosses_a_question_back_wins_and_nothing_hangs(bench: Bench) -> None:
    sent, browser = at_desk(bench)
    bench.centre.say(sent, "cancel")  # logged at the centre, not yet here
    browser.post(f"/yeu-cau/{sent.h}/hoi-lai", csrf=browser.csrf, question="Số nào?")
    bench.open(TELECOM).work_once()
    assert bench.centre.refused == [("clarify", "exchange.state")]
    assert row_of(bench, sent).reason == "not_taken"
    bench.run(TELECOM)
    assert row_of(bench, sent).state == "cancelled"
    assert queued(bench) == []


def test_an_answer_that_crosses_a_cancel_is_taken_as_late(bench: Bench) -> None:
    sent, browser = at_desk(bench)
    bench.centre.say(sent, "cancel")
    bench.centre.clock.advance(1)
    assert browser.post(f"/yeu-cau/{sent.h}/thuc-hien", csrf=browser.csrf).status == 303
    bench.run(TELECOM)
    state = bench.centre.talks[sent.manifest.conversation]
    assert (state.status, len(state.late), bench.centre.refused) == ("Cancelled", 1, [])


def test_after_a_refused_part_the_order_goes_on_without_a_gap(bench: Bench) -> None:
    sent, browser = at_desk(bench, question=identify_subscriber.Ask(imei="356938035643809"))
    bench.centre.say(sent, "cancel")
    bench.centre.clock.advance(1)
    part = {"found": "", "coverage.missing": "ngày cấp", "coverage.expected_at": "17:00 25/11/2026"}
    posted = browser.post(f"/yeu-cau/{sent.h}/mot-phan", csrf=browser.csrf, **part)
    assert posted.status == 303
    bench.open(TELECOM).work_once()
    assert bench.centre.refused == [("partial", "exchange.state")]
    assert browser.post(f"/yeu-cau/{sent.h}/tra-loi", csrf=browser.csrf, found="").status == 303
    bench.open(TELECOM).work_once()
    late = opened(bench, sent, "answer")
    assert (late.manifest.seq, late.manifest.prev) == (1, None)


def test_a_dispute_brings_the_ask_back_with_half_its_time(bench: Bench) -> None:
    sent, browser = at_desk(bench)
    browser.post(f"/yeu-cau/{sent.h}/thuc-hien", csrf=browser.csrf)
    bench.run(TELECOM)
    answer = opened(bench, sent, "answer").envelope
    bench.centre.clock.advance(600)
    told = bench.centre.say(sent, "dispute", Dispute(reason="Thiếu ngày sinh."), reply_to=answer)
    key = bench.centre.keys[f"{TELECOM}#encrypt"]
    assert b"Thi" in open_part(told, "dispute", key)
    bench.run(TELECOM)
    row = row_of(bench, sent)
    assert (row.state, row.reason) == ("desk", "disputed")
    assert queued(bench) == [sent.h]
    calendar = catalogue().calendar
    assert row.due_at == calendar.add(NOW + timedelta(minutes=10), timedelta(hours=4, minutes=30))
    assert "Thiếu ngày sinh." in str(browser.get(f"/yeu-cau/{sent.h}").body)
    browser.post(f"/yeu-cau/{sent.h}/thuc-hien", csrf=browser.csrf)
    bench.run(TELECOM)
    assert row_of(bench, sent).state == "answered"
    assert bench.centre.refused == []
