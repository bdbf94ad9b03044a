"""Accounts and institutions as ISO 20022 spells them where there is no IBAN.

The number stands in `Othr/Id` (at most 34 characters) under the scheme code BBAN, the institution in `ClrSysMmbId/MmbId` as its
NAPAS BIN or provider code (exchange.md §6).
"""

from __future__ import annotations

from lxml import etree

from lachan.adapters.iso20022.markup import Branch, must
from lachan.adapters.iso20022.shapes import codes, form, need, sequence
from lachan.kernel.accounts import AccountRef

NUMBER = form(r"[0-9A-Z]{4,24}", "0-9 A-Z: 4–24")
BIN = form(r"[0-9]{6}", "0-9: 6")

ACCOUNT_ID = sequence(
    need(
        "Othr",
        sequence(need("Id", NUMBER), need("SchmeNm", sequence(need("Cd", codes("BBAN"))))),
    )
)
AGENT = sequence(
    need("FinInstnId", sequence(need("ClrSysMmbId", sequence(need("MmbId", BIN)))))
)  # fmt: skip


def account_id(account: AccountRef) -> Branch:
    """`Id` of a cash account: the number, without the institution."""
    return ("Id", [("Othr", [("Id", account.number), ("SchmeNm", [("Cd", "BBAN")])])])


def agent(name: str, bank: str) -> Branch:
    """An institution by its 6-digit code, under the element that the message calls for."""
    return (name, [("FinInstnId", [("ClrSysMmbId", [("MmbId", bank)])])])


def read_account(account: etree._Element, institution: etree._Element) -> AccountRef:
    """Of an element that holds `Id` and one that holds `FinInstnId`, both checked."""
    return AccountRef(read_agent(institution), must(account, "Id/Othr/Id"))


def read_agent(institution: etree._Element) -> str:
    """The 6-digit code."""
    return must(institution, "FinInstnId/ClrSysMmbId/MmbId")
