"""The form of an answer as a desk fills it: the declared fields, and a pasted table for the lines beside it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from lachan.exchange.forms.declared import FieldForm, fields, highest_class, typed
from lachan.exchange.forms.reading import FormWrong, read_form
from lachan.exchange.forms.tables import read_table
from lachan.exchange.kinds import Answer, MessageKind, Row
from lachan.exchange.parts import ROWS
from lachan.kernel.errors import LachanError, Text

LINES = Text(vi="Các dòng", en="Lines")


def answer_fields(declared: MessageKind) -> list[FieldForm]:
    """What a person fills in: every field but `as_of` that has an input, then the table of lines; none where no form can hold the answer."""
    if not typed(declared.answer):
        return []
    forms = [one for one in fields(declared.answer) if one.name != "as_of"]
    if declared.rows is not None:
        forms.append(
            FieldForm(
                ROWS,
                LINES,
                "rows",
                required=False,
                klass=highest_class(declared.rows),
                columns=tuple(fields(declared.rows)),
            )
        )
    return [one for one in forms if one.kind != "rows" or one.columns]


def read_answer(
    declared: MessageKind, form: Mapping[str, str], *, as_of: str
) -> tuple[Answer, list[Row]]:
    """The answer with the lines beside it. as_of: a wire time. Raises: FormWrong."""
    answer = read_form(declared.answer, form, as_of=as_of)
    if declared.rows is None:
        return answer, []
    try:
        return answer, read_table(declared.rows, form.get(ROWS, ""))
    except LachanError as error:
        error.field = ROWS
        raise FormWrong.of({ROWS: error}) from error
