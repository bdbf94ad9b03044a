"""Connections that a look-up may make: to public addresses, within one span of time.

A name is resolved once and the connection is made to the address that was looked at, so that a second
answer of the name server cannot lead elsewhere. The time is watched at each read, so that a server
that sends one byte now and then, in its headers too, holds nobody.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence

import httpcore
from httpcore import SOCKET_OPTION

from lachan.adapters.bounded import Bounded, left_of
from lachan.adapters.rdap.errors import RdapRefused, RdapUnavailable

Resolve = Callable[[str, int], Sequence[str]]
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address behind a translator


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the machine finds them. Raises: OSError."""
    return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Global unicast; an IPv4 address inside an IPv6 one is looked at itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _TRANSLATED:
            inner = ipaddress.IPv4Address(found.packed[-4:])
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


class Guarded(httpcore.NetworkBackend):
    """Opens connections for one look-up, until a time of the monotonic clock."""

    def __init__(self, resolve: Resolve, private_hosts: frozenset[str], until: float) -> None:
        self._resolve = resolve
        self._private_hosts = private_hosts
        self._until = until
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises: RdapRefused for a host with any address that is not public, RdapUnavailable."""
        try:
            found = self._resolve(host, port)
        except OSError as cause:
            raise RdapUnavailable(host=host, why="the name has no address") from cause
        if not found:
            raise RdapUnavailable(host=host, why="the name has no address")
        private = [one for one in found if not is_public(one)]
        if private and host not in self._private_hosts:
            raise RdapRefused(host=host, why=f"{private[0]} is not a public address")
        left = left_of(self._until, timeout)
        stream = self._inner.connect_tcp(found[0], port, left, local_address, socket_options)
        return Bounded(stream, self._until)
