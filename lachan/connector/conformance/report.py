"""What a trial found: lines for a person, JSON for a program, and a report that the kit signs.

The SHA-256 of the signed report is what the registrar takes when a member in TESTING becomes ACTIVE.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lachan.connector.conformance.judging import Result, Verdict
from lachan.connector.conformance.world import World
from lachan.exchange import crypto
from lachan.exchange.crypto import PrivateKey
from lachan.exchange.receipts import compact
from lachan.kernel.canonical import canonical
from lachan.kernel.time import to_wire

TYPE = "lachan-conformance+jws"
FORM = "lachan-conformance/1"


@dataclass(frozen=True, slots=True)
class Report:
    """`jws` is the signed report as it is kept and shown; `hash` its SHA-256, 64 hex digits."""

    body: dict[str, Any]
    jws: str

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.jws.encode()).hexdigest()

    @property
    def passed(self) -> bool:
        return bool(self.body["passed"])


def report(
    world: World, results: Sequence[Result], key: PrivateKey, *, at: datetime, own_process: bool
) -> Report:
    """Passed: something was tried and nothing failed. `kinds` are those whose every tried case passed.

    `answered` are those that software answered or lawfully refused within the time: what raises participation rests on these.
    """
    failed = {one.kind for one in results if one.verdict is Verdict.FAILED}
    tried = {one.kind for one in results if one.verdict is Verdict.PASSED}
    body = {
        "v": FORM,
        "address": world.tried.address,
        "keys": {
            "sign": crypto.kid_of(world.tried.sign),
            "encrypt": crypto.kid_of(world.tried.encrypt),
        },
        "catalogue": world.catalogue.hash,
        "own_process": own_process,
        "at": to_wire(at),
        "passed": bool(tried) and not failed,
        "kinds": sorted(tried - failed),
        "answered": sorted(one.kind for one in results if one.case == "valid" and one.software),
        "cases": [
            {
                "kind": one.kind,
                "case": one.case,
                "verdict": one.verdict.value,
                "why_vi": one.why.vi,
                "why_en": one.why.en,
            }
            for one in results
        ],
    }
    return Report(body, compact(canonical(body), key, typ=TYPE))


def kit_key(path: Path) -> PrivateKey:
    """The kit's key; made when there is none. Raises: Malformed, ValueError, OSError."""
    if not path.exists():
        made = json.dumps(crypto.private_jwk(crypto.new_sign_key()))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made)
    return crypto.load_key(json.loads(path.read_text(encoding="utf-8")))
