"""The check of the mandates as a person reads it: each provision with its title, passed steps in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lachan.exchange.mandate_rows import MandateRow
from lachan.exchange.mandates import Catalogue
from lachan.kernel.errors import Text

# step of exchange.mandates → (what was looked at, said as passed; what would be right)
STEPS = {
    "known": (
        Text(vi="có trong danh mục căn cứ", en="listed in the catalogue"),
        Text(vi="một căn cứ có trong danh mục", en="a provision that the catalogue lists"),
    ),
    "in_force": (
        Text(vi="đang có hiệu lực", en="in force"),
        Text(vi="một căn cứ đang có hiệu lực", en="a provision that is in force"),
    ),
    "adopted": (
        Text(vi="đã được chấp nhận dùng", en="adopted for use"),
        Text(vi="một căn cứ đã được chấp nhận dùng", en="a provision that has been adopted"),
    ),
    "kind": (
        Text(vi="cho phép loại yêu cầu và mục đích này", en="admits this kind and purpose"),
        Text(
            vi="loại yêu cầu và mục đích mà căn cứ cho phép",
            en="a kind and purpose that the provision admits",
        ),
    ),
    "stage": (
        Text(vi="đúng giai đoạn giải quyết", en="right stage of the case"),
        Text(vi="giai đoạn mà căn cứ cho phép", en="a stage that the provision admits"),
    ),
    "asker": (
        Text(vi="bên hỏi có thẩm quyền", en="the asker is competent"),
        Text(vi="cơ quan mà căn cứ nêu", en="an agency that the provision names"),
    ),
    "answerer": (
        Text(vi="đúng bên phải trả lời", en="the right party to answer"),
        Text(vi="loại đơn vị mà căn cứ nêu", en="a kind of member that the provision names"),
    ),
    "signers": (
        Text(vi="đủ chữ ký", en="all signatures are there"),
        Text(vi="đủ người ký theo căn cứ", en="every signer that the provision asks for"),
    ),
    "document": (
        Text(vi="có văn bản kèm theo khi cần", en="the document is there where needed"),
        Text(vi="kèm văn bản mà căn cứ đòi hỏi", en="the document that the provision needs"),
    ),
    "cap": (
        Text(vi="số tiền không vượt mức", en="the sum is within its bound"),
        Text(vi="số tiền trong mức của căn cứ", en="a sum within the bound of the provision"),
    ),
    "lease": (
        Text(vi="thời hạn không quá mức", en="the term is within its bound"),
        Text(vi="thời hạn trong mức của căn cứ", en="a term within the bound of the provision"),
    ),
    "subjects": (
        Text(vi="không hỏi quá nhiều đối tượng", en="not too many subjects"),
        Text(vi="ít đối tượng hơn", en="fewer subjects"),
    ),
    "never_block": (
        Text(vi="không nhằm đối tượng được bảo vệ", en="no protected subject"),
        Text(
            vi="đối tượng không thuộc danh sách được bảo vệ",
            en="a subject that is not on the list of protected ones",
        ),
    ),
}
_FOLLOWS = Text(vi="Theo đúng lệnh trước đó", en="Follows its order")
_MESSAGE = Text(vi="Kiểm tra chung của văn bản", en="General check of the message")


def check_view(
    lines: Sequence[Mapping[str, Any]], catalogue: Catalogue | None, lang: str
) -> list[dict[str, Any]]:
    """One entry a provision: title, article, passed steps in words, and the failed one with what is right."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        grouped.setdefault(str(line["mandate"]), []).append(line)
    return [_provision(code, found, catalogue, lang) for code, found in grouped.items()]


def _provision(
    code: str, lines: Sequence[Mapping[str, Any]], catalogue: Catalogue | None, lang: str
) -> dict[str, Any]:
    row = None if catalogue is None else _row(code, catalogue)
    failed = next((line for line in lines if not line["ok"]), None)
    if row is not None:
        title = row.title_en if lang == "en" else row.title_vi
    elif code == "-":
        title = (_MESSAGE if failed is not None else _FOLLOWS).in_(lang)
    else:
        title = code
    return {
        "code": "" if code == "-" else code,
        "title": title,
        "article": "" if row is None else f"{row.instrument}, {row.article}",
        "passed": [step_words(str(line["step"]), lang) for line in lines if line["ok"]],
        "failed": None if failed is None else _failed(failed, lang),
    }


def _row(code: str, catalogue: Catalogue) -> MandateRow | None:
    found = [row for row in catalogue.rows if row.code == code]
    return max(found, key=lambda row: row.version) if found else None


def _failed(line: Mapping[str, Any], lang: str) -> dict[str, str]:
    why = line.get("why")
    step = str(line["step"])
    right = STEPS[step][1].in_(lang) if step in STEPS else ""
    said = "" if not why else str(why[1] if lang == "en" else why[0])
    return {"step": step_words(step, lang), "said": said, "right": right}


def step_words(step: str, lang: str) -> str:
    """A step in words; a code of an error stays what it is, its sentence stands beside it."""
    return STEPS[step][0].in_(lang) if step in STEPS else step
