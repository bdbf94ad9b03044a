"""Default is no."""

from dataclasses import replace

import pytest

from lachan.access import permissions
from lachan.access.actors import Actor, ActorKind
from lachan.access.decorators import Rule, public, requires, signed_in
from lachan.access.errors import NotAllowed, PurposeNotServed
from lachan.access.purposes import Purpose
from lachan.members.roles import Role

permissions.declare("zz.sign", roles={Role.UNIT_HEAD}, purposes={Purpose.GLD, Purpose.INV})
permissions.declare("zz.sweep", system=True)
permissions.declare("zz.report", public=True, roles={Role.DESK})
permissions.declare("zz.closed")

HEAD = Actor(ActorKind.OFFICER, roles=frozenset({Role.UNIT_HEAD}), purpose=Purpose.GLD)
DESK = Actor(ActorKind.OFFICER, roles=frozenset({Role.DESK}), purpose=Purpose.GLD)
SYSTEM = Actor.system("vn/police/a05")


def test_a_role_carries_what_was_declared_for_it() -> None:
    permissions.require(HEAD, "zz.sign")
    with pytest.raises(NotAllowed) as refused:
        permissions.require(DESK, "zz.sign")
    assert "unit_head" in refused.value.message()


def test_the_purpose_must_be_one_that_the_act_serves() -> None:
    for purpose in (None, Purpose.REG):
        with pytest.raises(PurposeNotServed):
            permissions.require(replace(HEAD, purpose=purpose), "zz.sign")


def test_the_system_does_only_what_is_open_to_it() -> None:
    permissions.require(SYSTEM, "zz.sweep")
    for name in ("zz.sign", "zz.report", "zz.closed"):
        assert not permissions.allowed(SYSTEM, name)
    assert not permissions.allowed(HEAD, "zz.sweep")


def test_what_the_public_may_do_officers_may_too() -> None:
    assert permissions.allowed(Actor.public(), "zz.report")
    assert permissions.allowed(HEAD, "zz.report")
    assert not permissions.allowed(Actor.public(), "zz.sign")


def test_a_permission_without_roles_and_one_that_nobody_declared_are_closed() -> None:
    for name in ("zz.closed", "zz.never.declared"):
        assert not permissions.allowed(HEAD, name)
        with pytest.raises(NotAllowed):
            permissions.require(HEAD, name)
    with pytest.raises(LookupError):
        permissions.permission("zz.never.declared")
    assert permissions.permission("zz.closed").roles == frozenset()


def test_a_second_different_declaration_is_a_defect() -> None:
    permissions.declare("zz.closed")
    with pytest.raises(ValueError, match="twice"):
        permissions.declare("zz.closed", public=True)
    names = [one.name for one in permissions.all_permissions()]
    assert names == sorted(names)
    assert "zz.sign" in names


def test_a_view_says_who_may_open_it() -> None:
    @requires("zz.sign", "zz.report")
    def view() -> None: ...

    rule: Rule = view.access_rule  # type: ignore[attr-defined]
    rule.check(HEAD)
    rule.check(DESK)
    with pytest.raises(NotAllowed):
        Rule(("zz.sign", "zz.closed")).check(DESK)
    with pytest.raises(TypeError):
        requires()

    @public
    def door() -> None: ...

    @signed_in
    def home() -> None: ...

    assert door.access_rule.public  # type: ignore[attr-defined]
    home.access_rule.check(DESK)  # type: ignore[attr-defined]
    with pytest.raises(NotAllowed):
        home.access_rule.check(Actor.public())  # type: ignore[attr-defined]
