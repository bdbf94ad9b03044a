"""Connections that end at a time of the monotonic clock, however slowly the other side sends.

The time is watched at each read, so that a server that sends one byte now and then, in its headers
too, holds nobody.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
from httpcore import SOCKET_OPTION


class Bounded(httpcore.NetworkStream):
    """A stream that is over at `until`."""

    def __init__(self, inner: httpcore.NetworkStream, until: float) -> None:
        self._inner = inner
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, left_of(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, left_of(self._until, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = left_of(self._until, timeout)
        return Bounded(self._inner.start_tls(ssl_context, server_hostname, left), self._until)

    def get_extra_info(self, info: str) -> Any:  # the type of the library's own interface
        return self._inner.get_extra_info(info)


class Direct(httpcore.NetworkBackend):
    """Connections to whatever host the configuration names, private ones too."""

    def __init__(self, until: float) -> None:
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
        left = left_of(self._until, timeout)
        stream = self._inner.connect_tcp(host, port, left, local_address, socket_options)
        return Bounded(stream, self._until)


def left_of(until: float, timeout: float | None) -> float:
    """Seconds that an act may still take. Raises: httpcore.ReadTimeout when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is over")
    return left if timeout is None else min(left, timeout)
