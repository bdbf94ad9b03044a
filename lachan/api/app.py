"""The API at /api/v1: the pages' queries and verbs as JSON, with the pages' permissions and predicates.

`/api/v1/openapi.json` describes it. Amounts are whole đồng, times `2026-11-22T03:04:05.678Z`, errors have one shape:
`{"error": {code, field, rule, right, text_vi, text_en, row}}`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from lachan.access.decorators import public
from lachan.api import cases, conversations, health, holds, reports
from lachan.api.errors import CallRefused, InputUnreadable, SignInNeeded
from lachan.kernel.errors import LachanError
from lachan.kernel.time import to_wire


class WireEncoder(NinjaJSONEncoder):
    """Times as the wire writes them; sets in order."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return to_wire(o)
        if isinstance(o, set | frozenset):
            return sorted(o)
        return super().default(o)


class WireRenderer(JSONRenderer):
    """JSON in UTF-8, Vietnamese unescaped."""

    encoder_class = WireEncoder
    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


api = NinjaAPI(
    title="Lá Chắn",
    version="1",
    description=__doc__ or "",
    docs_url=None,  # its page would load scripts from elsewhere
    renderer=WireRenderer(),
    urls_namespace="api",
)
for subject in (health, reports, cases, holds, conversations):
    api.add_router("", subject.router)


@api.exception_handler(LachanError)
def refused(request: HttpRequest, error: LachanError) -> HttpResponse:
    """A project error, with its own status."""
    return _answer(request, error, error.status)


@api.exception_handler(AuthenticationError)
def unknown_caller(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Nobody known."""
    return _answer(request, SignInNeeded(), SignInNeeded.status)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The first field that is not what its schema says."""
    first = error.errors[0] if error.errors else {}
    where = ".".join(str(part) for part in first.get("loc", ())[1:]) or "body"
    refusal = InputUnreadable(field=where, where=where, why=str(first.get("msg", "")))
    return _answer(request, refusal, refusal.status)


@api.exception_handler(HttpError)
def call_refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The framework's own refusal: no CSRF value, a body that is no JSON."""
    return _answer(request, CallRefused(why=str(error)), error.status_code)


def _answer(request: HttpRequest, error: LachanError, status: int) -> HttpResponse:
    return api.create_response(request, {"error": error.body()}, status=status)


def open_to_callers() -> tuple[Any, ...]:
    """The addresses for the site's list. The pages' gate lets them through: each operation has its own caller."""
    addresses = api.urls
    for one in addresses[0]:
        public(one.callback)  # type: ignore[type-var] # each of them has one
    return addresses
