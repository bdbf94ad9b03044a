"""A query without an actor does not run."""

import pytest

from lachan.access.actors import Actor
from lachan.access.errors import ActorRequired, NotVisible
from lachan.members.models.keys import Key, Shift
from lachan.members.models.officers import Activation, Officer, RoleHeld
from lachan.members.models.organisations import Member, Unit
from lachan.members.models.published import DirectoryVersion, RowVersion
from tests.integration.members.conftest import A05, BANK, Deployment

MODELS = (Member, Unit, Officer, RoleHeld, Key, Shift, Activation, RowVersion, DirectoryVersion)


def test_a_query_that_names_nobody_is_refused_when_it_runs(country: Deployment) -> None:
    every = Member.objects.all()
    for act in (
        lambda: list(Member.objects.all()),
        lambda: Member.objects.filter(address=BANK).first(),
        every.count,
        lambda: Member.objects.filter(address=BANK).exists(),
        lambda: Member.objects.get(address=BANK),
        lambda: list(Member.objects.all().iterator()),
        every.aggregate,
        lambda: Member.objects.filter(address=BANK).update(name_vi="x"),
        lambda: Member.objects.filter(address=BANK).delete(),
        lambda: list(Unit.objects.unscoped(reason="test").filter(member__in=Member.objects.all())),
        lambda: list(Member.objects.unscoped(reason="test").get(address=BANK).units.all()),
        lambda: Member.objects.values_list("address", flat=True)[0],
    ):
        with pytest.raises(ActorRequired):
            act()


def test_a_query_with_an_actor_or_a_reason_runs(country: Deployment) -> None:
    actor = country.actor("Trần Minh Trực")
    assert Member.objects.visible_to(actor).filter(address=BANK).exclude(state="LEFT").count() == 1
    assert Member.objects.unscoped(reason="test").filter(address=BANK).get().address == BANK
    assert [one.address for one in Member.objects.unscoped(reason="test").iterator()]
    assert Member.objects.visible_to(actor).aggregate() == {}
    unit = Unit.objects.visible_to(actor).select_related("member").get_or_refuse(slug="duty")
    assert unit.member.address == A05
    with pytest.raises(ValueError, match="why"):
        Member.objects.unscoped(reason="")


def test_missing_and_hidden_are_refused_alike(country: Deployment) -> None:
    actor = country.actor("Trần Minh Trực")
    for pk in ("nonsense", None, "00000000-0000-7000-8000-000000000000"):
        with pytest.raises(NotVisible) as refused:
            Officer.objects.visible_to(actor).get_or_refuse(pk, name="Không Có")
        assert refused.value.status == 404
    with pytest.raises(NotVisible):
        Officer.objects.visible_to(Actor.public()).get_or_refuse(
            country.officers["Trần Minh Trực"].pk
        )


def test_the_public_sees_members_and_nobody_in_them(country: Deployment) -> None:
    seen = {model.__name__: model.objects.visible_to(Actor.public()).exists() for model in MODELS}
    assert seen == {
        "Member": True, "Unit": True, "Officer": False, "RoleHeld": False, "Key": True, "Shift": False,
        "Activation": False, "RowVersion": False, "DirectoryVersion": False,
    }  # fmt: skip
    actor = country.actor("Trần Minh Trực")
    assert all(
        model.objects.visible_to(actor).exists()
        for model in MODELS
        if model not in {Shift, RowVersion}
    )


def test_every_field_has_a_privacy_class() -> None:
    for model in MODELS:
        fields = {field.name for field in model._meta.fields} - {"id"}
        assert set(model.privacy) == fields
        assert set(model.privacy.values()) <= set("PBSX")
        assert str(model._meta.verbose_name)


def test_changing_and_deleting_with_a_reason(country: Deployment) -> None:
    rows = Unit.objects.unscoped(reason="test").filter(slug="fraud-desk")
    assert rows.update(phone="069") == 1
    assert rows.delete()[0] == 1


def test_a_key_of_none_finds_nothing(country: Deployment) -> None:
    with pytest.raises(NotVisible):
        Officer.objects.visible_to(country.system).get_or_refuse(None)
    with pytest.raises(NotVisible):
        Officer.objects.visible_to(country.system).filter(name="Lê Thị Một").get_or_refuse(None)


def test_a_named_query_may_stand_inside_another(country: Deployment) -> None:
    banks = Member.objects.unscoped(reason="test").filter(kind="bank")
    units = Unit.objects.unscoped(reason="test").filter(member__in=banks)
    assert [one.slug for one in units] == ["fraud-desk"]
