"""What every approval says of itself, whatever its form: who signed, as what, when. Pure (protocol §4)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from lachan.exchange.errors import Malformed

FIELDS = ("kid", "officer", "role", "unit", "act", "at")


class Act(StrEnum):
    """In what sense an officer signed."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    TRANSCRIBED = "transcribed"
    STANDING = "standing"


_ACTS = frozenset(Act)


class Signed(ABC):
    """One person's approval; `header` is what his signature covers beside the message."""

    @property
    @abstractmethod
    def header(self) -> Mapping[str, Any]:
        """The protected header of a JWS, or the context of an assertion."""

    @property
    def kid(self) -> str:
        return str(self.header.get("kid", ""))

    @property
    def officer(self) -> str:
        return str(self.header.get("officer", ""))

    @property
    def role(self) -> str:
        return str(self.header.get("role", ""))

    @property
    def unit(self) -> str:
        return str(self.header.get("unit", ""))

    @property
    def act(self) -> str:
        return str(self.header.get("act", ""))

    @property
    def at(self) -> str:
        return str(self.header.get("at", ""))

    def ensure_says_who(self) -> None:
        """Raises: Malformed when a field is missing or the act unknown."""
        if any(not isinstance(self.header.get(name), str) for name in FIELDS):
            raise Malformed(why="an approval that does not say who signed as what")
        if self.act not in _ACTS:
            raise Malformed(why="an approval with an unknown act")
