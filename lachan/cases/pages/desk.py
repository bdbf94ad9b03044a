"""The golden-hour board, the list of cases, and one case in tabs with what is done on it.

Every change is a POST of one form that calls one verb; the board asks every five seconds with its version and gets 204
while nothing has changed (interface.md §3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access import permissions
from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import FieldError, acted, actor_of, language, page, shown, uuid_of
from lachan.access.tables import Table, arranged
from lachan.cases import queries, services
from lachan.cases.pages import columns
from lachan.holds import services as holds
from lachan.kernel.time import clock_from_env
from lachan.members.roles import Role
from lachan.reports import queries as reports

INVESTIGATION = (Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER)
CASE_READERS = (*INVESTIGATION, Role.PROCURATOR, Role.ANALYST)
permissions.declare("board.read", roles=(*INVESTIGATION, Role.ANALYST))
permissions.declare("case.read", roles=CASE_READERS)
TABS: tuple[tuple[str, Any], ...] = (
    ("tom-tat", lambda: _("Tóm tắt")),
    ("tien", lambda: _("Tiền")),
    ("nguoi", lambda: _("Người")),
    ("trao-doi", lambda: _("Trao đổi")),
    ("nhat-ky", lambda: _("Diễn biến")),
    ("chung-cu", lambda: _("Chứng cứ")),
)
STAGES = ("VERIFYING", "PROSECUTED", "TRANSFERRED", "TRIAL", "CLOSED", "REOPENED")


@requires("board.read")
@page
@require_http_methods(["GET"])
def board(request: HttpRequest) -> HttpResponse:
    """One row a live case; with `?v=` the fragment alone, or 204 when that is the version still."""
    actor = actor_of(request)
    seen = request.GET.get("v", "")
    if seen and actor.unit_id is not None and seen == str(queries.board_version(actor.unit_id)):
        return HttpResponse(status=204)
    found = queries.board(actor, after=request.GET.get("after", ""))
    template = "cases/board_rows.html" if seen else "cases/board.html"
    return shown(request, template, {"board": found})


@requires("case.take")
@page
@require_http_methods(["POST"])
def take_next(request: HttpRequest) -> HttpResponse:
    """The next case that nobody has taken, by the board's order."""
    actor = actor_of(request)
    code = queries.next_free(actor)
    if not code:
        return HttpResponseRedirect(reverse("board"))
    return acted(
        request,
        lambda: services.take(actor=actor, code=code, clock=clock_from_env()),
        to=reverse("case", args=[code]),
    )


@requires("case.read")
@page
@require_http_methods(["GET"])
def cases(request: HttpRequest) -> HttpResponse:
    """Cases by code or account, newest first."""
    query = request.GET.get("q", "").strip()[:80]
    found = queries.cases(
        actor_of(request),
        q=query,
        sort=request.GET.get("sort", ""),
        after=request.GET.get("after", ""),
    )
    table = Table(columns.of_cases(), found.rows, found.sort)
    return shown(request, "cases/list.html", {"table": table, "after": found.after, "q": query})


@requires("case.read")
@page
@require_http_methods(["GET"])
def case(request: HttpRequest, code: str, tab: str = "tom-tat") -> HttpResponse:
    """One case, one tab an address."""
    return case_tab(request, code, tab)


def case_tab(
    request: HttpRequest,
    code: str,
    tab: str,
    errors: list[FieldError] | None = None,
    *,
    status: int = 200,
    given_for: str = "",
) -> HttpResponse:
    """A tab of a case; with errors it is the answer to a form on it, and `given_for` says of which hold."""
    actor = actor_of(request)
    view = queries.case_view(actor, code)
    if view is None or tab not in dict(TABS):
        raise NotVisible(what=code)
    tabs = [
        {
            "name": name,
            "title": title(),
            "url": reverse("case", args=[code]) if name == "tom-tat" else reverse("case_tab", args=[code, name]),
        }
        for name, title in TABS
    ]  # fmt: skip
    tabs.append({"name": "dong-tien", "title": _("Dòng tiền, phương án"), "url": reverse("flow", args=[code]), "key": "g"})  # fmt: skip
    context: dict[str, Any] = {"case": view, "tabs": tabs, "tab": tab, "stages": STAGES}
    if tab == "trao-doi":
        found = view.messages
        context["table"] = arranged(
            found, columns.of_messages(language()), request.GET.get("sort", "")
        )
    if tab == "tien":
        context["table"] = arranged(view.legs, columns.of_legs(), request.GET.get("sort", ""))
    if tab == "nguoi":
        context["reports"] = reports.of_case(actor, code)
    context |= {"given": request.POST, "given_for": given_for}
    return shown(request, f"cases/{tab}.html", context, errors=errors, status=status)


def _case_act(verb: Callable[..., Any], *, said: Any = None, to: str = "case") -> Callable[..., HttpResponse]:  # fmt: skip
    def view(request: HttpRequest, code: str) -> HttpResponse:
        return acted(
            request,
            lambda: verb(actor=actor_of(request), code=code, clock=clock_from_env()),
            to=reverse(to, args=[code]),
            said=said() if said else "",
        )

    return page(require_http_methods(["POST"])(view))


take = requires("case.take")(_case_act(services.take, said=lambda: _("Bạn đã nhận vụ việc.")))


seen = requires("case.look")(
    _case_act(services.review_shift_work, said=lambda: _("Đã ghi nhận bạn đã xem lại."))
)


give_back = requires("case.release")(_case_act(services.release_case))


expand = requires("case.expand")(
    _case_act(services.expand, said=lambda: _("Đã hỏi thêm một bước."), to="flow")
)


@requires("case.advance")
@page
@require_http_methods(["POST"])
def advance(request: HttpRequest, code: str) -> HttpResponse:
    """Move the case along the procedure; money never waits for it."""
    to = request.POST.get("to", "")
    if to not in STAGES:
        raise NotVisible(what=to[:20])
    return acted(
        request,
        lambda: services.advance(
            actor=actor_of(request),
            code=code,
            to=to,
            reason=request.POST.get("reason", ""),
            clock=clock_from_env(),
        ),
        to=reverse("case", args=[code]),
        said=_("Đã chuyển giai đoạn."),
    )


@requires("hold.cancel")
@page
@require_http_methods(["POST"])
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Let go of everything that was paused or held in the case, at once."""
    return acted(
        request,
        lambda: holds.cancel_case(
            actor=actor_of(request),
            case_code=code,
            reason=request.POST.get("reason", ""),
            clock=clock_from_env(),
        ),
        to=reverse("case_tab", args=[code, "tien"]),
        said=_("Đã gỡ tất cả."),
    )


@requires("case.escalate")
@page
@require_http_methods(["POST"])
def escalate(request: HttpRequest, code: str) -> HttpResponse:
    """Tell the superiors that an institution is silent."""
    conversation = uuid_of(request.POST.get("conversation", ""))
    return acted(
        request,
        lambda: services.escalate(
            actor=actor_of(request), code=code, conversation=conversation, clock=clock_from_env()
        ),
        to=reverse("case", args=[code]),
        said=_("Đã báo cấp trên."),
    )
