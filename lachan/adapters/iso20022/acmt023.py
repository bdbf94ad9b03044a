"""acmt.023: is this the name of that account, does this number belong to that person? (`name_check`, `verify_holder_phone`).

What is asked about is sent; what is registered never comes back (acmt024.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from lachan.adapters.iso20022.accounts import ACCOUNT_ID, AGENT, account_id, agent, read_account
from lachan.adapters.iso20022.errors import Contradiction, ValueRefused
from lachan.adapters.iso20022.markup import Branch, at, build, every, must, parse, serialise
from lachan.adapters.iso20022.parties import PARTY, Party, party_content, read_party, split
from lachan.adapters.iso20022.shapes import ISO, check, check_root, many, may, need, sequence, text
from lachan.adapters.iso20022.verification import (
    ASSIGNMENT,
    MOST_CHECKS,
    Errand,
    errand_branch,
    read_errand,
)
from lachan.kernel.accounts import AccountRef

DEFINITION = "acmt.023.001.04"
SHAPE = sequence(
    need(
        "IdVrfctnReq",
        sequence(
            ASSIGNMENT,
            many(
                "Vrfctn",
                sequence(
                    need("Id", text(35)),
                    need(
                        "PtyAndAcctId",
                        sequence(
                            need("Pty", PARTY),
                            may("Acct", sequence(need("Id", ACCOUNT_ID))),
                            may("Agt", AGENT),
                        ),
                    ),
                ),
                most=MOST_CHECKS,
            ),
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`id`: at most 35 characters, unique in its document. `account`: whose name is asked about, else a telephone's holder."""

    id: str
    party: Party
    account: AccountRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationRequest:
    """1 to 500 questions; one alone, or a night's batch."""

    errand: Errand
    questions: tuple[Question, ...]


def write(request: VerificationRequest) -> bytes:
    """The document in UTF-8. Raises: ValueRefused with the place, ElementMissing."""
    branch: Branch = ("Document", [("IdVrfctnReq", [
        errand_branch(request.errand),
        *(("Vrfctn", [("Id", one.id), _subject(one)]) for one in request.questions),
    ])])  # fmt: skip
    root = build(ISO + DEFINITION, branch)
    check(root, SHAPE, "Document")
    return serialise(root)


def _subject(question: Question) -> Branch:
    if not split(question.party)[
        1
    ].empty:  # no extension here: a register compares what it gets whole
        raise ValueRefused(
            place="PtyAndAcctId/Pty", right="Nm 1–140, Othr/Id 1–35, BirthDt: PrvtId"
        )
    account = question.account
    return ("PtyAndAcctId", [
        ("Pty", party_content(question.party)),
        None if account is None else ("Acct", [account_id(account)]),
        None if account is None else agent("Agt", account.bank),
    ])  # fmt: skip


def read(data: bytes) -> VerificationRequest:
    """Raises: Iso20022Error naming the place."""
    root = parse(data)
    check_root(root, "Document", (ISO + DEFINITION,))
    check(root, SHAPE, "Document")
    body, place = root[0], "Document/IdVrfctnReq"
    questions = tuple(_read_question(one, f"{place}/Vrfctn") for one in every(body, "Vrfctn"))
    if len({one.id for one in questions}) != len(questions):
        raise Contradiction(place=f"{place}/Vrfctn/Id", other=f"{place}/Vrfctn/Id")
    return VerificationRequest(errand=read_errand(body, place), questions=questions)


def _read_question(node: etree._Element, place: str) -> Question:
    party, account, bank = (at(node, f"PtyAndAcctId/{name}") for name in ("Pty", "Acct", "Agt"))
    if (account is None) != (bank is None):
        raise Contradiction(place=f"{place}/PtyAndAcctId/Acct", other="Agt")
    return Question(
        id=must(node, "Id"),
        party=Party() if party is None else read_party(party, f"{place}/PtyAndAcctId/Pty"),
        account=None if account is None or bank is None else read_account(account, bank),
    )
