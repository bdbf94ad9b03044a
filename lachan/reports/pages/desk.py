"""The officers' pages of reports: the list, one report, and the one form for a caller on the line."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access import permissions
from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import FieldError, acted, actor_of, language, page, shown, uuid_of
from lachan.kernel.time import clock_from_env, from_wire, to_wire
from lachan.members.roles import Role
from lachan.reports import queries, services
from lachan.reports.pages.choices import PROVINCES, institutions, scam_types
from lachan.reports.pages.citizen import contacts_of, plain_amount
from lachan.reports.rules import Channel, TransferForm

READERS = (
    Role.INVESTIGATOR,
    Role.UNIT_HEAD,
    Role.AGENCY_HEAD,
    Role.DUTY_OFFICER,
    Role.CITIZEN_OFFICE,
)
permissions.declare("report.read", roles=READERS)
PART = ("rail", "from_bank", "from_account", "to_bank", "to_account", "amount", "at", "ref", "status", "payee")  # fmt: skip


@requires("report.read")
@page
@require_http_methods(["GET"])
def reports(request: HttpRequest) -> HttpResponse:
    """Newest first, fifty a page, paged by key."""
    before = None
    after = request.GET.get("after", "")
    if "~" in after:
        at, _sep, key = after.partition("~")
        before = (from_wire(at), uuid_of(key))
    rows = queries.recent(actor_of(request), before=before)
    more = f"{to_wire(rows[-1].received_at)}~{rows[-1].id}" if len(rows) == queries.PAGE else ""
    return shown(request, "reports/list.html", {"rows": rows, "more": more})


@requires("report.read")
@page
@require_http_methods(["GET"])
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One report; right after it was taken, its code to be read out."""
    detail = queries.detail(actor_of(request), report_id)
    if detail is None:
        raise NotVisible(what=str(report_id))
    fresh = request.session.get("taken", {})
    context = {
        "report": detail,
        "fresh": fresh if fresh.get("id") == str(report_id) else None,
        "types": dict(scam_types(language())),
    }
    return shown(request, "reports/report.html", context)


@requires("report.file")
@page
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form in the order of the telephone script; Ctrl+Enter files it and starts containment during the call."""

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        context = {
            "given": request.POST.dict()
            or request.session.pop("typed", None)
            or {"channel": "PHONE", "rail": "BANK"},
            "banks": institutions(language()),
            "types": scam_types(language()),
            "provinces": PROVINCES,
            "secrets_given": request.POST.getlist("secrets"),
        }
        return shown(request, "reports/new.html", context, errors=errors, status=status)

    if request.method == "GET":
        return again([], 200)
    post = request.POST
    form = services.ReportForm(
        key=post.get("form_key") or uuid4().hex,
        channel=Channel(post.get("channel") or "PHONE")
        if post.get("channel") in ("PHONE", "POLICE", "BANK_DESK")
        else Channel.PHONE,
        transfers=transfers_of(request),
        contacts=contacts_of(request),
        phone=post.get("phone", ""),
        victim_name=post.get("victim_name", ""),
        citizen_id=post.get("citizen_id", ""),
        province=post.get("province", ""),
        scam_type=post.get("scam_type") or "UNKNOWN",
        narrative=post.get("narrative", ""),
        secrets_shared=tuple(post.getlist("secrets")),
        receipt_book=post.get("receipt_book", ""),
    )

    def file() -> Any:
        return services.file_report(actor=actor_of(request), form=form, clock=clock_from_env())

    def after(filed: Any) -> str:
        words = language() == "en"
        request.session["taken"] = {
            "id": str(filed.id),
            "code": filed.code,
            "pin": filed.pin,
            "warnings": [w.text_en if words else w.text_vi for w in filed.warnings],
        }
        return reverse("report", args=[filed.id])

    return acted(request, file, to=after, again=again)


@requires("report.add")
@page
@require_http_methods(["POST"])
def add(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Another payment, contact or sentence of a report that was taken."""
    if queries.detail(actor_of(request), report_id) is None:
        raise NotVisible(what=str(report_id))
    form = services.ReportForm(
        key=request.POST.get("form_key") or uuid4().hex,
        channel=Channel.PHONE,
        transfers=transfers_of(request),
        contacts=contacts_of(request),
        narrative=request.POST.get("narrative", ""),
    )
    return acted(
        request,
        lambda: services.add_to_report(
            actor=actor_of(request), report_id=report_id, form=form, clock=clock_from_env()
        ),
        to=reverse("report", args=[report_id]),
        said=_("Đã bổ sung vào tin báo."),
    )


def transfers_of(request: HttpRequest) -> tuple[TransferForm, ...]:
    """The payments typed in fields t0-…, t1-…; a block with nothing but choices in it is none."""
    found = []
    for number in range(3):
        typed = {name: request.POST.get(f"t{number}-{name}", "").strip() for name in PART}
        if any(typed[name] for name in ("from_account", "to_account", "amount", "payee")):
            typed["amount"] = plain_amount(typed["amount"])
            found.append(TransferForm(**{name: value for name, value in typed.items() if value}))
    return tuple(found)
