"""Which server answers for a name: the bootstrap file of RFC 9224, read strictly. Pure.

The file that comes with the package names few endings; `.vn` is in none, its registrars are asked by
message. A deployment gives IANA's own file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from lachan.adapters.foreign.json_text import read_object, shaped
from lachan.adapters.rdap.errors import RdapNoServer
from lachan.adapters.rdap.published import FORM
from lachan.kernel.web import Domain

MAX_BYTES = 4 * 2**20

_Texts = list[Annotated[str, Meta(max_length=2048)]]


class _File(msgspec.Struct):
    services: list[Annotated[list[_Texts], Meta(min_length=2, max_length=2)]]


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Ending → base address, ending with `/`; https only."""

    servers: Mapping[str, str]

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Raises: ForeignTooLarge, ForeignUnreadable, ForeignMismatch. Servers without https are left out."""
        file = shaped(_File, read_object(data, form=FORM, limit=MAX_BYTES), form=FORM)
        servers: dict[str, str] = {}
        for endings, addresses in file.services:
            base = next((one for one in addresses if _is_https(one)), None)
            if base:
                found = base if base.endswith("/") else f"{base}/"
                servers |= {one.lower().strip("."): found for one in endings}
        return cls(servers)

    @classmethod
    @cache
    def shipped(cls) -> Self:
        """The file beside this module."""
        return cls.read(Path(__file__).with_name("dns.json").read_bytes())

    def address(self, domain: Domain) -> str:
        """Where to ask about it; the longest ending that is named wins. Raises: RdapNoServer."""
        labels = domain.name.split(".")
        for start in range(1, len(labels)):
            base = self.servers.get(".".join(labels[start:]))
            if base:
                return f"{base}domain/{domain.registrable}"
        raise RdapNoServer(ending=labels[-1])


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
