"""Filling a report quickly: from a VietQR picture, from a pasted bank message, or from a draft kept yesterday.

What is read is only put into the form and marked; the person sees every field before anything is sent.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import public, requires
from lachan.access.pages import FieldError, actor_of, as_lines, page, shown
from lachan.kernel.errors import LachanError
from lachan.kernel.time import clock_from_env, to_ict
from lachan.reports import services
from lachan.reports.pages.citizen import FIELDS, STEPS, address_of, question, unseen_of
from lachan.reports.pages.prefill import DATE, Read, merged, read_hint, said

NOT_TYPED = {"csrfmiddlewaretoken", "picture"}


@public
@page
@require_http_methods(["GET", "POST"])
def quick(request: HttpRequest) -> HttpResponse:
    """A citizen's picture or message fills the five questions; sent from one of them, what is typed there is kept."""
    if request.method == "GET":
        return shown(request, "reports/quick.html", {"first": STEPS[0]})
    step = request.POST.get("step", "")
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS.get(step, ())}
    draft = {**request.session.get("draft", {}), **typed}
    if step in STEPS:
        request.session["draft"] = draft
    try:
        read = read_hint(request, address=address_of(request))
    except LachanError as error:
        lines = as_lines(error, default_field="message")
        status = error.status if error.status == 429 else 422  # noqa: PLR2004 - HTTP
        if step in STEPS:
            return question(request, step, draft, lines, status=status)
        return _again(request, lines, status)
    taken, differs = _answers(draft, read)
    unseen = unseen_of(draft) | taken.keys()
    request.session["draft"] = {**draft, **taken, "unseen": ",".join(sorted(unseen))}
    _tell(request, said(taken, differs, read.doubts), filled=bool(taken))
    return HttpResponseRedirect(reverse("report_step", args=[step if step in STEPS else STEPS[0]]))


@requires("report.file")
@page
@require_http_methods(["POST"])
def quick_desk(request: HttpRequest) -> HttpResponse:
    """The same for the operator's one form; what was typed on it before stays."""
    typed = {name: str(value) for name, value in request.POST.items() if name not in NOT_TYPED}
    typed["secrets"] = ",".join(request.POST.getlist("secrets"))
    try:
        read = read_hint(request)
    except LachanError as error:
        messages.error(request, as_lines(error)[0].text)
        request.session["typed"] = typed
        return HttpResponseRedirect(reverse("report_new"))
    found = dict(read.found)
    date = "/".join(found.pop(name) for name in DATE if name in found)
    at = f"{found.pop('hour', '')} {date}".strip()
    named = {**found, **({"at": at} if at else {})}
    own = {name: typed.get(f"t0-{name}", "") for name in named}
    taken, differs = merged(own, named)
    fields = {f"t0-{name}": value for name, value in taken.items()}
    request.session["typed"] = {**typed, **fields, "read": ",".join(fields)}
    _tell(request, said(taken, differs, read.doubts), filled=bool(taken))
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


def _again(request: HttpRequest, errors: list[FieldError], status: int) -> HttpResponse:
    context = {"first": STEPS[0], "message": request.POST.get("message", "")}
    return shown(request, "reports/quick.html", context, errors=errors, status=status)


def _answers(draft: dict[str, str], read: Read) -> tuple[dict[str, str], dict[str, str]]:
    """A hint as answers of the five questions; the day is one answer with today's button."""
    found = {name: value for name, value in read.found.items() if name not in DATE}
    taken, differs = merged(draft, found)
    day = tuple(read.found.get(name, "") for name in DATE)
    if not all(day):
        return taken, differs
    now = to_ict(clock_from_env().now())
    today = (str(now.day), str(now.month), str(now.year))
    if not draft.get("when"):
        dated = dict(zip(DATE, day, strict=True))
        return {**taken, **dated, "when": "now" if day == today else "earlier"}, differs
    own = tuple(draft.get(name, "") for name in DATE) if draft["when"] == "earlier" else today
    return taken, differs if own == day else {**differs, "day": "/".join(day)}


def _tell(request: HttpRequest, lines: list[str], *, filled: bool) -> None:
    for number, line in enumerate(lines):
        level = messages.SUCCESS if filled and number == 0 else messages.WARNING
        messages.add_message(request, level, line)
