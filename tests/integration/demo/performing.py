"""One demonstration in a process of its own, since Django reads its settings once. Prints one JSON document.

Run as `python -m tests.integration.demo.performing '{"keep": …, "seed": 7, "transfers": 20000, "kills": null, …}'`.
`kills` is the seed of a list of SIGKILLs at random parts at random moments; `plant` drives a second case; `factor`
lets the leases end on a fast clock.
"""

import json
import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path
from random import Random
from typing import Any

from lachan.demo import performance, stage
from lachan.demo.processes import Troupe

_KILLS = 14
_STILL = 3.0  # seconds without a message


def _kill_at_random(troupe: Troupe, seed: int, done: threading.Event, killed: list[str]) -> None:
    random = Random(seed)
    names = sorted(troupe.children)
    while len(killed) < _KILLS and not done.wait(random.uniform(0.2, 1.2)):
        name = random.choice(names)
        process = troupe.children[name].process
        if process is not None and process.poll() is None:
            troupe.kill(name)
            killed.append(name)


def main(wanted: dict[str, Any]) -> dict[str, Any]:
    """What happened, as the test wants to judge it."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    places = stage.choose(Path(wanted["keep"]), 0)
    troupe, killed, done = Troupe(places.log), [], threading.Event()
    begun = time.monotonic()

    def say(text: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:7.2f} {text}\n")

    try:
        performance.open_stage(
            places, troupe, seed=wanted["seed"], transfers=wanted["transfers"], say=say
        )
        if wanted.get("kills") is not None:
            threading.Thread(
                target=_kill_at_random, args=(troupe, wanted["kills"], done, killed), daemon=True
            ).start()
        story = performance.perform(places, say)
        done.set()
        told: dict[str, Any] = {"killed": killed}
        if wanted.get("plant"):
            told["planted"] = _plant(places, story)
        told["figures"] = story.figures(wanted["seed"])
        _settled(places)
        if wanted.get("factor"):
            told["before"] = usable(places)
            told.update(_lapse(places, troupe, wanted["factor"], say))
        told["cases"] = _cases(story)
        told["centre"] = _centre()
        told["members"] = {one.name: _member(one) for one in _banks(places)}
        return told
    finally:
        done.set()
        troupe.stop()


def _plant(places: stage.Places, story: Any) -> dict[str, Any]:
    """A new scam by the desk's own page, its report by the verbs."""
    from django.test import Client
    from django.urls import reverse

    client = Client(HTTP_HOST="127.0.0.1")
    offered = client.get(reverse("demo")).content.decode()
    answer = client.post(reverse("demo_plant"))
    told = dict(client.session["planted"])
    code = story.planted(told)
    return {
        "offered": reverse("demo_plant") in offered,
        "status": answer.status_code,
        "told": told,
        "code": code,
        "shown": told["from_account"] in client.get(reverse("demo")).content.decode(),
    }


def _lapse(places: stage.Places, troupe: Troupe, factor: str, say: Any) -> dict[str, Any]:
    """Start again on the fast clock and wait until nothing stands at the banks nor at the centre."""
    performance.run_faster(places, troupe, factor)
    say(f"clock {factor}")

    def nothing_stands() -> bool:
        return not any(one["active_leases"] or one["held"] for one in map(_member, _banks(places)))

    stage.wait_until("leases to end", nothing_stands, places, seconds=400)
    say("leases have ended")
    from lachan.holds.models import HoldRecord, PauseRecord

    def centre_knows() -> bool:
        return not any(
            model.objects.unscoped(reason="test").filter(state="EFFECTIVE").exists()
            for model in (HoldRecord, PauseRecord)
        )

    stage.wait_until("the centre's own ends", centre_knows, places, seconds=120)
    say("the centre has ended them")
    lapses = _notices(places)
    stage.wait_until("notices at the centre", lambda: _noticed() >= lapses, places, seconds=200)
    say("notices are there")
    return {"after": usable(places), "lapsed": lapses, "noticed": _noticed()}


def _notices(places: stage.Places) -> int:
    total = 0
    for one in _banks(places):
        with sqlite3.connect(one / "store.db") as db:
            total += db.execute("SELECT count(*) FROM lease WHERE state = 'LAPSED'").fetchone()[0]
    return total


def _noticed() -> int:
    from lachan.exchange.models import MessageRecord

    return int(
        MessageRecord.objects.unscoped(reason="test")
        .filter(type="notice", kind__in=["pause", "hold"])
        .count()
    )


def _settled(places: stage.Places) -> None:
    """Until nobody has anything to say, and for a while: what is delivered last may call for one more message."""
    from lachan.exchange.models import DeliveryRecord, OutgoingRecord

    deliveries = DeliveryRecord.objects.unscoped(reason="test")
    outgoing = OutgoingRecord.objects.unscoped(reason="test")
    since = [time.monotonic()]

    def quiet() -> bool:
        busy = (
            any(map(_has_to_say, _banks(places)))
            or deliveries.filter(receipted_at=None).exists()
            or outgoing.filter(state="READY").exists()
        )
        if busy:
            since[0] = time.monotonic()
        return time.monotonic() - since[0] > _STILL

    stage.wait_until("everything to be delivered", quiet, places, seconds=180)


def _has_to_say(bank: Path) -> bool:
    with sqlite3.connect(bank / "store.db", timeout=30) as db:
        return db.execute("SELECT 1 FROM outbox WHERE state = 'ready'").fetchone() is not None


def _banks(places: stage.Places) -> list[Path]:
    return sorted(one.parent for one in places.members.glob("*/store.db"))


def _member(folder: Path) -> dict[str, Any]:
    """A member's effects and messages, read from its own files."""
    with sqlite3.connect(folder / "effects.db", timeout=30) as db:
        effects = db.execute(
            "SELECT message, action, account, case_ref, held, state FROM effect ORDER BY rowid"
        ).fetchall()
    with sqlite3.connect(folder / "store.db", timeout=30) as db:
        asks = db.execute("SELECT id, kind, state, h FROM inbox WHERE type = 'ask'").fetchall()
        leases = db.execute("SELECT count(*) FROM lease WHERE state = 'ACTIVE'").fetchone()[0]
        doubles = db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM outbox GROUP BY conversation, seq HAVING count(*) > 1)"
        ).fetchone()[0]
        unsent = db.execute("SELECT count(*) FROM outbox WHERE state <> 'sent'").fetchone()[0]
    return {
        "effects": effects,
        "asks": asks,
        "active_leases": leases,
        "held": sum(row[4] for row in effects if row[5] == "ACTIVE"),
        "doubles": doubles,
        "unsent": unsent,
    }


def usable(places: stage.Places) -> dict[str, dict[str, int]]:
    """Of every account that an order touched: what its bank lets its holder use, by the bank's own rule."""
    from lachan.connector.config import load_config
    from lachan.connector.member import open_member
    from lachan.kernel.time import SystemClock

    found: dict[str, dict[str, int]] = {}
    for folder in _banks(places):
        if not _member(folder)["effects"]:
            continue
        member = open_member(load_config(folder / "connector.toml"), SystemClock())
        for account in {row[2] for row in _member(folder)["effects"]}:
            number = account.partition(":")[2] or account
            balance = member.book.balance(number)
            found[f"{folder.name}:{number}"] = {
                "balance": balance,
                "usable": balance - member.core.held(number),
            }
    return found


def _cases(story: Any) -> dict[str, dict[str, int]]:
    from lachan.cases.models import CaseRecord

    names = ("reported", "held", "moved_on", "withdrawn", "unresolved")
    return {
        scam: {
            name: getattr(CaseRecord.objects.unscoped(reason="test").get(code=code), name)
            for name in names
        }
        for scam, code in story.codes.items()
    }


def _centre() -> dict[str, Any]:
    """Orders with their states, and the log's own consistency."""
    from lachan.evidence.proofs import tree_size
    from lachan.exchange.models import DeliveryRecord, MessageRecord, OutgoingRecord
    from lachan.holds.models import HoldRecord, PauseRecord

    rows = lambda model: model.objects.unscoped(reason="test")  # noqa: E731
    return {
        "holds": [
            (str(one.case.code if hasattr(one.case, "code") else one.case), one.account, one.state)
            for one in rows(HoldRecord)
        ],
        "pauses": [(one.account, one.state) for one in rows(PauseRecord)],
        "orders": [
            (one.h, one.kind)
            for one in rows(MessageRecord).filter(type="ask", kind__in=["pause", "hold"])
        ],
        "undelivered": rows(DeliveryRecord).filter(receipted_at=None).count(),
        "unsent": rows(OutgoingRecord).filter(state__in=["READY", "REFUSED"]).count(),
        "entries": tree_size(),
        "log": _log_faults(),
    }


def _log_faults() -> list[str]:
    """Every entry has one place, its leaf is its bytes' hash, and every signed head is the root of what came before."""
    from lachan.evidence.models import Entry, Leaf, Pending, TreeHead
    from lachan.evidence.tree import leaf_hash, root_of

    entries = {one.id: bytes(one.bytes) for one in Entry.objects.all()}
    leaves = list(Leaf.objects.order_by("idx"))
    waiting = set(Pending.objects.values_list("entry_id", flat=True))
    faults = [f"place {at}" for at, one in enumerate(leaves) if one.idx != at]
    placed = [one.entry_id for one in leaves]
    if len(set(placed)) != len(placed) or set(placed) | waiting != set(entries):
        faults.append("an entry without a place, or with two")
    hashes = [leaf_hash(entries[one]) for one in placed]
    faults += [
        f"head {one.size}"
        for one in TreeHead.objects.all()
        if root_of(hashes[: one.size]) != bytes(one.root)
    ]
    return faults


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1])), ensure_ascii=False))
