"""What the forms of a report offer: kinds of scam, provinces, institutions."""

import json
from functools import cache
from importlib.resources import files

from lachan.members import services as members
from lachan.members.roles import MemberKind

# Provinces after 1 July 2025 with the codes of QĐ 19/2025/QĐ-TTg, in the order of the alphabet.
PROVINCES: tuple[tuple[str, str], ...] = (
    ("91", "An Giang"), ("24", "Bắc Ninh"), ("96", "Cà Mau"), ("92", "Cần Thơ"), ("04", "Cao Bằng"),
    ("48", "Đà Nẵng"), ("66", "Đắk Lắk"), ("11", "Điện Biên"), ("75", "Đồng Nai"), ("82", "Đồng Tháp"),
    ("52", "Gia Lai"), ("01", "Hà Nội"), ("42", "Hà Tĩnh"), ("31", "Hải Phòng"), ("46", "Huế"),
    ("33", "Hưng Yên"), ("56", "Khánh Hòa"), ("12", "Lai Châu"), ("68", "Lâm Đồng"), ("20", "Lạng Sơn"),
    ("15", "Lào Cai"), ("40", "Nghệ An"), ("37", "Ninh Bình"), ("25", "Phú Thọ"), ("51", "Quảng Ngãi"),
    ("22", "Quảng Ninh"), ("44", "Quảng Trị"), ("14", "Sơn La"), ("80", "Tây Ninh"), ("19", "Thái Nguyên"),
    ("38", "Thanh Hóa"), ("79", "Thành phố Hồ Chí Minh"), ("08", "Tuyên Quang"), ("86", "Vĩnh Long"),
)  # fmt: skip


@cache
def _scam_types() -> tuple[tuple[str, str, str], ...]:
    text = files("lachan.profiles").joinpath("vn/scam_types.json").read_text(encoding="utf-8")
    return tuple((one["code"], one["vi"], one["en"]) for one in json.loads(text)["types"])


def scam_types(lang: str) -> list[tuple[str, str]]:
    """Code and words of every kind of scam, in the order of the list."""
    return [(code, en if lang == "en" else vi) for code, vi, en in _scam_types()]


def institutions(lang: str) -> list[tuple[str, str]]:
    """Code and name of every bank and wallet that holds accounts, by name as Vietnamese sorts it."""
    found = members.members_of_kind(MemberKind.BANK, MemberKind.EWALLET)
    ordered = sorted(found, key=lambda member: member.sort_key)
    return [
        (str(code), member.name_en if lang == "en" else member.name_vi)
        for member in ordered
        for code in member.bins
    ]
