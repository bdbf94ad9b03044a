"""A statement: lines from the bank's books or out of a spreadsheet, each of which can be shown to a court alone."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import from_json
from lachan.exchange.messages import provide_statement
from lachan.exchange.messages.provide_statement import Direction, StatementLine
from lachan.exchange.opening import read_part
from lachan.exchange.parts import (
    merkle_path,
    root_from_path,
    row_leaf,
    row_salt,
    split_rows,
)
from lachan.exchange.verify import check_envelope
from lachan.exchange.verify_outcome import Refusal
from lachan.kernel.time import to_wire
from tests.integration.connector.conftest import NOW, POLICE, Bench, catalogue
from tests.integration.connector.test_desk import Browser, desk

BANK = "vn/bank/970902"


def asked(bench: Bench, *, account: str = "", **more: Any) -> Envelope:
    row = bench.truth["scams"]["green"]["report"]["transfers"][0]
    ask = provide_statement.Ask(
        account=account or f"{row['to_bank']}:{row['to_account']}",
        since=to_wire(NOW - timedelta(days=2)),
        until=to_wire(NOW),
        **more,
    )
    return bench.centre.ask(BANK, "provide_statement", ask)


def answered(bench: Bench, sent: Envelope) -> Envelope:
    bench.run(BANK)
    return next(
        one.envelope
        for one in bench.centre.came
        if one.manifest.in_reply_to == sent.h and one.manifest.type == "answer"
    )


def rows_of(bench: Bench, envelope: Envelope) -> list[StatementLine]:
    part = read_part(envelope, "rows", bench.centre.keys[f"{POLICE}#encrypt"])
    return [from_json(StatementLine, row) for row in part.rows]


def test_the_books_lines_travel_beside_the_answer_and_one_can_be_shown_alone(bench: Bench) -> None:
    sent = asked(bench)
    bench.run(BANK)
    browser = Browser(desk(bench, BANK)).sign_in("ban1")
    page = str(browser.get(f"/yeu-cau/{sent.h}").body)
    assert "Thứ tự ghi sổ" in page
    assert browser.post(f"/yeu-cau/{sent.h}/thuc-hien", csrf=browser.csrf).status == 303
    envelope = answered(bench, sent)
    rows = rows_of(bench, envelope)
    victim = bench.truth["scams"]["green"]["report"]["transfers"][0]
    credit = next(
        one for one in rows if one.direction is Direction.CREDIT and one.amount == victim["amount"]
    )
    assert [one.seq for one in rows] == sorted(one.seq for one in rows)
    assert credit.other_account == victim["from_account"]
    part = read_part(envelope, "rows", bench.centre.keys[f"{POLICE}#encrypt"])
    lines, at = split_rows(part.body), rows.index(credit)
    leaves = [row_leaf(line, part.salt, i) for i, line in enumerate(lines)]
    shown = hashlib.sha256(b"\x00" + row_salt(part.salt, at) + lines[at]).digest()
    root = root_from_path(shown, at, len(lines), merkle_path(leaves, at))
    assert root is not None
    assert root.hex() == part.entry.commit


def test_small_transfers_are_left_out_when_asked_so_and_none_is_an_answer(bench: Bench) -> None:
    sent = asked(bench, min_amount=10**14)
    bench.run(BANK)
    browser = Browser(desk(bench, BANK)).sign_in("ban1")
    browser.post(f"/yeu-cau/{sent.h}/thuc-hien", csrf=browser.csrf)
    assert rows_of(bench, answered(bench, sent)) == []


def test_an_account_of_another_bank_is_refused_as_such(bench: Bench) -> None:
    sent = asked(bench, account="970901:0000000000")
    bench.run(BANK)
    browser = Browser(desk(bench, BANK)).sign_in("ban1")
    browser.post(f"/yeu-cau/{sent.h}/thuc-hien", csrf=browser.csrf)
    bench.run(BANK)
    assert bench.centre.answer(sent, "refuse").reason == "NOT_HOLDER"


def test_a_pasted_table_is_read_and_every_wrong_cell_named(bench: Bench) -> None:
    sent = asked(bench)
    bench.run(BANK)
    browser = Browser(desk(bench, BANK)).sign_in("ban1")
    account = f"{BANK.rsplit('/', 1)[1]}:0123456789"
    table = (
        "Mã giao dịch\tThứ tự ghi sổ\tLúc\tChiều\tSố tiền\tSố dư sau\tIP address\n"
        "FT1\t1\t14:05:10 24/11/2026\tGhi có\t60.000.000\t-5.000\t203.0.113.9\n"
        "FT2\t2\t14:06 24/11/2026\tDBIT\t1,2 tỷ\t\t\n"
    )
    bad = browser.post(
        f"/yeu-cau/{sent.h}/tra-loi", csrf=browser.csrf, account=account, rows=table + "FT3\tba\t\tX\t\n",
    )  # fmt: skip
    assert bad.status == 422
    assert "dòng 4, cột Thứ tự ghi sổ" in str(bad.body)
    assert "FT2" in str(bad.body)
    good = browser.post(
        f"/yeu-cau/{sent.h}/tra-loi", csrf=browser.csrf, account=account, rows=table
    )
    assert good.status == 303
    first, second = rows_of(bench, answered(bench, sent))
    assert (first.amount, first.balance, first.ip) == (60_000_000, -5_000, "203.0.113.9")
    assert (second.direction, second.amount) == (Direction.DEBIT, 1_200_000_000)


def test_lines_that_no_message_can_carry_are_said_to_be_too_many(bench: Bench) -> None:
    sent = asked(bench)
    bench.run(BANK)
    browser = Browser(desk(bench, BANK)).sign_in("ban1")
    account = f"{BANK.rsplit('/', 1)[1]}:0123456789"
    line = "FT{0}\t{0}\t14:05:10 24/11/2026\tCRDT\t60.000.000\t\t\t\t{1}"
    table = "\n".join(line.format(n, "x" * 180) for n in range(900))
    answer = browser.post(
        f"/yeu-cau/{sent.h}/tra-loi", csrf=browser.csrf, account=account, rows=table
    )
    assert answer.status == 422
    row = bench.open(BANK).member.store.received(h=sent.h)
    assert row is not None
    assert row.state == "desk"
    bench.run(BANK)
    assert not any(one.manifest.in_reply_to == sent.h for one in bench.centre.came)


@pytest.mark.parametrize("kind_name", ["provide_statement", "identify_subscriber"])
def test_rows_of_another_form_are_refused(bench: Bench, kind_name: str) -> None:
    """The receiver reads every line, and a kind without lines has none."""
    from lachan.exchange.envelope import draft, seal
    from lachan.exchange.kinds import kind
    from lachan.exchange.manifest import Outcome
    from lachan.exchange.parts import PlainPart, body_part

    declared = kind(kind_name)
    body = {"as_of": to_wire(NOW), "account": "970902:0123456789", "found": False}
    keys = {name: bench.centre.keys[f"{name}#encrypt"] for name in (BANK, POLICE)}
    given = {name: body[name] for name in declared.answer.__struct_fields__ if name in body}
    message = draft(
        type="answer", kind_name=kind_name, sender=BANK, receiver=f"{POLICE}/duty", created_at=NOW, purpose="GLD",
        directory_version=1, encrypt_to=list(keys.values()),
        parts=[body_part(from_json(declared.answer, given)), PlainPart(name="rows", rows=({"amount": 1},))],
        in_reply_to="ab" * 32, priority="P0", outcome=Outcome(status="Disclosed", substate="complete"),
    )  # fmt: skip
    envelope = seal(message, (), bench.centre.keys[f"{BANK}#sign"], NOW)
    verdict = check_envelope(
        envelope, directory=bench.centre.directory_, catalogue=catalogue(), now=NOW, checker="receiver",
        own_address=POLICE, private_key=keys[POLICE],
    )  # fmt: skip
    assert isinstance(verdict, Refusal)
    assert verdict.code == "exchange.schema"
