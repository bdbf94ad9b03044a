"""Filters and tags of the templates: money, instants, words of codes, files with hashed names.

They are built-ins of the template engine (settings.TEMPLATES), so no template loads them.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django import template
from django.conf import settings
from django.templatetags import i18n
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from lachan.exchange.forms import Shown
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.money import Vnd
from lachan.kernel.time import from_wire, long_ict, short_ict, to_ict, to_wire
from lachan.web.clock import now
from lachan.web.fields import field_words
from lachan.web.words import LISTS
from lachan.web.words import word as find_word

register = template.Library()
# The texts' own tags come along, so that no template has to load them.
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)
BUILT = Path(__file__).resolve().parent.parent / "static" / "built"


def lang() -> str:
    """`vi` or `en`: the language of this answer."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


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


@register.filter
def say(value: object) -> str:
    """Text in the page's language from a Text, an error or anything printable."""
    if isinstance(value, Text):
        return value.in_(lang())
    if isinstance(value, LachanError):
        return value.message(lang())
    return "" if value is None else str(value)


@register.filter
def word(code: object, name: str = "state") -> str:
    """The word of a code (lachan.web.words)."""
    return str(find_word(code, name)[0])


@register.filter
def field_value(one: Shown) -> str:
    """A field of a question or answer as people read it: sums grouped, kinds of fraud in words, names beside codes."""
    return field_words(one, lang())


@register.inclusion_tag("components/tag/tag.html")
def tag(code: object, name: str = "state", shape: str = "") -> dict[str, str]:
    """A status tag: word, shape and colour together."""
    found, usual = find_word(code, name)
    return {"word": str(found), "shape": shape or usual or "waiting"}


@register.filter
def mono(value: object) -> SafeString:
    """An account number or code in groups of four; the gaps are drawn, so copying does not take them."""
    text = str(value or "")
    groups = [text[at : at + 4] for at in range(0, len(text), 4)] if text.isalnum() else [text]
    return format_html(
        '<span class="mono">{}</span>',
        format_html_join("", "<span{}>{}</span>", (
            (mark_safe(' class="g"') if at else "", part) for at, part in enumerate(groups)
        )),
    )  # fmt: skip


@register.filter
def digest(value: object) -> str:
    """The first 16 hex digits of a hash in fours."""
    text = str(value or "")[:16]
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@register.filter
def get(mapping: object, key: object) -> Any:
    """An entry of a mapping by a key that is only known while the page is made."""
    return mapping.get(key, "") if isinstance(mapping, dict) else ""


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


@cache
def _manifest(path: Path, _changed: int) -> dict[str, str]:
    files: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["files"]
    return files


def manifest() -> dict[str, str]:
    """Hashed names of the built files; empty before `make assets` (pages work, unstyled)."""
    path = BUILT / "manifest.json"
    return _manifest(path, path.stat().st_mtime_ns) if path.exists() else {}


@register.simple_tag
def asset(name: str) -> str:
    """Address of a built file, "" when nothing has been built."""
    found = manifest().get(name)
    return f"{settings.STATIC_URL}built/{found}" if found else ""


@register.simple_tag
def form_key() -> SafeString:
    """A hidden idempotency key: a form sent twice is one act."""
    return format_html('<input type="hidden" name="form_key" value="{}">', uuid4().hex)


@register.simple_tag(takes_context=True)
def field_error(context: template.Context, name: str) -> SafeString | str:
    """The field's own sentence of what is wrong, tied to it by aria-describedby."""
    for error in context.get("errors") or ():
        if error.field == name:
            return format_html('<span class="wrong-text" id="{}-wrong">{}</span>', name, error.text)
    return ""


@register.simple_tag(takes_context=True)
def described(context: template.Context, name: str, hint: str = "") -> SafeString | str:
    """`aria-describedby` (hint and error) and `aria-invalid` of a field."""
    ids = [hint] if hint else []
    wrong = any(error.field == name for error in context.get("errors") or ())
    if wrong:
        ids.append(f"{name}-wrong")
    if not ids:
        return ""
    return format_html(
        ' aria-describedby="{}"{}',
        " ".join(ids),
        mark_safe(' aria-invalid="true"') if wrong else "",
    )


@register.simple_tag(takes_context=True)
def wrong_class(context: template.Context, name: str) -> str:
    """` wrong` when the field has an error, for its box."""
    return " wrong" if any(error.field == name for error in context.get("errors") or ()) else ""


@register.simple_tag
def wire_now() -> str:
    """The server's time for the countdowns."""
    return to_wire(now())


@register.filter
def safe_svg(value: object) -> SafeString | str:
    """The picture that `tracing.picture` drew; its texts are escaped there. Anything else is not trusted."""
    text = str(value or "").strip()
    return mark_safe(text) if text.startswith("<svg") else ""  # noqa: S308 - our own drawing


@register.filter
def stop_words(value: object) -> str:
    """The sentence of the stop rule: already words, or a code."""
    return say(value) if isinstance(value, Text) else str(find_word(value, "stop")[0])


@register.filter
def wire_moment(text: object) -> SafeString | str:
    """An instant of the wire as a page shows it."""
    return moment(from_wire(text)) if isinstance(text, str) and text else "–"


@register.filter
def has_soft(sheet: object) -> bool:
    """Whether an order touches an account of the list that needs a reason."""
    return any(getattr(one, "never_block", "") == "soft" for one in getattr(sheet, "orders", ()))


@register.filter
def reason_words(value: object) -> str:
    """A reason of the forecast: a code, `layer:3`, or a person's own words."""
    code, _sep, number = str(value).partition(":")
    found = LISTS["reason"].get(code)
    if found is None:
        return say(value)
    return f"{found[0]} {number}".strip()


# A whole word or sum between blanks: not a part of an address, of an account's tail or of an id.
_TOKEN = re.compile(r"(?<!\S)(?:[A-Za-z_]{2,}|\d{4,})(?=[:;,.]?(?:\s|$))")
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b:? ?")
_TOLD = ("telling", "state", "kind", "role", "method", "flag", "not_sent", "channel")


@register.filter
def told(value: object) -> str:
    """A line of a timeline: its codes in words, its sums grouped; other words as they stand."""
    if not isinstance(value, str):
        return say(value)
    return _TOKEN.sub(lambda match: _token(match[0]), _ID.sub("", value))


def _token(text: str) -> str:
    if text.isdigit():
        return vnd(int(text))
    if not (text.isupper() or text.islower()):
        return text
    for name in _TOLD:
        words = LISTS[name]
        found = words.get(text) or words.get(text.lower()) or words.get(text.upper())
        if found is not None:
            return str(found[0])
    return text
