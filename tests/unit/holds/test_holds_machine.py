"""Invariants of cases-and-holds §7 under any order of commands: 2-6, 7, 8, 9, 10, 11, 24, 25, 29.

Two cases, three accounts, four persons, an institution that answers late, twice or wrongly.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lachan.holds.rules import orders, renewals, reviews
from lachan.holds.rules.amounts import FIRST_LEASE, Limits, check_amount
from lachan.holds.rules.reviews import Outcome
from lachan.holds.rules.values import (
    LIVE,
    UNSENT,
    Hold,
    HoldState,
    LineKind,
    Reason,
    Signer,
    balance,
)
from lachan.kernel.errors import LachanError
from lachan.members.roles import Role

C02 = "vn/police/c02"
PEOPLE = [
    Signer("lan", "o1", "u1", C02, frozenset({Role.INVESTIGATOR})),
    Signer("lan", "o9", "u2", C02, frozenset({Role.UNIT_HEAD})),  # the same human, another login
    Signer("minh", "o2", "u1", C02, frozenset({Role.UNIT_HEAD})),
    Signer("hoa", "o3", "u2", C02, frozenset({Role.UNIT_HEAD})),
    Signer("duc", "o4", "u3", C02, frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD})),
]
ACCOUNTS = ["970436:0001", "970415:0002", "970418:0003"]
CASES = ["VA-26-000001", "VA-26-000002"]
REASON = "Đang chờ kết quả truy vết tiếp theo."
people = st.sampled_from(PEOPLE)
pick = st.integers(0, 10**6)


class Holds(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
        self.holds: dict[str, Hold] = {}
        self.reviews: dict[str, reviews.Review] = {}
        self.taint = {(c, a): 5_000_000 for c in CASES for a in ACCOUNTS}
        self.losses = dict.fromkeys(CASES, 12_000_000)
        self.never_block: set[str] = set()
        self.n = 0
        self.identified_before: dict[str, datetime] = {}

    def one(self, n: int) -> Hold:
        return list(self.holds.values())[n % len(self.holds)]

    def keep(self, hold: Hold) -> None:
        before = self.holds.get(hold.id)
        if before is not None:  # 11: held rises only by a capture or a top-up
            new = hold.lines[len(before.lines) :]
            assert hold.lines[: len(before.lines)] == before.lines
            for line in new:
                rising = line.kind in {LineKind.CAPTURE, LineKind.TOPUP}
                assert line.amount <= 0 or rising
        self.holds[hold.id] = hold

    def live(self, **where: str) -> list[Hold]:
        return [
            one
            for one in self.holds.values()
            if one.state_at(self.now) in LIVE
            and all(getattr(one, k) == v for k, v in where.items())
        ]

    def limits(self, case: str, account: str) -> Limits:
        return Limits(
            taint=self.taint[case, account],
            taint_all=sum(self.taint[c, account] for c in CASES),
            losses=self.losses[case],
            returned=0,
            case_holds=sum(one.amount for one in self.live(case=case)),
            other_cases=sum(o.amount for o in self.live(account=account) if o.case != case),
        )

    @rule(n=pick, amount=st.integers(1, 7_000_000), by=people)
    def draft(self, n: int, amount: int, by: Signer) -> None:
        case, account = CASES[n % 2], ACCOUNTS[n % 3]
        if account in self.never_block or self.live(case=case, account=account):
            return
        try:
            check_amount(amount, self.limits(case, account))
        except LachanError:
            return
        self.n += 1
        self.keep(
            Hold(
                id=f"h{self.n}", case=case, account=account, agency=C02, proposer=by.person,
                amount=amount, drafted_at=self.now, expires_at=self.now + FIRST_LEASE,
                sheet_hash=f"{self.n:064d}",
            )
        )  # fmt: skip

    @precondition(lambda self: self.holds)
    @rule(n=pick, by=people, stale_sheet=st.booleans())
    def sign(self, n: int, by: Signer, stale_sheet: bool) -> None:
        hold = self.one(n)
        shown = "f" * 64 if stale_sheet else hold.sheet_hash
        try:
            signed, _ = orders.sign(hold, by, shown=shown, now=self.now)
        except LachanError:
            return
        assert not stale_sheet
        self.keep(signed)

    @precondition(lambda self: self.holds)
    @rule(n=pick)
    def resheet(self, n: int) -> None:
        hold = self.one(n)
        try:
            self.keep(orders.void_signatures(hold, sheet_hash=f"{n + 9:064d}", now=self.now)[0])
        except LachanError:
            return

    @precondition(lambda self: self.holds)
    @rule(n=pick)
    def send(self, n: int) -> None:
        hold = self.one(n)
        if hold.account in self.never_block:  # read in the sending transaction
            return
        try:
            sent, _ = orders.send(hold, now=self.now)
        except LachanError:
            return
        self.keep(sent)

    @precondition(lambda self: self.holds)
    @rule(n=pick, held=st.integers(0, 8_000_000), source=st.integers(1, 3))
    def answer(self, n: int, held: int, source: int) -> None:
        hold = self.one(n)
        self.keep(
            orders.take_effect(
                hold, held=held, carved=0, source=f"e{source}", at=self.now, now=self.now
            )[0]
        )

    @precondition(lambda self: self.holds)
    @rule(n=pick, amount=st.integers(1, 3_000_000))
    def top_up(self, n: int, amount: int) -> None:
        self.n += 1
        self.keep(orders.top_up(self.one(n), amount=amount, source=f"t{self.n}", at=self.now)[0])

    @precondition(lambda self: self.holds)
    @rule(n=pick)
    def receipt_refusal_silence(self, n: int) -> None:
        hold = orders.acknowledge(self.one(n), at=self.now)[0]
        hold = orders.note_silence(hold, now=self.now)[0]
        if n % 3 == 0:
            hold = orders.refuse(hold, reason="OUT_OF_SCOPE", at=self.now)[0]
        self.keep(hold)

    @precondition(lambda self: self.holds)
    @rule(n=pick, part=st.one_of(st.none(), st.integers(1, 6_000_000)))
    def release(self, n: int, part: int | None) -> None:
        hold = self.one(n)
        try:
            gone, _ = orders.release(
                hold, reason=Reason.CANCEL, source=f"r{n}", now=self.now, amount=part
            )
        except LachanError:
            return
        self.keep(gone)

    @rule(n=pick)
    def cancel_the_case(self, n: int) -> None:
        case = CASES[n % 2]
        for hold in [one for one in self.holds.values() if one.case == case]:
            if hold.state_at(self.now) in UNSENT:
                self.keep(orders.withdraw(hold, now=self.now)[0])
            elif hold.state_at(self.now) in LIVE:
                self.keep(
                    orders.release(hold, reason=Reason.CANCEL, source="cancel", now=self.now)[0]
                )
        assert sum(one.held_at(self.now) for one in self.holds.values() if one.case == case) == 0
        assert not self.live(case=case)  # 24: no mark remains

    @precondition(lambda self: self.holds)
    @rule(n=pick, by=people, days=st.integers(1, 9))
    def renew(self, n: int, by: Signer, days: int) -> None:
        hold = self.one(n)
        until = hold.expires_at + timedelta(days=days)
        try:
            signature = renewals.check(hold, by, until=until, reason=REASON, now=self.now)
        except LachanError:
            return
        assert until <= self.now + timedelta(days=7)
        assert by.person not in hold.persons
        assert by.unit not in {one.unit for one in hold.signatures}
        self.keep(renewals.renew(hold, signature, until=until, now=self.now)[0])

    @precondition(lambda self: self.holds)
    @rule(n=pick, identified=st.booleans())
    def file_review(self, n: int, identified: bool) -> None:
        hold = self.one(n)
        if hold.state_at(self.now) is not HoldState.EFFECTIVE or hold.id in self.reviews:
            return
        self.reviews[hold.id] = reviews.file(
            id=f"r-{hold.id}", code="KN", hold=hold.id, fast=n % 2 == 0, persons=hold.persons,
            unit_of_signer_1=hold.signatures[0].unit, identified=identified,
            fifth_working_day=self.now + timedelta(days=7), now=self.now,
        )[0]  # fmt: skip
        self._remember(hold.id)

    def _remember(self, hold: str) -> None:
        default_at = self.reviews[hold].default_at
        if default_at is not None:  # 29: the instant never moves once fixed
            assert self.identified_before.setdefault(hold, default_at) == default_at

    @precondition(lambda self: self.reviews)
    @rule(n=pick, by=people, what=st.sampled_from(["identify", "extend", "decide", "silence"]))
    def handle_review(self, n: int, by: Signer, what: str) -> None:
        key = list(self.reviews)[n % len(self.reviews)]
        review = self.reviews[key]
        try:
            if what == "identify":
                review = reviews.identify(review, now=self.now)
            elif what == "extend":
                review = reviews.extend(review, reason=REASON)
            elif what == "silence":
                before = review
                review = reviews.silence(review, now=self.now)[0]
                if review is not before:
                    assert before.identified_at is not None  # 29
                    assert before.default_at is not None
                    assert self.now >= before.default_at
            else:
                review = reviews.decide(
                    review, by, outcome=Outcome.UPHELD, reason=REASON, now=self.now
                )[0]
                assert by.person not in self.holds[key].persons  # 8
                assert by.unit != self.holds[key].signatures[0].unit
        except LachanError:
            return
        self.reviews[key] = review
        self._remember(key)

    @rule(n=pick)
    def list_as_never_block(self, n: int) -> None:
        """A listing releases what stands on the account and lets nothing new begin (10)."""
        account = ACCOUNTS[n % 3]
        self.never_block.add(account)
        for hold in self.live(account=account):
            if hold.state in UNSENT:
                self.keep(orders.withdraw(hold, now=self.now)[0])
            else:
                self.keep(orders.release(hold, reason=Reason.STOP, source="nb", now=self.now)[0])

    @rule(minutes=st.sampled_from([1, 30, 59, 24 * 60, 73 * 60]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        for hold in list(self.holds.values()):
            before = hold.held_at(self.now)
            self.keep(orders.expire(hold, now=self.now)[0])
            assert self.holds[hold.id].held_at(self.now) == before  # 7: the sweep changes no sum

    @invariant()
    def held_never_passes_taint_or_loss(self) -> None:
        for case in CASES:
            mine = [one for one in self.holds.values() if one.case == case]
            assert sum(one.held_at(self.now) for one in mine) <= self.losses[case]  # 3
            for account in ACCOUNTS:
                held = sum(o.held_at(self.now) for o in mine if o.account == account)
                assert held <= self.taint[case, account]  # 2
                if account in self.never_block:
                    assert held == 0  # 10

    @invariant()
    def every_hold_ends_and_ends_in_time(self) -> None:
        for hold in self.holds.values():
            assert hold.expires_at <= hold.drafted_at + timedelta(days=17)  # 6
            if self.now >= hold.expires_at:
                assert hold.held_at(self.now) == 0  # 7
            assert balance(hold.lines) >= 0

    @invariant()
    def one_live_instrument_per_case_and_account(self) -> None:
        pairs = [(one.case, one.account) for one in self.live()]
        assert len(pairs) == len(set(pairs))  # 5

    @invariant()
    def persons_differ_and_nothing_leaves_without_two_signatures_on_one_sheet(self) -> None:
        for hold in self.holds.values():
            signers = [one.person for one in (*hold.signatures, *hold.renewals)]
            assert len(signers) == len(set(signers))  # 8
            if hold.sent_at is not None:  # 9
                assert len(hold.signatures) == 2
                assert {one.sheet_hash for one in hold.signatures} == {hold.sheet_hash}


Holds.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestHolds = Holds.TestCase


def test_replies_delayed_doubled_and_reordered_end_alike() -> None:
    """25: receipt, effect and silence in any order give the same hold."""
    import itertools

    now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    hold = Hold("h", CASES[0], ACCOUNTS[0], C02, "lan", 5, now, now + FIRST_LEASE, "a" * 64)
    for by in (PEOPLE[0], PEOPLE[2]):
        hold, _ = orders.sign(hold, by, shown="a" * 64, now=now)
    hold, _ = orders.send(hold, now=now)
    steps = {
        "receipt": lambda h: orders.acknowledge(h, at=now)[0],
        "effect": lambda h: orders.take_effect(h, held=5, carved=0, source="e", at=now, now=now)[0],
        "again": lambda h: orders.take_effect(h, held=5, carved=0, source="e", at=now, now=now)[0],
        "silence": lambda h: orders.note_silence(h, now=now + timedelta(minutes=6))[0],
    }
    ends = set()
    for order in itertools.permutations(steps):
        one = hold
        for name in order:
            one = steps[name](one)
        ends.add((one.state, one.held_at(now), one.extent))
    assert len(ends) == 1
    assert replace(hold, state=HoldState.EFFECTIVE).state in {state for state, _, _ in ends}
