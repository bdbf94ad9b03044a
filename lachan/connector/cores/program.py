"""A core behind a local program: one JSON object in, one out, one process a call.

    {"call": "ready"} · {"call": "look_up", "message": …} · {"call": "execute", "order": {…}, "at": …}
    {"call": "undo", "message": …, "why": …, "at": …} · {"call": "self_test"}

No shell, a bare environment, a bound on time and output; the whole group of processes ends with the call.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

from lachan.connector.cores.wire import (
    MAX_BYTES,
    SECONDS,
    UNKNOWN,
    SaidReady,
    SaidUnknown,
    checks_of,
    done_of,
    ensure_within,
    order_json,
    read,
    written,
)
from lachan.connector.port import CoreUnavailable, Done, Order
from lachan.kernel.checks import Check
from lachan.kernel.time import to_wire

_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ")
NOT_DONE = 3  # exit code of look_up for a message that it does not know


class ProgramCore:
    """`program` is the file and its arguments; it starts in `folder`."""

    def __init__(self, program: Sequence[str], folder: Path, *, seconds: float = SECONDS) -> None:
        self._program = list(program)
        self._folder = folder
        self._seconds = seconds

    def ready(self) -> bool:
        try:
            return read(SaidReady, self._ok({"call": "ready"})).ready
        except CoreUnavailable:
            return False

    def look_up(self, message: str) -> Done | None:
        code, out = self._call({"call": "look_up", "message": message})
        if code == NOT_DONE and read(SaidUnknown, out).code == UNKNOWN:
            return None
        return done_of(_ensured(code, out), message)

    def execute(self, order: Order, *, now: datetime) -> Done:
        asked = {"call": "execute", "order": order_json(order), "at": to_wire(now)}
        return ensure_within(order, done_of(self._ok(asked), order.message))

    def undo(self, message: str, *, now: datetime, why: str) -> Done:
        asked = {"call": "undo", "message": message, "why": why, "at": to_wire(now)}
        return done_of(self._ok(asked), message)

    def self_test(self) -> list[Check]:
        try:
            return checks_of(self._ok({"call": "self_test"}))
        except CoreUnavailable as down:
            return [Check(id="core", ok=False, what=down.message("vi"), what_en=down.message("en"))]

    def _ok(self, asked: object) -> bytes:
        return _ensured(*self._call(asked))

    def _call(self, asked: object) -> tuple[int, bytes]:
        """Exit code and output. Raises: CoreUnavailable."""
        try:
            running = subprocess.Popen(
                self._program,
                cwd=self._folder,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # it may speak of accounts; ours is no place to keep that
                start_new_session=True,
            )
        except OSError as cause:
            raise CoreUnavailable(why=type(cause).__name__) from cause
        late = threading.Event()

        def end() -> None:
            late.set()
            _end(running)

        watch = threading.Timer(self._seconds, end)
        watch.start()
        try:
            out = _exchanged(running, written(asked))
            code = running.wait()
        finally:
            watch.cancel()
            _end(running)
            running.wait()
        if late.is_set():
            raise CoreUnavailable(why=f"no answer within {self._seconds:g} s")
        return code, out


def _exchanged(running: subprocess.Popen[bytes], asked: bytes) -> bytes:
    """Write the question, read the answer up to its bound. Raises: CoreUnavailable."""
    into, out = _pipe(running.stdin), _pipe(running.stdout)
    with into, out:
        with contextlib.suppress(BrokenPipeError):
            into.write(asked)
            into.flush()
        with contextlib.suppress(BrokenPipeError):
            into.close()
        got = out.read(MAX_BYTES + 1)
    if len(got) > MAX_BYTES:
        raise CoreUnavailable(why=f"an answer above {MAX_BYTES} bytes")
    return got


def _pipe(given: IO[bytes] | None) -> IO[bytes]:
    if given is None:
        raise CoreUnavailable(why="no pipe to the program")
    return given


def _end(running: subprocess.Popen[bytes]) -> None:
    """The program and whatever it started; it may have ended by itself."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)


def _ensured(code: int, out: bytes) -> bytes:
    if code != 0:
        raise CoreUnavailable(why=f"the program ended with {code}")
    return out
