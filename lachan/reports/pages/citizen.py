"""The citizen's pages: one question a page in the order that saves money, the code, the receipt.

The first four answers and a confirmed telephone start the trace; the rest may follow (interface.md §10).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import public
from lachan.access.pages import FieldError, acted, actor_of, as_lines, language, page, shown
from lachan.kernel.errors import LachanError
from lachan.kernel.money import Vnd
from lachan.kernel.time import clock_from_env, to_ict
from lachan.members import services as members
from lachan.reports import rules, services
from lachan.reports.errors import RateLimited
from lachan.reports.pages.choices import PROVINCES, institutions
from lachan.reports.rules import Channel, TransferForm

STEPS = ("khi-nao", "so-tien", "ngan-hang-gui", "tai-khoan-nhan", "dien-thoai")
FIELDS = {
    "khi-nao": ("when", "hour", "day", "month", "year"),
    "so-tien": ("amount",),
    "ngan-hang-gui": ("rail", "from_bank", "from_account"),
    "tai-khoan-nhan": ("to_bank", "to_account", "payee", "ref"),
    "dien-thoai": ("phone", "province"),
}
REQUIRED = {"so-tien": "amount", "dien-thoai": "phone"}


@public
@require_http_methods(["GET"])
def start(request: HttpRequest) -> HttpResponse:
    """What is asked and why; begins a new report."""
    return shown(request, "reports/start.html", {"first": STEPS[0]})


@public
@page
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One question. What cannot be read is pointed out once; it may be kept as it was written."""
    if name not in STEPS:
        raise Http404
    draft: dict[str, str] = request.session.get("draft", {})
    if request.method == "GET":
        return question(request, name, draft)
    draft = {**draft, **{key: request.POST.get(key, "").strip() for key in FIELDS[name]}}
    draft["unseen"] = ",".join(sorted(unseen_of(draft) - set(FIELDS[name])))
    last = name == STEPS[-1]
    if last and filed_of(request) is not None and not draft.get("amount"):
        return HttpResponseRedirect(
            reverse("report_phone")
        )  # sent already, and the browser went back
    # The last form, sent twice, must not undo in the session what its first sending did.
    if not last or "form_key" not in request.POST:
        request.session["draft"] = draft
    wrong = [] if request.POST.get("keep") else _doubts(name, draft)
    if wrong:
        return question(request, name, draft, wrong, status=422)
    at = STEPS.index(name) + 1
    if at < len(STEPS):
        return HttpResponseRedirect(reverse("report_step", args=[STEPS[at]]))
    unread = next((step for step in STEPS if unseen_of(draft) & set(FIELDS[step])), None)
    if unread is not None:  # what a picture filled in counts once the person has seen it
        request.session["draft"] = draft
        messages.warning(request, _("Ô dưới đây được điền từ ảnh hoặc tin nhắn. Hãy xem lại rồi bấm Tiếp tục."))  # fmt: skip
        return HttpResponseRedirect(reverse("report_step", args=[unread]))
    return _file(request, draft)


def unseen_of(draft: dict[str, str]) -> set[str]:
    """The fields that a picture or a message filled and nobody has looked at yet."""
    return set(filter(None, draft.get("unseen", "").split(",")))


def question(
    request: HttpRequest,
    name: str,
    draft: dict[str, str],
    errors: list[FieldError] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    at = STEPS.index(name)
    today = to_ict(clock_from_env().now())
    given: dict[str, Any] = {"day": str(today.day), "month": str(today.month), "year": str(today.year)}  # fmt: skip
    context = {
        "step": name,
        "number": at + 1,
        "steps": len(STEPS),
        "back": reverse("report_step", args=[STEPS[at - 1]]) if at else reverse("report_start"),
        "given": {**given, **{k: v for k, v in draft.items() if v}},
        "banks": institutions(language()) if name in ("ngan-hang-gui", "tai-khoan-nhan") else [],
        "provinces": PROVINCES,
        "read_names": unseen_of(draft) & set(FIELDS[name]),
        "message": request.POST.get("message", ""),
        "hotline": hotline(draft.get("from_bank", "")),
    }
    return shown(request, "reports/step.html", context, errors=errors, status=status)


def _at(draft: dict[str, str], now: datetime) -> str:
    hour = draft.get("hour", "")
    today = to_ict(now)
    if draft.get("when") in ("now", "pending"):
        return f"{hour or today.strftime('%H:%M')} {today:%d/%m/%Y}"
    parts = [draft.get(key, "") for key in ("day", "month", "year")]
    return f"{hour} {'/'.join(parts)}".strip() if any(parts) else hour


def _transfer(draft: dict[str, str], now: datetime) -> TransferForm:
    return TransferForm(
        rail=draft.get("rail") or "BANK",
        from_bank=draft.get("from_bank", ""),
        from_account=draft.get("from_account", ""),
        to_bank=draft.get("to_bank", ""),
        to_account=draft.get("to_account", ""),
        amount=plain_amount(draft.get("amount", "")),
        at=_at(draft, now),
        ref=draft.get("ref", ""),
        status="PENDING" if draft.get("when") == "pending" else "UNKNOWN",
        payee=draft.get("payee", ""),
    )


def plain_amount(typed: str) -> str:
    """Digits of an amount written in the page's language; what cannot be read stays as it was typed."""
    try:
        return str(Vnd.parse(typed, language()).dong) if typed else ""
    except LachanError:
        return typed


def _doubts(name: str, draft: dict[str, str]) -> list[FieldError]:
    """Sentences about the fields of this page that could not be read."""
    now = clock_from_env().now()
    reading = rules.read([_transfer(draft, now)], (), draft.get("phone", ""), now=now)
    ids = {"at": "hour"}
    lines = []
    needed = REQUIRED.get(name, "")
    if needed and not draft.get(needed):
        words = _("Nhập số tiền đã chuyển.") if needed == "amount" else _("Nhập số điện thoại của bạn để nhận mã.")  # fmt: skip
        lines.append(FieldError(needed, words, "reports.empty"))
    for warned in reading.warnings:
        field = warned.field.rpartition(".")[2]
        field = ids.get(field, field)
        if field in FIELDS[name]:
            words = warned.text_en if language() == "en" else warned.text_vi
            lines.append(FieldError(field, words, warned.code))
    return lines


def _file(request: HttpRequest, draft: dict[str, str]) -> HttpResponse:
    clock = clock_from_env()
    now = clock.now()
    form = services.ReportForm(
        key=request.POST.get("form_key") or uuid4().hex,
        channel=Channel.WEB,
        transfers=(_transfer(draft, now),),
        phone=draft.get("phone", ""),
        province=draft.get("province", ""),
    )

    def file() -> Any:
        return services.file_report(actor=actor_of(request), form=form, clock=clock)

    def after(filed: Any) -> str:
        phone = "".join(c for c in form.phone if c.isdigit())
        request.session["filed"] = {
            "id": str(filed.id), "code": filed.code, "second": filed.pin or phone[-4:], "pin": filed.pin,
            "bank": draft.get("from_bank", ""),
        }  # fmt: skip
        request.session.pop("draft", None)
        if filed.pin:  # no telephone that can get a code: an officer takes over
            return reverse("report_done")
        return _send_code(request, filed.id)

    again = lambda errors, status: question(request, STEPS[-1], draft, errors, status=status)  # noqa: E731
    return acted(request, file, to=after, again=again)


def _send_code(request: HttpRequest, report: UUID) -> str:
    """Where to go next: the report is kept whether or not the telephone can be reached."""
    try:
        services.request_phone_code(
            actor=actor_of(request), report_id=report, clock=clock_from_env()
        )
    except RateLimited:
        return reverse("report_phone")  # sent a moment ago
    except ConnectionError:
        messages.warning(request, _("Chưa gửi được mã đến điện thoại. Tin báo đã được nhận; cán bộ sẽ gọi lại."))  # fmt: skip
        return reverse("report_done")
    return reverse("report_phone")


def filed_of(request: HttpRequest) -> dict[str, str] | None:
    filed: dict[str, str] | None = request.session.get("filed")
    return filed


@public
@page
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """The six digits from the telephone; the right ones send the requests to the banks."""
    filed = filed_of(request)
    if filed is None:
        return HttpResponseRedirect(reverse("report_start"))
    clock, actor, report = clock_from_env(), actor_of(request), UUID(filed["id"])

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        return shown(request, "reports/phone.html", {"filed": filed}, errors=errors, status=status)

    if request.method == "GET":
        return again([], 200)
    if request.POST.get("resend"):
        try:
            services.request_phone_code(actor=actor, report_id=report, clock=clock)
        except RateLimited as early:
            return again(as_lines(early, default_field="code"), early.status)
        except ConnectionError:
            return HttpResponseRedirect(_send_code(request, report))
        messages.success(request, _("Đã gửi mã mới."))
        return HttpResponseRedirect(reverse("report_phone"))
    code = request.POST.get("code", "")

    def confirm() -> None:
        services.confirm_phone(actor=actor, report_id=report, code=code, clock=clock)
        filed["sms"] = "sent" if services.send_sms(actor=actor, report_id=report, code=filed["code"], clock=clock) else ""  # fmt: skip
        request.session["filed"] = filed

    return acted(request, confirm, to=reverse("report_done"), again=again)


@public
@page
@require_http_methods(["GET"])
def done(request: HttpRequest) -> HttpResponse:
    """The receipt: the code, what was sent to whom and when, what happens next and by when."""
    filed = filed_of(request)
    if filed is None:
        return HttpResponseRedirect(reverse("report_start"))
    view = services.own_view(
        actor=actor_of(request), report_id=UUID(filed["id"]), clock=clock_from_env()
    )
    context = {
        "filed": filed,
        "view": view,
        "hotline": hotline(filed.get("bank", "")),
        "secrets": filed.get("secrets", "").split(",") if filed.get("secrets") else [],
    }
    return shown(request, "reports/done.html", context)


def hotline(bank: str) -> tuple[str, str] | None:
    """The victim's own bank with its telephone, when both are known."""
    number = members.member_phone(bank) if bank else ""
    return (dict(institutions(language())).get(bank, bank), number) if number else None


def address_of(request: HttpRequest) -> str:
    """Where the browser is, by which tries are counted."""
    return str(request.META.get("REMOTE_ADDR", ""))
