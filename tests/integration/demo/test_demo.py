"""The whole main job, as `lachan demo --headless --json` runs it: one run, judged from outside."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lachan.demo.cast import PEOPLE
from tests.integration.demo.conftest import database, run

pytestmark = [pytest.mark.slow, pytest.mark.processes]
LACHAN = [sys.executable, "-c", "import sys; from lachan.cli.main import main; sys.exit(main())"]
FLIPS = 8  # random bytes of the bundle, each turned over alone


@dataclass(frozen=True)
class Shown:
    """One finished demonstration."""

    folder: Path
    figures: dict[str, Any]
    environment: dict[str, str]

    def lachan(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run([*LACHAN, *arguments], self.environment, seconds=120)

    def verify(self, bundle: Path) -> subprocess.CompletedProcess[str]:
        anchor = self.figures["evidence"]["anchor"]
        return self.lachan("evidence", "verify", str(bundle), "--anchor", anchor, "--json")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("demo")
    words = ["demo", "--headless", "--json", "--keep", str(folder), "--transfers", "20000"]
    with database() as environment:
        done = run([*LACHAN, *words], environment)
        assert done.returncode == 0, done.stderr[-4000:]
        yield Shown(folder, json.loads(done.stdout), environment)


def test_the_document_has_the_shape_that_scripts_rely_on(shown: Shown) -> None:
    figures = shown.figures
    assert set(figures) >= {
        "seed", "steps", "sums", "layers", "institutions", "holds", "plans", "accounts", "evidence",
    }  # fmt: skip
    assert figures["seed"] == 7
    assert all(set(one) >= {"name", "started_at", "ended_at"} for one in figures["steps"])
    assert all(one["started_at"] <= one["ended_at"] for one in figures["steps"])
    assert set(figures["sums"]) >= {
        "reported", "held", "moved_on", "withdrawn", "unresolved", "returned",
    }  # fmt: skip
    assert all(
        set(one) >= {"institution", "account", "amount", "effect", "expires_at"}
        for one in figures["holds"]
    )
    assert set(figures["accounts"]) >= {"touched", "held", "left_out", "bystanders_held"}
    assert set(figures["evidence"]) >= {"entries", "bundle", "anchor"}


def test_every_dong_reported_is_accounted_for(shown: Shown) -> None:
    sums = shown.figures["sums"]
    told = sums["held"] + sums["moved_on"] + sums["withdrawn"] + sums["unresolved"]
    assert sums["reported"] == told
    assert sums["held"] > 0
    assert sums["held"] == sum(one["amount"] for one in shown.figures["holds"])


def test_the_money_is_followed_through_layers_and_institutions(shown: Shown) -> None:
    assert shown.figures["layers"] >= 5
    assert shown.figures["institutions"] >= 6


def test_no_bystander_is_held(shown: Shown) -> None:
    truth = json.loads((shown.folder / "members" / "truth.json").read_text(encoding="utf-8"))
    held = {one["account"] for one in shown.figures["holds"]}
    assert shown.figures["accounts"]["bystanders_held"] == 0
    assert held.isdisjoint(truth["innocent"])


def test_the_members_own_books_hold_no_bystander_and_the_same_sums(shown: Shown) -> None:
    truth = json.loads((shown.folder / "members" / "truth.json").read_text(encoding="utf-8"))
    standing: dict[str, int] = {}
    for place in shown.folder.glob("members/*/effects.db"):
        code = place.parent.name.rpartition("-")[2]
        with sqlite3.connect(place) as db:
            rows = db.execute("SELECT account, held FROM effect WHERE state = 'ACTIVE'").fetchall()
        for account, amount in rows:
            full = account if ":" in account else f"{code}:{account}"
            standing[full] = standing.get(full, 0) + amount
    assert standing.keys().isdisjoint(truth["innocent"])
    assert standing == {one["account"]: one["amount"] for one in shown.figures["holds"]}


def test_a_green_plan_is_signed_twice_and_a_red_one_is_narrowed(shown: Shown) -> None:
    green, red = shown.figures["plans"]
    assert (green["colour"], green["narrowed"]) == ("GREEN", False)
    assert (red["colour"], red["narrowed"]) == ("RED", True)
    assert red["left_out"] > 0
    effective = [one for one in shown.figures["holds"] if one["instrument"] == "hold"]
    assert len(effective) == green["holds"] + red["holds"]


def test_every_hold_ends_within_three_days(shown: Shown) -> None:
    started = datetime.fromisoformat(shown.figures["steps"][0]["started_at"])
    ended = datetime.fromisoformat(shown.figures["steps"][-1]["ended_at"])
    for one in shown.figures["holds"]:
        end = datetime.fromisoformat(one["expires_at"])
        assert started < end <= ended + timedelta(hours=72)


def test_the_bundle_verifies_with_its_anchor(shown: Shown) -> None:
    done = shown.verify(Path(shown.figures["evidence"]["bundle"]))
    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout[-2000:]
    assert told["ok"] is True
    assert told["anchored"] is True


def test_without_the_anchor_the_bundle_proves_nothing(shown: Shown) -> None:
    done = shown.lachan("evidence", "verify", shown.figures["evidence"]["bundle"], "--json")
    assert done.returncode != 0
    assert json.loads(done.stdout)["ok"] is False


def test_any_turned_byte_of_the_bundle_is_found_and_named(shown: Shown, tmp_path: Path) -> None:
    whole = Path(shown.figures["evidence"]["bundle"]).read_bytes()
    random = Random(20261124)
    for number in range(FLIPS):
        at = random.randrange(len(whole))
        changed = bytearray(whole)
        changed[at] ^= 1 << random.randrange(8)
        bundle = tmp_path / f"{number}.zip"
        bundle.write_bytes(changed)
        done = shown.verify(bundle)
        assert done.returncode != 0, f"byte {at} of {len(whole)}"
        failed = [one for one in json.loads(done.stdout)["checks"] if not one["ok"]]
        assert failed, f"byte {at}"
        assert any(one.get("where") for one in failed), f"byte {at}: {failed}"


def test_number_domain_and_page_are_asked_about(shown: Shown) -> None:
    kinds: set[str] = set()
    for place in shown.folder.glob("members/*/store.db"):
        with sqlite3.connect(place) as db:
            kinds |= {row[0] for row in db.execute("SELECT kind FROM inbox WHERE type = 'ask'")}
    assert kinds >= {"identify_subscriber", "identify_domain_holder", "take_down"}


def test_the_codes_of_the_people_are_shown(shown: Shown) -> None:
    done = shown.lachan("demo", "codes", "--keep", str(shown.folder))
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(re.findall(r"^\w+ +\d{6}  ", done.stdout, re.MULTILINE)) == len(PEOPLE)
