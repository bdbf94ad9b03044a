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
    found: list[Path] = []
    while len(found) < most:  # a path is saturated when it is taken, so none comes twice
        best = _widest(arcs, sources, sinks)
        if best is None:
            break
        width, way, source, sink = best
        for arc in way:
            arc.left -= width
        sources[source] -= width
        sinks[sink] -= width
        events = (source[1], *(arc.event for arc in way if arc.event))
        found.append(Path(events, sink[0], width, len(events)))
    found.sort(key=lambda path: (-path.amount, path.events, path.sink))
    return Paths(tuple(found), sum(sinks.values()))


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


@dataclass(slots=True)
class _Reach:
    """The widest way to a node: its last arc and, through `before`, the others."""

    width: int
    source: Source
    arc: _Arc | None = None
    before: _Reach | None = None

    def way(self) -> list[_Arc]:
        arcs: list[_Arc] = []
        step: _Reach | None = self
        while step is not None and step.arc is not None:
            arcs.append(step.arc)
            step = step.before
        return arcs[::-1]

    def events(self) -> tuple[str, ...]:
        return (self.source[1], *(arc.event for arc in self.way() if arc.event))


def _widest(
    arcs: list[_Arc], sources: Mapping[Source, int], sinks: Mapping[Node, int]
) -> tuple[int, list[_Arc], Source, Node] | None:
    """The widest way from any source to any sink. Arcs are in time order, so one pass is enough."""
    best: dict[Node, _Reach] = {}
    for source, left in sources.items():
        if left:
            _better(best, source[0], _Reach(left, source))
    for arc in arcs:
        reached = best.get(arc.src)
        if reached is not None and arc.left:
            width = min(reached.width, arc.left)
            known = best.get(arc.dst)
            if known is None or width >= known.width:
                _better(best, arc.dst, _Reach(width, reached.source, arc, reached))
    ends = [
        (-min(best[sink].width, left), sink)
        for sink, left in sinks.items()
        if left and sink in best
    ]
    if not ends:
        return None
    widest = min(width for width, _ in ends)
    ties = [sink for width, sink in ends if width == widest]
    sink = ties[0] if len(ties) == 1 else min(ties, key=lambda one: (best[one].events(), one))
    return -widest, best[sink].way(), best[sink].source, sink


def _better(best: dict[Node, _Reach], node: Node, new: _Reach) -> None:
    known = best.get(node)
    if (
        known is None
        or new.width > known.width
        or (new.width == known.width and new.events() < known.events())
    ):
        best[node] = new
