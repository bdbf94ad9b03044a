"""A ledger object of tracing.md §1.1 in a file, as `lachan trace --ledger` takes it.

A whole ledger is no statement, so this module is not one of the scanned formats.
"""

from __future__ import annotations

import json
from typing import Any

from lachan.adapters.statements.errors import FormatUnknown

FIELDS = frozenset({"name", "note", "accounts", "events", "seeds", "as_of", "policy"})


def read_ledger_json(data: bytes, file: str) -> dict[str, Any]:
    """The object, without fields that are not a ledger's (`expected` of a test vector).

    Raises: FormatUnknown when it is not one JSON object. Its content is checked by the engine.
    """
    try:
        found = json.loads(data, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, UnicodeDecodeError, RecursionError) as wrong:
        raise FormatUnknown(field="ledger", file=file, right="JSON (tracing §1.1)") from wrong
    if not isinstance(found, dict):
        raise FormatUnknown(field="ledger", file=file, right="JSON (tracing §1.1)")
    return {key: value for key, value in found.items() if key in FIELDS}


def _no_float(text: str) -> float:
    raise ValueError(text)
