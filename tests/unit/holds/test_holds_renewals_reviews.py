"""Renewals need a third person from another unit; reviews are decided by nobody who signed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from lachan.holds.errors import (
    DeciderInvolved,
    ExpiryPast,
    ExpiryRequired,
    ExpiryTooLong,
    ReasonRequired,
    RenewalsUsed,
    RenewerSamePerson,
    RenewerSameUnit,
    ReviewExtended,
    SignerFromOtherAgency,
    SignerRole,
    StateForbids,
)
from lachan.holds.events import ReviewDecided
from lachan.holds.rules import orders, renewals, reviews
from lachan.holds.rules.reviews import Outcome, ReviewState
from lachan.holds.rules.values import Hold, HoldState, Signer
from lachan.members.roles import Role

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
C02 = "vn/police/c02"
LAN = Signer("lan", "o1", "u1", C02, frozenset({Role.INVESTIGATOR}))
MINH = Signer("minh", "o2", "u1", C02, frozenset({Role.UNIT_HEAD}))
HOA = Signer("hoa", "o5", "u2", C02, frozenset({Role.UNIT_HEAD}))
REASON = "Đang chờ sao kê của ngân hàng thứ ba."


def held_since(now: datetime = NOW) -> Hold:
    hold = Hold(
        "h1", "VA-26-000001", "970436:0001", C02, "lan", 60_000_000, now, now + 3 * DAY, "a" * 64
    )
    for signer in (LAN, MINH):
        hold, _ = orders.sign(hold, signer, shown="a" * 64, now=now)
    hold, _ = orders.send(hold, now=now)
    return orders.take_effect(hold, held=60_000_000, carved=0, source="e", at=now, now=now)[0]


def check(
    hold: Hold, by: Signer = HOA, *, until=None, reason: str = REASON, now=NOW, never_past=None
):
    until = hold.expires_at + DAY if until is None else until
    return renewals.check(hold, by, until=until, reason=reason, now=now, never_past=never_past)


def test_a_third_person_of_another_unit_renews_for_seven_days_from_the_signature() -> None:
    hold, at = held_since(), NOW + 2 * DAY
    signature = check(hold, until=at + 7 * DAY, now=at)
    later, _ = renewals.renew(hold, signature, until=at + 7 * DAY, now=at)
    assert later.expires_at == NOW + 9 * DAY


def test_two_renewals_reach_day_17_and_no_third_exists() -> None:
    hold = held_since()
    for n, person in enumerate(("hoa", "duc")):
        at = hold.expires_at - timedelta(microseconds=1)
        until = at + 7 * DAY
        signature = check(hold, replace(HOA, person=person), until=until, now=at)
        hold, _ = renewals.renew(hold, signature, until=until, now=at)
        assert len(hold.renewals) == n + 1
    assert NOW + 17 * DAY - timedelta(seconds=1) < hold.expires_at <= NOW + 17 * DAY
    with pytest.raises(RenewalsUsed):
        check(hold, replace(HOA, person="mai"))


@pytest.mark.parametrize(
    ("by", "error"),
    [
        (LAN, RenewerSamePerson),
        (MINH, RenewerSamePerson),
        (replace(HOA, unit="u1"), RenewerSameUnit),
        (replace(HOA, agency="vn/police/hanoi"), SignerFromOtherAgency),
        (replace(HOA, roles=frozenset({Role.ANALYST})), SignerRole),
    ],
)
def test_who_may_not_renew(by: Signer, error: type[Exception]) -> None:
    with pytest.raises(error):
        check(held_since(), by)


def test_who_renewed_once_does_not_renew_again() -> None:
    hold = held_since()
    until = hold.expires_at + DAY
    hold, _ = renewals.renew(hold, check(hold, until=until), until=until, now=NOW)
    with pytest.raises(RenewerSamePerson):
        check(hold)


def test_eight_days_on_renewal_are_too_long() -> None:
    hold = held_since()
    with pytest.raises(ExpiryTooLong):
        check(hold, until=NOW + 8 * DAY)


def test_a_renewal_never_passes_the_statutory_date() -> None:
    hold = held_since()
    with pytest.raises(ExpiryTooLong):
        check(hold, until=NOW + 6 * DAY, never_past=NOW + 5 * DAY)
    assert renewals.last_end(hold, never_past=NOW + 5 * DAY) == NOW + 5 * DAY
    assert renewals.last_end(hold) == NOW + 17 * DAY


def test_a_renewal_says_why_and_moves_the_end_forward() -> None:
    hold = held_since()
    with pytest.raises(ReasonRequired):
        check(hold, reason="vì thế")
    with pytest.raises(ExpiryPast):
        check(hold, until=hold.expires_at)
    with pytest.raises(ExpiryRequired):
        renewals.check(hold, HOA, until=None, reason=REASON, now=NOW)


def test_a_lapsed_hold_never_comes_back() -> None:
    hold = held_since()
    with pytest.raises(StateForbids):
        check(hold, now=hold.expires_at)
    with pytest.raises(StateForbids):
        renewals.renew(hold, check(hold), until=NOW + 10 * DAY, now=hold.expires_at)


def test_an_institutions_earlier_end_is_believed_a_later_one_is_not() -> None:
    hold = held_since()
    assert renewals.confirm_end(hold, until=NOW + DAY).expires_at == NOW + DAY
    assert renewals.confirm_end(hold, until=NOW + 30 * DAY).expires_at == hold.expires_at


def review(*, fast=False, identified=False, now=NOW) -> reviews.Review:
    return reviews.file(
        id="r1", code="KN-26-AAAA-AAAA-AAAA", hold="h1", fast=fast, identified=identified,
        persons=frozenset({"lan", "minh"}), unit_of_signer_1="u1",
        fifth_working_day=now + 7 * DAY, now=now,
    )[0]  # fmt: skip


JUDGE = Signer("tam", "o7", "u3", C02, frozenset({Role.UNIT_HEAD}))


@pytest.mark.parametrize(
    ("amount", "merchant", "fast"),
    [(4_999_999, False, True), (5_000_000, False, False), (50_000_000, True, True)],
)
def test_small_sums_and_merchants_go_the_fast_lane(amount, merchant, fast) -> None:
    assert reviews.is_fast(amount, merchant=merchant) is fast


def test_the_fast_appeal_of_tet_eve_is_released_at_half_past_eight_when_silent() -> None:
    ict = timezone(timedelta(hours=7))
    filed = datetime(2027, 2, 5, 16, 30, tzinfo=ict)
    known = review(fast=True, identified=True, now=filed)
    assert known.default_at == datetime(2027, 2, 5, 20, 30, tzinfo=ict)
    assert reviews.silence(known, now=known.default_at - HOUR)[1] == ()
    gone, facts = reviews.silence(known, now=known.default_at)
    assert (gone.outcome, gone.by_default) == (Outcome.RELEASED, True)
    assert isinstance(facts[0], ReviewDecided)
    unknown = review(fast=True, now=filed)
    assert reviews.silence(unknown, now=filed + 3 * DAY) == (unknown, ())


def test_the_default_instant_is_fixed_at_identification_and_never_moves() -> None:
    one = reviews.identify(review(), now=NOW + HOUR)
    assert one.default_at == NOW + 25 * HOUR
    assert reviews.identify(one, now=NOW + 2 * HOUR) == one
    assert reviews.extend(one, reason=REASON).default_at == one.default_at


def test_an_extension_is_the_instant_fixed_at_filing_and_used_once() -> None:
    one = reviews.extend(review(), reason=REASON)
    assert one.due_at == NOW + 7 * DAY
    with pytest.raises(ReviewExtended):
        reviews.extend(one, reason=REASON)
    with pytest.raises(ReviewExtended):
        reviews.extend(review(fast=True), reason=REASON)
    with pytest.raises(ReasonRequired):
        reviews.extend(review(), reason="")


@pytest.mark.parametrize("by", [LAN, MINH, replace(JUDGE, unit="u1"), replace(JUDGE, person="lan")])
def test_nobody_involved_decides(by: Signer) -> None:
    with pytest.raises(DeciderInvolved):
        reviews.decide(review(), by, outcome=Outcome.UPHELD, reason=REASON, now=NOW)


def test_somebody_else_decides_once_and_with_a_reason() -> None:
    with pytest.raises(ReasonRequired):
        reviews.decide(review(), JUDGE, outcome=Outcome.RELEASED, reason="", now=NOW)
    done, facts = reviews.decide(
        reviews.acknowledge(review()), JUDGE, outcome=Outcome.RELEASED, reason=REASON, now=NOW
    )
    assert (done.state, len(facts)) == (ReviewState.DECIDED_1, 1)
    with pytest.raises(StateForbids):
        reviews.decide(done, JUDGE, outcome=Outcome.UPHELD, reason=REASON, now=NOW)
    assert reviews.silence(reviews.identify(done, now=NOW), now=NOW + 9 * DAY)[1] == ()
    assert reviews.acknowledge(done) == done


def test_an_effective_hold_lists_who_had_a_part() -> None:
    assert held_since().persons == {"lan", "minh"}
    assert held_since().state is HoldState.EFFECTIVE
