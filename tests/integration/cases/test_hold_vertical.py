"""From the paused money to signed holds: two people, one sheet, one transaction; then review and renewal."""

from datetime import timedelta

import pytest

from lachan.access.errors import NotAllowed
from lachan.cases import queries as cases
from lachan.cases import services as case_services
from lachan.cases.models import BoardRowRecord, CaseRecord
from lachan.exchange.models import OutgoingRecord
from lachan.holds import queries, services
from lachan.holds.errors import (
    AmountAboveLoss,
    DeciderInvolved,
    NeverBlock,
    NotVerified,
    RenewerSamePerson,
    ReviewUnknown,
    SheetChanged,
    SheetStale,
    SheetUnopened,
    SignerSamePerson,
    StopRule,
    TickRequired,
    TooManyTries,
)
from lachan.holds.models import HoldRecord, PauseRecord, ReviewRecord, SheetRecord
from lachan.kernel.errors import LachanError
from tests.integration.cases.conftest import PASSPHRASE, WHY, World
from tests.integration.cases.test_golden_hour import VICTIM, A, C, M, scam

DUTY, HEAD, OTHER, JUDGE = "Trần Minh Trực", "Nguyễn Thị Trưởng", "Hoàng Thị Gia", "Đỗ Văn Tâm"
REASON = "Đang chờ sao kê của ngân hàng thứ ba."


@pytest.fixture
def contained(world: World) -> str:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    return CaseRecord.objects.unscoped(reason=WHY).get().code


def propose(world: World, code: str, *chosen: str, **reasons: str) -> SheetRecord:
    return services.propose_sheet(
        actor=world.actor(DUTY), case_code=code, chosen=list(chosen), clock=world.clock, **reasons
    )


def sign(
    world: World,
    sheet: SheetRecord,
    name: str,
    *,
    opened: bool = True,
    ticks: frozenset[str] = frozenset(),
) -> SheetRecord:
    actor = world.actor(name)
    if opened:
        services.open_sheet(actor=actor, sheet_id=sheet.pk, clock=world.clock)
    return services.sign_sheet(
        actor=actor,
        sheet_id=sheet.pk,
        passphrase=PASSPHRASE,
        totp=world.code(name),
        ticks=ticks,
        clock=world.clock,
    )


def held(world: World, code: str) -> SheetRecord:
    sheet = propose(world, code, A, C)
    sign(world, sheet, DUTY)
    sheet = sign(world, sheet, HEAD)
    world.pump()
    return sheet


def test_two_signatures_send_every_order_and_the_pauses_become_holds(
    world: World, contained: str
) -> None:
    sheet = propose(world, contained, A, C)
    assert (sheet.colour, sheet.amount, sheet.required) == (
        "green",
        420 * M,
        ["investigator", "unit_head"],
    )
    assert sign(world, sheet, DUTY).state == "SIGNED_1"
    assert (
        not OutgoingRecord.objects.unscoped(reason=WHY).filter(kind="hold", state="READY").exists()
    )
    assert sign(world, sheet, HEAD).state == "SENT"
    assert (
        OutgoingRecord.objects.unscoped(reason=WHY).filter(kind="hold", state="READY").count() == 2
    )
    world.pump()
    holds = {one.account: one for one in HoldRecord.objects.unscoped(reason=WHY)}
    assert {name: (one.state, one.held) for name, one in holds.items()} == {
        A: ("EFFECTIVE", 340 * M), C: ("EFFECTIVE", 80 * M),
    }  # fmt: skip
    assert set(PauseRecord.objects.unscoped(reason=WHY).values_list("state", flat=True)) == {
        "CONVERTED"
    }
    case = CaseRecord.objects.unscoped(reason=WHY).get()
    assert (case.held, case.withdrawn, case.unresolved) == (420 * M, 80 * M, 0)
    assert world.banks["970415"].ledger.held["2001"] == 340 * M


def test_the_signing_page_shows_the_words_the_sums_and_who_is_missing(
    world: World, contained: str
) -> None:
    sheet = propose(world, contained, A, C)
    view = queries.sheet(world.actor(HEAD), sheet.pk)
    assert view is not None
    assert (view.may_sign, view.stop, view.required) == (True, "", ("investigator", "unit_head"))
    assert "340.000.000 đồng" in view.orders[0].words.vi
    assert view.orders[0].w < 1_000
    assert not view.calibrated
    assert [one.id for one in queries.to_sign(world.actor(HEAD))] == [sheet.pk]
    assert queries.to_sign(world.actor(OTHER))  # a unit head of the same agency may sign as well


def test_the_second_signer_must_have_opened_the_sheet(world: World, contained: str) -> None:
    sheet = propose(world, contained, A)
    sign(world, sheet, DUTY)
    with pytest.raises(SheetUnopened):
        sign(world, sheet, HEAD, opened=False)


def test_one_person_signs_once(world: World, contained: str) -> None:
    sheet = propose(world, contained, A)
    sign(world, sheet, DUTY)
    with pytest.raises(SignerSamePerson):
        sign(world, sheet, DUTY)


def test_a_wrong_passphrase_signs_nothing(world: World, contained: str) -> None:
    sheet = propose(world, contained, A)
    actor = world.actor(DUTY)
    services.open_sheet(actor=actor, sheet_id=sheet.pk, clock=world.clock)
    with pytest.raises(LachanError):
        services.sign_sheet(
            actor=actor,
            sheet_id=sheet.pk,
            passphrase="sai",
            totp=world.code(DUTY),
            clock=world.clock,
        )
    sheet.refresh_from_db()
    assert sheet.state == "PROPOSED"
    assert (
        not OutgoingRecord.objects.unscoped(reason=WHY)
        .exclude(approvals=[])
        .filter(kind="hold")
        .exists()
    )


def test_a_change_after_the_first_signature_voids_it_and_says_what_changed(
    world: World, contained: str
) -> None:
    sheet = propose(world, contained, A, C)
    sign(world, sheet, DUTY)
    services.open_sheet(actor=world.actor(HEAD), sheet_id=sheet.pk, clock=world.clock)
    from lachan.cases.models import LegRecord

    LegRecord.objects.unscoped(reason=WHY).filter(account=A).update(
        taint=300 * M, taint_min=300 * M
    )
    with pytest.raises(SheetChanged):
        sign(world, sheet, HEAD, opened=False)
    fresh = services.open_sheet(actor=world.actor(HEAD), sheet_id=sheet.pk, clock=world.clock)
    assert (fresh.state, fresh.amount) == ("PROPOSED", 380 * M)
    assert any("340000000 → 300000000" in one for one in fresh.changes)
    sign(world, fresh, HEAD)
    assert sign(world, fresh, JUDGE).state == "SENT"


def test_an_account_listed_as_never_block_between_the_signatures_is_not_sent(
    world: World, contained: str
) -> None:
    sheet = propose(world, contained, A)
    sign(world, sheet, DUTY)
    services.open_sheet(actor=world.actor(HEAD), sheet_id=sheet.pk, clock=world.clock)
    world.listed.add(A)
    with pytest.raises(NeverBlock):
        sign(world, sheet, HEAD, opened=False)
    with pytest.raises(NeverBlock):
        propose(world, contained, A)


def test_a_sheet_that_nobody_signs_lapses_in_an_hour(world: World, contained: str) -> None:
    sheet = propose(world, contained, A)
    world.clock.advance(3601)
    with pytest.raises(SheetStale):
        sign(world, sheet, DUTY, opened=False)
    services.sweep(clock=world.clock)
    sheet.refresh_from_db()
    assert sheet.state == "STALE"
    assert HoldRecord.objects.unscoped(reason=WHY).get().state == "STALE"


def test_nothing_is_held_before_a_loss_is_verified(world: World) -> None:
    world.banks["970436"].silent.add("confirm_transfer")
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    with pytest.raises(NotVerified):
        propose(world, CaseRecord.objects.unscoped(reason=WHY).get().code, A)


def test_the_cases_holds_never_pass_its_verified_losses(world: World, contained: str) -> None:
    from lachan.cases.models import CaseTransfer

    CaseTransfer.objects.unscoped(reason=WHY).update(amount=340 * M)
    with pytest.raises(AmountAboveLoss):
        propose(world, contained, A, C)


def test_a_red_plan_is_stopped_until_it_is_narrowed(world: World, contained: str) -> None:
    from lachan.cases.models import LegRecord

    doubtful = {"merchant": False, "protected_inflow": False, "age_ge_2y": False, "age_lt_90d": False,
                "payers_ge_20": False, "share_lt_1": False, "share_lt_5": True, "share_ge_50": False,
                "gone_80_in_60": False}  # fmt: skip
    LegRecord.objects.unscoped(reason=WHY).filter(account=A).update(bands=doubtful)
    with pytest.raises(StopRule):
        propose(world, contained, A)
    view = cases.flow(world.actor(DUTY), contained)
    assert view is not None
    assert view.plan.colour == "red"
    assert [row.ref for row in view.plan.rows if row.narrow] == [A]
    sheet = services.propose_sheet(
        actor=world.actor(DUTY), case_code=contained, chosen=[C], reasons={A: "Chủ tài khoản có dấu hiệu ngay tình"},
        clock=world.clock,
    )  # fmt: skip
    assert (sheet.colour, [one["account"] for one in sheet.body["orders"]]) == ("green", [C])
    assert any(one["why"] == "person" for one in sheet.body["left_out"])


def test_a_sheet_taken_back_leaves_nothing_behind(world: World, contained: str) -> None:
    sheet = propose(world, contained, A)
    sign(world, sheet, DUTY)
    services.withdraw_sheet(
        actor=world.actor(DUTY), sheet_id=sheet.pk, reason="Nhầm tài khoản", clock=world.clock
    )
    assert HoldRecord.objects.unscoped(reason=WHY).get().state == "WITHDRAWN"
    assert (
        not OutgoingRecord.objects.unscoped(reason=WHY)
        .filter(kind="hold")
        .exclude(state="CANCELLED")
        .exists()
    )


def test_the_holder_asks_for_review_by_the_code_of_the_notice(world: World, contained: str) -> None:
    held(world, contained)
    hold = HoldRecord.objects.unscoped(reason=WHY).get(account=C)
    assert hold.review_code.startswith("KN-")
    from lachan.access.actors import Actor

    public = Actor.public()
    seen = services.follow_review(
        actor=public, code=hold.review_code, last4="4001", clock=world.clock
    )
    assert (seen.amount, seen.filed_at) == (80 * M, None)
    filed = services.file_review(
        actor=public, code=hold.review_code.lower(), last4="4001", form=services.ReviewForm("Tiền lương của tôi"),
        clock=world.clock,
    )  # fmt: skip
    assert filed.due_at == world.now + timedelta(hours=24)
    with pytest.raises(ReviewUnknown):
        services.follow_review(actor=public, code=hold.review_code, last4="9999", clock=world.clock)


def test_guessing_codes_is_stopped_after_ten_tries_from_one_address(
    world: World, contained: str
) -> None:
    from lachan.access.actors import Actor

    for n in range(10):
        with pytest.raises(ReviewUnknown):
            services.follow_review(
                actor=Actor.public(),
                code=f"KN-{n}",
                last4="0000",
                address="10.0.0.1",
                clock=world.clock,
            )
    with pytest.raises(TooManyTries):
        services.follow_review(
            actor=Actor.public(), code="KN-99", last4="0000", address="10.0.0.1", clock=world.clock
        )


@pytest.fixture
def asked(world: World, contained: str) -> ReviewRecord:
    from lachan.access.actors import Actor

    held(world, contained)
    hold = HoldRecord.objects.unscoped(reason=WHY).get(account=C)
    services.file_review(
        actor=Actor.public(), code=hold.review_code, last4="4001", form=services.ReviewForm("Tiền lương"),
        clock=world.clock,
    )  # fmt: skip
    return ReviewRecord.objects.unscoped(reason=WHY).get()


def test_no_signer_and_nobody_of_signer_1s_unit_decides_a_review(
    world: World, asked: ReviewRecord
) -> None:
    with pytest.raises(DeciderInvolved):
        services.decide_review(
            actor=world.actor(HEAD),
            review_id=asked.pk,
            decision="released",
            reason=REASON,
            clock=world.clock,
        )
    assert not queries.reviews(world.actor(HEAD))[0].may_decide
    assert queries.reviews(world.actor(OTHER))[0].may_decide


def test_a_review_won_releases_the_money_at_the_bank(world: World, asked: ReviewRecord) -> None:
    services.decide_review(
        actor=world.actor(OTHER),
        review_id=asked.pk,
        decision="released",
        reason=REASON,
        clock=world.clock,
    )
    world.pump()
    assert world.banks["970422"].ledger.held["4001"] == 0
    case = CaseRecord.objects.unscoped(reason=WHY).get()
    assert (case.held, case.unresolved) == (340 * M, 80 * M)
    asked.refresh_from_db()
    assert (asked.outcome, asked.released) == ("RELEASED", 80 * M)


def test_a_review_that_reduces_releases_a_part(world: World, asked: ReviewRecord) -> None:
    services.decide_review(
        actor=world.actor(OTHER), review_id=asked.pk, decision="reduced", amount=30 * M, reason=REASON,
        clock=world.clock,
    )  # fmt: skip
    world.pump()
    assert world.banks["970422"].ledger.held["4001"] == 50 * M
    assert CaseRecord.objects.unscoped(reason=WHY).get().held == 390 * M


def test_silence_releases_for_an_identified_holder_at_the_fixed_instant_only(
    world: World, asked: ReviewRecord
) -> None:
    services.sweep(clock=world.clock)
    services.identify_holder(
        actor=world.actor(DUTY), review_id=asked.pk, by="BRANCH", clock=world.clock
    )
    world.clock.advance(24 * 3600 - 1)
    services.sweep(clock=world.clock)
    asked.refresh_from_db()
    assert asked.outcome == ""
    world.clock.advance(1)
    services.sweep(clock=world.clock)
    world.pump()
    asked.refresh_from_db()
    assert (asked.outcome, asked.by_default) == ("RELEASED", True)
    assert world.banks["970422"].ledger.held["4001"] == 0


def test_an_unidentified_holders_review_never_releases_by_silence(
    world: World, asked: ReviewRecord
) -> None:
    world.clock.advance(71 * 3600)
    services.sweep(clock=world.clock)
    asked.refresh_from_db()
    assert asked.outcome == ""


def test_at_its_end_a_hold_is_released_though_nobody_swept(world: World, contained: str) -> None:
    held(world, contained)
    hold = HoldRecord.objects.unscoped(reason=WHY).get(account=A)
    assert hold.value().held_at(hold.expires_at) == 0
    world.clock.advance(72 * 3600)
    services.sweep(clock=world.clock)
    hold.refresh_from_db()
    assert (hold.state, hold.ended) == ("RELEASED", "EXPIRY")
    case = CaseRecord.objects.unscoped(reason=WHY).get()
    assert case.held + case.withdrawn + case.moved_on + case.unresolved == case.reported


def test_a_third_person_of_another_unit_renews(world: World, contained: str) -> None:
    held(world, contained)
    hold = HoldRecord.objects.unscoped(reason=WHY).get(account=A)
    end = hold.expires_at
    sheet = services.propose_renewal(
        actor=world.actor(DUTY),
        hold_id=hold.pk,
        days=7,
        reason=REASON,
        progress="Đã có sao kê.",
        clock=world.clock,
    )
    services.open_sheet(actor=world.actor(HEAD), sheet_id=sheet.pk, clock=world.clock)
    with pytest.raises(RenewerSamePerson):
        sign(world, sheet, HEAD, opened=False)
    assert sign(world, sheet, OTHER).state == "SENT"
    hold.refresh_from_db()
    assert hold.expires_at == end  # the bank has not said so yet
    world.pump()
    hold.refresh_from_db()
    assert hold.expires_at == world.now + timedelta(days=7)
    assert hold.expires_at > end
    assert len(hold.renewals) == 1


def test_an_officer_releases_before_the_end(world: World, contained: str) -> None:
    held(world, contained)
    hold = HoldRecord.objects.unscoped(reason=WHY).get(account=A)
    services.propose_release(
        actor=world.actor(DUTY), hold_id=hold.pk, reason="Đã trả đủ", clock=world.clock
    )
    world.pump()
    assert world.banks["970415"].ledger.held["2001"] == 0
    assert HoldRecord.objects.unscoped(reason=WHY).get(pk=hold.pk).ended == "CANCEL"


def test_a_silent_bank_climbs_the_levels_and_the_others_go_on(world: World, contained: str) -> None:
    world.banks["970415"].silent.add("hold")
    sheet = propose(world, contained, A, C)
    sign(world, sheet, DUTY)
    sign(world, sheet, HEAD)
    world.pump()
    world.clock.advance(301)
    services.sweep(clock=world.clock)
    holds = {one.account: one for one in HoldRecord.objects.unscoped(reason=WHY)}
    assert (holds[A].state, holds[A].silence) == ("SILENT", 1)
    assert holds[C].state == "EFFECTIVE"
    world.banks["970415"].silent.clear()
    world.pump()
    assert HoldRecord.objects.unscoped(reason=WHY).get(account=A).state == "EFFECTIVE"


def test_a_refused_hold_keeps_the_pause_and_says_the_rule(world: World, contained: str) -> None:
    world.banks["970415"].refuses["hold"] = "OUT_OF_SCOPE"
    held(world, contained)
    holds = {one.account: one for one in HoldRecord.objects.unscoped(reason=WHY)}
    assert (holds[A].state, holds[A].refused) == ("REFUSED", "OUT_OF_SCOPE")
    assert CaseRecord.objects.unscoped(reason=WHY).get().held == 420 * M


def test_somebody_of_another_agency_sees_no_case_and_signs_nothing(
    world: World, contained: str
) -> None:
    sheet = propose(world, contained, A)
    stranger = world.country.actor("Lê Thị Một")
    assert cases.case_view(stranger, contained) is None
    assert queries.sheet(stranger, sheet.pk) is None
    assert cases.board(stranger).rows == ()
    with pytest.raises(NotAllowed):
        services.open_sheet(actor=stranger, sheet_id=sheet.pk, clock=world.clock)


def test_taking_a_case_makes_it_mine_and_moves_it_to_verifying(
    world: World, contained: str
) -> None:
    actor = world.actor(DUTY)
    case_services.take(actor=actor, code=contained, clock=world.clock)
    view = cases.case_view(actor, contained)
    assert view is not None
    assert (view.mine, view.procedure) == (True, "verifying")
    assert {"plan", "sheet", "take"} <= view.may
    assert view.sums.held == view.sums.paused == 420 * M
    assert cases.next_free(actor) == ""


def test_a_second_method_is_shown_without_being_chosen_and_chosen_with_a_note(
    world: World, contained: str
) -> None:
    actor = world.actor(DUTY)
    view = cases.flow(actor, contained, "lifo")
    assert view is not None
    assert view.method == "lifo"
    assert view.svg.startswith("<svg")
    assert len(view.transfers) == 4
    assert CaseRecord.objects.unscoped(reason=WHY).get().method == "fifo"
    case_services.replan(actor=actor, code=contained, method="haircut", clock=world.clock)
    case = CaseRecord.objects.unscoped(reason=WHY).get()
    assert case.method == "haircut"
    assert case.held + case.withdrawn + case.moved_on + case.unresolved == case.reported


def test_an_amber_plan_is_ticked_account_by_account_by_both_signers(
    world: World, contained: str
) -> None:
    from lachan.cases.models import LegRecord

    salary = {"merchant": False, "protected_inflow": True, "age_ge_2y": False, "age_lt_90d": False,
              "payers_ge_20": False, "share_lt_1": False, "share_lt_5": False, "share_ge_50": False,
              "gone_80_in_60": False}  # fmt: skip
    LegRecord.objects.unscoped(reason=WHY).filter(account=C).update(bands=salary)
    sheet = propose(world, contained, A, C)
    assert sheet.colour == "amber"
    doubtful = HoldRecord.objects.unscoped(reason=WHY).get(account=C)
    with pytest.raises(TickRequired) as refused:
        sign(world, sheet, DUTY)
    assert refused.value.accounts == "···4001"
    ticked = frozenset({str(doubtful.pk)})
    assert sign(world, sheet, DUTY, ticks=ticked).state == "SIGNED_1"
    with pytest.raises(TickRequired):
        sign(world, sheet, HEAD)
    assert sign(world, sheet, HEAD, ticks=ticked).state == "SENT"


def test_the_board_names_the_next_act_while_a_sheet_waits_and_after_it_has_left(
    world: World, contained: str
) -> None:
    def row() -> tuple[str, int]:
        found = BoardRowRecord.objects.unscoped(reason=WHY).get(code=contained)
        return found.next_act, found.signatures_missing

    case_services.take(actor=world.actor(DUTY), code=contained, clock=world.clock)
    sheet = propose(world, contained, A, C)
    assert row() == ("sign", 2)
    sign(world, sheet, DUTY)
    assert row() == ("sign", 1)
    sign(world, sheet, HEAD)
    assert row()[0] != "sign"
    world.pump()
    assert row() == ("none", 0)
