"""A time-stamp authority made of openssl: its own root, its own certificate, `openssl ts -reply` behind HTTP on loopback.

`fault` makes it lie in one respect at a time; everything else of the answer stays as openssl made it.
"""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.needs import openssl

CONFIG = """
[tsa]
default_tsa = one
[one]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[stamping]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[req]
distinguished_name = name
[name]
"""


@dataclass
class Tsa:
    """A running authority. `asked` counts requests; `answered` keeps the responses."""

    folder: Path
    url: str = ""
    fault: str = ""
    asked: int = 0
    answered: list[bytes] = field(default_factory=list)

    @property
    def ca(self) -> Path:
        """The file with its root, as the settings name it."""
        return self.folder / "ca.crt"

    @property
    def setting(self) -> tuple[str, str]:
        return self.url, str(self.ca)

    def run(self, *arguments: str) -> None:
        subprocess.run(
            [openssl(), *arguments],
            cwd=self.folder,
            check=True,
            capture_output=True,
            env={**os.environ, "OPENSSL_CONF": str(self.folder / "openssl.cnf")},
        )

    def make(self) -> None:
        """Two roots, each with its authority."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "openssl.cnf").write_text(CONFIG)
        (self.folder / "serial").write_text("01\n")
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-batch"]
        for root, leaf in (("ca", "tsa"), ("other", "stranger")):
            self.run(
                "req", "-x509", *new, "-subj", f"/CN=Root {root}", "-days", "30",
                "-config", "openssl.cnf", "-extensions", "root", "-keyout", f"{root}.key", "-out", f"{root}.crt",
            )  # fmt: skip
            self.run(
                "req", *new, "-subj", f"/CN={leaf}", "-config", "openssl.cnf",
                "-keyout", f"{leaf}.key", "-out", f"{leaf}.csr",
            )  # fmt: skip
            self.run(
                "x509", "-req", "-in", f"{leaf}.csr", "-CA", f"{root}.crt", "-CAkey", f"{root}.key",
                "-CAcreateserial", "-days", "30", "-extfile", "openssl.cnf", "-extensions", "stamping",
                "-out", f"{leaf}.crt",
            )  # fmt: skip

    def reply(self, query: bytes) -> tuple[int, bytes]:
        """(HTTP status, body) for one request, with the fault of the moment."""
        self.asked += 1
        if self.fault == "down":
            return 503, b""
        if self.fault == "garbage":
            return 200, b"<html>maintenance</html>"
        if self.fault == "endless":
            return 200, b"\x30" * 1_000_000
        at = query.index(b"\x04\x20") + 2
        digest = query[at : at + 32]
        if self.fault == "imprint":
            query = query.replace(digest, digest[::-1])
        (self.folder / "query").write_bytes(query)
        if self.fault == "nonce":
            self.run("ts", "-query", "-digest", digest.hex(), "-sha256", "-cert", "-out", "query")
        if self.fault == "status":
            (self.folder / "query").write_bytes(query[:-4])
        signer = "stranger" if self.fault == "chain" else "tsa"
        self.run(
            "ts", "-reply", "-config", "openssl.cnf", "-section", "one", "-queryfile", "query",
            "-signer", f"{signer}.crt", "-inkey", f"{signer}.key", "-out", "reply",
        )  # fmt: skip
        made = (self.folder / "reply").read_bytes()
        if self.fault == "signature":
            made = made[:-1] + bytes([made[-1] ^ 1])
        if self.fault == "cut":
            made = made[: len(made) // 2]
        self.answered.append(made)
        return 200, made


@contextmanager
def running(folder: Path) -> Iterator[Tsa]:
    """An authority on a free loopback port."""
    tsa = Tsa(folder)
    tsa.make()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = tsa.reply(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            slow = tsa.fault == "slow"
            with contextlib.suppress(ConnectionError):  # the caller lost patience
                for at in range(0, len(body), 1 if slow else len(body) or 1):
                    self.wfile.write(body[at : at + 1] if slow else body)
                    time.sleep(0.05 if slow else 0)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    tsa.url = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield tsa
    finally:
        server.shutdown()
        server.server_close()
