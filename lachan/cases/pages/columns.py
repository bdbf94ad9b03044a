"""Headings of the tables of cases, and by what each puts its rows in order."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lachan.access.tables import Column
from lachan.cases.views import BoardRow, FlowTransfer, Leg
from lachan.exchange.queries import MessageLine


def of_cases() -> tuple[Column[BoardRow], ...]:
    """The list of cases; the database orders it, by `queries.ORDERS`."""
    return (
        Column("code", _("Vụ việc"), lambda row: row.code, downwards_first=True),
        Column("reported", _("Đã trình báo"), lambda row: row.reported, figures=True),
        Column("held", _("Đã giữ"), lambda row: row.held, figures=True),
        Column("moved_on", _("Đã chuyển đi"), lambda row: row.moved_on, figures=True),
        Column("withdrawn", _("Đã rút"), lambda row: row.withdrawn, figures=True),
        Column("unresolved", _("Chưa rõ"), lambda row: row.unresolved, figures=True),
        Column("taken_by", _("Người giữ vụ")),
        Column("flags", _("Dấu hiệu")),
    )


def of_legs() -> tuple[Column[Leg], ...]:
    """Accounts that the money reached; amounts in đồng."""
    return (
        Column("account", _("Tài khoản"), lambda leg: leg.account),
        Column("institution", _("Nơi mở"), lambda leg: leg.institution_name),
        Column("layer", _("Chặng"), lambda leg: leg.layer),
        Column("state", _("Trạng thái"), lambda leg: leg.state),
        Column("received", _("Tiền đến"), lambda leg: leg.received, figures=True),
        Column("held", _("Đã giữ"), lambda leg: leg.held, figures=True),
        Column("moved_on", _("Đã chuyển đi"), lambda leg: leg.moved_on, figures=True),
        Column("withdrawn", _("Đã rút"), lambda leg: leg.withdrawn, figures=True),
        Column("unresolved", _("Chưa rõ"), lambda leg: leg.unresolved, figures=True),
    )


def of_transfers() -> tuple[Column[FlowTransfer], ...]:
    """Transfers of the flow; amounts in đồng."""
    return (
        Column("at", _("Lúc"), lambda row: row.at),
        Column("from", _("Từ"), lambda row: f"{row.from_institution} {row.from_account}"),
        Column("to", _("Đến"), lambda row: f"{row.to_institution} {row.to_account}"),
        Column("amount", _("Số tiền"), lambda row: row.amount, figures=True),
        Column("tainted", _("Trong đó tiền bị lừa"), lambda row: row.tainted, figures=True),
    )


def of_messages(lang: str) -> tuple[Column[MessageLine], ...]:
    """Requests of a case to members."""
    return (
        Column("title", _("Yêu cầu"), lambda row: getattr(row.title, lang)),
        Column("receiver", _("Gửi tới"), lambda row: row.receiver_name or row.receiver),
        Column("state", _("Trạng thái"), lambda row: row.state),
        Column("sent_at", _("Gửi lúc"), lambda row: row.sent_at, downwards_first=True),
        Column("due_at", _("Hạn"), lambda row: row.due_at),
        Column("answered_at", _("Trả lời lúc"), lambda row: row.answered_at, downwards_first=True),
    )
