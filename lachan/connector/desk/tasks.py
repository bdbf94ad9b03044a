"""Tasks at the desk: what to do in the core, and the word of whoever has done it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from lachan.connector import tasks
from lachan.connector.cores.by_hand import CONVERTED, TAKING
from lachan.connector.desk.acts import DeskRefused
from lachan.connector.desk.people import Person
from lachan.connector.desk.reading import asker, grouped
from lachan.connector.desk.words import task_title
from lachan.connector.member import Member
from lachan.connector.tasks import Task
from lachan.kernel.errors import LachanError
from lachan.kernel.money import Vnd
from lachan.kernel.time import from_wire, short_ict, to_wire

_MAX_REFERENCE = 64  # characters, as on the wire


def confirm(task: Task, member: Member, person: Person, form: Mapping[str, str]) -> None:
    """It was done in the core: the sum, and the core's own reference. The time is this one.

    Raises: DeskRefused naming the field.
    """
    now = member.clock.now()
    if task.state != tasks.OPEN:
        raise DeskRefused(why_vi="Việc này không còn chờ.", why_en="This task no longer waits.")
    if task.over(now):
        raise DeskRefused(
            why_vi="Lệnh đã hết hạn, không thực hiện nữa. Nếu đã làm trong hệ thống lõi, hãy gỡ ra.",
            why_en="The order has ended and is not to be done any more. If it was done in the core, undo it there.",
        )
    amount, reference = _amount(task, form), form.get("core_ref", "").strip()
    if not 1 <= len(reference) <= _MAX_REFERENCE:
        raise DeskRefused(
            why_vi="Ghi mã giao dịch của hệ thống lõi, không quá 64 ký tự.",
            why_en="Enter the core's own reference, at most 64 characters.",
            field="core_ref",
        )
    with member.store.transaction():
        tasks.put(member.store, _confirmed(task, amount, reference, person, now))
        _lower(task, amount, member)
        member.store.note("approval", now, person.login, h=task.h, code=f"by_hand.{task.action}")


def _amount(task: Task, form: Mapping[str, str]) -> int:
    if task.action not in {*TAKING, "release"}:
        return task.amount
    most = task.asked if task.action in TAKING else task.amount
    try:
        amount = Vnd.parse(form.get("amount", "")).dong
    except LachanError as wrong:
        raise DeskRefused(
            why_vi=wrong.message("vi"), why_en=wrong.message("en"), field="amount"
        ) from wrong
    if not 0 <= amount <= most:
        shown = Vnd(most).grouped()
        raise DeskRefused(
            why_vi=f"Số tiền nhiều hơn lệnh. Nhập từ 0 đến {shown} đồng.",
            why_en=f"More than the order says. Enter 0 to {shown} đồng.",
            field="amount",
        )
    return amount


def _confirmed(task: Task, amount: int, reference: str, person: Person, now: datetime) -> Task:
    left = amount if task.action in TAKING else task.left
    if task.action == "release":
        left = task.left + task.amount - amount
    return replace(
        task, amount=amount, left=left, core_ref=reference, by=person.login, at=to_wire(now), state=tasks.DONE
    )  # fmt: skip


def _lower(task: Task, amount: int, member: Member) -> None:
    """What stands on the order that this one followed, or took over."""
    if task.action == "release":
        tasks.lower(member.store, task.of, task.left + task.amount - amount)
    elif task.action == "renew":
        tasks.lower(member.store, task.of, task.left, task.until or None)
    elif task.converts:
        tasks.lower(member.store, task.converts, 0)


def tasks_view(member: Member, lang: str) -> list[dict[str, Any]]:
    """What waits for a hand in the core, releases first."""
    return [task_view(one, member, lang) for one in tasks.open_tasks(member.store)]


def task_view(task: Task, member: Member, lang: str) -> dict[str, Any]:
    """Account, sum and end in the reader's form."""
    now = member.clock.now()
    lapsed = task.message.rpartition(":")[2] if ":" in task.message else ""
    return {
        "message": task.message,
        "title": task_title(task.action, lang),
        "account": task.account,
        "grouped": grouped(task.account),
        "asked": Vnd(task.asked).grouped() if task.asked else "",
        "amount": Vnd(task.amount).grouped(),
        "carved": Vnd(task.carved).grouped() if task.carved else "",
        "sums": task.action in {*TAKING, "release"},
        "until": short_ict(from_wire(task.until)) if task.until else "",
        "case": task.case_ref,
        "asker": asker(task.authority, member.trust.directory, lang) if task.authority else None,
        "text": task.text if task.action == "notice" else "",
        "converts": bool(task.converts),
        "lapsed": bool(lapsed) and lapsed != CONVERTED,
        "state": "over" if task.over(now) else task.state,
        "core_ref": task.core_ref,
        "at": short_ict(from_wire(task.at)) if task.at else "",
        "h": task.h,
    }
