"""Filling a report quickly: from a VietQR picture, from a pasted bank message, or from a draft kept yesterday.

What is read is only put into the form; the person sees every field before anything is sent.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import public, requires
from lachan.access.pages import FieldError, actor_of, as_lines, language, page, shown
from lachan.kernel.errors import LachanError
from lachan.kernel.money import Vnd
from lachan.kernel.time import clock_from_env, to_ict
from lachan.reports import hints, outside, services
from lachan.reports.errors import MessageUnreadable, PictureTooLarge
from lachan.reports.hints import Hint
from lachan.reports.pages.citizen import FIELDS, STEPS, address_of

MAX_PICTURE = 10 * 2**20


def read_hint(request: HttpRequest) -> dict[str, str]:
    """The form's fields from what was sent. Raises: what the readers say; MessageUnreadable for nothing at all."""
    found: dict[str, str] = {}
    text = request.POST.get("message", "").strip()
    if text:
        found |= hints.of_message(text, now=clock_from_env().now()).filled()
    picture = request.FILES.get("picture")
    if picture is not None:
        if picture.size is None or picture.size > MAX_PICTURE:
            raise PictureTooLarge(field="picture")
        found |= hints.of_payload(outside.qr_text(picture.read())).filled()
    if not found:
        raise MessageUnreadable(field="message")
    if "amount" in found:  # as the field itself groups it
        found["amount"] = Vnd(int(found["amount"])).grouped(language())
    return found


@public
@page
@require_http_methods(["GET", "POST"])
def quick(request: HttpRequest) -> HttpResponse:
    """A citizen's picture or message fills the five questions."""
    if request.method == "GET":
        return shown(request, "reports/quick.html", {"first": STEPS[0]})
    try:
        found = read_hint(request)
    except LachanError as error:
        return _again(request, as_lines(error, default_field="message"))
    request.session["draft"] = {**request.session.get("draft", {}), **_answers(found)}
    messages.success(request, _filled(found))
    return HttpResponseRedirect(reverse("report_step", args=[STEPS[0]]))


@requires("report.file")
@page
@require_http_methods(["POST"])
def quick_desk(request: HttpRequest) -> HttpResponse:
    """The same for the operator's one form; what was typed on it before stays."""
    kept = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    try:
        found = read_hint(request)
    except LachanError as error:
        messages.error(request, as_lines(error)[0].text)
        request.session["typed"] = kept
        return HttpResponseRedirect(reverse("report_new"))
    date = "/".join(found[name] for name in ("day", "month", "year") if name in found)
    at = f"{found.get('hour', '')} {date}".strip()
    named = {**found, **({"at": at} if at else {})}
    fields = ("from_account", "to_bank", "to_account", "amount", "ref", "payee", "at")
    read = {f"t0-{name}": named[name] for name in fields if name in named}
    request.session["typed"] = {**kept, **read}
    messages.success(request, _filled(found))
    return HttpResponseRedirect(reverse("report_new"))


@public
@page
@require_http_methods(["POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the unsent report for a day; the code and the PIN are on the next page."""
    draft: dict[str, str] = request.session.get("draft", {})
    step = request.POST.get("step", "")
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS.get(step, ())}
    draft = {**draft, **{name: value for name, value in typed.items() if value}}
    kept = services.keep_draft(actor=actor_of(request), fields=draft, clock=clock_from_env())
    request.session["draft"] = draft
    request.session["kept"] = {
        "code": kept.code, "pin": kept.pin, "until": kept.until.isoformat(),
    }  # fmt: skip
    return HttpResponseRedirect(reverse("report_kept"))


@public
@page
@require_http_methods(["GET"])
def kept(request: HttpRequest) -> HttpResponse:
    """The code and the PIN of the draft, to be copied."""
    known: dict[str, Any] | None = request.session.get("kept")
    if known is None:
        return HttpResponseRedirect(reverse("report_start"))
    return shown(request, "reports/kept.html", {"kept": known, "first": STEPS[0]})


@public
@page
@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Go on with a draft, on this device or another."""
    if request.method == "GET":
        return shown(request, "reports/resume.html", {"given": {}})
    try:
        draft = services.open_draft(
            actor=actor_of(request),
            code=request.POST.get("code", ""),
            pin=request.POST.get("pin", ""),
            address=address_of(request),
            clock=clock_from_env(),
        )
    except LachanError as error:
        status = error.status if error.status == 429 else 422  # noqa: PLR2004 - HTTP
        context = {"given": request.POST}
        lines = as_lines(error, default_field="code")
        return shown(request, "reports/resume.html", context, errors=lines, status=status)
    request.session["draft"] = draft
    return HttpResponseRedirect(reverse("report_step", args=[STEPS[0]]))


def _again(request: HttpRequest, errors: list[FieldError]) -> HttpResponse:
    context = {"first": STEPS[0], "message": request.POST.get("message", "")}
    return shown(request, "reports/quick.html", context, errors=errors, status=422)


def _answers(found: dict[str, str]) -> dict[str, str]:
    """A hint as answers of the five questions."""
    today = to_ict(clock_from_env().now())
    said = tuple(found.get(name, "") for name in ("day", "month", "year"))
    same_day = not any(said) or said == (str(today.day), str(today.month), str(today.year))
    return {**found, "when": "now" if same_day else "earlier"}


def _filled(found: dict[str, str]) -> str:
    words = {
        "amount": _("số tiền"), "hour": _("giờ chuyển"), "day": _("ngày chuyển"),
        "from_account": _("tài khoản gửi"), "to_bank": _("ngân hàng nhận"), "to_account": _("tài khoản nhận"),
        "ref": _("mã giao dịch"), "payee": _("tên người nhận"),
    }  # fmt: skip
    named = ", ".join(words[name] for name in Hint.__slots__ if name in words and name in found)
    return _("Đã điền: %s. Hãy xem lại từng ô trước khi gửi.") % named
