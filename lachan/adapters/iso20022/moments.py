"""Instants between the wire's one spelling and ISO's dateTime."""

from __future__ import annotations

from datetime import date, datetime

from lachan.adapters.iso20022.errors import ValueRefused
from lachan.adapters.iso20022.shapes import DATE_TIME
from lachan.kernel.time import InstantUnreadable, from_wire, to_ict, to_wire


def iso_moment(wire: str) -> str:
    """The wire's spelling is one of ISO's; what is none is refused. Raises: InstantUnreadable."""
    return to_wire(from_wire(wire))


def wire_moment(given: str, place: str) -> str:
    """An xs:dateTime with a zone, as the wire spells it; what is finer than a millisecond is cut off.

    Raises: ValueRefused.
    """
    try:
        return to_wire(datetime.fromisoformat(given))
    except (ValueError, OverflowError) as cause:
        raise ValueRefused(place=place, right=DATE_TIME.right) from cause


def wire_only(given: str, place: str) -> str:
    """A time of our own namespaces, which has the wire's one spelling; xs:dateTime would let blanks stand around it.

    Raises: ValueRefused.
    """
    try:
        from_wire(given)
    except InstantUnreadable as cause:
        raise ValueRefused(place=place, right=DATE_TIME.right) from cause
    return given


def day_of(wire: str) -> date:
    """The day on a Vietnamese wall: where ISO takes a date only, the instant itself stands in our extension.

    Raises: InstantUnreadable, ValueRefused for the last hours of the year 9999, which are in no year there.
    """
    try:
        return to_ict(from_wire(wire)).date()
    except OverflowError as cause:
        raise ValueRefused(place="DueDt", right="< 9999-12-31") from cause
