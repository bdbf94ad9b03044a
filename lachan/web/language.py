"""The language of this answer."""

from __future__ import annotations

from django.utils.translation import get_language


def lang() -> str:
    """`vi` or `en`: the language of this answer."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"
