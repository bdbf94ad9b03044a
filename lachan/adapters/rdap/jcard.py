"""The few properties of a jCard (RFC 7095) that say who holds a domain. Pure.

A property is `[name, parameters, type, value, …]`; what does not have that shape is passed over, since
one odd property says nothing about the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Card = list[Any]


def properties(card: object) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """(name, parameters, first value) of each property of a `vcardArray`."""
    match card:
        case ["vcard", list() as rows]:
            for row in rows:
                match row:
                    case [str() as name, dict() as parameters, str(), value, *_]:
                        yield name.lower(), parameters, value
        case _:
            return


def text(card: object, name: str) -> str:
    """The first non-empty text of a property; an `org` may be a list of units."""
    for found, _, value in properties(card):
        parts = value if isinstance(value, list) else [value]
        words = [part.strip() for part in parts if isinstance(part, str) and part.strip()]
        if found == name and words:
            return ", ".join(words)
    return ""


def phone(card: object) -> str:
    """The first telephone that is not a fax, as the card spells it, without `tel:`."""
    for name, parameters, value in properties(card):
        kinds = parameters.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if name == "tel" and isinstance(value, str) and "fax" not in kinds:
            return value.strip().removeprefix("tel:")
    return ""


def address(card: object) -> str:
    """The postal address on one line: its label where it has one, else its parts."""
    for name, parameters, value in properties(card):
        if name != "adr":
            continue
        label = parameters.get("label")
        if isinstance(label, str) and label.strip():
            return " ".join(label.split())
        if isinstance(value, list):
            parts = [one for part in value for one in (part if isinstance(part, list) else [part])]
            words = [part.strip() for part in parts if isinstance(part, str) and part.strip()]
            if words:
                return ", ".join(words)
    return ""


def card(*, name: str, email: str = "", telephone: str = "", label: str = "") -> Card:
    """A `vcardArray`; RFC 6350 demands `fn`, which may be empty for a holder who is not named."""
    rows: list[Any] = [["version", {}, "text", "4.0"], ["fn", {}, "text", name]]
    if email:
        rows.append(["email", {}, "text", email])
    if telephone:
        rows.append(["tel", {"type": "voice"}, "uri", f"tel:{telephone}"])
    if label:
        rows.append(["adr", {"label": label}, "text", ["", "", "", "", "", "", ""]])
    return ["vcard", rows]
