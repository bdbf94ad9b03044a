"""What a bank says of an account's holder that PartyIdentification cannot hold, or not at that length (`lc.hld`).

Always here: as of when, coverage, status, sex, nationality, when and how the account was opened, devices. Here only where they do
not fit: name, kind and number of document, date of birth (see parties.py). Together with the party they are the whole answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from lxml import etree

from lachan.adapters.iso20022.coverage import coverage_branch, read_coverage
from lachan.adapters.iso20022.errors import Contradiction, ValueRefused
from lachan.adapters.iso20022.markup import Branch, build, every, maybe, must
from lachan.adapters.iso20022.moments import wire_only
from lachan.adapters.iso20022.national import HOLDER
from lachan.adapters.iso20022.parties import Party, join, split
from lachan.exchange.kinds import Coverage
from lachan.exchange.messages.provide_account_holder import Holder, IdType, Status
from lachan.kernel.accounts import AccountRef


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderRecord:
    """One holder, as of one instant (wire values)."""

    holder: Holder
    as_of: str
    coverage: Coverage | None = None


def party_of(holder: Holder) -> Party:
    """What of a holder is a party's."""
    return Party(
        name=holder.name,
        id_type=holder.id_type,
        id_no=holder.id_no,
        born=holder.born,
        phone=holder.phone,
        email=holder.email,
    )


def record_element(record: HolderRecord) -> etree._Element:
    """The extension, without what `Ownr` holds. Raises: ValueRefused with the place."""
    holder = record.holder
    _, rest = split(party_of(holder))
    branch: Branch = ("HolderRecord", [
        ("AsOf", record.as_of),
        coverage_branch(record.coverage),
        ("Status", holder.status.value),
        *_pairs(
            ("Name", rest.name), ("IdType", None if rest.id_type is None else rest.id_type.value),
            ("IdNumber", rest.id_no), ("Born", rest.born), ("Sex", holder.sex),
            ("Nationality", holder.nationality), ("Opened", holder.opened), ("Channel", holder.channel),
        ),
        *(("Device", one) for one in holder.devices),
    ])  # fmt: skip
    node = build(HOLDER.space, branch)
    HOLDER.check(node, "HolderRecord")
    return node


def _pairs(*given: tuple[str, str | None]) -> list[Branch | None]:
    return [None if value is None else (name, value) for name, value in given]


def read_record(
    node: etree._Element, account: AccountRef, owner: Party, place: str
) -> HolderRecord:
    """Of an element held to its schema and the owner beside it. Raises: Contradiction, ValueRefused."""
    id_type = maybe(node, "IdType")
    party = join(
        owner,
        Party(
            name=maybe(node, "Name"),
            id_type=None if id_type is None else IdType[id_type],
            id_no=maybe(node, "IdNumber"),
            born=maybe(node, "Born"),
        ),
    )
    if party is None:
        raise Contradiction(place=place, other="Ownr")
    return HolderRecord(
        holder=_holder(node, account, party, place),
        as_of=wire_only(must(node, "AsOf"), f"{place}/AsOf"),
        coverage=read_coverage(node, place),
    )


def _holder(node: etree._Element, account: AccountRef, party: Party, place: str) -> Holder:
    found = Holder(
        account=str(account),
        status=Status[must(node, "Status")],
        name=party.name,
        id_type=party.id_type,
        id_no=party.id_no,
        born=party.born,
        sex=maybe(node, "Sex"),
        nationality=maybe(node, "Nationality"),
        phone=party.phone,
        email=party.email,
        opened=maybe(node, "Opened"),
        channel=maybe(node, "Channel"),
        devices=[one.text or "" for one in every(node, "Device")],
    )
    try:  # the party's limits are ISO's; the answer's own are held to once more
        return msgspec.convert(msgspec.to_builtins(found), Holder, strict=True)
    except msgspec.ValidationError as cause:
        raise ValueRefused(place=place, right="provide_account_holder") from cause
