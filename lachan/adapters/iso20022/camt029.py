"""camt.029: what became of a recall. RETURNED, PARTIAL with the amount, or REJECTED with a code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lachan.adapters.iso20022.assignments import (
    ASSIGNMENT,
    REASON,
    REFERENCE,
    RESOLVED_CASE,
    UETR,
    Assignment,
    assignment,
    case,
    read_assignment,
    read_case,
    read_dong,
)
from lachan.adapters.iso20022.errors import Contradiction
from lachan.adapters.iso20022.markup import Branch, Money, at, build, maybe, must, parse, serialise
from lachan.adapters.iso20022.shapes import (
    AMOUNT,
    ISO,
    check,
    check_root,
    codes,
    may,
    need,
    sequence,
)
from lachan.kernel.money import Vnd

DEFINITION = "camt.029.001.13"


class RecallOutcome(StrEnum):
    """Our word; on the wire `Sts/Conf` (ISO's external code) and `TxCxlSts`."""

    RETURNED = "RETURNED"
    PARTIAL = "PARTIAL"
    REJECTED = "REJECTED"


_CONFIRMATION = {
    RecallOutcome.RETURNED: ("CNCL", "ACCR"),
    RecallOutcome.PARTIAL: ("PECR", "ACCR"),
    RecallOutcome.REJECTED: ("RJCR", "RJCR"),
}
SHAPE = sequence(
    need(
        "RsltnOfInvstgtn",
        sequence(
            ASSIGNMENT,
            need("Sts", sequence(need("Conf", codes(*(one for one, _ in _CONFIRMATION.values()))))),
            need(
                "CxlDtls",
                sequence(
                    need(
                        "TxInfAndSts",
                        sequence(
                            RESOLVED_CASE,
                            need("OrgnlTxId", REFERENCE),
                            may("OrgnlUETR", UETR),
                            need("TxCxlSts", codes("ACCR", "RJCR")),
                            may("CxlStsRsnInf", sequence(REASON)),
                            may("RsltnRltdInf", sequence(need("IntrBkSttlmAmt", AMOUNT))),
                            need("OrgnlIntrBkSttlmAmt", AMOUNT),
                        ),
                    )
                ),
            ),
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """`recall`: the number of the recall that it answers. `returned`: đồng, of RETURNED and PARTIAL. `code`: four characters, of REJECTED."""

    assignment: Assignment
    recall: str
    original: str
    amount: Vnd
    outcome: RecallOutcome
    returned: Vnd | None = None
    code: str | None = None
    uetr: str | None = None


def write(resolution: Resolution) -> bytes:
    """The document in UTF-8. Raises: Contradiction, ValueRefused with the place."""
    _check_sense(resolution)
    confirmation, status = _CONFIRMATION[resolution.outcome]
    returned = resolution.returned
    branch: Branch = ("Document", [("RsltnOfInvstgtn", [
        assignment(resolution.assignment),
        ("Sts", [("Conf", confirmation)]),
        ("CxlDtls", [("TxInfAndSts", [
            case("RslvdCase", resolution.recall, resolution.assignment.receiver),
            ("OrgnlTxId", resolution.original),
            None if resolution.uetr is None else ("OrgnlUETR", resolution.uetr),
            ("TxCxlSts", status),
            None if resolution.code is None else ("CxlStsRsnInf", [("Rsn", [("Cd", resolution.code)])]),
            None if returned is None else ("RsltnRltdInf", [("IntrBkSttlmAmt", Money(returned.dong))]),
            ("OrgnlIntrBkSttlmAmt", Money(resolution.amount.dong)),
        ])]),
    ])])  # fmt: skip
    root = build(ISO + DEFINITION, branch)
    check(root, SHAPE, "Document")
    return serialise(root)


def read(data: bytes) -> Resolution:
    """Raises: Iso20022Error naming the place."""
    root = parse(data)
    check_root(root, "Document", (ISO + DEFINITION,))
    check(root, SHAPE, "Document")
    body = root[0]
    payment = at(body, "CxlDtls/TxInfAndSts")
    inside = body if payment is None else payment
    said = must(body, "Sts/Conf"), must(inside, "TxCxlSts")
    outcome = next((one for one, pair in _CONFIRMATION.items() if pair == said), None)
    if outcome is None:
        raise Contradiction(place="TxInfAndSts/TxCxlSts", other="Sts/Conf")
    returned = maybe(inside, "RsltnRltdInf/IntrBkSttlmAmt")
    given = read_assignment(body, "Document/RsltnOfInvstgtn")
    resolution = Resolution(
        assignment=given,
        recall=read_case(inside, "RslvdCase", given.receiver),
        original=must(inside, "OrgnlTxId"),
        amount=read_dong(must(inside, "OrgnlIntrBkSttlmAmt")),
        outcome=outcome,
        returned=None if returned is None else read_dong(returned),
        code=maybe(inside, "CxlStsRsnInf/Rsn/Cd"),
        uetr=maybe(inside, "OrgnlUETR"),
    )
    _check_sense(resolution)
    return resolution


def _check_sense(resolution: Resolution) -> None:
    """Returned is all, partial is less and more than nothing, rejected is nothing with a code. Raises: Contradiction."""
    returned, whole = resolution.returned, resolution.amount
    right = {
        RecallOutcome.RETURNED: returned == whole and resolution.code is None,
        RecallOutcome.PARTIAL: returned is not None and Vnd(0) < returned < whole,
        RecallOutcome.REJECTED: returned is None and resolution.code is not None,
    }
    if not right[resolution.outcome]:
        raise Contradiction(place="RsltnRltdInf | CxlStsRsnInf", other="Sts/Conf")
