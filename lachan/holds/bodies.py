"""The body of a sheet: exactly what signers see, as canonical values. Its hash stands in every order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lachan.cases.standing import Standing
from lachan.holds import forecast as rules
from lachan.holds.errors import (
    InstrumentLive,
    MethodMismatch,
    NeverBlock,
    NotPlannable,
    NotVerified,
    StopRule,
)
from lachan.holds.planning import Plan, Row, live_on
from lachan.holds.rules.amounts import FIRST_LEASE, check_amount, check_expiry
from lachan.kernel.time import to_wire

Body = dict[str, Any]
STOP_WORDS = {
    "innocent_share": (
        "dự kiến hơn 5 % số tiền là của người không liên quan",
        "more than 5 % of the money is expected to be bystanders'",
    ),
    "case_holds": ("vụ việc vượt 200 yêu cầu giữ tiền", "the case passes 200 holds"),
    "day_holders": (
        "cơ quan vượt số chủ tài khoản được giữ tiền trong 24 giờ",
        "the agency passes its number of holders in 24 hours",
    ),
    "overturned_share": (
        "từ 3 % số tiền giữ trong 7 ngày qua bị hủy khi xem xét lại",
        "3 % or more of the money held in 7 days was overturned on review",
    ),
}


def check_chosen(standing: Standing, plan: Plan, chosen: tuple[str, ...], *, now: datetime) -> None:
    """Every chosen account may be held, by name of rule when it may not.

    Raises: NotVerified, NeverBlock, InstrumentLive, MethodMismatch, NotPlannable, and the amounts' errors.
    """
    if standing.losses == 0:
        raise NotVerified
    live = live_on(standing.code, now)
    for account in chosen:
        masked = f"···{account[-4:]}"
        row = plan.row(account)
        if row is None:
            raise NotPlannable(field="account", account=masked, why="ngoài truy vết")
        if row.why_out == "never_block":
            raise NeverBlock(field="account", account=masked)
        if row.why_out == "held" or any(one.kind == "hold" for one in live.get(account, [])):
            raise InstrumentLive(field="account", account=masked)
        other = [one for one in row.account.methods_elsewhere if one != standing.method]
        if other:
            raise MethodMismatch(field="method", other=", ".join(other))
        if row.why_out in {"low_value", "no_balance", "no_loss_left", "other_cases"}:
            check_amount(max(1, row.amount), row.limits)
        if row.why_out:
            raise NotPlannable(field="account", account=masked, why=row.why_out)
        check_amount(row.amount, row.limits)


def ensure_not_stopped(outlook: rules.Forecast) -> None:
    """RED is never signed. Raises: StopRule with its sentence."""
    if outlook.colour is rules.Colour.RED:
        words = [STOP_WORDS[one] for one in outlook.stop]
        raise StopRule(
            why="; ".join(one for one, _ in words), why_en="; ".join(one for _, one in words)
        )


def end_of_lease(standing: Standing, now: datetime) -> datetime:
    """72 h, never past the statutory date of the case's earliest undecided report."""
    latest = now + FIRST_LEASE
    if standing.never_past is not None:
        latest = min(latest, standing.never_past)
    return check_expiry(latest, now=now, never_past=standing.never_past)


def hold_body(standing: Standing, plan: Plan, *, expires_at: datetime, codes: list[str]) -> Body:
    """The sheet of a plan's holds. Live matters (who has not answered yet) stand beside it, not in it."""
    rows = [row for row in plan.rows if not row.why_out]
    outlook = plan.forecast
    return {
        "kind": "hold",
        "case": standing.code,
        "agency": standing.member,
        "method": standing.method,
        "stage": standing.stage,
        "mandates": sorted(codes),
        "colour": str(outlook.colour),
        "amount": outlook.amount,
        "innocent": outlook.innocent,
        "forecast": rules.VERSION,
        "calibrated": rules.CALIBRATED,
        "expires_at": to_wire(expires_at),
        "orders": [_order(row) for row in rows],
        "left_out": [
            {"account": row.account.account, "why": row.why_out, "reason": row.account.left_out}
            for row in plan.rows
            if row.why_out and row.account.taint
        ],
    }


def _order(row: Row) -> Body:
    verdict, account = row.verdict, row.account
    return {
        "account": account.account,
        "institution": account.institution,
        "layer": account.layer,
        "amount": row.amount,
        "taint": account.taint,
        "taint_min": account.taint_min,
        "taint_max": account.taint_max,
        "kappa_percent": account.kappa_percent,
        "w": 0 if verdict is None else verdict.w,
        "innocent": 0 if verdict is None else verdict.innocent,
        "decision": "keep" if verdict is None else verdict.decision,
        "reasons": [] if verdict is None else list(verdict.reasons),
        "merchant": account.bands.get("merchant") is True,
        "proof": account.proof,
    }


def changes(before: Body, after: Body) -> list[str]:
    """What differs between two bodies, as `account: field a -> b` with the account's last digits."""
    said = [
        f"{name}: {before.get(name)} → {after.get(name)}"
        for name in ("method", "colour", "amount", "innocent", "expires_at")
        if before.get(name) != after.get(name)
    ]
    old = {one["account"]: one for one in before.get("orders", [])}
    new = {one["account"]: one for one in after.get("orders", [])}
    for account in sorted(old.keys() | new.keys()):
        label = f"···{account[-4:]}"
        if account not in new:
            said.append(f"{label}: −")
        elif account not in old:
            said.append(f"{label}: +")
        else:
            said += [
                f"{label} {name}: {old[account][name]} → {new[account][name]}"
                for name in ("amount", "taint", "taint_min", "taint_max", "w", "kappa_percent")
                if old[account][name] != new[account][name]
            ]
    return said
