"""What every part of a running connector shares: configuration, keys, trust, store, core, clock."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lachan.adapters.ledgers.book import Book
from lachan.adapters.ledgers.memory import MemoryReader
from lachan.adapters.ledgers.opening import open_ledger
from lachan.connector.config import Config, ConfigWrong, Simulator
from lachan.connector.cores.opening import CORES, open_core
from lachan.connector.cores.standing import Standing
from lachan.connector.port import Core
from lachan.connector.register import Register
from lachan.connector.store import Store
from lachan.connector.trust import Trust, load_trust
from lachan.evidence.signing import LogKey
from lachan.exchange.crypto import Jwk, PrivateKey, load_key
from lachan.kernel.time import Clock
from lachan.members.directory_rows import MemberRow


@dataclass(slots=True)
class Member:
    """One running member. `by_hand` is the core for what people do. `register` holds subscribers, domains, pages for those without accounts."""

    config: Config
    clock: Clock
    store: Store
    trust: Trust
    core: Core
    standing: Standing
    by_hand: Core | None
    book: Book
    register: Register
    sign_jwk: Jwk
    sign_key: PrivateKey
    encrypt_key: PrivateKey

    @property
    def address(self) -> str:
        return self.config.address

    @property
    def code(self) -> str:
        """The code of accounts held here; "" when none."""
        return self.config.read.member.code

    @property
    def simulator(self) -> Simulator:
        return self.config.read.simulator or Simulator()

    @property
    def row(self) -> MemberRow | None:
        """The member's own row in the directory."""
        return None if self.trust.directory is None else self.trust.directory.member(self.address)

    def local(self, account: str) -> str | None:
        """The number of an account held here, of `code:number` or a bare number; None: another's."""
        code, found, number = account.partition(":")
        if not found:
            return account
        return number if code == self.code else None

    def full(self, number: str) -> str:
        """`code:number`, as it stands on the wire."""
        return f"{self.code}:{number}"


def open_member(config: Config, clock: Clock) -> Member:
    """Open everything that a configuration names. Raises: ConfigWrong, LedgerUnreadable, Malformed."""
    keys = config.read.keys
    sign_jwk = read_jwk(config, keys.sign)
    store = Store(config.path(config.read.store.path), _log_key(config))
    book, register = Book(config.read.member.code, MemoryReader()), Register(None)
    for one in config.read.adapter:
        if one.type in CORES:
            continue
        place = config.path(one.place)
        if one.type == "register":
            register = Register(place)
        else:
            book = open_ledger(one.type, place, bank=config.read.member.code)
    opened = open_core(config, book, store)
    return Member(
        config=config,
        clock=clock,
        store=store,
        trust=load_trust(config.path(config.read.centre.root_file), store),
        core=opened.core,
        standing=opened.standing,
        by_hand=opened.by_hand,
        book=book,
        register=register,
        sign_jwk=sign_jwk,
        sign_key=load_key(sign_jwk),
        encrypt_key=load_key(read_jwk(config, keys.encrypt)),
    )


def read_jwk(config: Config, name: str) -> dict[str, Any]:
    """A private key of the configuration. Raises: ConfigWrong."""
    if name.startswith("pkcs11:"):
        right = "a file with a private JWK"
        raise ConfigWrong(file=config.file.name, line=0, why="pkcs11 is not built", right=right)
    try:
        return dict(json.loads(config.path(name).read_text(encoding="utf-8")))
    except (OSError, ValueError) as cause:
        right = "a file with a private JWK"
        raise ConfigWrong(file=config.file.name, line=0, why=str(cause), right=right) from cause


def _log_key(config: Config) -> LogKey:
    """The key of the member's own log; made here when there is none, for it proves only to whoever was shown it."""
    place: Path = config.path(config.read.keys.log or "log.jwk")
    if not place.exists():
        place.touch(mode=0o600)
        place.write_text(json.dumps(LogKey.new().jwk()))
    return LogKey.from_jwk(json.loads(place.read_text()))
