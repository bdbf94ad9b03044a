"""Tables taken away as files: what the reader may see, in his language and order, and one entry of the log (interface.md §4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import actor_of, download, language, page
from lachan.access.records import record_view
from lachan.access.steps import step
from lachan.access.tables import Column, Table, arranged
from lachan.adapters.documents.table_file import CSV, XLSX, Cell, csv_file, xlsx_file
from lachan.cases import queries as cases
from lachan.cases.pages import columns
from lachan.cases.views import CaseView
from lachan.exchange.lines import lines
from lachan.exchange.pages import league
from lachan.kernel.events import Event
from lachan.reports import queries as reports
from lachan.reports.pages.desk import of_reports
from lachan.web.clock import now
from lachan.web.words.lists import word

R = TypeVar("R")
MOST = 10_000  # rows of one file
View = Callable[..., HttpResponse]


def _file(permission: str, view: View) -> View:
    return requires(permission)(page(require_http_methods(["POST"])(view)))


def _cases(request: HttpRequest) -> HttpResponse:
    found = cases.cases(
        actor_of(request), request.POST.get("q", "").strip()[:80], sort=_sort(request), size=MOST
    )
    table = Table(columns.of_cases(), found.rows, found.sort)
    return _given(request, "case.read", "vu-viec", table, more=bool(found.after))


def _reports(request: HttpRequest) -> HttpResponse:
    found = reports.listed(actor_of(request), sort=_sort(request), size=MOST)
    table = Table(of_reports(), found.rows, found.sort)
    return _given(request, "report.read", "tin-bao", table, more=bool(found.after))


def _case(request: HttpRequest, code: str) -> CaseView:
    view = cases.case_view(actor_of(request), code)
    if view is None:
        raise NotVisible(what=code)
    return view


def _legs(request: HttpRequest, code: str) -> HttpResponse:
    table = arranged(_case(request, code).legs, columns.of_legs(), _sort(request))
    return _given(request, "case.read", f"{code}-tien", table, case=code)


def _messages(request: HttpRequest, code: str) -> HttpResponse:
    found = _case(request, code).messages
    table = arranged(found, columns.of_messages(language()), _sort(request))
    return _given(request, "case.read", f"{code}-trao-doi", table, case=code)


def _transfers(request: HttpRequest, code: str) -> HttpResponse:
    view = cases.flow(actor_of(request), code, method=request.POST.get("method", ""))
    if view is None:
        raise NotVisible(what=code)
    table = arranged(view.transfers, columns.of_transfers(), _sort(request))
    return _given(request, "case.read", f"{code}-dong-tien", table, case=code)


def _lines(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    beside = lines(actor_of(request), conversation_id)
    if beside is None:
        raise NotVisible(what=str(conversation_id))
    table = columns.lines_table(beside, _sort(request))
    return _given(request, "request.read", str(conversation_id), table, case=beside.case_ref)


def _league(request: HttpRequest) -> HttpResponse:
    found = league.chosen(
        request, request.POST.get("thang", ""), request.POST.get("loai", ""), now()
    )
    table = arranged(league.rows_of(found), league.of_league(file=True), _sort(request))
    return _given(request, "league.read", f"dung-han-{found.month.code}", table)


cases_file = _file("case.read", _cases)
reports_file = _file("report.read", _reports)
legs_file = _file("case.read", _legs)
messages_file = _file("case.read", _messages)
transfers_file = _file("case.read", _transfers)
lines_file = _file("request.read", _lines)
league_file = _file("league.read", _league)


def _sort(request: HttpRequest) -> str:
    return request.POST.get("sort", "")


def _given(
    request: HttpRequest,
    permission: str,
    name: str,
    table: Table[R],
    *,
    case: str = "",
    more: bool = False,
) -> HttpResponse:
    """more: the list goes on after these rows, and the file's last line says so."""
    cells = [[_cell(column, row) for column in table.columns] for row in table.rows]
    _log(request, permission, case, len(cells))
    if more:
        cells.append([_("Còn nữa: tệp chỉ có những dòng đầu theo thứ tự này.")])
    titles = [column.title for column in table.columns]
    if request.POST.get("as") == "csv":
        return download(csv_file(titles, cells), f"{name}.csv", CSV)
    return download(xlsx_file(_("Bảng"), titles, cells), f"{name}.xlsx", XLSX)


def _cell(column: Column[R], row: R) -> Cell:
    value: Any = column.value(row)
    if column.words:
        codes = value if isinstance(value, tuple) else (value,)
        return ", ".join(str(word(code, column.words)[0]) for code in codes if code)
    return ", ".join(value) if isinstance(value, tuple) else value


@step
def _log(
    request: HttpRequest, permission: str, case: str, rows: int
) -> tuple[None, Sequence[Event]]:
    record_view(actor_of(request), permission, at=now(), action="export", case=case, count=rows)
    return None, ()
