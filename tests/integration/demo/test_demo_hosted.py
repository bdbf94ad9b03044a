"""The demonstration has members without a connector, whose officers can ask and answer each other in the web interface."""

from pathlib import Path
from typing import Any

import pytest

from lachan.access.purposes import Purpose
from lachan.access.services import current_code
from lachan.demo.cast import AGENCIES, BORDER, CUSTOMS, PASSPHRASE, PEOPLE
from lachan.demo.provision import Provision, actor, login_of
from lachan.exchange import enquiring, inbox
from lachan.exchange.catalogue import profile
from lachan.kernel.time import SystemClock
from tests.integration.exchange.hosting import deliver


@pytest.fixture
def provided(db: None, settings: Any, tmp_path: Path) -> SystemClock:
    settings.LACHAN_DATA = tmp_path / "data"
    settings.LACHAN_DEMO = True
    settings.LACHAN_PROFILE = "demo"
    settings.LACHAN_PASSPHRASE_COST = (1, 64, 1)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LACHAN_DATA.mkdir()
    profile.cache_clear()
    clock = SystemClock()
    Provision(settings.LACHAN_DATA, tmp_path / "safes", clock).run([], hosts=("localhost",))
    return clock


def test_every_hosted_agency_has_somebody_who_signs_in() -> None:
    assert {one.agency for one in PEOPLE} == {one.address for one in AGENCIES}


def test_the_border_guard_asks_customs_as_the_cast_stands(provided: SystemClock) -> None:
    guard = actor("bienphong", purpose=Purpose.BDR)
    offered = enquiring.possible(guard, now=provided.now())
    named = {address for address, _, _ in enquiring.receivers(offered["border_enquiry"], but=BORDER)}  # fmt: skip
    assert CUSTOMS in named
    golden = enquiring.possible(actor("bienphong", purpose=Purpose.GLD), now=provided.now())
    assert (
        golden["border_enquiry"].purpose is Purpose.BDR
    )  # of the row's, the one that his role serves
    assert BORDER not in named
    conversation = enquiring.ask_alone(
        actor=guard, kind_name="border_enquiry", receiver=CUSTOMS, passphrase=PASSPHRASE,
        typed={"matter": "TT-01", "topic": "ROUTE", "question": "Lối mở nào?"},
        totp=current_code(login_of("bienphong")), clock=provided,
    )  # fmt: skip
    deliver(provided)
    assert [one.conversation for one in inbox.inbox(actor("haiquan"))] == [conversation]
    assert "disclose_finding" in enquiring.possible(actor("haiquan"), now=provided.now())
