"""A registry on this machine: https with a certificate of a CA made for the test, answers chosen by path."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from lachan.adapters.certificates import Authority

RDAP = "application/rdap+json"
Answer = Callable[[BaseHTTPRequestHandler], None]


def says(body: bytes, *, status: int = 200, kind: str = RDAP, **headers: str) -> Answer:
    """A plain answer."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def goes(location: str, status: int = 302) -> Answer:
    """A redirect."""
    return says(b"", status=status, Location=location)


def drips(head: bytes, every: float, times: int) -> Answer:
    """One byte now and then, in the headers or (after a whole head) in the body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            handler.wfile.write(head)
            for _ in range(times):
                handler.wfile.write(b"a")
                handler.wfile.flush()
                time.sleep(every)

    return answer


class Registry:
    """`base` is its https address; `answers` maps a path to an answer; `asked` lists what was asked."""

    def __init__(self, port: int, trust: ssl.SSLContext) -> None:
        self.port = port
        self.trust = trust
        self.base = f"https://localhost:{port}/rdap/"
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []

    def url(self, path: str, host: str = "localhost") -> str:
        return f"https://{host}:{self.port}{path}"


@contextmanager
def registry(folder: Path) -> Iterator[Registry]:
    """Runs until the block ends."""
    authority = Authority(folder / "ca", now=datetime.now(UTC))
    authority.issue("registry", folder=folder / "tls", server=True, hosts=("localhost",))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls" / "tls.crt", folder / "tls" / "tls.key")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            with suppress(OSError):
                found.answers.get(self.path, says(b"{}", status=404))(self)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that refuses the certificate or hangs up is part of the test."""

    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    trust = ssl.create_default_context(cafile=str(folder / "tls" / "ca.crt"))
    found = Registry(server.server_address[1], trust)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
