"""Who hands a recall to whom, and which: `Assgnmt` and the case of camt.056 and camt.029, between two institutions."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from lachan.adapters.iso20022.accounts import AGENT, agent, read_agent
from lachan.adapters.iso20022.errors import Contradiction
from lachan.adapters.iso20022.markup import Branch, at, must
from lachan.adapters.iso20022.moments import iso_moment, wire_moment
from lachan.adapters.iso20022.shapes import DATE_TIME, Part, form, need, sequence, text
from lachan.kernel.money import Vnd

REFERENCE = text(35)
UETR = form(r"[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}", "UUIDv4")
ASSIGNMENT = need(
    "Assgnmt",
    sequence(
        need("Id", text(35)),
        need("Assgnr", sequence(need("Agt", AGENT))),
        need("Assgne", sequence(need("Agt", AGENT))),
        need("CreDtTm", DATE_TIME),
    ),
)
_CASE = sequence(need("Id", text(35)), need("Cretr", sequence(need("Agt", AGENT))))
CASE = need("Case", _CASE)
RESOLVED_CASE = need("RslvdCase", _CASE)
REASON: Part = need("Rsn", sequence(need("Cd", form(r"[A-Z0-9]{4}", "A-Z 0-9: 4"))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """`id`: at most 35 characters, unique. Banks by their 6-digit codes. `created`: a wire time."""

    id: str
    sender: str
    receiver: str
    created: str


def assignment(given: Assignment) -> Branch:
    """Raises: InstantUnreadable."""
    return ("Assgnmt", [
        ("Id", given.id),
        ("Assgnr", [agent("Agt", given.sender)]),
        ("Assgne", [agent("Agt", given.receiver)]),
        ("CreDtTm", iso_moment(given.created)),
    ])  # fmt: skip


def read_assignment(body: etree._Element, place: str) -> Assignment:
    """Of a checked message body. Raises: ValueRefused."""
    sender, receiver = at(body, "Assgnmt/Assgnr/Agt"), at(body, "Assgnmt/Assgne/Agt")
    return Assignment(
        id=must(body, "Assgnmt/Id"),
        sender=read_agent(body if sender is None else sender),
        receiver=read_agent(body if receiver is None else receiver),
        created=wire_moment(must(body, "Assgnmt/CreDtTm"), f"{place}/Assgnmt/CreDtTm"),
    )


def case(name: str, recall: str, creator: str) -> Branch:
    """The recall by its number, and the bank that asked for it."""
    return (name, [("Id", recall), ("Cretr", [agent("Agt", creator)])])


def read_case(payment: etree._Element, name: str, creator: str) -> str:
    """The number. Raises: Contradiction when another bank than the one that asked is named."""
    found = at(payment, f"{name}/Cretr/Agt")
    if found is not None and read_agent(found) != creator:
        raise Contradiction(place=f"{name}/Cretr", other="Assgnmt")
    return must(payment, f"{name}/Id")


def read_dong(given: str) -> Vnd:
    """Of a checked amount: whole đồng, with or without a fraction of noughts."""
    return Vnd(int(given.partition(".")[0]))
