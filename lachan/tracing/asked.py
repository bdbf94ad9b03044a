"""Credits as the centre speaks of them: from a victim's report, or passed on from a bank's answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lachan.tracing.inbound import Composition, read_parts
from lachan.tracing.legs import add
from lachan.tracing.lines import seconds, wire
from lachan.tracing.model import canonical_bytes
from lachan.tracing.parts import Part, cleaned, taint_of, tainted

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SeedReport:
    """A victim's transfer as reported. label: v1, v2 …: no name ever goes out."""

    label: str
    amount: int  # the victim's loss in it
    payer_bank: str
    payer_account: str
    payee_bank: str
    payee_account: str
    ref: str | None = None
    time: int | None = None
    event_amount: int | None = None  # the whole transfer, when it is more than the loss

    @property
    def inside(self) -> bool:
        """Within one bank: only the payer's side is asked, the bank follows by itself."""
        return self.payer_bank == self.payee_bank and bool(self.payer_account)


@dataclass(slots=True)
class Asked:
    """One credit as the centre last told its bank."""

    bank: str
    account: str
    credit: Body  # ref, payer_bank, amount, time
    by_method: dict[str, Composition]
    reverses: str | None = None
    rev: int = 1
    settled: bool = False  # the bank's stored answer takes this revision into account
    placed: dict[str, dict[str, int]] = field(default_factory=dict)  # method to what it took last
    most: dict[str, dict[str, int]] = field(default_factory=dict)  # method to the most it was told
    excess: dict[str, dict[str, int]] = field(
        default_factory=dict
    )  # what there is no room for in it
    frozen: bool = False

    @property
    def key(self) -> str:
        """One credit, whoever speaks of it."""
        return _key(self.bank, self.account, self.credit)

    @property
    def tainted(self) -> int:
        """The most of it that any method calls tainted."""
        return max((tainted(one.parts) for one in self.by_method.values()), default=0)

    def tell(self, before: Asked | None) -> Asked:
        """This composition is about to be sent, after what was sent `before`."""
        known = {} if before is None else before.most
        for method, one in self.by_method.items():
            taint, most = taint_of(one.parts), known.get(method, {})
            self.most[method] = {
                label: max(taint.get(label, 0), most.get(label, 0)) for label in {*taint, *most}
            }
        if before is not None:
            self.rev, self.placed = before.rev + 1, before.placed
        return self

    def retracted(self) -> Asked:
        """The same credit with all of its money clean."""
        clean = {
            name: Composition(cleaned(one.parts), one.layer) for name, one in self.by_method.items()
        }
        return Asked(self.bank, self.account, self.credit, clean, self.reverses)

    def digest(self) -> str:
        body = {name: one.to_json() for name, one in sorted(self.by_method.items())}
        return hashlib.blake2b(canonical_bytes(body), digest_size=16).hexdigest()


def seed_item(seed: SeedReport) -> Body:
    body: Body = {"label": seed.label, "amount": seed.amount, "ref": seed.ref}
    if seed.time is not None:
        body["time"] = wire(seed.time)
    if seed.payee_account:
        body["to_bank"] = seed.payee_bank
        body["to_account"] = seed.payee_account
    return {"account": seed.payer_account, "seed": body, "layer": 0, "rev": 1, "parts": {}}


def _key(bank: str, account: str, credit: Mapping[str, Any]) -> str:
    mark = credit["ref"] or f"{credit['amount']}@{credit['time']}"
    return f"{bank}|{account}|{credit['payer_bank']}|{mark}"


def reported(seed: SeedReport, methods: Iterable[str]) -> Asked:
    """The seed's credit by the report alone: labelled money first, the rest clean."""
    whole = max(seed.event_amount or seed.amount, seed.amount)
    parts: list[Part] = [(seed.label, seed.amount)]
    if whole > seed.amount:
        parts.append((None, whole - seed.amount))
    credit = {
        "ref": seed.ref,
        "payer_bank": seed.payer_bank,
        "amount": whole,
        "time": wire(seed.time),
    }
    by_method = {method: Composition(list(parts), 1) for method in methods}
    return Asked(seed.payee_bank, seed.payee_account, credit, by_method)


def passed_on(payer_bank: str, out: Body) -> Asked:
    credit = {
        "ref": out["ref"],
        "payer_bank": payer_bank,
        "amount": out["amount"],
        "time": wire(seconds(out["time"])),
    }
    restored = out.get("restored") or {}
    by_method = {
        method: Composition(read_parts(parts), out["layer"], restored.get(method, 0))
        for method, parts in out["parts"].items()
    }
    return Asked(out["to_bank"], out["to_account"], credit, by_method, out.get("reverses"))


def join(wanted: dict[str, Asked], more: Asked) -> None:
    """Rows of one credit: other methods are added; victims of one reported transfer stand together."""
    key = more.key
    known = wanted.get(key)
    if known is None:
        wanted[key] = more
        return
    for method, composition in more.by_method.items():
        before = known.by_method.get(method)
        if before is None:
            known.by_method[method] = composition
        else:
            before.parts, over = _together(before.parts, composition.parts)
            if over:
                add(known.excess.setdefault(method, {}), over)


def _together(one: list[Part], other: list[Part]) -> tuple[list[Part], dict[str, int]]:
    """Both compositions of one transfer, and what of the second there is no room for.

    A report that the payer's bank does not know yet, or does not find, may claim what the bank calls another victim's.
    """
    whole = max(sum(n for _, n in one), sum(n for _, n in other))
    kept = [part for part in one if part[0] is not None]
    room = whole - tainted(kept)
    over: dict[str, int] = {}
    for label, amount in other:
        if label is None:
            continue
        fits = min(amount, room)
        room -= fits
        kept += [(label, fits)] if fits else []
        add(over, {label: amount - fits} if amount > fits else {})
    return [
        *sorted(kept, key=lambda part: (str(part[0]), part[1])),
        *([(None, room)] if room else []),
    ], over
