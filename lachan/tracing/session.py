"""The centre's side of a federated trace: who is asked what, and what the answers add up to.

Pure: messages in, messages out, state as JSON for a database row. There is no barrier: an answer is
used when it comes, older revisions are ignored, asking twice changes nothing. The settled result
equals the central replay of all the banks' ledgers together (specs: tracing §4.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from lachan.tracing.asked import Asked, Body, SeedReport, join, passed_on, reported, seed_item
from lachan.tracing.errors import PositionChanged
from lachan.tracing.inbound import Composition
from lachan.tracing.lines import wire
from lachan.tracing.model import Policy
from lachan.tracing.parts import taint_of, tainted
from lachan.tracing.purse import conserving
from lachan.tracing.sums import contradicts, missing

if TYPE_CHECKING:
    from lachan.tracing.settlement import FederatedResult

MAX_ITEMS: Final = 500
MAX_CREDITS: Final = 10_000  # transfers between banks that one trace follows
MAX_REV: Final = 32  # per credit: lines that contradict each other could go on for ever
MAX_OUTS: Final = 200  # transfers followed from one account
WRONG_SUMS: Final = "sums"


@dataclass(frozen=True, slots=True)
class AskOut:
    """One `trace_credit` to one bank. Asking again with the same body is harmless."""

    bank: str
    ask: Body


@dataclass
class TraceSession:
    """`start`, then `on_answer` for whatever comes; `result` at any time."""

    trace: str
    until: int | None
    policy: Policy = field(default_factory=Policy.usual)
    methods: tuple[str, ...] = field(default_factory=conserving)
    seeds: tuple[SeedReport, ...] = ()
    credits: dict[str, Asked] = field(default_factory=dict)
    answers: dict[str, Body] = field(default_factory=dict)  # bank to its latest answer
    revs: dict[str, int] = field(default_factory=dict)
    positions: dict[str, Any] = field(default_factory=dict)
    outstanding: dict[int, Body] = field(default_factory=dict)  # round to {bank, ask, keys}
    silent: dict[str, str] = field(default_factory=dict)  # bank to late | the refusal's reason
    refused: dict[str, str] = field(default_factory=dict)  # credit to reason
    rounds: int = 0
    most_credits: int = MAX_CREDITS

    # -- what comes in ---------------------------------------------------------------------------

    def start(self, seeds: Sequence[SeedReport]) -> list[AskOut]:
        """The first asks: each payee's bank follows the money, each payer's bank confirms it."""
        self.seeds = tuple(sorted(seeds, key=lambda one: (one.label, one.ref or "", one.amount)))
        payers = sorted(
            {one.payer_bank for one in self.seeds if one.payer_bank and one.payer_account}
        )
        asks = [ask for bank in payers for ask in self._ask_all(bank, [])]
        return [*asks, *self._next()]

    def on_answer(self, bank: str, answer: Body) -> list[AskOut]:
        """Merge an answer; returns what has to be asked because of it.

        Raises: PositionChanged, when the bank answered from another state of its ledger.
        """
        if answer["trace"] != self.trace:
            return []
        position = answer["ledger_position"]
        if self.positions.setdefault(bank, position) != position:
            raise PositionChanged(was=str(self.positions[bank]), now=str(position))
        asked = self.outstanding.get(answer["round"])
        if asked is None and self.silent.get(bank) == WRONG_SUMS:
            return []  # only what it is asked anew can set it right
        if asked is not None and asked["bank"] == bank:
            self._answered(answer["round"])
        distrusted = self.silent.pop(bank, None) == WRONG_SUMS
        rev = max((item["rev"] for item in answer["items"]), default=0)
        if rev > self.revs.get(bank, -1):
            self.revs[bank] = rev
            self.answers[bank] = answer
        if contradicts(self, bank, answer):
            self._distrust(bank)
        elif distrusted:  # an answer speaks of everything, so of what was asked anew as well
            for number in [n for n, one in self.outstanding.items() if one["bank"] == bank]:
                if self.outstanding[number].get("anew"):
                    self._answered(number)
        return self._next()

    def _answered(self, number: int) -> None:
        """The bank's stored answer takes into account what this round told it."""
        for key, rev in self.outstanding.pop(number)["keys"]:
            credit = self.credits.get(key)
            if credit is not None and credit.rev == rev:
                credit.settled = True
                credit.placed = {n: taint_of(one.parts) for n, one in credit.by_method.items()}

    def _distrust(self, bank: str) -> None:
        """Its sums cannot be: nothing of its word is used until it adds up, asked anew about everything (`again`)."""
        self.silent[bank] = WRONG_SUMS
        self.answers.pop(bank, None)
        self.revs.pop(bank, None)
        for number in [n for n, one in self.outstanding.items() if one["bank"] == bank]:
            del self.outstanding[number]
        mine = [key for key, credit in sorted(self.credits.items()) if credit.bank == bank]
        for key in mine:
            self.credits[key].settled, self.credits[key].placed = False, {}
        for ask in self._ask_all(bank, [key for key in mine if key not in self.refused]):
            self.outstanding[ask.ask["round"]]["anew"] = True

    def _ask_all(self, bank: str, keys: Sequence[str]) -> list[AskOut]:
        """Asks about a bank's seeds, then about credits, each within the size of a message."""
        seeds = [
            seed_item(one) for one in self.seeds if one.payer_bank == bank and one.payer_account
        ]
        asks = [
            self._ask(bank, seeds[at : at + MAX_ITEMS], [])
            for at in range(0, len(seeds), MAX_ITEMS)
        ]
        return asks + [
            self._ask(bank, self._items(keys[at : at + MAX_ITEMS]), keys[at : at + MAX_ITEMS])
            for at in range(0, len(keys), MAX_ITEMS)
        ]

    def on_late(self, bank: str) -> None:
        """No answer in time: its money stays in the frontier until the answer comes."""
        self.silent[bank] = "late"

    def on_refused(self, bank: str, items: Iterable[str] | None, reason: str) -> None:
        """A bank refuses, everything (None) or these accounts; their money is the frontier's."""
        accounts = None if items is None else set(items)
        if accounts is None:
            self.silent[bank] = reason
        for key, credit in self.credits.items():
            if credit.bank == bank and (accounts is None or credit.account in accounts):
                self.refused[key] = reason
        if accounts is None:  # else the rest of the ask is still to be answered
            for number in [n for n, one in self.outstanding.items() if one["bank"] == bank]:
                del self.outstanding[number]

    def again(self, bank: str | None = None) -> list[AskOut]:
        """Everything unanswered once more, word for word (all banks, or one)."""
        return [
            AskOut(one["bank"], one["ask"])
            for _, one in sorted(self.outstanding.items())
            if bank is None or one["bank"] == bank
        ]

    @property
    def settled(self) -> bool:
        """Nothing outstanding, nobody silent, nothing refused, nothing left out."""
        if self.outstanding or self.silent or self.refused:
            return False
        return not any(missing(self, bank) for bank in self.answers)

    def result(self) -> FederatedResult:
        """The trace as it stands."""
        from lachan.tracing.settlement import settlement  # noqa: PLC0415 - it reads this class

        return settlement(self)

    # -- what goes out ---------------------------------------------------------------------------

    def _next(self) -> list[AskOut]:
        """Asks for every credit whose composition differs from what its bank was last told."""
        wanted = self._wanted()
        for key, credit in self.credits.items():
            if key not in wanted and any(tainted(one.parts) for one in credit.by_method.values()):
                wanted[key] = credit.retracted()
        changed: dict[str, list[str]] = {}
        too_many = self._too_many()
        for key, want in sorted(wanted.items()):
            known = self.credits.get(key)
            if known is not None and (known.frozen or known.digest() == want.digest()):
                known.excess = want.excess
                continue
            self.credits[key] = self._to_tell(key, want, known, too_many)
            if key not in self.refused:
                changed.setdefault(want.bank, []).append(key)
        return [
            self._ask(bank, self._items(keys[at : at + MAX_ITEMS]), keys[at : at + MAX_ITEMS])
            for bank, keys in sorted(changed.items())
            for at in range(0, len(keys), MAX_ITEMS)
        ]

    def _to_tell(self, key: str, want: Asked, known: Asked | None, too_many: set[str]) -> Asked:
        """What is sent of a credit: its new composition, or none of it past a limit."""
        if known is None:
            if len(self.credits) >= self.most_credits or key in too_many:
                self.refused[key] = "limit"
                return want
            return want.tell(None)
        if known.rev < MAX_REV:
            return want.tell(known)
        # Lines that contradict each other could go on for ever: the bank is told that the money is
        # clean, once, and all of it stands in the frontier from now on (§4.2).
        last = want.retracted().tell(known)
        last.frozen = True
        return last

    def _too_many(self) -> set[str]:
        """Credits past the number that is followed from one account, the least tainted of it first (§4.4)."""
        past: set[str] = set()
        for bank, answer in self.answers.items():
            for item in answer["items"]:
                if len(item["out"]) > MAX_OUTS:
                    outs = [passed_on(bank, out) for out in item["out"] if _goes_on(bank, out)]
                    by_taint = sorted(outs, key=lambda one: (-one.tainted, one.key))
                    past |= {one.key for one in by_taint[MAX_OUTS:]}
        return past

    def _wanted(self) -> dict[str, Asked]:
        """Every credit that the answers and the reports together speak of."""
        wanted: dict[str, Asked] = {}
        for seed in self.seeds:
            if not seed.inside and not self.confirmed(seed):
                join(wanted, reported(seed, self.methods))
        for bank, answer in self.answers.items():
            for item in answer["items"]:
                for out in item["out"]:
                    if _goes_on(bank, out):
                        join(wanted, passed_on(bank, out))
        return wanted

    def wanted(self, key: str) -> Asked | None:
        """What the answers and the reports say of a credit now, whatever its bank was told."""
        return self._wanted().get(key)

    def confirmed(self, seed: SeedReport) -> bool:
        """The payer's bank has found the transfer, so that its word replaces the report's."""
        return self.seed_state(seed) in {"FOUND", "AMBIGUOUS"}

    def seed_state(self, seed: SeedReport) -> str | None:
        """What the payer's bank said; None before its answer."""
        for item in self.answers.get(seed.payer_bank, {"items": []})["items"]:
            if item["account"] == seed.payer_account:
                for label, ref, state, _ in (item.get("extra") or {}).get("seeds", ()):
                    if (label, ref) == (seed.label, seed.ref):
                        return str(state)
        return None

    def _items(self, keys: Sequence[str]) -> list[Body]:
        items: list[Body] = []
        for key in keys:
            credit = self.credits[key]
            layers = sorted({one.layer for one in credit.by_method.values()})
            for layer in layers:  # methods that differ in the layer travel as two items
                chosen = {n: one for n, one in credit.by_method.items() if one.layer == layer}
                item: Body = {
                    "account": credit.account,
                    "credit": credit.credit,
                    "layer": layer,
                    "rev": credit.rev,
                    "parts": {n: [list(part) for part in one.parts] for n, one in chosen.items()},
                }
                restored = {n: one.restored for n, one in chosen.items() if one.restored}
                if restored:
                    item["restored"] = restored
                if credit.reverses is not None:
                    item["reverses"] = credit.reverses
                items.append(item)
        return items

    def _ask(self, bank: str, items: list[Body], keys: Sequence[str]) -> AskOut:
        self.rounds += 1
        homes: dict[str, list[str]] = {}
        for seed in self.seeds:
            if seed.payer_bank == bank and seed.payer_account:
                accounts = homes.setdefault(seed.label, [])
                if seed.payer_account not in accounts:
                    accounts.append(seed.payer_account)
        ask: Body = {
            "trace": self.trace,
            "round": self.rounds,
            "methods": list(self.methods),
            "policy": self.policy.to_json(),
            "until": wire(self.until),
            "items": items,
            "home": {label: sorted(homes[label]) for label in sorted(homes)},
        }
        self.outstanding[self.rounds] = {
            "bank": bank,
            "ask": ask,
            "keys": [[key, self.credits[key].rev] for key in keys],
        }
        return AskOut(bank, ask)

    # -- a row in a database ---------------------------------------------------------------------

    def to_json(self) -> Body:
        """Everything, as JSON."""
        return {
            "trace": self.trace,
            "until": self.until,
            "policy": asdict(self.policy),
            "methods": list(self.methods),
            "seeds": [asdict(seed) for seed in self.seeds],
            "credits": {
                key: {
                    "bank": one.bank,
                    "account": one.account,
                    "credit": one.credit,
                    "by_method": {n: part.to_json() for n, part in one.by_method.items()},
                    "reverses": one.reverses,
                    "rev": one.rev,
                    "settled": one.settled,
                    "placed": one.placed,
                    "most": one.most,
                    "excess": one.excess,
                    "frozen": one.frozen,
                }
                for key, one in self.credits.items()
            },
            "answers": self.answers,
            "revs": self.revs,
            "positions": self.positions,
            "outstanding": {str(number): one for number, one in self.outstanding.items()},
            "silent": self.silent,
            "refused": self.refused,
            "rounds": self.rounds,
            "most_credits": self.most_credits,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """From `to_json()`."""
        told = {}
        for key, row in body["credits"].items():
            by_method = {n: Composition.from_json(one) for n, one in row["by_method"].items()}
            told[key] = Asked(**{**row, "by_method": by_method})
        return cls(
            trace=body["trace"],
            until=body["until"],
            policy=Policy(**body["policy"]),
            methods=tuple(body["methods"]),
            seeds=tuple(SeedReport(**seed) for seed in body["seeds"]),
            credits=told,
            answers=dict(body["answers"]),
            revs=dict(body["revs"]),
            positions=dict(body["positions"]),
            outstanding={int(number): one for number, one in body["outstanding"].items()},
            silent=dict(body["silent"]),
            refused=dict(body["refused"]),
            rounds=body["rounds"],
            most_credits=body["most_credits"],
        )


def _goes_on(bank: str, out: Body) -> bool:
    return out["to_bank"] not in (None, bank) and bool(out["to_account"])
