"""What a reporter tells later reaches the case: asked about, counted once, and it may open the case."""

from datetime import UTC, timedelta
from typing import Any

from lachan.cases.models import AskRecord, CaseRecord, IndicatorRecord
from lachan.cases.timeline import Kind
from lachan.reports import services as reports
from lachan.reports.models import ReportRecord
from lachan.reports.rules import Channel
from tests.integration.cases.conftest import WHY, World, transfer_form

M = 1_000_000
VICTIM, A, B = "970436:1001", "970415:2001", "970418:3001"


def add(world: World, filed: Any, key: str, **told: Any) -> Any:
    form = reports.ReportForm(key=key, channel=Channel.PHONE, **told)
    actor = world.actor("Trần Minh Trực")
    return reports.add_to_report(actor=actor, report_id=filed.id, form=form, clock=world.clock)


def payment(world: World, dst: str, amount: int, ref: str, *, ago: int) -> Any:
    at = (world.now - timedelta(seconds=ago)).astimezone(UTC)
    return transfer_form(VICTIM, dst, amount, at, ref)


def asked(kind: str) -> list[str]:
    rows = AskRecord.objects.unscoped(reason=WHY).filter(kind=kind).order_by("id")
    return list(rows.values_list("subject", flat=True))


def test_another_payment_is_asked_about_and_the_first_is_not_asked_again(world: World) -> None:
    world.fund(VICTIM, 600 * M)
    one = world.pay(VICTIM, A, 300 * M, ago=600)
    two = world.pay(VICTIM, B, 200 * M, ago=500)
    filed = world.report(VICTIM, A, 300 * M, one, ago=600)
    world.pump()
    before = asked("confirm_transfer")
    added = add(world, filed, "more", transfers=(payment(world, B, 200 * M, two, ago=500),))
    assert (added.payments, added.withheld) == (1, "")
    assert len(asked("confirm_transfer")) == len(before) + 1
    world.pump()
    case = CaseRecord.objects.unscoped(reason=WHY).get()
    assert (case.reported, case.held) == (500 * M, 500 * M)
    report = ReportRecord.objects.unscoped(reason=WHY).get()
    assert (report.reported, report.held) == (500 * M, 500 * M)


def test_contacts_and_the_kind_reach_the_open_case(world: World) -> None:
    world.fund(VICTIM, 600 * M)
    form = reports.ReportForm(
        key="k1", channel=Channel.PHONE, phone="0912345678",
        transfers=(payment(world, A, 300 * M, world.pay(VICTIM, A, 300 * M, ago=600), ago=600),),
    )  # fmt: skip
    filed = reports.file_report(actor=world.actor("Trần Minh Trực"), form=form, clock=world.clock)
    add(world, filed, "more", contacts=(("PHONE", "0987654321"),), scam_type="FAKE_POLICE", narrative="Tự xưng công an.")  # fmt: skip
    case = CaseRecord.objects.unscoped(reason=WHY).get()
    assert case.scam_type == "FAKE_POLICE"
    assert IndicatorRecord.objects.unscoped(reason=WHY).filter(kind="PHONE").exists()
    told = case.timeline.unscoped(reason=WHY).filter(kind=Kind.REPORT)
    assert list(told.order_by("seq").values_list("field", flat=True)) == ["PHONE", "added"]


def test_the_first_payment_told_later_opens_the_case(world: World) -> None:
    world.fund(VICTIM, 600 * M)
    ref = world.pay(VICTIM, A, 300 * M, ago=600)
    form = reports.ReportForm(key="words", channel=Channel.PHONE, narrative="Tôi bị lừa.", phone="0912345678")  # fmt: skip
    filed = reports.file_report(actor=world.actor("Trần Minh Trực"), form=form, clock=world.clock)
    assert not CaseRecord.objects.unscoped(reason=WHY).exists()
    world.clock.advance(120)
    added = add(world, filed, "more", transfers=(payment(world, A, 300 * M, ref, ago=720),))
    assert added.withheld == ""
    world.pump()
    case = CaseRecord.objects.unscoped(reason=WHY).get()
    assert (case.reported, case.held) == (300 * M, 300 * M)
    assert case.opened_at == filed.received_at + timedelta(seconds=120)
    report = ReportRecord.objects.unscoped(reason=WHY).get()
    assert report.case_code == case.code
    assert case.verify_ends_at == report.verify_ends_at
