"""A look-up at a registry: https only, bounded in time, size and redirects, never into a private network.

It stands on httpcore, the engine of httpx, since only there a connection can be given the address that
was looked at. `whoisit` has none of these bounds (docs/dependencies.md).
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore

from lachan.adapters.foreign.errors import ForeignTooLarge
from lachan.adapters.rdap.bootstrap import Bootstrap
from lachan.adapters.rdap.errors import RdapRefused, RdapUnavailable
from lachan.adapters.rdap.network import Guarded, Resolve, resolve
from lachan.adapters.rdap.published import FORM, MAX_BYTES, Published, read
from lachan.kernel.web import Domain

MAX_REDIRECTS = 3
WHOLE_SECONDS = 15.0  # from the first look at the name to the last byte, redirects included
_STEP_SECONDS = 5.0  # for one connection, one read
_OK, _NOT_FOUND = 200, 404
_TYPES = frozenset({"application/rdap+json", "application/json"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS: Mapping[bytes | str, bytes | str] = {
    "Accept": "application/rdap+json, application/json;q=0.5",
    "Accept-Encoding": "identity",  # what is not compressed cannot swell
    "Connection": "close",
    "User-Agent": "lachan",
}


class Registries(Protocol):
    """What a case asks: who is published as the holder of this domain?"""

    def domain(self, domain: Domain) -> Published | None:
        """None when it is not registered. Raises: RdapError, ForeignError."""


class RdapClient:
    """The port over the network; it keeps nothing between two look-ups."""

    def __init__(
        self,
        bootstrap: Bootstrap,
        *,
        private_hosts: frozenset[str] = frozenset(),
        trust: ssl.SSLContext | None = None,
        resolve: Resolve = resolve,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        """private_hosts: hosts that may stand in a private network (an agency's own mirror); none by default."""
        self._bootstrap = bootstrap
        self._private_hosts = private_hosts
        self._trust = trust or ssl.create_default_context()
        self._resolve = resolve
        self._whole_seconds = whole_seconds

    def domain(self, domain: Domain) -> Published | None:
        """What is published about the registrable name; None when it is not registered.

        Raises: RdapNoServer, RdapRefused, RdapUnavailable, RdapOther, ForeignError.
        """
        registered = Domain(domain.registrable)
        data = self._get(self._bootstrap.address(registered))
        return None if data is None else read(data, asked=registered)

    def _get(self, url: str) -> bytes | None:
        until = time.monotonic() + self._whole_seconds
        network = Guarded(self._resolve, self._private_hosts, until)
        host = ""
        for _ in range(MAX_REDIRECTS + 1):
            host = _checked(url)
            try:
                with httpcore.ConnectionPool(self._trust, network_backend=network) as pool:
                    answer = _one(pool, url, host)
            except (
                httpcore.NetworkError,
                httpcore.TimeoutException,
                httpcore.ProtocolError,
                ssl.SSLError,
            ) as cause:
                raise RdapUnavailable(host=host, why=type(cause).__name__) from cause
            if not isinstance(answer, str):
                return answer
            url = answer
        raise RdapUnavailable(host=host, why=f"more than {MAX_REDIRECTS} redirects")


def _checked(url: str) -> str:
    """The host, of an https address without a user's name. Raises: RdapRefused."""
    try:
        parts: SplitResult | None = urlsplit(url)
        host = parts.hostname if parts else None
        _ = parts.port if parts else None  # a port that is no number is refused here
    except ValueError:
        parts = host = None
    if parts is None or not host or parts.scheme != "https" or "@" in parts.netloc:
        raise RdapRefused(host=(host or url)[:120], why="not an https address of a host")
    if not url.isascii() or any(sign <= " " for sign in url):
        raise RdapRefused(host=host[:120], why="an address that is not ASCII")
    return host


def _one(pool: httpcore.ConnectionPool, url: str, host: str) -> str | bytes | None:
    """One request: another address to go to, the body, or None for 404."""
    steps = dict.fromkeys(("connect", "read", "write", "pool"), _STEP_SECONDS)
    with pool.stream("GET", url, headers=_HEADERS, extensions={"timeout": steps}) as answer:
        headers = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
        if answer.status in _REDIRECTS:
            return _joined(url, headers.get(b"location", ""), host)
        if answer.status == _NOT_FOUND:
            return None
        _ensure_readable(answer.status, headers, host)
        data = bytearray()
        for chunk in answer.iter_stream():
            data += chunk
            if len(data) > MAX_BYTES:
                raise ForeignTooLarge(format=FORM, right=MAX_BYTES)
        return bytes(data)


def _joined(url: str, location: str, host: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as cause:
        raise RdapUnavailable(host=host, why="a redirect to no address") from cause


def _ensure_readable(status: int, headers: Mapping[bytes, str], host: str) -> None:
    if status != _OK:
        raise RdapUnavailable(host=host, why=f"HTTP {status}")
    kind = headers.get(b"content-type", "").partition(";")[0].strip().lower()
    if kind not in _TYPES:
        raise RdapUnavailable(host=host, why="an answer that is not application/rdap+json")
    if headers.get(b"content-encoding", "identity").lower() != "identity":
        raise RdapUnavailable(host=host, why="a compressed answer")
