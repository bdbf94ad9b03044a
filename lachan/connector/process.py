"""The running connector: one thread polls, one works, one shows the desk page. Idle, it waits.

Polling never waits for an answer to be worked out, and leases end while the centre is down.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from lachan.connector import acting, inbox, leases, outbox
from lachan.connector.centre import Centre, CentreUnreachable
from lachan.connector.member import Member
from lachan.kernel.errors import LachanError
from lachan.kernel.time import from_wire, pace
from lachan.members.directory import Freshness

LOG = logging.getLogger("lachan.connector")
TICK_SECONDS = 1.0  # how late a lease may end and a retry go out
_LONGEST_PAUSE = 30
_FETCH_SECONDS = 60.0


class Connector:
    """`poll_once` and `work_once` are the two loops' bodies; `run` runs them until `stop` is set."""

    def __init__(self, member: Member, polls: Centre, posts: Centre) -> None:
        self.member = member
        self.polls = polls
        self.posts = posts
        self.stop = threading.Event()
        self.woken = threading.Event()
        self.offset = timedelta(0)
        self._fetched = 0.0

    def refresh(self) -> None:
        """Fetch directory and catalogue when the centre has newer ones. Raises: CentreUnreachable."""
        trust, store = self.member.trust, self.member.store
        trust.take_directory(self.polls.directory(trust.version), store)
        if not trust.complete:
            trust.take_catalogue(self.polls.catalogue(), store)

    def poll_once(self, *, wait: int | None = None) -> int:
        """One poll: take in what came, give receipts; answers how many messages were taken.

        Raises: CentreUnreachable.
        """
        limits = self.member.config.read.limits
        if not self.member.trust.complete:
            self.refresh()
        reply = self.polls.poll(
            wait=limits.wait_seconds if wait is None else wait, most=limits.capacity
        )
        if int(reply.get("directory_version", 0)) > self.member.trust.version or self._due():
            self.refresh()
        receipts, stuck = [], 0
        for item in reply.get("items", ()):
            try:
                receipt = inbox.take(item, self.member)
            except LachanError as wrong:
                LOG.warning("not taken: %s", wrong.code)
                receipt = None
            if receipt is None:
                stuck += 1
            else:
                receipts.append(receipt)
        if receipts:
            self.woken.set()
            self.polls.receipts(receipts)
        if stuck and not receipts:
            self.stop.wait(TICK_SECONDS)  # the centre offers them again at once
        return len(receipts)

    def _due(self) -> bool:
        """The directory is past its next update; asked again at most once a minute."""
        directory, now = self.member.trust.directory, time.monotonic()
        if directory is None or now - self._fetched < _FETCH_SECONDS:
            return False
        self._fetched = now
        return directory.freshness(self.member.clock.now()) is not Freshness.FRESH

    @property
    def clock_off(self) -> bool:
        """This machine's clock is so far off that nothing may be sealed with it."""
        allowed = timedelta(seconds=self.member.config.read.limits.clock_stop_seconds) * pace()
        return abs(self.offset) > allowed

    def work_once(self) -> int:
        """End leases, work the inbox, post the outbox; answers how much was done."""
        done = leases.sweep(self.member) + acting.work(self.member)
        if self.clock_off:
            return done  # what was decided is kept; it leaves when the clock is right again
        try:
            while outbox.post(self.member, self.posts):
                done += 1
        except CentreUnreachable as cause:
            LOG.info("%s", cause)
        return done

    def run(self) -> None:
        """Until `stop`. What fails is tried again; nothing here ends the process."""
        threads = [
            threading.Thread(target=self._loop, args=(self._poll,), name="poll", daemon=True),
            threading.Thread(target=self._loop, args=(self._work,), name="work", daemon=True),
        ]
        for thread in threads:
            thread.start()
        while not self.stop.wait(60):
            self.look_at_clock()
        self.woken.set()
        for thread in threads:
            thread.join(timeout=2)

    def _poll(self) -> bool:
        self.poll_once()
        return True

    def _work(self) -> bool:
        if not self.work_once():
            self.woken.wait(TICK_SECONDS)
        self.woken.clear()
        return True

    def _loop(self, body: Callable[[], bool]) -> None:
        failures = 0
        while not self.stop.is_set():
            try:
                body()
                failures = 0
            except CentreUnreachable as cause:
                failures += 1
                LOG.info("%s", cause)
            except Exception:
                failures += 1
                LOG.exception("a fault; trying again")
            if failures:
                self.stop.wait(min(_LONGEST_PAUSE, 2 ** min(failures - 1, 5)))
        self.member.store.close()

    def look_at_clock(self) -> None:
        """Warn when this machine's clock and the centre's differ."""
        try:
            began = time.monotonic()
            theirs = from_wire(str(self.posts.ping()["now"]))
        except (CentreUnreachable, LachanError, KeyError):
            return
        self.offset = self.member.clock.now() - theirs
        allowed = self.member.config.read.limits.clock_warn_seconds + time.monotonic() - began
        if abs(self.offset) > timedelta(seconds=allowed) * pace():
            LOG.warning("clock differs from the centre's by %s", self.offset)
