"""What a federated trace adds up to, settled or not: every đồng of every victim has a place.

What nobody has answered for yet stands in the frontier. While a correction is on its way to a bank
that has placed more than it should, the sums may be above the seeds; settled, they are equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lachan.tracing.legs import Sums, add
from lachan.tracing.lines import seconds
from lachan.tracing.movements import Movement
from lachan.tracing.parts import taint_of
from lachan.tracing.session import TraceSession
from lachan.tracing.unanswered import in_the_air, left_out, node, too_much


@dataclass(slots=True)
class MethodSums:
    """One method's tables: node to victim to đồng, as in `trace.Trace`."""

    residual: Sums = field(default_factory=dict)
    exits: Sums = field(default_factory=dict)
    pending: Sums = field(default_factory=dict)
    frontier: Sums = field(default_factory=dict)
    truncated: Sums = field(default_factory=dict)
    layers: dict[str, int] = field(default_factory=dict)
    relabels: list[tuple[str, str, int]] = field(default_factory=list)
    movements: tuple[Movement, ...] = ()

    def accounted(self) -> dict[str, int]:
        """Victim to everything placed; equals the seeds once settled."""
        sums: dict[str, int] = {}
        for table in (self.residual, self.exits, self.pending, self.frontier, self.truncated):
            for row in table.values():
                add(sums, row)
        return dict(sorted(sums.items()))


@dataclass(frozen=True, slots=True)
class FederatedResult:
    """The trace as it stands."""

    trace: str
    state: str  # SETTLED | PROVISIONAL
    seeds: dict[str, int]  # victim to what is looked for
    methods: dict[str, MethodSums]
    accounts: dict[str, dict[str, Any]]  # node to bank, account, holdable, bands, state, covers …
    unresolved: list[dict[str, Any]]  # credits nobody answers for: bank, account, amount, reason
    conflicts: list[str]  # credits whose lines contradict each other

    def conserved(self, method: str) -> bool:
        """Σ seeds = Σ places, for each victim."""
        return self.methods[method].accounted() == self.seeds

    def range_of(self, node: str) -> tuple[int, int]:
        """Least and most taint of an account over the methods."""
        sums = [sum(one.residual.get(node, {}).values()) for one in self.methods.values()]
        return min(sums, default=0), max(sums, default=0)

    def to_json(self) -> dict[str, Any]:
        """For a page or a file; movements stand once, with all methods' sums."""
        return {
            "trace": self.trace,
            "state": self.state,
            "seeds": self.seeds,
            "methods": {
                name: {
                    "residual": one.residual,
                    "exits": one.exits,
                    "pending": one.pending,
                    "frontier": one.frontier,
                    "truncated": one.truncated,
                    "layers": one.layers,
                    "relabels": [list(row) for row in one.relabels],
                    "movements": [row.to_json() for row in one.movements],
                    "conserved": self.conserved(name),
                }
                for name, one in self.methods.items()
            },
            "accounts": self.accounts,
            "unresolved": self.unresolved,
            "conflicts": self.conflicts,
        }


def settlement(session: TraceSession) -> FederatedResult:
    """Add up the latest answers and what is still in the air."""
    methods = {method: MethodSums() for method in session.methods}
    accounts: dict[str, dict[str, Any]] = {}
    movements: dict[str, dict[str, Movement]] = {method: {} for method in session.methods}
    for bank, answer in sorted(session.answers.items()):
        for item in answer["items"]:
            if item["state"] != "REFUSED":
                _place(bank, item, methods, movements)
            accounts[node(bank, item["account"])] = _facts(bank, item)
    unresolved = [
        row for credit in session.credits.values() for row in in_the_air(session, credit, methods)
    ]
    unresolved += [row for credit in session.credits.values() for row in too_much(credit, methods)]
    unresolved += [
        row for bank in sorted(session.answers) for row in left_out(session, bank, methods)
    ]
    for seed in session.seeds:
        if seed.inside and not session.confirmed(seed):
            known = session.seed_state(seed)
            where = node(seed.payee_bank, seed.payee_account)
            for sums in methods.values():
                table = sums.frontier if known is None else sums.pending
                add(table.setdefault(where, {}), {seed.label: seed.amount})
    seeds: dict[str, int] = {}
    for seed in session.seeds:
        add(seeds, {seed.label: seed.amount})
    for method, sums in methods.items():
        _reported_movements(session, movements[method])
        sums.movements = tuple(sorted(movements[method].values(), key=lambda one: one.sort_key))
        for name in ("residual", "exits", "pending", "frontier", "truncated"):
            setattr(sums, name, _sorted(getattr(sums, name)))
    return FederatedResult(
        trace=session.trace,
        state="SETTLED" if session.settled else "PROVISIONAL",
        seeds=dict(sorted(seeds.items())),
        methods=methods,
        accounts=accounts,
        unresolved=sorted(unresolved, key=lambda row: (-row["amount"], row["bank"], row["ref"])),
        conflicts=sorted(key for key, credit in session.credits.items() if credit.frozen),
    )


def _place(
    bank: str,
    item: Mapping[str, Any],
    methods: Mapping[str, MethodSums],
    movements: Mapping[str, dict[str, Movement]],
) -> None:
    here = node(bank, item["account"])
    extra = item.get("extra") or {}
    for method, sums in methods.items():
        add(sums.residual.setdefault(here, {}), item["residual"].get(method, {}))
        add(sums.pending.setdefault(here, {}), item["pending"].get(method, {}))
        for name, row in item["exits"].get(method, {}).items():
            add(sums.exits.setdefault(name, {}), row)
        for why, row in item["truncated"].get(method, {}).items():
            add(sums.truncated.setdefault(why, {}), row)
        layer = extra.get("layers", {}).get(method)
        if layer is not None:
            sums.layers[here] = layer
        sums.relabels += [
            (ref, label, amount) for ref, label, amount in extra.get("relabels", {}).get(method, ())
        ]
    for out in item["out"]:
        to_bank, to_account = out["to_bank"], out["to_account"]
        exits = to_bank is None
        there = (to_account or out.get("kind") or "OUTSIDE") if exits else node(to_bank, to_account)
        for method, parts in out["parts"].items():
            taint = taint_of((label, amount) for label, amount in parts)
            if not taint or method not in movements:
                continue
            key = f"{here}>{there}#{out['ref']}"
            movements[method][key] = Movement(
                id=out["ref"],
                time=seconds(out["time"]) or 0,
                seq=out["layer"],  # banks' own sequences do not compare; layers do
                src=here,
                dst=there,
                amount=out["amount"],
                taint=taint,
                exit_kind=(out.get("kind") or "other") if exits else None,
            )


def _facts(bank: str, item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "bank": bank,
        "account": item["account"],
        "state": item["state"],
        "reason": item.get("reason"),
        "holdable": item["holdable"] or 0,
        "bands": item["bands"],
        "covers": item["covers"],
        "link": item["link"] or {},
        "order_uncertain": item["order_uncertain"] or [],
    }


def _reported_movements(session: TraceSession, movements: dict[str, Movement]) -> None:
    """A seed that only its victim has reported so far is drawn as reported."""
    for seed in session.seeds:
        if session.confirmed(seed):
            continue
        src = node(seed.payer_bank, seed.payer_account) if seed.payer_account else None
        dst = node(seed.payee_bank, seed.payee_account)
        key = f"{src}>{dst}#{seed.ref or seed.label}"
        before = movements.get(key)
        taint = dict(before.taint) if before else {}
        add(taint, {seed.label: seed.amount})
        movements[key] = Movement(
            id=seed.ref or seed.label,
            time=seed.time or 0,
            seq=1,
            src=src,
            dst=dst,
            amount=seed.event_amount or seed.amount,
            taint=taint,
        )


def _sorted(sums: Sums) -> Sums:
    merged: Sums = defaultdict(dict)
    for name, row in sums.items():
        if row:
            merged[name] = dict(sorted(row.items()))
    return {name: merged[name] for name in sorted(merged)}
