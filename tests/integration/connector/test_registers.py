"""One trail through members without accounts: a page's account, the address that opened it, who had the address; and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lachan.connector.answering import Asked, Refused, Told
from lachan.connector.kinds import identify_ip as own_identify_ip
from lachan.connector.kinds import verify_holder_phone as own_verify
from lachan.exchange.messages import (
    identify_account,
    identify_ip,
    lift_block,
    lift_confidentiality,
    provide_sim_agent,
    take_down,
    verify_holder_phone,
)
from lachan.exchange.messages.verify_holder_phone import Differs, Result
from lachan.kernel.time import to_wire
from tests.integration.connector.conftest import NOW, Bench
from tests.integration.connector.test_desk import PLATFORM, TELECOM, Browser, desk

ISP = "vn/isp/mo-phong"


def contact(bench: Bench, at: int) -> str:
    return str(bench.truth["scams"]["green"]["report"]["contacts"][at][1])


def said_by_desk(bench: Bench, address: str, h: str) -> None:
    """A person lets the records answer."""
    bench.run(address)
    browser = Browser(desk(bench, address)).sign_in("ban1")
    assert browser.post(f"/yeu-cau/{h}/thuc-hien", csrf=browser.csrf).status == 303
    bench.run(address)


def test_from_the_page_to_whoever_had_the_address(bench: Bench) -> None:
    ask = identify_account.Ask(url=contact(bench, 2))
    sent = bench.centre.ask(PLATFORM, "identify_account", ask, purpose="INV")
    said_by_desk(bench, PLATFORM, sent.h)
    account = bench.centre.answer(sent)
    (log_in,) = account.logins
    sent = bench.centre.ask(
        ISP, "identify_ip", identify_ip.Ask(ip=log_in.ip, at=log_in.at, port=log_in.port), purpose="INV",
    )  # fmt: skip
    said_by_desk(bench, ISP, sent.h)
    holder = bench.centre.answer(sent)
    assert holder.found
    assert holder.subscriber


def test_log_ins_outside_the_time_asked_for_stay_at_the_platform(bench: Bench) -> None:
    ask = identify_account.Ask(url=contact(bench, 2), since=to_wire(NOW))
    sent = bench.centre.ask(PLATFORM, "identify_account", ask, purpose="INV")
    said_by_desk(bench, PLATFORM, sent.h)
    assert bench.centre.answer(sent).found
    assert bench.centre.answer(sent).logins == []


def test_a_shared_address_without_its_port_is_too_broad(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = bench.centre.ask(
        ISP, "identify_ip", identify_ip.Ask(ip="203.0.113.9", at=to_wire(NOW)), purpose="INV"
    )
    bench.run(ISP)
    member = bench.open(ISP).member
    row = member.store.received(h=sent.h)
    assert row is not None
    shared = {"shared": True, "subscriber": "một nghìn hộ"}
    monkeypatch.setattr(member.register, "find", lambda _kind, _key: shared)
    asked = Asked(row, member, NOW)
    told = own_identify_ip.answer(identify_ip.Ask(ip="203.0.113.9", at=to_wire(NOW)), asked)
    assert isinstance(told, Refused)
    assert told.reason == "TOO_BROAD"
    told = own_identify_ip.answer(
        identify_ip.Ask(ip="203.0.113.9", at=to_wire(NOW), port=4000), asked
    )
    assert isinstance(told, Told)


def test_the_sim_s_point_of_sale_is_given_by_the_desk(bench: Bench) -> None:
    ask = provide_sim_agent.Ask(number=contact(bench, 0))
    sent = bench.centre.ask(TELECOM, "provide_sim_agent", ask)
    said_by_desk(bench, TELECOM, sent.h)
    assert bench.centre.answer(sent).point_of_sale


def test_a_page_that_was_locked_works_again_at_once_and_only_once(bench: Bench) -> None:
    until = NOW + timedelta(days=20)
    url = contact(bench, 2)
    down = take_down.Ask(
        target="URL",
        urls=[url],
        fraud_type="IMP_TAX",
        evidence="trang giả mạo",
        until=to_wire(until),
    )
    order = bench.centre.ask(PLATFORM, "take_down", down, until=until, purpose="TKD")
    said_by_desk(bench, PLATFORM, order.h)
    member = bench.open(PLATFORM).member
    assert (member.register.find("page", url) or {})["state"] == "LOCKED"
    counts = []
    for _ in range(2):
        lift = bench.centre.ask(
            PLATFORM, "lift_block", lift_block.Ask(order=order.h), follows=order.h, purpose="TKD"
        )
        bench.run(PLATFORM)
        counts.append(bench.centre.answer(lift).lifted)
    assert counts == [1, 0]
    assert (member.register.find("page", url) or {})["state"] == "ONLINE"


def test_lifting_confidentiality_is_noted_for_the_ask_it_names(bench: Bench) -> None:
    until = NOW + timedelta(days=1)
    ask = identify_account.Ask(url=contact(bench, 2))
    sent = bench.centre.ask(PLATFORM, "identify_account", ask, purpose="INV")
    bench.run(PLATFORM)
    row = bench.open(PLATFORM).member.store.received(h=sent.h)
    assert row is not None
    from lachan.connector.kinds import lift_confidentiality as own

    asked = Asked(row, bench.open(PLATFORM).member, until)
    assert isinstance(own.answer(lift_confidentiality.Ask(order=sent.h), asked), Told)
    unknown = own.answer(lift_confidentiality.Ask(order="ab" * 32), asked)
    assert isinstance(unknown, Refused)


@pytest.mark.parametrize(
    ("changed", "result", "differs"),
    [
        ({}, Result.MATCH, []),
        ({"name": "NGUYỄN  khác"}, Result.PARTIAL, [Differs.NAME]),
        ({"id_no": "001000000000"}, Result.NO_MATCH, [Differs.PERSONAL_NUMBER]),
        ({"number": "+84999999999"}, Result.NOT_FOUND, []),
    ],
)
def test_holder_and_subscriber_are_compared_in_codes(
    bench: Bench, changed: dict[str, str], result: Result, differs: list[Differs]
) -> None:
    sent = bench.centre.ask(
        TELECOM, "provide_sim_agent", provide_sim_agent.Ask(number=contact(bench, 0))
    )
    bench.run(TELECOM)
    member = bench.open(TELECOM).member
    row = member.store.received(h=sent.h)
    assert row is not None
    known = member.register.find("subscriber", contact(bench, 0)) or {}
    right = {
        "name": known["name"].upper(),
        "id_no": known["id_no"],
        "born": known["born"],
        "number": contact(bench, 0),
    }
    told = own_verify.answer(
        verify_holder_phone.Ask(**{**right, **changed}), Asked(row, member, NOW)
    )
    assert (told.answer.result, told.answer.differs) == (result, differs)  # type: ignore[attr-defined]
