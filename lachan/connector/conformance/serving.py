"""Serves the kit's centre over HTTPS: certificates of an authority of its own, every call but `ping` signed by the member."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lachan.adapters.certificates import Authority
from lachan.connector.conformance.centre import KitCentre
from lachan.exchange.calls import verify_call
from lachan.kernel.errors import LachanError

_PREFIX = "/exchange/v1/"
_MAX_BODY = 16 * 1024 * 1024
_LONGEST_POLL = 30.0
_MOST = 200


@contextmanager
def serving(centre: KitCentre, folder: Path, host: str, port: int) -> Iterator[str]:
    """Serve until the block ends; gives the address for `[centre] url`. `folder` gets ca.crt and the member's tls files."""
    authority = Authority(folder / "ca", now=centre.clock.now())
    authority.issue("kit", folder=folder / "server", server=True, hosts=(host,))
    authority.issue(centre.world.tried.address, folder=folder / "keys")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server" / "tls.crt", folder / "server" / "tls.key")
    server = _Server((host, port), _Handler)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.url = f"https://{host}:{server.server_address[1]}"
    server.centre = centre
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    """Carries what its handlers need; nonces are accepted once."""

    daemon_threads = True
    block_on_close = False
    url = ""
    centre: KitCentre

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.nonces: set[str] = set()

    def handle_error(self, *_: object) -> None:
        """A member that goes away in the middle of a call is killed by a case, or will call again."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 60.0

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        """The terminal shows cases, not calls."""

    def _serve(self) -> None:
        size = self.headers.get("Content-Length", "0")
        if not size.isdigit() or int(size) > _MAX_BODY:
            self._say(413, {"code": "exchange.too_large"})
            return
        body = self.rfile.read(int(size))
        parts = urlsplit(self.path)
        call = parts.path.removeprefix(_PREFIX)
        if call != "ping" and not self._signed(body):
            self._say(401, {"code": "exchange.call_signature"})
            return
        try:
            found = self._answer(call, parse_qs(parts.query), body)
        except (ValueError, KeyError, TypeError, AttributeError):
            self.server.centre.faults.append(f"a call to {call[:40]} that cannot be read")
            self._say(400, {"code": "exchange.malformed"})
            return
        good = 202 if call.startswith("messages") else 200
        self._say(404 if found is None else good, found or {"code": "exchange.malformed"})

    def _signed(self, body: bytes) -> bool:
        """By the member's own key, made within five minutes, its nonce new."""
        centre = self.server.centre
        row = centre.world.directory.sign_key(centre.world.tried.address, centre.clock.now())
        keys = {} if row is None else {row.kid: row.jwk}
        try:
            signer = verify_call(
                self.command,
                f"{self.server.url}{self.path}",
                dict(self.headers),
                body,
                find_key=keys.get,
                now=centre.clock.now(),
            )
        except LachanError as wrong:
            centre.faults.append(f"a call without its signature ({wrong.code})")
            return False
        if signer.nonce in self.server.nonces:
            centre.faults.append("a call with a nonce that was used before")
            return False
        self.server.nonces.add(signer.nonce)
        return True

    def _answer(  # noqa: PLR0911 - one call a line
        self, call: str, query: dict[str, list[str]], body: bytes
    ) -> dict[str, Any] | None:
        centre = self.server.centre

        def number(name: str, most: float) -> float:
            return min(float(query.get(name, ["0"])[0]), most)

        if call == "inbox":
            return centre.poll(wait=number("wait", _LONGEST_POLL), most=int(number("max", _MOST)))
        if call == "directory":
            return centre.directory(int(number("since", 2**31)))
        if call == "catalogue":
            return centre.catalogue()
        if call == "ping":
            return centre.ping()
        told = json.loads(body)
        if call == "inbox/receipts":
            return {"accepted": centre.receipts(told["receipts"])}
        if call == "messages:batch":
            return {"results": centre.send(told["envelopes"])}
        if call == "messages":
            return centre.send([told])[0]
        return None

    def _say(self, status: int, told: dict[str, Any]) -> None:
        data = json.dumps(told, ensure_ascii=False).encode()
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
