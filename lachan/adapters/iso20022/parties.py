"""People and organisations in ISO 20022's PartyIdentification, as far as it can hold them.

Traps, each with a test: a date of birth needs a place (city `not in use`, country `XX`, as Finnish Customs does); a telephone
number is `+84-912345678`, E.164 fails; an organisation has no date of birth; an identity number is at most 35 characters and a
name at most 140 in the older editions. What does not fit is listed by `left_over` and travels in our own extension.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import phonenumbers
from lxml import etree

from lachan.adapters.iso20022.errors import ValueRefused
from lachan.adapters.iso20022.markup import Branch, at, maybe, must
from lachan.adapters.iso20022.shapes import DATE, choice, codes, form, may, need, sequence, text
from lachan.exchange.messages.provide_account_holder import IdType

NO_CITY, NO_COUNTRY = "not in use", "XX"
MOST_NAME, MOST_ID = 140, 35

PHONE = form(r"\+[0-9]{1,3}-[0-9()+\-]{1,30}", "+84-912345678")
_BIRTH = sequence(
    need("BirthDt", DATE),
    need("CityOfBirth", codes(NO_CITY)),
    need("CtryOfBirth", codes(NO_COUNTRY)),
)
_PERSON_SCHEME = {IdType.CCCD: ("Cd", "NIDN"), IdType.PASSPORT: ("Cd", "CCPT"), IdType.CMND: ("Prtry", "CMND")}  # fmt: skip
_COMPANY_SCHEME = ("Cd", "COID")
_PERSON_NUMBER = sequence(
    need("Id", text(MOST_ID)),
    may("SchmeNm", choice(need("Cd", codes("NIDN", "CCPT")), need("Prtry", codes("CMND")))),
)
_COMPANY_NUMBER = sequence(need("Id", text(MOST_ID)), need("SchmeNm", sequence(need("Cd", codes("COID")))))  # fmt: skip
_ID = choice(
    need("OrgId", sequence(need("Othr", _COMPANY_NUMBER))),
    need("PrvtId", sequence(may("DtAndPlcOfBirth", _BIRTH), may("Othr", _PERSON_NUMBER))),
)
PARTY = sequence(
    may("Nm", text(MOST_NAME)),
    may("Id", _ID),
    may("CtctDtls", sequence(may("MobNb", PHONE), may("EmailAdr", text(256)))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What is known of a person or organisation; wire values, as in `provide_account_holder`."""

    name: str | None = None
    id_type: IdType | None = None
    id_no: str | None = None
    born: str | None = None
    phone: str | None = None
    email: str | None = None

    @property
    def empty(self) -> bool:
        return self == Party()


def split(party: Party) -> tuple[Party, Party]:
    """What PartyIdentification can hold of it, and what is left over for our extension."""
    held = party
    if party.name is not None and len(party.name) > MOST_NAME:
        held = replace(held, name=None)
    if party.id_no is None or len(party.id_no) > MOST_ID:
        held = replace(held, id_no=None, id_type=None)  # a scheme needs its number
    if party.id_type is IdType.BUSINESS:  # also without its number: ISO would make it a person
        held = replace(held, born=None)
    rest = {
        name: value
        for name in Party.__slots__
        if (value := getattr(party, name)) is not None and getattr(held, name) is None
    }
    return held, Party(**rest)


def join(held: Party, rest: Party) -> Party | None:
    """The two of `split` together; nothing when both speak of the same thing."""
    if any(getattr(held, name) is not None and getattr(rest, name) is not None for name in Party.__slots__):  # fmt: skip
        return None
    return replace(rest, **{name: getattr(held, name) for name in Party.__slots__ if getattr(held, name) is not None})  # fmt: skip


def party_content(party: Party) -> list[Branch | None]:
    """Children of an element of type PartyIdentification; of a party that has passed `split`."""
    return [
        ("Nm", party.name) if party.name is not None else None,
        ("Id", [_identity(party)]) if party.id_no is not None or party.born is not None else None,
        ("CtctDtls", [
            ("MobNb", iso_phone(party.phone)) if party.phone is not None else None,
            ("EmailAdr", party.email) if party.email is not None else None,
        ]) if party.phone is not None or party.email is not None else None,
    ]  # fmt: skip


def _identity(party: Party) -> Branch:
    if party.id_type is IdType.BUSINESS and party.id_no is not None:
        return ("OrgId", [("Othr", [("Id", party.id_no), ("SchmeNm", [_COMPANY_SCHEME])])])
    scheme = None if party.id_type is None else _PERSON_SCHEME[party.id_type]
    birth: Branch | None = None
    if party.born is not None:
        read_day(party.born, "BirthDt")
        birth = ("DtAndPlcOfBirth", [
            ("BirthDt", party.born), ("CityOfBirth", NO_CITY), ("CtryOfBirth", NO_COUNTRY),
        ])  # fmt: skip
    number: Branch | None = None
    if party.id_no is not None:
        number = ("Othr", [("Id", party.id_no), ("SchmeNm", [scheme]) if scheme else None])
    return ("PrvtId", [birth, number])


def read_party(node: etree._Element, place: str) -> Party:
    """Of a checked element. Raises: ValueRefused for a date or telephone number that is none."""
    phone, born = maybe(node, "CtctDtls/MobNb"), maybe(node, "Id/PrvtId/DtAndPlcOfBirth/BirthDt")
    if born is not None:
        read_day(born, f"{place}/Id/PrvtId/DtAndPlcOfBirth/BirthDt")
    company = at(node, "Id/OrgId/Othr")
    number = at(node, "Id/PrvtId/Othr") if company is None else company
    return Party(
        name=maybe(node, "Nm"),
        id_type=IdType.BUSINESS if company is not None else _scheme(number),
        id_no=None if number is None else must(number, "Id"),
        born=born,
        phone=None if phone is None else wire_phone(phone, f"{place}/CtctDtls/MobNb"),
        email=maybe(node, "CtctDtls/EmailAdr"),
    )


def _scheme(number: etree._Element | None) -> IdType | None:
    if number is None:
        return None
    named = [
        (kind, value) for kind in ("Cd", "Prtry") if (value := maybe(number, f"SchmeNm/{kind}"))
    ]
    return next((kind for kind, scheme in _PERSON_SCHEME.items() if [scheme] == named), None)


def read_day(given: str, place: str) -> date:
    """Raises: ValueRefused for the 31st of February."""
    try:
        return date.fromisoformat(given)
    except ValueError as cause:
        raise ValueRefused(place=place, right=DATE.right) from cause


def iso_phone(e164: str) -> str:
    """`+84912345678` as ISO's PhoneNumber: `+84-912345678`. Raises: ValueRefused for a country that is none."""
    try:
        country = phonenumbers.parse(e164).country_code
    except phonenumbers.NumberParseException as cause:
        raise ValueRefused(place="MobNb", right=PHONE.right) from cause
    return f"+{country}-{e164[1 + len(str(country)) :]}"


def wire_phone(given: str, place: str) -> str:
    """`+84-912345678`, also in groups, back to E.164. Raises: ValueRefused."""
    digits = "".join(one for one in given if one.isdigit())
    if not 7 <= len(digits) <= 15 or digits.startswith("0"):  # noqa: PLR2004 - E.164 as the wire takes it
        raise ValueRefused(place=place, right=PHONE.right)
    return f"+{digits}"
