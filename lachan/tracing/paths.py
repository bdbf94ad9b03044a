"""By which ways one victim's money came where it is: the widest first, to the đồng.

The trace's transfers form a graph whose nodes are (account, place in time); money is carried on inside
an account or moved by a transfer, and time only goes forward, so there is no cycle even when money goes
round (specs: tracing §1.7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lachan.tracing.movements import Movement

SHOWN: Final = 200
Node = tuple[str, int]  # account, how many of its tainted events lie before


@dataclass(frozen=True, slots=True)
class Path:
    """The same transfers one after another, and how much went that way."""

    events: tuple[str, ...]
    sink: str
    amount: int
    hops: int


@dataclass(frozen=True, slots=True)
class Paths:
    """At most `SHOWN`, the widest first; `rest` is what the others carry together."""

    shown: tuple[Path, ...]
    rest: int

    @property
    def total(self) -> int:
        return self.rest + sum(path.amount for path in self.shown)


@dataclass(slots=True)
class _Arc:
    src: Node
    dst: Node
    event: str  # "" carries taint on inside the account
    left: int


def paths(
    movements: Iterable[Movement], seeds: Mapping[str, int], victim: str, *, most: int = SHOWN
) -> Paths:
    """Decompose one victim's flow into paths from the seed events to where it lies.

    seeds: event to this victim's amount in it. Ties: the lexicographically least event ids.
    """
    moves = [
        move for move in sorted(movements, key=lambda one: one.sort_key) if move.taint.get(victim)
    ]
    arcs, sources, sinks = _graph(moves, seeds, victim)
    found: dict[tuple[tuple[str, ...], str], int] = {}
    while True:
        best = _widest(arcs, sources, sinks)
        if best is None:
            break
        width, way, source, sink = best
        for arc in way:
            arc.left -= width
        sources[source] -= width
        sinks[sink] -= width
        events = (source[1], *(arc.event for arc in way if arc.event))
        key = (events, sink[0])
        found[key] = found.get(key, 0) + width
    ways = sorted(
        (Path(events, sink, amount, len(events)) for (events, sink), amount in found.items()),
        key=lambda path: (-path.amount, path.events, path.sink),
    )
    return Paths(tuple(ways[:most]), sum(path.amount for path in ways[most:]))


def mean_layer(found: Paths) -> str:
    """Hops weighted by amount, two decimals; "0.00" without money."""
    whole = sum(path.amount for path in found.shown)
    if not whole:
        return "0.00"
    mean = Fraction(sum(path.amount * path.hops for path in found.shown), whole)
    hundredths = int(mean * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}"


Source = tuple[Node, str]  # where a seed's money arrives, and the seed event


def _graph(
    moves: list[Movement], seeds: Mapping[str, int], victim: str
) -> tuple[list[_Arc], dict[Source, int], dict[Node, int]]:
    place: dict[str, int] = defaultdict(int)
    inside: dict[str, int] = defaultdict(int)  # taint now in the account
    arcs: list[_Arc] = []
    sources: dict[Source, int] = {}
    for move in moves:
        flow = move.taint[victim]
        seeded = min(flow, seeds.get(move.id, 0))
        moved = min(flow - seeded, inside[move.src or ""])
        before: Node = (move.src or "", place[move.src or ""])
        if moved:
            _next_place(arcs, place, inside, move.src or "", -moved)
        arrival = _next_place(arcs, place, inside, move.dst, moved + seeded)
        if moved:
            arcs.append(_Arc(before, arrival, move.id, moved))
        if seeded:
            sources[arrival, move.id] = sources.get((arrival, move.id), 0) + seeded
    sinks = {(account, place[account]): left for account, left in inside.items() if left > 0}
    return arcs, sources, sinks


def _next_place(
    arcs: list[_Arc], place: dict[str, int], inside: dict[str, int], account: str, change: int
) -> Node:
    """A new node of the account after this event; what stays is carried over to it."""
    before = (account, place[account])
    carried = inside[account] + min(change, 0)
    place[account] += 1
    after = (account, place[account])
    if carried > 0:
        arcs.append(_Arc(before, after, "", carried))
    inside[account] += change
    return after


def _widest(
    arcs: list[_Arc], sources: Mapping[Source, int], sinks: Mapping[Node, int]
) -> tuple[int, list[_Arc], Source, Node] | None:
    """The widest way from any source to any sink. Arcs are in time order, so one pass is enough."""
    best: dict[Node, tuple[int, tuple[str, ...], list[_Arc], Source]] = {}
    for source, left in sorted(sources.items(), key=lambda one: (one[0][1], one[0][0])):
        if left:
            _better(best, source[0], (left, (source[1],), [], source))
    for arc in arcs:
        reached = best.get(arc.src)
        if reached is None or not arc.left:
            continue
        width, events, way, source = reached
        after = (*events, arc.event) if arc.event else events
        _better(best, arc.dst, (min(width, arc.left), after, [*way, arc], source))
    ends = [
        (min(best[sink][0], left), best[sink], sink)
        for sink, left in sinks.items()
        if left and sink in best
    ]
    if not ends:
        return None
    width, (_, _, way, source), sink = min(ends, key=lambda end: (-end[0], end[1][1], end[2]))
    return width, way, source, sink


def _better(
    best: dict[Node, tuple[int, tuple[str, ...], list[_Arc], Source]],
    node: Node,
    new: tuple[int, tuple[str, ...], list[_Arc], Source],
) -> None:
    known = best.get(node)
    if known is None or (-new[0], new[1]) < (-known[0], known[1]):
        best[node] = new
