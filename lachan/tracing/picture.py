"""Where each node of a money flow stands: time from left to right, one lane per institution.

A pure function of the movements, so that everybody sees the same picture and equal traces give equal
bytes (specs: interface §6). `picture_svg` draws it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import log10
from typing import Final

from lachan.tracing.movements import Movement

BUCKET: Final = 60  # seconds in one column
LEFT, COLUMN, TOP, ROW, LANE_MARGIN = 96, 176, 44, 56, 32
GROUP_FROM: Final = 12  # leaves of one payer in one lane and column
MAX_DRAWN: Final = 300
EXIT_LANE: Final = "~exits"
OUTSIDE: Final = "OUTSIDE"

Institution = Callable[[str], str]  # node to the institution's code


@dataclass(frozen=True, slots=True)
class Node:
    """An account or an exit; `members` says what a grouped node stands for."""

    ref: str
    lane: str
    first: int
    hop: int
    payer: str | None  # of its first tainted credit; None: the money begins here
    received: int  # tainted đồng in
    passed_on: int  # tainted đồng out
    exit_kind: str | None = None
    col: int = 0
    x: int = 0
    y: int = 0
    members: tuple[str, ...] = ()

    @property
    def sort_key(self) -> tuple[int, int, str, str]:
        return self.first, self.hop, self.lane, self.ref


@dataclass(frozen=True, slots=True)
class Edge:
    """All tainted transfers of a pair."""

    src: str
    dst: str
    tainted: int
    count: int
    first: int
    last: int
    returns: bool = False  # not rightward: drawn as an arc under the lane

    @property
    def width(self) -> float:
        """Pixels: 1.5 at a million and below, 10 at most."""
        return min(10.0, max(1.5, 1.5 + 2 * log10(max(self.tainted, 1) / 1_000_000)))


@dataclass(frozen=True, slots=True)
class Lane:
    code: str
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Positions in pixels; `left_out` nodes and their đồng are not drawn."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    lanes: tuple[Lane, ...]
    width: int
    height: int
    left_out: int = 0
    left_out_sum: int = 0
    by_ref: Mapping[str, Node] = field(default_factory=dict)


def layout(
    movements: Iterable[Movement],
    institution: Institution,
    *,
    grouped: bool = True,
    most: int = MAX_DRAWN,
) -> Picture:
    """Place nodes by the eight rules of interface §6. Any order of the input gives the same output."""
    moves = sorted(movements, key=lambda one: one.sort_key)
    nodes = _nodes(moves, institution)
    edges = _edges(moves)
    nodes, edges, left_out, left_out_sum = _largest(nodes, edges, most)
    nodes = _columns(nodes)
    if grouped:
        nodes, edges = _grouped(nodes, edges)
    placed, lanes = _places(nodes)
    by_ref = {node.ref: node for node in placed}
    drawn = tuple(
        replace(edge, returns=by_ref[edge.dst].col <= by_ref[edge.src].col)
        for edge in sorted(edges.values(), key=lambda edge: (edge.first, edge.src, edge.dst))
    )
    return Picture(
        nodes=placed,
        edges=drawn,
        lanes=lanes,
        width=LEFT + COLUMN * (max((node.col for node in placed), default=0) + 1),
        height=sum(lane.height for lane in lanes),
        left_out=left_out,
        left_out_sum=left_out_sum,
        by_ref=by_ref,
    )


def _nodes(moves: list[Movement], institution: Institution) -> dict[str, Node]:
    first: dict[str, int] = {}
    payer: dict[str, str | None] = {}
    received: dict[str, int] = defaultdict(int)
    passed_on: dict[str, int] = defaultdict(int)
    exits: dict[str, str] = {}
    for move in moves:
        src, dst = move.src or OUTSIDE, move.dst
        if src not in first:  # it pays before it is paid: the money begins here
            first[src], payer[src] = move.time, None
        if dst not in first:
            first[dst], payer[dst] = move.time, src
        received[dst] += move.tainted
        passed_on[src] += move.tainted
        if move.exit_kind is not None:
            exits[dst] = move.exit_kind
    return {
        ref: Node(
            ref=ref,
            lane=EXIT_LANE if ref in exits or ref == OUTSIDE else institution(ref),
            first=first[ref],
            hop=_hop(ref, payer),
            payer=payer[ref],
            received=received[ref],
            passed_on=passed_on[ref],
            exit_kind=exits.get(ref),
        )
        for ref in first
    }


def _hop(ref: str, payer: Mapping[str, str | None]) -> int:
    seen = {ref}
    before = payer[ref]
    while before is not None and before not in seen:  # banks' clocks may close a ring in one second
        seen.add(before)
        before = payer[before]
    return len(seen) - 1


def _edges(moves: list[Movement]) -> dict[tuple[str, str], Edge]:
    edges: dict[tuple[str, str], Edge] = {}
    for move in moves:
        pair = (move.src or OUTSIDE, move.dst)
        edge = edges.get(pair)
        if edge is None:
            edges[pair] = Edge(*pair, move.tainted, 1, move.time, move.time)
        else:
            edges[pair] = replace(
                edge, tainted=edge.tainted + move.tainted, count=edge.count + 1, last=move.time
            )
    return edges


def _largest(
    nodes: dict[str, Node], edges: dict[tuple[str, str], Edge], most: int
) -> tuple[dict[str, Node], dict[tuple[str, str], Edge], int, int]:
    if len(nodes) <= most:
        return nodes, edges, 0, 0
    by_size = sorted(nodes.values(), key=lambda n: (-max(n.received, n.passed_on), n.sort_key))
    kept = {node.ref: node for node in by_size[:most]}
    left_out_sum = sum(max(0, node.received - node.passed_on) for node in by_size[most:])
    inside = {pair: edge for pair, edge in edges.items() if pair[0] in kept and pair[1] in kept}
    return kept, inside, len(nodes) - most, left_out_sum


def _columns(nodes: dict[str, Node]) -> dict[str, Node]:
    buckets = {
        bucket: rank
        for rank, bucket in enumerate(sorted({n.first // BUCKET for n in nodes.values()}))
    }
    placed: dict[str, Node] = {}
    for node in sorted(nodes.values(), key=lambda node: node.sort_key):
        col = buckets[node.first // BUCKET]
        before = placed.get(node.payer or "")
        if before is not None:
            col = max(col, 1 + before.col)
        placed[node.ref] = replace(node, col=col)
    return placed


def _grouped(
    nodes: dict[str, Node], edges: dict[tuple[str, str], Edge]
) -> tuple[dict[str, Node], dict[tuple[str, str], Edge]]:
    """Twelve or more leaves of one payer in one lane and column become one node; sums stay."""
    payers: dict[str, set[str]] = defaultdict(set)
    paying = {src for src, _ in edges}
    for src, dst in edges:
        payers[dst].add(src)
    bunches: dict[tuple[str, str, int], list[Node]] = defaultdict(list)
    for node in nodes.values():
        if len(payers[node.ref]) == 1 and node.ref not in paying and node.exit_kind is None:
            bunches[next(iter(payers[node.ref])), node.lane, node.col].append(node)
    nodes, edges = dict(nodes), dict(edges)
    for (payer, lane, col), bunch in sorted(bunches.items()):
        if len(bunch) < GROUP_FROM:
            continue
        bunch.sort(key=lambda node: node.sort_key)
        ref = f"{bunch[0].ref}+{len(bunch) - 1}"
        joined = [edges.pop((payer, node.ref)) for node in bunch]
        for node in bunch:
            del nodes[node.ref]
        nodes[ref] = replace(
            bunch[0],
            ref=ref,
            lane=lane,
            col=col,
            received=sum(node.received for node in bunch),
            members=tuple(node.ref for node in bunch),
        )
        edges[payer, ref] = Edge(
            src=payer,
            dst=ref,
            tainted=sum(edge.tainted for edge in joined),
            count=sum(edge.count for edge in joined),
            first=min(edge.first for edge in joined),
            last=max(edge.last for edge in joined),
        )
    return nodes, edges


def _places(nodes: dict[str, Node]) -> tuple[tuple[Node, ...], tuple[Lane, ...]]:
    ordered = sorted(nodes.values(), key=lambda node: node.sort_key)
    lane_order: dict[str, None] = {}
    for node in ordered:
        if node.lane != EXIT_LANE:
            lane_order.setdefault(node.lane)
    if any(node.lane == EXIT_LANE for node in ordered):
        lane_order[EXIT_LANE] = None
    stacks: dict[tuple[str, int], int] = defaultdict(int)
    slots: dict[str, int] = {}
    for node in ordered:
        slots[node.ref] = stacks[node.lane, node.col]
        stacks[node.lane, node.col] += 1
    lanes: list[Lane] = []
    top = 0
    tops: dict[str, int] = {}
    for code in lane_order:
        tallest = max(count for (lane, _), count in stacks.items() if lane == code)
        tops[code] = top
        lanes.append(Lane(code, top, LANE_MARGIN + ROW * tallest))
        top += lanes[-1].height
    placed = tuple(
        replace(
            node,
            x=LEFT + COLUMN * node.col,
            y=tops[node.lane] + TOP + ROW * slots[node.ref],
        )
        for node in ordered
    )
    return placed, tuple(lanes)
