"""Signing in: a name, a password and a one-time code; five wrong tries close the door for a quarter hour.

All of it runs by the machine's clock: a demonstration's fast clock moves cases, not people's phones.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import cache

import pyotp
from django.contrib.auth import login as django_login
from django.contrib.auth import logout as django_logout
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest

from lachan.access.errors import LockedOut, SignInRefused
from lachan.access.models import Login
from lachan.access.sessions import begin
from lachan.evidence import services as evidence
from lachan.kernel.time import Clock, SystemClock
from lachan.members.keystore import unwrap_under_data_key, wrap_under_data_key
from lachan.members.models.officers import Officer

TRIES = 5
LOCK = timedelta(minutes=15)
STEP = 30  # seconds a code lasts (RFC 6238)


def create_login(
    officer: Officer | None, *, username: str, password: str, totp_secret: str | None = None
) -> tuple[Login, str]:
    """Make a login; returns it and the secret for the authenticator (Base32), shown this once."""
    secret = totp_secret or pyotp.random_base32()
    login = Login(username=username, officer=officer)
    login.set_password(password)
    login.totp = wrap_under_data_key(secret.encode(), f"totp:{login.id}")
    login.save(force_insert=True)
    return login, secret


def totp_uri(login: Login) -> str:
    """`otpauth://…` for the QR code of an authenticator."""
    return pyotp.TOTP(_secret(login)).provisioning_uri(name=login.username, issuer_name="Lá Chắn")


def current_code(login: Login, *, clock: Clock | None = None) -> str:
    """The code that the person's authenticator shows now; for demonstrations and tests."""
    return pyotp.TOTP(_secret(login)).at((clock or SystemClock()).now())


def check_sign_in(*, username: str, password: str, code: str, clock: Clock | None = None) -> Login:
    """The login of that name, when password and code are right. Counts what is wrong.

    Raises: SignInRefused (alike for every cause), LockedOut.
    """
    now = (clock or SystemClock()).now()
    # What must be remembered is committed first and raised afterwards.
    with transaction.atomic(durable=True):
        outcome = _try(username, password, code, now)
    if isinstance(outcome, Login):
        return outcome
    raise outcome


def sign_in(
    request: HttpRequest, *, username: str, password: str, code: str, clock: Clock | None = None
) -> Login:
    """Check, and begin a new session under a new key. Raises: SignInRefused, LockedOut."""
    login = check_sign_in(username=username, password=password, code=code, clock=clock)
    django_login(request, login, backend="django.contrib.auth.backends.ModelBackend")
    request.session.cycle_key()
    begin(request.session, (clock or SystemClock()).now())
    return login


def sign_out(request: HttpRequest) -> None:
    """End the session; its row is gone."""
    django_logout(request)


def use_code(login: Login, code: str, now: datetime) -> bool:
    """Is it the code of this step or a neighbour, never used before? Then it is used now.

    Call inside a transaction with the row locked.
    """
    step = int(now.timestamp()) // STEP
    totp = pyotp.TOTP(_secret(login))
    plain = "".join(code.split())
    for candidate in (step - 1, step, step + 1):
        fits = pyotp.utils.strings_equal(totp.generate_otp(candidate), plain)
        if fits and candidate > login.totp_step:
            login.totp_step = candidate
            return True
    return False


def note_failure(login: Login, now: datetime) -> None:
    """One more wrong try; the fifth locks."""
    login.failures += 1
    if login.failures >= TRIES:
        login.failures = 0
        login.locked_until = now + LOCK
    login.save(update_fields=["failures", "locked_until"])


def ensure_open(login: Login, now: datetime) -> None:
    """Raises: LockedOut."""
    if login.locked_until is not None and now < login.locked_until:
        seconds = (login.locked_until - now).total_seconds()
        raise LockedOut(minutes=math.ceil(seconds / 60))


def _try(
    username: str, password: str, code: str, now: datetime
) -> Login | SignInRefused | LockedOut:
    login = Login.objects.select_for_update().filter(username=username, is_active=True).first()
    if login is None:
        check_password(password, _nobody())
        _log("unknown", "denied:sign_in", now)
        return SignInRefused()
    try:
        ensure_open(login, now)
    except LockedOut as locked:
        return locked
    right = check_password(password, login.password)
    if not (right and use_code(login, code, now)):
        note_failure(login, now)
        _log(_name(login), "denied:sign_in", now)
        return SignInRefused()
    login.failures, login.locked_until, login.last_login = 0, None, now
    login.save(update_fields=["failures", "locked_until", "totp_step", "last_login"])
    _log(_name(login), "sign_in", now)
    return login


@cache
def _nobody() -> str:
    """A hash to compare with, so that an unknown name takes as long as a known one."""
    return make_password("nobody has this password")


def _secret(login: Login) -> str:
    return unwrap_under_data_key(login.totp, f"totp:{login.id}").decode()


def _name(login: Login) -> str:
    return str(login.officer_id or login.id)


def _log(actor: str, code: str, now: datetime) -> None:
    evidence.append("access", actor, now, code=code)
