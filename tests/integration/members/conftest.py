"""A small deployment: a centre with two registrars, a police agency with its duty desk, a bank.

Keys of the agencies lie in a safe of their own, apart from the data folder.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lachan.access.actors import Actor
from lachan.access.models import Login
from lachan.access.purposes import Purpose
from lachan.access.services import create_login, current_code
from lachan.access.sessions import actor_for
from lachan.exchange.crypto import new_encrypt_key, new_sign_key
from lachan.kernel.ids import uuid7
from lachan.kernel.time import FixedClock
from lachan.members import services
from lachan.members.enrolment import Safe, enrol_key_row, key_row, officer_row
from lachan.members.models.officers import Officer
from lachan.members.models.organisations import Member
from lachan.members.roles import Connection, KeyUse, MemberState, Role

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
CENTRE, A05, BANK = "vn/centre/main", "vn/police/a05", "vn/bank/970436"
PASSPHRASE = "mot cau ky that dai"
PASSWORD = "mot mat khau that dai"


@dataclass
class Deployment:
    """What a test asks of the small country."""

    safe: Safe
    clock: FixedClock
    machine: FixedClock
    system: Actor
    officers: dict[str, Officer] = field(default_factory=dict)
    logins: dict[str, Login] = field(default_factory=dict)

    def register(self, address: str, connection: Connection, **more: Any) -> Member:
        form = services.MemberForm(
            address=address,
            name_vi=f"Thành viên {address}",
            name_en=address,
            connection=connection,
            **more,
        )
        member = services.register_member(self.system, form, clock=self.clock)
        enrol = self.safe.enrol_key(address)
        row = enrol_key_row(address, enrol, signers=self.safe.root_keys()[:2], at=self.clock.now())
        services.add_key(self.system, row, clock=self.clock)
        for use, key in ((KeyUse.SIGN, new_sign_key()), (KeyUse.ENCRYPT, new_encrypt_key())):
            row = key_row(address, key, use, enrol=enrol, at=self.clock.now())
            kept = key if connection is Connection.HOSTED else None
            services.add_key(self.system, row, clock=self.clock, private=kept)
        return member

    def enrol(
        self, name: str, address: str, unit: str, *roles: Role, login: bool = True
    ) -> Officer:
        officer_id: UUID = uuid7()
        row = officer_row(
            address,
            enrol=self.safe.enrol_key(address),
            officer=officer_id,
            unit=unit,
            name=name,
            staff_no=f"S-{len(self.officers)}",
            roles=[(role, unit) for role in roles],
            at=self.clock.now(),
        )
        officer = services.enrol_officer(self.system, row, clock=self.clock)
        key = new_sign_key()
        signed = key_row(
            address,
            key,
            KeyUse.SIGN,
            enrol=self.safe.enrol_key(address),
            at=self.clock.now(),
            officer=officer_id,
        )
        services.add_key(self.system, signed, clock=self.clock, private=key, passphrase=PASSPHRASE)
        self.officers[name] = officer
        if login:
            username = "".join(part[0] for part in name.lower().split()) + str(len(self.officers))
            self.logins[name], _ = create_login(officer, username=username, password=PASSWORD)
        return officer

    def actor(self, name: str, purpose: Purpose | None = None) -> Actor:
        return actor_for(self.officers[name], purpose=purpose, clock=self.clock)

    def code(self, name: str) -> str:
        return current_code(self.logins[name], clock=self.machine)


@pytest.fixture
def data_folder(settings: Any, tmp_path: Path) -> Path:
    settings.LACHAN_DATA = tmp_path / "data"
    # The real costs are measured once, in tests/unit/access; here they would only make tests slow.
    settings.LACHAN_PASSPHRASE_COST = (1, 64, 1)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path / "data"


@pytest.fixture
def empty(db: None, data_folder: Path, tmp_path: Path) -> Deployment:
    clock = FixedClock(NOW)
    safe = Safe(tmp_path / "safe")
    services.make_deployment(safe, clock=clock)
    return Deployment(safe, clock, FixedClock(NOW), Actor.system(CENTRE))


@pytest.fixture
def country(empty: Deployment) -> Deployment:
    for address, connection, more in (
        (CENTRE, Connection.HOSTED, {}),
        (A05, Connection.HOSTED, {}),
        (BANK, Connection.CONNECTED, {"bins": ("970436",), "participation": 5}),
    ):
        empty.register(address, connection, **more)
    for address, slug, title in (
        (CENTRE, "office", "Văn phòng"),
        (A05, "duty", "Trực ban"),
        (BANK, "fraud-desk", "Phòng chống gian lận"),
    ):
        services.add_unit(empty.system, address, slug, title, clock=empty.clock)
    empty.enrol("Lê Thị Một", CENTRE, "office", Role.REGISTRAR)
    empty.enrol("Phạm Văn Hai", CENTRE, "office", Role.REGISTRAR)
    empty.enrol("Trần Minh Trực", A05, "duty", Role.DUTY_OFFICER, Role.INVESTIGATOR)
    empty.enrol("Nguyễn Thị Trưởng", A05, "duty", Role.UNIT_HEAD)
    for address in (A05, BANK):
        services.change_state(
            empty.system, address, MemberState.TESTING, reason="applied", clock=empty.clock
        )
        for name in ("Lê Thị Một", "Phạm Văn Hai"):
            services.activate(empty.actor(name), address, clock=empty.clock, waiver=True)
    services.publish_directory(empty.system, clock=empty.clock, mandates_hash="ab" * 32)
    return empty
