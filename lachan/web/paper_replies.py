"""Replies out of the folders of members who are not connected: read, kept for a signer, or given back with reasons.

A reply is one table (CSV or XLSX) or form (JSON), or both, with one scan of the signed paper; it waits until all of it lies there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import structlog

from lachan.access.steps import step
from lachan.adapters.drop.incoming import Brought, Incoming
from lachan.adapters.drop.tables import table_text
from lachan.adapters.foreign.json_text import read_object
from lachan.exchange import replies
from lachan.exchange.paper import paper_members
from lachan.exchange.paper_models import PaperReply
from lachan.exchange.replies import ReplyUnfit
from lachan.kernel.errors import LachanError
from lachan.kernel.events import Event
from lachan.kernel.time import Clock

LOG = structlog.get_logger("lachan")
MAX_FORM = 2**20
TABLES = ("csv", "xlsx")
_ONE_EACH = "csv | xlsx, json, -quet.pdf | -quet.jpg | -quet.png"


def sweep(incoming: Incoming, *, clock: Clock) -> None:
    """One turn over every member's `in/`. A member whose folder fails holds up no other."""
    for member in paper_members():
        try:
            _member(incoming, member, clock)
        except Exception as fault:  # noqa: BLE001 - tried again at the next turn
            # Without the traceback: its frames hold the reply in the clear.
            LOG.warning("paper_reply_failed", member=member, fault=type(fault).__name__)


def _member(incoming: Incoming, member: str, clock: Clock) -> None:
    groups: dict[str, list[Brought]] = defaultdict(list)
    for one in incoming.files(member):
        if one.error is not None:
            incoming.give_back(member, one, one.error)
        else:
            groups[one.code].append(one)
    for code, files in groups.items():
        _group(incoming, member, code, files, clock)


def _group(
    incoming: Incoming, member: str, code: str, files: Sequence[Brought], clock: Clock
) -> None:
    scans = [one for one in files if one.form == "scan"]
    told = [one for one in files if one.form != "scan"]
    try:
        _ensure_one_each(scans, told)
        if not scans or not told:
            return  # the rest of it is still on its way
        read = [(one.form, incoming.read(member, one)) for one in told]
        scan = incoming.read(member, scans[0])
        keep(member=member, code=code, told=read, scan=scan, clock=clock)
    except LachanError as error:
        # A single scan stays: what is corrected is dropped beside it.
        for one in files if len(scans) > 1 else told:
            incoming.give_back(member, one, error)
        return
    for one in files:
        incoming.keep(member, one)


def _ensure_one_each(scans: Sequence[Brought], told: Sequence[Brought]) -> None:
    """Raises: ReplyUnfit."""
    tables = [one for one in told if one.form in TABLES]
    if len(scans) > 1 or len(tables) > 1:
        names = ", ".join(one.name for one in (*tables, *scans))
        raise ReplyUnfit(why=names, right=_ONE_EACH)


@step
def keep(
    *, member: str, code: str, told: Sequence[tuple[str, bytes]], scan: bytes, clock: Clock
) -> tuple[PaperReply, Iterable[Event]]:
    """Read the files (form, bytes) of one reply and keep it, once. Raises: LachanError of what is wrong."""
    now = clock.now()
    order = replies.order_named(code, member=member)
    table = next((table_text(form, data) for form, data in told if form in TABLES), None)
    form = next((_form(data) for form, data in told if form == "json"), None)
    replied = replies.read_reply(order, form=form, table=table, now=now)
    files = [data for _, data in told]
    return replies.keep_reply(order, replied, member=member, files=files, scan=scan, now=now), ()


def _form(data: bytes) -> dict[str, str]:
    """Names of fields and what would be typed into them. Raises: ForeignUnreadable, ReplyUnfit."""
    read = read_object(data, form="JSON", limit=MAX_FORM)
    if not all(isinstance(value, str) for value in read.values()):
        raise ReplyUnfit(why="JSON", right='{"field": "text"}')
    return read
