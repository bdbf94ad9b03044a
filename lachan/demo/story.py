"""The main job, driven as its people would: report, trace, pauses, plan, two signatures, holds; then a plan that is too wide.

Every act goes through the verbs that the pages call; the members answer from their own processes.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.services import current_code
from lachan.bootstrap import simulated_phone
from lachan.cases import services as cases
from lachan.cases.models import AskRecord, CaseRecord, LegRecord
from lachan.cases.standing import standing_of
from lachan.demo.cast import PASSPHRASE, PEOPLE
from lachan.demo.figures import figures
from lachan.demo.provision import actor, login_of
from lachan.demo.stage import Places, wait_until
from lachan.demo.steps import Step, patiently
from lachan.demo.told import report_form
from lachan.evidence.proofs import tree_size
from lachan.exchange import services as exchange
from lachan.exchange.models import ConversationRecord
from lachan.holds import services as holds
from lachan.holds.models import HoldRecord
from lachan.kernel.canonical import canonical
from lachan.kernel.time import FixedClock, SystemClock, clock_from_env
from lachan.members import services as members
from lachan.reports import services as reports
from lachan.reports.models import ReportRecord
from lachan.reports.rules import Channel

_WHY = "the demonstration looks at everything"
_REQUESTS = (  # different people sign, as on a real night: nobody has to wait for a third one-time code
    ("identify_subscriber", ("truc", "truong")),
    ("identify_domain_holder", ("dtv", "p3")),
    ("take_down", ("truc", "p3")),
)
_TURN = 20.0  # seconds of the half minute after which a code of the last one is no longer relied on
_ANSWERS = 60.0  # seconds that a step may wait: a member's process that was killed starts, reads its ledger and catches up


@dataclass
class Story:
    """Runs the job once and remembers what happened."""

    places: Places
    say: Callable[[str], None]
    steps: list[Step] = field(default_factory=list)
    plans: list[dict[str, Any]] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # scam → case
    _used: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = clock_from_env()
        self.truth: dict[str, Any] = json.loads(self.places.truth.read_text(encoding="utf-8"))

    def run(self) -> None:
        """All of it, in order."""
        with self.step("open_shift"):
            patiently(
                members.open_shift,
                actor("truc", purpose=Purpose.GLD),
                passphrase=PASSPHRASE,
                totp=self.code("truc"),
                clock=self.clock,
            )
        self._green()
        self._red()
        with self.step("ask_number_domain_page"):
            self._requests(self.codes["green"])
        with self.step("export_bundle"):
            self._bundle(self.codes["green"])
        self._fresh_codes()

    def _fresh_codes(self) -> None:
        """The story has used codes of the half minute to come; who signs in now shall not have to wait for them."""
        past = int(time.time()) // 30 - 1
        for person in PEOPLE:
            login = login_of(person.login)
            login.totp_step = min(login.totp_step, past)
            login.save(update_fields=["totp_step"])

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Record the time of one step."""
        self.say(name)
        made = Step(name, SystemClock().now())
        self.steps.append(made)
        yield
        made.ended_at = SystemClock().now()

    def code(self, login: str) -> str:
        """A one-time code of a person: each is good once, so the next time step's is used for the next act."""
        used = self._used.get(login, -1)
        step, into = divmod(time.time(), 30)
        step, turns = int(step), into > _TURN  # the code of the step before may be refused by then
        offset = max(0 if turns else -1, used + 1 - step)
        if offset > 1:  # the person waits for the next code
            time.sleep((used - step) * 30 - into + 0.5)
            return self.code(login)
        self._used[login] = step + offset
        at = SystemClock().now() + timedelta(seconds=30 * offset)
        return current_code(login_of(login), clock=FixedClock(at))

    def _green(self) -> None:
        with self.step("report_green"):
            self.codes["green"] = self._report("green", Channel.WEB)
        with self.step("trace_green"):
            self._wait_traced(self.codes["green"])
        with self.step("take_case"):
            patiently(cases.take, actor=self._as("dtv"), code=self.codes["green"], clock=self.clock)
        with self.step("sign_green"):
            self._sign(self.codes["green"], narrow=False)
        with self.step("holds_effective_green"):
            self._wait_effective(self.codes["green"])

    def _red(self) -> None:
        with self.step("report_red"):
            self.codes["red"] = self._report("red", Channel.PHONE)
        with self.step("trace_red"):
            self._wait_traced(self.codes["red"])
            patiently(cases.take, actor=self._as("dtv"), code=self.codes["red"], clock=self.clock)
        with self.step("narrow_and_sign_red"):
            self._sign(self.codes["red"], narrow=True)
        with self.step("holds_effective_red"):
            self._wait_effective(self.codes["red"])

    def _as(self, login: str, purpose: Purpose = Purpose.GLD) -> Actor:
        return actor(login, purpose=purpose)

    def planted(self, told: dict[str, str]) -> str:
        """A second case over freshly planted money, as a person drives it from the desk; answers its code."""
        row = {
            "rail": "BANK", **{name: told[name] for name in ("from_bank", "from_account", "to_bank", "to_account")},
            "amount": told["amount"], "at": told["at"], "payee_name": told["payee_name"],
        }  # fmt: skip
        report = {
            "transfers": [row],
            "contacts": [(kind, told[f"contact_{kind}"]) for kind in ("phone", "domain", "url")],
            **{name: told[name] for name in ("phone", "name", "citizen_id")},
        }
        name = f"planted-{told['at_wire']}"
        code = self.codes[name] = self._report(name, Channel.WEB, report)
        self._wait_traced(code)
        patiently(cases.take, actor=self._as("dtv"), code=code, clock=self.clock)
        self._sign(code, narrow=True)
        self._wait_effective(code)
        return code

    def _report(self, scam: str, channel: Channel, told: dict[str, Any] | None = None) -> str:
        """File the victim's report and answer the case that opened by itself."""
        told = told or self.truth["scams"][scam]["report"]
        form = report_form(scam, channel, told, key=f"demo-{scam}-{self.truth['now']}")
        who = Actor.public() if channel is Channel.WEB else self._as("truc")
        filed = patiently(reports.file_report, actor=who, form=form, clock=self.clock)
        if channel is Channel.WEB:
            patiently(reports.request_phone_code, actor=who, report_id=filed.id, clock=self.clock)
            patiently(
                reports.confirm_phone,
                actor=who,
                report_id=filed.id,
                code=simulated_phone().shown(1)[0].code,
                clock=self.clock,
            )

        def case_code() -> str:
            return str(ReportRecord.objects.unscoped(reason=_WHY).get(pk=filed.id).case_code)

        wait_until(
            f"a case for the report {scam}",
            lambda: bool(case_code()),
            self.places,
            seconds=_ANSWERS,
        )
        return case_code()

    def _wait_traced(self, code: str) -> None:
        """Until no question of the case waits for an answer, pauses included."""
        quiet = 0

        def settled() -> bool:
            nonlocal quiet
            waiting = (
                AskRecord.objects.unscoped(reason=_WHY)
                .filter(case__code=code, state="WAITING")
                .count()
            )
            legs = LegRecord.objects.unscoped(reason=_WHY).filter(case__code=code).count()
            quiet = quiet + 1 if waiting == 0 and legs > 0 else 0
            return quiet > 10  # noqa: PLR2004 - half a second without a new question

        wait_until(f"answers for {code}", settled, self.places, seconds=_ANSWERS)

    def _sign(self, code: str, *, narrow: bool) -> None:
        """Plan, narrow where the stop rule asks for it, and two signatures."""
        case = CaseRecord.objects.unscoped(reason=_WHY).get(code=code)
        plan = holds.plan_of(standing_of(case), now=self.clock.now())
        chosen = [row.account.account for row in plan.rows if not row.why_out]
        before = plan.forecast.colour.value
        reasons: dict[str, str] = {}
        if narrow:
            reasons = dict.fromkeys(
                plan.narrow, "thu hẹp theo quy tắc dừng: nguy cơ giữ nhầm người ngoài cuộc"
            )
            chosen = [account for account in chosen if account not in reasons]
        sheet = patiently(
            holds.propose_sheet,
            actor=self._as("dtv"),
            case_code=code,
            chosen=chosen,
            reasons=reasons,
            clock=self.clock,
        )
        for login in ("dtv", "truong"):
            who = self._as(login)
            opened = patiently(holds.open_sheet, actor=who, sheet_id=sheet.pk, clock=self.clock)
            patiently(
                holds.sign_sheet,
                actor=who, sheet_id=sheet.pk, passphrase=PASSPHRASE, totp=self.code(login),
                sheet_hash=opened.body_hash, ticks=self._orders(sheet.pk), clock=self.clock,
            )  # fmt: skip
        self.plans.append(
            {"colour": before.upper(), "narrowed": bool(reasons), "holds": len(chosen),
             "left_out": len(plan.rows) - len(chosen), "case": code}
        )  # fmt: skip

    def _orders(self, sheet: UUID) -> frozenset[str]:
        """Every order of a sheet, ticked one by one by who has read it."""
        rows = HoldRecord.objects.unscoped(reason=_WHY).filter(sheet=sheet)
        return frozenset(str(pk) for pk in rows.values_list("pk", flat=True))

    def _wait_effective(self, code: str) -> None:
        def all_effective() -> bool:
            rows = HoldRecord.objects.unscoped(reason=_WHY).filter(case=code)
            return (
                rows.exists() and not rows.filter(state__in=["SIGNED_2", "SENT", "ACKED"]).exists()
            )

        wait_until(f"effective holds of {code}", all_effective, self.places, seconds=_ANSWERS)

    def _requests(self, code: str) -> None:
        """The scam's number, domain and page: two signatures each, then the members' software or their desks."""
        for kind, signers in _REQUESTS:
            purpose = Purpose.GLD if kind == "identify_subscriber" else Purpose.TKD
            sheet = patiently(
                holds.propose_request,
                actor=self._as(signers[0], purpose),
                case_code=code,
                kind=kind,
                clock=self.clock,
            )
            for login in signers:
                who = self._as(login)
                opened = patiently(holds.open_sheet, actor=who, sheet_id=sheet.pk, clock=self.clock)
                patiently(
                holds.sign_sheet,
                    actor=who, sheet_id=sheet.pk, passphrase=PASSPHRASE, totp=self.code(login),
                    sheet_hash=opened.body_hash, clock=self.clock,
                )  # fmt: skip

        def all_sent() -> bool:
            rows = ConversationRecord.objects.unscoped(reason=_WHY).filter(
                case_ref=code,
                kind__in=["identify_subscriber", "identify_domain_holder", "take_down"],
            )
            return rows.count() >= 3 and not rows.filter(asked_at=None).exists()  # noqa: PLR2004 - one of each kind

        wait_until("the three requests", all_sent, self.places, seconds=_ANSWERS)

    def _bundle(self, code: str) -> None:
        data = patiently(
            exchange.export_bundle, actor=self._as("dtv"), case_ref=code, clock=self.clock
        )
        (self.places.folder / "bundle.zip").write_bytes(data)
        root = canonical(members.deployment_root().to_json())
        (self.places.folder / "root.json").write_bytes(root)

    def figures(self, seed: int) -> dict[str, Any]:
        """The JSON of `demo --headless --json`."""
        return {
            "seed": seed,
            "steps": [one.told() for one in self.steps],
            **figures(self.codes, set(self.truth["innocent"]), now=self.clock.now()),
            "plans": self.plans,
            "evidence": {
                "entries": tree_size(),
                "bundle": str(self.places.folder / "bundle.zip"),
                "anchor": str(self.places.folder / "root.json"),
            },
            "cases": self.codes,
        }
