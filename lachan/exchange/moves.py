"""What the moves of a conversation say in words, each in a part of its own name, encrypted like every part. Pure (protocol §4).

The manifest carries codes alone, since a sentence may name a person: the question of a `clarify`, the text of a `refuse`
and the reason of a `dispute` are for the other side only.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.errors import SchemaMismatch
from lachan.exchange.fields import Line, Words, about
from lachan.exchange.kinds import Answer, MessageType
from lachan.exchange.manifest import Manifest

MAX_FIELDS = 20


class Move(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """Words beside the codes of a message; wire values throughout (see fields.py)."""


class Clarify(Move, frozen=True, kw_only=True):
    """What the answerer must know before it can answer."""

    question: Annotated[
        Words,
        about(
            "Câu hỏi cho bên yêu cầu",
            "Question to the asker",
            "S",
            help_vi="Chỉ hỏi lại được một lần. Thời hạn dừng cho đến khi bên yêu cầu trả lời",
            help_en="This can be asked once. The clock stops until the asker replies",
        ),
    ]
    fields: Annotated[
        list[Line],
        Meta(max_length=MAX_FIELDS),
        about(
            "Mục cần làm rõ",
            "Fields in question",
            "B",
            help_vi="Mỗi dòng một mục của yêu cầu; để trống nếu hỏi chung",
            help_en="One field of the request a line; empty when the question is a general one",
        ),
    ] = []


class Clarification(Move, frozen=True, kw_only=True):
    """The asker's reply. It explains the ask and never widens it: what is wanted beyond it is a new ask."""

    text: Annotated[
        Words,
        about(
            "Nội dung làm rõ",
            "Clarification",
            "S",
            help_vi="Giải thích yêu cầu đã ký. Điều cần hỏi thêm phải là một yêu cầu mới",
            help_en="Explain the request that was signed. Whatever is wanted beyond it needs a new request",
        ),
    ]


class RefusalWords(Move, frozen=True, kw_only=True):
    """Why the answer is no, who says so at the answerer, and under which article."""

    text: Annotated[Words, about("Giải thích", "Explanation", "S")]
    officer: Annotated[Line | None, about("Người chịu trách nhiệm", "Responsible officer", "B")] = (
        None
    )
    law: Annotated[Line | None, about("Điều luật viện dẫn", "Article relied on", "B")] = None


class Dispute(Move, frozen=True, kw_only=True):
    """What is wrong with the answer."""

    reason: Annotated[
        Words,
        about(
            "Điểm chưa đúng, chưa đủ",
            "What is wrong or missing",
            "S",
            help_vi="Chỉ đề nghị xem lại được một lần. Bên trả lời có một nửa thời hạn ban đầu",
            help_en="An answer can be disputed once. The answerer then has half the first period",
        ),
    ]


MOVES: Mapping[MessageType, type[Move]] = MappingProxyType(
    {
        MessageType.CLARIFY: Clarify,
        MessageType.CLARIFICATION: Clarification,
        MessageType.REFUSE: RefusalWords,
        MessageType.DISPUTE: Dispute,
    }
)
_ALWAYS = frozenset({MessageType.CLARIFY, MessageType.CLARIFICATION, MessageType.DISPUTE})


def part_name(move: type[Move]) -> str:
    """The part that carries it: the name of the message's type."""
    return next(type_.value for type_, one in MOVES.items() if one is move)


def check_parts(manifest: Manifest) -> None:
    """What must be said is there, as far as whoever cannot read it can tell. Raises: SchemaMismatch."""
    wanted = None
    if manifest.type in _ALWAYS or _objects(manifest):
        wanted = manifest.type.value
    elif manifest.type is MessageType.PARTIAL:
        wanted = "answer"
    if wanted is not None and manifest.part(wanted) is None:
        raise SchemaMismatch(why=f"{manifest.type.value} without its part {wanted}", field="parts")


def check_words(manifest: Manifest, said: object) -> None:
    """The same for whoever has opened it. Raises: SchemaMismatch."""
    if _objects(manifest) and not (isinstance(said, RefusalWords) and said.officer):
        raise SchemaMismatch(why="a legal objection names its officer", field="officer")
    if manifest.type is MessageType.PARTIAL and not (
        isinstance(said, Answer) and said.coverage is not None and said.coverage.missing
    ):
        raise SchemaMismatch(why="a partial answer says what is missing", field="coverage.missing")


def _objects(manifest: Manifest) -> bool:
    outcome = manifest.outcome
    return (
        manifest.type is MessageType.REFUSE
        and outcome is not None
        and outcome.reason == RefusalReason.LEGAL_OBJECTION
    )
