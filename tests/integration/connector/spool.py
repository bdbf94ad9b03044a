"""A connector over a centre made of files, as a process that can be killed: `python spool.py FOLDER`.

FOLDER holds the member's folder `member/`, and `spool/`: `in/*.json` are the inbox's items, `got/<h>`
receipts, `out/<h>.json` accepted envelopes; the log key signs what a centre would.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from lachan.connector.config import load_config
from lachan.connector.member import open_member
from lachan.connector.process import Connector
from lachan.exchange.crypto import load_key
from lachan.exchange.envelope import Envelope
from lachan.exchange.receipts import LOGGED, compact
from lachan.kernel.canonical import canonical
from lachan.kernel.time import FixedClock, from_wire, to_wire


class SpoolCentre:
    """The port `Centre` over a folder."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder = folder
        self.now = now
        self.files = json.loads((folder / "files.json").read_text())
        self.key = load_key(json.loads((folder / "log.jwk").read_text()))

    def poll(self, *, wait: int, most: int) -> dict[str, Any]:  # noqa: ARG002
        items = []
        for path in sorted((self.folder / "in").glob("*.json")):
            item = json.loads(path.read_text())
            if not (self.folder / "got" / item["h"]).exists():
                items.append({k: item[k] for k in ("envelope", "centre_receipt")})
        return {"cursor": "0", "directory_version": 1, "items": items[:most]}

    def send(self, envelopes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        results = []
        for one in envelopes:
            envelope = Envelope.from_bytes(canonical(dict(one)))
            (self.folder / "out" / f"{envelope.h}.json").write_bytes(envelope.to_bytes())
            at = to_wire(self.now)
            body = {"h": envelope.h, "logged_at": at, "due_at": None, "leaf": "", "merge_by": at}
            results.append({"receipt": compact(canonical(body), self.key, typ=LOGGED)})
        return results

    def receipts(self, receipts: Sequence[str]) -> int:
        from lachan.exchange.crypto import b64decode

        for text in receipts:
            h = json.loads(b64decode(text.split(".")[1]))["h"]
            place = self.folder / "got" / h
            assert not place.exists() or place.read_text() == text, "two receipts of one message"
            place.write_text(text)
        return len(receipts)

    def directory(self, since: int) -> dict[str, Any]:
        return {"version": 1} if since == 1 else dict(self.files["directory"])

    def catalogue(self) -> dict[str, Any]:
        return dict(self.files["catalogue"])

    def ping(self) -> dict[str, Any]:
        return {"now": to_wire(self.now)}


def main(folder: Path, now: datetime) -> None:
    """Poll and work until nothing is left."""
    member = open_member(load_config(folder / "member" / "connector.toml"), FixedClock(now))
    centre = SpoolCentre(folder / "spool", now)
    connector = Connector(member, centre, centre)
    connector.poll_once(wait=0)
    for _ in range(20):
        if not connector.work_once():
            break
    member.store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), from_wire(sys.argv[2]))
