"""What a reporter gets in hand: the entry of the evidence log, and the text for the telephone."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.evidence import services as evidence
from lachan.kernel.canonical import canonical
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, to_ict
from lachan.members import services as members
from lachan.members.roles import Role
from lachan.reports.models import ReportRecord
from lachan.reports.outside import phone_text
from lachan.reports.rules import DESK_CHANNELS, Channel
from lachan.reports.tries import hashed

SMS_LENGTH = 160  # one message of the GSM alphabet, which has no Vietnamese marks
OFFICERS = frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.DUTY_OFFICER, Role.CITIZEN_OFFICE})


def logged(actor: Actor, code: str, key: UUID, said: dict[str, Any], *, at: datetime) -> UUID:
    """Write the act into the evidence log, by a hash of its words; the random id in it keeps them unguessable."""
    told = canonical({"id": str(key), "said": said})
    entry = evidence.append(
        "receipt", actor.log_name, at, code=code, extra_hash=hashlib.sha256(told).hexdigest()
    )
    return entry.id


def sms_text(code: str, received_at: datetime, phone: str) -> str:
    """The receipt in one message: no link, no sum, no name.

    >>> from datetime import UTC, datetime
    >>> sms_text("TB-26-AAAA-BBBB-CCCC", datetime(2026, 3, 3, 7, 5, tzinfo=UTC), "0692 345 678")
    'Da nhan tin bao TB-26-AAAA-BBBB-CCCC luc 14:05 03/03/2026. Theo doi bang ma nay va 4 so cuoi dien thoai. Khong cho ai OTP, mat khau. Hoi: 0692 345 678'
    """
    text = f"Da nhan tin bao {code} luc {to_ict(received_at):%H:%M %d/%m/%Y}. Theo doi bang ma nay va 4 so cuoi dien thoai. Khong cho ai OTP, mat khau."
    asked = f"{text} Hoi: {phone}"
    return asked if phone and len(asked) <= SMS_LENGTH else text


@verb("report.receipt_sms", roles=OFFICERS, public=True)
def send_sms(
    *, actor: Actor, report_id: UUID, code: str, clock: Clock
) -> tuple[bool, Sequence[Event]]:
    """Send the receipt once to the report's telephone: a confirmed one, or one that an officer took down.

    Answers whether it was sent; a telephone that cannot be reached stops nothing.
    """
    report = ReportRecord.objects.unscoped(reason="the reporter's own receipt").get(pk=report_id)
    known = report.identity != "L0" or Channel(report.channel) in DESK_CHANNELS
    if not (known and report.phone and report.code_hash == hashed("report-code", code)):
        return False, ()
    if report.sms_at is not None:
        return True, ()
    text = sms_text(code, report.received_at, members.unit_phone(report.unit))
    try:
        phone_text(report.phone, text)
    except ConnectionError:
        return False, ()
    report.sms_at = clock.now()
    report.save(update_fields=["sms_at"])
    return True, ()
