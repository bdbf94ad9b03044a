"""What is searched for: ISO 20022's `SchCrit`, one criterion a document, shared by auth.001 and auth.002."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from lachan.adapters.iso20022.accounts import ACCOUNT_ID, AGENT, account_id, agent, read_account
from lachan.adapters.iso20022.markup import Branch, at, every, must
from lachan.adapters.iso20022.parties import PARTY, Party, party_content, read_party
from lachan.adapters.iso20022.shapes import (
    Choice,
    Part,
    Sequence,
    choice,
    codes,
    many,
    may,
    need,
    sequence,
    text,
)
from lachan.kernel.accounts import AccountRef

HOLDER_RECORD = "lc.hld.001.001.01"  # what is wanted: the holder of the account
STATEMENT = "camt.053.001.08"  # what is wanted: its lines, as a file beside the answer
MOST_WANTED = 10

REQUEST_TYPE = sequence(need("MsgNmId", text(35)))


@dataclass(frozen=True, slots=True)
class TransactionRef:
    """A payment by its number in the payer's or payee's bank, at most 35 characters."""

    number: str


Search: TypeAlias = AccountRef | TransactionRef


def criterion_shape(*, with_owner: bool) -> Choice:
    """`SchCrit`; an answer may name the account's owner in it."""
    owner: tuple[Part, ...] = (may("Ownr", PARTY),) if with_owner else ()
    account = Sequence((need("Id", ACCOUNT_ID), *owner, need("Svcr", AGENT)))
    return choice(
        need(
            "Acct",
            sequence(
                need("Id", account),
                need("InvstgtdPties", sequence(need("Cd", codes("OWNE")))),
                many("AuthrtyReqTp", REQUEST_TYPE, most=MOST_WANTED),
            ),
        ),
        need("OrgnlTxNb", sequence(need("Nb", text(35)), need("Tp", codes("DTTX")))),
    )


def criterion(search: Search, wanted: tuple[str, ...], owner: Party | None = None) -> Branch:
    """`SchCrit` of one account, with its owner where an answer names one, or of one payment."""
    if isinstance(search, TransactionRef):
        return ("SchCrit", [("OrgnlTxNb", [("Nb", search.number), ("Tp", "DTTX")])])
    account: list[Branch | None] = [
        account_id(search),
        None if owner is None or owner.empty else ("Ownr", party_content(owner)),
        agent("Svcr", search.bank),
    ]
    return ("SchCrit", [
        ("Acct", [
            ("Id", account),
            ("InvstgtdPties", [("Cd", "OWNE")]),
            *(("AuthrtyReqTp", [("MsgNmId", one)]) for one in wanted),
        ]),
    ])  # fmt: skip


def read_criterion(node: etree._Element, place: str) -> tuple[Search, tuple[str, ...], Party]:
    """The account or payment, what is wanted of it, and the owner as far as one is named."""
    account = at(node, "Acct/Id")
    if account is None:
        return TransactionRef(must(node, "OrgnlTxNb/Nb")), (), Party()
    servicer, owner = at(account, "Svcr"), at(account, "Ownr")
    found = read_account(account, account if servicer is None else servicer)
    wanted = tuple(must(one, "MsgNmId") for one in every(node, "Acct/AuthrtyReqTp"))
    return found, wanted, Party() if owner is None else read_party(owner, f"{place}/Acct/Id/Ownr")
