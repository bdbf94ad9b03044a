"""Tables taken away as files: what the reader may see, in his language and order, and one entry of the log (interface.md §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import actor_of, language, page
from lachan.access.records import record_view
from lachan.access.steps import step
from lachan.access.tables import Column, arranged
from lachan.adapters.documents.table_file import CSV, XLSX, Cell, csv_file, xlsx_file
from lachan.cases import queries as cases
from lachan.cases.pages import columns
from lachan.exchange import queries as exchange
from lachan.kernel.events import Event
from lachan.reports import queries as reports
from lachan.reports.pages.desk import of_reports
from lachan.web.clock import now
from lachan.web.words.lists import word

R = TypeVar("R")
MOST = 10_000  # rows of one file; a longer list is narrowed by a search first
View = Callable[..., HttpResponse]


def _file(permission: str, view: View) -> View:
    return requires(permission)(page(require_http_methods(["POST"])(view)))


def _cases(request: HttpRequest) -> HttpResponse:
    found = cases.cases(
        actor_of(request), request.POST.get("q", "").strip()[:80], sort=_sort(request), size=MOST
    )
    return _given(request, "case.read", "vu-viec", found.rows, columns.of_cases(), order="")


def _reports(request: HttpRequest) -> HttpResponse:
    found = reports.listed(actor_of(request), sort=_sort(request), size=MOST)
    return _given(request, "report.read", "tin-bao", found.rows, of_reports(), order="")


def _legs(request: HttpRequest, code: str) -> HttpResponse:
    view = cases.case_view(actor_of(request), code)
    if view is None:
        raise NotVisible(what=code)
    return _given(request, "case.read", f"{code}-tien", view.legs, columns.of_legs(), case=code)


def _messages(request: HttpRequest, code: str) -> HttpResponse:
    _ensure_seen(request, code)
    rows = exchange.conversations(actor_of(request), code)
    heads = columns.of_messages(language())
    return _given(request, "case.read", f"{code}-trao-doi", rows, heads, case=code)


def _transfers(request: HttpRequest, code: str) -> HttpResponse:
    view = cases.flow(actor_of(request), code, method=request.POST.get("method", ""))
    if view is None:
        raise NotVisible(what=code)
    return _given(
        request, "case.read", f"{code}-dong-tien", view.transfers, columns.of_transfers(), case=code
    )


def _ensure_seen(request: HttpRequest, code: str) -> None:
    if cases.case_view(actor_of(request), code) is None:
        raise NotVisible(what=code)


cases_file = _file("case.read", _cases)
reports_file = _file("report.read", _reports)
legs_file = _file("case.read", _legs)
messages_file = _file("case.read", _messages)
transfers_file = _file("case.read", _transfers)


def _sort(request: HttpRequest) -> str:
    return request.POST.get("sort", "")


def _given(
    request: HttpRequest,
    permission: str,
    name: str,
    rows: Iterable[R],
    heads: Sequence[Column[R]],
    *,
    case: str = "",
    order: str | None = None,
) -> HttpResponse:
    """order: "" for rows that the database has put in order already."""
    table = arranged(rows, heads, _sort(request) if order is None else order)
    cells = [[_cell(column, row) for column in table.columns] for row in table.rows]
    titles = [column.title for column in table.columns]
    _log(request, permission, case, len(cells))
    if request.POST.get("as") == "csv":
        return _download(csv_file(titles, cells), f"{name}.csv", CSV)
    return _download(xlsx_file(_("Bảng"), titles, cells), f"{name}.xlsx", XLSX)


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


def _download(body: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
