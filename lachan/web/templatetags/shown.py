"""Filters of account numbers, hashes, drawings and rows."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


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
def tel(value: object) -> str:
    """A telephone number for a `tel:` address."""
    return "".join(one for one in str(value or "") if one.isdigit() or one == "+")


@register.filter
def threes(value: object) -> str:
    """A number as it is read out on the telephone: groups of three."""
    text = "".join(
        one for one in str(value or "").partition(":")[2] or str(value or "") if one.isalnum()
    )
    return " ".join(text[at : at + 3] for at in range(0, len(text), 3))


@register.filter
def digest(value: object) -> str:
    """The first 16 hex digits of a hash in fours."""
    text = str(value or "")[:16]
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@register.filter
def get(mapping: object, key: object) -> Any:
    """An entry of a mapping by a key that is only known while the page is made."""
    return mapping.get(key, "") if isinstance(mapping, dict) else ""


@register.filter
def safe_svg(value: object) -> SafeString | str:
    """The picture that `tracing.picture` drew; its texts are escaped there. Anything else is not trusted."""
    text = str(value or "").strip()
    return mark_safe(text) if text.startswith("<svg") else ""  # noqa: S308 - our own drawing


@register.filter
def has_soft(sheet: object) -> bool:
    """Whether an order touches an account of the list that needs a reason."""
    return any(getattr(one, "never_block", "") == "soft" for one in getattr(sheet, "orders", ()))
