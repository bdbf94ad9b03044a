"""Cases: the list, one case, the flow of its money."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from lachan.access.errors import NotVisible
from lachan.api.callers import Officer, caller
from lachan.api.shapes import REFUSALS, REFUSALS_OF_ONE, CaseCode
from lachan.cases import queries
from lachan.cases.views import CaseList, CaseView, Flow

router = Router(tags=["cases"])
Word = Annotated[str, Query(max_length=40, pattern=r"^[^\x00]*$")]
Method = Annotated[str, Query(max_length=20, pattern=r"^[a-z_]*$")]


@router.get("/cases", response={200: CaseList, **REFUSALS}, auth=Officer("case.read"))
def cases(request: HttpRequest, q: Word = "", after: Word = "") -> CaseList:
    """Cases by a part of their code or of an account, newest first; `after` is the last code shown."""
    return queries.cases(caller(request), q=q, after=after)


@router.get("/cases/{code}", response={200: CaseView, **REFUSALS_OF_ONE}, auth=Officer("case.read"))
def case(request: HttpRequest, code: CaseCode) -> CaseView:
    """One case in full. Amounts in đồng."""
    found = queries.case_view(caller(request), code)
    if found is None:
        raise NotVisible(what=code)
    return found


@router.get(
    "/cases/{code}/flow", response={200: Flow, **REFUSALS_OF_ONE}, auth=Officer("case.read")
)
def flow(request: HttpRequest, code: CaseCode, method: Method = "") -> Flow:
    """The flow of the money under the chosen method, or another one to look at; the plan of holds beside it."""
    found = queries.flow(caller(request), code, method)
    if found is None:
        raise NotVisible(what=code)
    return found
