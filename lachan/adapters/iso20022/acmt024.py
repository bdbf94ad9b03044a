"""acmt.024: the verdict on each question of acmt.023. Codes only (DESIGN, decision 7): a value that a register holds never leaves it.

`Vrfctn` is true for MATCH alone; every other verdict stands in `Rsn/Prtry`, and the codes of what differs in our own `lc.vrf`,
since ISO has room for one reason. The elements in which ISO could give a name back are refused, in what is read as in what is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from lachan.adapters.iso20022.errors import Contradiction
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
from lachan.adapters.iso20022.national import VERIFICATION
from lachan.adapters.iso20022.shapes import (
    ISO,
    YES_NO,
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
from lachan.adapters.iso20022.verification import (
    ASSIGNMENT,
    MOST_CHECKS,
    Errand,
    errand_branch,
    read_errand,
)

DEFINITION = "acmt.024.001.04"


class Verdict(StrEnum):
    """Of `name_check` and `verify_holder_phone`."""

    MATCH = "MATCH"
    CLOSE_MATCH = "CLOSE_MATCH"
    PARTIAL = "PARTIAL"
    NO_MATCH = "NO_MATCH"
    NOT_FOUND = "NOT_FOUND"
    NOT_AVAILABLE = "NOT_AVAILABLE"


_REASONS = [one.value for one in Verdict if one is not Verdict.MATCH]
SHAPE = sequence(
    need(
        "IdVrfctnRpt",
        sequence(
            ASSIGNMENT,
            need("OrgnlAssgnmt", sequence(need("MsgId", text(35)))),
            many(
                "Rpt",
                sequence(
                    need("OrgnlId", text(35)),
                    need("Vrfctn", YES_NO),
                    may("Rsn", sequence(need("Prtry", codes(*_REASONS)))),
                ),
                most=MOST_CHECKS,
            ),
            may("SplmtryData", sequence(need("Envlp", Foreign(VERIFICATION)))),
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`id`: of the question. `codes`: what differs (`DOB_SWAP`), at most 20; none beside MATCH."""

    id: str
    verdict: Verdict
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationReport:
    """`original`: the `MsgId` of the request."""

    errand: Errand
    original: str
    reports: tuple[Report, ...]


def write(report: VerificationReport) -> bytes:
    """The document in UTF-8. Raises: Contradiction, ElementMissing, ValueRefused with the place."""
    _check_sense(report)
    told = [one for one in report.reports if one.codes]
    branch: Branch = ("Document", [("IdVrfctnRpt", [
        errand_branch(report.errand),
        ("OrgnlAssgnmt", [("MsgId", report.original)]),
        *(("Rpt", _report(one)) for one in report.reports),
        ("SplmtryData", [("Envlp", _codes(told))]) if told else None,
    ])])  # fmt: skip
    root = build(ISO + DEFINITION, branch)
    check(root, SHAPE, "Document")
    return serialise(root)


def _report(one: Report) -> list[Branch | None]:
    matched = one.verdict is Verdict.MATCH
    return [
        ("OrgnlId", one.id),
        ("Vrfctn", "true" if matched else "false"),
        None if matched else ("Rsn", [("Prtry", one.verdict.value)]),
    ]


def _codes(told: list[Report]) -> etree._Element:
    branch: Branch = ("Verification", [
        ("Report", [("Id", one.id), *(("Code", code) for code in one.codes)]) for one in told
    ])  # fmt: skip
    return build(VERIFICATION.space, branch)


def read(data: bytes) -> VerificationReport:
    """Raises: Iso20022Error naming the place."""
    root = parse(data)
    check_root(root, "Document", (ISO + DEFINITION,))
    check(root, SHAPE, "Document")
    body, place = root[0], "Document/IdVrfctnRpt"
    found = {} if at(body, "SplmtryData") is None else _read_codes(only(body, "SplmtryData/Envlp"))
    nodes = every(body, "Rpt")
    if found.keys() - {must(one, "OrgnlId") for one in nodes}:
        raise Contradiction(place=f"{place}/SplmtryData", other=f"{place}/Rpt/OrgnlId")
    report = VerificationReport(
        errand=read_errand(body, place),
        original=must(body, "OrgnlAssgnmt/MsgId"),
        reports=tuple(_read_report(one, found, f"{place}/Rpt") for one in nodes),
    )
    _check_sense(report)
    return report


def _read_codes(node: etree._Element) -> dict[str, tuple[str, ...]]:
    return {
        must(one, "Id"): tuple(code.text or "" for code in every(one, "Code"))
        for one in every(node, "Report")
    }


def _read_report(node: etree._Element, found: dict[str, tuple[str, ...]], place: str) -> Report:
    reason, matched = maybe(node, "Rsn/Prtry"), must(node, "Vrfctn") in {"true", "1"}
    if matched != (reason is None):
        raise Contradiction(place=f"{place}/Rsn", other="Vrfctn")
    name = must(node, "OrgnlId")
    verdict = Verdict.MATCH if reason is None else Verdict(reason)
    return Report(id=name, verdict=verdict, codes=found.get(name, ()))


def _check_sense(report: VerificationReport) -> None:
    """One verdict a question, and nothing differs where everything matches. Raises: Contradiction."""
    if len({one.id for one in report.reports}) != len(report.reports):
        raise Contradiction(place="Rpt/OrgnlId", other="Rpt/OrgnlId")
    if any(one.verdict is Verdict.MATCH and one.codes for one in report.reports):
        raise Contradiction(place="Verification/Report/Code", other="Rpt/Vrfctn")
