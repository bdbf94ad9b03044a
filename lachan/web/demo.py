"""The demonstration's desk: the simulated telephone, a new scam, links to the simulated banks. Absent elsewhere.

What the pages show comes from `demo.json` in the data folder, which `lachan demo` writes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import pyotp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lachan import bootstrap
from lachan.access.decorators import public
from lachan.access.pages import page, shown
from lachan.web.clock import now


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 outside a demonstration's folder."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.LACHAN_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def facts() -> dict[str, Any]:
    """What `lachan demo` wrote; nothing before it did."""
    path = Path(settings.LACHAN_DATA) / "demo.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


@public
@demo_only
@page
@require_http_methods(["GET"])
def desk(request: HttpRequest) -> HttpResponse:
    """Everything that stands around the main job: people, telephone, banks, the clock."""
    known = facts()
    people = [
        {
            **one,
            # A demonstration's authenticator runs on the machine's clock, like a real one.
            "code": pyotp.TOTP(one["totp_secret"]).now() if one.get("totp_secret") else "",
        }
        for one in known.get("people", [])
    ]
    context = {
        "people": people,
        "members": known.get("members", []),
        "clock": known.get("clock", ""),
        "planted": request.session.get("planted"),
        "can_plant": bool(known.get("folder")),
    }
    return shown(request, "web/demo.html", context)


@public
@demo_only
@page
@require_http_methods(["GET"])
def phone(request: HttpRequest) -> HttpResponse:
    """The simulated telephone: the newest code on top."""
    return shown(request, "web/demo_phone.html", {"messages_": bootstrap.simulated_phone().shown()})


@public
@demo_only
@page
@require_http_methods(["POST"])
def plant(request: HttpRequest) -> HttpResponse:
    """Money of a new victim moves now; the page shows what the victim would tell."""
    folder = facts().get("folder")
    if not folder:
        raise Http404
    from lachan.connector.simulator.scam import new_scam  # noqa: PLC0415 - numpy, only in a demonstration

    at = now()
    told = new_scam(Path(folder), at, int(at.timestamp()))
    request.session["planted"] = [[str(key), str(value)] for key, value in _pairs(told)]
    return HttpResponseRedirect(reverse("demo"))


def _pairs(told: Any) -> list[tuple[str, Any]]:
    """The victim's words as (what, value), whatever shape the simulator gives them."""
    rows = (
        told if isinstance(told, dict) else {name: getattr(told, name) for name in told.__slots__}
    )
    return list(rows.items())
