"""Filters and tags of money and shares."""

from __future__ import annotations

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from lachan.kernel.errors import LachanError
from lachan.kernel.money import Vnd
from lachan.web.language import lang

register = template.Library()


def dong(value: object) -> int | None:
    """Whole đồng of a number or a Vnd; None for nothing."""
    if isinstance(value, Vnd):
        return value.dong
    return value if isinstance(value, int) and not isinstance(value, bool) else None


@register.filter
def vnd(value: object) -> str:
    """`1.200.000.000 ₫`, exact, with a no-break space; a dash for what is not known."""
    sum_ = dong(value)
    return "–" if sum_ is None else f"{Vnd(sum_).grouped(lang())}\u00a0₫"


@register.filter
def vnd_words(value: object) -> str:
    """`Một tỷ hai trăm triệu đồng`."""
    sum_ = dong(value)
    if sum_ is None:
        return ""
    words = Vnd(sum_).words(lang())
    return words[:1].upper() + words[1:]


@register.filter
def typed_words(value: object) -> str:
    """What somebody typed as an amount, in words; empty while it cannot be read."""
    try:
        return vnd_words(Vnd.parse(str(value or ""), lang()))
    except LachanError:
        return ""


@register.filter
def digits(value: object) -> str:
    """Digits grouped for a form field, without the sign."""
    sum_ = dong(value)
    return "" if sum_ is None else Vnd(sum_).grouped(lang())


@register.filter
def percent(basis_points: object) -> str:
    """`1,61 %` from 161 basis points, by whole numbers."""
    if not isinstance(basis_points, int):
        return "–"
    mark = "." if lang() == "en" else ","
    return f"{basis_points // 100}{mark}{basis_points % 100:02d}\u00a0%"


@register.simple_tag
def bar_parts(sums: object) -> SafeString:
    """The four parts of a stacked bar 1000 units wide: sizes are attributes, never styles."""
    total = dong(getattr(sums, "reported", 0)) or 0
    parts: list[tuple[int, int, str]] = []
    at = 0
    for name, kind in (("held", "held"), ("moved_on", "moved"), ("withdrawn", "gone"), ("unresolved", "open")):  # fmt: skip
        width = (dong(getattr(sums, name, 0)) or 0) * 1000 // total if total else 0
        parts.append((at, width, kind))
        at += width
    return format_html_join("", '<rect x="{}" y="0" width="{}" height="10" class="{}"/>', parts)
