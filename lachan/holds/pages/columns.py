"""Headings of the tables of sheets and reviews, and by what each puts its rows in order."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lachan.access.tables import Column, ordering
from lachan.holds.forecast import Colour
from lachan.holds.views import ReviewLine, SheetLine


def of_sheets() -> tuple[Column[SheetLine], ...]:
    """Sheets that wait for a signature; amounts in đồng."""
    return (
        ordering("kind", _("Phiếu"), lambda one: one.kind, words="kind"),
        ordering("case", _("Vụ việc"), lambda one: one.case_code),
        ordering("amount", _("Số tiền"), lambda one: one.amount, figures=True),
        Column(
            "signatures",
            _("Chữ ký"),
            lambda one: f"{one.signatures}/{one.required}",
            lambda one: one.required - one.signatures,
        ),
        Column("colour", _("Phương án"), lambda one: one.colour, _harm, words="state"),
        ordering("due_at", _("Hạn"), lambda one: one.due_at),
        ordering("by", _("Người lập"), lambda one: one.by),
    )


_HARM = (Colour.GREEN, Colour.AMBER, Colour.RED)


def _harm(one: SheetLine) -> int | None:
    return _HARM.index(Colour(one.colour)) if one.colour else None


def of_reviews() -> tuple[Column[ReviewLine], ...]:
    """Requests for review; amounts in đồng."""
    return (
        ordering("filed_at", _("Nộp lúc"), lambda one: one.filed_at),
        ordering("case", _("Vụ việc"), lambda one: one.case_code),
        ordering(
            "institution", _("Nơi giữ tiền"), lambda one: f"{one.institution_name} {one.account}"
        ),
        ordering("amount", _("Số tiền"), lambda one: one.amount, figures=True),
        ordering("identified", _("Đã xác định người"), lambda one: int(one.identified)),
        ordering("state", _("Trạng thái"), lambda one: one.state, words="state"),
        ordering("due_at", _("Hạn"), lambda one: one.due_at),
    )
