"""The few lines of ASGI that a desk page needs: request, response, headers that shut everything out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
MAX_FORM = 524_288  # a pasted statement
SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read whole."""

    method: str
    path: str
    query: dict[str, str]
    cookies: dict[str, str]
    form: dict[str, str]


@dataclass(slots=True)
class Response:
    """Text by default; `location` redirects."""

    body: str | bytes = ""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: list[tuple[str, str]] = field(default_factory=list)


def redirect(location: str, *cookies: str) -> Response:
    """303, so that a reload never posts again."""
    made = Response(status=303)
    made.headers = [("location", location), *(("set-cookie", one) for one in cookies)]
    return made


def application(answer: Callable[[Request], Response]) -> Callable[..., Awaitable[None]]:
    """An ASGI application around one function; it runs on the loop, for a desk has few people."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        response = answer(await _read(scope, receive))
        data = response.body.encode() if isinstance(response.body, str) else response.body
        headers = {**SECURITY, "content-type": response.type, "content-length": str(len(data))}
        pairs = [*headers.items(), *response.headers]
        start = {
            "type": "http.response.start",
            "status": response.status,
            "headers": [(name.encode(), value.encode()) for name, value in pairs],
        }
        await send(start)
        await send({"type": "http.response.body", "body": data})

    return app


async def _read(scope: Scope, receive: Receive) -> Request:
    body = b""
    while len(body) <= MAX_FORM:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    cookies: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                continue
    return Request(
        method=str(scope["method"]),
        path=str(scope["path"]),
        query=_pairs(scope.get("query_string", b"")),
        cookies={name: morsel.value for name, morsel in cookies.items()},
        form=_pairs(body) if len(body) <= MAX_FORM and scope["method"] == "POST" else {},
    )


def _pairs(data: bytes) -> dict[str, str]:
    text = data.decode("utf-8", errors="replace")
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
