"""The centre's log as a witness or a member reads it: the exchange port over HTTPS, each call signed (exchange.md §3)."""

import json
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from lachan.evidence.errors import LogUnreachable, NoSuchProof
from lachan.evidence.signing import LogKey
from lachan.exchange.calls import sign_call
from lachan.kernel.time import Clock

SECONDS = 20
MAX_BYTES = 256 * 1024


class CentreLog:
    """One centre's log. Every method raises LogUnreachable.

    key: a configured witness's, or a member's signing key. tls: a folder with `tls.crt`, `tls.key` and the private CA's
    `ca.crt`, as the centre issues it; the exchange port takes no call without.
    """

    def __init__(self, url: str, key: LogKey, *, tls: Path | None, clock: Clock) -> None:
        self.url = url.rstrip("/")
        self._key, self._tls, self._clock = key, tls, clock

    def head(self) -> str:
        """The signed head (compact JWS) that the centre shows us."""
        return str(self._call("GET", "log/sth").get("sth", ""))

    def consistency(self, first: int, second: int) -> list[bytes]:
        """The proof between two sizes. Raises: NoSuchProof when the centre has none."""
        path = self._call("GET", f"log/consistency?first={first}&second={second}").get("path")
        try:
            return [bytes.fromhex(step) for step in path or ()]
        except (TypeError, ValueError) as cause:
            raise LogUnreachable(url=self.url, why="path") from cause

    def sign(self, jws: str) -> bool:
        """Post our signature over a head; whether the head is final now."""
        return bool(self._call("POST", "log/witness", {"jws": jws}).get("final"))

    def _call(
        self, method: str, path: str, body: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        url = f"{self.url}/exchange/v1/{path}"
        data = b"" if body is None else json.dumps(body).encode()
        headers = sign_call(method, url, data, key=self._key.jwk(), now=self._clock.now())
        try:
            with (
                httpx.Client(verify=self._verify(), timeout=SECONDS, trust_env=False) as client,
                client.stream(method, url, content=data, headers=headers) as answer,
            ):
                read = json.loads(self._bounded(answer))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, RecursionError) as cause:
            raise LogUnreachable(url=self.url, why=type(cause).__name__) from cause
        if not isinstance(read, dict):
            raise LogUnreachable(url=self.url, why="JSON")
        if answer.status_code != httpx.codes.OK:
            error = read.get("error")
            code = error.get("code") if isinstance(error, dict) else None
            if code == NoSuchProof.code:
                raise NoSuchProof(what=path, size=0)
            raise LogUnreachable(url=self.url, why=f"{answer.status_code} {str(code)[:60]}")
        return read

    def _bounded(self, answer: httpx.Response) -> bytes:
        got = bytearray()
        for chunk in answer.iter_bytes():
            got += chunk
            if len(got) > MAX_BYTES:
                raise ValueError(len(got))
        return bytes(got)

    def _verify(self) -> ssl.SSLContext | bool:
        """Only the deployment's private CA is believed."""
        if self._tls is None:
            return True
        context = ssl.create_default_context(cafile=str(self._tls / "ca.crt"))
        context.load_cert_chain(self._tls / "tls.crt", self._tls / "tls.key")
        return context
