"""Menu and addresses per role equal the permission table; a POST without its value is refused everywhere."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lachan.access import permissions
from lachan.members.roles import Role
from lachan.web import context, urls
from tests.integration.members.conftest import Deployment

A05 = "vn/police/a05"
ROLES = [Role.INVESTIGATOR, Role.UNIT_HEAD, Role.DUTY_OFFICER, Role.CITIZEN_OFFICE, Role.ANALYST, Role.PROCURATOR, Role.SUPERVISOR, Role.AUDITOR]  # fmt: skip
ARGUMENTS = {"code": "VA-26-000001", "tab": "tien"}


def client_of(country: Deployment, name: str, **options: bool) -> Client:
    client = Client(**options)
    client.force_login(country.logins[name])
    session = client.session
    session["began"] = session["seen"] = int(datetime.now(UTC).timestamp())
    session.save()
    return client


def address_of(pattern: object) -> str:
    names = pattern.pattern.converters
    return reverse(pattern.name, kwargs={n: ARGUMENTS.get(n, uuid4()) for n in names})


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_the_menu_that_it_may_open_and_nothing_else_opens(
    country: Deployment, role: Role
) -> None:
    officer = country.enrol(f"Người {role.value}", A05, "duty", role)
    client = client_of(country, officer.name)
    actor = country.actor(officer.name)
    shown = client.get("/ho-so").content.decode()
    for name, _, needed in context.STAFF:
        allowed = permissions.allowed(actor, needed)
        assert client.get(reverse(name)).status_code == (200 if allowed else 403), name
        assert (f'<a href="{reverse(name)}"' in shown) is allowed, name


@pytest.mark.parametrize("pattern", urls.OFFICERS, ids=lambda one: one.name)
def test_a_stranger_gets_no_officers_page(country: Deployment, pattern: object) -> None:
    client = Client()
    assert client.get(address_of(pattern)).status_code in {302, 405}
    assert client.post(address_of(pattern)).status_code in {403, 405}


@pytest.mark.parametrize("pattern", [*urls.PUBLIC, *urls.OFFICERS], ids=lambda one: one.name)
def test_a_post_without_its_value_is_refused(country: Deployment, pattern: object) -> None:
    name = next(iter(country.officers))
    client = client_of(country, name, enforce_csrf_checks=True)
    address = "/trinh-bao/so-tien" if pattern.name == "report_step" else address_of(pattern)
    assert client.post(address, {"any": "thing"}).status_code in {403, 405}
