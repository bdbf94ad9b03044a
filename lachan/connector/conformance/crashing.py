"""Killed between the act on an account and the answer, and started again: one answer, about one effect."""

from __future__ import annotations

from lachan.connector.conformance.judging import Verdict, valid
from lachan.connector.conformance.own import OwnProcess
from lachan.connector.conformance.trying import Trial
from lachan.exchange.kinds import all_kinds
from lachan.kernel.errors import Text

CASE = "crash"
_AT = "after_execute"
_KINDS = ("pause", "hold")
_UNTRIED = Text(
    vi="cần câu hỏi mẫu cho một tài khoản thử có tiền",
    en="needs a specimen about a test account with money on it",
)


def try_crash(trial: Trial, own: OwnProcess) -> None:
    """For each order of which the member gave a specimen."""
    for name in _KINDS:
        if name not in trial.ways:
            continue
        if name not in trial.specimens or name not in trial.live:
            trial.tell(name, CASE, (Verdict.SKIPPED, _UNTRIED))
            continue
        _one(trial, own, name)


def _one(trial: Trial, own: OwnProcess, name: str) -> None:
    own.stop()
    own.start(crash_at=_AT)
    made = trial.fresh([name])[name].offered
    died = trial.centre.until(lambda: not own.alive or bool(made.finals), trial.wait)
    own.stop()
    own.start()
    if not died or made.finals:
        trial.tell(name, CASE, (Verdict.SKIPPED, _UNTRIED))
        return
    trial.centre.until(lambda: bool(made.finals), trial.wait)
    verdict, why = valid(made, all_kinds()[name], given=True)
    if not made.finals:
        verdict, why = (
            Verdict.FAILED,
            Text(vi="không trả lời sau khi chạy lại", en="no answer after the restart"),
        )
    trial.tell(name, CASE, (verdict, why))
    trial.centre.withdraw([made])
