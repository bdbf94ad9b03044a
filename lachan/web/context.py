"""What every page's frame needs: who acts, the menu of that role, the language, the demonstration's mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lachan.access import permissions
from lachan.members import services as members
from lachan.web.clock import now

# Entry of the menu: name of the address, words, permission that opens it.
STAFF: tuple[tuple[str, Promise, str], ...] = (
    ("board", _("Bảng giờ vàng"), "board.read"),
    ("reports", _("Các tin báo"), "report.read"),
    ("cases", _("Các vụ việc"), "case.read"),
    ("to_sign", _("Chờ ký"), "sheet.read"),
    ("reviews", _("Xem xét lại"), "review.read"),
    ("inbox", _("Hộp đến"), "inbox.read"),
    ("talks", _("Trao đổi"), "talk.read"),
    ("paper_replies", _("Trả lời giấy"), "paper.transcribe"),
    ("shift", _("Ca trực"), "shift.read"),
    ("league", _("Đúng hạn"), "league.read"),
    ("monitoring", _("Giám sát"), "monitoring.read"),
)
PUBLIC: tuple[tuple[str, Promise], ...] = (
    ("report_start", _("Trình báo")),
    ("follow", _("Theo dõi")),
    ("appeal", _("Đề nghị xem xét lại")),
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """`{% if "case.take" in allowed %}`: a button is shown to whom it serves. It protects nothing; the verb does."""

    actor: Any

    def __contains__(self, name: str) -> bool:
        return self.actor is not None and permissions.allowed(self.actor, name)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu."""

    url: str
    title: str
    current: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """Values of the frame. The menu shows nothing that the actor may not open."""
    actor = getattr(request, "actor", None)
    staff = bool(actor is not None and actor.is_officer)
    frame: dict[str, Any] = {
        "actor": actor,
        "allowed": Allowed(actor),
        "staff": staff,
        "demo": settings.LACHAN_DEMO,
        "static_url": settings.STATIC_URL,
        "server_now": now(),
        "single_keys": "off" if request.COOKIES.get("lachan_keys") == "off" else "on",
        "menu": menu(request.path, actor if staff else None),
    }
    if staff and actor is not None:
        frame |= {
            "actor_name": actor.name,
            "actor_roles": sorted(actor.roles),
            "actor_unit": members.unit_title(actor.unit_id) or actor.address,
            "actor_purpose": "" if actor.purpose is None else actor.purpose.title,
        }
    return frame


def menu(path: str, actor: Any | None) -> list[Entry]:
    """The main menu of an officer, or of the public."""
    if actor is None:
        pairs = [(name, words) for name, words in PUBLIC]
    else:
        pairs = [(name, words) for name, words, needed in STAFF if permissions.allowed(actor, needed)]  # fmt: skip
    urls = [(reverse(name), str(words)) for name, words in pairs]
    return [Entry(url, words, path == url or path.startswith(url + "/")) for url, words in urls]
