"""An unsent report is kept for a day behind a code and a PIN, and then it is gone."""

from datetime import timedelta

import pytest

from lachan.access.actors import Actor
from lachan.reports import services
from lachan.reports.errors import DraftNotFound, RateLimited
from lachan.reports.models import AttemptRecord, DraftRecord, ReportRecord
from tests.integration.members.conftest import Deployment

WHY = "the test looks at everything"
TYPED = {"amount": "500 triệu", "to_account": "0123456789", "payee": "Trần Văn Lừa"}
PUBLIC = Actor.public()


def keep(country: Deployment) -> services.KeptDraft:
    return services.keep_draft(actor=PUBLIC, fields=TYPED, clock=country.clock)


def reopen(country: Deployment, code: str, pin: str, address: str = "1.2.3.4") -> dict[str, str]:
    return services.open_draft(
        actor=PUBLIC, code=code, pin=pin, address=address, clock=country.clock
    )


def test_a_draft_comes_back_as_it_was_typed(country: Deployment) -> None:
    kept = keep(country)
    assert reopen(country, kept.code.lower().replace("-", " "), kept.pin) == TYPED


def test_keeping_a_draft_files_nothing(country: Deployment) -> None:
    keep(country)
    assert not ReportRecord.objects.unscoped(reason=WHY).exists()


def test_nothing_of_it_lies_readable(country: Deployment) -> None:
    kept = keep(country)
    row = DraftRecord.objects.unscoped(reason=WHY).get()
    stored = f"{row.code_hash}{row.pin_hash}{row.body}"
    for secret in (*TYPED.values(), kept.code, kept.pin):
        assert secret not in stored


@pytest.mark.parametrize("wrong", ["code", "pin", "both"])
def test_a_wrong_code_and_a_wrong_pin_answer_alike(country: Deployment, wrong: str) -> None:
    kept = keep(country)
    other = keep(country)
    code = other.code if wrong != "pin" else kept.code
    pin = "000000" if wrong != "code" else kept.pin
    with pytest.raises(DraftNotFound):
        reopen(country, code, pin)


def test_guessing_is_stopped(country: Deployment) -> None:
    kept = keep(country)
    for _ in range(5):
        with pytest.raises(DraftNotFound):
            reopen(country, kept.code, "000000")
    with pytest.raises(RateLimited):
        reopen(country, kept.code, kept.pin, address="9.9.9.9")
    country.clock.advance(15 * 60 + 1)
    assert reopen(country, kept.code, kept.pin) == TYPED


def test_after_a_day_it_cannot_be_opened_even_before_it_is_swept(country: Deployment) -> None:
    kept = keep(country)
    country.clock.advance(timedelta(hours=24).total_seconds())
    with pytest.raises(DraftNotFound):
        reopen(country, kept.code, kept.pin)
    assert DraftRecord.objects.unscoped(reason=WHY).exists()


def test_the_sweep_erases_what_is_over_and_nothing_else(country: Deployment) -> None:
    keep(country)
    with pytest.raises(DraftNotFound):
        reopen(country, "NH-26-AAAA-AAAA-AAAA", "1")
    country.clock.advance(timedelta(hours=23).total_seconds())
    young = keep(country)
    country.clock.advance(timedelta(hours=1, seconds=1).total_seconds())
    assert services.sweep(clock=country.clock) == 3  # the draft, and two counts of one wrong try
    assert not AttemptRecord.objects.unscoped(reason=WHY).exists()
    assert reopen(country, young.code, young.pin) == TYPED
