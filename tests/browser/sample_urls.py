"""The product's addresses, and /mau/<name>: one page with one sample view, for the eyes of the browser tests."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from lachan.access.actors import Actor, ActorKind
from lachan.access.decorators import public
from lachan.members.roles import Role
from lachan.web.urls import urlpatterns as product
from tests.browser.samples import SAMPLES

OFFICER = Actor(
    ActorKind.OFFICER,
    name="Trần Minh Trực",
    address="vn/police/a05/duty",
    roles=frozenset({Role.INVESTIGATOR, Role.DUTY_OFFICER}),
)


@public
def sample(request: HttpRequest, name: str) -> HttpResponse:
    template, context, staff = SAMPLES[name]
    request.actor = OFFICER if staff else Actor.public()  # type: ignore[attr-defined]
    return render(request, template, context)


handler403 = "lachan.web.pages.refused_403"
handler404 = "lachan.web.pages.not_found_404"
handler500 = "lachan.web.pages.failed_500"
urlpatterns = [path("mau/<slug:name>", sample), *product]
