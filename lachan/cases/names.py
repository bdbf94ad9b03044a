"""Members' names for a page: one read however many lines it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.utils.translation import get_language

from lachan.members.models.organisations import Member
from lachan.members.queries import member_name


@dataclass(frozen=True, slots=True)
class _Names:
    by_address: dict[str, tuple[str, str]]
    by_bank: dict[str, tuple[str, str]]


_page: ContextVar[_Names | None] = ContextVar("names_of_a_page", default=None)


@contextmanager
def one_read() -> Iterator[None]:
    """Within it (or a function that it decorates) names cost one query together."""
    if _page.get() is not None:
        yield
        return
    rows = Member.objects.unscoped(reason="names of members are public").values_list(
        "address", "name_vi", "name_en", "bins"
    )
    by_address: dict[str, tuple[str, str]] = {}
    by_bank: dict[str, tuple[str, str]] = {}
    for address, vi, en, bins in rows:
        by_address[address] = (vi, en)
        by_bank |= dict.fromkeys(bins, (vi, en))
    token = _page.set(_Names(by_address, by_bank))
    try:
        yield
    finally:
        _page.reset(token)


def language() -> str:
    """The page's: "vi" or "en"."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def shown_name(address: str, lang: str = "") -> str:
    """A member's name in the page's language; the address itself when nobody has it."""
    names = _page.get()
    if names is None:
        return member_name(address, lang or language())
    pair = names.by_address.get("/".join(address.split("/")[:3]))
    return address if pair is None else pair[(lang or language()) == "en"]


@one_read()
def bank_name(code: str) -> str:
    """The institution of a bank code; the code itself when nobody has it."""
    names = _page.get()
    pair = None if names is None else names.by_bank.get(code)
    return code if pair is None else pair[language() == "en"]
