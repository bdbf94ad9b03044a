"""A case that runs reads over the API as on its pages."""

import warnings
from typing import Any

import pytest
from django.test import Client

from lachan.cases.models import CaseRecord
from lachan.exchange.models import ConversationRecord
from tests.integration.api.conftest import signed_in
from tests.integration.cases.conftest import WHY, World, country, data_folder, empty, world
from tests.integration.cases.test_golden_hour import VICTIM, A, M, scam

__all__ = ["country", "data_folder", "empty", "world"]


@pytest.fixture
def running(world: World) -> tuple[Client, str]:
    world.report(VICTIM, A, 500 * M, scam(world), ago=600)
    world.pump()
    code = CaseRecord.objects.unscoped(reason=WHY).get().code
    return signed_in(world.country, "Trần Minh Trực"), code


def got(client: Client, path: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a value that is not what its type says
        answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_list_and_the_case_carry_the_same_figures(running: tuple[Client, str]) -> None:
    client, code = running
    (row,) = got(client, "cases")["rows"]
    case = got(client, f"cases/{code}")
    assert row["code"] == case["code"] == code
    sums = case["sums"]
    parts = ("held", "moved_on", "withdrawn", "unresolved")
    assert sum(sums[name] for name in parts) == sums["reported"] == row["reported"] == 500 * M
    assert len(case["legs"]) == 3
    assert case["opened_at"].endswith("Z")


def test_the_flow_is_told_under_each_method(running: tuple[Client, str]) -> None:
    client, code = running
    flow = got(client, f"cases/{code}/flow")
    other = got(client, f"cases/{code}/flow?method=lifo")
    assert flow["transfers"]
    assert flow["plan"]["amount"] == 420 * M
    assert {one["method"] for one in flow["methods"]} >= {flow["method"], other["method"]}


def test_the_pauses_are_listed_once_each_by_key(running: tuple[Client, str]) -> None:
    client, _code = running
    page = got(client, "holds")
    assert sum(row["effect"] for row in page["rows"]) == 420 * M
    assert page["after"] is None
    first = page["rows"][0]["id"]
    rest = got(client, f"holds?after={first}")["rows"]
    assert [row["id"] for row in rest] == [row["id"] for row in page["rows"][1:]]


def test_each_conversation_opens(running: tuple[Client, str]) -> None:
    client, code = running
    for record in ConversationRecord.objects.unscoped(reason=WHY).filter(case_ref=code):
        told = got(client, f"conversations/{record.pk}")
        assert told["case_ref"] == code
        assert told["mandates"]
        assert told["question"]


def test_another_agency_sees_none_of_it(running: tuple[Client, str], world: World) -> None:
    _client, code = running
    other = signed_in(world.country, "Lê Thị Một")
    assert other.get(f"/api/v1/cases/{code}").status_code in {403, 404}
