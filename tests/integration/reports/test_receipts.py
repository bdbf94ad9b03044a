"""What the reporter gets in hand: the same code for a form sent twice, one text, an entry of the log."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.evidence.models import Entry
from lachan.reports import services
from lachan.reports.models import ReportRecord
from lachan.reports.receipts import SMS_LENGTH, sms_text
from lachan.reports.rules import Channel
from tests.integration.members.conftest import Deployment

WHY = "the test looks at everything"
PUBLIC = Actor.public()


def file(country: Deployment, *, key: str = "one", phone: str = "0912345678", channel: Channel = Channel.WEB) -> services.FiledReport:  # fmt: skip
    form = services.ReportForm(key=key, channel=channel, phone=phone, narrative="Bị lừa.")
    actor = PUBLIC if channel is Channel.WEB else country.actor("Trần Minh Trực", Purpose.GLD)
    return services.file_report(actor=actor, form=form, clock=country.clock)


def sms(country: Deployment, filed: services.FiledReport) -> bool:
    return services.send_sms(actor=PUBLIC, report_id=filed.id, code=filed.code, clock=country.clock)


def confirm(country: Deployment, filed: services.FiledReport, telephone: Any) -> None:
    services.request_phone_code(actor=PUBLIC, report_id=filed.id, clock=country.clock)
    services.confirm_phone(
        actor=PUBLIC, report_id=filed.id, code=telephone.sent[-1][1], clock=country.clock
    )


@pytest.mark.parametrize("phone", ["0912345678", ""])
def test_a_citizen_s_form_sent_twice_is_one_report_with_one_code(
    country: Deployment, phone: str
) -> None:
    first, second = file(country, phone=phone), file(country, phone=phone)
    assert ReportRecord.objects.unscoped(reason=WHY).count() == 1
    assert (first.id, first.code, first.pin) == (second.id, second.code, second.pin)
    assert file(country, key="another", phone=phone).code != first.code


def test_an_officer_s_form_shows_its_code_once(country: Deployment) -> None:
    first = file(country, channel=Channel.PHONE)
    again = file(country, channel=Channel.PHONE)
    assert (again.id, again.code) == (first.id, "")


def test_the_text_goes_once_to_a_confirmed_telephone(country: Deployment, telephone: Any) -> None:
    filed = file(country)
    assert not sms(country, filed)
    confirm(country, filed, telephone)
    assert sms(country, filed)
    assert sms(country, filed)
    ((phone, text),) = telephone.texts
    assert phone == "+84912345678"
    assert filed.code in text


def test_an_officer_s_caller_gets_it_at_once(country: Deployment, telephone: Any) -> None:
    assert sms(country, file(country, channel=Channel.PHONE))
    assert len(telephone.texts) == 1


def test_a_dead_telephone_stops_nothing(country: Deployment, telephone: Any) -> None:
    filed = file(country, channel=Channel.PHONE)
    telephone.dead = True
    assert not sms(country, filed)
    telephone.dead = False
    assert sms(country, filed)


def test_a_foreign_code_sends_nothing(country: Deployment, telephone: Any) -> None:
    filed = file(country, channel=Channel.PHONE)
    services.send_sms(
        actor=PUBLIC, report_id=filed.id, code="TB-26-AAAA-BBBB-CCCC", clock=country.clock
    )
    assert telephone.texts == []


@pytest.mark.parametrize("phone", ["", "0692345678", "(+84) 24 3822 5555, 0692 345 678"])
def test_the_text_is_one_message_without_a_link(phone: str) -> None:
    text = sms_text("TB-26-WWWW-WWWW-WWWW", datetime(2026, 12, 31, 23, 59, tzinfo=UTC), phone)
    assert len(text) <= SMS_LENGTH
    assert text.isascii()
    assert not re.search(r"https?:|www\.|/[a-z]|\.vn\b", text)


def test_the_receipt_names_its_entry_of_the_log(country: Deployment) -> None:
    filed = file(country)
    view = services.own_view(actor=PUBLIC, report_id=filed.id, clock=country.clock)
    record = ReportRecord.objects.unscoped(reason=WHY).get()
    assert view.receipt is not None
    assert view.receipt.leaf == bytes(Entry.objects.get(pk=record.entry).leaf).hex()
    assert re.fullmatch(r"([0-9a-f]{4} ){3}[0-9a-f]{4}", view.receipt.number)


def test_the_next_date_is_the_notice_and_then_the_decision(country: Deployment) -> None:
    filed = file(country)
    view = services.own_view(actor=PUBLIC, report_id=filed.id, clock=country.clock)
    assert view.notice_due_at == filed.received_at + timedelta(hours=72)
    country.clock.advance(72 * 3600)
    later = services.own_view(actor=PUBLIC, report_id=filed.id, clock=country.clock)
    assert later.notice_due_at is None
    assert later.verify_ends_at == view.verify_ends_at
