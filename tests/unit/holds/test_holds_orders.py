"""A hold is a lease: two persons sign one sheet, the institution acts, silence releases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lachan.holds.errors import (
    SheetChanged,
    SheetStale,
    SheetUnopened,
    SignerFromOtherAgency,
    SignerRole,
    SignerSamePerson,
    StateForbids,
)
from lachan.holds.events import NoticeOwed, ReleaseOwed, SilenceNoted
from lachan.holds.rules import orders
from lachan.holds.rules.sheets import Opening, check_opened, sheet_hash
from lachan.holds.rules.values import Extent, Hold, HoldState, Reason, Signer
from lachan.members.roles import Role

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHEET = "a" * 64
LAN = Signer("lan", "o1", "c02-1", "vn/police/c02", frozenset({Role.INVESTIGATOR}))
MINH = Signer("minh", "o2", "c02-1", "vn/police/c02", frozenset({Role.UNIT_HEAD}))
BINH = Signer("binh", "o3", "pc02-1", "vn/police/hanoi", frozenset({Role.UNIT_HEAD}))


def proposed(**changes) -> Hold:
    hold = Hold(
        id="h1",
        case="VA-26-000001",
        account="970436:0001",
        agency="vn/police/c02",
        proposer="lan",
        amount=60_000_000,
        drafted_at=NOW,
        expires_at=NOW + 72 * HOUR,
        sheet_hash=SHEET,
    )
    return replace(hold, **changes)


def signed() -> Hold:
    one, _ = orders.sign(proposed(), LAN, shown=SHEET, now=NOW)
    two, _ = orders.sign(one, MINH, shown=SHEET, now=NOW)
    return two


def sent() -> Hold:
    return orders.send(signed(), now=NOW)[0]


def effective(held: int = 60_000_000) -> Hold:
    return orders.take_effect(sent(), held=held, carved=0, source="e1", at=NOW, now=NOW)[0]


def test_two_persons_of_one_agency_make_an_order_ready() -> None:
    assert signed().state is HoldState.SIGNED_2
    assert sent().state is HoldState.SENT


def test_the_order_of_the_two_signatures_does_not_matter() -> None:
    one, _ = orders.sign(proposed(), MINH, shown=SHEET, now=NOW)
    two, _ = orders.sign(one, LAN, shown=SHEET, now=NOW)
    assert two.state is HoldState.SIGNED_2


def test_one_person_with_two_logins_signs_once() -> None:
    one, _ = orders.sign(proposed(), LAN, shown=SHEET, now=NOW)
    other_login = replace(LAN, officer="o9", roles=frozenset({Role.UNIT_HEAD}))
    with pytest.raises(SignerSamePerson):
        orders.sign(one, other_login, shown=SHEET, now=NOW)


def test_a_signer_of_another_agency_is_refused() -> None:
    one, _ = orders.sign(proposed(), LAN, shown=SHEET, now=NOW)
    with pytest.raises(SignerFromOtherAgency) as refused:
        orders.sign(one, BINH, shown=SHEET, now=NOW)
    assert refused.value.expected == "vn/police/c02"


def test_two_investigators_are_not_enough_and_the_missing_role_is_named() -> None:
    one, _ = orders.sign(proposed(), LAN, shown=SHEET, now=NOW)
    second = replace(LAN, person="hoa", officer="o4")
    with pytest.raises(SignerRole) as refused:
        orders.sign(one, second, shown=SHEET, now=NOW)
    assert refused.value.expected == "unit_head"


def test_a_changed_sheet_cannot_be_signed() -> None:
    with pytest.raises(SheetChanged):
        orders.sign(proposed(), LAN, shown="b" * 64, now=NOW)


def test_a_change_after_the_first_signature_voids_it() -> None:
    one, _ = orders.sign(proposed(), LAN, shown=SHEET, now=NOW)
    back, _ = orders.void_signatures(one, sheet_hash="b" * 64, now=NOW)
    assert (back.state, back.signatures) == (HoldState.PROPOSED, ())


def test_signatures_over_two_different_sheets_never_leave() -> None:
    mixed = replace(signed(), sheet_hash="b" * 64)
    with pytest.raises(SheetChanged):
        orders.send(mixed, now=NOW)


def test_an_order_with_one_signature_never_leaves() -> None:
    one, _ = orders.sign(proposed(), LAN, shown=SHEET, now=NOW)
    with pytest.raises(StateForbids):
        orders.send(one, now=NOW)
    with pytest.raises(StateForbids):
        orders.send(replace(one, state=HoldState.SIGNED_2), now=NOW)


@pytest.mark.parametrize(("urgent", "hours"), [(True, 1), (False, 24)])
def test_an_unsigned_order_lapses(urgent: bool, hours: int) -> None:
    hold = proposed(urgent=urgent)
    assert hold.state_at(NOW + hours * HOUR) is HoldState.STALE
    with pytest.raises(SheetStale):
        orders.sign(hold, LAN, shown=SHEET, now=NOW + hours * HOUR)
    stale, _ = orders.expire(hold, now=NOW + hours * HOUR)
    assert stale.state is HoldState.STALE


def test_a_withdrawn_order_takes_no_signature() -> None:
    gone, _ = orders.withdraw(proposed(), now=NOW)
    with pytest.raises(StateForbids):
        orders.sign(gone, LAN, shown=SHEET, now=NOW)


@pytest.mark.parametrize(
    ("held", "extent"), [(60_000_000, "FULL"), (31_000_000, "PARTIAL"), (0, "ZERO")]
)
def test_the_effect_is_full_partial_or_zero(held: int, extent: str) -> None:
    hold = effective(held)
    assert (hold.extent, hold.held_at(NOW)) == (Extent(extent), held)


def test_an_effect_owes_the_holder_a_notice_within_the_hour() -> None:
    _, facts = orders.take_effect(sent(), held=1, carved=0, source="e1", at=NOW, now=NOW)
    (notice,) = [fact for fact in facts if isinstance(fact, NoticeOwed)]
    assert notice.due == NOW + HOUR


def test_an_effect_of_nothing_owes_no_notice() -> None:
    _, facts = orders.take_effect(sent(), held=0, carved=0, source="e1", at=NOW, now=NOW)
    assert not [fact for fact in facts if isinstance(fact, NoticeOwed)]


def test_an_institution_that_holds_too_much_is_told_to_let_the_rest_go() -> None:
    hold, facts = orders.take_effect(
        sent(), held=60_000_007, carved=0, source="e1", at=NOW, now=NOW
    )
    assert hold.held_at(NOW) == 60_000_000
    assert [fact.amount for fact in facts if isinstance(fact, ReleaseOwed)] == [7]


def test_the_same_answer_twice_counts_once() -> None:
    again, facts = orders.take_effect(
        effective(), held=60_000_000, carved=0, source="e1", at=NOW, now=NOW
    )
    assert (again.held_at(NOW), facts) == (60_000_000, ())


def test_a_receipt_after_the_effect_changes_nothing() -> None:
    hold = effective()
    assert orders.acknowledge(hold, at=NOW) == (hold, ())
    assert orders.acknowledge(sent(), at=NOW)[0].state is HoldState.ACKED


def test_a_late_effect_after_a_cancel_is_answered_by_a_release() -> None:
    cancelled, _ = orders.release(sent(), reason=Reason.CANCEL, source="c", now=NOW)
    after, facts = orders.take_effect(
        cancelled, held=20_000_000, carved=0, source="e1", at=NOW, now=NOW
    )
    assert after.held_at(NOW) == 0
    assert isinstance(facts[0], ReleaseOwed)


def test_at_its_end_nothing_is_held_though_no_clock_process_ran() -> None:
    hold = effective()
    assert hold.held_at(hold.expires_at - timedelta(microseconds=1)) == 60_000_000
    assert hold.held_at(hold.expires_at) == 0
    assert hold.state_at(hold.expires_at) is HoldState.RELEASED


def test_the_sweep_writes_the_lapse_down_once() -> None:
    hold = effective()
    gone, facts = orders.expire(hold, now=hold.expires_at)
    assert (gone.state, gone.ended, len(facts)) == (HoldState.RELEASED, Reason.EXPIRY, 1)
    assert orders.expire(gone, now=hold.expires_at) == (gone, ())


def test_releasing_what_has_lapsed_is_not_an_error() -> None:
    hold = effective()
    gone, _ = orders.release(hold, reason=Reason.APPEAL, source="r", now=hold.expires_at)
    assert gone.ended is Reason.EXPIRY


def test_a_part_is_let_go_and_the_rest_stays_held() -> None:
    hold, facts = orders.release(
        effective(), reason=Reason.APPEAL, source="r", now=NOW, amount=25_000_000
    )
    assert hold.held_at(NOW) == 35_000_000
    assert isinstance(facts[0], ReleaseOwed)


def test_a_part_as_large_as_the_whole_ends_the_hold() -> None:
    hold, _ = orders.release(
        effective(), reason=Reason.APPEAL, source="r", now=NOW, amount=60_000_000
    )
    assert hold.state is HoldState.RELEASED


def test_an_order_that_never_left_is_withdrawn_not_released() -> None:
    with pytest.raises(StateForbids) as refused:
        orders.release(proposed(), reason=Reason.CANCEL, source="r", now=NOW)
    assert "withdraw" in refused.value.allowed


def test_a_refusal_ends_the_order_with_its_reason() -> None:
    hold, _ = orders.refuse(sent(), reason="OUT_OF_SCOPE", at=NOW)
    assert (hold.state, hold.refused) == (HoldState.REFUSED, "OUT_OF_SCOPE")
    assert orders.refuse(effective(), reason="OUT_OF_SCOPE", at=NOW)[1] == ()


@pytest.mark.parametrize(
    ("minutes", "levels"), [(0.5, []), (1, [0]), (5, [0, 1]), (20, [0, 1, 2]), (65, [0, 1, 2, 3])]
)
def test_silence_climbs_its_levels_each_once(minutes: float, levels: list[int]) -> None:
    hold, facts = orders.note_silence(sent(), now=NOW + timedelta(minutes=minutes))
    assert [fact.level for fact in facts if isinstance(fact, SilenceNoted)] == levels
    assert orders.note_silence(hold, now=NOW + timedelta(minutes=minutes))[1] == ()


def test_a_silent_institution_that_answers_after_all_is_believed() -> None:
    quiet, _ = orders.note_silence(sent(), now=NOW + timedelta(minutes=6))
    assert quiet.state is HoldState.SILENT
    hold, _ = orders.take_effect(quiet, held=5, carved=1, source="e", at=NOW, now=NOW)
    assert hold.state is HoldState.EFFECTIVE


def test_a_later_tainted_credit_tops_up_to_the_order_and_no_further() -> None:
    hold, _ = orders.top_up(effective(50_000_000), amount=30_000_000, source="t1", at=NOW)
    assert hold.held_at(NOW) == 60_000_000
    assert orders.top_up(hold, amount=1, source="t2", at=NOW) == (hold, ())
    assert orders.top_up(hold, amount=1, source="t1", at=NOW) == (hold, ())


def test_converting_moves_the_money_out_of_the_old_instrument() -> None:
    hold, _ = orders.convert(effective(), now=NOW)
    assert (hold.state, hold.held_at(NOW)) == (HoldState.CONVERTED, 0)


def test_only_who_opened_this_very_sheet_may_sign_it() -> None:
    openings = [Opening("minh", SHEET, NOW)]
    check_opened(openings, person="minh", shown=SHEET, now=NOW + timedelta(minutes=5))
    for person, shown, minutes in [("lan", SHEET, 1), ("minh", "b" * 64, 1), ("minh", SHEET, 16)]:
        with pytest.raises(SheetUnopened):
            check_opened(openings, person=person, shown=shown, now=NOW + timedelta(minutes=minutes))


def test_equal_sheets_hash_alike_and_one_dong_makes_another() -> None:
    assert sheet_hash({"a": 1, "b": "x"}) == sheet_hash({"b": "x", "a": 1})
    assert sheet_hash({"a": 1}) != sheet_hash({"a": 2})


def test_a_signature_in_a_role_that_nobody_asked_for_fills_nothing() -> None:
    assert orders.missing_roles(signed(), [Role.AGENCY_HEAD]) == [Role.AGENCY_HEAD]
