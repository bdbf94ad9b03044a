"""Serves the desk page from a thread of the connector; it listens on the member's own network alone."""

from __future__ import annotations

import threading

from lachan.connector.desk.app import DeskApp
from lachan.connector.desk.asgi import application
from lachan.connector.member import Member


def start_desk(member: Member, woken: threading.Event) -> threading.Thread:
    """Listen on `[desk] listen` until the process ends; a daemon thread."""
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
    thread = threading.Thread(target=uvicorn.Server(config).run, name="desk", daemon=True)
    thread.start()
    return thread
