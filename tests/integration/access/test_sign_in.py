"""Name, password, one-time code; five wrong tries close the door; a session ends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore

from lachan.access import services, sessions
from lachan.access.errors import LockedOut, PostNotHeld, SignInRefused
from lachan.access.models import Login
from lachan.access.purposes import Purpose
from lachan.evidence.models import Entry
from lachan.kernel.ids import uuid7
from lachan.members import services as members
from lachan.members.enrolment import officer_row
from lachan.members.roles import Role
from tests.integration.members.conftest import A05, PASSWORD, Deployment

DUTY = "Trần Minh Trực"


def check(
    country: Deployment, *, password: str = PASSWORD, code: str | None = None, name: str = ""
) -> Login:
    return services.check_sign_in(
        username=name or country.logins[DUTY].username,
        password=password,
        code=country.code(DUTY) if code is None else code,
        clock=country.machine,
    )


def test_name_password_and_code_open_the_door(country: Deployment) -> None:
    assert check(country).officer == country.officers[DUTY]
    assert services.totp_uri(country.logins[DUTY]).startswith("otpauth://totp/")
    assert any(b'"code":"sign_in"' in bytes(one.bytes) for one in Entry.objects.all())


def test_a_code_works_once_and_a_neighbours_step_too(country: Deployment) -> None:
    code = country.code(DUTY)
    country.machine.advance(29)
    check(country, code=f"{code[:3]} {code[3:]}")
    with pytest.raises(SignInRefused):
        check(country, code=code)
    country.machine.advance(31)
    check(country)
    with pytest.raises(SignInRefused):
        check(country, code=code)


def test_a_code_of_two_minutes_ago_is_refused(country: Deployment) -> None:
    code = country.code(DUTY)
    country.machine.advance(120)
    with pytest.raises(SignInRefused):
        check(country, code=code)


def test_what_was_wrong_is_not_said(country: Deployment) -> None:
    said = set()
    for wrong in ({"password": "x"}, {"code": "000000"}, {"name": "nobody"}):
        with pytest.raises(SignInRefused) as refused:
            check(country, **wrong)
        said.add(refused.value.message())
    assert len(said) == 1


def test_the_fifth_wrong_try_closes_the_door_for_a_quarter_hour(country: Deployment) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            check(country, password="x")
    with pytest.raises(LockedOut) as locked:
        check(country)
    assert locked.value.minutes == 15
    country.machine.advance(15 * 60)
    check(country)
    assert Login.objects.get(pk=country.logins[DUTY].pk).failures == 0


def test_a_closed_login_is_unknown(country: Deployment) -> None:
    Login.objects.update(is_active=False)
    with pytest.raises(SignInRefused):
        check(country)


def test_a_session_ends_when_idle_or_old() -> None:
    session = SessionStore()
    now = datetime.now(UTC)
    assert sessions.is_over(session, now)
    sessions.begin(session, now)
    assert not sessions.is_over(session, now + timedelta(minutes=29))
    assert sessions.is_over(session, now + timedelta(minutes=30))
    for minutes in range(0, 12 * 60, 20):
        sessions.touch(session, now + timedelta(minutes=minutes))
    assert not sessions.is_over(session, now + timedelta(hours=11, minutes=59))
    assert sessions.is_over(session, now + timedelta(hours=12))


def test_an_officer_acts_in_a_unit_where_he_holds_a_role(country: Deployment) -> None:
    session, login = SessionStore(), country.logins[DUTY]
    actor = sessions.actor_of(session, login)
    assert actor is not None
    assert (actor.address, actor.purpose) == (f"{A05}/duty", Purpose.GLD)
    assert actor.unit_id is not None
    chosen = sessions.choose_post(session, login, unit_id=actor.unit_id, purpose=Purpose.INV)
    again = sessions.actor_of(session, login)
    assert again == chosen
    for unit, purpose in ((uuid7(), Purpose.GLD), (actor.unit_id, Purpose.SUP)):
        with pytest.raises(PostNotHeld):
            sessions.choose_post(session, login, unit_id=unit, purpose=purpose)
    with pytest.raises(PostNotHeld):
        sessions.choose_post(
            session, Login(username="x"), unit_id=actor.unit_id, purpose=Purpose.GLD
        )


def test_a_lost_role_is_lost_at_once(country: Deployment) -> None:
    session, login, officer = SessionStore(), country.logins[DUTY], country.officers[DUTY]
    actor = sessions.actor_of(session, login)
    assert actor is not None
    assert actor.unit_id is not None
    sessions.choose_post(session, login, unit_id=actor.unit_id, purpose=Purpose.INV)

    def enrol(state: str, *roles: Role) -> None:
        country.clock.advance(1)
        row = officer_row(
            A05, enrol=country.safe.enrol_key(A05), officer=officer.id, unit="duty", name=officer.name,
            staff_no="x", roles=[(role, "duty") for role in roles], at=country.clock.now(), state=state,
        )  # fmt: skip
        members.enrol_officer(country.system, row, clock=country.clock)

    enrol("ACTIVE", Role.CITIZEN_OFFICE)
    fallen_back = sessions.actor_of(session, login)
    assert fallen_back is not None
    assert fallen_back.purpose is Purpose.RPT
    enrol("LEFT", Role.INVESTIGATOR)
    assert sessions.actor_of(session, login) is None
    assert sessions.posts(type(officer).objects.unscoped(reason="test").get(pk=officer.pk)) == []
    assert sessions.actor_of(session, Login(username="no officer")) is None


def test_a_signed_in_officer_of_no_use_yet_has_no_actor(country: Deployment) -> None:
    country.enrol("Người Mới", A05, "duty")
    assert sessions.actor_of(SessionStore(), country.logins["Người Mới"]) is None
