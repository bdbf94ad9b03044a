"""Filters and tags of instants and spans, counted on by script with the server's clock."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from lachan.kernel.time import from_wire, long_ict, short_ict, to_ict, to_wire
from lachan.web.clock import now
from lachan.web.language import lang

register = template.Library()


@register.filter
def moment(value: object) -> SafeString | str:
    """`14:05:10 03/03/2026` (ICT) as a <time>."""
    if not isinstance(value, datetime):
        return "–"
    return format_html('<time datetime="{}">{}</time>', to_wire(value), short_ict(value))


@register.filter
def day(value: object) -> SafeString | str:
    """`ngày 03 tháng 3 năm 2026`, `3 March 2026`."""
    if isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', to_wire(value), long_ict(value, lang()))
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else "–"


@register.filter
def clock(value: object) -> str:
    """`14:05` (ICT)."""
    return f"{to_ict(value):%H:%M}" if isinstance(value, datetime) else "–"


def spoken(seconds: int) -> str:
    """A span in its greatest unit: `4 phút`, `3 giờ`, `2 ngày`."""
    size = abs(seconds)
    if size < 60:  # noqa: PLR2004 - units of time
        return ngettext("%(n)s giây", "%(n)s giây", size) % {"n": size}
    if size < 3600:  # noqa: PLR2004
        return ngettext("%(n)s phút", "%(n)s phút", size // 60) % {"n": size // 60}
    if size < 2 * 86400:
        return ngettext("%(n)s giờ", "%(n)s giờ", size // 3600) % {"n": size // 3600}
    return ngettext("%(n)s ngày", "%(n)s ngày", size // 86400) % {"n": size // 86400}


@register.filter
def countdown(value: object, name: str = "") -> SafeString | str:
    """`còn 4 phút` or `quá 2 phút`, counted on by script with the server's clock."""
    if not isinstance(value, datetime):
        return "–"
    left = int((value - now()).total_seconds())
    pattern = gettext("còn %s") if left >= 0 else gettext("quá hạn %s")
    return format_html(
        '<time datetime="{}" data-countdown="down" data-name="{}">{}</time>',
        to_wire(value),
        name,
        pattern % spoken(left),
    )


@register.filter
def since(value: object) -> SafeString | str:
    """Time since then, counted on by script (the board's T+mm:ss)."""
    if not isinstance(value, datetime):
        return "–"
    gone = max(0, int((now() - value).total_seconds()))
    hours, rest = divmod(gone, 3600)
    text = f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60:02d}:{rest % 60:02d}"  # fmt: skip
    return format_html('<time datetime="{}" data-countdown="up">{}</time>', to_wire(value), text)


@register.filter
def is_late(value: object) -> bool:
    """Whether an instant has passed."""
    return isinstance(value, datetime) and value <= now()


@register.filter
def span(seconds: object) -> str:
    """A duration in words from seconds."""
    return spoken(seconds) if isinstance(seconds, int) else "–"


@register.simple_tag
def wire_now() -> str:
    """The server's time for the countdowns."""
    return to_wire(now())


@register.filter
def wire_moment(text: object) -> SafeString | str:
    """An instant of the wire as a page shows it."""
    return moment(from_wire(text)) if isinstance(text, str) and text else "–"
