"""Two independent axes, so that money never waits for procedure. Pure."""

from __future__ import annotations

from enum import StrEnum

from lachan.cases.errors import CaseStateForbids, CaseStillBound


class Procedure(StrEnum):
    """Where the case stands in law."""

    NEW = "NEW"
    VERIFYING = "VERIFYING"
    PROSECUTED = "PROSECUTED"
    TRANSFERRED = "TRANSFERRED"
    TRIAL = "TRIAL"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


class Money(StrEnum):
    """Where its money stands."""

    TRACING = "TRACING"
    CONTAINED = "CONTAINED"
    RETURNING = "RETURNING"
    DONE = "DONE"


_NEXT: dict[Procedure, tuple[Procedure, ...]] = {
    Procedure.NEW: (Procedure.VERIFYING, Procedure.CLOSED),
    Procedure.VERIFYING: (Procedure.PROSECUTED, Procedure.CLOSED),
    Procedure.PROSECUTED: (Procedure.TRANSFERRED, Procedure.CLOSED),
    Procedure.TRANSFERRED: (Procedure.TRIAL, Procedure.PROSECUTED, Procedure.CLOSED),
    Procedure.TRIAL: (Procedure.CLOSED,),
    Procedure.CLOSED: (Procedure.REOPENED,),
    Procedure.REOPENED: (Procedure.VERIFYING,),
}
# The stages of the mandate catalogue (exchange §5); before a decision the only ground is the report.
_STAGES = {
    Procedure.NEW: "report",
    Procedure.VERIFYING: "verify",
    Procedure.REOPENED: "verify",
    Procedure.PROSECUTED: "investigate",
    Procedure.TRANSFERRED: "investigate",
    Procedure.TRIAL: "trial",
}


def stage(procedure: Procedure) -> str:
    """The catalogue's word for it."""
    return _STAGES.get(procedure, "none")


def move(
    state: Procedure, to: Procedure, *, live_holds: int = 0, open_reviews: int = 0
) -> Procedure:
    """The next state. Raises: CaseStateForbids (names the possible ones), CaseStillBound."""
    allowed = _NEXT[state]
    if to not in allowed:
        raise CaseStateForbids(state=state, command=to, allowed=", ".join(allowed))
    if to is Procedure.CLOSED and live_holds:
        raise CaseStillBound(
            what=f"{live_holds} yêu cầu giữ tiền có hiệu lực", what_en=f"{live_holds} live holds"
        )
    if to is Procedure.CLOSED and open_reviews:
        raise CaseStillBound(
            what=f"{open_reviews} đề nghị xem xét lại", what_en=f"{open_reviews} open reviews"
        )
    return to


def money_state(
    *, outstanding: int, held: int, unresolved: int, returned: int, reported: int
) -> Money:
    """The money axis from the figures. outstanding: asks without an answer."""
    if reported and returned >= reported:
        return Money.DONE
    if returned:
        return Money.RETURNING
    if outstanding or (unresolved and not held):
        return Money.TRACING
    return Money.CONTAINED
