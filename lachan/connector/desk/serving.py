"""Serves the desk page from a thread of the connector; it listens on the member's own network alone."""

from __future__ import annotations

import logging
import threading
import time

from lachan.connector.desk.app import DeskApp
from lachan.connector.desk.asgi import application
from lachan.connector.member import Member

LOG = logging.getLogger("lachan.connector")
_START_SECONDS = 5.0


def start_desk(member: Member, woken: threading.Event) -> threading.Thread:
    """Listen on `[desk] listen` until the process ends; returns when it does, or has failed to.

    A desk that cannot listen (its port is taken) is said in the log; answers by software go on.
    """
    import uvicorn  # noqa: PLC0415 - only where there is a desk

    host, _, port = member.config.read.desk.listen.rpartition(":")
    config = uvicorn.Config(
        application(DeskApp(member, woken)),
        host=host or "127.0.0.1",
        port=int(port),
        lifespan="off",
        log_level="warning",
        access_log=False,
        ws="none",
        server_header=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="desk", daemon=True)
    thread.start()
    until = time.monotonic() + _START_SECONDS
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    if not server.started:
        LOG.warning("the desk page cannot listen on %s", member.config.read.desk.listen)
    return thread
