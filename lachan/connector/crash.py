"""Named points at which a test may kill this process, as a power cut would (LACHAN_CRASH_AT=point)."""

import os
import signal
from typing import Final

POINTS: Final = (
    "before_store", "after_store", "before_execute", "after_execute", "before_answer", "after_answer",
    "before_post", "after_post", "before_undo", "after_undo",
)  # fmt: skip
VARIABLE: Final = "LACHAN_CRASH_AT"


def point(name: str) -> None:
    """Die here by SIGKILL, if this is the point that was asked for."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
