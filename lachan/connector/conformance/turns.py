"""Cases about the turns of a conversation: what comes again, out of turn, from another, or without the centre's word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lachan.connector.conformance import judging
from lachan.connector.conformance.centre import Offered, envelope_of, signed_by_nobody, wire
from lachan.connector.conformance.judging import Verdict
from lachan.exchange.envelope import reseal
from lachan.exchange.kinds import all_kinds
from lachan.kernel.errors import Text

if TYPE_CHECKING:
    from lachan.connector.conformance.trying import Live, Trial


def replays(trial: Trial) -> None:
    """After a lost receipt; sealed anew; and another message under the same id."""
    firsts = {name: one for name, one in trial.live.items() if one.offered.receipts}
    before = {
        name: (list(one.offered.receipts), len(one.offered.finals)) for name, one in firsts.items()
    }
    conflicts = {}
    for name, one in firsts.items():
        sealed = reseal(envelope_of(one.offered), one.subject.asker.key(one.subject.way), trial.now)
        one.offered.envelope = wire(sealed)
        one.offered.withdrawn = False
        trial.centre.again(one.offered)
        other = one.subject.ask(id=sealed.manifest.id, emergency=True)
        conflicts[name] = trial.centre.offer(wire(other), other.h)
    trial.settle([one.offered for one in firsts.values()], dict.fromkeys(firsts, False))
    trial.settle([*conflicts.values()], None)
    for name, one in firsts.items():
        receipts, replies = before[name]
        trial.tell(
            name, "replay", judging.once(one.offered, receipts, one.offered.receipts, replies)
        )
        trial.tell(name, "replay_conflict", judging.refused(conflicts[name]))
    trial.centre.withdraw([*conflicts.values(), *(one.offered for one in firsts.values())])


def gaps(trial: Trial) -> None:
    """A cancel whose predecessor never came must not cancel."""
    with_cancel(trial, "gap", seq=3, prev="cd" * 32)


def cancels(trial: Trial) -> None:
    """Another member's cancel does nothing; the asker's own may race the answer, and there is one ending."""
    with_cancel(trial, "forged_cancel", by=trial.centre.world.other)
    for name, one, said in with_cancels(trial):
        trial.settle([said, one.offered], {name: False})
        trial.tell(name, "cancel_race", _race(one.offered, said))
        trial.centre.withdraw([said, one.offered])


def with_cancel(trial: Trial, case: str, **over: Any) -> None:
    for name, one, said in with_cancels(trial, **over):
        trial.settle([one.offered], {name: True})
        verdict = judging.valid(one.offered, all_kinds()[name], given=False)
        if verdict[0] is Verdict.PASSED and not one.offered.finals:
            verdict = (Verdict.FAILED, Text(vi="yêu cầu đã bị hủy", en="the ask was cancelled"))
        trial.tell(name, case, verdict)
        trial.centre.withdraw([said, one.offered])


def with_cancels(trial: Trial, **over: Any) -> Iterator[tuple[str, Live, Offered]]:
    """An ask and its cancel in one poll, kind by kind."""
    for name in trial.answering():
        with trial.centre.together():
            one = trial.fresh([name])[name]
            asker, way = one.subject.asker, one.subject.way
            cancel = asker.cancel(envelope_of(one.offered), way, trial.now, **over)
            said = trial.centre.offer(wire(cancel), cancel.h)
        yield name, one, said


def receipts(trial: Trial) -> None:
    """Without the centre's own receipt there is no message."""
    stranger = signed_by_nobody()
    fresh = trial.fresh(list(trial.live), key=stranger)
    trial.settle([one.offered for one in fresh.values()], None)
    for name, one in fresh.items():
        trial.tell(name, "forged_receipt", judging.silent(one.offered))
    trial.centre.withdraw([one.offered for one in fresh.values()])


def _race(ask: Offered, cancel: Offered) -> tuple[Verdict, Text]:
    """Both were received; the ask has at most one ending."""
    if not ask.receipts or not cancel.receipts:
        return Verdict.FAILED, Text(vi="không có biên nhận", en="no receipt")
    if len(ask.finals) > 1:
        return Verdict.FAILED, Text(vi="kết thúc hai lần", en="ended twice")
    fault = next((one.fault for one in (*ask.replies, *cancel.replies) if one.fault), "")
    if fault:
        return Verdict.FAILED, Text(vi=fault, en=fault)
    ended = Text(vi="đã trả lời trước", en="answered first")
    return Verdict.PASSED, ended if ask.finals else Text(vi="đã hủy", en="cancelled")


CASES = (replays, gaps, cancels, receipts)
