"""Words of the pages for the codes that contexts answer with; each code once, with the shape of its status tag.

A code that is not here is shown as it is (and a test finds it): better an English code than a wrong word.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lachan.web.words.cases import ACTS, FLAGS, SOURCES, TELLING, TIMELINE
from lachan.web.words.exchange import (
    KINDS,
    LAW,
    LEVELS,
    NOT_SENT,
    ORDER_STANDINGS,
    PRIORITIES,
    REFUSALS,
    SIGNINGS,
    STAGES,
    STEPS,
)
from lachan.web.words.holds import (
    EXITS,
    EXTENTS,
    HOLDERS,
    LEFT_OUT,
    METHODS,
    NEVER_BLOCK,
    REASONS,
    STOPS,
)
from lachan.web.words.reports import (
    CHANNELS,
    CONTACTS,
    PLANTED,
    RAILS,
    REPORT_STATES,
    SECRETS,
    WITHHELD,
)
from lachan.web.words.roles import ROLES
from lachan.web.words.states import STATES
from lachan.web.words.word import Word

LISTS: dict[str, dict[str, Word]] = {
    "report_state": REPORT_STATES,
    "refusal": REFUSALS,
    "priority": PRIORITIES,
    "level": LEVELS,
    "state": STATES,
    "flag": FLAGS,
    "act": ACTS,
    "kind": KINDS,
    "channel": CHANNELS,
    "rail": RAILS,
    "secret": SECRETS,
    "contact": CONTACTS,
    "withheld": WITHHELD,
    "method": METHODS,
    "role": ROLES,
    "holder": HOLDERS,
    "left_out": LEFT_OUT,
    "stop": STOPS,
    "timeline": TIMELINE,
    "never_block": NEVER_BLOCK,
    "step": STEPS,
    "reason": REASONS,
    "not_sent": NOT_SENT,
    "exit": EXITS,
    "law": LAW,
    "stage": STAGES,
    "signing": SIGNINGS,
    "extent": EXTENTS,
    "planted": PLANTED,
    "telling": TELLING,
    "actor": {"system": (_("hệ thống"), ""), "public": (_("người dân"), "")},
    "source": SOURCES,
    "order_standing": ORDER_STANDINGS,
}


def word(code: object, name: str = "state") -> Word:
    """The word and shape of a code; upper and lower case are the same, a StrEnum is its value."""
    text = str(getattr(code, "value", code) or "")
    found = LISTS[name].get(text) or LISTS[name].get(text.lower()) or LISTS[name].get(text.upper())
    return found or (text, "waiting" if name == "state" else "")
