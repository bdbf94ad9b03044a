"""The API serves what the pages serve, to whom the pages serve it, and says every error in one shape."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lachan.api.app import api
from lachan.api.callers import Officer
from tests.integration.api.conftest import TOKEN
from tests.integration.members.conftest import Deployment

NOBODY = "01930000-0000-7000-8000-000000000000"  # fixed: parametrised names must be equal in every worker

REPORT = {
    "channel": "BANK_DESK",
    "narrative": "Khách báo bị lừa chuyển tiền",
    "phone": "0912345678",
    "transfers": [
        {
            "from_bank": "970436", "from_account": "0123456789", "to_bank": "970415",
            "to_account": "0987654321", "amount": "1.200.000.000",
        }
    ],
}  # fmt: skip
SHAPE = {"code", "field", "rule", "right", "text_vi", "text_en", "row"}
pytestmark = pytest.mark.django_db


def post(client: Client, given: Any, *, key: str = "", **headers: str) -> Any:
    return client.post(
        "/api/v1/reports",
        given,
        content_type="application/json",
        headers={"Idempotency-Key": key or uuid4().hex, "X-CSRFToken": TOKEN, **headers},
    )


def error(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    body = answer.json()["error"]
    assert set(body) == SHAPE
    return dict(body)


def operations() -> list[Any]:
    return [
        one
        for router in (router for _, router in api._routers)
        for view in router.path_operations.values()
        for one in view.operations
    ]


def test_every_operation_but_health_asks_for_a_permission() -> None:
    found = operations()
    assert len(found) == 9
    for one in found:
        rules = [rule for rule in one.auth_callbacks if isinstance(rule, Officer)]
        assert bool(rules) == (one.view_func.__name__ != "health"), one.view_func.__name__


def test_health_is_public(client: Client) -> None:
    assert client.get("/api/v1/health").json()["state"] == "ok"


@pytest.mark.parametrize("path", ["reports", "cases", "cases/VA-26-000001", "cases/VA-26-000001/flow", "holds", f"conversations/{NOBODY}", f"reports/{NOBODY}"])  # fmt: skip
def test_without_a_session_each_read_is_refused(client: Client, path: str) -> None:
    assert error(client.get(f"/api/v1/{path}"), 401)["code"] == "api.sign_in_needed"


@pytest.mark.parametrize("path", ["reports", "cases", "holds", f"conversations/{NOBODY}"])
def test_a_role_without_the_permission_is_refused(registrar: Client, path: str) -> None:
    assert error(registrar.get(f"/api/v1/{path}"), 403)["code"] == "access.not_allowed"


@pytest.mark.parametrize("path", ["cases/VA-26-000001", "cases/VA-26-000001/flow", f"conversations/{NOBODY}", f"reports/{NOBODY}"])  # fmt: skip
def test_what_is_not_there_is_not_found(officer: Client, path: str) -> None:
    assert error(officer.get(f"/api/v1/{path}"), 404)["code"] == "access.not_found"


def test_an_officer_files_a_report_and_lists_it(officer: Client) -> None:
    filed = post(officer, REPORT | {"channel": "POLICE"})
    assert filed.status_code == 201, filed.content
    assert filed.json()["code"].startswith("TB-")
    rows = officer.get("/api/v1/reports").json()["rows"]
    assert [(row["id"], row["channel"]) for row in rows] == [(filed.json()["id"], "POLICE")]
    assert rows[0]["received_at"].endswith("Z")
    assert officer.get(f"/api/v1/reports/{filed.json()['id']}").json() == rows[0]


def test_the_same_key_again_is_the_same_report_without_its_code(officer: Client) -> None:
    first, again = (post(officer, REPORT, key="abcdefgh-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["code"] == ""


def test_a_report_without_the_csrf_value_is_refused(officer: Client) -> None:
    assert error(post(officer, REPORT, **{"X-CSRFToken": ""}), 403)["code"] == "api.call_refused"


def test_a_banks_desk_files_by_its_token(client: Client, bank_headers: dict[str, str]) -> None:
    assert post(client, REPORT, **bank_headers).status_code == 201


def test_a_desk_files_for_its_own_channel_only(
    client: Client, bank_headers: dict[str, str]
) -> None:
    answer = post(client, REPORT | {"channel": "POLICE"}, **bank_headers)
    assert error(answer, 422)["field"] == "channel"


def test_a_desk_reads_nothing(client: Client, bank_headers: dict[str, str]) -> None:
    error(client.get("/api/v1/reports", headers=bank_headers), 401)


@pytest.mark.parametrize("token", ["", "x", "vn/bank/970436.00", "vn/bank/000000.ab", "ô.é"])
def test_another_token_is_refused(country: Deployment, client: Client, token: str) -> None:
    answer = post(client, REPORT, Authorization=f"Bearer {token}")
    assert answer.status_code in {401, 403}
    assert set(answer.json()["error"]) == SHAPE


def test_two_desks_with_one_key_file_two_reports(
    officer: Client, client: Client, bank_headers: dict[str, str]
) -> None:
    ids = {
        post(officer, REPORT, key="abcdefgh-2").json()["id"],
        post(client, REPORT, key="abcdefgh-2", **bank_headers).json()["id"],
    }
    assert len(ids) == 2


@pytest.mark.parametrize(("given", "status"), [("{", 400), ("{}", 422), ('{"channel":"WEB"}', 422), ('{"channel":"POLICE","narrative":"a\\u0000b"}', 422), ('{"channel":"POLICE"}', 422)])  # fmt: skip
def test_an_unreadable_report_says_what_is_wrong(officer: Client, given: str, status: int) -> None:
    error(post(officer, given), status)


def test_a_cursor_of_another_list_is_refused(officer: Client) -> None:
    assert error(officer.get("/api/v1/reports?after=x~y"), 422)["field"] == "after"
