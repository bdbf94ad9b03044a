"""How the members do just now, for who watches over them and for each about itself (exchange.md §9)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access import permissions
from lachan.access.decorators import requires
from lachan.access.pages import actor_of, page, shown
from lachan.access.tables import Column, arranged, ordering
from lachan.exchange.pages.league import kind_title, member_name
from lachan.exchange.scope import READERS
from lachan.exchange.watching import Watched, watch
from lachan.kernel.time import clock_from_env

permissions.declare("monitoring.read", roles=READERS)
WARN_SECONDS = (
    30  # a clock further off is shown as late; ten times as much and its calls are refused
)


@dataclass(frozen=True, slots=True)
class Row:
    """A member in the reader's words."""

    seen: Watched
    name: str
    stale: bool  # has fetched no directory, or an older one
    clock_off: bool


@requires("monitoring.read")
@page
@require_http_methods(["GET"])
def monitoring(request: HttpRequest) -> HttpResponse:
    """`?sort=` the order of the members; what is late stands below by level."""
    now = clock_from_env().now()
    found = watch(actor_of(request), now=now)
    rows = [
        Row(
            seen=one,
            name=member_name(one.member),
            stale=one.directory_version is not None
            and one.directory_version < found.directory_version,
            clock_off=abs(one.clock_offset_seconds or 0) > WARN_SECONDS,
        )
        for one in found.members
    ]
    late = [
        (kind_title(one.kind), member_name(one.member), one, f"L{one.level}") for one in found.late
    ]
    context = {
        "table": arranged(rows, of_members(), request.GET.get("sort", "")),
        "late": late,
        "newest": found.directory_version,
    }
    return shown(request, "exchange/monitoring.html", context)


def of_members() -> tuple[Column[Row], ...]:
    """Queue first: it is what stands still when a member does."""
    return (
        ordering("member", _("Đơn vị"), lambda row: row.name),
        ordering("queue", _("Đang chờ nhận"), lambda row: row.seen.queue, figures=True),
        ordering("oldest", _("Chờ lâu nhất từ"), lambda row: row.seen.oldest_at),
        ordering("polled", _("Gọi lần cuối"), lambda row: row.seen.polled_at),
        ordering(
            "clock", _("Đồng hồ lệch (giây)"), lambda row: row.seen.clock_offset_seconds, figures=True
        ),
        ordering("keys", _("Khóa hết hạn"), lambda row: row.seen.keys_end_at),
        ordering(
            "directory", _("Danh bạ đã lấy"), lambda row: row.seen.directory_version, figures=True
        ),
        ordering("open", _("Đang mở"), lambda row: row.seen.open, figures=True),
        ordering("warned", _("Sắp đến hạn"), lambda row: row.seen.warned, figures=True),
        ordering("overdue", _("Quá hạn"), lambda row: row.seen.overdue, figures=True),
        ordering(
            "told", _("Đã báo cơ quan quản lý"), lambda row: row.seen.regulator_told, figures=True
        ),
    )  # fmt: skip
