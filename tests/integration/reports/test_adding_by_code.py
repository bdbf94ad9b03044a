"""A report that was sent may be added to by its code for seven days, and what is added reaches the case."""

from datetime import timedelta
from uuid import UUID

import pytest

from lachan.access.actors import Actor
from lachan.kernel.time import to_ict
from lachan.reports import services
from lachan.reports.errors import AddingClosed
from lachan.reports.models import ReportRecord, TransferRecord
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
