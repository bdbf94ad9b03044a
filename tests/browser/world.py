"""A small country for the browser: an agency with two people, two banks, an open door, on the machine's clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Page

from lachan.access.actors import Actor
from lachan.access.services import _secret
from lachan.exchange.catalogue import calendar_hash, catalogue
from lachan.kernel.time import FixedClock
from lachan.members import services
from lachan.members.enrolment import Safe
from lachan.members.roles import Connection, MemberState, Role
from tests.integration.members.conftest import PASSPHRASE, PASSWORD, Deployment

CENTRE, A05 = "vn/centre/main", "vn/police/a05"
BANKS = {"vn/bank/970436": "Ngân hàng Một", "vn/bank/970407": "Ngân hàng Hai"}
DUTY, HEAD = "Trần Minh Trực", "Nguyễn Thị Trưởng"


def found_country(folder: Path) -> Deployment:
    """Register everybody a minute ago, so that keys and roles count now."""
    clock = FixedClock(datetime.now(UTC) - timedelta(minutes=1))
    safe = Safe(folder / "safe")
    services.make_deployment(safe, clock=clock)
    country = Deployment(safe, clock, clock, Actor.system(CENTRE))
    country.register(CENTRE, Connection.HOSTED)
    country.register(A05, Connection.HOSTED)
    for address in BANKS:
        bin_ = address.rpartition("/")[2]
        country.register(address, Connection.CONNECTED, bins=(bin_,), participation=5)
    services.add_unit(country.system, CENTRE, "office", "Văn phòng", clock=clock)
    services.add_unit(country.system, A05, "duty", "Trực ban", clock=clock)
    for address in BANKS:
        services.add_unit(country.system, address, "fraud-desk", "Phòng gian lận", clock=clock)
    country.enrol("Lê Thị Một", CENTRE, "office", Role.REGISTRAR)
    country.enrol("Phạm Văn Hai", CENTRE, "office", Role.REGISTRAR)
    country.enrol(DUTY, A05, "duty", Role.DUTY_OFFICER, Role.INVESTIGATOR)
    country.enrol(HEAD, A05, "duty", Role.UNIT_HEAD)
    for address in (A05, *BANKS):
        services.change_state(
            country.system, address, MemberState.TESTING, reason="applied", clock=clock
        )
        for name in ("Lê Thị Một", "Phạm Văn Hai"):
            services.activate(country.actor(name), address, clock=clock, waiver=True)
    services.publish_directory(
        country.system, clock=clock, mandates_hash=catalogue().hash, calendar_hash=calendar_hash()
    )
    return country


def code_of(country: Deployment, name: str, *, nth: int = 1) -> str:
    """The first and the second one-time code of a test; each counts once."""
    moment = datetime.now(UTC) + timedelta(seconds=30 * (nth - 1))
    return str(pyotp.TOTP(_secret(country.logins[name])).at(moment))


def sign_in(page: Page, country: Deployment, name: str, **fields: Any) -> None:
    """By keyboard, as a person does."""
    page.goto("/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(country.logins[name].username)
    page.get_by_label("Mật khẩu", exact=True).fill(fields.get("password", PASSWORD))
    page.get_by_label("Mã 6 chữ số").fill(fields.get("code") or code_of(country, name))
    with page.expect_navigation():
        page.keyboard.press("Enter")


__all__ = ["BANKS", "DUTY", "HEAD", "PASSPHRASE", "code_of", "found_country", "sign_in"]
