"""What a handler in `kinds/` gets and gives. One file there is one kind; nothing lists them.

    def answer(ask: Ask, on: Asked) -> Told | Refused

A handler may act on the core (idempotent by the ask's message id) and may read everything; what must be
kept with the answer goes into `Told.keep` and is written in the answer's own transaction.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from lachan.connector import kinds
from lachan.connector.member import Member
from lachan.connector.store import Received, Store
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import Answer, Row
from lachan.exchange.manifest import Manifest
from lachan.exchange.moves import RefusalWords


@dataclass(frozen=True, slots=True)
class Asked:
    """The ask's surroundings."""

    row: Received
    member: Member
    now: datetime

    @property
    def manifest(self) -> Manifest:
        return Envelope.from_bytes(self.row.envelope).manifest

    @property
    def acted(self) -> bool:
        """The core has done it already, before a crash or by hand: what stands is answered, whatever has changed since.

        Raises: CoreUnavailable.
        """
        return self.member.core.look_up(self.row.id) is not None


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, with the lines beside it where the kind has them. `effect` is FULL, PARTIAL or ZERO for what binds money."""

    answer: Answer
    effect: str | None = None
    rows: tuple[Row, ...] = ()
    keep: Callable[[Store], None] | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal with its reason on the wire; `verdict` names the rule, never a figure."""

    reason: RefusalReason
    verdict: str | None = None
    words: RefusalWords | None = None  # what the desk says to the asker
    elsewhere: str | None = None  # who holds it, beside NOT_HOLDER alone


Handler = Callable[[Any, Asked], Told | Refused]


@cache
def handlers() -> dict[str, Handler]:
    """Every kind that this connector answers from its own records."""
    found: dict[str, Handler] = {}
    for info in pkgutil.iter_modules(kinds.__path__):
        found[info.name] = importlib.import_module(f"{kinds.__name__}.{info.name}").answer
    return found
