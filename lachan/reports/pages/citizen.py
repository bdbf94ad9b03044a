"""The citizen's pages: one question a page in the order that saves money, the code, the receipt, following.

The first four answers and a confirmed telephone start the trace; the rest may follow (interface.md §10).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import public
from lachan.access.pages import FieldError, acted, actor_of, as_lines, language, page, shown
from lachan.kernel.errors import LachanError
from lachan.kernel.money import Vnd
from lachan.kernel.time import clock_from_env, to_ict
from lachan.reports import rules, services
from lachan.reports.pages.choices import PROVINCES, institutions, scam_types
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
        return _question(request, name, draft)
    draft = {**draft, **{key: request.POST.get(key, "").strip() for key in FIELDS[name]}}
    request.session["draft"] = draft
    if name == STEPS[-1] and _filed(request) is not None and not draft.get("amount"):
        return HttpResponseRedirect(
            reverse("report_phone")
        )  # sent already, and the browser went back
    wrong = [] if request.POST.get("keep") else _doubts(name, draft)
    if wrong:
        return _question(request, name, draft, wrong, status=422)
    at = STEPS.index(name) + 1
    if at < len(STEPS):
        return HttpResponseRedirect(reverse("report_step", args=[STEPS[at]]))
    return _file(request, draft)


def _question(
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
        key=draft.get("key") or uuid4().hex,
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
            "id": str(filed.id),
            "code": filed.code,
            "second": filed.pin or phone[-4:],
            "pin": filed.pin,
        }
        request.session.pop("draft", None)
        if filed.pin:  # no telephone that can get a code: an officer takes over
            return reverse("report_done")
        services.request_phone_code(actor=actor_of(request), report_id=filed.id, clock=clock)
        return reverse("report_phone")

    again = lambda errors, status: _question(request, STEPS[-1], draft, errors, status=status)  # noqa: E731
    return acted(request, file, to=after, again=again)


def _filed(request: HttpRequest) -> dict[str, str] | None:
    filed: dict[str, str] | None = request.session.get("filed")
    return filed


@public
@page
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """The six digits from the telephone; the right ones send the requests to the banks."""
    filed = _filed(request)
    if filed is None:
        return HttpResponseRedirect(reverse("report_start"))
    clock, actor, report = clock_from_env(), actor_of(request), UUID(filed["id"])

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        return shown(request, "reports/phone.html", {"filed": filed}, errors=errors, status=status)

    if request.method == "GET":
        return again([], 200)
    if request.POST.get("resend"):
        return acted(
            request,
            lambda: services.request_phone_code(actor=actor, report_id=report, clock=clock),
            to=reverse("report_phone"),
            again=again,
            said=_("Đã gửi mã mới."),
        )
    code = request.POST.get("code", "")
    return acted(
        request,
        lambda: services.confirm_phone(actor=actor, report_id=report, code=code, clock=clock),
        to=reverse("report_done"),
        again=again,
    )


@public
@page
@require_http_methods(["GET"])
def done(request: HttpRequest) -> HttpResponse:
    """The receipt: the code, what was sent to whom and when, what happens next and by when."""
    filed = _filed(request)
    if filed is None:
        return HttpResponseRedirect(reverse("report_start"))
    view = services.follow(
        actor=actor_of(request),
        code=filed["code"],
        last4=filed["second"],
        address=address_of(request),
        clock=clock_from_env(),
    )
    return shown(request, "reports/done.html", {"filed": filed, "view": view})


@public
@page
@require_http_methods(["GET", "POST"])
def more(request: HttpRequest) -> HttpResponse:
    """What may follow the first sending: the kind, the contacts, the story, what was given away."""
    filed = _filed(request)
    if filed is None:
        return HttpResponseRedirect(reverse("follow"))

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        context = {
            "given": request.POST,
            "types": scam_types(language()),
            "banks": institutions(language()),
        }
        return shown(request, "reports/more.html", context, errors=errors, status=status)

    if request.method == "GET":
        return again([], 200)
    form = services.ReportForm(
        key=request.POST.get("form_key") or uuid4().hex,
        channel=Channel.WEB,
        transfers=another_payment(request),
        contacts=contacts_of(request),
        scam_type=request.POST.get("scam_type") or "UNKNOWN",
        narrative=story_of(request),
        secrets_shared=tuple(request.POST.getlist("secrets")),
    )
    return acted(
        request,
        lambda: services.add_to_report(
            actor=actor_of(request), report_id=UUID(filed["id"]), form=form, clock=clock_from_env()
        ),
        to=reverse("report_done"),
        again=again,
        said=_("Đã bổ sung vào tin báo."),
    )


def another_payment(request: HttpRequest) -> tuple[TransferForm, ...]:
    """A further payment of a report that was sent, when anything of one was typed."""
    names = ("from_bank", "from_account", "to_bank", "to_account", "at", "ref")
    typed = {name: request.POST.get(f"t0-{name}", "").strip() for name in names}
    amount = plain_amount(request.POST.get("t0-amount", "").strip())
    if not (amount or typed["to_account"]):
        return ()
    return (TransferForm(amount=amount, **typed),)


def contacts_of(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """The contact fields of a form as (kind, what was typed)."""
    names = (("PHONE", "contact_phone"), ("URL", "contact_url"), ("HANDLE", "contact_handle"))
    pairs = ((kind, request.POST.get(name, "").strip()) for kind, name in names)
    return tuple((kind, value) for kind, value in pairs if value)


def story_of(request: HttpRequest) -> str:
    """The narrative; a name and citizen's number given later are kept in its words."""
    lines = [request.POST.get("narrative", "").strip()]
    lines += [
        f"{label}: {request.POST.get(name, '').strip()}"
        for name, label in (("victim_name", "Họ tên"), ("citizen_id", "Số định danh"))
        if request.POST.get(name, "").strip()
    ]
    return "\n".join(line for line in lines if line)


@public
@page
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Follow a report by its code and four digits; wrong ones answer alike."""
    if request.method == "GET":
        return shown(request, "reports/follow.html", {"given": {}})
    try:
        view = services.follow(
            actor=actor_of(request),
            code=request.POST.get("code", ""),
            last4=request.POST.get("last4", ""),
            address=address_of(request),
            clock=clock_from_env(),
        )
    except LachanError as error:
        return shown(
            request,
            "reports/follow.html",
            {"given": request.POST},
            errors=as_lines(error, default_field="code"),
            status=error.status if error.status == 429 else 422,  # noqa: PLR2004 - HTTP
        )
    if view.adds_to is not None:
        request.session["filed"] = {
            "id": str(view.adds_to),
            "code": request.POST.get("code", ""),
            "second": request.POST.get("last4", ""),
            "pin": "",
        }
    context = {
        "view": view,
        "code": request.POST.get("code", ""),
        "may_add": view.adds_to is not None,
    }
    return shown(request, "reports/followed.html", context)


def address_of(request: HttpRequest) -> str:
    """Where the browser is, by which tries are counted."""
    return str(request.META.get("REMOTE_ADDR", ""))
