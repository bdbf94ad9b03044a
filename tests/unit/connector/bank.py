"""A bank's core as somebody else would build it: the five calls of docs/connector.md over a ledger, and its misbehaviours.

It shares no code with the connector's side of the wire.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lachan.adapters.certificates import Authority
from lachan.connector.core import LedgerCore
from lachan.connector.port import CoreUnavailable, Done, Order

Fault = Callable[[BaseHTTPRequestHandler], None]


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def wire(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def done_json(message: str, done: Done) -> dict[str, Any]:
    told = {
        "message": message, "amount": done.amount, "carved": done.carved, "left": done.left,
        "at": wire(done.at), "core_ref": done.core_ref, "branch": "a field that the connector does not know",
    }  # fmt: skip
    return told if done.until is None else told | {"until": wire(done.until)}


def order_of(told: dict[str, Any]) -> Order:
    values = dict(told)
    values.pop("at", None)
    if "until" in values:
        values["until"] = instant(values["until"])
    return Order(**values)


def answer(core: LedgerCore, call: str, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:  # noqa: PLR0911 - one a call
    """Status (as HTTP has it) and body."""
    try:
        if call == "ready":
            return 200, {"ready": core.ready()}
        if call == "self_test":
            return 200, {"checks": [{"id": "books", "ok": True, "what": "open"}]}
        if call == "look_up":
            done = core.look_up(told["message"])
            if done is None:
                return 404, {"code": "order_unknown"}
            return 200, done_json(told["message"], done)
        if call == "undo":
            done = core.undo(told["message"], now=instant(told["at"]), why=told["why"])
            return 200, done_json(told["message"], done)
        order = order_of(told["order"])
        return 200, done_json(order.message, core.execute(order, now=instant(told["at"])))
    except CoreUnavailable as refused:
        return 422, {"code": "refused", "why": refused.why}


class BankServer:
    """`fault` answers in place of the bank, once it is set; `asked` lists (method, path, headers)."""

    def __init__(self, port: int, trust: ssl.SSLContext, folder: Path) -> None:
        self.url = f"https://localhost:{port}/core"
        self.trust = trust
        self.folder = folder
        self.fault: Fault | None = None
        self.asked: list[tuple[str, str, dict[str, str]]] = []


@contextmanager
def bank_server(folder: Path, core: LedgerCore, *, client_ca: bool = False) -> Iterator[BankServer]:
    """Runs until the block ends; `client_ca`: asks for a certificate of its own authority."""
    authority = Authority(folder / "ca", now=datetime.now(UTC))
    authority.issue("core", folder=folder / "tls", server=True, hosts=("localhost",))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls" / "tls.crt", folder / "tls" / "tls.key")
    if client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(folder / "ca" / "ca.crt")

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            found.asked.append((self.command, self.path, dict(self.headers)))
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if found.fault is not None:
                with suppress(OSError):
                    found.fault(self)
                return
            self._say(*answer(core, *_call(self.command, self.path, body)))

        def _say(self, status: int, told: dict[str, Any]) -> None:
            data = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = _serve  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that goes away is no fault of the bank."""

    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    trust = ssl.create_default_context(cafile=str(folder / "ca" / "ca.crt"))
    found = BankServer(server.server_address[1], trust, folder)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _call(method: str, path: str, body: bytes) -> tuple[str, dict[str, Any]]:
    steps = [unquote(one) for one in path.removeprefix("/core/").split("/")]
    told = json.loads(body) if body else {}
    if steps in (["ready"], ["self-test"]):
        return steps[0].replace("-", "_"), {}
    if method == "GET":
        return "look_up", {"message": steps[1]}
    if method == "PUT":
        assert told["message"] == steps[1]
        return "execute", {"order": told, "at": told["at"]}
    return "undo", {**told, "message": steps[1]}
