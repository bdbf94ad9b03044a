"""Types of the fields of questions and answers, as they stand on the wire.

On the wire an amount is a plain integer of đồng, an account is `"970436:0123456789"`, an instant is
`"2026-11-22T03:04:05.678Z"`, a day `"2026-11-22"`, a telephone number E.164, a hash 64 hex digits.
They stay so in questions and answers, because these are signed and must never be spelt anew; whoever
computes with one parses it at the wall (`AccountRef.parse`, `from_wire`, `Vnd`).

Each field declares beside its type, with `about(...)`, its label in both languages and its class:
P public, B basic, S sensitive, X secret of investigation. Forms and pages follow from these.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from msgspec import Meta

from lachan.kernel.errors import Text


class Klass(StrEnum):
    """Class of a datum; a page, export or message takes the highest of its fields."""

    PUBLIC = "P"
    BASIC = "B"
    SENSITIVE = "S"
    SECRET = "X"  # noqa: S105 - a class of data

    @property
    def rank(self) -> int:
        """P < B < S < X."""
        return "PBSX".index(self.value)


@dataclass(frozen=True, slots=True)
class About:
    """What a form says about a field."""

    label: Text
    klass: Klass
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class Widget:
    """How a form reads a field: text, money, instant, day, account, phone, hash, lines, choice, bool, number."""

    kind: str


class Choice(StrEnum):
    """A wire value with its words; members are `(value, vi, en)`."""

    text: Text

    def __new__(cls, value: str, vi: str, en: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = Text(vi=vi, en=en)
        return member


def about(vi: str, en: str, klass: str, *, help_vi: str = "", help_en: str = "") -> About:
    """The label and class of a field; the class is one of P, B, S, X."""
    note = Text(vi=help_vi, en=help_en) if help_vi else None
    return About(label=Text(vi=vi, en=en), klass=Klass(klass), help=note)


_WIRE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"
_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_ADDRESS = r"^[a-z]{2}/[a-z]+/[a-z0-9][a-z0-9-]{0,31}(/[a-z0-9][a-z0-9-]{0,31})?$"
MAX_DONG = 2**53 - 1

Dong = Annotated[int, Meta(ge=0, le=MAX_DONG), Widget("money")]
Count = Annotated[int, Meta(ge=0, le=MAX_DONG), Widget("number")]
AccountText = Annotated[str, Meta(pattern=r"^[0-9]{6}:[0-9A-Z]{4,24}$"), Widget("account")]
BankCode = Annotated[str, Meta(pattern=r"^[0-9]{6}$"), Widget("text")]
WireTime = Annotated[str, Meta(pattern=_WIRE), Widget("instant")]
WireDay = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), Widget("day")]
Msisdn = Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{6,14}$"), Widget("phone")]
HexHash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$"), Widget("hash")]
UuidText = Annotated[str, Meta(pattern=_UUID), Widget("text")]
AddressText = Annotated[str, Meta(pattern=_ADDRESS, max_length=120), Widget("address")]
DomainText = Annotated[
    str, Meta(pattern=r"^[^\s/:@]+\.[^\s/:@]+$", max_length=253), Widget("domain")
]
UrlText = Annotated[str, Meta(pattern=r"^https?://\S+$", max_length=2048), Widget("url")]
IpText = Annotated[str, Meta(pattern=r"^[0-9a-fA-F:.]{2,45}$"), Widget("text")]
Port = Annotated[int, Meta(ge=0, le=65535), Widget("number")]
Reference = Annotated[str, Meta(min_length=1, max_length=64), Widget("text")]
Line = Annotated[str, Meta(min_length=1, max_length=200), Widget("text")]
Words = Annotated[str, Meta(min_length=1, max_length=2000), Widget("words")]
YesNo = Annotated[bool, Widget("bool")]
