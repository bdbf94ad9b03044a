"""What an answer covers, in our own namespaces: the same element in `lc.hld` and `lc.frz`."""

from __future__ import annotations

from lxml import etree

from lachan.adapters.iso20022.markup import Branch, at, maybe
from lachan.adapters.iso20022.moments import wire_only
from lachan.exchange.kinds import Coverage


def coverage_branch(coverage: Coverage | None) -> Branch | None:
    """`Coverage`, or nothing."""
    if coverage is None:
        return None
    given = (
        ("Since", coverage.since),
        ("Until", coverage.until),
        ("Missing", coverage.missing),
        ("ExpectedAt", coverage.expected_at),
    )
    return ("Coverage", [None if value is None else (name, value) for name, value in given])


def read_coverage(node: etree._Element, place: str) -> Coverage | None:
    """Of the element above it, held to its schema. Raises: ValueRefused."""
    found = at(node, "Coverage")
    if found is None:
        return None
    times = {
        name: wire_only(given, f"{place}/Coverage/{name}")
        for name in ("Since", "Until", "ExpectedAt")
        if (given := maybe(found, name)) is not None
    }
    return Coverage(
        since=times.get("Since"),
        until=times.get("Until"),
        missing=maybe(found, "Missing"),
        expected_at=times.get("ExpectedAt"),
    )
