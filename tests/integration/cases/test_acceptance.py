"""The failure scenarios of cases-and-holds §8 that belong to cases and holds."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.access.steps import step
from lachan.cases import queries
from lachan.cases import services as case_services
from lachan.cases.errors import CaseStillBound, CaseTaken
from lachan.cases.models import (
    AskRecord,
    BoardRowRecord,
    CaseRecord,
    CaseReport,
    LegRecord,
    TimelineRecord,
)
from lachan.cases.timeline import Kind
from lachan.exchange import queries as exchange_queries
from lachan.exchange.events import Late, Noticed
from lachan.holds import queries as hold_queries
from lachan.holds import services
from lachan.holds.models import HoldRecord, PauseRecord
from lachan.members import services as members
from lachan.members.models.keys import Shift
from lachan.reports.models import ReportRecord
from tests.integration.cases.conftest import PASSPHRASE, WHY, World
from tests.integration.cases.test_golden_hour import VICTIM, A, B, C, M, figures, scam
from tests.integration.cases.test_hold_vertical import DUTY, HEAD, OTHER, held, propose, sign

SECOND = "970436:1002"


def the_case() -> CaseRecord:
    return CaseRecord.objects.unscoped(reason=WHY).get()


@step
def tell(fact: object) -> tuple[None, list[object]]:
    return None, [fact]


def test_2_accounts_with_a_small_rest_are_listed_and_not_paused(world: World) -> None:
    world.fund(VICTIM, 100 * M)
    ref = world.pay(VICTIM, A, 60 * M, ago=600)
    world.pay(A, B, 60 * M - 10_000, ago=590)
    world.pay(B, C, 60 * M - 20_000, ago=580)
    world.report(VICTIM, A, 60 * M, ref, ago=600)
    world.pump()
    paused = {one.account: one.held for one in PauseRecord.objects.unscoped(reason=WHY)}
    assert paused == {A: 10_000, C: 60 * M - 20_000}
    view = queries.flow(world.actor(DUTY), the_case().code)
    assert view is not None
    assert {row.ref: row.left_out for row in view.plan.left_out} == {A: "low_value", B: "low_value"}
    assert figures(the_case()) == (60 * M, 60 * M - 10_000, 0, 0, 10_000)


def test_5_a_tiny_share_at_a_busy_account_stops_automation(world: World) -> None:
    world.banks["970415"].refuses["pause"] = "LOW_SHARE"
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    case = the_case()
    assert PauseRecord.objects.unscoped(reason=WHY).filter(account=A).get().state == "DECLINED"
    row = BoardRowRecord.objects.unscoped(reason=WHY).get()
    assert case.abuse == "A1"
    assert {"abuse", "needs_person"} <= set(row.flags)
    assert not PauseRecord.objects.unscoped(reason=WHY).exclude(account=A).exists()
    assert case.held + case.withdrawn + case.moved_on + case.unresolved == case.reported


def test_6_a_bank_that_never_answers_leaves_its_amount_unresolved(world: World) -> None:
    world.banks["970422"].silent |= {"trace_credit", "pause"}
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    assert figures(the_case()) == (500 * M, 340 * M, 0, 80 * M, 80 * M)
    ask = AskRecord.objects.unscoped(reason=WHY).get(state="WAITING", kind="trace_credit")
    late = Late(
        ask.conversation,
        ask.h,
        "trace_credit",
        "vn/police/a05",
        ask.receiver,
        the_case().code,
        -1,
        world.now,
        world.now,
    )
    tell(late)
    row = BoardRowRecord.objects.unscoped(reason=WHY).get()
    assert "silent_bank" in row.flags
    assert LegRecord.objects.unscoped(reason=WHY).get(account=C).state == "TIMED_OUT"
    assert "unit_head_told" not in row.flags
    for _ in range(2):  # the same fact again is not noted again
        for level in (0, 1, 2):
            tell(replace(late, level=level))
    assert "unit_head_told" in BoardRowRecord.objects.unscoped(reason=WHY).get().flags
    noted = TimelineRecord.objects.unscoped(reason=WHY).filter(kind=Kind.SILENCE)
    assert sorted(noted.values_list("new", flat=True)) == ["L-1", "L0", "L1", "L2"]
    world.banks["970422"].silent.clear()
    world.pump()
    assert figures(the_case()) == (500 * M, 420 * M, 0, 80 * M, 0)
    assert "silent_bank" not in BoardRowRecord.objects.unscoped(reason=WHY).get().flags


def test_8_and_17_a_second_victim_of_the_same_account_joins_the_case_and_shares_its_figures(
    world: World,
) -> None:
    for who, amount in ((VICTIM, 60 * M), (SECOND, 25 * M)):
        world.fund(who, amount)
    first = world.pay(VICTIM, A, 60 * M, ago=900)
    second = world.pay(SECOND, A, 25 * M, ago=800)
    world.pay(A, None, 54 * M, ago=700, kind="cash")
    world.report(VICTIM, A, 60 * M, first, ago=900)
    world.pump()
    world.report(SECOND, A, 25 * M, second, ago=800, key="k2")
    world.pump()
    assert CaseReport.objects.unscoped(reason=WHY).count() == 2
    assert figures(the_case()) == (85 * M, 31 * M, 0, 54 * M, 0)
    told = list(ReportRecord.objects.unscoped(reason=WHY).order_by("received_at", "id"))
    assert sum(one.held for one in told) == 31 * M
    for one in told:
        assert one.reported == one.held + one.moved_on + one.withdrawn + one.unresolved
        assert one.case_code == the_case().code


def test_14_a_cancel_at_any_state_ends_with_nothing_held(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    code = the_case().code
    world.banks["970422"].silent.add("hold")
    held(world, code)
    states = set(HoldRecord.objects.unscoped(reason=WHY).values_list("state", flat=True))
    assert states == {"EFFECTIVE", "SENT"}
    services.cancel_case(
        actor=world.actor(HEAD),
        case_code=code,
        reason="Bị hại rút tin báo, đã nhận lại tiền",
        clock=world.clock,
    )
    world.banks["970422"].silent.clear()
    world.pump()
    assert {one.ledger.held[n] for one in world.banks.values() for n in one.ledger.held} <= {0}
    assert the_case().held == 0
    assert set(HoldRecord.objects.unscoped(reason=WHY).values_list("state", flat=True)) == {
        "RELEASED"
    }


def test_15_a_payment_told_twice_is_one_leg_and_one_loss(world: World) -> None:
    world.fund(VICTIM, 15 * M)
    ref = world.pay(VICTIM, A, 15 * M, ago=600)
    world.report(VICTIM, A, 15 * M, ref, ago=600)
    world.report(VICTIM, A, 15 * M, ref, ago=600, key="k2", channel="BANK_DESK")
    world.pump()
    assert figures(the_case())[0] == 15 * M
    assert LegRecord.objects.unscoped(reason=WHY).count() == 1


def test_money_that_goes_round_between_two_accounts_is_counted_once(world: World) -> None:
    world.fund(VICTIM, 600 * M)
    ref = world.pay(VICTIM, A, 600 * M, ago=900)
    world.pay(A, B, 600 * M, ago=800)
    world.pay(B, A, 550 * M, ago=700)
    world.pay(A, None, 100 * M, ago=600, kind="cash")
    world.report(VICTIM, A, 600 * M, ref, ago=900)
    world.pump()
    case = the_case()
    assert case.held + case.withdrawn + case.unresolved == 600 * M
    assert sum(one.taint for one in LegRecord.objects.unscoped(reason=WHY)) == 500 * M


def test_without_a_shift_the_board_says_so_and_a_shift_sends_what_waited(world: World) -> None:
    shift = Shift.objects.unscoped(reason=WHY).get()
    world.clock.advance(1)
    members.close_shift(world.actor(DUTY), shift.pk, clock=world.clock)
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    # The request for a pause is the bank's own power and goes; the trace waits for the duty officer.
    assert set(PauseRecord.objects.unscoped(reason=WHY).values_list("account", flat=True)) == {A}
    row = BoardRowRecord.objects.unscoped(reason=WHY).get()
    assert "no_shift" in row.flags
    held_back = {(one["kind"], one["reason"]) for one in the_case().not_sent}
    assert held_back == {("trace_credit", "NO_SHIFT")}
    world.clock.advance(1)
    members.open_shift(
        world.actor(DUTY), passphrase=PASSPHRASE, totp=world.code(DUTY), clock=world.clock
    )
    world.pump()
    assert figures(the_case()) == (500 * M, 420 * M, 0, 80 * M, 0)
    assert "no_shift" not in BoardRowRecord.objects.unscoped(reason=WHY).get().flags


def test_widening_waits_for_a_persons_look_after_fifteen_minutes(world: World) -> None:
    world.banks["970415"].silent.add("trace_credit")
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    world.clock.advance(16 * 60)
    world.banks["970415"].silent.clear()
    world.pump()
    assert set(PauseRecord.objects.unscoped(reason=WHY).values_list("account", flat=True)) == {A}
    assert "needs_person" in BoardRowRecord.objects.unscoped(reason=WHY).get().flags
    case_services.review_shift_work(
        actor=world.actor(DUTY), code=the_case().code, clock=world.clock
    )
    world.pump()
    assert set(PauseRecord.objects.unscoped(reason=WHY).values_list("account", flat=True)) == {A, C}


def test_a_doubtful_next_hop_is_not_paused_by_itself(world: World) -> None:
    world.banks["970422"].ledger.known["4001"] = {
        "merchant": True, "protected_inflow": False, "age_ge_2y": True, "age_lt_90d": False,
        "payers_ge_20": True, "share_lt_1": False, "share_lt_5": True, "share_ge_50": False,
        "gone_80_in_60": False,
    }  # fmt: skip
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    assert set(PauseRecord.objects.unscoped(reason=WHY).values_list("account", flat=True)) == {A}
    view = queries.flow(world.actor(DUTY), the_case().code)
    assert view is not None
    assert {row.ref: row.left_out for row in view.plan.left_out}[C] == "forecast"


def test_a_lease_that_the_bank_ends_first_is_believed(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    held(world, the_case().code)
    hold = HoldRecord.objects.unscoped(reason=WHY).get(account=A)
    assert hold.conversation is not None
    world.clock.advance(60)
    tell(
        Noticed(
            hold.conversation, "hold", hold.institution, "vn/police/a05", hold.case,
            {"status": "Disclosed", "substate": "complete", "reason": "lease_ended"}, world.now,
        )
    )  # fmt: skip
    hold.refresh_from_db()
    assert hold.state == "RELEASED"
    assert figures(the_case()) == (500 * M, 80 * M, 0, 80 * M, 340 * M)


def test_the_last_lease_is_listed_seven_days_before_its_end(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    held(world, the_case().code)
    HoldRecord.objects.unscoped(reason=WHY).update(
        drafted_at=world.now - timedelta(days=11), expires_at=world.now + timedelta(days=3)
    )
    services.sweep(clock=world.clock)
    assert "last_lease" in BoardRowRecord.objects.unscoped(reason=WHY).get().flags


def test_two_officers_do_not_take_one_case(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    code = the_case().code
    case_services.take(actor=world.actor(DUTY), code=code, clock=world.clock)
    with pytest.raises(CaseTaken):
        case_services.take(actor=world.actor(OTHER), code=code, clock=world.clock)
    case_services.release_case(actor=world.actor(DUTY), code=code, clock=world.clock)
    case_services.take(actor=world.actor(OTHER), code=code, clock=world.clock)


def test_a_case_with_money_held_is_not_closed(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    with pytest.raises(CaseStillBound):
        case_services.advance(
            actor=world.actor(HEAD),
            code=the_case().code,
            to="CLOSED",
            reason="Không đủ căn cứ",
            clock=world.clock,
        )


def test_the_timeline_only_grows_and_numbers_its_lines(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    rows = list(
        TimelineRecord.objects.unscoped(reason=WHY).values_list("seq", "kind", "new", "reason")
    )
    assert [seq for seq, *_ in rows] == list(range(1, len(rows) + 1))
    assert {"report", "ask", "answer", "pause", "trace", "notice"} <= {kind for _, kind, *_ in rows}
    assert not any("Nguyễn" in f"{new}{reason}" or "2001:" in new for _, _, new, reason in rows)


def test_a_line_of_the_timeline_is_never_altered(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    line = TimelineRecord.objects.unscoped(reason=WHY).first()
    assert line is not None
    line.new = "khác"
    with pytest.raises(TypeError):
        line.save()


def test_the_same_answer_twice_changes_nothing(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    before = figures(the_case())
    case_services.expand(actor=world.actor(DUTY), code=the_case().code, clock=world.clock)
    world.pump()
    assert figures(the_case()) == before


def test_requests_about_the_number_are_signed_by_an_officer_and_a_head(world: World) -> None:
    country = world.country
    from lachan.members.roles import Connection, MemberState

    country.register("vn/telecom/viettel", Connection.CONNECTED, msisdn_prefixes=("098",))
    members.change_state(
        country.system,
        "vn/telecom/viettel",
        MemberState.TESTING,
        reason="applied",
        clock=world.clock,
    )
    for name in ("Lê Thị Một", "Phạm Văn Hai"):
        members.activate(country.actor(name), "vn/telecom/viettel", clock=world.clock, waiver=True)
    members.publish_directory(country.system, clock=world.clock)
    world.report(VICTIM, A, 500 * M, scam(world), ago=600, contacts=(("PHONE", "0987654321"),))
    case = the_case()
    case_services.take(actor=world.actor(DUTY), code=case.code, clock=world.clock)
    view = queries.case_view(world.actor(DUTY), case.code)
    assert view is not None
    assert view.requests == ("identify_subscriber",)
    sheet = services.propose_request(
        actor=world.actor(DUTY), case_code=case.code, kind="identify_subscriber", clock=world.clock
    )
    sign(world, sheet, DUTY)
    assert sign(world, sheet, HEAD).state == "SENT"
    assert (
        AskRecord.objects.unscoped(reason=WHY)
        .get(kind="identify_subscriber")
        .receiver.startswith("vn/telecom/viettel")
    )


def test_a_page_of_the_board_of_ten_thousand_cases_is_read_in_six_queries(
    world: World, django_assert_max_num_queries
) -> None:
    now = world.now
    cases = [
        CaseRecord(
            code=f"VA-26-{n:06d}",
            member="vn/police/a05",
            unit="",
            opened_at=now,
            reported=n,
            unresolved=n,
        )
        for n in range(1, 10_001)
    ]
    CaseRecord.objects.bulk_create(cases, batch_size=500)
    BoardRowRecord.objects.bulk_create(
        [
            BoardRowRecord(case=c, code=c.code, member=c.member, reported=c.reported, unresolved=c.unresolved,
                           urgency=c.reported % 997, changed_at=now)
            for c in cases
        ],
        batch_size=500,
    )  # fmt: skip
    actor = world.actor(DUTY)
    first = queries.board(actor)
    second = queries.board(actor, after=first.after)
    assert (len(first.rows), len(second.rows), first.open_cases) == (50, 50, 10_000)
    assert not {one.code for one in first.rows} & {one.code for one in second.rows}
    with django_assert_max_num_queries(6):
        queries.board(actor)


def test_when_a_re_trace_finds_less_the_excess_releases_itself_after_four_hours(
    world: World,
) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    held(world, the_case().code)
    LegRecord.objects.unscoped(reason=WHY).filter(account=A).update(taint=300 * M)
    services.sweep(clock=world.clock)
    assert "needs_person" in BoardRowRecord.objects.unscoped(reason=WHY).get().flags
    world.clock.advance(4 * 3600 - 1)
    services.sweep(clock=world.clock)
    assert HoldRecord.objects.unscoped(reason=WHY).get(account=A).held == 340 * M
    world.clock.advance(1)
    services.sweep(clock=world.clock)
    world.pump()
    assert HoldRecord.objects.unscoped(reason=WHY).get(account=A).held == 300 * M
    assert world.banks["970415"].ledger.held["2001"] == 300 * M


def counts(world: World, code: str, sheet: UUID) -> dict[str, int]:
    """Queries of each officer page, the session's and the frame's own (four) left aside."""
    actor = world.actor(DUTY)
    pages: dict[str, Any] = {
        "board": lambda: queries.board(actor),
        "case": lambda: queries.case_view(actor, code),
        "flow": lambda: queries.flow(actor, code),
        "sheet": lambda: hold_queries.sheet(actor, sheet),
        "to sign": lambda: hold_queries.to_sign(actor),
        "reviews": lambda: hold_queries.reviews(actor),
        "requests": lambda: exchange_queries.conversations(actor, code),
    }
    found = {}
    for name, read in pages.items():
        read()  # what a process reads once
        with CaptureQueriesContext(connection) as seen:
            read()
        found[name] = len(seen)
    return found


def test_a_page_costs_the_same_few_queries_however_much_is_in_the_case(world: World) -> None:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    code = the_case().code
    sheet = propose(world, code, A)
    small = counts(world, code, sheet.pk)
    assert max(small.values()) <= 22, small
    for n in range(5):
        victim, amount = f"970436:20{n}1", (60 + n) * M
        world.fund(victim, amount)
        ref = world.pay(victim, A, amount, ago=300 - n)
        for leaf in range(3):
            world.pay(A, f"970422:700{n}{leaf}", 10 * M, ago=200 - n)
        world.report(victim, A, amount, ref, ago=300 - n, key=f"more{n}")
        world.pump()
    large = counts(world, code, sheet.pk)
    assert all(large[name] <= few for name, few in small.items()), (small, large)
