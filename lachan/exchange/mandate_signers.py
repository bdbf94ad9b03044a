"""The approvals that a message needs, from its rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lachan.exchange.kinds import MessageKind, Priority
from lachan.exchange.mandate_rows import MandateRow
from lachan.exchange.manifest import SignerNeed
from lachan.members.roles import MemberKind


def required(
    kind: MessageKind,
    rows: Iterable[MandateRow],
    *,
    priority: Priority,
    sender_kind: MemberKind,
) -> tuple[SignerNeed, ...]:
    """The manifest's `required[]`: the union over the rows, in the order of their roles.

    What follows an order needs one signature of any of the kind's roles.
    """
    if kind.follows:
        return follow_needs(kind)
    needs: dict[str, SignerNeed] = {}
    for row in rows:
        fitting = (one for one in row.signing if one.fits(kind.name, priority, sender_kind))
        for need in next((one.signers for one in fitting), ()):
            known = needs.get(need.role)
            stricter = known is None or (need.distinct_unit_from and not known.distinct_unit_from)
            if stricter:
                needs[need.role] = need
    return tuple(needs[role] for role in sorted(needs))


def follow_needs(kind: MessageKind) -> tuple[SignerNeed, ...]:
    return (SignerNeed(role="|".join(sorted(role.value for role in kind.follow_roles))),)


def say(needs: Sequence[SignerNeed]) -> str:
    return ", ".join(need.role for need in needs) or "-"
