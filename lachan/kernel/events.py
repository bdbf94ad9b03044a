"""A fact that has happened: frozen, named in the past tense, published by the verb that made it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """The mark that every fact carries; subscribers are found by its type."""
