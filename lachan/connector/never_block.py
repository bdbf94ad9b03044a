"""The list of accounts and domains that nobody may block (registry.md §3): read before any effect.

`never_block.json` holds {"entries": [{"account": "970901:…"} | {"domain": "…"}, …]} and lies beside the
configuration. Its SHA-256 stands in the signed directory: another file is not believed, and a list that
the directory names but that is missing stops automatic effects rather than being ignored.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lachan.connector.trust import Trust
from lachan.exchange.kinds import Question

FILE = "never_block.json"


@dataclass(frozen=True, slots=True)
class NeverBlock:
    """`missing`: the directory names a list that is not here."""

    accounts: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    missing: bool = False

    def protects(self, question: Question) -> bool:
        """An account, page or domain of the question stands on the list."""
        if self.missing:
            return True
        accounts = {getattr(question, "account", None), *getattr(question, "accounts", ())}
        if accounts & self.accounts:
            return True
        hosts = {urlsplit(url).hostname or "" for url in getattr(question, "urls", ())}
        return any(
            host == domain or host.endswith(f".{domain}")
            for host in hosts
            for domain in self.domains
        )


def load_never_block(folder: Path, trust: Trust) -> NeverBlock:
    """The list beside the configuration, if it is the one that the directory names."""
    wanted = None if trust.directory is None else trust.directory.read.never_block_hash
    if wanted is None:
        return NeverBlock()
    try:
        body = (folder / FILE).read_bytes()
        rows = json.loads(body)["entries"]
        accounts = frozenset(str(row["account"]) for row in rows if "account" in row)
        domains = frozenset(str(row["domain"]) for row in rows if "domain" in row)
    except (OSError, ValueError, KeyError, TypeError):
        return NeverBlock(missing=True)
    if hashlib.sha256(body).hexdigest() != wanted:
        return NeverBlock(missing=True)
    return NeverBlock(accounts, domains)
