"""What the member did with a message, held against what it had to do. Pure, over what the kit's centre kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lachan.connector.conformance.centre import Offered
from lachan.exchange.conversation_states import RefusalReason, Status
from lachan.exchange.kinds import Auto, MessageKind, MessageType
from lachan.kernel.errors import Text


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"  # it could not be tried here; nothing is claimed


@dataclass(frozen=True, slots=True)
class Result:
    """One case of one kind. `why` says what was seen, or why it was not tried."""

    kind: str
    case: str
    verdict: Verdict
    why: Text
    software: bool = False  # there was a reply within the time


LAWFUL = frozenset(
    {
        RefusalReason.NOT_FOUND, RefusalReason.NOT_HOLDER, RefusalReason.NOT_HELD, RefusalReason.RETENTION_PASSED,
        RefusalReason.DECLINED, RefusalReason.PROTECTED_SUBJECT, RefusalReason.TOO_LARGE,
        RefusalReason.LEGAL_OBJECTION, RefusalReason.CONFLICTING_ORDER, RefusalReason.DUPLICATE, RefusalReason.TOO_BROAD,
    }
)  # fmt: skip

_ANSWERED = Text(vi="đã trả lời", en="answered")
_NO_RECEIPT = Text(vi="không có biên nhận", en="no receipt")


def _refused_as(reason: str) -> Text:
    return Text(vi=f"từ chối: {reason}", en=f"refused: {reason}")


def valid(one: Offered, declared: MessageKind, *, given: bool) -> tuple[Verdict, Text]:  # noqa: PLR0911 - one finding a line
    """A sound ask gets one receipt and one reply of its conversation; people may take longer than the kit waits.

    given: the question is the member's own specimen: where the kind lets software answer alone, it must.
    """
    fault = next((reply.fault for reply in one.replies if reply.fault), "")
    if fault:
        return Verdict.FAILED, Text(
            vi=f"câu trả lời sai: {fault}", en=f"a reply that is wrong: {fault}"
        )
    if not one.receipts:
        return Verdict.FAILED, _NO_RECEIPT
    if len(one.finals) > 1:
        return Verdict.FAILED, Text(vi="trả lời hai lần", en="answered twice")
    if not one.finals:
        if any(reply.type is MessageType.CLARIFY for reply in one.replies):
            return Verdict.PASSED, Text(vi="đã hỏi lại", en="asked back")
        if given and declared.auto is Auto.ALONE:
            return Verdict.FAILED, Text(vi="không trả lời", en="no answer")
        return Verdict.PASSED, Text(vi="đã nhận, chờ người", en="received, waits for a person")
    (final,) = one.finals
    if final.type is MessageType.ANSWER:
        return Verdict.PASSED, _ANSWERED
    outcome = final.envelope.manifest.outcome
    reason = "" if outcome is None else outcome.reason or ""
    if reason not in {lawful.value for lawful in LAWFUL}:
        return Verdict.FAILED, _refused_as(reason or "?")
    if given and declared.auto is Auto.ALONE and reason != RefusalReason.DECLINED:
        return Verdict.FAILED, _refused_as(reason)
    return Verdict.PASSED, _refused_as(reason)


def refused(one: Offered) -> tuple[Verdict, Text]:
    """A message that must not be acted on: never an answer; a receipt only together with a refusal."""
    said = [reply for reply in one.replies if reply.type is not MessageType.REFUSE]
    if said:
        return Verdict.FAILED, Text(
            vi="đã trả lời thay vì từ chối", en=f"{said[0].type} instead of a refusal"
        )
    fault = next((reply.fault for reply in one.replies if reply.fault), "")
    if fault:
        return Verdict.FAILED, Text(
            vi=f"lời từ chối sai: {fault}", en=f"a refusal that is wrong: {fault}"
        )
    if not one.finals:
        if one.receipts:
            return Verdict.FAILED, Text(
                vi="đã nhận mà không từ chối", en="received and not refused"
            )
        return Verdict.PASSED, Text(vi="không nhận", en="not taken")
    outcome = one.finals[0].envelope.manifest.outcome
    if outcome is None or outcome.status not in {Status.INVALID.value, Status.REJECTED.value}:
        status = "?" if outcome is None else outcome.status
        return Verdict.FAILED, Text(vi=f"trạng thái {status}", en=f"status {status}")
    return Verdict.PASSED, _refused_as(outcome.verdict or outcome.reason or outcome.status)


def once(
    before: Offered, receipts: list[str], again: list[str], replies: int
) -> tuple[Verdict, Text]:
    """The same message again: the same receipt, byte for byte, and nothing said a second time."""
    if not receipts or not again:
        return Verdict.FAILED, _NO_RECEIPT
    if len({*receipts, *again}) != 1:
        return Verdict.FAILED, Text(vi="biên nhận khác lần trước", en="another receipt than before")
    if len(before.finals) > max(1, replies):
        return Verdict.FAILED, Text(vi="trả lời hai lần", en="answered twice")
    return Verdict.PASSED, Text(vi="cùng một biên nhận", en="the same receipt")


def silent(one: Offered) -> tuple[Verdict, Text]:
    """Nothing at all may be said to this message yet."""
    if one.receipts:
        return Verdict.FAILED, Text(vi="đã nhận", en="it was taken")
    if one.replies:
        return Verdict.FAILED, Text(vi="đã trả lời", en="it was answered")
    return Verdict.PASSED, Text(vi="không nhận", en="not taken")
