"""Opens the core that the configuration names; without one, effects are booked beside the ledger."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from lachan.adapters.ledgers.book import Book
from lachan.connector.config import BY_HAND, Adapter, Config, ConfigWrong
from lachan.connector.core import LedgerCore
from lachan.connector.cores.attempted import Attempted
from lachan.connector.cores.by_hand import ByHand, Handed, Shared
from lachan.connector.cores.http import HttpCore, tls_to_core
from lachan.connector.cores.program import ProgramCore
from lachan.connector.cores.standing import Leased, Standing
from lachan.connector.port import Core
from lachan.connector.store import Store

CORES = ("http", "exec")


@dataclass(frozen=True, slots=True)
class Opened:
    """The core; `by_hand` is the same for what policy gives to people (None: no policy does)."""

    core: Core
    standing: Standing
    by_hand: Core | None = None


def open_core(config: Config, book: Book, store: Store) -> Opened:
    """The core, and what is known to stand on accounts. Raises: ConfigWrong."""
    core, standing = _machine(config, book, store)
    if not any(row.action == BY_HAND for row in config.read.policy):
        return Opened(core, standing)
    shared = Shared(ByHand(book, store), core)
    return Opened(shared, Leased(book, store), Handed(shared))


def _machine(config: Config, book: Book, store: Store) -> tuple[Core, Standing]:
    named = next((one for one in config.read.adapter if one.type in CORES), None)
    if named is None:
        own = LedgerCore(book, config.path(config.read.store.core))
        return own, own
    remote = _http(config, named) if named.type == "http" else _program(config, named)
    return Attempted(remote, store), Leased(book, store)


def _http(config: Config, named: Adapter) -> HttpCore:
    ca, cert, key = (config.path(one) if one else None for one in (named.ca, named.cert, named.key))
    try:
        return HttpCore(named.url, tls_to_core(ca, cert, key))
    except (OSError, ssl.SSLError) as cause:
        raise ConfigWrong(
            file=config.file.name, line=0, why=f"ca, cert, key: {cause}", right="PEM files"
        ) from cause


def _program(config: Config, named: Adapter) -> ProgramCore:
    return ProgramCore(named.program, config.file.parent)
