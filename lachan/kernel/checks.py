"""One line of a verification report, shared by the two verifiers of an evidence bundle.

`evidence.verify` (V1, V7, V8, V11-V14) and `exchange.verify` (V2-V6, V9, V10, V15) each return a
list of these; neither imports the other. Both read a bundle as `BundleFiles`, path → bytes:

    anchor/root.json                     {"root": body text, "signatures": [...]}
    directory/<version>.json             {"directory": body text, "jws": detached JWS}
    keys/<kid>.pem  mandates/<code>@<version>.json  mandates/calendar.json
    messages/<n>-<id>/manifest.json      the exact manifest bytes; n from 0001 in order of the log
    messages/<n>-<id>/envelope.json      the Envelope as JSON, as it was sent
    receipts/<n>-<id>.centre.jws         compact JWS of the log key, typ "lachan-receipt+jws",
                                         payload {due_at, h, leaf, logged_at, merge_by}
    receipts/<n>-<id>.receiver.jws       compact JWS of the receiver's member key, if there is one
    log/entries.jsonl                    canonical log entries, one a line
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BundleFiles = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and whether it holds.

    id: the rule's name in the specification (V1 … V15). what: a plain Vietnamese sentence, what_en
    the same in English (empty: there is none). where: the file or message, None for the whole.
    """

    id: str
    ok: bool
    what: str
    where: str | None = None
    what_en: str = ""

    @classmethod
    def good(cls, rule: str, what: str, what_en: str, where: str | None = None) -> Check:
        """A rule that holds."""
        return cls(rule, ok=True, what=what, where=where, what_en=what_en)

    @classmethod
    def bad(cls, rule: str, where: str | None, what: str, what_en: str) -> Check:
        """A rule that does not hold, and where."""
        return cls(rule, ok=False, what=what, where=where, what_en=what_en)

    def text(self, lang: str) -> str:
        """The sentence in `lang` ("vi" or "en")."""
        return (self.what_en or self.what) if lang == "en" else self.what
