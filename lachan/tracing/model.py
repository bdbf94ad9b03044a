"""The ledger that a trace replays: accounts, events, seeds, policy. Values only, checked once here.

JSON form: specs tracing §1.1, also of `lachan trace --ledger`. Amounts are whole đồng below 2^62,
times whole seconds. Kinds: `account` and `wallet` are replayed; `transit` keeps a pot per reference;
`cash`, `merchant`, `vasp`, `foreign`, `other` are exits; `unknown` has no statement yet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Final, Self

from lachan.tracing import order
from lachan.tracing.errors import PolicyOutOfRange, ReversalInvalid

REPLAYED: Final = frozenset({"account", "wallet"})
EXITS: Final = frozenset({"cash", "merchant", "vasp", "foreign", "other"})
KINDS: Final = REPLAYED | EXITS | {"transit", "unknown"}
MAX_AMOUNT: Final = 2**62
HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Account:
    """A node of the ledger; opening is the balance before its first event (may be negative)."""

    opening: int = 0
    kind: str = "account"


@dataclass(frozen=True, slots=True)
class EventRow:
    """One transfer. src or dst None: outside the ledger, clean."""

    id: str
    time: int
    src: str | None
    dst: str | None
    amount: int
    seq: int | None = None
    fee: int = 0  # paid by src on top
    link: str | None = None  # transit reference
    reverses: str | None = None


@dataclass(frozen=True, slots=True)
class Seed:
    """So much of this event is this victim's money."""

    victim: str
    event: str
    amount: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Where a trace stops; every đồng that it stops at is reported. None or 0: off."""

    dust: int = 0
    max_hops: int | None = None
    min_share_ppm: int = 0
    window: int | None = None  # seconds after the last seed
    max_accounts: int | None = None
    max_events: int | None = None

    def __post_init__(self) -> None:
        ranges = (
            ("dust", self.dust, 0, MAX_AMOUNT),
            ("max_hops", self.max_hops, 1, 15),
            ("min_share_ppm", self.min_share_ppm, 0, 1_000_000),
            ("window", self.window, 1, 366 * 24 * HOUR),
            ("max_accounts", self.max_accounts, 1, 20_000),
            ("max_events", self.max_events, 1, 5_000_000),
        )
        for name, value, low, high in ranges:
            if value is not None and not low <= value <= high:
                raise PolicyOutOfRange(
                    field=f"policy.{name}", name=name, value=value, low=low, high=high
                )

    @classmethod
    def usual(cls) -> Self:
        """The caps of a live case: 72 h, 7 hops, 10.000 đ."""
        return cls(
            dust=10_000,
            max_hops=7,
            window=72 * HOUR,
            max_accounts=20_000,
            max_events=5_000_000,
        )

    def to_json(self) -> dict[str, int]:
        """Only what is on."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Ledger:
    """Everything that one replay reads. Equal content has equal digests, in whatever order given."""

    accounts: Mapping[str, Account]
    events: tuple[EventRow, ...]
    seeds: tuple[Seed, ...] = ()
    as_of: int | None = None
    policy: Policy = field(default_factory=Policy)
    name: str = ""
    note: str = ""

    @classmethod
    def from_json(cls, obj: object) -> Self:
        """Read and check the JSON form.

        Raises: the errors of specs tracing §12, naming the field; a bad reversal is refused here.
        """
        from lachan.tracing.reading import read_ledger  # noqa: PLC0415 - reading needs these classes

        ledger = cls(**read_ledger(obj))
        for event, why in sorted(ledger.bad_reversals.items()):
            raise ReversalInvalid(
                field="reverses", event=event, original=ledger.by_id[event].reverses, why=why
            )
        return ledger

    def to_json(self) -> dict[str, Any]:
        """The JSON form, events by id; defaults left out."""
        body: dict[str, Any] = {
            "accounts": {
                name: {"opening": one.opening, "kind": one.kind}
                for name, one in sorted(self.accounts.items())
            },
            "events": [_event_json(row) for row in sorted(self.events, key=lambda row: row.id)],
            "seeds": [asdict(seed) for seed in self.sorted_seeds],
        }
        if self.as_of is not None:
            body["as_of"] = self.as_of
        if self.policy != Policy():
            body["policy"] = self.policy.to_json()
        if self.name:
            body["name"] = self.name
        return body

    def digest(self) -> str:
        """BLAKE2b-256 of the canonical JSON form; the name and the note are not part of it."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        body = self.to_json()
        body.pop("name", None)
        return hashlib.blake2b(canonical_bytes(body), digest_size=32).hexdigest()

    def kind(self, node: str | None) -> str:
        """The kind of a node; a name without an entry is an account, None is outside."""
        if node is None:
            return "outside"
        account = self.accounts.get(node)
        return "account" if account is None else account.kind

    @cached_property
    def by_id(self) -> dict[str, EventRow]:
        return {row.id: row for row in self.events}

    @cached_property
    def end(self) -> int | None:
        """The last second that exists: as_of, else the window after the last seed, else no end."""
        if self.as_of is not None or self.policy.window is None or not self.seeds:
            return self.as_of
        return max(self.by_id[seed.event].time for seed in self.seeds) + self.policy.window

    @cached_property
    def _sequence(self) -> tuple[list[EventRow], frozenset[str]]:
        rows: Iterable[EventRow] = self.events
        if self.end is not None:
            rows = (row for row in rows if row.time <= self.end)
        return order.in_order(rows, self._binds)

    def _binds(self, node: str | None) -> bool:
        return node is not None and self.kind(node) not in EXITS

    @property
    def ordered(self) -> list[EventRow]:
        """The events that exist, in the total order."""
        return self._sequence[0]

    @property
    def order_uncertain(self) -> frozenset[str]:
        return self._sequence[1]

    @cached_property
    def sorted_seeds(self) -> tuple[Seed, ...]:
        return tuple(sorted(self.seeds, key=lambda seed: (seed.victim, seed.event, seed.amount)))

    @cached_property
    def bad_reversals(self) -> dict[str, str]:
        """Events whose `reverses` cannot be meant: taken as ordinary transfers. Id to reason."""
        bad: dict[str, str] = {}
        seen: dict[str, EventRow] = {}
        for row in self.ordered:
            if row.reverses is not None:
                original = self.by_id.get(row.reverses)
                if original is None:
                    bad[row.id] = "unknown event"
                elif (original.src, original.dst) != (row.dst, row.src):
                    bad[row.id] = "other parties"
                elif original.id not in seen:
                    bad[row.id] = "it comes later"
            seen[row.id] = row
        return bad


def _event_json(row: EventRow) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": row.id,
        "time": row.time,
        "src": row.src,
        "dst": row.dst,
        "amount": row.amount,
    }
    more = {"seq": row.seq, "link": row.link, "reverses": row.reverses}
    body |= {name: value for name, value in more.items() if value is not None}
    if row.fee:
        body["fee"] = row.fee
    return body


def canonical_bytes(body: object) -> bytes:
    """One spelling of a JSON value. Not the wire's form: names may be any text, amounts to 2^62."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
