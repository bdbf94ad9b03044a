"""Checks a bundle offline: V1, V7, V8 and V11-V14 of exchange.md §8. Pure.

The protocol's checks (V2-V6, V9, V10, V15) are `exchange.verify`'s; neither imports the other.
Every check that fails names the file. A bundle proves nothing without an anchor got by another way.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from lachan.evidence import verify_files, verify_heads, verify_log, verify_parts
from lachan.evidence.bundle import Bundle, container_fault, read
from lachan.kernel.checks import BundleFiles, Check

PARTS: tuple[Callable[[Bundle], list[Check]], ...] = (
    verify_files.check,
    verify_parts.check_commitments,
    verify_parts.check_withheld,
    verify_log.check_inclusion,
    verify_heads.check_consistency,
    verify_heads.check_stamps,
    verify_heads.check_witnesses,
)


def verify(bundle: Bundle) -> list[Check]:
    """Every check of this half, in the order of the specification."""
    return [check for part in PARTS for check in part(bundle)]


def anchored(files: BundleFiles, anchor: bytes | None) -> bool:
    """Whether the bundle's root is the one that the reader got by another way."""
    return anchor is not None and files.get("anchor/root.json", b"").strip() == anchor.strip()


def stamped(bundle: Bundle) -> bool:
    """Whether a time-stamp over the head is there and holds."""
    checks = verify_heads.check_stamps(bundle)
    return all(one.ok for one in checks) and any(one.where for one in checks)


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of a bundle found; `ok` only when it is anchored too."""

    case: str
    anchored: bool
    stamped: bool
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return self.anchored and all(check.ok for check in self.checks)

    @property
    def withheld(self) -> tuple[str, ...]:
        """The parts that are not shown."""
        return tuple(
            check.where for check in self.checks if check.id == "V8" and check.ok and check.where
        )

    @property
    def wrong(self) -> tuple[str, ...]:
        """Files (or rules) that fail, each once."""
        return tuple(sorted({check.where or check.id for check in self.checks if not check.ok}))

    def to_json(self, lang: str) -> dict[str, Any]:
        """The shape of `evidence verify --json`."""
        lines = []
        for check in self.checks:
            line = {"id": check.id, "ok": check.ok, "what": check.text(lang)}
            lines.append(line if check.where is None else {**line, "where": check.where})
        return {
            "ok": self.ok,
            "anchored": self.anchored,
            "stamped": self.stamped,
            "case": self.case,
            "withheld": list(self.withheld),
            "checks": lines,
        }


def report(
    data: bytes,
    *,
    anchor: bytes | None,
    others: Iterable[Callable[[BundleFiles], list[Check]]] = (),
) -> Report:
    """Both halves over one bundle; `others` are the protocol's checks.

    anchor: `root.json` got by another way than the bundle. Raises: BundleUnreadable.
    """
    found = read(data)
    held = anchored(found.files, anchor)
    checks = verify(found) + [check for other in others for check in other(found.files)]
    if anchor is not None and not held:
        checks.append(
            Check.bad(
                "V2",
                "anchor/root.json",
                "anchor/root.json trong gói khác với tệp gốc đã cho.",
                "anchor/root.json in the bundle is not the root file that was given.",
            )
        )
    fault = container_fault(data, found.files)
    if fault is not None:
        checks.append(
            Check.bad(
                "V1",
                fault,
                "Tệp ZIP không đúng cách đóng gói duy nhất của gói chứng cứ: đã bị sửa hoặc đóng gói lại.",
                "The ZIP is not the bundle's one spelling: it was altered or packed again.",
            )
        )
    checks.sort(key=lambda check: int(check.id.removeprefix("V")))
    return Report(_case(found.files), held, stamped(found), tuple(checks))


def _case(files: BundleFiles) -> str:
    try:
        return str(json.loads(files["BUNDLE.json"])["bundle"]["case"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "?"
