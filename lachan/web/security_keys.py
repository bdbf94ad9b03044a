"""An officer's security keys on his profile: register one, take the request to the agency, hand its answer in."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import requires
from lachan.access.pages import acted, actor_of, download, language, page, profile_page
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import LachanError
from lachan.members import services
from lachan.members.directory_rows import KeyRow
from lachan.members.errors import RegistrationUnread, RowOfAnotherKey
from lachan.web.clock import clock

_ASKED = "key_challenge"  # in the session: what was asked, and when
_LASTS = timedelta(minutes=5)
_MAX_FILE = 16_384


def refused_json(error: LachanError) -> JsonResponse:
    """What the script shows beside its button."""
    return JsonResponse(
        {"code": error.code, "text": error.message(language())}, status=error.status
    )


@requires("member.security_key")
@require_http_methods(["POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A new challenge for the browser; it lasts five minutes and serves once."""
    challenge = os.urandom(32)
    try:
        options = services.begin_registration(
            actor_of(request), label=request.POST.get("label", ""), challenge=challenge
        )
    except LachanError as error:
        return refused_json(error)
    request.session[_ASKED] = [challenge.hex(), datetime.now(UTC).isoformat()]
    answer = JsonResponse({"options": json.loads(options)})
    answer["Cache-Control"] = "no-store"
    return answer


@requires("member.security_key")
@page
@require_http_methods(["POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Keep the key that answered. It signs nothing before the agency has enrolled it."""
    return acted(
        request,
        lambda: services.register_security_key(
            actor=actor_of(request),
            label=request.POST.get("label", ""),
            answer=read_answer(request),
            challenge=_taken(request),
            clock=clock(),
        ),
        to=reverse("profile"),
        again=lambda errors, status: profile_page(request, errors, status=status),
        said=_("Đã đăng ký khóa bảo mật. Chuyển phiếu đề nghị cho cơ quan để ghi danh."),
    )


@requires("member.security_key")
@page
@require_http_methods(["GET"])
def request_file(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """The file that the agency takes into its safe."""
    asked = services.request_of(actor_of(request), key_id)
    body = canonical(msgspec.to_builtins(asked)) + b"\n"
    return download(body, f"ghi-danh-{asked.kid[:12]}.json", "application/json")


@requires("member.security_key_row")
@page
@require_http_methods(["POST"])
def enter(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """The row as the agency signed it; from now on the key signs."""
    return acted(
        request,
        lambda: services.enter_security_key(
            actor=actor_of(request), key_id=key_id, row=_row(request), clock=clock()
        ),
        to=reverse("profile"),
        again=lambda errors, status: profile_page(request, errors, status=status),
        said=_("Khóa bảo mật đã được ghi danh; từ nay dùng để ký được."),
    )


def read_answer(request: HttpRequest) -> dict[str, Any]:
    """What the script put into the form. Raises: RegistrationUnread."""
    text = request.POST.get("answer", "")
    try:
        read = json.loads(text) if len(text) <= _MAX_FILE else None
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise RegistrationUnread
    return read


def _taken(request: HttpRequest) -> bytes | None:
    asked = request.session.pop(_ASKED, None)
    if asked is None or datetime.now(UTC) - datetime.fromisoformat(asked[1]) > _LASTS:
        return None
    return bytes.fromhex(asked[0])


def _row(request: HttpRequest) -> KeyRow:
    """Raises: RowOfAnotherKey."""
    file = request.FILES.get("row")
    try:
        if file is None or file.size is None or file.size > _MAX_FILE:
            raise RowOfAnotherKey(field="row")
        return msgspec.json.decode(file.read(), type=KeyRow)
    except (msgspec.DecodeError, UnicodeError) as cause:
        raise RowOfAnotherKey(field="row") from cause
