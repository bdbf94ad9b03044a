"""The officers' pages of reports: the list, one report, and the one form for a caller on the line."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access import permissions
from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import FieldError, acted, actor_of, language, page, shown
from lachan.access.tables import Column, Table, ordering
from lachan.kernel.time import clock_from_env
from lachan.members.roles import Role
from lachan.reports import queries, services
from lachan.reports.pages.choices import PROVINCES, institutions, scam_types
from lachan.reports.pages.citizen import plain_amount
from lachan.reports.pages.later import contacts_of, tell_doubts
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
    """Newest first, fifty a page, unless the reader wants another order."""
    found = queries.listed(
        actor_of(request), sort=request.GET.get("sort", ""), after=request.GET.get("after", "")
    )
    table = Table(of_reports(), found.rows, found.sort)
    return shown(request, "reports/list.html", {"table": table, "after": found.after})


def of_reports() -> tuple[Column[queries.ReportRow], ...]:
    return (
        ordering("received_at", _("Nhận lúc"), lambda row: row.received_at, downwards_first=True),
        Column("channel", _("Kênh"), lambda row: row.channel, words="channel"),
        Column("state", _("Trạng thái"), lambda row: row.state, words="state"),
        ordering("reported", _("Đã trình báo"), lambda row: row.reported, figures=True),
        ordering("held", _("Đã giữ"), lambda row: row.held, figures=True),
        Column("case", _("Vụ việc"), lambda row: row.case_code),
        Column("withheld", _("Chặn tiền"), lambda row: row.withheld, words="withheld"),
    )


@requires("report.read")
@page
@require_http_methods(["GET"])
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One report; right after it was taken, its code to be read out."""
    return _report(request, report_id)


def _report(
    request: HttpRequest,
    report_id: UUID,
    errors: list[FieldError] | None = None,
    status: int = 200,
) -> HttpResponse:
    detail = queries.detail(actor_of(request), report_id)
    if detail is None:
        raise NotVisible(what=str(report_id))
    fresh = request.session.get("taken", {})
    context = {
        "report": detail,
        "fresh": fresh if fresh.get("id") == str(report_id) else None,
        "given": request.POST.dict() or {"scam_type": detail.row.scam_type},
        "secrets_given": request.POST.getlist("secrets"),
        "types": scam_types(language()),
        "kinds": dict(scam_types(language())),
        "banks": institutions(language()),
        "doubtful": [(label_of(one["field"]), one["given"]) for one in detail.warnings],
        "additions": [
            (one.at, one.by_officer, [(name, label_of(name), value) for name, value in one.lines])
            for one in detail.additions
        ],
    }
    return shown(request, "reports/report.html", context, errors=errors, status=status)


def label_of(field: str) -> str:
    """The form's own words for a field such as `transfers.0.amount`."""
    words = {
        "amount": _("Số tiền"), "at": _("Giờ chuyển"), "from_account": _("Tài khoản gửi"),
        "to_account": _("Tài khoản nhận"), "phone": _("Điện thoại"), "contacts": _("Dấu vết của đối tượng"),
        "narrative": _("Lời kể"), "victim_name": _("Họ tên"), "citizen_id": _("Số định danh"), "ref": _("Mã giao dịch"),
        "scam_type": _("Loại thủ đoạn"), "secrets_shared": _("Đã lộ"), "receipt_book": _("Số sổ tiếp nhận"),
        "transfers": _("Khoản chuyển"),
    }  # fmt: skip
    last, first = field.rpartition(".")[2], field.partition(".")[0]
    return words.get(last) or words.get(first) or field


@requires("report.file")
@page
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form in the order of the telephone script; Ctrl+Enter files it and starts containment during the call."""

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        typed: dict[str, str] = request.session.pop("typed", {}) if request.method == "GET" else {}
        secrets = request.POST.getlist("secrets") or typed.get("secrets", "").split(",")
        context = {
            "given": request.POST.dict() or typed or {"channel": "PHONE", "rail": "BANK"},
            "read_names": set(filter(None, typed.get("read", "").split(","))),
            "banks": institutions(language()),
            "types": scam_types(language()),
            "provinces": PROVINCES,
            "secrets_given": secrets,
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
        if filed.code and services.send_sms(
            actor=actor_of(request), report_id=filed.id, code=filed.code, clock=clock_from_env()
        ):
            messages.success(request, _("Đã gửi biên nhận bằng tin nhắn đến điện thoại của người báo tin."))  # fmt: skip
        return reverse("report", args=[filed.id])

    return acted(request, file, to=after, again=again)


@requires("report.add")
@page
@require_http_methods(["POST"])
def add(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The rest of the call: another payment, contacts, the kind, who the victim is, a sentence."""
    if queries.detail(actor_of(request), report_id) is None:
        raise NotVisible(what=str(report_id))
    form = services.ReportForm(
        key=request.POST.get("form_key") or uuid4().hex,
        channel=Channel.PHONE,
        transfers=transfers_of(request),
        contacts=contacts_of(request),
        phone=request.POST.get("phone", ""),
        victim_name=request.POST.get("victim_name", ""),
        citizen_id=request.POST.get("citizen_id", ""),
        scam_type=request.POST.get("scam_type") or "UNKNOWN",
        narrative=request.POST.get("narrative", ""),
        secrets_shared=tuple(request.POST.getlist("secrets")),
        receipt_book=request.POST.get("receipt_book", ""),
        ref=request.POST.get("ref", ""),
    )

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        return _report(request, report_id, errors, status)

    def after(added: services.Added) -> str:
        messages.success(request, _("Đã bổ sung vào tin báo."))
        tell_doubts(request, added.warnings)
        return reverse("report", args=[report_id])

    return acted(
        request,
        lambda: services.add_to_report(
            actor=actor_of(request), report_id=report_id, form=form, clock=clock_from_env()
        ),
        to=after,
        again=again,
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
