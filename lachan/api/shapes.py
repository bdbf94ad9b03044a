"""What several operations share: the body of an error, a case's code, text as records keep it."""

from typing import Annotated, Any

from ninja import Path, Schema
from pydantic import StringConstraints

CaseCode = Annotated[str, Path(pattern=r"^VA-[0-9]{2}-[0-9]{6}$", examples=["VA-26-004182"])]


def plain(most: int) -> Any:
    """Text of at most so many characters, without the sign that no database keeps."""
    return StringConstraints(max_length=most, pattern=r"^[^\x00]*$")


Line = Annotated[str, plain(200)]


class ErrorBody(Schema):
    """As `LachanError.body()`."""

    code: str
    field: str | None
    rule: str | None
    right: str | None
    text_vi: str
    text_en: str
    row: int | None


class Failure(Schema):
    """The one shape of every error."""

    error: ErrorBody


REFUSALS: dict[int, Any] = {401: Failure, 403: Failure, 422: Failure}
REFUSALS_OF_ONE: dict[int, Any] = {**REFUSALS, 404: Failure}
