"""The result of a replay. Same input, same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lachan.tracing.model import Policy, Seed, canonical_bytes
from lachan.tracing.parts import Part

Table = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Trace:
    """Where each victim's money is under one method (specs: tracing §1.7).

    Tables: node (cap, event) to victim to đồng, rows with nothing left out. Σ seeds executed =
    residual + exits + pending + frontier + truncated for each victim, except under `poison`.
    """

    method: str
    version: str
    ledger_digest: str
    seeds: tuple[Seed, ...]
    policy: Policy
    as_of: int | None
    residual: Table  # still in accounts and wallets
    exits: Table  # gone: cash, merchants …, FEE, OVERDRAFT, RETURNED, RELABELLED, OUTSIDE
    pending: Table  # in transit, receiver not known
    frontier: Table  # behind a statement nobody has sent
    truncated: Table  # not followed: hops, dust, share
    flows: Table  # event to what it moved, before caps
    parts: Mapping[str, tuple[Part, ...]]  # the same, ordered (fifo, lifo)
    layers: Mapping[str, int]
    order_uncertain: tuple[str, ...]
    relabels: tuple[tuple[str, str, int], ...]  # (event, victim whose claim moved, đồng)
    balances: Mapping[str, int]  # of the accounts that taint reached
    requests: tuple[tuple[str, str, int], ...]  # (node, pending|frontier, đồng), largest first
    complete: bool
    # (event, account, exit or cap, victim to đồng): what left its event's way; not in the JSON form
    diverted: tuple[tuple[str, str, str, Mapping[str, int]], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON form of §1.7."""
        return {
            "method": self.method,
            "version": self.version,
            "ledger_digest": self.ledger_digest,
            "seeds": [asdict(seed) for seed in self.seeds],
            "policy": self.policy.to_json(),
            "as_of": self.as_of,
            "residual": _plain(self.residual),
            "exits": _plain(self.exits),
            "pending": _plain(self.pending),
            "frontier": _plain(self.frontier),
            "truncated": _plain(self.truncated),
            "flows": _plain(self.flows),
            "parts": {event: [list(part) for part in parts] for event, parts in self.parts.items()},
            "layers": dict(self.layers),
            "order_uncertain": list(self.order_uncertain),
            "relabels": [list(one) for one in self.relabels],
            "balances": dict(self.balances),
            "requests": [
                {"node": node, "why": why, "amount": amount} for node, why, amount in self.requests
            ],
            "complete": self.complete,
        }

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical_bytes(self.to_json())

    def taint(self, account: str) -> int:
        """All victims' money in this account."""
        return sum(self.residual.get(account, {}).values())

    def accounted(self) -> dict[str, int]:
        """Victim to everything that the trace places; equals the seeds unless the method marks."""
        sums: dict[str, int] = {}
        for table in (self.residual, self.exits, self.pending, self.frontier, self.truncated):
            for row in table.values():
                for victim, amount in row.items():
                    sums[victim] = sums.get(victim, 0) + amount
        return dict(sorted(sums.items()))


def _plain(table: Table) -> dict[str, dict[str, int]]:
    return {name: dict(row) for name, row in table.items()}
