"""A telephone for demonstrations and tests: codes go into a file that a page shows."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lachan.kernel.time import Clock, from_wire, to_wire


@dataclass(frozen=True, slots=True)
class Shown:
    """One message on the simulated telephone: a code, or a text."""

    at: datetime
    phone: str
    code: str
    text: str = ""


class SimulatedPhone:
    """Appends one line per message; reading gives the newest first."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock

    def send(self, phone: str, code: str) -> None:
        """Show the code; never used outside a demonstration's folder."""
        self._append(phone, code=code)

    def tell(self, phone: str, text: str) -> None:
        """Show a text."""
        self._append(phone, text=text)

    def _append(self, phone: str, **said: str) -> None:
        line = json.dumps({"at": to_wire(self.clock.now()), "phone": phone, **said})
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(line + "\n")

    def shown(self, limit: int = 20) -> list[Shown]:
        """The newest codes first."""
        return [one for one in self.messages(2 * limit) if one.code][:limit]

    def messages(self, limit: int = 20) -> list[Shown]:
        """The newest messages first, codes and texts."""
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="utf-8").splitlines()[-limit:]
        rows = [json.loads(line) for line in reversed(lines)]
        return [
            Shown(from_wire(row["at"]), row["phone"], row.get("code", ""), row.get("text", ""))
            for row in rows
        ]
