"""The steps of the story: each with its time, each verb called until the database takes it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import OperationalError, close_old_connections

from lachan.kernel.time import to_wire

_LOCKED_TRIES = 5
Made = TypeVar("Made")


def patiently(verb: Callable[..., Made], /, *args: Any, **kwargs: Any) -> Made:
    """Call a verb; again when the database was locked or went away, for then nothing of it has happened."""
    for _ in range(_LOCKED_TRIES):
        try:
            return verb(*args, **kwargs)
        except OperationalError:
            close_old_connections()
            time.sleep(1)
    return verb(*args, **kwargs)


@dataclass
class Step:
    """One step with its start and end."""

    name: str
    started_at: datetime
    ended_at: datetime | None = None

    def told(self) -> dict[str, Any]:
        """As JSON; `seconds` is its length."""
        end = self.ended_at or self.started_at
        return {
            "name": self.name,
            "started_at": to_wire(self.started_at),
            "ended_at": to_wire(end),
            "seconds": round((end - self.started_at).total_seconds(), 3),
        }
