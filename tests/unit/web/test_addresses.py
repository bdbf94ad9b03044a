"""Every address has said who may open it, and a stranger gets no farther than the sign-in."""

import pytest
from django.urls import reverse

from lachan.access import permissions
from lachan.access.decorators import Rule
from lachan.web import context, urls

ALL = [*urls.PUBLIC, *urls.OFFICERS, *urls.DEMO]


@pytest.mark.parametrize("address", ALL, ids=lambda one: one.name)
def test_every_view_declares_a_known_permission_or_is_public(address: object) -> None:
    rule = getattr(address.callback, "access_rule", None)
    assert isinstance(rule, Rule)
    for name in rule.names:
        assert permissions.permission(name)


@pytest.mark.parametrize("address", urls.OFFICERS, ids=lambda one: one.name)
def test_an_officers_page_is_never_public(address: object) -> None:
    assert not address.callback.access_rule.public


def test_the_menu_names_pages_and_permissions_that_exist() -> None:
    for name, _, needed in context.STAFF:
        assert reverse(name)
        assert permissions.permission(needed)
    for name, _ in context.PUBLIC:
        assert reverse(name)


def test_names_of_addresses_are_unique() -> None:
    names = [one.name for one in ALL]
    assert len(names) == len(set(names))


def test_an_address_with_a_code_can_be_made() -> None:
    assert reverse("case_tab", args=["VA-26-000001", "tien"]) == "/vu-viec/VA-26-000001/tien"
    assert reverse("flow", args=["VA-26-000001"]) == "/vu-viec/VA-26-000001/dong-tien"
