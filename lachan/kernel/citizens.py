"""Citizen identity numbers: 12 digits that carry province, century, sex and year of birth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from lachan.kernel.errors import LachanError, Text

# Circular 59/2021/TT-BCA, Annex 1: 63 codes of birth provinces, kept after the mergers of 2025.
_PROVINCES = frozenset(
    [
        "001",
        "002",
        "004",
        "006",
        "008",
        "010",
        "011",
        "012",
        "014",
        "015",
        "017",
        "019",
        "020",
        "022",
        "024",
        "025",
        "026",
        "027",
        "030",
        "031",
        "033",
        "034",
        "035",
        "036",
        "037",
        "038",
        "040",
        "042",
        "044",
        "045",
        "046",
        "048",
        "049",
        "051",
        "052",
        "054",
        "056",
        "058",
        "060",
        "062",
        "064",
        "066",
        "067",
        "068",
        "070",
        "072",
        "074",
        "075",
        "077",
        "079",
        "080",
        "082",
        "083",
        "084",
        "086",
        "087",
        "089",
        "091",
        "092",
        "093",
        "094",
        "095",
        "096",
    ]
)


class CitizenIdUnreadable(LachanError):
    """Text that is not a citizen identity number."""

    code = "kernel.citizen_id"
    text = Text(
        vi="Số căn cước phải có 12 chữ số và bắt đầu bằng mã tỉnh nơi đăng ký khai sinh, ví dụ 001 090 123 456.",
        en="A citizen number has 12 digits and begins with the code of a province, like 001 090 123 456.",
    )


@dataclass(frozen=True, slots=True, order=True)
class CitizenId:
    """Twelve digits. Sensitive: never in a log, an address or an error."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 12 digits, blanks and dots between them dropped.

        Raises: CitizenIdUnreadable (which does not repeat what was typed).
        """
        digits = re.sub(r"[\s.\u00a0-]", "", text)
        # Decree 137/2015 art. 7: after the province, even digits are men and odd ones women, by century.
        if re.fullmatch(r"[0-9]{12}", digits) is None or digits[:3] not in _PROVINCES:
            raise CitizenIdUnreadable
        return cls(digits)

    @property
    def birth_year(self) -> int:
        return 1900 + int(self.digits[3]) // 2 * 100 + int(self.digits[4:6])

    def masked(self) -> str:
        """`···3456`."""
        return f"···{self.digits[-4:]}"

    def __str__(self) -> str:
        return self.masked()

    def __repr__(self) -> str:
        return f"CitizenId({self.masked()!r})"
