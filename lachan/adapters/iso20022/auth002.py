"""auth.002: the answer to an information request; one document for one criterion of auth.001.

`RspnSts` says how the conversation stands (NRES refused, PART partial, COMP complete), `InvstgtnSts` what was found of the
criterion (FOUN disclosed, NFOU not found, NOAP not held or not answered). The holder stands in `SchCrit/Acct/Id/Ownr` and, as far as
ISO cannot hold it, in our own `lc.hld`. `InvstgtnRslt` is a choice: a result envelope would take the place of the status.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from lachan.adapters.iso20022.auth001 import Edition
from lachan.adapters.iso20022.errors import Contradiction
from lachan.adapters.iso20022.holder_record import (
    HolderRecord,
    party_of,
    read_record,
    record_element,
)
from lachan.adapters.iso20022.markup import (
    Branch,
    at,
    build,
    every,
    maybe,
    must,
    only,
    parse,
    serialise,
)
from lachan.adapters.iso20022.national import HOLDER
from lachan.adapters.iso20022.parties import Party, split
from lachan.adapters.iso20022.search import (
    MOST_WANTED,
    REQUEST_TYPE,
    Search,
    criterion,
    criterion_shape,
    read_criterion,
)
from lachan.adapters.iso20022.shapes import (
    ISO,
    Foreign,
    check,
    check_root,
    codes,
    many,
    may,
    need,
    sequence,
    text,
)
from lachan.exchange.kinds import MessageType
from lachan.exchange.messages.provide_account_holder import Status
from lachan.kernel.accounts import AccountRef

NAME = "auth.002.001"
SPACES = tuple(f"{ISO}{NAME}.{edition}" for edition in Edition)


class ResponseStatus(StrEnum):
    """`RspnSts`."""

    REFUSED = "NRES"
    PARTIAL = "PART"
    COMPLETE = "COMP"


STATUS_OF = {
    MessageType.REFUSE: ResponseStatus.REFUSED,
    MessageType.PARTIAL: ResponseStatus.PARTIAL,
    MessageType.ANSWER: ResponseStatus.COMPLETE,
}


class Finding(StrEnum):
    """`InvstgtnSts`."""

    DISCLOSED = "FOUN"
    NOT_FOUND = "NFOU"
    NOT_HELD = "NOAP"


SHAPE = sequence(
    need(
        "InfReqRspn",
        sequence(
            need("RspnId", text(35)),
            need("InvstgtnId", text(35)),
            need("RspnSts", codes(*ResponseStatus)),
            need("SchCrit", criterion_shape(with_owner=True)),
            many(
                "RtrInd",
                sequence(
                    need("AuthrtyReqTp", REQUEST_TYPE),
                    need("InvstgtnRslt", sequence(need("InvstgtnSts", codes(*Finding)))),
                    may("AddtlInf", text(500)),
                ),
                most=MOST_WANTED,
            ),
            may("SplmtryData", sequence(need("Envlp", Foreign(HOLDER)))),
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was found of one thing that was wanted; `reason` is a code of the outcome, never a person's datum."""

    wanted: str
    finding: Finding
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationResponse:
    """`response`: at most 35 characters, unique. `record`: the holder, where one was wanted and the bank speaks of it."""

    response: str
    investigation: str
    status: ResponseStatus
    search: Search
    results: tuple[Result, ...]
    record: HolderRecord | None = None


def write(response: InformationResponse, edition: Edition) -> bytes:
    """The document in UTF-8. Raises: Contradiction, ElementMissing, ValueRefused with the place."""
    _check_sense(response)
    record = response.record
    owner = None if record is None else split(party_of(record.holder))[0]
    wanted = tuple(one.wanted for one in response.results)
    branch: Branch = ("Document", [("InfReqRspn", [
        ("RspnId", response.response),
        ("InvstgtnId", response.investigation),
        ("RspnSts", response.status.value),
        criterion(response.search, wanted, owner),
        *(("RtrInd", _result(one)) for one in response.results),
        None if record is None else ("SplmtryData", [("Envlp", record_element(record))]),
    ])])  # fmt: skip
    root = build(f"{ISO}{NAME}.{edition}", branch)
    check(root, SHAPE, "Document")
    return serialise(root)


def _result(one: Result) -> list[Branch | None]:
    return [
        ("AuthrtyReqTp", [("MsgNmId", one.wanted)]),
        ("InvstgtnRslt", [("InvstgtnSts", one.finding.value)]),
        None if one.reason is None else ("AddtlInf", one.reason),
    ]


def read(data: bytes) -> InformationResponse:
    """Either edition. Raises: Iso20022Error naming the place."""
    root = parse(data)
    check_root(root, "Document", SPACES)
    check(root, SHAPE, "Document")
    body, place = root[0], "Document/InfReqRspn"
    node = at(body, "SchCrit")
    search, wanted, owner = read_criterion(body if node is None else node, f"{place}/SchCrit")
    results = tuple(
        Result(
            wanted=must(one, "AuthrtyReqTp/MsgNmId"),
            finding=Finding(must(one, "InvstgtnRslt/InvstgtnSts")),
            reason=maybe(one, "AddtlInf"),
        )
        for one in every(body, "RtrInd")
    )
    if wanted and wanted != tuple(one.wanted for one in results):
        raise Contradiction(place=f"{place}/RtrInd", other="SchCrit/Acct/AuthrtyReqTp")
    response = InformationResponse(
        response=must(body, "RspnId"),
        investigation=must(body, "InvstgtnId"),
        status=ResponseStatus(must(body, "RspnSts")),
        search=search,
        results=results,
        record=_record(body, search, owner, place),
    )
    _check_sense(response)
    return response


def _record(body: etree._Element, search: Search, owner: Party, place: str) -> HolderRecord | None:
    if at(body, "SplmtryData") is None:
        if not owner.empty:
            raise Contradiction(place=f"{place}/SchCrit/Acct/Id/Ownr", other="SplmtryData")
        return None
    if not isinstance(search, AccountRef):
        raise Contradiction(place=f"{place}/SplmtryData", other="SchCrit/OrgnlTxNb")
    inside = f"{place}/SplmtryData/Envlp/HolderRecord"
    return read_record(only(body, "SplmtryData/Envlp"), search, owner, inside)


def _check_sense(response: InformationResponse) -> None:
    """A refusal tells nothing, and what is told agrees with what is said to be found. Raises: Contradiction."""
    findings = {one.finding for one in response.results}
    record = response.record
    if response.status is ResponseStatus.REFUSED and (record or findings - {Finding.NOT_HELD}):
        raise Contradiction(place="RspnSts", other="RtrInd")
    if record is None:
        return
    there = record.holder.status is not Status.NOT_FOUND
    if record.holder.account != str(response.search):
        raise Contradiction(place="HolderRecord", other="SchCrit")
    if (Finding.DISCLOSED if there else Finding.NOT_FOUND) not in findings:
        raise Contradiction(place="RtrInd/InvstgtnRslt/InvstgtnSts", other="HolderRecord/Status")
