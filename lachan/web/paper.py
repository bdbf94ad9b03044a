"""The turn that serves members who are not connected: orders into their folders as PDF, replies out of them.

The edge knows both the exchange and the adapters that print. Any part of a turn may be cut off at any moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import translation

from lachan.adapters.documents.table_file import csv_file
from lachan.adapters.drop.incoming import Incoming
from lachan.adapters.drop.outgoing import Outgoing
from lachan.exchange import paper
from lachan.exchange.forms.declared import fields
from lachan.exchange.kinds import MessageType
from lachan.exchange.queries import printed_view
from lachan.kernel.time import Clock
from lachan.web import paper_replies
from lachan.web.documents import document_of, on_paper, withdrawal_of

EVERY = 5.0  # seconds; a courier does not come more often
LOG = structlog.get_logger("lachan")


def folder() -> Path:
    """Where the members' folders are."""
    return Path(settings.LACHAN_DATA) / "paper"


def sweep(*, clock: Clock) -> float:
    """Print what waits, publish what is printed; answers the seconds until the next turn. What fails is kept and tried again."""
    out = Outgoing(folder())
    with translation.override("vi"):
        for delivery in paper.waiting():
            _deliver(out, delivery, clock)
    for member in paper.paper_members():
        for delivery in out.staged(member):
            if paper.is_done(delivery):
                out.publish(member, delivery)
    paper_replies.sweep(Incoming(folder()), clock=clock)
    return EVERY


def _deliver(out: Outgoing, delivery: int, clock: Clock) -> None:
    try:
        looked = paper.look(delivery=delivery, clock=clock)
        if looked is None:
            return
        if (one := looked.to_print) is not None:
            out.stage(one.member, delivery, files_of(one))
        paper.remember(looked, clock=clock)
    except Exception as fault:  # noqa: BLE001 - kept with the delivery, tried again
        # Without the traceback: its frames hold the question in the clear.
        LOG.warning("paper_failed", delivery=delivery, fault=type(fault).__name__)
        paper.note_fault(delivery=delivery, why=f"{type(fault).__name__}: {fault}")


def files_of(one: paper.ToPrint) -> Mapping[str, bytes]:
    """The order as PDF and, where its kind is answered in lines, an empty table with the right heads."""
    view, name = printed_view(one), one.code.typed
    if one.type is MessageType.CANCEL:
        return {f"{name}-huy.pdf": on_paper(withdrawal_of(view))}
    files = {f"{name}.pdf": on_paper(document_of(view, reply=name))}
    if one.kind.rows is not None:
        heads = [column.label.vi for column in fields(one.kind.rows)]
        files[f"{name}.csv"] = csv_file(heads, [])
    return files
