"""A whole deployment in one folder: database, keys, safes, members, officers, certificates, the first directory.

What in earnest takes agencies weeks (enrolment keys in their safes, two registrars, conformance runs) is done here in
seconds and marked TRÌNH DIỄN.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.models import Login
from lachan.access.purposes import Purpose
from lachan.access.services import create_login
from lachan.access.sessions import actor_for
from lachan.adapters.certificates import Authority
from lachan.demo.cast import (
    AGENCIES,
    CENTRE,
    PASSPHRASE,
    PASSWORD,
    PEOPLE,
    PROTECTED_ACCOUNTS,
    PROTECTED_DOMAINS,
    Agency,
    Person,
)
from lachan.exchange import catalogue
from lachan.exchange.crypto import PrivateKey, new_encrypt_key, new_sign_key, private_jwk
from lachan.kernel.canonical import canonical
from lachan.kernel.ids import uuid7
from lachan.kernel.time import Clock
from lachan.members import services as members
from lachan.members.enrolment import Safe, enrol_key_row, key_row, officer_row
from lachan.members.models.officers import Officer
from lachan.members.roles import Connection, KeyUse, MemberState, Role

_ASIDE = timedelta(
    minutes=1
)  # keys begin a minute ago, so that two clocks of one machine cannot quarrel


@dataclass(frozen=True, slots=True)
class ConnectedMember:
    """A member with a connector: what the directory says of it, and the folder that its process owns."""

    address: str
    name_vi: str
    name_en: str
    unit: str
    unit_title: str
    unit_title_en: str
    folder: Path
    bins: tuple[str, ...] = ()
    msisdn_prefixes: tuple[str, ...] = ()
    participation: int | None = None


class Provision:
    """Steps of one deployment; call `run` once, with Django set up on an empty, migrated database."""

    def __init__(self, data: Path, safes: Path, clock: Clock) -> None:
        self.data = data
        self.safe = Safe(safes)
        self.clock = clock
        self.system = Actor.system(CENTRE)

    def run(self, connected: Sequence[ConnectedMember], *, hosts: tuple[str, ...]) -> None:
        """Make everything and publish the first directory."""
        members.make_deployment(self.safe, clock=self.clock)
        self._never_block()
        authority = Authority(self.data / "tls", now=self.clock.now())
        authority.issue("exchange", folder=self.data / "tls", server=True, hosts=hosts)
        for agency in AGENCIES:
            self._agency(agency)
        for person in PEOPLE:
            self._person(person)
        for member in connected:
            self._connected(member, authority)
        self._activate([agency.address for agency in AGENCIES] + [one.address for one in connected])
        self._publish()
        for member in connected:
            (member.folder / "root.json").write_bytes(
                canonical(members.deployment_root().to_json())
            )
            beside = member.folder.parent
            (beside / "never_block.json").write_bytes((self.data / "never_block.json").read_bytes())

    def _never_block(self) -> None:
        """The list that nobody may block; its hash goes into the signed directory."""
        rows = [{"account": one, "level": "hard"} for one in PROTECTED_ACCOUNTS]
        rows += [{"domain": one, "level": "hard"} for one in PROTECTED_DOMAINS]
        (self.data / "never_block.json").write_bytes(canonical({"entries": rows}))

    def _agency(self, agency: Agency) -> None:
        self._register(agency.address, agency.name_vi, agency.name_en, Connection.HOSTED)
        self._keys(agency.address, keep=True)
        for slug, title, english, area, phone in agency.units:
            members.add_unit(
                self.system, agency.address, slug, title, name_en=english, area=area, phone=phone,
                clock=self.clock,
            )  # fmt: skip

    def _connected(self, member: ConnectedMember, authority: Authority) -> None:
        self._register(
            member.address,
            member.name_vi,
            member.name_en,
            Connection.CONNECTED,
            bins=member.bins,
            msisdn_prefixes=member.msisdn_prefixes,
            participation=member.participation,
        )
        members.add_unit(
            self.system,
            member.address,
            member.unit,
            member.unit_title,
            clock=self.clock,
            name_en=member.unit_title_en,
        )
        member.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, key in self._keys(member.address, keep=False).items():
            _write_secret(member.folder / f"{name}.jwk", json.dumps(private_jwk(key)))
        authority.issue(member.address, folder=member.folder)

    def _register(
        self,
        address: str,
        name_vi: str,
        name_en: str,
        connection: Connection,
        *,
        bins: tuple[str, ...] = (),
        msisdn_prefixes: tuple[str, ...] = (),
        participation: int | None = None,
    ) -> None:
        form = members.MemberForm(
            address=address,
            name_vi=name_vi,
            name_en=name_en,
            connection=connection,
            bins=bins,
            msisdn_prefixes=msisdn_prefixes,
            participation=participation,
        )
        members.register_member(self.system, form, clock=self.clock)

    def _keys(self, address: str, *, keep: bool) -> dict[str, PrivateKey]:
        """Enrolment key under the root, seal and encryption keys under the enrolment key."""
        at = self.clock.now() - _ASIDE
        enrol = self.safe.enrol_key(address)
        row = enrol_key_row(address, enrol, signers=self.safe.root_keys()[:2], at=at)
        members.add_key(self.system, row, clock=self.clock)
        keys: dict[str, PrivateKey] = {"sign": new_sign_key(), "encrypt": new_encrypt_key()}
        for name, key in keys.items():
            row = key_row(address, key, KeyUse(name), enrol=enrol, at=at)
            members.add_key(self.system, row, clock=self.clock, private=key if keep else None)
        return keys

    def _person(self, person: Person) -> None:
        at = self.clock.now() - _ASIDE
        enrol = self.safe.enrol_key(person.agency)
        officer_id: UUID = uuid7()
        row = officer_row(
            person.agency,
            enrol=enrol,
            officer=officer_id,
            unit=person.unit,
            name=person.name,
            staff_no=f"TD-{person.login}",
            roles=[(role, person.unit) for role in person.roles],
            at=at,
        )
        officer = members.enrol_officer(self.system, row, clock=self.clock)
        key = new_sign_key()
        signed = key_row(person.agency, key, KeyUse.SIGN, enrol=enrol, at=at, officer=officer_id)
        members.add_key(self.system, signed, clock=self.clock, private=key, passphrase=PASSPHRASE)
        create_login(officer, username=person.login, password=PASSWORD)

    def _activate(self, addresses: Sequence[str]) -> None:
        registrars = [actor(one.login) for one in PEOPLE if Role.REGISTRAR in one.roles]
        for address in addresses:
            members.change_state(
                self.system, address, MemberState.TESTING, reason="TRÌNH DIỄN", clock=self.clock
            )
            for registrar in registrars:
                members.activate(registrar, address, clock=self.clock, waiver=True)

    def _publish(self) -> None:
        rows = catalogue.profile()
        members.publish_directory(
            self.system,
            clock=self.clock,
            mandates_hash=rows.catalogue.hash,
            calendar_hash=catalogue.calendar_hash(),
            never_block_hash=never_block_hash(self.data),
        )


def actor(login: str, *, purpose: Purpose | None = None) -> Actor:
    """The officer with that login, acting in his own unit."""
    officer = Officer.objects.unscoped(reason="the demonstration's cast").get(login__username=login)
    return actor_for(officer, purpose=purpose)


def login_of(login: str) -> Login:
    """The login record, for its current code."""
    return Login.objects.get(username=login)


def never_block_hash(data: Path) -> str | None:
    """SHA-256 of the deployment's list, as the directory carries it."""
    path = data / "never_block.json"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def _write_secret(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
