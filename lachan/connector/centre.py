"""The member's calls to the centre: TLS with its own certificate, each call signed by the member key.

Nothing listens inside the member: every line of this file goes out.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

from lachan.connector.config import Config
from lachan.exchange.calls import sign_call
from lachan.exchange.crypto import Jwk
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.time import Clock

_SLACK_SECONDS = 10


class CentreUnreachable(LachanError):
    """No answer, or one that is not of the protocol."""

    code = "connector.centre_unreachable"
    status = 503
    text = Text(
        vi="Không liên lạc được với trung tâm {url}: {why}.",
        en="The centre {url} cannot be reached: {why}.",
    )
    url: str
    why: str


class Centre(Protocol):
    """What the connector asks of the centre; every method raises CentreUnreachable."""

    def poll(self, *, wait: int, most: int) -> dict[str, Any]:
        """{cursor, directory_version, items[{envelope, centre_receipt}]}: all that is not receipted."""

    def send(self, envelopes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """One {receipt} or {refusal, error} each."""

    def receipts(self, receipts: Sequence[str]) -> int:
        """How many the centre has accepted."""

    def directory(self, since: int) -> dict[str, Any]:
        """{version} alone when it is `since`, else {version, root, directory, jws}."""

    def catalogue(self) -> dict[str, Any]:
        """{catalogue, hash, profile}."""

    def ping(self) -> dict[str, Any]:
        """{now, directory_version}."""


class HttpCentre:
    """The centre over HTTPS. One client per thread of use."""

    def __init__(self, config: Config, key: Jwk, clock: Clock) -> None:
        self._url = config.read.centre.url.rstrip("/")
        self._key = key
        self._clock = clock
        limits = config.read.limits
        self._client = httpx.Client(
            verify=tls_context(config) if self._url.startswith("https:") else False,
            proxy=config.read.centre.proxy or None,
            timeout=httpx.Timeout(limits.wait_seconds + _SLACK_SECONDS, connect=5),
            trust_env=False,
        )

    def poll(self, *, wait: int, most: int) -> dict[str, Any]:
        query = urlencode({"after": "0", "wait": wait, "max": most, "capacity": most})
        return self._call("GET", f"inbox?{query}")

    def send(self, envelopes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        body = self._call("POST", "messages:batch", {"envelopes": list(envelopes)})
        results = body.get("results")
        return results if isinstance(results, list) else []

    def receipts(self, receipts: Sequence[str]) -> int:
        body = self._call("POST", "inbox/receipts", {"receipts": list(receipts)})
        return int(body.get("accepted", 0))

    def directory(self, since: int) -> dict[str, Any]:
        return self._call("GET", f"directory?since={since}")

    def catalogue(self) -> dict[str, Any]:
        return self._call("GET", "catalogue")

    def ping(self) -> dict[str, Any]:
        return self._call("POST", "ping")

    def log_ping(self, nonce: str) -> str:
        """The log's receipt for a ping that it has written down. Not part of the port: `lachan connector test` alone asks it."""
        return str(self._call("POST", "log/ping", {"nonce": nonce}).get("receipt", ""))

    def inclusion(self, h: str, leaf: str) -> dict[str, Any]:
        """{index, size, path, sth}; index None until a signed head holds the entry."""
        return self._call("GET", f"log/inclusion?{urlencode({'h': h, 'leaf': leaf})}")

    def close(self) -> None:
        self._client.close()

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        url = f"{self._url}/exchange/v1/{path}"
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = sign_call(method, url, data, key=self._key, now=self._clock.now())
        try:
            answer = self._client.request(
                method, url, content=data, headers={**headers, "content-type": "application/json"}
            )
            read = answer.json()
        except (httpx.HTTPError, ValueError) as cause:
            raise CentreUnreachable(
                url=self._url, why=str(cause) or type(cause).__name__
            ) from cause
        if answer.status_code >= 400 or not isinstance(read, dict):  # noqa: PLR2004 - HTTP
            why = f"{answer.status_code} {str(read)[:200]}"
            raise CentreUnreachable(url=self._url, why=why)
        return read


def tls_context(config: Config) -> ssl.SSLContext:
    """Only the deployment's private CA is believed; the member shows its own certificate."""
    keys = config.read.keys
    context = ssl.create_default_context(cafile=str(config.path(keys.ca)) if keys.ca else None)
    if keys.tls_cert:
        context.load_cert_chain(config.path(keys.tls_cert), config.path(keys.tls_key))
    return context
