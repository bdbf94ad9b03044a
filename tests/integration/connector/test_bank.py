"""A bank answers from its own ledger, takes no more than it may, and lets go by its own clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lachan.exchange.messages import (
    confirm_transfer,
    hold,
    notify_holder,
    pause,
    provide_account_holder,
    release,
    renew,
)
from lachan.kernel.time import to_wire
from tests.integration.connector.conftest import CAP, NOW, Bench

BANK2 = "vn/bank/970902"  # of the first mule


def credit(bench: Bench, scam: str = "green") -> dict[str, Any]:
    """The victim's own transfer."""
    row = bench.truth["scams"][scam]["report"]["transfers"][0]
    return dict(row)


def pause_ask(bench: Bench, account: str, amount: int, at: str, **changed: Any) -> pause.Ask:
    given = {
        "account": account,
        "credit_time": at,
        "credit_amount": amount,
        "amount": amount,
        "until": to_wire(NOW + timedelta(hours=20)),
        "reason": "lừa đảo",
    }
    return pause.Ask(**{**given, **changed})


def paused(bench: Bench, **changed: Any) -> Any:
    """Ask for a pause of the first mule's credit."""
    row = credit(bench)
    ask = pause_ask(
        bench, f"{row['to_bank']}:{row['to_account']}", row["amount"], row["at"], **changed
    )
    return bench.centre.ask(BANK2, "pause", ask, cap=CAP, until=NOW + timedelta(hours=24))


def test_a_transfer_is_confirmed_by_the_payers_bank(bench: Bench) -> None:
    row = credit(bench)
    ask = confirm_transfer.Ask(
        time=row["at"],
        amount=row["amount"],
        from_account=f"{row['from_bank']}:{row['from_account']}",
        to_account=f"{row['to_bank']}:{row['to_account']}",
    )
    sent = bench.centre.ask("vn/bank/970901", "confirm_transfer", ask)
    bench.run("vn/bank/970901")
    answer = bench.centre.answer(sent)
    assert answer.outcome == "SETTLED"
    assert answer.counterparty_bank == row["to_bank"]
    assert sent.h in bench.centre.received


def test_a_transfer_that_never_was_is_not_found(bench: Bench) -> None:
    row = credit(bench)
    ask = confirm_transfer.Ask(
        time=row["at"],
        amount=row["amount"] + 1000,
        from_account=f"{row['from_bank']}:{row['from_account']}",
        to_account=f"{row['to_bank']}:{row['to_account']}",
    )
    sent = bench.centre.ask("vn/bank/970901", "confirm_transfer", ask)
    bench.run("vn/bank/970901")
    assert bench.centre.answer(sent).outcome == "NOT_FOUND"


def test_a_pause_takes_what_is_left_of_the_credit(bench: Bench) -> None:
    sent = paused(bench)
    bench.run(BANK2)
    answer = bench.centre.answer(sent)
    assert answer.effect == "PARTIAL"  # most of it has moved on
    assert answer.amount == 80_050_000  # what rests, the account's own opening included
    assert len(answer.bands) == 9
    assert answer.bands["share_ge_50"]
    assert answer.bands["age_lt_90d"]


def test_a_pause_of_a_credit_that_the_ledger_does_not_know_is_not_found(bench: Bench) -> None:
    row = credit(bench)
    account = f"{row['to_bank']}:{row['to_account']}"
    ask = pause_ask(bench, account, row["amount"] + 1, row["at"])
    sent = bench.centre.ask(BANK2, "pause", ask, cap=CAP, until=NOW + timedelta(hours=24))
    bench.run(BANK2)
    outcome = bench.centre.answer(sent, "refuse")
    assert (outcome.status, outcome.reason) == ("DisclosureNotAvailable", "NOT_FOUND")
    assert not bench.open(BANK2).member.store.leases()


@pytest.mark.parametrize(
    ("label", "bank", "amount"), [("worker", "970908", 2_000_000), ("shop", "970907", 900_000)]
)
def test_an_innocent_account_on_the_path_is_not_paused(
    bench: Bench, label: str, bank: str, amount: int
) -> None:
    account = bench.account("green", label)
    moves = bench.truth["scams"]["green"]["moves"]
    at = next(one[0] for one in moves if one[2] == account and one[3] == amount)
    address = f"vn/bank/{bank}"
    sent = bench.centre.ask(
        address,
        "pause",
        pause_ask(bench, account, amount, at),
        cap=CAP,
        until=NOW + timedelta(hours=24),
    )
    bench.run(address)
    outcome = bench.centre.answer(sent, "refuse")
    assert (outcome.reason, outcome.verdict) == ("DECLINED", "LOW_SHARE")


def hold_ask(bench: Bench, converts: str | None, amount: int = 60_000_000) -> Any:
    row = credit(bench)
    until = bench.centre.clock.now() + timedelta(hours=72)
    ask = hold.Ask(
        account=f"{row['to_bank']}:{row['to_account']}",
        amount=amount,
        lease_until=to_wire(until),
        case="VA-26-000001",
        taint_proof="cd" * 32,
        appeal_link="https://centre.example/xem-xet-lai",
        converts=converts,
    )
    return bench.centre.ask(BANK2, "hold", ask, cap=amount, until=until)


def test_a_hold_converts_the_pause_without_a_gap(bench: Bench) -> None:
    first = paused(bench)
    bench.run(BANK2)
    sent = hold_ask(bench, first.h)
    bench.run(BANK2)
    answer = bench.centre.answer(sent)
    assert (answer.effect, answer.held) == ("FULL", 60_000_000)
    core = bench.open(BANK2).member.core
    account = credit(bench)["to_account"]
    assert core.held(account) == 60_000_000  # the pause no longer counts
    assert [one.kind for one in bench.open(BANK2).member.store.leases()] == ["hold"]


def test_a_lease_ends_by_the_banks_own_clock_with_the_centre_down(bench: Bench) -> None:
    sent = paused(bench)
    bench.run(BANK2)
    member = bench.open(BANK2).member
    bench.centre.down = True
    bench.centre.clock.advance(24 * 3600 + 1)
    bench.open(BANK2).work_once()
    assert member.core.held(credit(bench)["to_account"]) == 0
    assert bench.centre.answer(sent, "notice") is None
    bench.centre.down = False
    bench.centre.clock.advance(120)
    bench.open(BANK2).work_once()
    assert bench.centre.answer(sent, "notice").reason == "lease_ended"


def test_a_renewed_hold_lasts_longer_and_a_release_ends_it(bench: Bench) -> None:
    first = hold_ask(bench, None)
    bench.run(BANK2)
    until = bench.centre.clock.now() + timedelta(days=6)
    ask = renew.Ask(order=first.h, until=to_wire(until), amount=50_000_000, reason="đang xác minh")
    renewed = bench.centre.ask(BANK2, "renew", ask, cap=50_000_000, until=until, follows=first.h)
    bench.run(BANK2)
    assert bench.centre.answer(renewed).held == 50_000_000
    bench.centre.clock.advance(80 * 3600)
    bench.open(BANK2).work_once()
    assert bench.open(BANK2).member.core.held(credit(bench)["to_account"]) == 50_000_000
    let = bench.centre.ask(
        BANK2,
        "release",
        release.Ask(order=first.h, reason="APPEAL", amount=20_000_000),
        follows=first.h,
    )
    bench.run(BANK2)
    assert (bench.centre.answer(let).released, bench.centre.answer(let).left) == (
        20_000_000,
        30_000_000,
    )
    rest = bench.centre.ask(
        BANK2, "release", release.Ask(order=first.h, reason="APPEAL"), follows=first.h
    )
    bench.run(BANK2)
    assert bench.centre.answer(rest).left == 0
    assert not bench.open(BANK2).member.store.leases()


def test_a_notice_reaches_the_holder(bench: Bench) -> None:
    first = paused(bench)
    bench.run(BANK2)
    ask = notify_holder.Ask(order=first.h, text="Tạm dừng 80.000.000 đồng. Mã KN-26-…")
    sent = bench.centre.ask(BANK2, "notify_holder", ask, follows=first.h, priority="P1")
    bench.run(BANK2)
    assert bench.centre.answer(sent).channel == "APP"
    effects = bench.open(BANK2).member.core.effects(credit(bench)["to_account"])
    assert any(one["action"] == "notice" and "KN-26" in one["text"] for one in effects)


def test_a_holder_is_named_by_itself_only_for_a_confirmed_account_in_the_golden_hour(
    bench: Bench,
) -> None:
    account = bench.account("green", "m1")
    ask = provide_account_holder.Ask(accounts=[account])
    early = bench.centre.ask(BANK2, "provide_account_holder", ask, priority="P0")
    bench.run(BANK2)
    assert bench.centre.answer(early) is None
    assert bench.open(BANK2).member.store.received(h=early.h).state == "desk"
    paused(bench)
    bench.run(BANK2)
    sent = bench.centre.ask(BANK2, "provide_account_holder", ask, priority="P0")
    bench.run(BANK2)
    assert bench.centre.answer(sent).holders[0].name


def test_the_same_message_again_gets_the_stored_receipt_and_one_effect(bench: Bench) -> None:
    sent = paused(bench)
    bench.run(BANK2)
    first = bench.centre.received.pop(sent.h)
    bench.run(BANK2)
    assert bench.centre.received[sent.h] == first
    effects = bench.open(BANK2).member.core.effects(credit(bench)["to_account"])
    assert len([one for one in effects if one["action"] == "pause"]) == 1


def test_a_message_to_another_bank_is_refused(bench: Bench) -> None:
    sent = paused(bench)
    bench.centre.queue[-1]["h"] = sent.h
    other = "vn/bank/970903"
    bench.run(other)
    assert bench.open(other).member.store.received(h=sent.h).state == "refused"
    assert bench.centre.answer(sent, "answer") is None


def test_an_order_above_its_cap_is_refused_without_touching_the_core(bench: Bench) -> None:
    row = credit(bench)
    ask = pause_ask(bench, f"{row['to_bank']}:{row['to_account']}", row["amount"], row["at"])
    sent = bench.centre.ask(BANK2, "pause", ask, cap=1000, until=NOW + timedelta(hours=24))
    bench.run(BANK2)
    outcome = bench.centre.answer(sent, "refuse")
    assert (outcome.status, outcome.reason) == ("Rejected", "AMOUNT_OVER_CAP")


def test_the_members_own_log_has_every_step(bench: Bench) -> None:
    paused(bench)
    bench.run(BANK2)
    log = bench.open(BANK2).member.store.log
    events = [log.entry(index) for index in range(log.size())]
    assert [b'"event":"accepted"' in one for one in events].count(True) == 1
    assert any(b'"event":"effect"' in one for one in events)
