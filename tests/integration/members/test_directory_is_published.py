"""What the register publishes, a member can rely on: chained, signed, and nobody in it uninvited."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from lachan.exchange.crypto import kid_of, new_sign_key
from lachan.kernel.ids import uuid7
from lachan.members import services
from lachan.members.directory import Directory
from lachan.members.enrolment import enrol_key_row, key_row, officer_row
from lachan.members.errors import NoKey, NotEnrolled, UnknownUnit
from lachan.members.models.keys import Key
from lachan.members.models.published import DirectoryVersion, RowVersion
from lachan.members.publishing import directory_key
from lachan.members.roles import KeyUse, MemberState, Role

from .conftest import A05, BANK, NOW, Deployment


def test_the_directory_knows_members_officers_and_keys(country: Deployment) -> None:
    directory = services.current_directory()
    assert directory.version == 1
    assert directory.mandates_hash == "ab" * 32
    assert {row.address for row in directory.members()} == {"vn/centre/main", A05, BANK}
    bank = directory.by_bin("970436")
    assert bank is not None
    assert (bank.state, bank.participation) == (MemberState.ACTIVE, 5)
    officer = country.officers["Trần Minh Trực"]
    assert directory.holds_role(str(officer.id), Role.DUTY_OFFICER, "duty", NOW)
    assert directory.sign_key(A05, NOW) is not None
    assert directory.encrypt_key(BANK, NOW) is not None
    assert directory.unit(f"{A05}/duty") is not None


def test_versions_rise_by_one_and_chain(country: Deployment) -> None:
    first = services.current_directory()
    country.clock.advance(3600)
    second = services.publish_directory(country.system, clock=country.clock)
    second.ensure_follows(first)
    assert (second.version, second.read.prev_hash) == (2, first.hash)
    assert second.mandates_hash == first.mandates_hash
    assert services.current_directory().hash == second.hash
    assert services.directory_version(1).body == first.body


def test_a_stored_version_reads_back_under_the_root_alone(country: Deployment) -> None:
    row = DirectoryVersion.objects.unscoped(reason="test").get()
    read = Directory.from_bytes(services.deployment_root(), bytes(row.body), row.jws)
    assert read.hash == row.hash


def test_before_the_first_version_there_is_none(empty: Deployment) -> None:
    with pytest.raises(NoKey):
        services.current_directory()
    with pytest.raises(NoKey):
        services.directory_version(1)


def test_who_was_active_when_stays_in_the_directory(country: Deployment) -> None:
    country.clock.advance(60)
    services.change_state(
        country.system, BANK, MemberState.SUSPENDED, reason="asked to", clock=country.clock
    )
    directory = services.publish_directory(country.system, clock=country.clock)
    now = country.clock.now()
    then, later = directory.member(BANK, NOW + timedelta(seconds=1)), directory.member(BANK, now)
    assert then is not None
    assert later is not None
    assert (then.state, later.state) == (MemberState.ACTIVE, MemberState.SUSPENDED)


def test_an_officer_whom_his_agency_did_not_sign_is_not_entered(country: Deployment) -> None:
    row = officer_row(
        A05, enrol=new_sign_key(), officer=uuid7(), unit="duty", name="Kẻ Trong Cuộc", staff_no="X",
        roles=[(Role.UNIT_HEAD, "duty")], at=NOW,
    )  # fmt: skip
    with pytest.raises(NotEnrolled):
        services.enrol_officer(country.system, row, clock=country.clock)
    altered = msgspec.structs.replace(row, enrolled=())
    with pytest.raises(NotEnrolled):
        services.enrol_officer(country.system, altered, clock=country.clock)


def test_a_row_changed_after_signing_is_not_entered(country: Deployment) -> None:
    officer = country.officers["Trần Minh Trực"]
    row = RowVersion.objects.unscoped(reason="test").get(table="officer", subject=str(officer.id))
    read = services.current_directory().officer(str(officer.id))
    assert read is not None
    assert row.value()["name"] == read.name
    with pytest.raises(NotEnrolled):
        services.enrol_officer(
            country.system, msgspec.structs.replace(read, name="Người Khác"), clock=country.clock
        )


def test_a_key_of_another_agency_is_not_entered(country: Deployment) -> None:
    row = key_row(A05, new_sign_key(), KeyUse.SIGN, enrol=country.safe.enrol_key(BANK), at=NOW)
    with pytest.raises(NotEnrolled):
        services.add_key(country.system, row, clock=country.clock)


def test_an_enrolment_key_needs_two_root_keys_or_the_key_before(country: Deployment) -> None:
    fresh = new_sign_key()
    at = country.clock.now()
    with pytest.raises(NotEnrolled):
        services.add_key(
            country.system,
            enrol_key_row(A05, fresh, signers=country.safe.root_keys()[:1], at=at),
            clock=country.clock,
        )
    by_the_old_one = enrol_key_row(A05, fresh, signers=[country.safe.enrol_key(A05)], at=at)
    services.add_key(country.system, by_the_old_one, clock=country.clock)
    directory = services.publish_directory(country.system, clock=country.clock)
    assert directory.key(kid_of(fresh)) is not None


def test_a_role_in_a_unit_that_is_not_there_is_refused(country: Deployment) -> None:
    row = officer_row(
        A05, enrol=country.safe.enrol_key(A05), officer=uuid7(), unit="duty", name="A", staff_no="X",
        roles=[(Role.INVESTIGATOR, "nowhere")], at=NOW,
    )  # fmt: skip
    with pytest.raises(UnknownUnit):
        services.enrol_officer(country.system, row, clock=country.clock)


def test_a_newer_row_of_an_officer_replaces_his_roles(country: Deployment) -> None:
    officer = country.officers["Trần Minh Trực"]
    country.clock.advance(60)
    row = officer_row(
        A05, enrol=country.safe.enrol_key(A05), officer=officer.id, unit="duty", name=officer.name,
        staff_no=officer.staff_no, roles=[(Role.INVESTIGATOR, "duty")], at=country.clock.now(),
    )  # fmt: skip
    services.enrol_officer(country.system, row, clock=country.clock)
    directory = services.publish_directory(country.system, clock=country.clock)
    assert country.actor(officer.name).roles == {Role.INVESTIGATOR}
    assert not directory.holds_role(str(officer.id), Role.DUTY_OFFICER, "duty", country.clock.now())
    assert directory.holds_role(str(officer.id), Role.DUTY_OFFICER, "duty", NOW)


def test_a_revoked_key_is_published_as_revoked_at_once(country: Deployment) -> None:
    before = services.current_directory()
    key = before.sign_key(BANK, NOW)
    assert key is not None
    country.clock.advance(600)
    services.revoke_key(
        country.system,
        key.kid,
        reason="lost",
        clock=country.clock,
        revoked_from=NOW + timedelta(seconds=5),
    )
    after = services.current_directory()
    assert after.version == before.version + 1
    assert after.key_valid(key.kid, NOW + timedelta(seconds=4))
    assert not after.key_valid(key.kid, NOW + timedelta(seconds=5))
    services.revoke_key(country.system, key.kid, reason="again", clock=country.clock)
    row = Key.objects.unscoped(reason="test").get(kid=key.kid)
    assert row.revoked_from == NOW + timedelta(seconds=5)


def test_private_halves_are_never_in_the_clear_in_the_database(country: Deployment) -> None:
    kept = Key.objects.unscoped(reason="test").exclude(wrapped="")
    assert kept.count() >= 6
    for row in kept:
        assert '"d"' not in row.wrapped
        assert "d" not in row.jwk
    private = services.member_private_key(A05, KeyUse.SIGN, clock=country.clock)
    found = services.current_directory().sign_key(A05, NOW)
    assert found is not None
    assert kid_of(private) == found.kid
    assert len(services.decryption_keys(A05)) == 1
    with pytest.raises(NoKey):
        services.member_private_key(BANK, KeyUse.SIGN, clock=country.clock)


def test_a_root_is_made_once_and_kept(country: Deployment) -> None:
    before = services.deployment_root()
    assert services.make_deployment(country.safe, clock=country.clock).body == before.body


def test_without_a_root_nothing_can_be_published(db: None, data_folder: Path) -> None:
    for ask in (services.deployment_root, directory_key):
        with pytest.raises(NoKey):
            ask()


def test_older_versions_stay_readable_when_many_were_published(country: Deployment) -> None:
    for _ in range(10):
        country.clock.advance(1)
        services.publish_directory(country.system, clock=country.clock)
    assert [services.directory_version(n).version for n in range(1, 12)] == list(range(1, 12))
    assert services.directory_version(3).read.prev_hash == services.directory_version(2).hash
