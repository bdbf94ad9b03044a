"""The forecast says how many bystanders a plan would hit; the worked examples are the spec's."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.holds import forecast as f

CLEAR = f.Bands(
    merchant=False,
    protected_inflow=False,
    age_ge_2y=False,
    age_lt_90d=False,
    payers_ge_20=False,
    share_lt_1=False,
    share_lt_5=False,
    share_ge_50=False,
    gone_80_in_60=False,
)


def candidate(account="970436:0001", amount=60_000_000, layer=1, **bands) -> f.Candidate:
    return f.Candidate(
        account=account,
        amount=amount,
        layer=layer,
        taint=amount,
        taint_min=amount,
        kappa_percent=90,
        bands=replace(CLEAR, **bands),
        balance=amount,
    )


MULE = candidate("970436:0001", 60_000_000, 1, gone_80_in_60=True)
SALARY = candidate("970415:0002", 2_000_000, 3, protected_inflow=True)
SHOP = candidate("970418:0003", 900_000, 4, merchant=True)
RESTING = candidate("970422:0004", 20_000_000, 5, share_ge_50=True, age_lt_90d=True)


def test_a_pass_through_mule_of_layer_1_weighs_the_least() -> None:
    verdict = f.judge(MULE)
    assert (verdict.w, verdict.innocent, verdict.decision) == (100, 600_000, "keep")


def test_a_salary_account_of_layer_3_weighs_2000_and_is_ticked() -> None:
    verdict = f.judge(SALARY)
    assert (verdict.w, verdict.innocent, verdict.decision) == (2_000, 400_000, "tick")


def test_a_shop_of_layer_4_is_left_out_with_its_reason() -> None:
    verdict = f.judge(SHOP)
    assert (verdict.w, verdict.decision) == (3_200, "leave_out")
    assert "merchant" in verdict.reasons


def test_the_first_plan_of_the_spec_is_green() -> None:
    plan = f.forecast([MULE, SALARY, SHOP])
    assert (plan.amount, plan.innocent, plan.colour) == (62_000_000, 1_000_000, f.Colour.GREEN)
    assert plan.share_bp == 162  # 1.61 % rounded up


def test_with_money_resting_at_a_fresh_deep_mule_it_stays_green() -> None:
    plan = f.forecast([MULE, SALARY, SHOP, RESTING])
    assert f.judge(RESTING).w == 200
    assert (plan.amount, plan.innocent, plan.colour) == (82_000_000, 1_400_000, f.Colour.GREEN)


def test_without_the_bands_that_speak_for_it_the_plan_is_amber_and_the_account_alone_red() -> None:
    silent = candidate("970422:0004", 20_000_000, 5)
    plan = f.forecast([MULE, SALARY, SHOP, silent])
    assert f.judge(silent).w == 1_200
    assert (plan.innocent, plan.colour) == (3_400_000, f.Colour.AMBER)
    assert f.forecast([silent]).colour is f.Colour.RED


def test_a_missing_band_counts_against_the_hold() -> None:
    unknown = replace(MULE, bands=f.Bands())
    assert f.judge(unknown).w == 100 + 2_500 + 1_500 + 1_500 + 1_000
    assert f.judge(unknown).decision == "leave_out"


def test_a_wide_range_and_a_low_confidence_add_up() -> None:
    doubtful = replace(MULE, bands=CLEAR, taint_min=29_999_999, kappa_percent=49)
    assert f.judge(doubtful).w == 100 + 1_000 + 500


@pytest.mark.parametrize(("registry", "w"), [("CORROBORATED", 700), ("CONFIRMED", 100)])
def test_the_registry_speaks_for_a_hold(registry: str, w: int) -> None:
    assert f.judge(replace(SALARY, layer=4, registry=registry)).w == w


def test_two_cases_on_an_account_speak_for_a_hold() -> None:
    assert f.judge(replace(SALARY, cases=2)).w == 1_000


def test_the_51st_holder_of_the_day_stops_an_agency_of_median_10() -> None:
    agency = f.Agency(holders_24h=50, median_28d=10)
    plan = f.forecast([MULE], agency=agency)
    assert (plan.colour, plan.stop) == (f.Colour.RED, ("day_holders",))
    assert f.forecast([MULE], agency=replace(agency, holders_24h=49)).colour is f.Colour.GREEN


def test_an_agency_of_median_10_holds_at_most_350_in_a_week_without_an_override() -> None:
    held = 0
    for _day in range(7):
        today = 0
        for _ in range(1_500):
            if f.forecast([MULE], agency=f.Agency(today, 10)).colour is not f.Colour.RED:
                today += 1
        held += today
    assert held == 350


def test_the_agency_heads_order_raises_the_day_but_never_past_200() -> None:
    assert f.Agency(raised_to=120).day_limit == 120
    assert f.Agency(raised_to=10_000).day_limit == 200


def test_more_than_200_holds_in_a_case_stop() -> None:
    assert f.forecast([MULE], case_holds=200).stop == ("case_holds",)


@pytest.mark.parametrize(
    ("overturned", "colour"), [(99, "green"), (100, "amber"), (299, "amber"), (300, "red")]
)
def test_the_overturned_share_colours_the_plan(overturned: int, colour: str) -> None:
    assert f.forecast([MULE], agency=f.Agency(overturned_bp=overturned)).colour == colour


def test_a_red_plan_loses_the_lowest_recover_per_innocent_first_until_it_is_not_red() -> None:
    bad = [candidate(f"970436:9{n:03d}", 10_000_000, 5) for n in range(3)]
    assert f.forecast([MULE, *bad]).colour is f.Colour.AMBER
    worse = [candidate(f"970436:9{n:03d}", 50_000_000, 5) for n in range(4)]
    out = f.narrow([MULE, *worse])
    assert out
    assert MULE.account not in out
    rest = [one for one in [MULE, *worse] if one.account not in out]
    assert f.forecast(rest).colour is not f.Colour.RED


def test_a_plan_that_is_not_red_is_not_narrowed() -> None:
    assert f.narrow([MULE]) == ()


def test_narrowing_ends_even_when_nothing_helps() -> None:
    assert f.narrow([MULE], agency=f.Agency(overturned_bp=900)) == (MULE.account,)


def test_an_empty_plan_is_green_and_costs_nobody() -> None:
    plan = f.forecast([])
    assert (plan.colour, plan.share_bp, plan.kept) == (f.Colour.GREEN, 0, ())


@pytest.mark.parametrize(
    ("bands", "taint", "kind", "why"),
    [
        (f.Bands(), 600_000, "", ""),
        (f.Bands(share_lt_1=True), 600_000, "", "share"),
        (f.Bands(), 499_999, "", "low_value"),
        (f.Bands(merchant=True), 600_000, "", "kind"),
        (f.Bands(), 600_000, "transit", "kind"),
    ],
)
def test_widening_stops_where_the_spec_says(bands, taint, kind, why) -> None:
    assert f.may_widen(bands, taint=taint, low_value=500_000, kind=kind) == why


yes_no = st.sampled_from([True, False, None])
any_bands = st.builds(f.Bands, *[yes_no] * 9)


@given(any_bands, st.integers(1, 20), st.integers(1, 10**12))
def test_w_stays_within_its_bounds_and_innocent_is_never_rounded_down(bands, layer, amount) -> None:
    verdict = f.judge(replace(MULE, bands=bands, layer=layer, amount=amount))
    assert f.FLOOR <= verdict.w <= f.CEILING
    assert verdict.innocent * 10_000 >= amount * verdict.w
    assert (verdict.decision == "leave_out") == (verdict.w >= 3_000)


@given(any_bands, st.sampled_from(list(f.Bands.__dataclass_fields__)))
def test_silence_of_a_bank_never_speaks_for_a_hold(bands, name) -> None:
    silent = f.judge(replace(MULE, bands=replace(bands, **{name: None}))).w
    for said in (True, False):
        if name in {"share_ge_50", "age_lt_90d", "gone_80_in_60"} or name != "share_lt_1":
            assert silent >= f.judge(replace(MULE, bands=replace(bands, **{name: said}))).w
