"""How many bystanders an order would hit, said before it is sent. Pure (cases-and-holds §3.3).

`w` is the chance, in basis points, that the holder is a bystander: a table, no learned model. ALL ITS
WEIGHTS ARE INVENTED and uncalibrated until outcomes exist; every page and file that shows `w` says so
(`CALIBRATED`). The inputs are the holding institution's yes/no bands, never figures; a band that is
missing counts against the hold. Amounts are whole đồng; floats rank only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lachan.tracing.plan import DEFAULT_DELAY, saved

VERSION = "2026-11"
CALIBRATED = False

_LAYERS = (100, 200, 500, 700)
_DEEP = 1_200
_MERCHANT = 2_500
_PROTECTED = 1_500
_SETTLED_BUSINESS = 1_500
_SMALL_SHARE = 1_000
_WIDE_RANGE = 1_000
_LOW_KAPPA = 500
_PASS_THROUGH = -1_000
_FRESH_MULE = -1_000
_TWO_CASES = -1_000
_REGISTRY = {"CORROBORATED": -1_500, "CONFIRMED": -2_500}
FLOOR, CEILING = 100, 9_500
LEFT_OUT = 3_000
TICKED = 1_000
GREEN_BP, AMBER_BP = 200, 500
MAX_HOLDS = 200
OVERTURNED_RED, OVERTURNED_AMBER = 300, 100
DAY_FLOOR, DAY_FACTOR = 50, 3
MIN_KAPPA = 50  # per cent


class Colour(StrEnum):
    """What a plan is allowed to do."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Bands:
    """What the holding institution answered; None: it did not say."""

    merchant: bool | None = None
    protected_inflow: bool | None = None  # salary, pension, benefit in 60 days
    age_ge_2y: bool | None = None
    age_lt_90d: bool | None = None
    payers_ge_20: bool | None = None
    share_lt_1: bool | None = None  # taint's share of the 30-day inflow
    share_lt_5: bool | None = None
    share_ge_50: bool | None = None
    gone_80_in_60: bool | None = None  # share of tainted credits gone within 60 minutes


@dataclass(frozen=True, slots=True)
class Candidate:
    """One account of a plan. lam: outflow hazard per hour; delay: the bank's median answer in hours."""

    account: str
    amount: int
    layer: int
    taint: int
    taint_min: int
    kappa_percent: int
    bands: Bands
    balance: int
    cases: int = 1
    registry: str = ""
    lam: float = 1.0
    delay: float = DEFAULT_DELAY


@dataclass(frozen=True, slots=True)
class Verdict:
    """keep, tick (AMBER: both signers tick it) or leave_out, with the figures that say why."""

    account: str
    amount: int
    w: int
    innocent: int
    recover: int
    decision: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agency:
    """What the asking agency did lately: new holders in 24 h, the 28-day median, overturned share in bp."""

    holders_24h: int = 0
    median_28d: int = 0
    overturned_bp: int = 0
    raised_to: int = 0  # a reasoned order of the agency head, for at most 24 h

    @property
    def day_limit(self) -> int:
        usual = max(DAY_FLOOR, DAY_FACTOR * self.median_28d)
        return max(usual, min(self.raised_to, MAX_HOLDS))


@dataclass(frozen=True, slots=True)
class Forecast:
    """The plan's colour and figures; `stop` names the rules that make it RED."""

    colour: Colour
    amount: int
    innocent: int
    verdicts: tuple[Verdict, ...]
    stop: tuple[str, ...]

    @property
    def share_bp(self) -> int:
        """Expected innocent đồng per 10,000 held, rounded up."""
        return -(-self.innocent * 10_000 // self.amount) if self.amount else 0

    @property
    def kept(self) -> tuple[Verdict, ...]:
        return tuple(one for one in self.verdicts if one.decision != "leave_out")


def weigh(one: Candidate) -> tuple[int, tuple[str, ...]]:
    """Basis points and the reasons that made them, in the order of the table."""
    bands = one.bands
    points = _LAYERS[one.layer - 1] if 1 <= one.layer <= len(_LAYERS) else _DEEP
    reasons = [f"layer:{one.layer}"]

    def add(name: str, value: int, *, holds: bool) -> None:
        nonlocal points
        if holds:
            points += value
            reasons.append(name)

    add("merchant", _MERCHANT, holds=_bad(bands.merchant))
    add("protected_inflow", _PROTECTED, holds=_bad(bands.protected_inflow))
    add(
        "settled_business",
        _SETTLED_BUSINESS,
        holds=_bad(bands.age_ge_2y) and _bad(bands.payers_ge_20),
    )
    add("small_share", _SMALL_SHARE, holds=_bad(bands.share_lt_5))
    add("wide_range", _WIDE_RANGE, holds=2 * one.taint_min < one.taint)
    add("low_kappa", _LOW_KAPPA, holds=one.kappa_percent < MIN_KAPPA)
    add("pass_through", _PASS_THROUGH, holds=_good(bands.gone_80_in_60))
    add("fresh_mule", _FRESH_MULE, holds=_good(bands.share_ge_50) and _good(bands.age_lt_90d))
    add("two_cases", _TWO_CASES, holds=one.cases >= 2)  # noqa: PLR2004 - the table's row
    if one.registry in _REGISTRY:
        add(f"registry_{one.registry.lower()}", _REGISTRY[one.registry], holds=True)
    return min(CEILING, max(FLOOR, points)), tuple(reasons)


def innocent_of(amount: int, w: int) -> int:
    """ceil(A·w/10⁴): expected bystanders' đồng. No whole account is held here, so K = 0."""
    return -(-amount * w // 10_000)


def recover_of(one: Candidate, w: int) -> int:
    """Expected đồng saved: (1 − w/10⁴)·min(A, B)·(1 − e^(−λh))·e^(−λd). Ranks only."""
    return int((1 - w / 10_000) * saved(min(one.amount, one.balance), one.lam, one.delay))


def judge(one: Candidate) -> Verdict:
    """One account's verdict."""
    w, reasons = weigh(one)
    decision = "leave_out" if w >= LEFT_OUT else "tick" if w >= TICKED else "keep"
    return Verdict(
        one.account,
        one.amount,
        w,
        innocent_of(one.amount, w),
        recover_of(one, w),
        decision,
        reasons,
    )


def forecast(
    candidates: Iterable[Candidate], *, agency: Agency | None = None, case_holds: int = 0
) -> Forecast:
    """Judge a plan. case_holds: the case's holds beside this plan.

    GREEN up to 2 % innocent, AMBER up to 5 %, RED past it or when a count of the stop rule is passed.
    """
    agency = agency or Agency()
    verdicts = tuple(judge(one) for one in candidates)
    kept = [one for one in verdicts if one.decision != "leave_out"]
    amount = sum(one.amount for one in kept)
    innocent = sum(one.innocent for one in kept)
    stop = stop_reasons(
        amount=amount, innocent=innocent, holds=len(kept), case_holds=case_holds, agency=agency
    )
    colour = colour_of(kept, agency=agency, case_holds=case_holds)
    return Forecast(colour, amount, innocent, verdicts, stop)


def colour_of(kept: Sequence[Verdict], *, agency: Agency, case_holds: int) -> Colour:
    """What a plan of these accounts may do."""
    amount = sum(one.amount for one in kept)
    innocent = sum(one.innocent for one in kept)
    if stop_reasons(
        amount=amount, innocent=innocent, holds=len(kept), case_holds=case_holds, agency=agency
    ):
        return Colour.RED
    amber = innocent * 10_000 > GREEN_BP * amount or agency.overturned_bp >= OVERTURNED_AMBER
    return Colour.AMBER if amber else Colour.GREEN


def stop_reasons(
    *, amount: int, innocent: int, holds: int, case_holds: int, agency: Agency
) -> tuple[str, ...]:
    """Which limits are passed: `innocent_share`, `case_holds`, `day_holders`, `overturned_share`."""
    stop: list[str] = []
    if innocent * 10_000 > AMBER_BP * amount:
        stop.append("innocent_share")
    if holds + case_holds > MAX_HOLDS:
        stop.append("case_holds")
    if holds and holds + agency.holders_24h > agency.day_limit:
        stop.append("day_holders")
    if agency.overturned_bp >= OVERTURNED_RED:
        stop.append("overturned_share")
    return tuple(stop)


def narrowing_order(plan: Forecast) -> list[Verdict]:
    """The accounts as a plan loses them: lowest recover per innocent đồng first, ties by account."""
    return sorted(plan.kept, key=lambda one: (one.recover / max(1, one.innocent), one.account))


def narrow(
    candidates: Sequence[Candidate], *, agency: Agency | None = None, case_holds: int = 0
) -> tuple[str, ...]:
    """Accounts to leave out, in order, until the plan is no longer RED; a person decides on them.

    Empty when it is not RED. When only the overturned share stops it, nothing helps: all are named.
    """
    left = list(candidates)
    out: list[str] = []
    plan = forecast(left, agency=agency, case_holds=case_holds)
    while plan.colour is Colour.RED and plan.kept:
        worst = narrowing_order(plan)[0].account
        out.append(worst)
        left = [one for one in left if one.account != worst]
        plan = forecast(left, agency=agency, case_holds=case_holds)
    return tuple(out)


def may_widen(bands: Bands, *, taint: int, low_value: int, kind: str = "") -> str:
    """Why the next hop behind an account is not paused by itself; empty when it may be."""
    if bands.share_lt_1:
        return "share"
    if taint < low_value:
        return "low_value"
    if kind in {"transit", "exit", "merchant"} or bands.merchant:
        return "kind"
    return ""


def _bad(band: bool | None) -> bool:  # noqa: FBT001 - a band is a value here
    """A missing band counts as true for an addition."""
    return band is not False


def _good(band: bool | None) -> bool:  # noqa: FBT001 - a band is a value here
    """A missing band counts as false for a subtraction."""
    return band is True
