"""The plan of a case: which accounts may be held, for how much, and how many bystanders it would hit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lachan.cases.standing import Account, Standing
from lachan.holds import forecast as rules
from lachan.holds.models import HoldRecord, PauseRecord
from lachan.holds.outside import never_blocked
from lachan.holds.rules.amounts import LOW_VALUE, Limits
from lachan.holds.rules.values import LIVE, LIVE_PAUSE

_SELF = "a plan reads the case's own instruments"
_BANDS = frozenset(rules.Bands.__dataclass_fields__)
_PIPES = frozenset({"transit", "exit"})
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
    bound_by = standing.losses or standing.reported if losses is None else losses
    others = _others(standing, now)
    taken = 0  # by the case's live holds that stay, and by rows already in
    for rows in live.values():
        taken += sum(one.amount for one in rows if one.kind == "hold" and one.pk not in ignore)
    candidates: list[rules.Candidate] = []
    waiting = sorted(
        standing.accounts, key=lambda one: (-_score(one, _balance(one, live)), one.account)
    )
    chosen_rows: dict[str, Row] = {}
    for account in waiting:
        balance = _balance(account, live)
        limits = Limits(
            taint=account.taint,
            taint_all=max(account.taint_all, account.taint),
            losses=bound_by,
            returned=standing.returned,
            case_holds=taken,
            other_cases=others.get(account.account, 0),
            balance=balance,
        )
        why = _why_out(account, limits, live, chosen, ignore)
        amount = limits.room()
        verdict = None
        if not why and 0 < amount < LOW_VALUE:
            why = "low_value"
        if not why and amount == 0:
            why = "no_balance" if balance == 0 else "no_loss_left"
        candidate = _candidate(account, amount, balance)
        verdict = rules.judge(candidate)
        if not why and verdict.decision == "leave_out":
            why = "forecast"
        if not why:
            candidates.append(candidate)
            taken += amount
        chosen_rows[account.account] = Row(
            account, amount, limits, verdict, _already(live.get(account.account, [])),
            "hard" if never_blocked(account.account) else "", why,
        )  # fmt: skip
    agency = agency_of(standing.member, now, except_case=standing.code)
    holding = sum(
        1 for rows in live.values() for one in rows if one.kind == "hold" and one.pk not in ignore
    )
    outlook = rules.forecast(candidates, agency=agency, case_holds=holding)
    return Plan(
        rows=tuple(chosen_rows[one.account] for one in standing.accounts),
        forecast=outlook,
        agency=agency,
        bound=frozenset(live),
        narrow=rules.narrow(candidates, agency=agency, case_holds=holding)
        if outlook.colour is rules.Colour.RED
        else (),
    )


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


def _why_out(
    account: Account,
    limits: Limits,
    live: Mapping[str, list[Live]],
    chosen: Collection[str] | None,
    ignore: Collection[object],
) -> str:
    held = [
        one for one in live.get(account.account, []) if one.kind == "hold" and one.pk not in ignore
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
        (limits.of_taint == 0, "other_cases"),
        (chosen is not None and account.account not in chosen, "not_chosen"),
    )
    return next((why for bad, why in checks if bad), "")


def _candidate(account: Account, amount: int, balance: int | None) -> rules.Candidate:
    bands = rules.Bands(**known_bands(account.bands))
    return rules.Candidate(
        account=account.account,
        amount=amount,
        layer=account.layer,
        taint=account.taint,
        taint_min=account.taint_min,
        kappa_percent=account.kappa_percent,
        bands=bands,
        balance=amount if balance is None else balance,
        cases=account.cases,
        lam=_hazard(bands),
    )


def _hazard(bands: rules.Bands) -> float:
    """λ per hour from the bands (tracing §5): a pass-through is all but gone within the hour."""
    return 6.0 if bands.gone_80_in_60 else 0.5 if bands.gone_80_in_60 is None else 0.05


def _score(account: Account, balance: int | None) -> int:
    amount = account.taint if balance is None else min(account.taint, balance)
    return rules.recover_of(_candidate(account, amount, balance), 0)


def _balance(account: Account, live: Mapping[str, list[Live]]) -> int | None:
    """What the bank could hold for this case: its figure, which leaves this case's own pause out."""
    if account.holdable is None:
        return None
    own = sum(one.held for one in live.get(account.account, []))
    return min(account.taint, max(account.holdable, own))


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
