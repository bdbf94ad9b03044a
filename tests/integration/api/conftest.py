"""The members' small country behind the real site: an officer's session and a bank's token."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from lachan.access.services import current_code
from lachan.api.desks import desk_token
from lachan.reports import outside
from tests.integration.members.conftest import (
    BANK,
    PASSWORD,
    Deployment,
    country,
    data_folder,
    empty,
)

__all__ = ["country", "data_folder", "empty"]
TOKEN = "0" * 32  # both halves of the double-submitted value


@pytest.fixture(autouse=True)
def ports() -> None:
    outside.use(phone_code=None, never_block=lambda _account: False)  # type: ignore[arg-type] # no telephone here


def signed_in(country: Deployment, name: str) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = TOKEN
    login = country.logins[name]
    answer = client.post(
        "/dang-nhap",
        {"username": login.username, "password": PASSWORD, "totp": current_code(login)},
        headers={"X-CSRFToken": TOKEN},
    )
    assert answer.status_code == 302, answer.content
    client.cookies["csrftoken"] = TOKEN
    return client


@pytest.fixture
def officer(country: Deployment) -> Client:
    return signed_in(country, "Trần Minh Trực")


@pytest.fixture
def registrar(country: Deployment) -> Client:
    return signed_in(country, "Lê Thị Một")


@pytest.fixture
def bank_headers(country: Deployment) -> dict[str, Any]:
    return {"Authorization": f"Bearer {desk_token(BANK)}"}


@pytest.fixture
def one_connection(officer: Client) -> Iterator[None]:
    """The application called over WSGI would drop the connection on which the test's transaction is open.

    After the officer has signed in, since each request of Django's own client connects the signals again.
    """
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)
