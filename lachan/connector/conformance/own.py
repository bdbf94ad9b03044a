"""The member's own process for a trial: its configuration and core, under the kit's root, with stores of the trial's own.

`python -m lachan.connector.conformance.own CONFIG FOLDER URL`
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

from msgspec.structs import replace as changed

from lachan.connector import crash
from lachan.connector.config import Config, Desk, load_config
from lachan.connector.start import run

_STOP_SECONDS = 10.0


def for_trial(config: Config, folder: Path, url: str) -> Config:
    """The configuration as the trial wants it: nothing of the real centre or of the member's real store is touched."""
    place = folder.resolve()
    read = config.read
    keys = changed(
        read.keys,
        log=str(place / "own" / "log.jwk"),
        tls_cert=str(place / "keys" / "tls.crt"),
        tls_key=str(place / "keys" / "tls.key"),
        ca=str(place / "keys" / "ca.crt"),
    )
    trial = changed(
        read,
        centre=changed(read.centre, url=url, root_file=str(place / "root.json"), proxy=""),
        keys=keys,
        store=changed(
            read.store, path=str(place / "own" / "store.db"), core=str(place / "own" / "effects.db")
        ),
        desk=Desk(),
    )
    return replace(config, read=trial)


class OwnProcess:
    """Started, killed and started again on the same files."""

    def __init__(self, config: Path, folder: Path, url: str) -> None:
        self._arguments = [str(config), str(folder), url]
        (folder / "own").mkdir(parents=True, exist_ok=True, mode=0o700)
        self._log = folder / "own" / "process.log"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self, *, crash_at: str = "") -> None:
        """A life of the process; it kills itself at a named point when one is given."""
        environment = {**os.environ, crash.VARIABLE: crash_at}
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "lachan.connector.conformance.own", *self._arguments],
                env=environment,
                stdout=log,
                stderr=log,
            )

    @property
    def alive(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def stop(self) -> None:
        """Tell it to stop; kill it when it does not."""
        if self._running is None:
            return
        self._running.terminate()
        try:
            self._running.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()


def main(config: str, folder: str, url: str) -> None:
    """Until SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    run(for_trial(load_config(Path(config)), Path(folder), url), stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
