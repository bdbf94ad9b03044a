"""What a bank has been told in one trace: credits with their composition, seeds, homes. JSON-able.

Older revisions are ignored, so messages may be lost, doubled and reordered (specs: tracing §4.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lachan.tracing.lines import seconds
from lachan.tracing.parts import Part


@dataclass(slots=True)
class Composition:
    """What one credit brings under one method; layer is the credited account's."""

    parts: list[Part]
    layer: int
    restored: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "parts": [list(part) for part in self.parts],
            "layer": self.layer,
            "restored": self.restored,
        }

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Composition:
        return cls(read_parts(body["parts"]), body["layer"], body["restored"])


@dataclass(slots=True)
class Credit:
    """A credit that another bank's account paid."""

    account: str
    payer_bank: str
    ref: str | None
    amount: int
    time: int | None
    rev: int = -1
    reverses: str | None = None
    by_method: dict[str, Composition] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.account}|{self.payer_bank}|{self.ref or f'{self.amount}@{self.time}'}"


@dataclass(slots=True)
class SeedAsk:
    """So much of this debit is this victim's."""

    account: str
    label: str
    amount: int
    ref: str | None
    time: int | None = None

    @property
    def key(self) -> str:
        return f"{self.account}|{self.label}|{self.ref or f'{self.amount}@{self.time}'}"


@dataclass(slots=True)
class Inbound:
    """Everything that a bank knows of one trace from outside."""

    trace: str
    methods: tuple[str, ...]
    policy: dict[str, Any]
    until: int | None
    credits: dict[str, Credit] = field(default_factory=dict)
    seeds: dict[str, SeedAsk] = field(default_factory=dict)
    homes: dict[str, set[str]] = field(default_factory=dict)  # account to labels

    def take(self, ask: dict[str, Any]) -> None:
        """Merge one ask. Items of one credit with different layers carry different methods."""
        for label, accounts in (ask.get("home") or {}).items():
            for account in accounts:
                self.homes.setdefault(account, set()).add(label)
        for item in ask["items"]:
            if item.get("seed") is not None:
                self._take_seed(item["account"], item["seed"])
            else:
                self._take_credit(item)

    def accounts(self) -> set[str]:
        """Every account that was ever asked about."""
        asked = {credit.account for credit in self.credits.values()}
        return asked | {seed.account for seed in self.seeds.values()}

    def _take_seed(self, account: str, body: dict[str, Any]) -> None:
        seed = SeedAsk(
            account=account,
            label=body["label"],
            amount=body["amount"],
            ref=body.get("ref"),
            time=seconds(body.get("time")),
        )
        self.seeds[seed.key] = seed
        self.homes.setdefault(account, set()).add(seed.label)

    def _take_credit(self, item: dict[str, Any]) -> None:
        body = item["credit"]
        new = Credit(
            account=item["account"],
            payer_bank=body["payer_bank"],
            ref=body.get("ref"),
            amount=body["amount"],
            time=seconds(body.get("time")),
        )
        credit = self.credits.setdefault(new.key, new)
        if item["rev"] < credit.rev:
            return
        if item["rev"] > credit.rev:
            credit.by_method.clear()
        credit.rev = item["rev"]
        credit.reverses = item.get("reverses")
        restored = item.get("restored") or {}
        for method, parts in item["parts"].items():
            credit.by_method[method] = Composition(
                read_parts(parts), item["layer"], restored.get(method, 0)
            )

    def to_json(self) -> dict[str, Any]:
        return {
            "trace": self.trace,
            "methods": list(self.methods),
            "policy": self.policy,
            "until": self.until,
            "credits": [
                {
                    "account": one.account,
                    "payer_bank": one.payer_bank,
                    "ref": one.ref,
                    "amount": one.amount,
                    "time": one.time,
                    "rev": one.rev,
                    "reverses": one.reverses,
                    "by_method": {name: part.to_json() for name, part in one.by_method.items()},
                }
                for one in self.credits.values()
            ],
            "seeds": [
                {
                    "account": one.account,
                    "label": one.label,
                    "amount": one.amount,
                    "ref": one.ref,
                    "time": one.time,
                }
                for one in self.seeds.values()
            ],
            "homes": {account: sorted(labels) for account, labels in self.homes.items()},
        }

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Inbound:
        inbound = cls(body["trace"], tuple(body["methods"]), body["policy"], body["until"])
        for row in body["credits"]:
            compositions = {
                name: Composition.from_json(one) for name, one in row["by_method"].items()
            }
            credit = Credit(**{**row, "by_method": compositions})
            inbound.credits[credit.key] = credit
        for row in body["seeds"]:
            seed = SeedAsk(**row)
            inbound.seeds[seed.key] = seed
        inbound.homes = {account: set(labels) for account, labels in body["homes"].items()}
        return inbound


def read_parts(parts: Any) -> list[Part]:
    """Pairs (label or null, đồng)."""
    return [(label, amount) for label, amount in parts]
