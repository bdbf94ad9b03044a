"""Tags of a form's inputs: its key, and each field's own sentence of what is wrong."""

from __future__ import annotations

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

register = template.Library()


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
    if name in (context.get("read_names") or ()):
        ids.append(f"{name}-read")
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


@register.simple_tag(takes_context=True)
def read_mark(context: template.Context, name: str) -> SafeString | str:
    """Beside a field that a picture or a message filled in: it asks to be looked at."""
    if name not in (context.get("read_names") or ()):
        return ""
    words = gettext("Điền từ ảnh hoặc tin nhắn: hãy xem lại")
    return format_html('<span class="read-mark" id="{}-read">{}</span>', name, words)
