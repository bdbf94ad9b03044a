"""The member's own copies of the directory and the catalogue: fetched from the centre, believed by the root alone.

The root file came out of band. A directory must be signed by a key that the root names and follow the
one seen before; a catalogue must have the hash that the directory carries. What fails to verify is not
kept, and the last good copy stays in use.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lachan.connector.store import Store
from lachan.exchange.crypto import b64decode
from lachan.exchange.deadlines import WorkCalendar
from lachan.exchange.errors import Malformed
from lachan.exchange.mandates import Catalogue
from lachan.exchange.signer_errors import SignatureBad
from lachan.kernel.errors import LachanError
from lachan.members.directory import Directory
from lachan.members.root import Root


@dataclass(slots=True)
class Trust:
    """`directory` and `catalogue` are None until the centre was reached for the first time."""

    root: Root
    directory: Directory | None = None
    catalogue: Catalogue | None = None

    @property
    def version(self) -> int:
        return 0 if self.directory is None else self.directory.version

    def take_directory(self, reply: Mapping[str, Any], store: Store) -> bool:
        """A directory from the wire; True when it is a new one.

        Raises: SignatureBad, Malformed, DirectoryRollback; the old one stays.
        """
        if "directory" not in reply:
            return False
        new = Directory.from_bytes(self.root, b64decode(str(reply["directory"])), str(reply["jws"]))
        new.ensure_follows(self.directory)
        if self.directory is not None and new.body == self.directory.body:
            return False
        self.directory = new
        store.put_file("directory", {"directory": reply["directory"], "jws": reply["jws"]})
        return True

    def take_catalogue(self, reply: Mapping[str, Any], store: Store) -> None:
        """A catalogue from the wire. Raises: SignatureBad when the directory names another."""
        profile = str(reply.get("profile", ""))
        new = Catalogue.from_bytes(b64decode(str(reply["catalogue"])), calendar_of(profile))
        if self.directory is None or new.hash != self.directory.mandates_hash:
            raise SignatureBad.because("the catalogue is not the one that the directory names")
        self.catalogue = new
        store.put_file("catalogue", {"catalogue": reply["catalogue"], "profile": profile})

    @property
    def log_keys(self) -> Mapping[str, Mapping[str, str]]:
        """Keys that may sign the centre's receipts: the root's and those enrolled since."""
        return self.root.log_keys if self.directory is None else self.directory.log_keys()

    @property
    def complete(self) -> bool:
        """Both are here, and fit each other."""
        return (
            self.directory is not None
            and self.catalogue is not None
            and self.catalogue.hash == self.directory.mandates_hash
        )


def load_trust(root_file: Path, store: Store) -> Trust:
    """The root from its file, and the last copies that verify. Raises: Malformed, SignatureBad."""
    try:
        root = Root.from_json(json.loads(root_file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as cause:
        raise Malformed(why=f"root file {root_file.name}: {cause}") from cause
    trust = Trust(root)
    kept = store.file("directory")
    if kept is not None:
        trust.directory = Directory.from_bytes(root, b64decode(kept["directory"]), str(kept["jws"]))
    kept = store.file("catalogue")
    if kept is not None:
        trust.catalogue = Catalogue.from_bytes(
            b64decode(kept["catalogue"]), calendar_of(str(kept["profile"]))
        )
    return trust


def calendar_of(profile: str) -> WorkCalendar:
    """The calendar of a profile that is installed here; without it every weekday counts: earlier, never later."""
    from lachan.profiles.load import load_profile  # noqa: PLC0415 - reads files, once

    if not profile:
        return WorkCalendar()
    try:
        return load_profile(profile).calendar
    except LachanError:
        return WorkCalendar()
