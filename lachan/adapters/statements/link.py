"""Join the two lines of each transfer, and build one ledger (tracing.md §§1.1, 1.2, 4.3, 6).

Each account's own line order is authoritative. A transfer whose other line nobody sent leads to a
node of kind `unknown`, named after the other side: what lies behind it is the next statement to ask for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from lachan.adapters.statements.chains import Step, in_total_order
from lachan.adapters.statements.lines import EXACT, Line
from lachan.adapters.statements.merge import Book

SKEW = 120  # seconds between the clocks of two banks (tracing.md §4.3)
DAY = 86_400
ICT_OFFSET = 7 * 3600
BY_AMOUNT, BEST_OF_SEVERAL = 90, 60  # hundredths (tracing.md §1.7)
EXITS = {"cash": "CASH", "merchant": "MERCHANT"}

Index = dict[tuple[int, str | None], list[tuple[str, Line]]]


@dataclass(slots=True)
class Linked:
    """A ledger object of tracing.md §1.1 without seeds, and what the report says beside it."""

    ledger: dict[str, Any]
    quality: dict[str, int]  # event → hundredths
    uncertain: list[str] = field(default_factory=list)  # events of rings that no order satisfies
    unreversed: list[str] = field(default_factory=list)  # reversals taken as ordinary transfers
    banks: dict[str, str] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def link(book: Book, kinds: dict[str, str] | None = None) -> Linked:
    """Join and order. kinds: node → kind, as told by the user (`--kind POOL=transit`)."""
    return _Linker(book, kinds or {}).run()


class _Linker:
    def __init__(self, book: Book, kinds: dict[str, str]) -> None:
        self.book, self.kinds = book, kinds
        self.banks = {one.name: one.bank for one in book.accounts.values() if one.bank}
        self.nodes: dict[str, str] = {
            name: kinds.get(name, "account") for name in book.accounts
        } | kinds
        self.steps: list[Step] = []
        self.of_line: dict[tuple[str, int], Step] = {}
        self.ids: Counter[str] = Counter()
        self.pairs: dict[tuple[str, int], tuple[str, Line, int]] = {}
        self.credited: set[tuple[str, int]] = set()

    def run(self) -> Linked:
        self._pair()
        for name, account in self.book.accounts.items():
            for line in account.lines:
                key = (name, line.sequence)
                if key in self.credited:
                    continue  # its debit brings it
                if line.kind == "fee" and line.amount < 0 and self._attach_fee(name, line):
                    continue
                self._step(name, line, self.pairs.get(key))
        self._name_reversals()
        ordered, uncertain = in_total_order(self.steps)
        plain = self._keep_earlier(ordered)
        accounts = {
            name: {"opening": self._opening(name), "kind": kind}
            for name, kind in sorted(self.nodes.items())
        }
        events = [self._event(step, place) for place, step in enumerate(ordered, start=1)]
        return Linked(
            ledger={"name": "statements", "accounts": accounts, "events": events, "seeds": []},
            quality={step.id: step.quality for step in ordered},
            uncertain=[step.id for step in uncertain],
            unreversed=plain,
            banks=self.banks,
            refs={step.id: step.ref for step in ordered if step.ref},
            texts={step.id: step.text for step in ordered if step.text},
        )

    def _opening(self, name: str) -> int:
        account = self.book.accounts.get(name)
        return (account.opening or 0) if account else 0

    def _resolve(self, name: str, line: Line) -> str | None:
        """The ledger name of the other side that a line names; itself is no other side."""
        if line.peer is None:
            return None
        other = self.book.name(line.peer, line.peer_bank)
        return None if other == name else other

    def _pair(self) -> None:
        """Debit → (account, credit line, quality): by reference, then by account, amount and time."""
        rows = [(name, x) for name, one in self.book.accounts.items() for x in one.lines]
        rows.sort(key=lambda row: (row[1].time, row[0], row[1].sequence))
        by_ref: Index = {}
        by_owner: Index = {}
        by_payer: Index = {}
        for name, line in rows:
            if line.amount > 0:
                payer = self._resolve(name, line)
                by_ref.setdefault((line.amount, line.ref), []).append((name, line))
                by_owner.setdefault((line.amount, name), []).append((name, line))
                by_payer.setdefault((line.amount, payer), []).append((name, line))
        for use_reference in (True, False):
            for name, debit in rows:
                told = self._resolve(name, debit)
                paired = (name, debit.sequence) in self.pairs
                if debit.amount > 0 or paired or debit.kind == "fee" or self._transit(told):
                    continue
                if use_reference:
                    fits = self._free(by_ref, -debit.amount, debit.ref, name) if debit.ref else []
                    found = _nearest(debit, fits, EXACT)
                else:
                    index, owner = (by_owner, told) if told else (by_payer, name)
                    found = self._by_party(
                        name, debit, self._free(index, -debit.amount, owner, name)
                    )
                if found:
                    self.pairs[name, debit.sequence] = found
                    self.credited.add((found[0], found[1].sequence))

    def _transit(self, node: str | None) -> bool:
        """A pot joins by its own link, so its two sides are not paired here."""
        return self.kinds.get(node or "") == "transit"

    def _free(
        self, index: Index, amount: int, key: str | None, name: str
    ) -> list[tuple[str, Line]]:
        return [
            (other, line)
            for other, line in index.get((amount, key), ())
            if other != name and (other, line.sequence) not in self.credited
        ]

    def _by_party(
        self, name: str, debit: Line, free: list[tuple[str, Line]]
    ) -> tuple[str, Line, int] | None:
        fits = [
            (other, credit)
            for other, credit in free
            if self._resolve(other, credit) in {None, name} and _close(debit, credit)
        ]
        if len(fits) == 1:
            return (*fits[0], min(BY_AMOUNT, debit.quality, fits[0][1].quality))
        return _nearest(debit, fits, BEST_OF_SEVERAL)

    def _step(self, name: str, line: Line, pair: tuple[str, Line, int] | None) -> None:
        peer = self._resolve(name, line)
        other = pair[1] if pair else line
        lines = ((name, line.sequence),) + (((pair[0], other.sequence),) if pair else ())
        if line.amount < 0:
            src: str | None = name
            dst = pair[0] if pair else self._sink(name, line, peer)
        else:
            src, dst = self._source(peer), name
        step = Step(
            id=self._id(name, line, other),
            src=src,
            dst=dst,
            amount=abs(line.amount),
            time=line.time if line.has_clock else other.time,
            lines=lines,
            quality=pair[2] if pair else (line.quality if peer else EXACT),
            ref=line.ref or other.ref or line.local_ref,
            text=line.text or other.text,
            reversal="reversal" in {line.kind, other.kind},
        )
        if "transit" in {self.nodes.get(src or ""), self.nodes.get(dst or "")}:
            step.link = line.link or line.ref
        self.steps.append(step)
        for key in step.lines:
            self.of_line[key] = step

    def _sink(self, name: str, line: Line, peer: str | None) -> str | None:
        if line.kind in EXITS and peer is None:
            node = EXITS[line.kind]
            self.nodes.setdefault(node, line.kind)
            return node
        if line.kind in {"fee", "interest"}:
            return None
        node = peer or f"{name}/?"
        if node in self.book.accounts:
            node = f"{node}?"  # it has a statement, but this credit is not in it
        self.nodes.setdefault(node, "unknown")
        if line.peer_bank:
            self.banks.setdefault(node, line.peer_bank)
        return node

    def _source(self, peer: str | None) -> str | None:
        if peer is None or peer in self.book.accounts:
            return None
        self.nodes.setdefault(peer, "unknown")
        return peer

    def _attach_fee(self, name: str, line: Line) -> bool:
        """A fee right behind its principal, with the same reference, is that event's fee."""
        before = self.of_line.get((name, line.sequence - 1))
        principal = self.book.accounts[name].lines[line.sequence - 1] if line.sequence else None
        refs = {line.ref, line.local_ref} - {None}
        if before is None or principal is None or principal.amount > 0 or before.fee:
            return False
        if not refs & {principal.ref, principal.local_ref}:
            return False
        before.fee = -line.amount
        before.lines = (*before.lines, (name, line.sequence))
        self.of_line[(name, line.sequence)] = before
        return True

    def _name_reversals(self) -> None:
        """A reversal names the one transfer of the same reference that went the other way."""
        by_ref: dict[str, list[Step]] = {}
        for step in self.steps:
            if step.ref and not step.reversal:
                by_ref.setdefault(step.ref, []).append(step)
        for step in self.steps:
            if not step.reversal:
                continue
            back = [one for one in by_ref.get(step.ref or "", ()) if _goes_back(step, one)]
            if len(back) == 1:
                step.src, step.dst, step.reverses = back[0].dst, back[0].src, back[0].id

    def _keep_earlier(self, ordered: list[Step]) -> list[str]:
        """Reversals without an earlier transfer are ordinary transfers, and are named."""
        seen: set[str] = set()
        plain: list[str] = []
        for step in ordered:
            if step.reversal and step.reverses not in seen:
                step.reverses = None
                plain.append(step.id)
            seen.add(step.id)
        return plain

    def _id(self, name: str, line: Line, other: Line) -> str:
        plain = line.ref or other.ref or f"{name}#{line.sequence + 1}"
        self.ids[plain] += 1
        return plain if self.ids[plain] == 1 else f"{plain}~{self.ids[plain]}"

    def _event(self, step: Step, place: int) -> dict[str, Any]:
        event: dict[str, Any] = {
            "id": step.id, "time": step.time, "seq": place,
            "src": step.src, "dst": step.dst, "amount": step.amount,
        }  # fmt: skip
        for key in ("fee", "link", "reverses"):
            if getattr(step, key):
                event[key] = getattr(step, key)
        return event


def _nearest(
    debit: Line, fits: list[tuple[str, Line]], quality: int
) -> tuple[str, Line, int] | None:
    """Of several credits the nearest that is not earlier, else the nearest."""
    if not fits:
        return None
    best = min(
        fits,
        key=lambda fit: (
            fit[1].time < debit.time, abs(fit[1].time - debit.time), fit[0], fit[1].sequence,
        ),
    )  # fmt: skip
    return (*best, quality)


def _goes_back(step: Step, one: Step) -> bool:
    if one.amount < step.amount or one.time > step.time:
        return False
    unnamed = {None, f"{step.src}/?"}
    to_payer = step.dst is not None and step.dst == one.src and step.src in {None, one.dst}
    from_receiver = step.src is not None and step.src == one.dst and step.dst in {*unnamed, one.src}
    return to_payer or from_receiver


def _close(debit: Line, credit: Line) -> bool:
    if debit.has_clock and credit.has_clock:
        return abs(debit.time - credit.time) <= SKEW
    return (debit.time + ICT_OFFSET) // DAY == (credit.time + ICT_OFFSET) // DAY
