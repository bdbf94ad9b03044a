"""A directory is believed only as far as somebody outside the centre signed it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from lachan.exchange import crypto
from lachan.exchange.errors import DirectoryRollback, DirectoryStale, Malformed
from lachan.exchange.signer_errors import KeyRevoked, SignatureBad, SignerUnknown
from lachan.kernel.canonical import canonical
from lachan.kernel.time import to_wire
from lachan.members.directory import Directory, Freshness
from lachan.members.directory_rows import (
    Revocation,
    ShiftScope,
    is_address,
    member_address,
    sign_row,
    unit_of,
)
from lachan.members.roles import KeyUse, Role
from lachan.members.root import Root, make_root

NOW_MINUS = timedelta(minutes=5)


def test_members_officers_and_keys_are_found(world, now, names):
    directory = world.directory()
    assert directory.member(f"{names.a05}/duty").name_vi == "Cục A05"
    assert directory.by_bin("970436").address == names.vcb
    assert directory.officer("lan").name == "Lan"
    assert directory.holds_role("lan", Role.INVESTIGATOR, "duty", now)
    assert not directory.holds_role("lan", Role.UNIT_HEAD, "duty", now)
    assert not directory.holds_role("lan", Role.INVESTIGATOR, "south", now)
    assert directory.sign_key(names.acb, now).kid == crypto.kid_of(world.keys[f"{names.acb}#sign"])
    assert directory.encrypt_key(names.acb, now).use is KeyUse.ENCRYPT
    assert directory.shift(names.a05, now).officer == "son"
    assert {row.slug for row in directory.units(names.a05)} == {"duty", "south"}
    assert set(directory.log_keys()) == {crypto.kid_of(world.log_key)}
    assert len(directory.members()) == 6


def test_it_reads_back_from_its_own_bytes(world):
    made = world.directory()
    again = Directory.from_bytes(world.root, made.body, made.jws)
    assert again.hash == made.hash
    assert [row.kid for row in again.all_keys()] == [row.kid for row in made.all_keys()]


def test_one_changed_byte_anywhere_is_refused(world):
    made = world.directory()
    for place in range(0, len(made.body), 997):
        changed = bytearray(made.body)
        changed[place] ^= 1
        with pytest.raises((SignatureBad, Malformed)):
            Directory.from_bytes(world.root, bytes(changed), made.jws)


def test_a_directory_signed_by_another_key_is_refused(world):
    world.directory_key = crypto.new_sign_key()
    with pytest.raises(SignatureBad):
        world.directory()


def test_an_officer_that_only_the_centre_added_is_unknown(world, now, names):
    stranger = crypto.new_sign_key()
    centre_only = msgspec.structs.replace(world.officers[0], id="mallory", enrolled=())
    by_other = sign_row(
        msgspec.structs.replace(centre_only, id="trudy"), world.keys[f"{names.acb}#enrol"]
    )
    world.officers += [centre_only, by_other]
    world.key_rows.append(
        world.row(
            stranger, KeyUse.SIGN, names.a05, world.keys[f"{names.acb}#enrol"], officer="mallory"
        )
    )
    directory = world.directory()
    assert directory.officer("mallory") is None
    assert directory.officer("trudy") is None
    with pytest.raises(SignerUnknown):
        directory.require_key(crypto.kid_of(stranger), now)


def test_an_enrolled_row_that_is_changed_afterwards_is_unknown(world):
    lan = world.officers[0]
    more = msgspec.structs.replace(lan.roles[0], role=Role.AGENCY_HEAD)
    world.officers[0] = msgspec.structs.replace(lan, roles=(*lan.roles, more))
    assert world.directory().officer("lan") is None


def test_an_enrolment_key_needs_two_root_keys_or_the_key_before(world, now, names):
    fresh, later = crypto.new_sign_key(), crypto.new_sign_key()
    one_root = world.row(fresh, KeyUse.ENROL, names.a05, world.roots[0])
    twice = world.row(fresh, KeyUse.ENROL, names.a05, world.roots[0], world.roots[0])
    chained = world.row(later, KeyUse.ENROL, names.a05, world.keys[f"{names.a05}#enrol"])
    for rows, known in (([one_root], False), ([twice], False), ([chained], True)):
        directory = world.directory(keys=[*world.key_rows, *rows])
        assert (directory.key(rows[0].kid) is not None) is known
    other_agency = world.row(later, KeyUse.ENROL, names.a05, world.keys[f"{names.acb}#enrol"])
    assert world.directory(keys=[*world.key_rows, other_agency]).key(other_agency.kid) is None


def test_a_kid_must_be_its_keys_thumbprint(world, names):
    row = world.row(crypto.new_sign_key(), KeyUse.SIGN, names.a05, world.keys[f"{names.a05}#enrol"])
    known = world.key_rows[0].kid
    forged = sign_row(
        msgspec.structs.replace(row, kid=("B" if known[0] == "A" else "A") + known[1:]),
        world.keys[f"{names.a05}#enrol"],
    )
    assert world.directory(keys=[*world.key_rows, forged]).key(forged.kid) is None


def test_keys_end_with_their_period_and_with_revocation(world, now, names):
    kid = crypto.kid_of(world.keys["lan"])
    at = now - timedelta(hours=2)
    world.revocations = [
        Revocation(kid=kid, revoked_from=to_wire(at), reason="lost"),
        Revocation(kid=kid, revoked_from=to_wire(now), reason="said again"),
    ]
    directory = world.directory()
    assert directory.key_valid(kid, at - timedelta(seconds=1))
    assert not directory.key_valid(kid, at)
    with pytest.raises(KeyRevoked):
        directory.require_key(kid, now)
    assert not directory.key_valid(crypto.kid_of(world.keys["minh"]), now + timedelta(days=400))
    assert not directory.key_valid("nobody", now)


@pytest.mark.parametrize(
    ("hours", "kinds", "signer", "officer"),
    [
        (13, ("pause",), "son", "son"),
        (-1, ("pause",), "son", "son"),
        (8, ("hold",), "son", "son"),
        (8, ("pause",), "lan", "son"),
        (8, ("pause",), "lan", "lan"),
        (8, ("pause",), "son", "nobody"),
    ],
)
def test_a_shift_is_short_narrow_and_opened_by_the_officer_on_duty(  # noqa: PLR0917 - a table
    world, now, names, hours, kinds, signer, officer
):
    key = crypto.new_sign_key()
    row = world.row(
        key,
        KeyUse.SHIFT,
        names.a05,
        world.keys[signer],
        officer=officer,
        scope=ShiftScope(kinds=kinds, priority="P0", cap=1),
        valid=(to_wire(now), to_wire(now + timedelta(hours=hours))),
    )
    assert world.directory(keys=[*world.key_rows, row]).key(row.kid) is None
    bare = sign_row(msgspec.structs.replace(row, scope=None), world.keys[signer])
    assert world.directory(keys=[*world.key_rows, bare]).key(row.kid) is None


def test_freshness_runs_from_due_to_stale(world, now):
    directory = world.directory()
    assert directory.freshness(now) is Freshness.FRESH
    assert directory.freshness(now + timedelta(hours=2)) is Freshness.DUE
    directory.ensure_fresh(now + timedelta(hours=23))
    with pytest.raises(DirectoryStale):
        directory.ensure_fresh(now + timedelta(hours=25))


def test_a_lower_version_or_a_fork_is_refused_for_ever(world):
    first = world.directory()
    second = world.directory(2, first.hash)
    other = world.directory(2, first.hash, issued_at=first.issued_at + timedelta(minutes=1))
    second.ensure_follows(first)
    second.ensure_follows(second)
    second.ensure_follows(None)
    world.directory(7, "0" * 64).ensure_follows(second)
    for later, seen in ((first, second), (other, second), (world.directory(3, first.hash), second)):
        with pytest.raises(DirectoryRollback):
            later.ensure_follows(seen)


def test_a_root_needs_its_threshold_and_a_new_one_the_old_ones_too(world, now):
    root = world.root
    assert Root.from_json(root.to_json()).version == 1
    with pytest.raises(SignatureBad):
        Root.from_bytes(root.body, root.signatures[:1])
    with pytest.raises(SignatureBad):
        Root.from_bytes(root.body, [root.signatures[0]] * 3)
    with pytest.raises(Malformed):
        Root.from_json({"root": "x"})
    keys = [crypto.new_sign_key() for _ in range(3)]
    given = {"directory_keys": [], "log_keys": [], "country": "vn", "issued_at": now}
    mine = make_root(keys, version=2, **given)
    with pytest.raises(SignatureBad):
        Root.from_bytes(mine.body, mine.signatures, trusted=root)
    both = make_root([*keys, *world.roots], version=2, **given)
    assert Root.from_bytes(both.body, both.signatures, trusted=root).version == 2
    with pytest.raises(DirectoryRollback):
        Root.from_bytes(root.body, root.signatures, trusted=both)
    with pytest.raises(Malformed):
        make_root(keys[:1], threshold=2, **given)


def test_addresses_have_three_or_four_parts():
    assert is_address("vn/police/a05/duty")
    assert not is_address("vn/police/")
    assert not is_address("VN/police/a05")
    assert member_address("vn/police/a05/duty") == "vn/police/a05"
    assert unit_of("vn/police/a05/duty") == "duty"
    assert unit_of("vn/police/a05") is None


def test_agreements_bind_both_parties_while_they_last(world, now, names):
    from lachan.members.directory_rows import Agreement

    row = Agreement(
        parties=(names.a05, names.acb),
        kinds=("hold",),
        clauses="Điều 3",
        document="887/BCA-VPB",
        valid_from=to_wire(now - timedelta(days=1)),
        valid_to=to_wire(now + timedelta(days=1)),
    )
    directory = world.directory(agreements=[row])
    assert directory.agreements(f"{names.a05}/duty", names.acb, now) == [row]
    assert directory.agreements(names.a05, names.vcb, now) == []
    assert directory.agreements(names.a05, names.acb, now + timedelta(days=2)) == []


def test_a_foreign_field_in_the_file_is_refused(world):
    made = world.directory()
    body = canonical({**msgspec.json.decode(made.body), "extra": 1})
    signed = crypto.sign(body, world.directory_key, typ="lachan-directory+jws").text
    with pytest.raises(Malformed):
        Directory.from_bytes(world.root, body, signed)
