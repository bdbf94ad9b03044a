"""What other contexts may know of a case: its standing at this instant, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Sum

from lachan.cases.models import AskRecord, CaseRecord, CaseTransfer, LegRecord
from lachan.cases.rules.procedure import Procedure, stage

_SELF = "a case tells another context how it stands"


@dataclass(frozen=True, slots=True)
class Account:
    """One account that the case's money reached. Amounts in đồng under the case's method."""

    account: str
    institution: str
    layer: int
    kind: str
    taint: int
    taint_min: int
    taint_max: int
    taint_all: int
    cases: int
    kappa_percent: int
    holdable: int | None
    bands: Mapping[str, bool]
    answered: bool
    proof: str
    credit: Mapping[str, Any]
    left_out: str
    holder: str
    methods_elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An institution that has not answered yet."""

    member: str
    kind: str
    conversation: str
    due_at: datetime | None
    late: bool
    level: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as a plan needs it. never_past: the statutory date of its earliest undecided report."""

    code: str
    member: str
    unit: str
    method: str
    procedure: str
    stage: str
    losses: int
    reported: int
    returned: int
    never_past: datetime | None
    accounts: tuple[Account, ...]
    unanswered: tuple[Unanswered, ...]
    abuse: str


def standing_of(case: CaseRecord) -> Standing:
    """Read the case as it stands. losses: verified ones; reported: all that was told."""
    legs = list(
        LegRecord.objects.unscoped(reason=_SELF).filter(case=case).order_by("layer", "account")
    )
    names = [leg.account for leg in legs]
    shared = {
        row["account"]: row
        for row in LegRecord.objects.unscoped(reason=_SELF)
        .filter(account__in=names, taint__gt=0)
        .exclude(case__procedure="CLOSED")
        .values("account")
        .annotate(taint_all=Sum("taint"), n=Count("case", distinct=True))
    }
    others: dict[str, set[str]] = {}
    rows = LegRecord.objects.unscoped(reason=_SELF).filter(account__in=names, taint__gt=0)
    for account, method in rows.exclude(case=case).values_list("account", "case__method"):
        others.setdefault(account, set()).add(method)
    losses = (
        CaseTransfer.objects.unscoped(reason=_SELF)
        .filter(case=case, confirmed="SETTLED")
        .aggregate(total=Sum("amount"))["total"]
    )
    return Standing(
        code=case.code,
        member=case.member,
        unit=case.unit,
        method=case.method,
        procedure=case.procedure,
        stage=stage(Procedure(case.procedure)),
        losses=losses or 0,
        reported=case.reported,
        returned=case.returned,
        never_past=case.verify_ends_at
        if case.procedure in {"NEW", "VERIFYING", "REOPENED"}
        else None,
        accounts=tuple(_account(leg, shared.get(leg.account), others) for leg in legs),
        unanswered=tuple(
            Unanswered(
                ask.receiver, ask.kind, str(ask.conversation), ask.due_at, ask.late, ask.level
            )
            for ask in AskRecord.objects.unscoped(reason=_SELF)
            .filter(case=case, state="WAITING")
            .order_by("due_at", "id")
        ),
        abuse=case.abuse,
    )


def _account(
    leg: LegRecord, shared: Mapping[str, Any] | None, others: Mapping[str, set[str]]
) -> Account:
    return Account(
        account=leg.account,
        institution=leg.institution,
        layer=leg.layer,
        kind=leg.kind,
        taint=leg.taint,
        taint_min=leg.taint_min,
        taint_max=leg.taint_max,
        taint_all=leg.taint if shared is None else int(shared["taint_all"]),
        cases=1 if shared is None else max(1, int(shared["n"])),
        kappa_percent=leg.kappa_percent,
        holdable=leg.holdable,
        bands=dict(leg.bands),
        answered=leg.answered,
        proof=leg.answer_h,
        credit=dict(leg.credit),
        left_out=leg.left_out,
        holder=leg.holder,
        methods_elsewhere=tuple(sorted(others.get(leg.account, ()))),
    )
