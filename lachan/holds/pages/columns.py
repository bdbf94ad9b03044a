"""Headings of the tables of sheets and reviews, and by what each puts its rows in order."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lachan.access.tables import Column
from lachan.holds.forecast import Colour
from lachan.holds.views import ReviewLine, SheetLine


def of_sheets() -> tuple[Column[SheetLine], ...]:
    """Sheets that wait for a signature; amounts in đồng."""
    return (
        Column("kind", _("Phiếu"), lambda one: one.kind),
        Column("case", _("Vụ việc"), lambda one: one.case_code),
        Column("amount", _("Số tiền"), lambda one: one.amount, figures=True),
        Column("signatures", _("Chữ ký"), lambda one: one.required - one.signatures),
        Column(
            "colour",
            _("Phương án"),
            lambda one: _HARM.get(Colour(one.colour)) if one.colour else None,
        ),
        Column("due_at", _("Hạn"), lambda one: one.due_at),
        Column("by", _("Người lập"), lambda one: one.by),
    )


_HARM = {Colour.GREEN: 0, Colour.AMBER: 1, Colour.RED: 2}


def of_reviews() -> tuple[Column[ReviewLine], ...]:
    """Requests for review; amounts in đồng."""
    return (
        Column("filed_at", _("Nộp lúc"), lambda one: one.filed_at),
        Column("case", _("Vụ việc"), lambda one: one.case_code),
        Column(
            "institution", _("Nơi giữ tiền"), lambda one: f"{one.institution_name} {one.account}"
        ),
        Column("amount", _("Số tiền"), lambda one: one.amount, figures=True),
        Column("identified", _("Đã xác định người"), lambda one: int(one.identified)),
        Column("state", _("Trạng thái"), lambda one: one.state),
        Column("due_at", _("Hạn"), lambda one: one.due_at),
    )
