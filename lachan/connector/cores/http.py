"""A core behind HTTP: five calls, each over TLS, none redirected, all bounded in bytes and time.

    GET  ready · GET orders/<message> · PUT orders/<message> · POST orders/<message>/undo · GET self-test

The message's id is in the path and in `Idempotency-Key`. docs/connector.md has the whole of it.
"""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import httpcore

from lachan.adapters.bounded import Direct
from lachan.connector.cores.wire import (
    MAX_BYTES,
    SECONDS,
    UNKNOWN,
    SaidReady,
    SaidUnknown,
    checks_of,
    done_of,
    ensure_within,
    order_json,
    read,
    written,
)
from lachan.connector.port import CoreUnavailable, Done, Order
from lachan.kernel.checks import Check
from lachan.kernel.time import to_wire

_DONE = frozenset({200, 201})
_NOT_FOUND = 404


def tls_to_core(ca: Path | None, cert: Path | None, key: Path | None) -> ssl.SSLContext:
    """The member's own authority (the system's when none is named), and its certificate if the core asks for one.

    Raises: OSError, ssl.SSLError for files that are none.
    """
    context = ssl.create_default_context(cafile=None if ca is None else str(ca))
    if cert is not None:
        context.load_cert_chain(cert, key)
    return context


@dataclass(frozen=True, slots=True)
class _Said:
    status: int
    body: bytes


class HttpCore:
    """`url` is the https address under which the five calls lie. Each call opens a connection of its own."""

    def __init__(self, url: str, trust: ssl.SSLContext, *, seconds: float = SECONDS) -> None:
        self._url = url.rstrip("/")
        self._trust = trust
        self._seconds = seconds

    def ready(self) -> bool:
        try:
            return read(SaidReady, self._ok("GET", "ready")).ready
        except CoreUnavailable:
            return False

    def look_up(self, message: str) -> Done | None:
        """Raises: CoreUnavailable; a 404 counts as "not done" only when the core itself says so."""
        said = self._call("GET", _place(message))
        if said.status == _NOT_FOUND and read(SaidUnknown, said.body).code == UNKNOWN:
            return None
        return done_of(_ensured(said), message)

    def execute(self, order: Order, *, now: datetime) -> Done:
        body = order_json(order) | {"at": to_wire(now)}
        said = self._ok("PUT", _place(order.message), body, key=order.message)
        return ensure_within(order, done_of(said, order.message))

    def undo(self, message: str, *, now: datetime, why: str) -> Done:
        body = {"at": to_wire(now), "why": why}
        said = self._ok("POST", f"{_place(message)}/undo", body, key=f"{message}:{why}")
        return done_of(said, message)

    def self_test(self) -> list[Check]:
        try:
            return checks_of(self._ok("GET", "self-test"))
        except CoreUnavailable as down:
            return [Check(id="core", ok=False, what=down.message("vi"), what_en=down.message("en"))]

    def _ok(self, method: str, path: str, body: object = None, *, key: str = "") -> bytes:
        return _ensured(self._call(method, path, body, key=key))

    def _call(self, method: str, path: str, body: object = None, *, key: str = "") -> _Said:
        until = time.monotonic() + self._seconds
        headers: dict[bytes | str, bytes | str] = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        try:
            with (
                httpcore.ConnectionPool(self._trust, network_backend=Direct(until)) as pool,
                pool.stream(
                    method,
                    f"{self._url}/{path}",
                    headers=headers,
                    content=b"" if body is None else written(body),
                ) as answer,
            ):
                return _Said(answer.status, _bounded(answer))
        except (
            httpcore.NetworkError,
            httpcore.TimeoutException,
            httpcore.ProtocolError,
            ssl.SSLError,
        ) as cause:
            raise CoreUnavailable(why=type(cause).__name__) from cause


def _place(message: str) -> str:
    return f"orders/{quote(message, safe='')}"


def _bounded(answer: httpcore.Response) -> bytes:
    got = bytearray()
    for chunk in answer.iter_stream():
        got += chunk
        if len(got) > MAX_BYTES:
            raise CoreUnavailable(why=f"an answer above {MAX_BYTES} bytes")
    return bytes(got)


def _ensured(said: _Said) -> bytes:
    """A redirect is a failure as every other status is: the core stands where the configuration says."""
    if said.status not in _DONE:
        raise CoreUnavailable(why=f"HTTP {said.status}")
    return said.body
