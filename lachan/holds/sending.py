"""How orders reach the exchange: drafts for people to sign, and what the agency sends in nobody's hands.

A notice to the holder and a release by silence must not wait until somebody is at the keyboard; the
member's own service key signs them, and nothing else (exchange §5: they only help the holder).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lachan.access.purposes import Purpose
from lachan.exchange import services as exchange
from lachan.exchange.approvals import Act
from lachan.exchange.kinds import Priority, Question
from lachan.holds.errors import NoMandate
from lachan.kernel.time import FixedClock
from lachan.members import services as members
from lachan.members.roles import KeyUse, Role

SERVICE = "service"


def draft_order(
    *,
    asker: str,
    kind: str,
    question: Question,
    receiver: str,
    stage: str,
    case: str,
    sheet_hash: str,
    now: datetime,
    amount: int | None = None,
    until: datetime | None = None,
    in_reply_to: str | None = None,
    codes: tuple[str, ...] = (),
    priority: Priority = Priority.P0,
    purpose: Purpose = Purpose.GLD,
    subjects: int = 1,
) -> exchange.DraftView:
    """A message for people to sign, under the first adopted rows, or under `codes` when these are settled.

    Raises: NoMandate when no row that is verified or adopted carries it.
    """
    if not codes:
        rows = exchange.usable_rows(
            kind, asker=asker, stage=stage, priority=priority, purpose=purpose, now=now
        )
        if rows is None:
            raise NoMandate(kind=kind)
        codes = tuple(row.code for row in rows)
    letter = exchange.Letter(
        asker=asker,
        kind_name=kind,
        body=question,
        receiver=receiver,
        mandates=[
            exchange.MandateUse(code, stage, subjects=subjects, cap_vnd=amount, lease_until=until)
            for code in codes
        ],
        purpose=purpose,
        priority=priority,
        case_ref=case,
        sheet_hash=sheet_hash,
        in_reply_to=in_reply_to,
    )
    return exchange.draft(letter, now=now)


def follow_by_service(
    *, asker: str, kind: str, question: Question, receiver: str, stage: str, case: str, order_h: str,
    codes: tuple[str, ...], now: datetime,
) -> exchange.DraftView:  # fmt: skip
    """Send a notice or a release that follows an order, signed by the agency's service key."""
    letter = exchange.Letter(
        asker=asker,
        kind_name=kind,
        body=question,
        receiver=receiver,
        mandates=[exchange.MandateUse(code, stage) for code in codes],
        purpose=Purpose.GLD,
        priority=Priority.P0 if kind == "release" else Priority.P1,
        case_ref=case,
        in_reply_to=order_h,
    )
    key = members.member_private_key(asker, KeyUse.SIGN, clock=FixedClock(now))
    return exchange.post(letter, exchange.Signer(key, SERVICE, Role.DUTY_OFFICER, SERVICE), now=now)


def sign(draft: UUID, key: members.UnlockedKey, *, officer: UUID, role: Role, unit: str, first: bool, sheet_hash: str, at: datetime) -> None:  # fmt: skip
    """One person's signature over one order of a sheet."""
    exchange.approve(
        draft,
        key.for_sheet(sheet_hash),
        officer=officer,
        role=role.value,
        unit=unit,
        act=Act.DRAFTED if first else Act.APPROVED,
        at=at,
    )
