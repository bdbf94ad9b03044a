"""Requests about the fraudster's number, domain and page, laid before two signers as any order is.

The subject is an indicator of the case; the receiver follows from it: the operator of a number, a
registrar, a platform.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lachan.access.actors import Actor
from lachan.cases.errors import NothingToAsk
from lachan.cases.models import CaseRecord, IndicatorRecord
from lachan.exchange.kinds import Question
from lachan.exchange.messages import identify_domain_holder, identify_subscriber, take_down
from lachan.kernel.time import to_wire
from lachan.members import services as members
from lachan.members.roles import MemberKind

KINDS = ("identify_subscriber", "identify_domain_holder", "take_down")
_LOCK = timedelta(days=7)
_SUBJECTS = {
    "identify_subscriber": ("PHONE",),
    "identify_domain_holder": ("DOMAIN", "URL"),
    "take_down": ("URL", "HANDLE"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """A question ready to be signed."""

    kind: str
    receiver: str
    subject: str
    question: Question


def ask(
    *, case: CaseRecord, kind: str, actor: Actor, now: datetime, value: str = ""
) -> tuple[Request, ...]:
    """The requests of a kind that the case's indicators give; one per subject and receiver.

    value: only that indicator. Raises: NothingToAsk.
    """
    rows = IndicatorRecord.objects.visible_to(actor).filter(
        case=case, kind__in=_SUBJECTS.get(kind, ())
    )
    if value:
        rows = rows.filter(value=value)
    made = [
        one for row in rows.order_by("id") for one in _one(case, kind, row.kind, row.value, now)
    ]
    if not made:
        raise NothingToAsk(field="kind", kind=kind)
    return tuple(made)


def possible(case: CaseRecord) -> tuple[str, ...]:
    """Kinds for which the case has a subject."""
    kinds = set(
        IndicatorRecord.objects.unscoped(reason="the case's own")
        .filter(case=case)
        .values_list("kind", flat=True)
    )
    return tuple(kind for kind in KINDS if kinds & set(_SUBJECTS[kind]))


def _one(
    case: CaseRecord, kind: str, indicator: str, value: str, now: datetime
) -> Sequence[Request]:
    if kind == "identify_subscriber":
        operator = members.member_of_number(value)
        question: Question = identify_subscriber.Ask(number=value)
        receivers = [] if operator is None else [operator]
    elif kind == "identify_domain_holder":
        domain = value.rsplit("//", maxsplit=1)[-1].split("/", maxsplit=1)[0].lower()
        question = identify_domain_holder.Ask(domain=domain)
        receivers = members.members_of_kind(MemberKind.REGISTRAR)
    else:
        url = value if value.startswith("http") else f"https://{value}"
        question = take_down.Ask(
            target=take_down.Target.URL if indicator == "URL" else take_down.Target.ACCOUNT,
            urls=[url],
            fraud_type=case.scam_type or "UNKNOWN",
            evidence=f"Vụ việc {case.code}: trang hoặc tài khoản dùng để lừa đảo theo tin báo.",
            until=to_wire(now + _LOCK),
        )
        receivers = members.members_of_kind(MemberKind.PLATFORM, MemberKind.HOSTING)
    return [Request(kind, members.desk_address(one, kind), value, question) for one in receivers]
