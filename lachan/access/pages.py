"""Sign-in, profile and shift; and how every page answers: refused input comes back with what was typed.

A view reads, or calls one verb. `shown` renders, `acted` runs a verb: on success it redirects (a form sent twice is
one act), on a refusal it renders the same page again with 422, 409 or 403 and the error summary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access import services, sessions
from lachan.access.actors import Actor
from lachan.access.decorators import public, signed_in
from lachan.access.errors import NotVisible
from lachan.access.models import Login
from lachan.access.purposes import Purpose, purposes_of
from lachan.kernel.errors import LachanError
from lachan.kernel.time import clock_from_env
from lachan.members import services as members

P = ParamSpec("P")
REMEMBERED = 20  # forms of one session whose second sending is answered like the first


@dataclass(frozen=True, slots=True)
class FieldError:
    """One line of the error summary; `field` is the id of the input, "" when it is about the whole."""

    field: str
    text: str
    code: str


def actor_of(request: HttpRequest) -> Actor:
    """Who acts; set by the middleware on every request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # ActorMiddleware adds it
    return actor


def language() -> str:
    """`vi` or `en`."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def uuid_of(text: str) -> UUID:
    """An id out of a form or an address. Raises: NotVisible for what is none."""
    try:
        return UUID(text)
    except ValueError as cause:
        raise NotVisible(what=text[:40]) from cause


def as_lines(error: LachanError, *, default_field: str = "") -> list[FieldError]:
    """An error as lines of the summary; one that carries several (`.errors`) becomes several."""
    many = getattr(error, "errors", None) or (error,)
    many = many.values() if isinstance(many, Mapping) else many
    return [
        FieldError(one.field or default_field, one.message(language()), one.code) for one in many
    ]


def shown(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    errors: list[FieldError] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page; what an officer sees is not kept by the browser."""
    answer = render(request, template, {**(context or {}), "errors": errors or []}, status=status)
    if actor_of(request).is_officer or errors:
        patch_cache_control(answer, no_store=True)
    return answer


def download(body: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep; neither the browser nor anything between keeps another. kind: its media type."""
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def refused(request: HttpRequest, error: LachanError) -> HttpResponse:
    """A page of its own for what cannot be shown or done."""
    status = error.status if error.status in (403, 404, 409, 429) else 422
    return shown(
        request,
        "web/refused.html",
        {"refusal": error, "status": status},
        status=status,
    )


def page(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Answer a project error that a view lets through with its own page and status."""

    @wraps(view)
    def inner(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except LachanError as error:
            request = next(one for one in args if isinstance(one, HttpRequest))
            return refused(request, error)

    return inner


def acted(
    request: HttpRequest,
    do: Callable[[], Any],
    *,
    to: str | Callable[[Any], str],
    again: Callable[[list[FieldError], int], HttpResponse] | None = None,
    said: str = "",
) -> HttpResponse:
    """Run one verb. `to`: where to go then (or made from the result); `again`: the page anew with the errors."""
    key = request.POST.get("form_key", "")[:64]
    done: dict[str, str] = request.session.get("done_forms", {})
    if key and key in done:
        return HttpResponseRedirect(done[key])
    try:
        result = do()
    except LachanError as error:
        if again is None:
            return refused(request, error)
        return again(as_lines(error), error.status)
    address = to(result) if callable(to) else to
    if key:
        kept = list(done.items())[-REMEMBERED:]
        request.session["done_forms"] = {**dict(kept), key: address}
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(address)


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name, password and the code of the authenticator; no puzzle, pasting allowed (WCAG 3.3.8)."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("start")

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        context = {"next": target, "username": request.POST.get("username", "")}
        return shown(request, "access/sign_in.html", context, errors=errors, status=status)

    if request.method == "GET":
        return again([], 200)
    return acted(
        request,
        lambda: services.sign_in(
            request,
            username=request.POST.get("username", ""),
            password=request.POST.get("password", ""),
            code=request.POST.get("totp", ""),
        ),
        to=target,
        again=again,
    )


@public
@require_http_methods(["POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    services.sign_out(request)
    return HttpResponseRedirect(reverse("home"))


@signed_in
@page
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """In which unit and for which purpose I act; single keys on or off."""
    user = request.user
    if not isinstance(user, Login):  # the rule of the view lets nobody else in
        return HttpResponseRedirect(reverse("sign_in"))
    if request.method == "POST" and request.POST.get("verb") == "keys":
        answer = HttpResponseRedirect(reverse("profile"))
        value = "off" if request.POST.get("keys") == "off" else "on"
        answer.set_cookie("lachan_keys", value, max_age=365 * 86400, httponly=True, samesite="Lax")
        return answer

    if request.method == "GET":
        return profile_page(request)

    def choose() -> Actor:
        unit, _sep, purpose = request.POST.get("post", "").partition("~")
        if purpose not in set(Purpose):
            raise NotVisible(what=purpose[:40])
        return sessions.choose_post(
            request.session, user, unit_id=uuid_of(unit), purpose=Purpose(purpose)
        )

    return acted(
        request,
        choose,
        to=reverse("profile"),
        again=lambda errors, status: profile_page(request, errors, status=status),
        said=_("Đã đổi nơi làm việc."),
    )


def profile_page(
    request: HttpRequest, errors: list[FieldError] | None = None, *, status: int = 200
) -> HttpResponse:
    """The profile, also when one of its forms was refused."""
    officer = getattr(request.user, "officer", None)
    held = sessions.posts(officer) if officer else []
    context = {
        "posts": [
            (unit, sorted(roles), [(one, one.title) for one in purposes_of(roles)])
            for unit, roles in held
        ],
        "security_keys": members.security_keys(actor_of(request), clock=clock_from_env()),
        "key_origin": members.relying_party().origin,
        "label": request.POST.get("label", ""),
    }
    return shown(request, "access/profile.html", context, errors=errors, status=status)
