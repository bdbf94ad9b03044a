"""Pages of cases: the golden-hour board, one case in tabs, the money flow and its plan, requests to members.

Every change is a POST of one form that calls one verb; the board asks every five seconds with its version and gets 204
while nothing has changed (interface.md §3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access import permissions
from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import FieldError, acted, actor_of, page, shown, uuid_of
from lachan.cases import queries, services
from lachan.exchange import queries as exchange
from lachan.holds import services as holds
from lachan.holds.views import mandate
from lachan.kernel.time import clock_from_env
from lachan.members.roles import Role
from lachan.reports import queries as reports

INVESTIGATION = (Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER)
CASE_READERS = (*INVESTIGATION, Role.PROCURATOR, Role.ANALYST)
permissions.declare("board.read", roles=(*INVESTIGATION, Role.ANALYST))
permissions.declare("case.read", roles=CASE_READERS)
permissions.declare("request.read", roles=CASE_READERS)
permissions.declare("evidence.read", roles=(*CASE_READERS, Role.JUDGE, Role.AUDITOR))

TABS: tuple[tuple[str, Any], ...] = (
    ("tom-tat", lambda: _("Tóm tắt")),
    ("tien", lambda: _("Tiền")),
    ("nguoi", lambda: _("Người")),
    ("trao-doi", lambda: _("Trao đổi")),
    ("nhat-ky", lambda: _("Diễn biến")),
    ("chung-cu", lambda: _("Chứng cứ")),
)
STAGES = ("VERIFYING", "PROSECUTED", "TRANSFERRED", "TRIAL", "CLOSED", "REOPENED")
METHODS = ("fifo", "lifo", "haircut", "libr", "tainted_first")


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
    found = queries.cases(actor_of(request), q=query, after=request.GET.get("after", ""))
    return shown(request, "cases/list.html", {"found": found, "q": query})


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
        context["messages_"] = exchange.conversations(actor, code)
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


@requires("case.replan")
@page
@require_http_methods(["POST"])
def replan(request: HttpRequest, code: str) -> HttpResponse:
    """Reckon the plan anew under a method; the choice is recorded."""
    method = request.POST.get("method", "")
    return acted(
        request,
        lambda: services.replan(
            actor=actor_of(request),
            code=code,
            method=method if method in METHODS else "",
            clock=clock_from_env(),
        ),
        to=reverse("flow", args=[code]),
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


@requires("case.read")
@page
@require_http_methods(["GET"])
def flow(request: HttpRequest, code: str) -> HttpResponse:
    """Picture and table of the money, and the plan of holds under it."""
    return _flow(request, code)


def _flow(
    request: HttpRequest, code: str, errors: list[Any] | None = None, *, status: int = 200
) -> HttpResponse:
    method = request.GET.get("method", "")
    view = queries.flow(actor_of(request), code, method=method if method in METHODS else "")
    if view is None:
        raise NotVisible(what=code)
    chosen = request.POST.getlist("account") if request.method == "POST" else None
    why = {
        row.ref: request.POST.get(f"why-{row.ref}", "")
        for row in (*view.plan.rows, *view.plan.left_out)
    }
    context = {"flow": view, "chosen": chosen, "why": why, "method_codes": METHODS, "code": code}
    return shown(request, "cases/flow.html", context, errors=errors, status=status)


@requires("hold.propose")
@page
@require_http_methods(["POST"])
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """From the ticked accounts to a sheet of orders; what was left out carries its reason."""
    chosen = request.POST.getlist("account")
    reasons = {
        key.removeprefix("why-"): value.strip()
        for key, value in request.POST.items()
        if key.startswith("why-") and isinstance(value, str) and value.strip()
    }
    return acted(
        request,
        lambda: holds.propose_sheet(
            actor=actor_of(request),
            case_code=code,
            chosen=chosen,
            reasons=reasons,
            method=request.POST.get("method", ""),
            clock=clock_from_env(),
        ),
        to=lambda sheet: reverse("sheet", args=[sheet.id]),
        again=lambda errors, status: _flow(request, code, errors, status=status),
    )


@requires("request.read")
@page
@require_http_methods(["GET"])
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One request to a member: what was asked, under which articles, who signed, what came back and when."""
    found = exchange.conversation(actor_of(request), conversation_id)
    if found is None:
        raise NotVisible(what=str(conversation_id))
    mandates = [
        mandate(str(one.get("code", "")), str(one.get("stage", ""))) for one in found.mandates
    ]
    return shown(request, "cases/conversation.html", {"one": found, "mandates": mandates})


@requires("evidence.read")
@page
@require_http_methods(["GET"])
def evidence(request: HttpRequest, code: str) -> HttpResponse:
    """What a court needs, and how to check it offline."""
    view = queries.case_view(actor_of(request), code)
    if view is None:
        raise NotVisible(what=code)
    return shown(request, "cases/evidence.html", {"case": view})


@requires("evidence.read")
@page
@require_http_methods(["POST"])
def evidence_bundle(request: HttpRequest, code: str) -> HttpResponse:
    """The bundle of a case as one file; taking it is itself an entry of the log."""
    body = queries.evidence_bundle(actor_of(request), code)
    if body is None:
        raise NotVisible(what=code)
    return _download(bytes(body), f"chung-cu-{code}.zip", "application/zip")


def _download(body: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
