"""One method's books: what each leg of an event does to them (specs: tracing §1.4).

A central replay applies both legs of an event at once; a bank applies the legs that are its own and
gets the other's composition by message. So the two share every rule in this file.
"""

from __future__ import annotations

from collections import defaultdict

from lachan.tracing.legs import Diverted, Held, Outgoing, Pot, Rules, Sums, add
from lachan.tracing.model import EXITS, EventRow, Seed
from lachan.tracing.parts import Part, cleaned, merged, shared, taint_of, tainted, total
from lachan.tracing.purse import Method, Purse


class Books:
    """Every account's state under one method, and what has left the accounts."""

    def __init__(self, method: Method, rules: Rules) -> None:
        self.method = method
        self.rules = rules
        self.purses: dict[str, Purse] = {}  # accounts from their first tainted credit on
        self.balances: dict[str, int] = {}  # accounts before it: all their history is one number
        self.pots: dict[tuple[str, str], Pot] = {}
        self.exits: dict[Held, dict[str, int]] = defaultdict(dict)
        self.frontier: Sums = defaultdict(dict)
        self.truncated: dict[Held, dict[str, int]] = defaultdict(dict)
        self.flows: Sums = {}
        self.parts: dict[str, list[Part]] = {}
        self.layers: dict[str, int] = {}
        self.relabels: list[tuple[str, str, int]] = []
        self.diverted: list[Diverted] = []  # what left the way of its event
        self.entered: dict[str, list[Part]] = {}  # parts as entered, not yet reversed

    # -- debit -----------------------------------------------------------------------------------

    def debit(self, row: EventRow) -> Outgoing:
        """Steps 1 and 2: the debit and the fee; flows are recorded."""
        seeds = self.rules.seeds.get(row.id, ())
        if row.reverses is not None and row.id not in self.rules.bad_reversals and not seeds:
            out = self._reverse(row, row.reverses)
        elif seeds:
            out = Outgoing(row.amount, self._seeded(row, seeds))
        else:
            out = Outgoing(row.amount, self._leave(row, row.amount))
        self.record(row.id, out)
        if row.fee:
            self.charge(row, row.fee)
        return out

    def charge(self, row: EventRow, fee: int) -> None:
        """A second debit right after the event's own; what it takes is gone."""
        moved = taint_of(self._leave(row, fee))
        if moved:
            self.flows[f"{row.id}#fee"] = dict(sorted(moved.items()))
            add(self.exits[row.src or "", "FEE"], moved)
            self.diverted.append((row.id, row.src or "", "FEE", moved))

    def record(self, event: str, out: Outgoing) -> None:
        """Note the taint that an event moves."""
        flow = taint_of(out.all)
        if flow:
            self.flows[event] = dict(sorted(flow.items()))
            if self.method.keeps_order:
                self.parts[event] = merged(out.all)

    def layer_of(self, row: EventRow) -> int | None:
        """How many accounts the money of this event has been through; None: not known to matter."""
        if row.src is None:
            return None
        if self.rules.kind(row.src) == "transit":
            pot = self.pots.get(self._pot_of_debit(row.src, row))
            return None if pot is None else pot.layer
        return self.layers.get(row.src)

    def _leave(self, row: EventRow, amount: int) -> list[Part]:
        src = row.src
        if src is None:
            return [(None, amount)]
        purse = self.purses.get(src)
        if purse is not None:
            return purse.debit(amount)
        kind = self.rules.kind(src)
        if kind == "transit":
            pot = self.pots.get(self._pot_of_debit(src, row))
            return [(None, amount)] if pot is None else _debit_pot(pot.purse, amount)
        if kind != "unknown" and kind not in EXITS:
            self.balances[src] = self._balance(src) - amount
        return [(None, amount)]

    def _seeded(self, row: EventRow, seeds: tuple[Seed, ...]) -> list[Part]:
        """The victims' money by declaration, then an ordinary debit of what the event is above it."""
        declared = sum(seed.amount for seed in seeds)
        purse = self._source(row)
        if purse is None:
            self._leave(row, declared)
        else:
            moved = taint_of(purse.debit_clean_first(declared))
            if purse.balance < 0 and row.src is not None and self.rules.kind(row.src) == "transit":
                purse.balance = 0
            for victim, amount in sorted(moved.items()):
                self.relabels.append((row.id, victim, amount))
            add(self.exits[row.src or "", "RELABELLED"], moved)
            if moved:
                self.diverted.append((row.id, row.src or "", "RELABELLED", moved))
        labelled: list[Part] = [(seed.victim, seed.amount) for seed in seeds]
        rest = row.amount - declared
        return merged([*labelled, *(self._leave(row, rest) if rest else ())])

    def _reverse(self, row: EventRow, original: str) -> Outgoing:
        """Give back the original's parts as far as they are there; the shortage is an ordinary debit."""
        kind = self.rules.kind(row.src)
        from_bucket = row.src is None or kind in EXITS or kind == "unknown"
        if not self.method.conserving and not from_bucket:
            return Outgoing(row.amount, self._leave(row, row.amount))
        wanted = self._reversed_share(original, row.amount)
        purse = self._source(row)
        if from_bucket:
            restored = self._out_of_bucket(row, wanted)
        elif purse is not None:
            restored = purse.take(wanted)
        else:  # never tainted: its clean money, as far as it goes
            clean = min(total(wanted), max(0, self._balance(row.src or "")))
            self._leave(row, clean)
            restored = [(None, clean)] if clean else []
        shortage = row.amount - total(restored)
        if not self.method.conserving:
            shortage = max(0, shortage)
        return Outgoing(row.amount, self._leave(row, shortage) if shortage > 0 else [], restored)

    def _reversed_share(self, original: str, amount: int) -> list[Part]:
        left = self.entered.get(original, [])
        if self.method.conserving:
            shares = shared(min(amount, total(left)), [size for _, size in left])
        else:
            shares = [min(amount, size) for _, size in left]
        self.entered[original] = [
            (label, size - share) for (label, size), share in zip(left, shares, strict=True)
        ]
        return [(label, share) for (label, _), share in zip(left, shares, strict=True) if share]

    def _out_of_bucket(self, row: EventRow, wanted: list[Part]) -> list[Part]:
        if row.src is not None and self.rules.kind(row.src) == "unknown":
            bucket = self.frontier[row.src]
        else:
            bucket = self.exits[row.dst or "", row.src or "OUTSIDE"]
        got: list[Part] = []
        for label, amount in wanted:
            there = amount if label is None else min(amount, bucket.get(label, 0))
            if label is not None and there:
                add(bucket, {label: -there})
            if there:
                got.append((label, there))
        return got

    def _source(self, row: EventRow) -> Purse | None:
        if row.src is None:
            return None
        if self.rules.kind(row.src) == "transit":
            pot = self.pots.get(self._pot_of_debit(row.src, row))
            return None if pot is None else pot.purse
        return self.purses.get(row.src)

    # -- between the legs ------------------------------------------------------------------------

    def capped(self, row: EventRow, out: Outgoing) -> Outgoing:
        """Step 3: what is too far, too small or too thin to follow stops here, as an amount."""
        why = self._cap(row, out)
        if why is None:
            return out
        add(self.truncated[row.src or "", why], taint_of(out.all))
        self.diverted.append((row.id, row.dst or "", why, taint_of(out.all)))
        return Outgoing(out.amount, [(None, out.amount)])

    def _cap(self, row: EventRow, out: Outgoing) -> str | None:
        policy = self.rules.policy
        to = self.rules.kind(row.dst)
        moved = tainted(out.all)
        if not moved or row.id in self.rules.seeds or row.dst is None or to in EXITS:
            return None
        if row.reverses is not None and row.id not in self.rules.bad_reversals:
            return None
        if policy.max_hops is not None and to != "transit":
            layer = self.layer_of(row)
            if layer is not None and layer >= policy.max_hops:
                return "hops"
        if not self.method.conserving:  # marks of several victims lie over each other
            moved = max(taint_of(out.all).values())
        if moved < policy.dust:
            return "dust"
        if self.method.conserving and moved * 1_000_000 < policy.min_share_ppm * row.amount:
            return "share"
        return None

    # -- credit ----------------------------------------------------------------------------------

    def credit(self, row: EventRow, out: Outgoing, layer: int | None) -> None:
        """Steps 4 and 5: home, then the receiver. layer: the sender's, as in `layer_of`."""
        dst = row.dst
        out = self._home(row, out)
        if row.id in self.rules.reversed_events:
            self.entered[row.id] = out.all
        kind = self.rules.kind(dst)
        carries = any(label is not None for label, _ in out.all)
        if dst is None or kind in EXITS:
            if carries:
                add(self.exits[row.src or "", dst or "OUTSIDE"], taint_of(out.all))
        elif kind == "unknown":
            if carries:
                add(self.frontier[dst], taint_of(out.all))
                self._lower_layer(dst, row, layer)
        elif kind == "transit":
            key = self._pot_of_credit(dst, row)
            pot = self.pots.setdefault(key, Pot(self.method.open(0)))
            if carries and layer is not None:
                pot.layer = layer if pot.layer is None else min(pot.layer, layer)
            elif carries and row.id in self.rules.seeds:
                pot.layer = 0
            self._receive(pot.purse, out)
        else:
            self._credit_account(dst, row, out, layer, carries=carries)

    def _credit_account(
        self, dst: str, row: EventRow, out: Outgoing, layer: int | None, *, carries: bool
    ) -> None:
        purse = self.purses.get(dst)
        if purse is None:
            if not carries:
                self.balances[dst] = self._balance(dst) + out.amount
                return
            purse = self.purses[dst] = self.open(dst)
        if carries:
            self._lower_layer(dst, row, layer)
        swallowed = taint_of(self._receive(purse, out))
        if swallowed:
            add(self.exits[dst, "OVERDRAFT"], swallowed)
            self.diverted.append((row.id, dst, "OVERDRAFT", swallowed))

    def open(self, account: str) -> Purse:
        """The state from here on; everything earlier is the balance (specs: tracing §1.5)."""
        return self.method.open(self.balances.pop(account, self.rules.opening(account)))

    def _receive(self, purse: Purse, out: Outgoing) -> list[Part]:
        if not self.method.conserving:
            return purse.credit(out.all, out.amount)
        back = total(out.restored)
        swallowed = purse.restore(out.restored, back) if back else []
        return [*swallowed, *purse.credit(out.parts, out.amount - back)]

    def _home(self, row: EventRow, out: Outgoing) -> Outgoing:
        dst = row.dst
        own = self.rules.homes.get(dst or "")
        if not own:
            return out
        returned = {label: n for label, n in taint_of(out.all).items() if label in own}
        if not returned:
            return out
        add(self.exits[dst or "", "RETURNED"], returned)
        self.diverted.append((row.id, dst or "", "RETURNED", returned))
        if not self.method.conserving:  # marks are not sums: the credit keeps its amount
            kept = [(label, n) for label, n in out.all if label not in own]
            return Outgoing(out.amount, kept)
        return Outgoing(out.amount, cleaned(out.parts, own), cleaned(out.restored, own))

    def _lower_layer(self, node: str, row: EventRow, layer: int | None) -> None:
        if row.id in self.rules.seeds:
            layer = 0
        if layer is not None:
            self.layers[node] = min(self.layers.get(node, layer + 1), layer + 1)

    # -- shared ----------------------------------------------------------------------------------

    def _balance(self, account: str) -> int:
        balance = self.balances.get(account)
        return self.rules.opening(account) if balance is None else balance

    def _pot_of_debit(self, node: str, row: EventRow) -> tuple[str, str]:
        """By reference; a reversal looks where its original went."""
        meant = row.reverses is not None and row.id not in self.rules.bad_reversals
        if row.reverses is not None and meant and row.reverses in self.rules.reversed_events:
            link = self.rules.reversed_events[row.reverses]
            return node, f"#{row.reverses}" if link is None else f"={link}"
        return node, f"#{row.id}" if row.link is None else f"={row.link}"

    def _pot_of_credit(self, node: str, row: EventRow) -> tuple[str, str]:
        """By reference; what has none waits alone."""
        link = row.link or self.rules.reversed_events.get(row.reverses or "")
        return node, f"#{row.id}" if link is None else f"={link}"


def _debit_pot(purse: Purse, amount: int) -> list[Part]:
    """A pot lends nothing: what it does not hold is clean, and it is never negative."""
    parts = purse.debit(amount)
    purse.balance = max(purse.balance, 0)
    return parts
