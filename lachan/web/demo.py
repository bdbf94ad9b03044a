"""The demonstration's desk: the simulated telephone, a new scam, links to the simulated members. Absent elsewhere.

`lachan demo` says by LACHAN_DEMO_FOLDER where its members' folders are; everything shown here is invented.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lachan import bootstrap
from lachan.access.decorators import public
from lachan.access.models import Login
from lachan.access.pages import language, page, shown
from lachan.access.services import current_code
from lachan.connector.simulator.cast import cast
from lachan.demo.cast import PASSPHRASE, PASSWORD, PEOPLE
from lachan.web.clock import now


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody to play, with what he types."""

    name: str
    roles: tuple[str, ...]
    username: str
    password: str
    passphrase: str
    code: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A simulated member; `desk` and `accounts` are addresses of its own process."""

    name: str
    address: str
    desk: str
    accounts: str


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 outside a demonstration's folder."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.LACHAN_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def members_folder() -> Path | None:
    """Where the simulated members live, when they run."""
    named = os.environ.get("LACHAN_DEMO_FOLDER", "")
    folder = Path(named) / "members"
    return folder if named and folder.is_dir() else None


def players() -> list[Player]:
    """The people of the demonstration and their codes of this half minute (the machine's clock, as on a phone)."""
    logins = {one.username: one for one in Login.objects.filter(username__in=[p.login for p in PEOPLE])}  # fmt: skip
    return [
        Player(
            one.name,
            tuple(role.value for role in one.roles),
            one.login,
            PASSWORD,
            PASSPHRASE,
            current_code(logins[one.login]),
        )
        for one in PEOPLE
        if one.login in logins
    ]


def neighbours(folder: Path | None) -> list[Neighbour]:
    """The simulated members with the addresses of their desks and account pages."""
    found = []
    for one in cast() if folder is not None else ():
        path = (folder or Path()) / one.folder / "connector.toml"
        if not path.exists():
            continue
        listen = tomllib.loads(path.read_text(encoding="utf-8")).get("desk", {}).get("listen", "")
        desk = f"http://{listen}/" if listen else ""
        name = one.name_en if language() == "en" else one.name_vi
        found.append(Neighbour(name, one.address, desk, f"{desk}tai-khoan" if desk and one.code else ""))  # fmt: skip
    return found


@public
@demo_only
@page
@require_http_methods(["GET"])
def desk(request: HttpRequest) -> HttpResponse:
    """Everything that stands around the main job: people, telephone, banks, the clock."""
    folder = members_folder()
    context = {
        "people": players(),
        "members": neighbours(folder),
        "clock": os.environ.get("LACHAN_CLOCK", ""),
        "planted": request.session.get("planted"),
        "can_plant": folder is not None,
    }
    return shown(request, "web/demo.html", context)


@public
@demo_only
@page
@require_http_methods(["GET"])
def phone(request: HttpRequest) -> HttpResponse:
    """The simulated telephone: the newest code on top."""
    return shown(
        request, "web/demo_phone.html", {"messages_": bootstrap.simulated_phone().messages()}
    )


@public
@demo_only
@page
@require_http_methods(["POST"])
def plant(request: HttpRequest) -> HttpResponse:
    """Money of a new victim moves now; the page shows what the victim would tell."""
    folder = members_folder()
    if folder is None:
        raise Http404
    from lachan.connector.simulator.scam import new_scam  # noqa: PLC0415 - numpy, only when planting

    at = now()
    told = new_scam(folder, at, int(at.timestamp()))
    request.session["planted"] = [[key, value] for key, value in told.items()]
    return HttpResponseRedirect(reverse("demo"))
