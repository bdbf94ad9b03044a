"""Tax codes of organisations: 10 digits with a check digit, or 13 for a branch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from lachan.kernel.errors import LachanError, Text


class TaxCodeUnreadable(LachanError):
    """Text that is not a tax code."""

    code = "kernel.tax_code"
    text = Text(
        vi="“{given}” không phải mã số thuế: 10 chữ số (chữ số cuối là số kiểm tra), hoặc thêm 3 chữ số của chi nhánh.",
        en="“{given}” is not a tax code: 10 digits, the last a check digit, or 3 more for a branch.",
    )
    given: str


@dataclass(frozen=True, slots=True, order=True)
class TaxCode:
    """`digits`: 10, or 13 for a branch; without the hyphen."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "0100233488", "0314409058-002" or with blanks.

        Raises: TaxCodeUnreadable.
        """
        plain = re.sub(r"[\s.\-\u00a0]", "", text)
        try:
            return cls(mst.validate(plain) if plain.isascii() else mst.validate(""))
        except ValidationError as cause:
            raise TaxCodeUnreadable(given=text[:40]) from cause

    def __str__(self) -> str:
        return self.digits if len(self.digits) == 10 else f"{self.digits[:10]}-{self.digits[10:]}"  # noqa: PLR2004 - of an organisation itself
