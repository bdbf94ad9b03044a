"""fifo and lifo by hand: every đồng is a coin with a name on it. Slow, obvious, for small ledgers."""

from __future__ import annotations

from lachan.tracing.model import REPLAYED, Ledger

Coin = str | None


def tokens(ledger: Ledger, method: str) -> dict[str, dict[str, int]]:  # noqa: C901 - an oracle, read top to bottom
    """Victim's coins in each account at the end; no reversals, no transit accounts."""
    hands: dict[str, list[Coin]] = {}
    debts: dict[str, int] = {}
    for name, one in ledger.accounts.items():
        if one.kind in REPLAYED:
            hands[name] = [None] * max(one.opening, 0)
            debts[name] = max(-one.opening, 0)
    homes: dict[str, set[str]] = {}
    for seed in ledger.seeds:
        homes.setdefault(ledger.by_id[seed.event].src or "", set()).add(seed.victim)

    def pay(name: str, amount: int) -> list[Coin]:
        hand = hands[name]
        there = min(amount, len(hand))
        if method == "fifo":
            out, hands[name] = hand[:there], hand[there:]
        else:
            out, hands[name] = hand[len(hand) - there :][::-1], hand[: len(hand) - there]
        debts[name] += amount - there
        return out + [None] * (amount - there)

    for row in ledger.ordered:
        seeds = [one for one in ledger.sorted_seeds if one.event == row.id]
        declared = sum(one.amount for one in seeds)
        coins: list[Coin] = [one.victim for one in seeds for _ in range(one.amount)]
        if row.src in hands:
            hand = hands[row.src]
            oldest = hand if method == "fifo" else hand[::-1]
            chosen = [i for i, c in enumerate(oldest) if c is None][:declared]
            kept = [c for i, c in enumerate(oldest) if i not in set(chosen)]
            hands[row.src] = kept if method == "fifo" else kept[::-1]
            pay(row.src, declared - len(chosen))
            coins += pay(row.src, row.amount - declared)
            pay(row.src, row.fee)
        else:
            coins += [None] * (row.amount - declared)
        if row.dst in hands:
            own = homes.get(row.dst, set())
            coins = [None if c in own else c for c in coins]
            repaid = min(debts[row.dst], len(coins))
            debts[row.dst] -= repaid
            hands[row.dst] += coins[repaid:]
    result: dict[str, dict[str, int]] = {}
    for name, hand in sorted(hands.items()):
        sums: dict[str, int] = {}
        for coin in sorted(c for c in hand if c is not None):
            sums[coin] = sums.get(coin, 0) + 1
        if sums:
            result[name] = sums
    return result
