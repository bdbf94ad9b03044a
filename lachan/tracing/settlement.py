"""What a federated trace adds up to, settled or not: every đồng of every victim has a place.

What nobody has answered for yet stands in the frontier. While a correction is on its way to a bank
that has placed more than it should, the sums may be above the seeds; settled, they are equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lachan.tracing.asked import Asked
from lachan.tracing.legs import Sums, add
from lachan.tracing.lines import seconds
from lachan.tracing.movements import Movement
from lachan.tracing.parts import taint_of
from lachan.tracing.session import TraceSession
from lachan.tracing.sums import chief_account, missing


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


def node(bank: str, account: str) -> str:
    """One name for an account across banks: `970436:0123456789`."""
    return account if ":" in account else f"{bank}:{account}"


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
        row for credit in session.credits.values() for row in _in_the_air(session, credit, methods)
    ]
    unresolved += [
        row for bank in sorted(session.answers) for row in _left_out(session, bank, methods)
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


def _in_the_air(
    session: TraceSession, credit: Asked, methods: Mapping[str, MethodSums]
) -> list[dict[str, Any]]:
    """A credit that its bank's stored answer does not take into account: the frontier's."""
    key = next(name for name, one in session.credits.items() if one is credit)
    refused_item = any(
        item["account"] == credit.account and item["state"] == "REFUSED"
        for item in session.answers.get(credit.bank, {"items": []})["items"]
    )
    refused = key in session.refused or refused_item
    if credit.frozen:
        return _frozen(session, key, methods)
    if credit.settled and not refused:
        return []
    where = node(credit.bank, credit.account)
    most = 0
    for method, composition in credit.by_method.items():
        placed = {} if refused_item else credit.placed.get(method, {})
        taint = {
            label: amount - placed.get(label, 0)
            for label, amount in taint_of(composition.parts).items()
            if amount > placed.get(label, 0)
        }
        most = max(most, sum(taint.values()))
        if taint:
            sums = methods[method]
            add(sums.frontier.setdefault(where, {}), taint)
            layer = sums.layers.get(where, composition.layer)
            sums.layers[where] = min(layer, composition.layer)
    if not most:
        return []
    reason = session.refused.get(key) or session.silent.get(credit.bank)
    return [
        {
            "bank": credit.bank,
            "account": credit.account,
            "ref": credit.credit["ref"] or "",
            "amount": most,
            "reason": reason or ("refused" if refused else "waiting"),
        }
    ]


def _left_out(
    session: TraceSession, bank: str, methods: Mapping[str, MethodSums]
) -> list[dict[str, Any]]:
    """What a bank's answer does not speak of, although it was told of it."""
    gone = missing(session, bank)
    account = chief_account(session, bank)
    for method, sums in gone.items():
        add(methods[method].frontier.setdefault(node(bank, account), {}), sums)
    most = max((sum(sums.values()) for sums in gone.values()), default=0)
    row = {"bank": bank, "account": account, "ref": "", "amount": most, "reason": "left_out"}
    return [row] if most else []


def _frozen(
    session: TraceSession, key: str, methods: Mapping[str, MethodSums]
) -> list[dict[str, Any]]:
    """Its bank was told that it is clean: whatever the others say of it now is the frontier's."""
    want = session.wanted(key)
    if want is None or not want.tainted:
        return []
    where = node(want.bank, want.account)
    for method, composition in want.by_method.items():
        add(methods[method].frontier.setdefault(where, {}), taint_of(composition.parts))
        layer = methods[method].layers.get(where, composition.layer)
        methods[method].layers[where] = min(layer, composition.layer)
    ref = want.credit["ref"] or ""
    return [
        {
            "bank": want.bank, "account": want.account, "ref": ref, "amount": want.tainted,
            "reason": "order_conflict",
        }
    ]  # fmt: skip


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
