"""The plan of a case: which accounts may be held, for how much, and how many bystanders it would hit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lachan.cases.standing import Account, Standing
from lachan.holds import forecast as rules
from lachan.holds.models import HoldRecord, PauseRecord
from lachan.holds.outside import never_blocked
from lachan.holds.rules.amounts import LOW_VALUE, Limits
from lachan.holds.rules.values import LIVE, LIVE_PAUSE
from lachan.kernel.time import to_wire
from lachan.tracing import plan as tracing_plan

_SELF = "a plan reads the case's own instruments"
_BANDS = frozenset(rules.Bands.__dataclass_fields__)
_PIPES = frozenset({"transit", "exit"})
PASS_THROUGH_MINUTES = 10.0  # λ 6 an hour
UNKNOWN_LEFT = 0.5  # λ when the bank does not say
DAY, WEEK, MONTH = timedelta(hours=24), timedelta(days=7), timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Live:
    """An instrument that stands on an account."""

    kind: str
    state: str
    amount: int
    held: int
    pk: object


@dataclass(frozen=True, slots=True)
class Row:
    """One account of the plan. `why_out`: a code; "" when it is in."""

    account: Account
    amount: int
    limits: Limits
    verdict: rules.Verdict | None
    already: str
    never_block: str
    why_out: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows in the order of the trace, and the forecast over those that are in."""

    rows: tuple[Row, ...]
    forecast: rules.Forecast
    agency: rules.Agency
    bound: frozenset[str]
    narrow: tuple[str, ...] = field(default=())

    def bands(self, account: Account) -> dict[str, bool]:
        """The account's bands that the forecast knows."""
        return known_bands(account.bands)

    def row(self, account: str) -> Row | None:
        return next((one for one in self.rows if one.account.account == account), None)


def known_bands(bands: Mapping[str, bool]) -> dict[str, bool]:
    """Those that the table reads; a bank may say more."""
    return {name: value for name, value in bands.items() if name in _BANDS}


def live_on(case: str, now: datetime) -> dict[str, list[Live]]:
    """The case's live instruments by account."""
    found: dict[str, list[Live]] = {}
    for pause in PauseRecord.objects.unscoped(reason=_SELF).filter(case=case, state__in=LIVE_PAUSE):
        if pause.state_at(now) in LIVE_PAUSE:
            found.setdefault(pause.account, []).append(
                Live("pause", pause.state, pause.amount, pause.held_at(now), pause.pk)
            )
    for hold in HoldRecord.objects.unscoped(reason=_SELF).filter(case=case, state__in=LIVE):
        if hold.state_at(now) in LIVE:
            found.setdefault(hold.account, []).append(
                Live("hold", hold.state, hold.amount, hold.held_at(now), hold.pk)
            )
    return found


def plan_of(
    standing: Standing,
    *,
    now: datetime,
    chosen: Collection[str] | None = None,
    losses: int | None = None,
    ignore: Collection[object] = (),
) -> Plan:
    """The plan as it would be signed now.

    chosen: only these accounts; None all that may be in. losses: what bounds the case; None: the
    verified ones, or what was reported while nothing is verified yet (shown so, never signed so).
    ignore: instruments that the plan replaces.
    """
    live = live_on(standing.code, now)
    losses = (standing.losses or standing.reported) if losses is None else losses
    mine = [
        one for rows in live.values() for one in rows if one.kind == "hold" and one.pk not in ignore
    ]
    agency = agency_of(standing.member, now, except_case=standing.code)
    made = _Making(standing, live, _others(standing, now), losses, sum(one.amount for one in mine))
    harm = _Harm({one.account: one for one in standing.accounts}, agency, len(mine))
    laid = tracing_plan.plan(
        [made.candidate(one, made.why_out(one, chosen, ignore)) for one in standing.accounts],
        method=standing.method,
        at=to_wire(now),
        limit=losses - standing.returned - made.taken,
        forecast=harm,
        least=LOW_VALUE,
    )
    rows = {row.account.account: row for row in made.rows(laid)}
    kept = [harm.candidate(one.candidate, one.amount) for one in laid.decided if not one.why]
    outlook = rules.forecast(kept, agency=agency, case_holds=len(mine))
    return Plan(
        rows=tuple(rows[one.account] for one in standing.accounts),
        forecast=outlook,
        agency=agency,
        bound=frozenset(live),
        narrow=rules.narrow(kept, agency=agency, case_holds=len(mine))
        if outlook.colour is rules.Colour.RED
        else (),
    )


@dataclass(frozen=True, slots=True)
class _Harm:
    """The forecast's table (§3.3) as the plan asks it."""

    accounts: Mapping[str, Account]
    agency: rules.Agency
    case_holds: int

    def candidate(self, one: tracing_plan.Candidate, amount: int) -> rules.Candidate:
        account = self.accounts[one.account]
        return rules.Candidate(
            account=one.account,
            amount=amount,
            layer=account.layer,
            taint=account.taint,
            taint_min=account.taint_min,
            kappa_percent=account.kappa_percent,
            bands=rules.Bands(**known_bands(account.bands)),
            balance=amount if account.holdable is None else one.holdable,
            cases=account.cases,
            lam=one.hazard,
            delay=one.delay,
        )

    def judge(self, one: tracing_plan.Candidate, amount: int) -> rules.Verdict:
        return rules.judge(self.candidate(one, amount))

    def colour(self, kept: Sequence[tracing_plan.Verdict]) -> str:
        verdicts = [one for one in kept if isinstance(one, rules.Verdict)]
        return rules.colour_of(verdicts, agency=self.agency, case_holds=self.case_holds).value


@dataclass(frozen=True, slots=True)
class _Making:
    """What bounds the plan of one case. `taken`: by the case's live holds that stay."""

    standing: Standing
    live: Mapping[str, list[Live]]
    others: Mapping[str, int]
    losses: int
    taken: int

    def balance(self, account: Account) -> int | None:
        """What the bank could hold for this case: its figure, which leaves this case's own pause out."""
        if account.holdable is None:
            return None
        own = sum(one.held for one in self.live.get(account.account, []))
        return min(account.taint, max(account.holdable, own))

    def limits(self, account: Account, taken: int) -> Limits:
        return Limits(
            taint=account.taint,
            taint_all=max(account.taint_all, account.taint),
            losses=self.losses,
            returned=self.standing.returned,
            case_holds=taken,
            other_cases=self.others.get(account.account, 0),
            balance=self.balance(account),
        )

    def candidate(self, account: Account, barred: str) -> tracing_plan.Candidate:
        balance = self.balance(account)
        gone = known_bands(account.bands).get("gone_80_in_60")
        return tracing_plan.Candidate(
            bank=account.institution,
            account=account.account,
            tau=account.taint,
            holdable=account.taint if balance is None else balance,
            most=self.limits(account, 0).of_taint,
            barred=barred,
            # The bank says no minutes, only whether four fifths were gone within the hour (tracing §5).
            dwell_minutes=PASS_THROUGH_MINUTES if gone else None,
            left_last_hour=UNKNOWN_LEFT if gone is None else 0.0,
        )

    def why_out(
        self, account: Account, chosen: Collection[str] | None, ignore: Collection[object]
    ) -> str:
        held = [
            one
            for one in self.live.get(account.account, [])
            if one.kind == "hold" and one.pk not in ignore
        ]
        checks = (
            (never_blocked(account.account), "never_block"),
            (bool(held), "held"),
            (account.kind in _PIPES, "transit"),
            (account.taint == 0, "nothing_left"),
            (not account.answered, "not_answered"),
            (account.kappa_percent == 0, "no_link"),
            (bool(account.left_out), "person"),
            (account.taint < LOW_VALUE, "low_value"),
            (account.bands.get("share_lt_1") is True, "low_share"),
            (self.limits(account, 0).of_taint == 0, "other_cases"),
            (chosen is not None and account.account not in chosen, "not_chosen"),
        )
        return next((why for bad, why in checks if bad), "")

    def rows(self, laid: tracing_plan.Plan) -> Iterator[Row]:
        """The plan's decisions as the pages and the sheet read them."""
        accounts = {one.account: one for one in self.standing.accounts}
        taken = self.taken
        for one in laid.decided:
            account = accounts[one.candidate.account]
            yield Row(
                account,
                one.amount,
                self.limits(account, taken),
                one.verdict if isinstance(one.verdict, rules.Verdict) else None,
                _already(self.live.get(account.account, [])),
                "hard" if never_blocked(account.account) else "",
                one.why,
            )
            if not one.why:
                taken += one.amount


def agency_of(member: str, now: datetime, *, except_case: str = "") -> rules.Agency:
    """What the agency did lately, for the stop rule: holders of 24 h, 28-day median, overturned share."""
    days: dict[int, set[str]] = {}
    ordered = overturned = 0
    for model, at_field in ((PauseRecord, "requested_at"), (HoldRecord, "sent_at")):
        rows = model.objects.unscoped(reason=_SELF).filter(
            agency=member, **{f"{at_field}__gt": now - MONTH}
        )
        for account, at, case, effective in rows.values_list(
            "account", at_field, "case", "effective_at"
        ):
            day = (now - at) // DAY
            if effective is not None and not (day == 0 and case == except_case):
                days.setdefault(day, set()).add(account)
    counts = sorted(len(days.get(day, ())) for day in range(1, 28))
    week = HoldRecord.objects.unscoped(reason=_SELF).filter(
        agency=member, effective_at__gt=now - WEEK
    )
    for amount, ended in week.values_list("amount", "ended"):
        ordered += amount
        overturned += amount if ended == "APPEAL" else 0
    return rules.Agency(
        holders_24h=len(days.get(0, ())),
        median_28d=counts[len(counts) // 2],
        overturned_bp=overturned * 10_000 // ordered if ordered else 0,
    )


def _already(live: list[Live]) -> str:
    kinds = {one.kind for one in live if one.held}
    return "held" if "hold" in kinds else "paused" if "pause" in kinds else ""


def _others(standing: Standing, now: datetime) -> dict[str, int]:
    """What other cases' live instruments hold or will hold on the same accounts."""
    names = [one.account for one in standing.accounts]
    sums: dict[str, int] = {}
    for hold in (
        HoldRecord.objects.unscoped(reason=_SELF)
        .filter(account__in=names, state__in=LIVE)
        .exclude(case=standing.code)
    ):
        if hold.state_at(now) in LIVE:
            sums[hold.account] = sums.get(hold.account, 0) + hold.amount
    return sums
