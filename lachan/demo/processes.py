"""Child processes of the demonstration: started, watched, started again when they die, stopped together."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

_PROGRAM = [sys.executable, "-c", "import sys; from lachan.cli.main import main; sys.exit(main())"]
_LOOK_SECONDS = 0.2
_STOP_SECONDS = 10.0
_AGAIN_SECONDS = (
    0.0,
    0.2,
    1.0,
    3.0,
    10.0,
)  # a process that dies at once is not started a hundred times


@dataclass
class Child:
    """One process by name, with the command that starts it again."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    started_at: float = 0.0
    failures: int = 0  # deaths within three seconds of the start, in a row
    again_at: float | None = None


@dataclass
class Troupe:
    """All children. `log` gets their output, one file each."""

    log: Path
    children: dict[str, Child] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _watcher: threading.Thread | None = None

    def start(self, name: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
        """Start `lachan <arguments>` under a name."""
        child = Child(name, arguments, {**os.environ, **(environment or {})})
        self.children[name] = child
        self._launch(child)
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, daemon=True)
            self._watcher.start()

    def kill(self, name: str) -> None:
        """SIGKILL one child; the watcher starts it again."""
        process = self.children[name].process
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait(_STOP_SECONDS)

    def again(self, environment: dict[str, str]) -> None:
        """After `stop`: start all with a changed environment."""
        self._stopping.clear()
        self._watcher = None
        for child in list(self.children.values()):
            self.start(child.name, *child.arguments, environment=environment)

    def stop(self) -> None:
        """Ask all to stop, then insist."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join(_STOP_SECONDS)
        running = [one.process for one in self.children.values() if one.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + _STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(_STOP_SECONDS)
        for process in running:
            _end_group(process)

    def _watch(self) -> None:
        while not self._stopping.wait(_LOOK_SECONDS):
            for child in list(self.children.values()):
                if child.process is not None and child.process.poll() is not None:
                    self._again(child)

    def _again(self, child: Child) -> None:
        now = time.monotonic()
        if child.again_at is None:
            child.failures = child.failures + 1 if now - child.started_at < 3 else 0  # noqa: PLR2004 - at once
            child.again_at = now + _AGAIN_SECONDS[min(child.failures, len(_AGAIN_SECONDS) - 1)]
        if now >= child.again_at:
            child.again_at = None
            self._launch(child)

    def _launch(self, child: Child) -> None:
        if child.process is not None:
            _end_group(child.process)  # a killed server's workers would keep its port
        self.log.mkdir(parents=True, exist_ok=True)
        with (self.log / f"{child.name}.log").open("ab") as output:
            child.process = subprocess.Popen(
                [*_PROGRAM, *child.arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=child.environment,
                start_new_session=True,
            )
        child.starts += 1
        child.started_at = time.monotonic()


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """What a dead child left behind in its own group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
