"""What the telecom, the registrar, the platform and the internet provider know of the scams' numbers, domains and pages.

One trail leads through all of them: the page's account was opened from an address that the provider knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

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
        return {
            ("subscriber", contacts["PHONE"]): body,
            ("sim", contacts["PHONE"]): _sale(Random(contacts["PHONE"])),
        }
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
        owner = names.person(random)
        return {
            ("page", contacts["URL"]): {"state": "ONLINE", "owner": owner},
            ("account", contacts["URL"]): _account(owner, contacts["URL"]),
        }
    if kind is MemberKind.ISP and "URL" in contacts:
        return {("ip", _address(contacts["URL"])): _line(Random(contacts["URL"]))}
    return {}


def _sale(random: Random) -> dict[str, Any]:
    return {
        "point_of_sale": "Điểm bán mô phỏng số 7",
        "staff": names.person(random),
        "at": "2026-09-12T02:20:00.000Z",
        "place": "Phường Mô Phỏng, Hà Nội",
        "method": "SHOP",
    }


def _account(owner: str, url: str) -> dict[str, Any]:
    log_in = {"at": "2026-11-20T13:05:00.000Z", "ip": _address(url), "port": 50_123}
    return {
        "account_id": f"mp-{crc32(url.encode()):08x}",
        "name": owner,
        "email": "trang.mo.phong@thu.example.com",
        "registered": "2026-11-01T08:00:00.000Z",
        "logins": [log_in],
    }


def _line(random: Random) -> dict[str, Any]:
    return {
        "shared": False,
        "subscriber": names.person(random),
        "id_no": names.citizen_id(random),
        "address": "Phường Mô Phỏng, Hải Phòng",
        "evidence": "Nhật ký cấp phát địa chỉ (mô phỏng)",
    }


def _address(url: str) -> str:
    """Of the block that is kept for documentation (RFC 5737)."""
    return f"203.0.113.{1 + crc32(url.encode()) % 250}"
