"""What the telecom, the registrar and the platform know of the scams' numbers, domains and pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from lachan.connector.simulator import names
from lachan.connector.simulator.cast import SimMember
from lachan.connector.simulator.scenario import Scam
from lachan.connector.simulator.writing import write_register
from lachan.members.roles import MemberKind

Records = dict[tuple[str, str], dict[str, Any]]


def write(
    folder: Path, members: Sequence[SimMember], scams: Sequence[Scam], random: Random
) -> None:
    """One register per member without accounts."""
    for member in members:
        if member.ledger == "register":
            records: Records = {}
            for scam in scams:
                records |= records_of(member.kind, scam.contacts, random)
            write_register(folder / member.folder / "core", records)


def records_of(kind: MemberKind, contacts: dict[str, str], random: Random) -> Records:
    """The rows that answer an ask about these contacts."""
    if kind is MemberKind.TELECOM and "PHONE" in contacts:
        body = {
            "name": names.person(random),
            "id_no": names.citizen_id(random),
            "born": f"{random.randrange(1960, 2005)}-0{random.randrange(1, 10)}-15",
            "activated": f"2026-0{random.randrange(5, 10)}-12T02:30:00.000Z",
            "status": "ACTIVE",
            "fields_matched": ["NAME", "BORN"],
        }
        return {("subscriber", contacts["PHONE"]): body}
    if kind is MemberKind.REGISTRAR and "DOMAIN" in contacts:
        body = {
            "holder": names.person(random),
            "id_no": names.citizen_id(random),
            "email": "chu.ten.mien@thu.example.com",
            "phone": names.phone(random),
            "registrar": "Nhà đăng ký tên miền mô phỏng",
            "registered": "2026-11-02T04:00:00.000Z",
            "expires": "2027-11-02T04:00:00.000Z",
            "name_servers": ["ns1.mo-phong.example.com", "ns2.mo-phong.example.com"],
        }
        return {("domain", contacts["DOMAIN"]): body}
    if kind is MemberKind.PLATFORM and "URL" in contacts:
        return {("page", contacts["URL"]): {"state": "ONLINE", "owner": names.person(random)}}
    return {}
