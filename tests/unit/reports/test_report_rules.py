"""What a report says and what follows by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kernel.time import ICT
from lachan.reports import rules, typed
from lachan.reports.errors import HourUnreadable
from lachan.reports.rules import Channel, Seen, TransferForm, Withheld

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 10:00 ICT
FORM = TransferForm(
    from_bank="970901", from_account="1001001001", to_bank="970902", to_account="2002002002",
    amount="60.000.000", at="09:50",
)  # fmt: skip


def reading(**changes: str) -> rules.Reading:
    return rules.read([replace(FORM, **changes)], [], "0912 345 678", now=NOW)


def contained(channel: Channel = Channel.PHONE, *, confirmed: bool = False, scam_type: str = "IMP_POLICE",
              victims: int = 1, blocked: bool = False, **changes: str) -> tuple[tuple[int, ...], Withheld | None]:  # fmt: skip
    return rules.containment(
        channel, reading(**changes).transfers, phone_confirmed=confirmed, scam_type=scam_type,
        victims_of_payee=victims, never_block=lambda _account: blocked, now=NOW,
    )  # fmt: skip


def test_a_plain_form_is_read() -> None:
    (row,) = reading().transfers
    assert (row.from_account, row.to_account, row.amount) == (
        "970901:1001001001",
        "970902:2002002002",
        60_000_000,
    )
    assert row.at == datetime(2026, 11, 24, 2, 50, tzinfo=UTC)
    assert row.traceable()


def test_doubtful_fields_are_kept_word_for_word_and_marked() -> None:
    found = reading(amount="khoảng 30 củ", to_account="", at="hôm qua")
    assert {one.field for one in found.warnings} == {"transfers.0.amount", "transfers.0.at"}
    assert found.transfers[0].raw["amount"] == "khoảng 30 củ"
    assert not found.transfers[0].traceable()


@pytest.mark.parametrize(
    ("text", "hour", "precision"),
    [("9h50", (9, 50), "MINUTE"), ("09:50:10", (9, 50), "SECOND"), ("9h", (9, 0), "HOUR"),
     ("2026-11-24T02:50:00Z", (9, 50), "MINUTE"), ("08:15 23/11/2026", (8, 15), "MINUTE")],
)  # fmt: skip
def test_an_hour_is_read_as_people_write_it(
    text: str, hour: tuple[int, int], precision: str
) -> None:
    at, how = typed.read_hour(text, now=NOW)
    assert (at.astimezone(ICT).hour, at.astimezone(ICT).minute) == hour
    assert how == precision


@pytest.mark.parametrize("text", ["25:00", "10:30", "31/02/2026", "mai", "12:00 24/11/2027"])
def test_no_time_and_a_time_ahead_are_doubtful(text: str) -> None:
    with pytest.raises(HourUnreadable):
        typed.read_hour(text, now=NOW)


def test_a_desks_report_starts_containment_at_once() -> None:
    assert contained() == ((0,), None)


def test_a_web_report_waits_for_the_telephone() -> None:
    assert contained(Channel.WEB) == ((), Withheld.PHONE_NOT_CONFIRMED)
    assert contained(Channel.WEB, confirmed=True) == ((0,), None)


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"at": "09:50 20/11/2026"}, Withheld.TOO_OLD), ({"amount": "499.999"}, Withheld.TOO_SMALL),
     ({"to_account": ""}, Withheld.NO_TRANSFER)],
)  # fmt: skip
def test_old_small_or_unknown_payments_start_nothing(
    changes: dict[str, str], why: Withheld
) -> None:
    assert contained(**changes) == ((), why)


def test_a_listed_payee_is_never_paused_by_itself() -> None:
    assert contained(blocked=True) == ((), Withheld.NEVER_BLOCK)


def test_a_single_victim_of_a_shop_is_a_dispute_and_the_second_starts_containment() -> None:
    assert contained(scam_type="FAKE_SHOP") == ((), Withheld.COMMERCIAL_DISPUTE)
    assert contained(scam_type="FAKE_SHOP", victims=2) == ((0,), None)


def seen(**changes: object) -> Seen:
    values = {"id": uuid4(), "report": uuid4(), "from_account": "970901:1001001001", "to_account": "970902:2002002002",
              "amount": 60_000_000, "at": NOW - timedelta(minutes=10), "ref": ""} | changes  # fmt: skip
    return Seen(**values)  # type: ignore[arg-type]


def test_a_second_voice_tells_of_the_same_payment() -> None:
    old = seen(at=NOW - timedelta(minutes=14))
    assert rules.same_transfer(reading().transfers[0], [old], report=uuid4()) == old.id


def test_two_rows_of_one_voice_are_two_payments() -> None:
    old = seen()
    assert rules.same_transfer(reading().transfers[0], [old], report=old.report) is None


def test_differing_references_are_two_payments() -> None:
    row = replace(reading().transfers[0], ref="FT2")
    assert rules.same_transfer(row, [seen(ref="FT1")], report=uuid4()) is None


def test_the_statutory_period_ends_on_the_worked_day() -> None:
    received = datetime(2026, 11, 22, 21, 30, tzinfo=ICT)
    assert rules.verification_ends(received) == datetime(
        2026, 12, 12, tzinfo=ICT
    )  # Fri 11 Dec, 24:00


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_makes_a_report(amount: str, hour: str, account: str) -> None:
    found = reading(amount=amount, at=hour, to_account=account)
    assert len(found.transfers) == 1
    assert found.transfers[0].raw["amount"] == amount
