"""Every view says who may open it, or nobody may; and requests carry their actor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from lachan.access import permissions, services
from lachan.access.decorators import public, requires
from lachan.access.errors import NotVisible, SignInRefused
from lachan.access.middleware import may
from lachan.access.purposes import Purpose
from lachan.members.roles import Role
from tests.integration.members.conftest import PASSWORD, Deployment

permissions.declare("zz.page", roles={Role.INVESTIGATOR}, purposes={Purpose.GLD})
permissions.declare("zz.heads", roles={Role.AGENCY_HEAD})


def who(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    return HttpResponse(f"{actor.kind} {actor.address} {may(request, 'zz.page')}")  # type: ignore[arg-type]


@public
def enter(request: HttpRequest) -> HttpResponse:
    services.sign_in(
        request,
        username=request.POST["username"],
        password=PASSWORD,
        code=request.POST["code"],
    )
    return HttpResponse(request.session.session_key or "")


@public
def leave(request: HttpRequest) -> HttpResponse:
    services.sign_out(request)
    return HttpResponse("left")


def raising(error: Exception) -> Any:
    @public
    def view(_request: HttpRequest) -> HttpResponse:
        raise error

    return view


@public
def home(request: HttpRequest) -> HttpResponse:
    return who(request)


@requires("zz.page")
def board(request: HttpRequest) -> HttpResponse:
    return who(request)


@requires("zz.heads")
def heads(request: HttpRequest) -> HttpResponse:
    return who(request)


urlpatterns = [
    path("", home),
    path("forgotten", who),
    path("board", board),
    path("heads", heads),
    path("enter", enter),
    path("leave", leave),
    path("missing", raising(NotVisible(what="x"))),
    path("refused", raising(SignInRefused())),
    path("broken", raising(ValueError("x"))),
    path("other", raising(type("Other", (NotVisible,), {"status": 422})(what="x"))),
]


@pytest.fixture(autouse=True)
def pages(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.LOGIN_URL = "/enter"
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "lachan.access.middleware.ActorMiddleware",
    ]
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]


@pytest.fixture
def officer(country: Deployment, client: Client) -> Client:
    login = country.logins["Trần Minh Trực"]
    response = client.post(
        "/enter", {"username": login.username, "code": services.current_code(login)}
    )
    assert response.status_code == 200
    return client


@pytest.mark.django_db
def test_a_view_that_says_nothing_is_closed_to_everybody(client: Client) -> None:
    assert client.get("/forgotten").status_code == 404


def test_even_to_those_who_signed_in(officer: Client) -> None:
    assert officer.get("/forgotten").status_code == 404


@pytest.mark.django_db
def test_the_public_is_sent_to_the_door_and_back(client: Client) -> None:
    assert client.get("/").content == b"public  False"
    response = client.get("/board?x=1")
    assert (response.status_code, response["Location"]) == (302, "/enter?next=%2Fboard%3Fx%3D1")
    assert client.post("/board").status_code == 403


def test_an_officer_opens_what_his_roles_carry(officer: Client) -> None:
    assert officer.get("/board").content == b"officer vn/police/a05/duty True"
    assert officer.get("/heads").status_code == 403


def test_a_new_session_key_at_sign_in_and_none_after_leaving(
    country: Deployment, client: Client
) -> None:
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    login = country.logins["Trần Minh Trực"]
    response = client.post(
        "/enter", {"username": login.username, "code": services.current_code(login)}
    )
    assert response.content.decode() not in {"", before}
    client.get("/leave")
    assert client.get("/board").status_code == 302


def test_an_idle_session_is_over_and_a_polling_page_does_not_keep_it(officer: Client) -> None:
    half_hour_ago = int((datetime.now(UTC) - timedelta(minutes=29)).timestamp())
    session = officer.session
    session["seen"] = half_hour_ago
    session.save()
    assert officer.get("/board?v=12").status_code == 200
    assert officer.session["seen"] == half_hour_ago
    assert officer.get("/board").status_code == 200
    assert officer.session["seen"] > half_hour_ago
    session = officer.session
    session["seen"] = half_hour_ago - 120
    session.save()
    assert officer.get("/board").status_code == 302


def test_an_officer_without_a_post_is_nobody(country: Deployment, client: Client) -> None:
    country.enrol("Người Mới", "vn/police/a05", "duty")
    login = country.logins["Người Mới"]
    client.post("/enter", {"username": login.username, "code": services.current_code(login)})
    assert client.get("/").content == b"public  False"


@pytest.mark.django_db
def test_refusals_that_a_page_did_not_show_get_their_status(client: Client) -> None:
    client.raise_request_exception = False
    statuses = [
        client.get(f"/{one}").status_code for one in ("missing", "refused", "broken", "other")
    ]
    assert statuses == [404, 403, 500, 500]
