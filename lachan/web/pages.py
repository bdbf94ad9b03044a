"""Pages that belong to no context: the three doors, help, the language, amounts in words, what went wrong."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import public, signed_in
from lachan.access.pages import actor_of, shown
from lachan.kernel.errors import LachanError
from lachan.kernel.money import Vnd
from lachan.web.context import menu


@public
@require_http_methods(["GET"])
def home(request: HttpRequest) -> HttpResponse:
    """Three doors: I was scammed, follow my report, ask for a review."""
    return shown(request, "web/home.html")


@public
@require_http_methods(["GET"])
def help_(request: HttpRequest) -> HttpResponse:
    """Numbers to call, what the words mean, the keys of the pages."""
    return shown(request, "web/help.html")


@signed_in
@require_http_methods(["GET"])
def start(request: HttpRequest) -> HttpResponse:
    """Where an officer's work begins: the first entry of his menu, else his profile."""
    entries = menu(request.path, actor_of(request))
    return HttpResponseRedirect(entries[0].url if entries else reverse("profile"))


@public
@require_http_methods(["POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Vietnamese or English, kept in a cookie."""
    target = request.POST.get("next") or "/"
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    answer = HttpResponseRedirect(urlsplit(target).path or "/")
    chosen = "en" if request.POST.get("language") == "en" else "vi"
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


@public
@require_http_methods(["GET"])
def amount_words(request: HttpRequest) -> HttpResponse:
    """`?q=1,2 tỷ` → `1.200.000.000 ₫: Một tỷ hai trăm triệu đồng`, or what would be right; plain text."""
    lang = "en" if (get_language() or "vi").startswith("en") else "vi"
    try:
        amount = Vnd.parse(request.GET.get("q", "")[:60], lang)
    except LachanError as error:
        text = error.message(lang)
    else:
        words = amount.words(lang)
        text = f"{amount.grouped(lang)} ₫: {words[:1].upper()}{words[1:]}"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@public
def refused_403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The act is not allowed."""
    return render(request, "web/403.html", {"why": str(exception or "")}, status=403)


@public
def not_found_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing here, or nothing for this reader: alike on purpose, so the reason is not shown."""
    del exception
    return render(request, "404.html", status=404)


@public
def failed_500(request: HttpRequest) -> HttpResponse:
    """A defect of ours: a static page that needs neither database nor session, so no processor may fail again."""
    del request
    return HttpResponse(render_to_string("500.html"), status=500)


@public
def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token."""
    return render(request, "web/403.html", {"why": reason}, status=403)
