"""A field of a question or answer as people read it, on pages and on paper."""

from lachan.exchange.forms.showing import Shown
from lachan.reports.pages.choices import scam_types

_SCAMS = frozenset({"fraud_type", "scam_type"})


def field_words(one: Shown, lang: str) -> str:
    """Its items, one a line: sums with their sign, kinds of fraud in words; other words as they stand."""
    return "\n".join(_item(one, text, lang) for text in one.texts)


def _item(one: Shown, text: str, lang: str) -> str:
    if one.name in _SCAMS:
        return dict(scam_types(lang)).get(text, text)
    return f"{text}\u00a0₫" if one.kind == "money" else text
