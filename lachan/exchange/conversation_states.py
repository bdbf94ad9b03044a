"""In what state a conversation can be, and where each reason of refusal leads. Pure.

Status names are those of ETSI TS 103 120 `LDTaskStatus`.
"""

from __future__ import annotations

from enum import StrEnum

from lachan.kernel.errors import LachanError


class Status(StrEnum):
    AWAITING_APPROVAL = "AwaitingApproval"
    AWAITING_DISCLOSURE = "AwaitingDisclosure"
    DISCLOSED = "Disclosed"
    NOT_AVAILABLE = "DisclosureNotAvailable"
    REJECTED = "Rejected"
    CANCELLED = "Cancelled"
    ERROR = "Error"
    INVALID = "Invalid"


FINAL = frozenset({Status.NOT_AVAILABLE, Status.REJECTED, Status.CANCELLED, Status.INVALID})


class RefusalReason(StrEnum):
    """Why a receiver does not answer; law and protocol fix what each leads to."""

    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    MANDATE_UNKNOWN = "MANDATE_UNKNOWN"
    MANDATE_EXPIRED = "MANDATE_EXPIRED"
    NOT_ADOPTED = "NOT_ADOPTED"
    STAGE_NOT_PERMITTED = "STAGE_NOT_PERMITTED"
    SIGNERS_INSUFFICIENT = "SIGNERS_INSUFFICIENT"
    AMOUNT_OVER_CAP = "AMOUNT_OVER_CAP"
    LEASE_TOO_LONG = "LEASE_TOO_LONG"
    ASKER_NOT_ALLOWED = "ASKER_NOT_ALLOWED"
    TOO_BROAD = "TOO_BROAD"
    PROTECTED_SUBJECT = "PROTECTED_SUBJECT"
    DUPLICATE = "DUPLICATE"
    CONFLICTING_ORDER = "CONFLICTING_ORDER"
    LEGAL_OBJECTION = "LEGAL_OBJECTION"
    TOO_LARGE = "TOO_LARGE"
    DECLINED = "DECLINED"
    NOT_FOUND = "NOT_FOUND"
    NOT_HOLDER = "NOT_HOLDER"
    NOT_HELD = "NOT_HELD"
    RETENTION_PASSED = "RETENTION_PASSED"
    TECHNICAL = "TECHNICAL"

    @property
    def leads_to(self) -> tuple[Status, str]:
        """(status, substate)."""
        return _LEADS.get(self, (Status.REJECTED, _REJECTED.get(self, "auto_scope")))


# What a person at a desk may choose from; the rest is found by the checks.
BY_DESK = (
    RefusalReason.OUT_OF_SCOPE, RefusalReason.LEGAL_OBJECTION, RefusalReason.DECLINED, RefusalReason.NOT_FOUND,
    RefusalReason.NOT_HOLDER, RefusalReason.TOO_BROAD, RefusalReason.RETENTION_PASSED,
)  # fmt: skip
_LEADS = {
    RefusalReason.NOT_FOUND: (Status.NOT_AVAILABLE, "not_found"),
    RefusalReason.NOT_HOLDER: (Status.NOT_AVAILABLE, "not_held"),
    RefusalReason.NOT_HELD: (Status.NOT_AVAILABLE, "not_held"),
    RefusalReason.RETENTION_PASSED: (Status.NOT_AVAILABLE, "retention_passed"),
    RefusalReason.TECHNICAL: (Status.ERROR, "receiver_fault"),
}
_REJECTED = {
    RefusalReason.DECLINED: "by_desk",
    RefusalReason.LEGAL_OBJECTION: "by_desk",
    RefusalReason.TOO_LARGE: "auto_policy",
    RefusalReason.DUPLICATE: "auto_policy",
    RefusalReason.CONFLICTING_ORDER: "auto_policy",
    RefusalReason.PROTECTED_SUBJECT: "auto_policy",
}


def reads_as(error: LachanError) -> tuple[Status, str]:
    """The state in which an invalid message leaves its sender's conversation."""
    return Status.INVALID, error.code.removeprefix("exchange.")
