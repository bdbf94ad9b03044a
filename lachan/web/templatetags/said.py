"""Filters and tags that say texts, codes and lines of a timeline in the page's language."""

from __future__ import annotations

import re

from django import template

from lachan.exchange.forms.showing import Shown
from lachan.kernel.errors import LachanError, Text
from lachan.web.fields import field_words
from lachan.web.language import lang
from lachan.web.templatetags.amounts import vnd
from lachan.web.words.lists import LISTS
from lachan.web.words.lists import word as find_word

register = template.Library()


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
    """The word of a code (lachan.web.words.lists)."""
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
def stop_words(value: object) -> str:
    """The sentence of the stop rule: already words, or a code."""
    return say(value) if isinstance(value, Text) else str(find_word(value, "stop")[0])


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
