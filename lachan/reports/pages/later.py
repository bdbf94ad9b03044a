"""The citizen's pages after the sending: adding to a report, following it by its code."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import public
from lachan.access.pages import FieldError, acted, actor_of, as_lines, language, page, shown
from lachan.kernel.errors import LachanError
from lachan.kernel.time import clock_from_env
from lachan.reports import services
from lachan.reports.pages.choices import institutions, scam_types
from lachan.reports.pages.citizen import address_of, filed_of, plain_amount
from lachan.reports.rules import Channel, TransferForm, Warned


@public
@page
@require_http_methods(["GET", "POST"])
def more(request: HttpRequest) -> HttpResponse:
    """What may follow the first sending: the kind, the contacts, the story, what was given away."""
    filed = filed_of(request)
    if filed is None:
        return HttpResponseRedirect(reverse("follow"))

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        context = {
            "given": request.POST,
            "types": scam_types(language()),
            "banks": institutions(language()),
            "secrets_given": request.POST.getlist("secrets"),
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
        victim_name=request.POST.get("victim_name", ""),
        narrative=request.POST.get("narrative", ""),
        secrets_shared=tuple(request.POST.getlist("secrets")),
    )

    def add() -> services.Added:
        return services.add_to_report(
            actor=actor_of(request), report_id=UUID(filed["id"]), form=form, clock=clock_from_env()
        )

    def after(added: services.Added) -> str:
        messages.success(request, _("Đã bổ sung vào tin báo."))
        tell_doubts(request, added.warnings)
        given = {*filter(None, filed.get("secrets", "").split(",")), *form.secrets_shared}
        request.session["filed"] = {**filed, "secrets": ",".join(sorted(given))}
        return reverse("report_done")

    return acted(request, add, to=after, again=again)


def tell_doubts(request: HttpRequest, warnings: Iterable[Warned]) -> None:
    """Say which words could not be read; they are kept as they were written."""
    for one in warnings:
        text = one.text_en if language() == "en" else one.text_vi
        messages.warning(request, _("Giữ nguyên văn, cán bộ sẽ xem lại: %s") % text)


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
    if view.own is not None:
        request.session["filed"] = {
            "id": str(view.own),
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
