"""Who answers in time: the month's league table (exchange.md §4, §9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access import permissions
from lachan.access.decorators import requires
from lachan.access.pages import actor_of, language, page, shown
from lachan.access.tables import Column, Table, arranged, ordering
from lachan.exchange.kinds import all_kinds
from lachan.exchange.league import Standing
from lachan.exchange.league_reads import League, Month, league_of
from lachan.exchange.scope import READERS
from lachan.kernel.names import sort_key
from lachan.kernel.time import clock_from_env
from lachan.members.directory_rows import MemberRow

permissions.declare("league.read", roles=READERS)
MONTHS = 12  # offered by the page; an older one opens by its address


@dataclass(frozen=True, slots=True)
class Row:
    """A line in the reader's words; place, own and of as `Line` has them."""

    standing: Standing
    name: str
    title: str
    percent: str | None
    own: bool
    place: int | None
    of: int


@requires("league.read")
@page
@require_http_methods(["GET"])
def league(request: HttpRequest) -> HttpResponse:
    """`?thang=2026-11` the month, `?loai=` the kind, `?sort=` the order."""
    now = clock_from_env().now()
    found = chosen(request, request.GET.get("thang", ""), request.GET.get("loai", ""), now)
    sort = request.GET.get("sort", "")
    columns, rows = of_league(), rows_of(found)
    tables = [
        (by_law, arranged((one for one in rows if one.standing.by_law is by_law), columns, sort))
        for by_law in (True, False)
    ]
    context = {
        "league": found,
        "tables": [(by_law, table) for by_law, table in tables if table.rows],
        "table": Table(columns, rows, sort),
        "months": _months(now),
        "kinds": kind_choices(),
        "spreads": [(kind_title(one.kind), one, *map(percent, (one.low, one.middle, one.high))) for one in found.spreads],
        "filters": {"thang": found.month.code, "loai": found.kind},
    }  # fmt: skip
    return shown(request, "exchange/league.html", context)


def chosen(request: HttpRequest, month: str, kind_name: str, now: datetime) -> League:
    """The league that the filters name; a kind that is none is every kind."""
    return league_of(
        actor_of(request),
        month=Month.parse(month[:7], now=now),
        kind_name=kind_name if kind_name in all_kinds() else "",
        now=now,
    )


def rows_of(found: League) -> tuple[Row, ...]:
    """Every line of the league in words."""
    return tuple(
        Row(
            standing=one.standing,
            name=member_name(one.member),
            title=kind_title(one.standing.kind),
            percent=percent(one.standing.bound),
            own=one.own,
            place=one.place,
            of=one.of,
        )
        for one in found.lines
    )


def of_league(*, file: bool = False) -> tuple[Column[Row], ...]:
    """A file names the unit of its times; the page says them in words."""
    seconds = f" ({_('giây')})" if file else ""
    columns: tuple[Column[Row], ...] = (
        ordering("place", _("Hạng"), lambda row: row.place, figures=True),
        ordering("member", _("Đơn vị"), lambda row: row.name),
        ordering("kind", _("Loại yêu cầu"), lambda row: row.title),
        Column(
            "bound",
            _("Chắc chắn đúng hạn ít nhất"),
            lambda row: row.percent,
            lambda row: None
            if row.standing.bound is None
            else round(row.standing.bound * 1_000_000),
            figures=True,
        ),
        ordering("asked", _("Được hỏi"), lambda row: row.standing.asked, figures=True),
        ordering("on_time", _("Đúng hạn"), lambda row: row.standing.on_time, figures=True),
        ordering("late", _("Trễ hạn"), lambda row: row.standing.late, figures=True),
        ordering("overdue", _("Quá hạn chưa trả lời"), lambda row: row.standing.overdue, figures=True),
        ordering("refused", _("Từ chối"), lambda row: row.standing.refused, figures=True),
        ordering("lawfully", _("Từ chối có lý do theo luật"), lambda row: row.standing.lawfully, figures=True),
        ordering("pending", _("Còn trong hạn"), lambda row: row.standing.pending, figures=True),
        ordering("withdrawn", _("Bên hỏi rút"), lambda row: row.standing.withdrawn, figures=True),
        ordering("median", _("Thời gian làm việc, trung vị") + seconds, lambda row: row.standing.median_seconds, figures=True),
        ordering("p95", _("Thời gian làm việc, 95 % không quá") + seconds, lambda row: row.standing.p95_seconds, figures=True),
    )  # fmt: skip
    if not file:
        return columns
    basis: Column[Row] = ordering("basis", _("Loại hạn"), lambda row: _("hạn theo luật") if row.standing.by_law else _("chỉ tiêu phục vụ"))  # fmt: skip
    return (*columns, basis)


def member_name(row: MemberRow) -> str:
    """In the reader's language."""
    return row.name_en if language() == "en" and row.name_en else row.name_vi


def kind_title(name: str) -> str:
    """A kind's title in the reader's language; its code where the kind is no longer installed."""
    declared = all_kinds().get(name)
    return name if declared is None else declared.title.in_(language())


def percent(share: float | None) -> str | None:
    """`91,5 %`."""
    if share is None:
        return None
    text = f"{share * 100:.1f} %"
    return text if language() == "en" else text.replace(".", ",")


def kind_choices() -> list[tuple[str, str]]:
    """Every kind with its title, as a dictionary orders them."""
    found = [(name, kind_title(name)) for name in all_kinds()]
    return sorted(found, key=lambda one: sort_key(one[1]))


def _months(now: datetime) -> list[Month]:
    found = [Month.of(now)]
    while len(found) < MONTHS:
        found.append(found[-1].before())
    return found
