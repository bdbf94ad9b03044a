"""Automatic asks have an officer behind them: his key certifies the shift's, for twelve hours at most."""

from datetime import timedelta

import pytest

from lachan.access.actors import Actor
from lachan.access.errors import LockedOut, NotAllowed, NotVisible, PurposeNotServed
from lachan.access.models import Login
from lachan.access.purposes import Purpose
from lachan.exchange.crypto import kid_of
from lachan.kernel.ids import uuid7
from lachan.members import queries, services
from lachan.members.errors import (
    KeyUsedUp,
    NoKey,
    NoShift,
    PassphraseWrong,
    ShiftOpen,
    ShiftTooLong,
)
from lachan.members.models.keys import Shift
from lachan.members.unlocking import has_signing_key, note_wrong_try, unlock_officer_key

from .conftest import A05, PASSPHRASE, Deployment

DUTY = "Trần Minh Trực"


def open_shift(country: Deployment, hours: int = 12, passphrase: str = PASSPHRASE) -> Shift:
    return services.open_shift(
        country.actor(DUTY),
        passphrase=passphrase,
        totp=country.code(DUTY),
        hours=hours,
        clock=country.clock,
        machine=country.machine,
    )


def test_an_open_shift_is_in_the_directory_at_once(country: Deployment) -> None:
    before = services.current_directory().version
    shift = open_shift(country)
    directory = services.current_directory()
    row = directory.shift(A05, country.clock.now())
    assert directory.version == before + 1
    assert row is not None
    assert row.kid == kid_of(services.shift_key(shift))
    assert row.scope is not None
    assert set(row.scope.kinds) == {"confirm_transfer", "pause", "trace_credit"}
    assert services.shift_of_member(A05, country.clock.now()) == shift
    view = queries.current_shift(country.actor(DUTY), clock=country.clock)
    assert view is not None
    assert (view.opened_by, view.ends_at, view.is_open) == (DUTY, shift.ends_at, True)


def test_a_shift_ends_by_itself(country: Deployment) -> None:
    shift = open_shift(country, hours=2)
    country.clock.advance(2 * 3600)
    now = country.clock.now()
    assert services.current_shift(shift.unit_id, now) is None
    assert services.current_directory().shift(A05, now) is None
    assert queries.current_shift(country.actor(DUTY), clock=country.clock) is None
    assert [
        one.is_open for one in queries.recent_shifts(country.actor(DUTY), clock=country.clock)
    ] == [False]
    with pytest.raises(NoShift):
        services.close_shift(country.actor(DUTY), shift.id, clock=country.clock)


def test_a_closed_shift_counts_for_nothing(country: Deployment) -> None:
    shift = open_shift(country)
    country.clock.advance(60)
    services.close_shift(country.actor("Nguyễn Thị Trưởng"), shift.id, clock=country.clock)
    assert services.shift_of_member(A05, country.clock.now()) is None
    directory = services.current_directory()
    assert directory.shift(A05, country.clock.now()) is None
    assert directory.shift(A05, country.clock.now() - timedelta(seconds=1)) is not None
    with pytest.raises(NoShift):
        services.close_shift(country.actor(DUTY), shift.id, clock=country.clock)


@pytest.mark.parametrize("hours", [0, 13, -1])
def test_a_shift_lasts_one_to_twelve_hours(country: Deployment, hours: int) -> None:
    with pytest.raises(ShiftTooLong):
        open_shift(country, hours=hours)


def test_one_shift_at_a_time_in_a_unit(country: Deployment) -> None:
    open_shift(country)
    country.machine.advance(30)
    with pytest.raises(ShiftOpen):
        open_shift(country)


def test_only_a_duty_officer_opens_and_only_for_the_golden_hour(country: Deployment) -> None:
    for name, purpose, error in (
        ("Nguyễn Thị Trưởng", Purpose.GLD, NotAllowed),
        (DUTY, Purpose.INV, PurposeNotServed),
    ):
        with pytest.raises(error):
            services.open_shift(
                country.actor(name, purpose),
                passphrase=PASSPHRASE,
                totp="000000",
                clock=country.clock,
            )


def test_another_agency_does_not_see_the_shift(country: Deployment) -> None:
    shift = open_shift(country)
    stranger = country.actor("Lê Thị Một")
    assert not Shift.objects.visible_to(stranger).exists()
    assert Shift.objects.visible_to(country.system).exists()

    with pytest.raises(NotVisible):
        Shift.objects.visible_to(stranger).get_or_refuse(shift.id)


def test_a_wrong_passphrase_opens_nothing_and_is_counted(country: Deployment) -> None:
    for _ in range(5):
        with pytest.raises(PassphraseWrong) as wrong:
            open_shift(country, passphrase="wrong")
        assert wrong.value.field == "passphrase"
        country.machine.advance(30)
    login = Login.objects.get(pk=country.logins[DUTY].pk)
    assert login.locked_until is not None
    assert not Shift.objects.unscoped(reason="test").exists()


def test_a_locked_officer_signs_nothing(country: Deployment) -> None:
    login = country.logins[DUTY]
    login.locked_until = country.machine.now() + timedelta(minutes=15)
    login.save()
    with pytest.raises(LockedOut):
        open_shift(country)
    note_wrong_try(country.officers[DUTY].id, machine=country.machine)
    login.refresh_from_db()
    assert login.failures == 0


def test_a_code_signs_once(country: Deployment) -> None:
    shift = open_shift(country)
    services.close_shift(country.actor(DUTY), shift.id, clock=country.clock)
    with pytest.raises(PassphraseWrong) as again:
        open_shift(country)
    assert again.value.field == "totp"
    country.machine.advance(30)
    open_shift(country)


def test_an_unlocked_key_signs_one_sheet_and_is_forgotten(country: Deployment) -> None:
    officer = country.officers[DUTY]
    assert has_signing_key(officer, clock=country.clock)
    with unlock_officer_key(
        officer.id, PASSPHRASE, country.code(DUTY), clock=country.clock, machine=country.machine
    ) as unlocked:
        assert unlocked.kid == kid_of(unlocked.for_sheet("a" * 64))
        assert unlocked.for_sheet("a" * 64) is unlocked.key
        with pytest.raises(KeyUsedUp):
            unlocked.for_sheet("b" * 64)
        assert (unlocked.member, unlocked.unit) == (A05, "duty")
        assert "OKP" not in repr(unlocked)
    with pytest.raises(KeyUsedUp):
        _ = unlocked.key


def test_an_expired_key_does_not_sign(country: Deployment) -> None:
    country.clock.advance(366 * 86400)
    with pytest.raises(NoKey):
        open_shift(country)
    assert not has_signing_key(country.officers[DUTY], clock=country.clock)


def test_the_system_and_the_public_open_no_shift(country: Deployment) -> None:
    for actor in (country.system, Actor.public(Purpose.GLD)):
        with pytest.raises(NotAllowed):
            services.open_shift(actor, passphrase=PASSPHRASE, totp="000000", clock=country.clock)


def test_a_wrong_try_of_nobody_is_counted_for_nobody(country: Deployment) -> None:
    note_wrong_try(uuid7())
    PassphraseWrong().remember(country.clock.now())
    assert not Login.objects.filter(failures__gt=0).exists()


def test_a_closed_shift_signs_nothing_more_although_its_key_was_opened(country: Deployment) -> None:
    shift = open_shift(country)
    assert services.shift_of_member(A05, country.clock.now()) == shift
    services.shift_key(shift)
    country.clock.advance(1)
    services.close_shift(country.actor(DUTY), shift.id, clock=country.clock)
    assert services.shift_of_member(A05, country.clock.now()) is None
    assert services.current_directory().shift(A05, country.clock.now()) is None
