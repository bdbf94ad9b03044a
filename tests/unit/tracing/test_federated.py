"""Two banks and a centre, by hand: what is asked, what is disclosed, what happens to silence."""

from typing import Any

import msgspec
import pytest

from lachan.exchange.messages import trace_credit
from lachan.tracing.errors import PositionChanged
from lachan.tracing.federated import BankTrace, Line, SeedReport, TraceSession
from lachan.tracing.memory import MemoryBank
from lachan.tracing.model import Policy

NOON = 1_795_582_800
SEED = SeedReport("v1", 300, "970001", "V", "970002", "A", ref="r1", time=NOON)


def banks() -> dict[str, MemoryBank]:
    """V pays 300 to A, whose own 700 lies there; A pays 500 to B of the first bank, 50 in cash."""
    first = MemoryBank("970001", openings={"V": 1000})
    second = MemoryBank("970002", openings={"A": 700})
    post(first, "V", 1, "r1", -300, "970002", "A")
    post(second, "A", 1, "r1", 300, "970001", "V")
    post(second, "A", 2, "r2", -500, "970001", "B")
    post(second, "A", 3, "r3", -50, None, None, kind="cash")
    post(first, "B", 4, "r2", 500, "970002", "A")
    return {"970001": first, "970002": second}


def post(  # noqa: PLR0917 - a line reads like a line
    bank: MemoryBank,
    account: str,
    order: int,
    ref: str,
    amount: int,
    peer_bank: str | None,
    peer: str | None,
    kind: str = "transfer",
) -> None:
    after = bank.balance(account) + amount
    bank.post(account, Line(order, ref, NOON + order, amount, peer_bank, peer, after, kind))


def session(**more: Any) -> TraceSession:
    return TraceSession("t1", until=NOON + 3600, policy=Policy(), **more)


def run(
    one: TraceSession, ports: dict[str, MemoryBank], seeds: list[SeedReport]
) -> list[dict[str, Any]]:
    asks = one.start(seeds)
    told = {name: BankTrace() for name in ports}
    answers = []
    while asks:
        out = asks.pop(0)
        answers.append(told[out.bank].answer(out.ask, ports[out.bank]))
        asks += one.on_answer(out.bank, answers[-1])
    return answers


def test_the_money_is_found_at_both_banks() -> None:
    one = session()
    run(one, banks(), [SEED])
    result = one.result()
    assert result.state == "SETTLED"
    assert result.methods["lifo"].residual == {"970001:B": {"v1": 300}}
    assert result.methods["fifo"].residual == {"970002:A": {"v1": 300}}
    assert result.methods["haircut"].exits == {"cash": {"v1": 15}}
    assert result.range_of("970001:B") == (0, 300)
    assert all(result.conserved(method) for method in result.methods)


def test_both_banks_are_asked_at_once() -> None:
    asks = session().start([SEED])
    assert sorted(out.bank for out in asks) == ["970001", "970002"]
    assert next(out for out in asks if out.bank == "970001").ask["home"] == {"v1": ["V"]}


def test_asks_and_answers_fit_the_message_kind() -> None:
    one = session()
    for out in one.start([SEED]):
        assert msgspec.convert(out.ask, trace_credit.Ask).trace == "t1"
    for answer in run(session(), banks(), [SEED]):
        whole = {**answer, "as_of": "2026-11-24T05:00:00.000Z"}  # the envelope's own field
        assert msgspec.convert(whole, trace_credit.Reply).round == answer["round"]


def test_nothing_clean_is_disclosed() -> None:
    ports = banks()
    ports["970002"] = MemoryBank("970002", openings={"A": 812_345})
    post(ports["970002"], "A", 1, "r1", 300, "970001", "V")
    post(ports["970002"], "A", 9, "secret-ref", 77, "970003", "somebody")
    post(ports["970002"], "A", 10, "clean-out", -7, "970003", "somebody-else")
    answers = run(session(methods=("fifo",)), ports, [SEED])
    said = repr(answers)
    for hidden in ("secret-ref", "somebody", "clean-out", "812345", "812645"):
        assert hidden not in said


def test_a_late_bank_s_money_stands_in_the_frontier_until_it_answers() -> None:
    one, ports = session(), banks()
    asks = one.start([SEED])
    one.on_late("970002")
    result = one.result()
    assert result.state == "PROVISIONAL"
    assert result.methods["fifo"].frontier == {"970002:A": {"v1": 300}}
    assert result.unresolved[0]["reason"] == "late"
    assert result.conserved("fifo")
    told = {name: BankTrace() for name in ports}
    while asks:
        out = asks.pop(0)
        asks += one.on_answer(out.bank, told[out.bank].answer(out.ask, ports[out.bank]))
    assert one.result().state == "SETTLED"


def test_a_refused_bank_s_money_stands_in_the_frontier_with_the_reason() -> None:
    one = session()
    one.start([SEED])
    one.on_refused("970002", None, "NOT_ADOPTED")
    result = one.result()
    assert result.unresolved[0]["reason"] == "NOT_ADOPTED"
    assert result.methods["lifo"].frontier == {"970002:A": {"v1": 300}}


def test_a_refused_item_counts_as_frontier() -> None:
    one = session()
    ask = next(out for out in one.start([SEED]) if out.bank == "970002").ask
    answer = BankTrace().answer(ask, banks()["970002"])
    for item in answer["items"]:
        item["state"] = "REFUSED"
    one.on_answer("970002", answer)
    assert one.result().methods["fifo"].frontier == {"970002:A": {"v1": 300}}


def test_a_credit_that_is_not_there_is_pending() -> None:
    one, ports = session(), banks()
    ports["970002"] = MemoryBank("970002")
    run(one, ports, [SEED])
    result = one.result()
    assert result.methods["fifo"].pending == {"970002:A": {"v1": 300}}
    assert result.accounts["970002:A"]["state"] == "NOT_FOUND"
    assert result.conserved("fifo")


def test_a_report_without_a_reference_is_found_by_amount_and_time() -> None:
    one = session()
    run(one, banks(), [SeedReport("v1", 300, "970001", "V", "970002", "A", None, NOON)])
    result = one.result()
    assert result.methods["lifo"].residual == {"970001:B": {"v1": 300}}
    assert result.conserved("lifo")


def test_a_report_five_minutes_off_is_put_right_by_the_payer_s_bank() -> None:
    one = session()
    run(one, banks(), [SeedReport("v1", 300, "970001", "V", "970002", "A", None, NOON - 300)])
    result = one.result()
    assert result.state == "SETTLED"
    assert result.methods["fifo"].residual == {"970002:A": {"v1": 300}}
    assert result.accounts["970002:A"]["state"] == "FOUND"
    assert all(result.conserved(method) for method in result.methods)


def test_two_credits_that_fit_are_said_to_be_ambiguous() -> None:
    ports = banks()
    post(ports["970002"], "A", 5, "other", 300, "970001", "W")
    one = session()
    ask = one.start([SeedReport("v1", 300, "", "", "970002", "A", None, NOON)])[0].ask
    item = BankTrace().answer(ask, ports["970002"])["items"][0]
    assert item["state"] == "AMBIGUOUS"
    assert list(item["link"].values()) == [6]


def test_a_smaller_confirmed_sum_is_retracted_downstream() -> None:
    one, ports = session(), banks()
    wrong = SeedReport("v1", 300, "970001", "V", "970002", "A", "r1", NOON, event_amount=300)
    asks = one.start([wrong])
    told = {name: BankTrace() for name in ports}
    payee = next(out for out in asks if out.bank == "970002")
    later = one.on_answer("970002", told["970002"].answer(payee.ask, ports["970002"]))
    assert {out.bank for out in later} == {"970001"}
    payer = next(out for out in asks if out.bank == "970001")
    answer = told["970001"].answer(payer.ask, ports["970001"])
    answer["items"][0]["out"][0]["parts"] = {m: [["v1", 100], [None, 200]] for m in one.methods}
    again = one.on_answer("970001", answer)
    assert [item["rev"] for item in again[0].ask["items"]] == [2]


def test_an_answer_from_another_position_is_refused() -> None:
    one, ports = session(), banks()
    out = next(out for out in one.start([SEED]) if out.bank == "970002")
    answer = BankTrace().answer(out.ask, ports["970002"])
    one.on_answer("970002", answer)
    with pytest.raises(PositionChanged):
        one.on_answer("970002", {**answer, "ledger_position": 99})


def test_lines_after_the_first_answer_are_not_seen_by_this_trace() -> None:
    one, ports = session(), banks()
    out = next(out for out in one.start([SEED]) if out.bank == "970002")
    told = BankTrace()
    before = told.answer(out.ask, ports["970002"])
    post(ports["970002"], "A", 20, "r9", -300, None, None, kind="cash")
    again = BankTrace.restore(told.state()).answer(out.ask, ports["970002"])
    assert again["items"][0]["residual"] == before["items"][0]["residual"]
    assert again["ledger_position"] == before["ledger_position"]


def test_answers_to_another_trace_say_nothing() -> None:
    one = session()
    one.start([SEED])
    assert one.on_answer("970002", {"trace": "t0"}) == []


def test_unanswered_asks_go_out_again_word_for_word() -> None:
    one = session()
    asks = one.start([SEED])
    assert one.again() == asks
    assert [out.bank for out in one.again("970002")] == ["970002"]


def test_a_transfer_inside_one_bank_needs_one_ask() -> None:
    bank = MemoryBank("970001", openings={"V": 1000})
    post(bank, "V", 1, "r1", -300, "970001", "A")
    post(bank, "A", 1, "r1", 300, "970001", "V")
    one = session()
    inside = SeedReport("v1", 300, "970001", "V", "970001", "A", "r1", NOON)
    asks = one.start([inside])
    assert len(asks) == 1
    assert one.result().methods["fifo"].frontier == {"970001:A": {"v1": 300}}
    one.on_answer("970001", BankTrace().answer(asks[0].ask, bank))
    assert one.result().methods["fifo"].residual == {"970001:A": {"v1": 300}}
    assert one.result().conserved("fifo")


def test_the_result_is_plain_json() -> None:
    one = session()
    run(one, banks(), [SEED])
    body = one.result().to_json()
    assert msgspec.json.decode(msgspec.json.encode(body)) == body
    move = next(m for m in body["methods"]["lifo"]["movements"] if m["id"] == "r2")
    assert (move["src"], move["dst"], move["taint"]) == ("970002:A", "970001:B", {"v1": 300})


def test_lines_that_contradict_each_other_for_ever_are_frozen_and_named() -> None:
    one, ports = session(), banks()
    asks = {out.bank: out.ask for out in one.start([SEED])}
    answer = BankTrace().answer(asks["970001"], ports["970001"])
    sent = []
    for turn in range(40):
        answer["items"][0]["rev"] = turn + 1
        answer["items"][0]["out"][0]["parts"] = {
            method: [["v1", 100 + turn % 2], [None, 200 - turn % 2]] for method in one.methods
        }
        answer["items"][0]["residual"] = {method: {"v1": 200 - turn % 2} for method in one.methods}
        sent += one.on_answer("970001", answer)
    assert len(sent) == 32
    last = sent[-1].ask["items"][0]
    assert {label for parts in last["parts"].values() for label, _ in parts} == {None}
    result = one.result()
    assert result.conflicts == ["970002|A|970001|r1"]
    assert result.methods["fifo"].frontier == {"970002:A": {"v1": 101}}
    assert result.unresolved[0]["reason"] == "order_conflict"
    assert result.conserved("fifo")


def test_a_credit_beyond_the_limit_is_not_asked_and_stands_in_the_frontier() -> None:
    one, ports = session(most_credits=1), banks()
    run(one, ports, [SEED])
    result = one.result()
    assert result.methods["lifo"].frontier == {"970001:B": {"v1": 300}}
    assert result.unresolved[0]["reason"] == "limit"
    assert result.conserved("lifo")


def test_only_so_many_transfers_of_one_account_are_followed_and_the_rest_is_unresolved() -> None:
    first = MemoryBank("970001", openings={"V": 1000})
    second = MemoryBank("970002")
    post(first, "V", 1, "r1", -300, "970002", "A")
    post(second, "A", 1, "r1", 300, "970001", "V")
    third = MemoryBank("970003")
    for n in range(203):
        post(second, "A", 2 + n, f"o{n:03d}", -1, "970003", f"B{n}")
        post(third, f"B{n}", 500 + n, f"o{n:03d}", 1, "970002", "A")
    one = session()
    run(one, {"970001": first, "970002": second, "970003": third}, [SEED])
    result = one.result()
    assert sum(sum(row.values()) for row in result.methods["fifo"].frontier.values()) == 3
    assert {row["reason"] for row in result.unresolved} == {"limit"}
    assert result.conserved("fifo")
