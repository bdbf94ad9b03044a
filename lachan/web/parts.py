"""The centre's processes, each a loop: pages, exchange port, dispatcher, clock."""

import gc
import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django
import structlog
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

LOG = structlog.get_logger("lachan")
DISPATCH_SECONDS = 0.02  # an automatic ask leaves within 50 ms of its commit
SWEEP_SECONDS = 5.0
SEQUENCE_SECONDS = 0.2
HEAD_SECONDS = 60.0
ERASE_SECONDS = 60.0
STAMP_SECONDS = 1.0
DIRECTORY_SECONDS = 1800.0  # a directory is due again after an hour


def start() -> None:
    """Settings, records, adapters."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lachan.settings")
    django.setup()
    from lachan import bootstrap  # noqa: PLC0415 - needs the records

    bootstrap.centre()
    gc.collect()
    gc.freeze()  # what was made at the start stays: the collector need not walk it for each few messages


def migrate() -> None:
    """Create or upgrade the tables."""
    (Path(settings.LACHAN_DATA) / "static").mkdir(parents=True, exist_ok=True, mode=0o700)
    start()
    call_command("migrate", interactive=False, verbosity=0)


def web(*, host: str, port: int, workers: int) -> None:
    """The pages, by Granian."""
    from granian.constants import Interfaces  # noqa: PLC0415 - servers are heavy
    from granian.server import Server  # noqa: PLC0415

    Server(
        "lachan.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_enabled=bool(os.environ.get("LACHAN_LOG")),
    ).serve()


def exchange(*, host: str, port: int) -> None:
    """The exchange port: TLS with client certificates of the deployment's own authority."""
    import ssl  # noqa: PLC0415

    import uvicorn  # noqa: PLC0415 - servers are heavy

    start()
    from lachan.api.exchange_port import ExchangePort  # noqa: PLC0415 - needs the records
    from lachan.kernel.time import clock_from_env  # noqa: PLC0415

    folder = Path(settings.LACHAN_DATA) / "tls"
    base = os.environ.get("LACHAN_EXCHANGE_URL", f"https://{host}:{port}")
    uvicorn.run(
        ExchangePort(clock_from_env(), base_url=base),
        host=host,
        port=port,
        ssl_certfile=str(folder / "tls.crt"),
        ssl_keyfile=str(folder / "tls.key"),
        ssl_ca_certs=str(folder / "ca.crt"),
        ssl_cert_reqs=ssl.CERT_REQUIRED,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=75,
    )


def dispatcher() -> None:
    """Seal and send what is ready; take what came for hosted members."""
    start()
    from lachan.exchange import receiving, sending  # noqa: PLC0415 - needs the records
    from lachan.kernel.time import clock_from_env  # noqa: PLC0415

    clock = clock_from_env()

    def turn() -> bool:
        """One short transaction each way, so that the next asks leave before all answers are read."""
        sent = sending.send(sending.ready(now=clock.now()), clock=clock)
        taken = receiving.take_all(receiving.waiting(now=clock.now()), clock=clock)
        return bool(sent or taken)

    _loop("dispatcher", turn, idle=DISPATCH_SECONDS)


def clock() -> None:
    """Places in the log, tree heads and their stamps, deadlines, expiries, reviews, the directory's renewal."""
    start()
    from lachan.access.actors import Actor  # noqa: PLC0415 - needs the records
    from lachan.evidence import stamping  # noqa: PLC0415
    from lachan.evidence.sequencer import sequence_once  # noqa: PLC0415
    from lachan.exchange import lateness  # noqa: PLC0415
    from lachan.holds import services as holds  # noqa: PLC0415
    from lachan.kernel.time import clock_from_env  # noqa: PLC0415
    from lachan.members import services as members  # noqa: PLC0415
    from lachan.reports import services as reports  # noqa: PLC0415
    from lachan.web import paper  # noqa: PLC0415

    instants = clock_from_env()
    due: dict[str, float] = {}

    def every(name: str, seconds: float, act: Callable[[], object]) -> None:
        if time.monotonic() >= due.get(name, 0.0):
            due[name] = time.monotonic() + seconds
            act()

    def deadlines() -> None:
        for conversation in lateness.due(now=instants.now()):
            lateness.tell(conversation=conversation, clock=instants)

    def renew_directory() -> None:
        age = instants.now() - members.current_directory().issued_at
        if age.total_seconds() >= DIRECTORY_SECONDS:
            members.publish_directory(Actor.system("centre"), clock=instants)

    def stamps() -> float:
        """The pause until the next turn: after a failure a minute, which is the probe's."""
        failed = stamping.stamp_once(instants) is stamping.Outcome.FAILED
        return stamping.EVERY.total_seconds() if failed else STAMP_SECONDS

    if stamping.configured():
        _beside("stamps", stamps)
    _beside("paper", partial(paper.sweep, clock=instants))

    def turn() -> bool:
        every("sequence", SEQUENCE_SECONDS, lambda: sequence_once(instants))
        every("deadlines", 0.5, deadlines)
        every("holds", SWEEP_SECONDS, lambda: holds.sweep(clock=instants))
        every("directory", SWEEP_SECONDS, renew_directory)
        every("drafts", ERASE_SECONDS, lambda: reports.sweep(clock=instants))
        return False

    _loop("clock", turn, idle=SEQUENCE_SECONDS)


def _beside(name: str, turn: Callable[[], float]) -> None:
    """A thread for a step that waits for others' machines or takes long: it must hold up no clock, and ends with the process."""

    def run() -> None:
        while True:
            try:
                pause = turn()
            except Exception:
                LOG.exception("turn_failed", part=name)
                close_old_connections()
                pause = 10.0
            time.sleep(pause)

    threading.Thread(target=run, name=name, daemon=True).start()


def _loop(name: str, turn: Callable[[], bool], *, idle: float) -> None:
    """Turn until told to stop. A turn that fails is logged and tried again; the process does not die of it."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _n, _f: stopped.set())
    pause = idle
    while not stopped.is_set():
        try:
            busy = turn()
            pause = idle
        except Exception:
            LOG.exception("turn_failed", part=name)
            close_old_connections()
            busy, pause = False, min(max(pause * 2, 0.5), 10.0)
        if not busy:
            stopped.wait(pause)
