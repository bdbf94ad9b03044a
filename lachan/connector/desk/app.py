"""The desk page: what needs a person, by time left; and, in a simulation, what a holder sees."""

from __future__ import annotations

import re
import threading
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from lachan.connector.desk.acts import DeskRefused, accept, ask_back, by_hand, partly, refuse
from lachan.connector.desk.asgi import Request, Response, redirect
from lachan.connector.desk.people import People, Session, good_token
from lachan.connector.desk.tasks import confirm, task_view, tasks_view
from lachan.connector.desk.views import account_view, ask_view, queue_view
from lachan.connector.desk.words import word
from lachan.connector.member import Member
from lachan.connector.port import CoreUnavailable
from lachan.connector.store import Received
from lachan.connector.tasks import Task, task
from lachan.exchange.errors import TooLarge
from lachan.exchange.forms.reading import FormWrong, fields_of
from lachan.kernel.time import to_wire

COOKIE = "lachan_desk"
LANGUAGE = "lachan_lang"
_STRICT = "HttpOnly; SameSite=Strict; Path=/"
_STATIC = {
    "desk.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "shield.svg": "image/svg+xml",
}
_OWN_PATH = re.compile(r"/(?!/)[A-Za-z0-9/_-]*")  # where a change of language may lead back to


class DeskApp:
    """`woken` is set after an act, so that its answer leaves at once."""

    def __init__(self, member: Member, woken: threading.Event) -> None:
        self.member = member
        self.woken = woken
        folder = Path(member.config.file).parent
        self.people = People(folder / member.config.read.desk.people_file)
        self.pages = Environment(
            loader=PackageLoader("lachan.connector.desk"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        static = resources.files("lachan.connector.desk").joinpath("static")
        self.files = {
            f"/static/{name}": Response(static.joinpath(name).read_bytes(), type=of)
            for name, of in _STATIC.items()
        }

    def __call__(self, request: Request) -> Response:
        path = request.path
        if path in self.files:
            return self.files[path]
        if path == "/ngon-ngu":
            lang = "en" if request.query.get("lang") == "en" else "vi"
            back = request.query.get("ve", "/")
            return redirect(
                back if _OWN_PATH.fullmatch(back) else "/", f"{LANGUAGE}={lang}; {_STRICT}"
            )
        if path.startswith("/tai-khoan") and self.member.config.read.simulator is not None:
            return self._account(request)
        if path == "/dang-nhap":
            return self._sign_in(request)
        session = self.people.session(
            request.cookies.get(COOKIE, ""), touch="v" not in request.query
        )
        if session is None:
            return redirect("/dang-nhap")
        return self._inside(request, session)

    def _inside(self, request: Request, session: Session) -> Response:
        path, parts = request.path, request.path.strip("/").split("/")
        if request.method == "POST" and not good_token(session, request.form.get("csrf", "")):
            return self._page("missing.html", request, session, status=403)
        if path == "/dang-xuat" and request.method == "POST":
            self.people.sign_out(request.cookies.get(COOKIE, ""))
            return redirect("/dang-nhap", f"{COOKIE}=; Max-Age=0; {_STRICT}")
        if path == "/":
            rows = queue_view(self.member, self._lang(request))
            waiting = tasks_view(self.member, self._lang(request))
            return self._page("queue.html", request, session, rows=rows, tasks=waiting)
        if parts[0] == "viec" and len(parts) == 2:  # noqa: PLR2004 - the word, the message
            found = task(self.member.store, parts[1])
            if found is not None:
                return self._task(request, session, found)
        if parts[0] == "yeu-cau" and len(parts) in {2, 3}:
            row = self.member.store.received(h=parts[1])
            if row is not None and row.type == "ask":
                return self._ask(request, session, row, parts[2] if len(parts) > 2 else "")  # noqa: PLR2004 - act
        return self._page("missing.html", request, session, status=404)

    def _ask(self, request: Request, session: Session, row: Received, act: str) -> Response:
        error, errors, lang = "", {}, self._lang(request)
        if request.method == "POST" and row.state == "desk":
            try:
                self._act(act, row, session, request.form)
            except FormWrong as wrong:
                error = word("correct_below", lang)
                errors = {name: one.message(lang) for name, one in fields_of(wrong).items()}
            except (DeskRefused, CoreUnavailable, TooLarge) as wrong:
                error = wrong.message(lang)
                errors = {} if wrong.field is None else {wrong.field: error}
            else:
                self.woken.set()
                return redirect(f"/yeu-cau/{row.h}")
        view = ask_view(
            self.member,
            row,
            lang,
            typed=request.form if errors else {},
            act=act,
            person=session.person,
            name_of=self.people.name,
        )
        status = 422 if error else 200
        return self._page(
            "ask.html", request, session, status=status, ask=view, error=error, errors=errors
        )

    def _task(self, request: Request, session: Session, found: Task) -> Response:
        error, errors, lang = "", {}, self._lang(request)
        if request.method == "POST":
            try:
                confirm(found, self.member, session.person, request.form)
            except DeskRefused as wrong:
                error = wrong.message(lang)
                errors = {} if wrong.field is None else {wrong.field: error}
            else:
                self.woken.set()
                return redirect(f"/viec/{found.message}")
        view = task_view(found, self.member, lang)
        typed = {"amount": view["amount"]} | (request.form if error else {})
        return self._page(
            "task.html",
            request,
            session,
            status=422 if error else 200,
            task=view,
            fields=_confirmation(typed, sums=view["sums"], lang=lang),
            error=error,
            errors=errors,
        )

    def _act(self, act: str, row: Received, session: Session, form: dict[str, str]) -> None:
        if act == "thuc-hien":
            accept(row, self.member, session.person)
        elif act == "tra-loi":
            by_hand(row, self.member, session.person, form)
        elif act == "tu-choi":
            refuse(row, self.member, session.person, form)
        elif act == "mot-phan":
            partly(row, self.member, session.person, form)
        elif act == "hoi-lai":
            ask_back(row, self.member, session.person, form)

    def _sign_in(self, request: Request) -> Response:
        error = ""
        if request.method == "POST":
            token = self.people.sign_in(
                request.form.get("login", ""), request.form.get("password", "")
            )
            if token is not None:
                return redirect("/", f"{COOKIE}={token}; {_STRICT}")
            error = word("wrong", self._lang(request))
        status = 422 if error else 200
        return self._page("sign_in.html", request, None, status=status, error=error)

    def _account(self, request: Request) -> Response:
        number = request.query.get("so", "") or request.path.removeprefix("/tai-khoan").strip("/")
        view = account_view(self.member, number, self._lang(request)) if number else None
        status = 404 if number and view is None else 200
        return self._page("account.html", request, None, status=status, account=view, number=number)

    def _page(
        self,
        template: str,
        request: Request,
        session: Session | None,
        status: int = 200,
        **context: Any,
    ) -> Response:
        lang = self._lang(request)
        own = self.member.config.read.member
        body = self.pages.get_template(template).render(
            lang=lang,
            t=lambda key, **values: word(key, lang).format(**values),
            title=own.name_en if lang == "en" else own.name_vi or own.address,
            address=own.address,
            back=request.path if _OWN_PATH.fullmatch(request.path) else "/",
            now=to_wire(self.member.clock.now()),
            person=None if session is None else session.person,
            csrf="" if session is None else session.csrf,
            **context,
        )
        return Response(body, status=status)

    def _lang(self, request: Request) -> str:
        wanted = request.query.get("lang") or request.cookies.get(LANGUAGE, "vi")
        return "en" if wanted == "en" else "vi"


def _confirmation(typed: dict[str, str], *, sums: bool, lang: str) -> list[dict[str, Any]]:
    """What the person who did it says."""
    names = ["amount", "core_ref"] if sums else ["core_ref"]
    return [
        {
            "name": name,
            "label": word(f"task_field_{name}", lang),
            "help": word(f"task_help_{name}", lang),
            "kind": "text",
            "required": True,
            "value": typed.get(name, ""),
        }
        for name in names
    ]
