"""A small exchange: a police agency with three officers, two banks, a telecom, a centre; real keys.

Everything is made once per session (keys are costly); tests take copies and change one thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lachan.exchange import crypto
from lachan.exchange.crypto import PrivateKey
from lachan.kernel.time import to_wire
from lachan.members.directory import Directory, build_directory
from lachan.members.directory_rows import (
    KeyRow,
    MemberRow,
    OfficerRow,
    Revocation,
    RoleHeld,
    ShiftScope,
    UnitRow,
    sign_row,
)
from lachan.members.roles import Connection, KeyStorage, KeyUse, MemberKind, MemberState, Role
from lachan.members.root import Root, make_root

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)  # Tuesday 14:00 ICT
START = to_wire(NOW - timedelta(days=30))
END = to_wire(NOW + timedelta(days=335))
A05, ACB, VCB, VIETTEL, CENTRE = (
    "vn/police/a05",
    "vn/bank/970416",
    "vn/bank/970436",
    "vn/telecom/viettel",
    "vn/centre/main",
)
VKS = "vn/procuracy/vks1"
MEMBERS = {
    A05: (MemberKind.POLICE, "Cục A05", ()),
    ACB: (MemberKind.BANK, "Ngân hàng Á Châu", ("970416",)),
    VCB: (MemberKind.BANK, "Ngân hàng Ngoại thương", ("970436",)),
    VIETTEL: (MemberKind.TELECOM, "Viettel", ()),
    CENTRE: (MemberKind.CENTRE, "Trung tâm", ()),
    VKS: (MemberKind.PROCURACY, "Viện kiểm sát", ()),
}
# name, unit, roles: Lan drafts, Minh heads her unit, Hà heads another, Sơn is on duty.
OFFICERS = {
    "lan": (A05, "duty", (Role.INVESTIGATOR,)),
    "minh": (A05, "duty", (Role.UNIT_HEAD,)),
    "ha": (A05, "south", (Role.UNIT_HEAD,)),
    "son": (A05, "duty", (Role.DUTY_OFFICER,)),
    "quan": (ACB, "fraud-desk", (Role.DESK,)),
    "thu": (ACB, "fraud-desk", (Role.DESK_HEAD,)),
    "bac": (A05, "duty", (Role.AGENCY_HEAD,)),
    "vien": (VKS, "vu-1", (Role.PROCURATOR,)),
    "gia": (ACB, "fraud-desk", (Role.PROCURATOR,)),
}


@dataclass
class World:
    """Keys by name and the rows of a directory; `directory()` signs what stands in it now."""

    roots: list[PrivateKey]
    directory_key: PrivateKey
    log_key: PrivateKey
    root: Root
    keys: dict[str, PrivateKey]
    members: list[MemberRow]
    units: list[UnitRow]
    officers: list[OfficerRow]
    key_rows: list[KeyRow]
    revocations: list[Revocation] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)

    def directory(
        self,
        version: int = 1,
        prev: str | None = None,
        issued_at: datetime = NOW - timedelta(minutes=5),
        **changed: Any,
    ) -> Directory:
        given: dict[str, Any] = {
            "members": self.members,
            "units": self.units,
            "officers": self.officers,
            "keys": self.key_rows,
            "revocations": self.revocations,
            **self.hashes,
            **changed,
        }
        return build_directory(
            self.directory_key,
            root=self.root,
            version=version,
            prev_hash=prev,
            issued_at=issued_at,
            **given,
        )

    def row(
        self,
        key: PrivateKey,
        use: KeyUse,
        member: str,
        *signers: PrivateKey,
        officer: str | None = None,
        scope: ShiftScope | None = None,
        valid: tuple[str, str] = (START, END),
    ) -> KeyRow:
        public = crypto.public_jwk(key)
        plain = KeyRow(
            kid=crypto.kid_of(public),
            use=use,
            member=member,
            officer=officer,
            alg=crypto.alg_of(key),
            jwk=public,
            storage=KeyStorage.SOFT,
            valid_from=valid[0],
            valid_to=valid[1],
            scope=scope,
        )
        return sign_row(plain, *signers)


def officer_row(
    name: str, member: str, unit: str, roles: Sequence[Role], key: PrivateKey
) -> OfficerRow:
    held = tuple(RoleHeld(role=role, unit=unit, valid_from=START) for role in roles)
    plain = OfficerRow(
        id=name,
        member=member,
        unit=unit,
        name=name.title(),
        staff_no=f"S-{name}",
        roles=held,
        state="ACTIVE",
        valid_from=START,
    )
    return sign_row(plain, key)


def build_world() -> World:
    roots = [crypto.new_sign_key() for _ in range(3)]
    directory_key, log_key = crypto.new_sign_key(), crypto.new_sign_key()
    root = make_root(
        roots,
        directory_keys=[crypto.public_jwk(directory_key)],
        log_keys=[crypto.public_jwk(log_key)],
        country="vn",
        issued_at=NOW - timedelta(days=60),
    )
    world = World(roots, directory_key, log_key, root, {}, [], [], [], [])
    for address, (kind, name, bins) in MEMBERS.items():
        world.members.append(
            MemberRow(
                id=f"m-{address}",
                address=address,
                kind=kind,
                name_vi=name,
                name_en=name,
                state=MemberState.ACTIVE,
                connection=Connection.CONNECTED,
                valid_from=START,
                bins=bins,
                participation=5 if kind is MemberKind.BANK else None,
            )
        )
        enrol, sign, encrypt = (
            crypto.new_sign_key(),
            crypto.new_sign_key("ES256" if kind is MemberKind.TELECOM else "Ed25519"),
            crypto.new_encrypt_key(),
        )
        world.keys |= {
            f"{address}#enrol": enrol,
            f"{address}#sign": sign,
            f"{address}#encrypt": encrypt,
        }
        world.key_rows += [
            world.row(enrol, KeyUse.ENROL, address, *roots[:2]),
            world.row(sign, KeyUse.SIGN, address, enrol),
            world.row(encrypt, KeyUse.ENCRYPT, address, enrol),
        ]
    for slug in ("duty", "south"):
        world.units.append(UnitRow(member=A05, slug=slug, name_vi=slug))
    world.units.append(UnitRow(member=ACB, slug="fraud-desk", name_vi="Phòng chống gian lận"))
    for name, (member, unit, roles) in OFFICERS.items():
        enrol = world.keys[f"{member}#enrol"]
        world.officers.append(officer_row(name, member, unit, roles, enrol))
        world.keys[name] = crypto.new_sign_key("ES256" if name == "minh" else "Ed25519")
        world.key_rows.append(world.row(world.keys[name], KeyUse.SIGN, member, enrol, officer=name))
    world.keys["shift"] = crypto.new_sign_key()
    world.key_rows.append(
        world.row(
            world.keys["shift"],
            KeyUse.SHIFT,
            A05,
            world.keys["son"],
            officer="son",
            scope=ShiftScope(
                kinds=("confirm_transfer", "pause", "trace_credit"), priority="P0", cap=10**9
            ),
            valid=(to_wire(NOW - timedelta(hours=1)), to_wire(NOW + timedelta(hours=7))),
        )
    )
    return world


@pytest.fixture(scope="session")
def _world() -> World:
    return build_world()


@pytest.fixture
def world(_world: World) -> World:
    """A copy whose lists a test may change."""
    return World(
        roots=list(_world.roots),
        directory_key=_world.directory_key,
        log_key=_world.log_key,
        root=_world.root,
        keys=dict(_world.keys),
        members=list(_world.members),
        units=list(_world.units),
        officers=list(_world.officers),
        key_rows=list(_world.key_rows),
    )


@dataclass(frozen=True)
class Names:
    """Addresses by a short name."""

    a05: str = A05
    acb: str = ACB
    vcb: str = VCB
    viettel: str = VIETTEL
    centre: str = CENTRE


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def now() -> datetime:
    return NOW
