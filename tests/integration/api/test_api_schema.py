"""Whatever is sent, the API answers as its description says, and never with a defect of its own."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.integration.api.conftest import TOKEN

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
QUIET = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.mark.django_db
@schema.parametrize()
@QUIET
def test_every_operation_answers_as_described(
    case: schemathesis.Case, officer: Client, one_connection: None
) -> None:
    """As an officer sees it; one transaction holds all that the examples of an operation write."""
    cookies = f"sessionid={officer.cookies['sessionid'].value}; csrftoken={TOKEN}"
    case.call_and_validate(headers={"Cookie": cookies, "X-CSRFToken": TOKEN}, checks=CHECKS)
