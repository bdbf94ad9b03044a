"""An actor is one person in one unit for one purpose, or no person at all."""

from uuid import uuid4

from lachan.access.actors import Actor, ActorKind
from lachan.access.purposes import Purpose, purposes_of
from lachan.members.roles import Role


def officer(*roles: Role, purpose: Purpose | None = Purpose.GLD) -> Actor:
    return Actor(
        ActorKind.OFFICER,
        name="Trần Minh Trực",
        address="vn/police/a05/duty",
        officer_id=uuid4(),
        roles=frozenset(roles),
        purpose=purpose,
    )


def test_the_agency_is_the_address_without_its_unit() -> None:
    one = officer(Role.INVESTIGATOR)
    assert (one.agency, one.unit) == ("vn/police/a05", "duty")
    assert Actor.system("vn/bank/970436").agency == "vn/bank/970436"
    assert Actor.system("vn/bank/970436").unit == ""


def test_the_log_never_gets_a_name() -> None:
    one = officer()
    assert one.log_name == str(one.officer_id)
    assert Actor.system("vn/police/a05").log_name == "vn/police/a05"
    assert Actor.public().log_name == "public"


def test_three_kinds_of_actor() -> None:
    assert officer().is_officer
    assert Actor.system("vn/police/a05", purpose=Purpose.GLD).is_system
    assert Actor.public().is_public
    assert Actor.public().purpose is Purpose.RPT
    assert officer().for_purpose(Purpose.INV).purpose is Purpose.INV
    assert officer(Role.DESK).has(Role.DESK, Role.DESK_HEAD)
    assert not officer(Role.DESK).has(Role.JUDGE)


def test_the_golden_hour_comes_first_among_the_purposes_of_a_role() -> None:
    assert purposes_of(frozenset({Role.INVESTIGATOR}))[0] is Purpose.GLD
    assert Purpose.SUP not in purposes_of(frozenset({Role.INVESTIGATOR}))
    assert purposes_of(frozenset({Role.PROCURATOR})) == (Purpose.SUP,)
    assert purposes_of(frozenset()) == ()


def test_every_purpose_has_a_title_in_both_languages() -> None:
    assert all(one.title.vi and one.title.en for one in Purpose)
    assert not Purpose.CHK.roles


def test_every_role_but_those_of_machines_serves_a_purpose() -> None:
    assert all(purposes_of(frozenset({role})) for role in Role)
