"""Starts a connector from its configuration; knows the settings and the adapters, which nothing else does."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from lachan.connector import looking
from lachan.connector.answering import handlers
from lachan.connector.centre import CentreUnreachable, HttpCentre
from lachan.connector.config import Config, load_config
from lachan.connector.member import open_member
from lachan.connector.process import Connector
from lachan.connector.trust import calendar_of
from lachan.exchange.kinds import all_kinds
from lachan.kernel.checks import Check
from lachan.kernel.errors import LachanError
from lachan.kernel.time import clock_from_env

LOG = logging.getLogger("lachan.connector")


def serve(file: Path, stop: threading.Event) -> None:
    """Run until `stop`. Raises: ConfigWrong, LedgerUnreadable, Malformed before anything is started."""
    run(load_config(file), stop)


def run(config: Config, stop: threading.Event) -> None:
    """The same, of a configuration that was read."""
    clock = clock_from_env()
    member = open_member(config, clock)
    polls, posts = (HttpCentre(config, member.sign_jwk, clock) for _ in range(2))
    running = Connector(member, polls, posts)
    running.stop = stop
    warm()
    if config.read.desk.listen:
        from lachan.connector.desk.serving import start_desk  # noqa: PLC0415 - not every member has one

        start_desk(member, running.woken)
    LOG.info("%s: %d lines", config.address, member.book.position())
    running.run()


def warm() -> None:
    """Load what the first ask will need, so that it does not wait for it."""
    all_kinds()
    handlers()
    calendar_of("")


def look(file: Path, address: str = "") -> list[Check]:
    """What `lachan connector test` prints: configuration, core, the way to the centre, trust, encryption, a ping and its place.

    address: for whom something is encrypted; this member itself unless another is named.
    """
    config, clock = load_config(file), clock_from_env()
    member = open_member(config, clock)
    checks = [Check(id="config", ok=True, what=str(file)), *member.core.self_test()]
    if not member.code:
        checks = checks[:1]
    checks += looking.way(config)
    centre = HttpCentre(config, member.sign_jwk, clock)
    running = Connector(member, centre, centre)
    try:
        at = looking.clock(member, centre)
        checks += [Check(id="centre", ok=True, what=config.read.centre.url), at]
        running.refresh()
        checks += looking.trusted(member)
        checks.append(looking.sealed(member, address or member.address))
        checks += looking.pinged(member, centre)
    except (CentreUnreachable, LachanError) as wrong:
        checks.append(Check(id="centre", ok=False, what=wrong.message("en")))
    finally:
        centre.close()
    return checks
