"""camt.056: a bank asks another to give back a payment, for the reason FRAD (`recall_funds`)."""

from __future__ import annotations

from dataclasses import dataclass

from lachan.adapters.iso20022.assignments import (
    ASSIGNMENT,
    CASE,
    REFERENCE,
    UETR,
    Assignment,
    assignment,
    case,
    read_assignment,
    read_case,
    read_dong,
)
from lachan.adapters.iso20022.markup import (
    Branch,
    Money,
    at,
    build,
    every,
    maybe,
    must,
    parse,
    serialise,
)
from lachan.adapters.iso20022.shapes import (
    AMOUNT,
    ISO,
    check,
    check_root,
    codes,
    many,
    may,
    need,
    sequence,
    text,
)
from lachan.kernel.money import Vnd

DEFINITION = "camt.056.001.11"
FRAUD = "FRAD"
SHAPE = sequence(
    need(
        "FIToFIPmtCxlReq",
        sequence(
            ASSIGNMENT,
            need(
                "Undrlyg",
                sequence(
                    need(
                        "TxInf",
                        sequence(
                            CASE,
                            need("OrgnlTxId", REFERENCE),
                            may("OrgnlUETR", UETR),
                            need("OrgnlIntrBkSttlmAmt", AMOUNT),
                            need(
                                "CxlRsnInf",
                                sequence(
                                    need("Rsn", sequence(need("Cd", codes(FRAUD)))),
                                    many("AddtlInf", text(105), least=0, most=10),
                                ),
                            ),
                        ),
                    )
                ),
            ),
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """`original`: the reference of the payment, at most 35 characters. `notes`: lines of at most 105."""

    assignment: Assignment
    recall: str
    original: str
    amount: Vnd
    uetr: str | None = None
    notes: tuple[str, ...] = ()


def write(recall: Recall) -> bytes:
    """The document in UTF-8. Raises: ValueRefused with the place."""
    branch: Branch = ("Document", [("FIToFIPmtCxlReq", [
        assignment(recall.assignment),
        ("Undrlyg", [("TxInf", [
            case("Case", recall.recall, recall.assignment.sender),
            ("OrgnlTxId", recall.original),
            None if recall.uetr is None else ("OrgnlUETR", recall.uetr),
            ("OrgnlIntrBkSttlmAmt", Money(recall.amount.dong)),
            ("CxlRsnInf", [
                ("Rsn", [("Cd", FRAUD)]),
                *(("AddtlInf", one) for one in recall.notes),
            ]),
        ])]),
    ])])  # fmt: skip
    root = build(ISO + DEFINITION, branch)
    check(root, SHAPE, "Document")
    return serialise(root)


def read(data: bytes) -> Recall:
    """Raises: Iso20022Error naming the place."""
    root = parse(data)
    check_root(root, "Document", (ISO + DEFINITION,))
    check(root, SHAPE, "Document")
    body = root[0]
    payment = at(body, "Undrlyg/TxInf")
    inside = body if payment is None else payment
    given = read_assignment(body, "Document/FIToFIPmtCxlReq")
    return Recall(
        assignment=given,
        recall=read_case(inside, "Case", given.sender),
        original=must(inside, "OrgnlTxId"),
        amount=read_dong(must(inside, "OrgnlIntrBkSttlmAmt")),
        uetr=maybe(inside, "OrgnlUETR"),
        notes=tuple(one.text or "" for one in every(inside, "CxlRsnInf/AddtlInf")),
    )
