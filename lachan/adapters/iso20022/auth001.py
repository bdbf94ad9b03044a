"""auth.001: an authority opens an information request (`provide_account_holder`, `provide_statement`).

One search criterion is one document. The period is mandatory, the due date is a date only and the mandate has 35 characters;
the instant, the mandates in full and who asked stand in our own `lc.inq` (exchange.md §6, after Finnish Customs' bank and
payment account data retrieval system).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lachan.adapters.iso20022.errors import Contradiction
from lachan.adapters.iso20022.inquiry import Inquiry, inquiry_element, read_inquiry
from lachan.adapters.iso20022.markup import Branch, at, build, must, only, parse, serialise
from lachan.adapters.iso20022.moments import day_of
from lachan.adapters.iso20022.national import INQUIRY
from lachan.adapters.iso20022.parties import read_day
from lachan.adapters.iso20022.search import (
    Search,
    TransactionRef,
    criterion,
    criterion_shape,
    read_criterion,
)
from lachan.adapters.iso20022.shapes import (
    DATE,
    ISO,
    YES_NO,
    Foreign,
    check,
    check_root,
    need,
    sequence,
    text,
)

NAME = "auth.001.001"


class Edition(StrEnum):
    """The two editions in use: 01 of 2013 (Finnish Customs), 02 of the present catalogue. What we use of them is the same."""

    V01 = "01"
    V02 = "02"


SPACES = tuple(f"{ISO}{NAME}.{edition}" for edition in Edition)
SHAPE = sequence(
    need(
        "InfReqOpng",
        sequence(
            need("InvstgtnId", text(35)),
            need("LglMndtBsis", sequence(need("Prgrph", text(35)))),
            need("CnfdtltySts", YES_NO),
            need("DueDt", sequence(need("DueDt", DATE))),
            need("InvstgtnPrd", sequence(need("Dt", sequence(need("FrDt", DATE), need("ToDt", DATE))))),
            need("SchCrit", criterion_shape(with_owner=False)),
            need("SplmtryData", sequence(need("Envlp", Foreign(INQUIRY)))),
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequest:
    """One question about one account or payment, for the days `since` to `until`, both included.

    `wanted`: names of messages (`lc.hld.001.001.01`, `camt.053.001.08`); of a payment ISO has no place for them.
    """

    inquiry: Inquiry
    confidential: bool
    since: date
    until: date
    search: Search
    wanted: tuple[str, ...]


def write(request: InformationRequest, edition: Edition) -> bytes:
    """The document in UTF-8. Raises: Contradiction, ElementMissing, ValueRefused with the place."""
    inquiry = request.inquiry
    if isinstance(request.search, TransactionRef) and request.wanted:
        raise Contradiction(place="SchCrit/OrgnlTxNb", other="AuthrtyReqTp")
    branch: Branch = ("Document", [("InfReqOpng", [
        ("InvstgtnId", inquiry.investigation),
        ("LglMndtBsis", [("Prgrph", inquiry.paragraph)]),
        ("CnfdtltySts", "true" if request.confidential else "false"),
        ("DueDt", [("DueDt", day_of(inquiry.deadline).isoformat())]),
        ("InvstgtnPrd", [("Dt", [("FrDt", request.since.isoformat()), ("ToDt", request.until.isoformat())])]),
        criterion(request.search, request.wanted),
        ("SplmtryData", [("Envlp", inquiry_element(inquiry))]),
    ])])  # fmt: skip
    root = build(f"{ISO}{NAME}.{edition}", branch)
    check(root, SHAPE, "Document")
    return serialise(root)


def read(data: bytes) -> InformationRequest:
    """Either edition. Raises: Iso20022Error naming the place."""
    root = parse(data)
    check_root(root, "Document", SPACES)
    check(root, SHAPE, "Document")
    place = "Document/InfReqOpng"
    body = root[0]
    inquiry = read_inquiry(only(body, "SplmtryData/Envlp"), f"{place}/SplmtryData/Envlp/Inquiry")
    period = at(body, "InvstgtnPrd/Dt")
    since, until = (
        read_day(must(body if period is None else period, name), f"{place}/InvstgtnPrd/Dt/{name}")
        for name in ("FrDt", "ToDt")
    )
    criterion_node = at(body, "SchCrit")
    search, wanted, _ = read_criterion(body if criterion_node is None else criterion_node, f"{place}/SchCrit")  # fmt: skip
    said = {
        "InvstgtnId": (must(body, "InvstgtnId"), inquiry.investigation),
        "LglMndtBsis/Prgrph": (must(body, "LglMndtBsis/Prgrph"), inquiry.paragraph),
        "DueDt/DueDt": (must(body, "DueDt/DueDt"), day_of(inquiry.deadline).isoformat()),
    }
    for name, (here, there) in said.items():
        if here != there:
            raise Contradiction(place=f"{place}/{name}", other="SplmtryData/Envlp/Inquiry")
    if since > until:
        raise Contradiction(place=f"{place}/InvstgtnPrd/Dt/FrDt", other="ToDt")
    return InformationRequest(
        inquiry=inquiry,
        confidential=must(body, "CnfdtltySts") in {"true", "1"},
        since=since,
        until=until,
        search=search,
        wanted=wanted,
    )
