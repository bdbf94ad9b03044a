"""Headings of the tables of cases, and by what each puts its rows in order."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lachan.access.pages import language
from lachan.access.tables import Column, Table, arranged, ordering
from lachan.cases.views import BoardRow, FlowTransfer, Leg
from lachan.exchange.forms.declared import Field, declared_fields
from lachan.exchange.forms.tables import shown_cell, value_at
from lachan.exchange.kinds import Row
from lachan.exchange.lines import Lines
from lachan.exchange.queries import MessageLine


def of_cases() -> tuple[Column[BoardRow], ...]:
    """The list of cases; the database orders it, by `queries.ORDERS`."""
    return (
        ordering("code", _("Vụ việc"), lambda row: row.code, downwards_first=True),
        ordering("reported", _("Đã trình báo"), lambda row: row.reported, figures=True),
        ordering("held", _("Đã giữ"), lambda row: row.held, figures=True),
        ordering("moved_on", _("Đã chuyển đi"), lambda row: row.moved_on, figures=True),
        ordering("withdrawn", _("Đã rút"), lambda row: row.withdrawn, figures=True),
        ordering("unresolved", _("Chưa rõ"), lambda row: row.unresolved, figures=True),
        Column("taken_by", _("Người giữ vụ"), lambda row: row.taken_by),
        Column("flags", _("Dấu hiệu"), lambda row: row.flags, words="flag"),
    )


def of_legs() -> tuple[Column[Leg], ...]:
    """Accounts that the money reached; amounts in đồng."""
    return (
        ordering("account", _("Tài khoản"), lambda leg: leg.account),
        ordering("institution", _("Nơi mở"), lambda leg: leg.institution_name),
        ordering("layer", _("Chặng"), lambda leg: leg.layer),
        ordering("state", _("Trạng thái"), lambda leg: leg.state, words="state"),
        ordering("received", _("Tiền đến"), lambda leg: leg.received, figures=True),
        ordering("held", _("Đã giữ"), lambda leg: leg.held, figures=True),
        ordering("moved_on", _("Đã chuyển đi"), lambda leg: leg.moved_on, figures=True),
        ordering("withdrawn", _("Đã rút"), lambda leg: leg.withdrawn, figures=True),
        ordering("unresolved", _("Chưa rõ"), lambda leg: leg.unresolved, figures=True),
    )


def of_transfers() -> tuple[Column[FlowTransfer], ...]:
    """Transfers of the flow; amounts in đồng."""
    return (
        ordering("at", _("Lúc"), lambda row: row.at),
        ordering("from", _("Từ"), lambda row: f"{row.from_institution} {row.from_account}"),
        ordering("to", _("Đến"), lambda row: f"{row.to_institution} {row.to_account}"),
        ordering("amount", _("Số tiền"), lambda row: row.amount, figures=True),
        ordering("tainted", _("Trong đó tiền bị lừa"), lambda row: row.tainted, figures=True),
    )


def of_messages(lang: str) -> tuple[Column[MessageLine], ...]:
    """Requests of a case to members."""
    return (
        ordering("title", _("Yêu cầu"), lambda row: getattr(row.title, lang)),
        ordering("receiver", _("Gửi tới"), lambda row: row.receiver_name or row.receiver),
        ordering("state", _("Trạng thái"), lambda row: row.state, words="state"),
        ordering("sent_at", _("Gửi lúc"), lambda row: row.sent_at, downwards_first=True),
        ordering("due_at", _("Hạn"), lambda row: row.due_at),
        ordering(
            "answered_at", _("Trả lời lúc"), lambda row: row.answered_at, downwards_first=True
        ),
    )


def lines_table(beside: Lines, sort: str) -> Table[Row]:
    """The lines beside an answer by their declared form; sums and numbers are put in order as such."""
    heads = [_of_line(one, language()) for one in declared_fields(beside.form)]
    return arranged(beside.rows, heads, sort)


def _of_line(one: Field, lang: str) -> Column[Row]:
    figures = one.inner in {"money", "signed", "number"}

    def value(row: Row) -> str | int | None:
        found = value_at(row, one.path)
        return found if figures or found is None else shown_cell(row, one, lang)

    def by(row: Row) -> str | int | None:
        found = value_at(row, one.path)
        return found if isinstance(found, int) else None if found is None else str(found)

    return Column(one.form.name, one.form.label.in_(lang), value, by, figures)
