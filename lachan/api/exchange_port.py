"""The exchange port: members' connectors call in, nothing calls out.

A small ASGI application without a framework. A waiting poll costs no worker: it sleeps on an event that one tick, every
250 ms for all pollers together, sets when the queue of its member has grown. Everything that touches records runs on a
few threads. TLS with client certificates is transport only: each call carries an RFC 9421 signature by the member key.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs

from django.db import close_old_connections, connection

from lachan.api import exchange_calls, log_calls
from lachan.exchange import contacts
from lachan.exchange.envelope import MAX_ENVELOPE
from lachan.exchange.signer_errors import CallSignature
from lachan.kernel.errors import LachanError
from lachan.kernel.time import Clock

R = TypeVar("R")
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

TICK_SECONDS = (
    0.25  # measured with 200 pollers: 25 ms costs more than a core, 250 ms a tenth of one
)
MAX_WAIT_SECONDS = 30
MAX_BODY = 32 * MAX_ENVELOPE
THREADS = 8
PREFIX = "/exchange/v1/"


@dataclass
class _Waiters:
    """Sleeping polls by member address, with the newest queue position that each has seen."""

    events: dict[str, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))

    def wake(self, member: str) -> None:
        for event in self.events.get(member, ()):
            event.set()


class ExchangePort:
    """One instance per process."""

    def __init__(self, clock: Clock, *, base_url: str) -> None:
        self.clock = clock
        self.base_url = base_url.rstrip("/")
        self.started = clock.now()
        self.waiters = _Waiters()
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="exchange")
        self.nonces: dict[str, float] = {}
        self.ticker: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        try:
            status, body = await self._answer(scope, await _read(receive))
        except LachanError as refused:
            status, body = refused.status, {"error": refused.body()}
        await _reply(send, status, body)

    async def _answer(self, scope: Scope, body: bytes) -> tuple[int, Any]:
        method, path = str(scope["method"]), str(scope["path"])
        query = str(scope.get("query_string", b""), "ascii")
        call = path.removeprefix(PREFIX) if path.startswith(PREFIX) else ""
        handler = exchange_calls.CALLS.get((method, call))
        of_the_log = log_calls.CALLS.get((method, call))
        if handler is None and of_the_log is None:
            return 404, {"error": {"code": "exchange.call_unknown"}}
        if handler is not None and call == "ping":
            return await self._threaded(handler, "", {}, body)
        caller = await self._threaded(self._signer, scope, method, path, query, body)
        arguments = {name: values[-1] for name, values in parse_qs(query).items()}
        if of_the_log is not None:
            now = self.clock.now()
            return await self._threaded(of_the_log, caller, arguments, body, now)
        if handler is None or caller.is_witness:
            raise CallSignature.because("a witness's key")
        member = caller.name
        if (method, call) == ("GET", "inbox"):
            return await self._inbox(member, arguments)
        return await self._threaded(handler, member, arguments, body)

    def _signer(
        self, scope: Scope, method: str, path: str, query: str, body: bytes
    ) -> exchange_calls.Caller:
        """The member or witness whose key signed the call, once. Raises: CallSignature."""
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        url = f"{self.base_url}{path}" + (f"?{query}" if query else "")
        caller, signer = exchange_calls.signer(method, url, headers, body, now=self.clock.now())
        # What was signed before this process began may have been used up in the one before it.
        if signer.created < self.started.replace(microsecond=0) or signer.nonce in self.nonces:
            raise CallSignature.because("a nonce used before, or from before the start")
        now = time.monotonic()
        self.nonces[signer.nonce] = now
        if len(self.nonces) > 50_000:  # noqa: PLR2004 - ten minutes of calls at 80 a second
            self.nonces = {nonce: at for nonce, at in self.nonces.items() if now - at < 600}  # noqa: PLR2004
        if path == f"{PREFIX}inbox" and not caller.is_witness:
            contacts.polled(caller.name, at=self.clock.now(), signed_at=signer.created)
        return caller

    async def _inbox(self, member: str, arguments: dict[str, str]) -> tuple[int, Any]:
        wait = min(exchange_calls.number(arguments, "wait", 0), MAX_WAIT_SECONDS)
        status, body = await self._threaded(exchange_calls.inbox, member, arguments, b"")
        if body["items"] or wait <= 0:
            return status, body
        event = asyncio.Event()
        self.waiters.events[member].add(event)
        try:
            await asyncio.wait_for(event.wait(), wait)
        except TimeoutError:
            version = await self._threaded(exchange_calls.directory_version)
            return status, body | {"directory_version": version}
        finally:
            self.waiters.events[member].discard(event)
        return await self._threaded(exchange_calls.inbox, member, arguments, b"")

    async def _threaded(self, function: Callable[..., R], *arguments: Any) -> R:
        return await asyncio.get_running_loop().run_in_executor(
            self.pool, _with_connection, function, arguments
        )

    async def _tick(self) -> None:
        seen: dict[str, int] = {}
        version = 0
        while True:
            await asyncio.sleep(TICK_SECONDS)
            waiting = {member for member, events in self.waiters.events.items() if events}
            if not waiting:
                continue
            newest, current = await self._threaded(exchange_calls.newest)
            for member in waiting:
                if newest.get(member, 0) > seen.get(member, 0) or current != version:
                    self.waiters.wake(member)
            seen, version = newest, current

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.ticker = asyncio.create_task(self._tick())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self.ticker is not None:
                    self.ticker.cancel()
                self.pool.shutdown(wait=False, cancel_futures=True)
                await send({"type": "lifespan.shutdown.complete"})
                return


def _with_connection(function: Callable[..., R], arguments: tuple[Any, ...]) -> R:
    if (
        not connection.in_atomic_block
    ):  # never under a transaction that somebody else has open on this thread
        close_old_connections()
    return function(*arguments)


async def _read(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= MAX_BODY:
            chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)


async def _reply(send: Send, status: int, body: object) -> None:
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(data)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})
