"""A report that was sent may be added to by its code for seven days, and what is added reaches the case."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lachan.access.actors import Actor
from lachan.access.errors import NotVisible
from lachan.access.purposes import Purpose
from lachan.evidence.models import Entry
from lachan.kernel.canonical import parse_canonical
from lachan.kernel.time import to_ict
from lachan.reports import services
from lachan.reports.errors import AddingClosed, EmptyAddition
from lachan.reports.models import AdditionRecord, ReportRecord, TransferRecord
from lachan.reports.rules import Channel, TransferForm
from tests.integration.members.conftest import Deployment

WHY = "the test looks at everything"
PUBLIC = Actor.public()


def transfer(country: Deployment, amount: str, account: str) -> TransferForm:
    at = to_ict(country.clock.now() - timedelta(minutes=5))
    return TransferForm(
        from_bank="970436", from_account="0011223344", to_bank="970418", to_account=account,
        amount=amount, at=f"{at:%H:%M %d/%m/%Y}",
    )  # fmt: skip


def file(country: Deployment) -> services.FiledReport:
    form = services.ReportForm(
        key="one", channel=Channel.WEB, phone="0912345678",
        transfers=(transfer(country, "50000000", "0123456789"),),
    )  # fmt: skip
    return services.file_report(actor=PUBLIC, form=form, clock=country.clock)


def opened(country: Deployment, code: str) -> UUID | None:
    view = services.follow(
        actor=PUBLIC, code=code, last4="5678", address="1.2.3.4", clock=country.clock
    )
    return view.adds_to


def add(country: Deployment, report: UUID, form: services.ReportForm) -> None:
    services.add_to_report(actor=PUBLIC, report_id=report, form=form, clock=country.clock)


def test_another_payment_is_added_beside_the_first(country: Deployment) -> None:
    filed = file(country)
    report = opened(country, filed.code)
    assert report == filed.id
    more = services.ReportForm(
        key="two", channel=Channel.WEB, transfers=(transfer(country, "20000000", "9876543210"),)
    )
    add(country, filed.id, more)
    amounts = TransferRecord.objects.unscoped(reason=WHY).values_list("amount", flat=True)
    assert sorted(amounts) == [20_000_000, 50_000_000]
    assert ReportRecord.objects.unscoped(reason=WHY).get().reported == 70_000_000


def test_words_are_added_and_nothing_is_overwritten(country: Deployment) -> None:
    filed = file(country)
    for n, words in enumerate(("Họ gọi tự xưng công an.", "Họ bảo cài ứng dụng.")):
        add(
            country,
            filed.id,
            services.ReportForm(key=f"m{n}", channel=Channel.WEB, narrative=words),
        )
    told = ReportRecord.objects.unscoped(reason=WHY).get().narrative
    assert told.index("công an") < told.index("ứng dụng")


def test_after_seven_days_the_door_is_closed(country: Deployment) -> None:
    filed = file(country)
    country.clock.advance(timedelta(days=7, seconds=1).total_seconds())
    assert opened(country, filed.code) is None
    with pytest.raises(AddingClosed):
        add(country, filed.id, services.ReportForm(key="late", channel=Channel.WEB, narrative="x"))


def say(key: str, **told: Any) -> services.ReportForm:
    return services.ReportForm(key=key, channel=Channel.WEB, **told)


def row() -> ReportRecord:
    return ReportRecord.objects.unscoped(reason=WHY).get()


def test_an_addition_is_an_act_of_its_own_in_the_log(country: Deployment) -> None:
    filed = file(country)
    add(country, filed.id, say("two", narrative="Họ tự xưng công an."))
    addition = AdditionRecord.objects.unscoped(reason=WHY).get()
    assert addition.said == {"channel": "WEB", "narrative": "Họ tự xưng công an."}
    entries = {row().entry, addition.entry}
    assert len(entries) == 2
    codes = {parse_canonical(bytes(e.bytes))["code"] for e in Entry.objects.filter(pk__in=entries)}
    assert codes == {"report.filed", "report.added"}
    assert not any("công an".encode() in bytes(e.bytes) for e in Entry.objects.all())


def test_the_same_addition_twice_is_one(country: Deployment) -> None:
    filed = file(country)
    more = say("two", transfers=(transfer(country, "20000000", "9876543210"),), narrative="Nữa.")
    add(country, filed.id, more)
    add(country, filed.id, more)
    assert row().reported == 70_000_000
    assert row().narrative == "Nữa."


def test_what_was_missing_is_filled_and_what_was_told_stays(country: Deployment) -> None:
    filed = file(country)
    add(country, filed.id, say("a", victim_name="Lê Thị Hoa", scam_type="FAKE_POLICE", secrets_shared=("OTP",)))  # fmt: skip
    add(country, filed.id, say("b", victim_name="Người Khác", scam_type="TOUR", secrets_shared=("PASSWORD",)))  # fmt: skip
    report = row()
    assert (report.victim_name, report.scam_type) == ("Lê Thị Hoa", "FAKE_POLICE")
    assert report.secrets_shared == ["OTP", "PASSWORD"]
    said = AdditionRecord.objects.unscoped(reason=WHY).order_by("id").last()
    assert said is not None
    assert said.said["victim_name"] == "Người Khác"


def test_a_doubtful_field_of_an_addition_is_kept_and_marked(country: Deployment) -> None:
    filed = file(country)
    odd = TransferForm(to_bank="970418", to_account="9876543210", amount="khoảng 30tr gì đó")
    added = services.add_to_report(
        actor=PUBLIC, report_id=filed.id, form=say("odd", transfers=(odd,)), clock=country.clock
    )
    assert [one.code for one in added.warnings] == ["reports.field_doubtful"]
    assert row().warnings[-1]["given"] == "khoảng 30tr gì đó"
    assert row().reported == 50_000_000


def test_nothing_is_no_addition(country: Deployment) -> None:
    filed = file(country)
    with pytest.raises(EmptyAddition):
        add(country, filed.id, say("none"))


def test_an_officer_of_another_agency_adds_nothing(country: Deployment) -> None:
    filed = file(country)
    stranger = replace(country.actor("Trần Minh Trực", Purpose.GLD), address="vn/police/c02/duty")
    with pytest.raises(NotVisible):
        services.add_to_report(
            actor=stranger, report_id=filed.id, form=say("x", narrative="x"), clock=country.clock
        )
