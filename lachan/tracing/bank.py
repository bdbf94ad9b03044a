"""A bank's side of a federated trace: ask in, answer out, nothing else leaves (specs: tracing §4.1).

State is what it was asked (JSON-able), so that a restart forgets nothing. Every answer is a replay of
the bank's own lines with everything it has been told; equal knowledge gives an equal answer.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import Any

from lachan.tracing.branch import Branch, Out, Start
from lachan.tracing.errors import PositionChanged
from lachan.tracing.finding import Finder
from lachan.tracing.inbound import Composition, Inbound
from lachan.tracing.legs import Sums, add
from lachan.tracing.lines import BankLedgerPort, Line, seconds, wire
from lachan.tracing.model import Policy, Seed, canonical_bytes
from lachan.tracing.parts import taint_of, tainted

Body = dict[str, Any]


class BankTrace:
    """One trace at one bank. `answer` for every ask, in whatever order they come."""

    def __init__(self) -> None:
        self._inbound: Inbound | None = None
        self._position: int | None = None
        self._rev = 0
        self._digest = ""

    def answer(self, ask: Body, ledger: BankLedgerPort) -> Body:
        """The answer's body in the field names of §4.1.

        Raises: PositionChanged, when the ledger now ends before where this trace began.
        """
        if self._inbound is None:
            self._inbound = Inbound(
                trace=ask["trace"],
                methods=tuple(ask["methods"]),
                policy=dict(ask["policy"]),
                until=seconds(ask.get("until")),
            )
            self._position = ledger.position()
        position = self._position or 0
        if ledger.position() < position:
            raise PositionChanged(was=str(position), now=str(ledger.position()))
        self._inbound.take(ask)
        items = _Answer(self._inbound, ledger, position).items()
        digest = _digest(items)
        if digest != self._digest:
            self._digest = digest
            self._rev += 1
        for item in items:
            item["digest"] = _digest([item])
            item["rev"] = self._rev
        return {
            "trace": ask["trace"],
            "round": ask["round"],
            "ledger_position": position,
            "items": items,
        }

    def state(self) -> Body:
        """Everything to keep, as JSON."""
        return {
            "inbound": None if self._inbound is None else self._inbound.to_json(),
            "position": self._position,
            "rev": self._rev,
            "digest": self._digest,
        }

    @classmethod
    def restore(cls, state: Body) -> BankTrace:
        """From `state()`."""
        trace = cls()
        if state["inbound"] is not None:
            trace._inbound = Inbound.from_json(state["inbound"])
        trace._position = state["position"]
        trace._rev = state["rev"]
        trace._digest = state["digest"]
        return trace


class _Answer:
    """Builds one answer: find the lines, run each method, collect per account."""

    def __init__(self, inbound: Inbound, ledger: BankLedgerPort, position: int) -> None:
        self.inbound = inbound
        self.ledger = ledger
        self.position = position
        find = Finder(ledger, position, inbound.until)
        self.credits = {key: find.credit(one) for key, one in sorted(inbound.credits.items())}
        self.seeds = {key: find.seed(one) for key, one in sorted(inbound.seeds.items())}

    def items(self) -> list[Body]:
        branches = {method: self._branch(method) for method in self.inbound.methods}
        accounts: dict[str, Body] = {}
        for account in sorted(self.inbound.accounts()):
            accounts[account] = self._blank(account)
        for method, branch in branches.items():
            self._collect(method, branch, accounts)
        for account, item in accounts.items():
            self._conclude(account, item)
        return [accounts[account] for account in sorted(accounts)]

    # -- replay ----------------------------------------------------------------------------------

    def _branch(self, method: str) -> Branch:
        coming: dict[str, tuple[str, Line, Composition]] = {}
        seeds: dict[str, list[Seed]] = defaultdict(list)
        seeded: list[tuple[str, int]] = []
        start = Start(
            credits=coming,
            seeds=seeds,  # type: ignore[arg-type]  # filled below, before anything runs
            seeded=seeded,
            homes={name: frozenset(labels) for name, labels in self.inbound.homes.items()},
            policy=Policy(**self.inbound.policy),
            until=self.inbound.until,
            position=self.position,
        )
        branch = Branch(method, self.ledger, start)
        for key, located in self.credits.items():
            credit = self.inbound.credits[key]
            brings = credit.by_method.get(method)
            if located.line is not None and brings is not None:
                event = branch.event(credit.account, located.line)
                if event in coming and not tainted(brings.parts):
                    continue  # one line asked about under two names: the retracted one yields
                coming[event] = (credit.account, located.line, brings)
        for key, located in self.seeds.items():
            seed = self.inbound.seeds[key]
            if located.line is not None:
                event = branch.event(seed.account, located.line)
                seeds[event].append(Seed(seed.label, event, seed.amount))
                seeded.append((seed.account, located.line.order))
        for of_event in seeds.values():
            of_event.sort(key=lambda seed: (seed.victim, seed.amount))
        branch.run()
        return branch

    # -- what is disclosed -----------------------------------------------------------------------

    def _collect(self, method: str, branch: Branch, accounts: dict[str, Body]) -> None:
        books = branch.books
        left = {account: purse.taint() for account, purse in books.purses.items()}
        for account, taint in left.items():
            item = self._item(accounts, account)
            item["residual"].update({method: dict(sorted(taint.items()))} if taint else {})
            item["extra"]["layers"].update(
                {method: books.layers[account]} if account in books.layers else {}
            )
        for table, held in (("exits", books.exits), ("truncated", books.truncated)):
            for (account, name), sums in sorted(held.items()):
                if sums:
                    rows = self._item(accounts, account)[table].setdefault(method, {})
                    rows[name.removeprefix("@")] = dict(sorted(sums.items()))
        for account, sums in sorted(self._pending(method, branch).items()):
            if sums:
                self._item(accounts, account)["pending"][method] = dict(sorted(sums.items()))
        for out in branch.outs:
            _disclose(self._item(accounts, out.account)["out"], method, out)
        for event, victim, amount in books.relabels:
            account, ref = event.split(">", 1)[0], event.rsplit("#", 1)[1]
            relabels = self._item(accounts, account)["extra"]["relabels"]
            relabels.setdefault(method, []).append([ref, victim, amount])

    def _pending(self, method: str, branch: Branch) -> Sums:
        """Pots, credits whose line is not there, transfers inside the bank without a second leg."""
        pending: Sums = defaultdict(dict)
        for (account, _), pot in branch.books.pots.items():
            add(pending[account], pot.purse.taint())
        for account, out, _ in branch.undelivered.values():
            add(pending[account], taint_of(out.all))
        for key, located in self.credits.items():
            credit = self.inbound.credits[key]
            brings = credit.by_method.get(method)
            if located.line is None and brings is not None:
                add(pending[credit.account], taint_of(brings.parts))
        return pending

    def _item(self, accounts: dict[str, Body], account: str) -> Body:
        item = accounts.get(account)
        if item is None:
            item = accounts[account] = self._blank(account)
        return item

    def _blank(self, account: str) -> Body:
        return {
            "account": account,
            "rev": 0,
            "digest": "",
            "link": {},
            "residual": {},
            "holdable": 0,
            "bands": {},
            "exits": {},
            "pending": {},
            "truncated": {},
            "out": [],
            "covers": None,
            "order_uncertain": [],
            "state": "FOUND",
            "extra": {"layers": {}, "relabels": {}, "seeds": []},
        }

    def _conclude(self, account: str, item: Body) -> None:
        states: list[str] = []
        for key, located in self.credits.items():
            credit = self.inbound.credits[key]
            retracted = not any(tainted(one.parts) for one in credit.by_method.values())
            if credit.account == account and not retracted:
                states.append(located.state)
                item["link"][credit.ref or key] = located.quality
        for key, located in self.seeds.items():
            seed = self.inbound.seeds[key]
            if seed.account == account:
                states.append(located.state)
                ref = None if located.line is None else located.line.ref
                item["extra"]["seeds"].append([seed.label, seed.ref, located.state, ref])
        item["state"] = _overall(states)
        most = max((sum(sums.values()) for sums in item["residual"].values()), default=0)
        item["holdable"] = max(0, min(self.ledger.available(account), most)) if most else 0
        item["bands"] = dict(sorted(self.ledger.bands(account, most).items())) if most else {}
        covers = self.ledger.covers(account)
        if covers is not None:
            item["covers"] = {"from": wire(covers[0]), "to": wire(covers[1])}
        item["order_uncertain"] = sorted(set(item["order_uncertain"]))
        item["out"].sort(key=lambda out: (out["time"], out["seq"] or 0, out["ref"], out["layer"]))
        item["extra"] = {name: value for name, value in item["extra"].items() if value}
        uncertain = {out["ref"] for out in item["out"] if out.pop("uncertain")}
        item["order_uncertain"] = sorted(uncertain)


def _disclose(rows: list[Body], method: str, out: Out) -> None:
    """Join a method's tainted debit to the same transfer of the other methods with the same layer."""
    line = out.line
    for row in rows:
        same = (row["ref"], row["layer"], row["to_bank"], row["to_account"], row["amount"])
        if same == (line.ref, out.layer, line.peer_bank, line.peer_account, -line.amount):
            break
    else:
        row = {
            "ref": line.ref,
            "to_bank": line.peer_bank,
            "to_account": line.peer_account,
            "amount": -line.amount,
            "time": wire(line.time),
            "seq": line.seq,
            "layer": out.layer,
            "parts": {},
            "uncertain": line.order_uncertain,
        }
        if line.peer_bank is None:
            row["kind"] = line.kind
        if line.reverses is not None:
            row["reverses"] = line.reverses
        rows.append(row)
    row["parts"][method] = [list(part) for part in out.parts]
    if out.restored:
        row.setdefault("restored", {})[method] = out.restored


def _overall(states: list[str]) -> str:
    kinds = set(states)
    if len(kinds) == 1:
        return kinds.pop()
    if not kinds:
        return "FOUND"
    return "PARTIAL" if "NOT_FOUND" in kinds else "AMBIGUOUS"


def _digest(items: list[Body]) -> str:
    bare = [{k: v for k, v in item.items() if k not in {"rev", "digest"}} for item in items]
    return hashlib.blake2b(canonical_bytes(bare), digest_size=16).hexdigest()
