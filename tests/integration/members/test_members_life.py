"""A member applies, is tested, is let in by two people, and its address is never used again."""

from pathlib import Path

import pytest
from django.utils import translation

from lachan.access.errors import NotAllowed, NotVisible
from lachan.evidence.models import Entry
from lachan.exchange.crypto import new_sign_key
from lachan.kernel.accounts import AccountRef
from lachan.kernel.citizens import CitizenId
from lachan.kernel.ids import uuid7
from lachan.members import queries, services
from lachan.members.enrolment import key_row, officer_row
from lachan.members.errors import (
    AddressTaken,
    AddressUnfit,
    ConformanceMissing,
    StateNotAllowed,
    UnknownMember,
)
from lachan.members.models.officers import Officer
from lachan.members.models.organisations import Member
from lachan.members.roles import Connection, KeyUse, MemberKind, MemberState, Role

from .conftest import A05, BANK, CENTRE, NOW, Deployment

TELECOM = "vn/telecom/viettel"


def form(address: str, **more: object) -> services.MemberForm:
    return services.MemberForm(
        address=address,
        name_vi="Tên",
        name_en="Name",
        connection=Connection.CONNECTED,
        **more,  # type: ignore[arg-type]
    )


def test_one_registrar_alone_lets_nobody_in(country: Deployment) -> None:
    services.register_member(country.system, form(TELECOM), clock=country.clock)
    services.change_state(
        country.system, TELECOM, MemberState.TESTING, reason="x", clock=country.clock
    )
    for _ in range(2):
        member = services.activate(
            country.actor("Lê Thị Một"), TELECOM, clock=country.clock, report_hash="0" * 64
        )
        assert member.state == MemberState.TESTING
    member = services.activate(country.actor("Phạm Văn Hai"), TELECOM, clock=country.clock)
    assert member.state == MemberState.ACTIVE


def test_an_investigator_is_no_registrar(country: Deployment) -> None:
    with pytest.raises(NotAllowed):
        services.activate(country.actor("Trần Minh Trực"), BANK, clock=country.clock)


def test_a_waiver_is_marked_and_logged(country: Deployment) -> None:
    member = Member.objects.unscoped(reason="test").get(address=BANK)
    assert member.conformance == services.WAIVER
    assert any(b"conformance:waived" in bytes(entry.bytes) for entry in Entry.objects.all())


def test_outside_a_demonstration_nothing_is_waived(country: Deployment, settings: object) -> None:
    settings.LACHAN_DEMO, settings.LACHAN_PROFILE = False, "vn"  # type: ignore[attr-defined]
    services.register_member(country.system, form(TELECOM), clock=country.clock)
    services.change_state(
        country.system, TELECOM, MemberState.TESTING, reason="x", clock=country.clock
    )
    with pytest.raises(ConformanceMissing):
        services.activate(country.actor("Lê Thị Một"), TELECOM, clock=country.clock, waiver=True)


def test_states_move_only_as_declared(country: Deployment) -> None:
    with pytest.raises(StateNotAllowed):
        services.change_state(
            country.system, BANK, MemberState.TESTING, reason="x", clock=country.clock
        )
    with pytest.raises(StateNotAllowed):
        services.change_state(
            country.system, BANK, MemberState.SUSPENDED, reason="", clock=country.clock
        )
    with pytest.raises(StateNotAllowed):
        services.activate(country.actor("Lê Thị Một"), BANK, clock=country.clock)
    for state in (MemberState.SUSPENDED, MemberState.ACTIVE, MemberState.LEFT):
        services.change_state(country.system, BANK, state, reason="x", clock=country.clock)
    with pytest.raises(StateNotAllowed):
        services.change_state(
            country.system, BANK, MemberState.ACTIVE, reason="x", clock=country.clock
        )


def test_an_address_is_never_used_again(country: Deployment) -> None:
    services.change_state(country.system, BANK, MemberState.LEFT, reason="x", clock=country.clock)
    with pytest.raises(AddressTaken):
        services.register_member(country.system, form(BANK), clock=country.clock)


@pytest.mark.parametrize("address", ["", "vn/bank", "vn/nothing/x", "VN/bank/x", "vn/bank/x/desk"])
def test_an_address_names_a_kind_that_exists(country: Deployment, address: str) -> None:
    with pytest.raises(AddressUnfit):
        services.register_member(country.system, form(address), clock=country.clock)


def test_a_member_without_accounts_has_no_participation(country: Deployment) -> None:
    member = services.register_member(
        country.system,
        form(TELECOM, participation=3, msisdn_prefixes=("097", "09")),
        clock=country.clock,
    )
    assert member.participation is None


def test_a_unit_has_an_address_and_may_change(country: Deployment) -> None:
    with pytest.raises(AddressUnfit):
        services.add_unit(country.system, BANK, "Bad Slug", "x", clock=country.clock)
    with pytest.raises(UnknownMember):
        services.add_unit(country.system, TELECOM, "desk", "x", clock=country.clock)
    unit = services.add_unit(
        country.system,
        BANK,
        "fraud-desk",
        "Phòng mới",
        clock=country.clock,
        kinds=["pause"],
        parent="fraud-desk",
    )
    assert (unit.name_vi, unit.address, str(unit)) == (
        "Phòng mới",
        f"{BANK}/fraud-desk",
        f"{BANK}/fraud-desk",
    )


def test_reports_go_to_who_took_them_then_to_the_province_then_to_the_national_desk(
    country: Deployment,
) -> None:
    taken = services.desk_for(area="01", officer=country.actor("Trần Minh Trực"))
    assert (taken.member, taken.rule) == (A05, "taken_by")
    assert services.desk_for(area="01", officer=country.actor("Lê Thị Một")).rule == "national_duty"
    services.add_unit(
        country.system, A05, "ha-noi", "Đội Hà Nội", clock=country.clock, area="01", phone="069"
    )
    local = services.desk_for(area="01")
    assert local.rule == "province"
    assert services.unit_title(local.unit) == f"Đội Hà Nội, Thành viên {A05}"
    assert services.unit_phone(local.unit) == "069"
    assert services.desk_for(area="79").rule == services.desk_for(area=None).rule == "national_duty"
    assert services.unit_title(None) == services.unit_phone(None) == ""
    services.change_state(
        country.system, A05, MemberState.SUSPENDED, reason="x", clock=country.clock
    )
    with pytest.raises(UnknownMember):
        services.desk_for(area=None)


def test_accounts_and_numbers_find_their_members(country: Deployment) -> None:
    bank = services.member_of_account(AccountRef("970436", "0123456789"))
    assert bank is not None
    assert bank.address == BANK
    assert services.member_of_account("970415:1234") is None
    assert services.members_of_kind(MemberKind.BANK) == [bank]
    assert services.member_of_number("+84971234567") is None
    country.register(TELECOM, Connection.CONNECTED, msisdn_prefixes=("09", "097"))
    services.change_state(
        country.system, TELECOM, MemberState.TESTING, reason="x", clock=country.clock
    )
    for name in ("Lê Thị Một", "Phạm Văn Hai"):
        services.activate(country.actor(name), TELECOM, clock=country.clock, waiver=True)
    found = services.member_of_number("+84971234567")
    assert found is not None
    assert found.address == TELECOM
    assert services.desk_address(bank, "pause") == f"{BANK}/fraud-desk"
    assert services.desk_address(found, "identify_subscriber") == TELECOM
    services.add_unit(
        country.system, BANK, "pauses", "Tạm dừng", clock=country.clock, kinds=["pause"]
    )
    assert services.desk_address(bank, "pause") == f"{BANK}/pauses"


def test_reading_the_register(country: Deployment) -> None:
    actor = country.actor("Trần Minh Trực")
    assert {one.address for one in queries.members(actor)} == {CENTRE, A05, BANK}
    assert queries.member(actor, f"{BANK}/fraud-desk").address == BANK
    with pytest.raises(UnknownMember):
        queries.member(actor, TELECOM)
    assert queries.member_name(f"{BANK}/fraud-desk", "en") == BANK
    assert queries.member_name(BANK) == f"Thành viên {BANK}"
    assert queries.member_name(TELECOM) == TELECOM
    assert queries.is_hosted(f"{A05}/duty")
    assert not queries.is_hosted(BANK)
    assert queries.kind_of(BANK) is MemberKind.BANK
    with pytest.raises(UnknownMember):
        queries.kind_of("nowhere")


def test_one_person_with_two_logins_is_one_registrar(country: Deployment) -> None:
    services.register_member(country.system, form(TELECOM), clock=country.clock)
    services.change_state(
        country.system, TELECOM, MemberState.TESTING, reason="x", clock=country.clock
    )
    Officer.objects.unscoped(reason="test").filter(name__in=["Lê Thị Một", "Phạm Văn Hai"]).update(
        person_key="ab" * 32
    )
    for name in ("Lê Thị Một", "Phạm Văn Hai"):
        member = services.activate(
            country.actor(name), TELECOM, clock=country.clock, report_hash="0" * 64
        )
    assert member.state == MemberState.TESTING


def test_a_person_key_is_kept_when_it_is_given(country: Deployment) -> None:
    row = officer_row(
        A05, enrol=country.safe.enrol_key(A05), officer=uuid7(), unit="duty", name="Mai", staff_no="X",
        roles=[], at=NOW,
    )  # fmt: skip
    officer = services.enrol_officer(country.system, row, clock=country.clock, person_key="cd" * 32)
    assert officer.person_key == "cd" * 32
    assert (str(officer), str(country.officers["Lê Thị Một"].member)) == ("Mai", CENTRE)


def test_a_private_half_goes_with_its_own_row(country: Deployment) -> None:
    key = new_sign_key()
    row = key_row(A05, key, KeyUse.SIGN, enrol=country.safe.enrol_key(A05), at=NOW)
    for private, passphrase in ((new_sign_key(), ""), (key, "a passphrase")):
        with pytest.raises(ValueError, match="private half"):
            services.add_key(
                country.system, row, clock=country.clock, private=private, passphrase=passphrase
            )


def test_who_may_be_asked_to_sign_in_a_unit(country: Deployment) -> None:
    actor = country.actor("Trần Minh Trực")
    assert actor.unit_id is not None
    found = queries.officers_with(Role.UNIT_HEAD, actor.unit_id, country.clock.now())
    assert [one.name for one in found] == ["Nguyễn Thị Trưởng"]
    assert queries.current_shift(country.system, clock=country.clock) is None


def test_a_liaison_speaks_for_his_own_member_only(country: Deployment) -> None:
    country.enrol("Đỗ Thị Nối", BANK, "fraud-desk", Role.LIAISON)
    liaison = country.actor("Đỗ Thị Nối")
    own = services.add_unit(liaison, BANK, "hotline", "Đường dây nóng", clock=country.clock)
    assert own.slug == "hotline"
    with pytest.raises(NotVisible):
        services.add_unit(liaison, A05, "fake", "Giả", clock=country.clock)
    directory = services.current_directory()
    theirs, ours = (
        directory.sign_key(A05, country.clock.now()),
        directory.sign_key(BANK, country.clock.now()),
    )
    assert theirs is not None
    assert ours is not None
    with pytest.raises(NotVisible):
        services.revoke_key(liaison, theirs.kid, reason="x", clock=country.clock)
    assert (
        services.revoke_key(liaison, ours.kid, reason="lost", clock=country.clock).reason == "lost"
    )


def test_one_citizen_has_one_key_and_no_number_is_kept(data_folder: Path) -> None:
    citizen = CitizenId.parse("001090123456")
    key = services.person_key(citizen)
    assert key == services.person_key(CitizenId.parse("001 090 123 456"))
    assert key != services.person_key(CitizenId.parse("001090123457"))
    assert citizen.digits not in key


def test_a_unit_has_its_name_in_the_language_of_the_page(country: Deployment) -> None:
    unit = services.add_unit(
        country.system, A05, "p9", "Phòng 9", name_en="Division 9", clock=country.clock
    )
    with translation.override("en"):
        assert services.unit_title(unit.id).startswith("Division 9, ")
    with translation.override("vi"):
        assert services.unit_title(unit.id).startswith("Phòng 9, ")


def test_a_unit_without_an_english_name_keeps_its_own(country: Deployment) -> None:
    unit = services.add_unit(country.system, A05, "p9", "Phòng 9", clock=country.clock)
    with translation.override("en"):
        assert services.unit_title(unit.id).startswith("Phòng 9, ")
