"""Every address, as every role and as nobody: what no rule opens is refused (STYLE §6).

The walk needs no cases: a page that a role may not open is refused before anything is looked up.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lachan.access import permissions
from lachan.access.decorators import Rule
from lachan.access.models import Login
from lachan.access.sessions import actor_for, begin
from lachan.api import exchange_calls
from lachan.members.roles import Role
from tests.integration.members.conftest import A05, Deployment, country, data_folder, empty

__all__ = ["country", "data_folder", "empty"]

NOBODY = UUID(int=0)
SIGN_IN = "/dang-nhap"


def patterns(found: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route with its pattern."""
    for one in found if found is not None else get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, prefix + str(one.pattern))
        else:
            yield prefix + str(one.pattern), one


ROUTES = list({route: (route, one) for route, one in patterns() if "static" not in route}.values())


_UNTYPED = {"code": "str"}


def address(route: str) -> str:
    """An address of the route that names nothing that exists."""
    values = {"uuid": str(NOBODY), "str": "VA-26-999999", "slug": "khong-co", "int": "0"}
    return "/" + re.sub(
        r"<(?:(\w+):)?(\w+)>",
        lambda match: values[match[1] or _UNTYPED.get(match[2], "uuid")],
        route,
    )


def rule_of(one: URLPattern) -> Rule | None:
    return getattr(one.callback, "access_rule", None)


@pytest.mark.parametrize(("route", "one"), ROUTES, ids=[route or "/" for route, _ in ROUTES])
def test_every_view_says_who_may_open_it(route: str, one: URLPattern) -> None:
    rule = rule_of(one)
    assert isinstance(rule, Rule), f"{route}: neither @requires nor @public"
    assert rule.public != bool(rule.names)
    for name in rule.names:
        assert permissions.permission(name)


def test_the_addresses_of_officers_are_public_nowhere() -> None:
    from lachan.web.urls import OFFICERS

    assert [str(one.pattern) for one in OFFICERS if rule_of(one).public] == []  # type: ignore[union-attr]


def test_nobody_signed_in_sees_the_sign_in_or_a_refusal(country: Deployment) -> None:
    client = Client()
    open_: list[str] = []
    for route, one in ROUTES:
        rule = rule_of(one)
        assert rule is not None
        if rule.public:
            continue
        seen, posted = client.get(address(route)), client.post(address(route))
        to_sign_in = seen.status_code == 302 and seen["Location"].startswith(SIGN_IN)
        if not (to_sign_in or seen.status_code in {403, 404, 405}):
            open_.append(f"GET {route} {seen.status_code}")
        if posted.status_code not in {403, 404, 405}:
            open_.append(f"POST {route} {posted.status_code}")
    assert open_ == []


@pytest.fixture
def clients(country: Deployment) -> dict[Role, tuple[Client, Login]]:
    """One officer for each role, signed in."""
    made: dict[Role, tuple[Client, Login]] = {}
    for n, role in enumerate(Role):
        name = f"Người {n} {role.value}"
        country.enrol(name, A05, "duty", role)
        client = Client()
        client.force_login(country.logins[name])
        session = client.session
        begin(session, datetime.now(UTC))
        session.save()
        made[role] = client, country.logins[name]
    return made


def test_no_role_opens_what_its_permissions_do_not(
    country: Deployment, clients: dict[Role, tuple[Client, Login]]
) -> None:
    """Both ways: without the permission 403, 404 or the sign-in; nobody who has it is refused by the rule."""
    leaks: list[str] = []
    for role, (client, login) in clients.items():
        assert login.officer is not None
        actor = actor_for(login.officer, clock=country.clock)
        for route, one in ROUTES:
            rule = rule_of(one)
            assert rule is not None
            if rule.public or any(permissions.allowed(actor, name) for name in rule.names):
                continue
            for method in ("get", "post"):
                answer = getattr(client, method)(address(route))
                to_sign_in = answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
                if not (to_sign_in or answer.status_code in {403, 404, 405}):
                    leaks.append(f"{role} {method} {route} {answer.status_code}")
    assert leaks == []


def test_the_walk_is_truly_signed_in(clients: dict[Role, tuple[Client, Login]]) -> None:
    """Else every refusal above would be that of a stranger."""
    client, _ = clients[Role.INVESTIGATOR]
    assert client.get("/ho-so").status_code == 200


def test_what_is_not_there_is_a_refusal_and_never_a_defect(
    clients: dict[Role, tuple[Client, Login]],
) -> None:
    """Every role at every address of a thing that does not exist, by GET: no answer is a defect."""
    broken: list[str] = []
    for role, (client, _login) in clients.items():
        client.raise_request_exception = False
        for route, _one in ROUTES:
            answer = client.get(address(route))
            if answer.status_code >= 500:
                broken.append(f"{role} {route} {answer.status_code}")
    assert broken == []


def test_every_call_of_the_exchange_port_but_ping_takes_its_member_from_the_signature() -> None:
    """The port asks for the signature before it looks a call up, except for `ping`, which says nothing of anybody."""
    import ast
    import inspect
    import textwrap

    from lachan.api.exchange_port import ExchangePort

    tree = ast.parse(textwrap.dedent(inspect.getsource(ExchangePort._answer)))
    compared = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in {call for _, call in exchange_calls.CALLS}
    }  # fmt: skip
    assert compared == {"ping", "inbox"}
    assert len(exchange_calls.CALLS) >= 7
