"""Stands in for pages of contexts that are still being written; removed with them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from lachan.access.decorators import public


@public
def _absent(request: HttpRequest, **_: Any) -> HttpResponse:
    raise Http404


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _absent
