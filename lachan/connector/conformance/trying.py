"""The run of a trial: cases are offered in groups, so that a member is tried in a minute and not in an hour.

First every kind, sound and in each wrong way; then the turns of a conversation; then directories that change.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lachan.connector.conformance import directories, judging, turns
from lachan.connector.conformance.asking import Asker, Way
from lachan.connector.conformance.centre import KitCentre, Offered, envelope_of, wire
from lachan.connector.conformance.invalid import INVALID, Subject
from lachan.connector.conformance.judging import Result, Verdict
from lachan.connector.conformance.specimens import made_up
from lachan.exchange.crypto import PrivateKey
from lachan.exchange.kinds import Auto, Question, all_kinds
from lachan.exchange.verify import check_envelope
from lachan.exchange.verify_outcome import Refusal
from lachan.kernel.errors import Text

_OFFERS = 2  # a message that is not receipted after these is not taken
_LINGER = 1.0  # seconds in which a member whose people must answer could still say something wrong
_NO_WAY = Text(vi="danh mục không mở đường hỏi", en="the catalogue opens no way to ask it")
_NO_FORM = Text(
    vi="không tự lập được câu hỏi; thêm vào tệp câu hỏi mẫu",
    en="no question can be made up; add one to the specimens",
)
_NO_ORDER = Text(
    vi="lệnh mà nó theo sau không gửi được", en="the order it follows could not be sent"
)


@dataclass(slots=True)
class Trial:
    """One member against the kit. `wait`: seconds that software may take for an answer."""

    centre: KitCentre
    ways: Mapping[str, Way | None]
    specimens: Mapping[str, Question]
    wait: float
    told: Callable[[Result], None]
    results: list[Result] = field(default_factory=list)
    live: dict[str, Live] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.centre.clock.now()

    def run(self) -> None:
        """Every case but the crash, which needs the member's process."""
        after = [name for name, way in self.ways.items() if way is not None and way.after_order]
        self._kinds([name for name in self.ways if name not in after])
        self._kinds(after)
        if not self.live:
            return
        for case in (*turns.CASES, *directories.CASES):
            case(self)

    # --- kinds ------------------------------------------------------------------------------

    def _kinds(self, names: Sequence[str]) -> None:
        """The sound ask of each kind and its wrong brothers, all at once."""
        sound: dict[str, Offered] = {}
        wrong: list[tuple[str, str, Offered]] = []
        for name in names:
            subject = self._subject(name)
            if subject is None:
                continue
            envelope = subject.ask()
            sound[name] = self.centre.offer(wire(envelope), envelope.h)
            self.live[name] = Live(subject, sound[name])
            for case, (make, _) in INVALID.items():
                made = make(subject)
                if made is not None:
                    wrong.append((name, case, self.centre.offer(*made)))
        self.settle([*sound.values()], self.alone(names))
        self.settle([one for _, _, one in wrong], None)
        for name, one in sound.items():
            declared = all_kinds()[name]
            verdict = judging.valid(one, declared, given=name in self.specimens)
            self.tell(name, "valid", verdict, software=bool(one.finals))
        for name, case, one in wrong:
            self.tell(name, case, judging.refused(one))
        self.centre.withdraw([*sound.values(), *(one for _, _, one in wrong)])

    def _subject(self, name: str) -> Subject | None:
        """What is asked of a kind; None, with its reason told, when it cannot be."""
        way, declared = self.ways[name], all_kinds()[name]
        if way is None:
            self._skip(name, _NO_WAY)
            return None
        order = ""
        if way.after_order:
            before = self._order_before(way)
            if before is None:
                self._skip(name, _NO_ORDER)
                return None
            order = before.offered.h
        code = self.centre.world.tried.code
        question = self.specimens.get(name) or made_up(
            declared, code=code, now=self.now, order=order
        )
        if question is None:
            self._skip(name, _NO_FORM)
            return None
        subject = Subject(Asker(self.centre.world), way, question, self.now, order)
        return subject if way.after_order or self._sendable(subject) else None

    def _order_before(self, way: Way) -> Live | None:
        """An order that was sent by the same asker under the same rows."""
        names = sorted(way.declared.follows) or [
            name for name, one in self.live.items() if one.subject.way.declared.order
        ]
        found = (self.live[name] for name in names if name in self.live)
        return next((one for one in found if one.subject.way.rows == way.rows), None)

    def _sendable(self, subject: Subject) -> bool:
        """The centre itself would pass it on."""
        world = self.centre.world
        checked = check_envelope(
            subject.ask(),
            directory=world.directory,
            catalogue=world.catalogue,
            now=self.now,
            checker="centre",
        )
        if isinstance(checked, Refusal):
            self._skip(
                subject.way.declared.name,
                Text(
                    vi=f"bộ kiểm tra không hỏi được: {checked.code}",
                    en=f"the kit cannot ask it: {checked.code}",
                ),
            )
        return not isinstance(checked, Refusal)

    def _skip(self, name: str, why: Text) -> None:
        self.tell(name, "valid", (Verdict.SKIPPED, why))

    # --- what all of them use ---------------------------------------------------------------

    def answering(self) -> list[str]:
        """Kinds that software answers alone and has answered: for cases about one conversation, the first of them."""
        return [
            name
            for name, one in self.live.items()
            if one.offered.finals and not self.live[name].subject.way.after_order
        ]

    def fresh(
        self, names: Sequence[str], *, key: PrivateKey | None = None, **over: Any
    ) -> dict[str, Live]:
        """A new sound ask of each kind, offered now."""
        made = {}
        for name in names:
            subject = replace(self.live[name].subject, now=self.now)
            envelope = subject.ask(**over)
            offered = self.centre.offer(wire(envelope), envelope.h, key=key)
            made[name] = Live(subject, offered)
        return made

    def alone(self, names: Sequence[str]) -> dict[str, bool]:
        return {
            name: name in self.specimens and all_kinds()[name].auto is Auto.ALONE for name in names
        }

    def settle(self, some: Sequence[Offered], alone: Mapping[str, bool] | None) -> None:
        """Until each was dealt with. alone: kinds whose answer is waited for; None: only refusals are expected."""

        def quiet(one: Offered) -> bool:
            if one.finals and one.receipts:
                return True
            if not one.receipts or one.receipted_at is None:
                return one.offers > _OFFERS and not one.finals
            patient = alone is None or alone.get(envelope_of(one).manifest.kind, False)
            return not patient and time.monotonic() - one.receipted_at > _LINGER

        self.centre.until(lambda: all(quiet(one) for one in some), self.wait)

    def tell(
        self, kind: str, case: str, verdict: tuple[Verdict, Text], *, software: bool = False
    ) -> None:
        result = Result(kind, case, *verdict, software)
        self.results.append(result)
        self.told(result)

    def unasked(self) -> None:
        """What the member said that belongs to no case."""
        for fault in dict.fromkeys(self.centre.faults):
            self.tell("-", "transport", (Verdict.FAILED, Text(vi=fault, en=fault)))


@dataclass(slots=True)
class Live:
    """A kind that is asked, and its latest message."""

    subject: Subject
    offered: Offered
