"""Heads are stamped by a third party, a wrong stamp is never kept, and silence for four hours is noticed.

The authority is openssl itself; the clock stands at the machine's time, since the authority tells that.
"""

import random
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from lachan.adapters.tsa import authority
from lachan.evidence import proofs, services, stamping, stopping
from lachan.evidence.bundle import read
from lachan.evidence.errors import StampRefused, TsaWrong
from lachan.evidence.export import export_case
from lachan.evidence.models import Entry, Stamp, TreeHead
from lachan.evidence.sequencer import sequence_all, sequence_once
from lachan.evidence.signing import payload_of
from lachan.evidence.stamping import Outcome, stamp_once
from lachan.evidence.verify import report
from lachan.kernel.canonical import parse_canonical
from lachan.kernel.time import FixedClock
from tests.integration.evidence.test_export import logged_case
from tests.tsa import Tsa, running

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tsa]:
    with running(tmp_path_factory.mktemp("tsa")) as one:
        yield one


@pytest.fixture
def tsa(made: Tsa) -> Iterator[Tsa]:
    made.fault, made.asked = "", 0
    made.answered.clear()
    stamping.use(*authority.configured([made.setting]))
    yield made
    stamping.use()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime.now(UTC))


def append(clock: FixedClock, n: int = 1) -> None:
    for _ in range(n):
        services.append("access", "system", clock.now(), code="other")


def failures() -> list[tuple[str, str]]:
    told = [parse_canonical(bytes(data)) for data in Entry.objects.values_list("bytes", flat=True)]
    return [(one["actor"], one["code"]) for one in told if one["event"] == "sth_failed"]


def test_the_newest_head_is_stamped_over_the_bytes_that_a_bundle_ships(
    tsa: Tsa, clock: FixedClock, tmp_path: Path
) -> None:
    append(clock, 3)
    sequence_once(clock)
    assert stamp_once(clock) is Outcome.STAMPED
    stamp, head = Stamp.objects.get(), proofs.head()
    assert (stamp.head_id, stamp.size, bytes(stamp.root)) == (head.id, 3, head.root)
    assert (stamp.tsa, stamp.ca) == (tsa.url, tsa.ca.read_text())
    (tmp_path / "head").write_bytes(payload_of(head.jws))
    (tmp_path / "tsr").write_bytes(bytes(stamp.token))
    subprocess.run(
        ["openssl", "ts", "-verify", "-data", "head", "-in", "tsr", "-CAfile", str(tsa.ca)],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip


def test_it_is_stamped_again_after_a_minute_or_a_thousand_entries(
    tsa: Tsa, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamping, "ENTRIES", 10)
    append(clock)
    sequence_once(clock)
    assert [stamp_once(clock), stamp_once(clock)] == [Outcome.STAMPED, Outcome.NOT_DUE]
    append(clock, 9)
    sequence_once(clock)
    assert stamp_once(clock) is Outcome.NOT_DUE
    append(clock)
    sequence_once(clock)
    assert stamp_once(clock) is Outcome.STAMPED
    clock.advance(59)
    append(clock)
    sequence_once(clock)
    assert stamp_once(clock) is Outcome.NOT_DUE
    clock.advance(1)
    assert stamp_once(clock) is Outcome.STAMPED


def test_an_empty_log_is_stamped_as_well(tsa: Tsa, clock: FixedClock) -> None:
    sequence_once(clock)
    assert stamp_once(clock) is Outcome.STAMPED
    assert Stamp.objects.get().size == 0


def test_without_a_head_or_an_authority_nothing_is_due(tsa: Tsa, clock: FixedClock) -> None:
    assert stamp_once(clock) is Outcome.NOT_DUE
    sequence_once(clock)
    stamping.use()
    assert not stamping.configured()
    assert stamp_once(clock) is Outcome.NOT_DUE
    assert tsa.asked == 0


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("garbage", "stamp.unreadable"), ("cut", "stamp.unreadable"), ("endless", "stamp.unreadable"),
        ("status", "stamp.status"), ("imprint", "stamp.imprint"), ("nonce", "stamp.nonce"),
        ("chain", "stamp.chain"), ("signature", "stamp.chain"),
    ],
)  # fmt: skip
def test_a_wrong_stamp_is_refused_logged_and_tried_again(
    tsa: Tsa, clock: FixedClock, fault: str, code: str
) -> None:
    append(clock)
    sequence_once(clock)
    tsa.fault = fault
    assert stamp_once(clock) is Outcome.FAILED
    assert not Stamp.objects.exists()
    assert failures() == [("tsa-1", code)]
    tsa.fault = ""
    sequence_once(clock)
    assert stamp_once(clock) is Outcome.STAMPED
    assert Stamp.objects.get().size == 2


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_stamp_of_another_time_is_refused(tsa: Tsa, clock: FixedClock, minutes: int) -> None:
    clock.advance(minutes * 60)
    sequence_once(clock)
    assert stamp_once(clock) is Outcome.FAILED
    assert failures() == [("tsa-1", "stamp.time")]


def test_what_openssl_would_refuse_in_court_is_refused_at_once(
    tsa: Tsa, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    sequence_once(clock)
    (one,) = authority.configured([tsa.setting])
    monkeypatch.setattr(tsa, "reply", lambda query: _with_path(tsa, query))
    stamping.use(one)
    assert stamp_once(clock) is Outcome.FAILED
    assert failures() == [("tsa-1", "stamp.openssl")]


def _with_path(tsa: Tsa, query: bytes) -> tuple[int, bytes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/usr/bin:/bin")
        return Tsa(tsa.folder).reply(query)


def test_an_authority_that_is_down_leaves_no_entry_and_the_second_stamps(
    tsa: Tsa, clock: FixedClock, tmp_path: Path
) -> None:
    append(clock)
    sequence_once(clock)
    tsa.fault = "down"
    assert stamp_once(clock) is Outcome.FAILED
    assert failures() == []
    with running(tmp_path / "second") as second:
        stamping.use(*authority.configured([tsa.setting, second.setting]))
        assert stamp_once(clock) is Outcome.STAMPED
        assert Stamp.objects.get().tsa == second.url
    stamping.use(*authority.configured([second.setting]))  # its port is closed by now
    clock.advance(60)
    sequence_once(clock)
    assert stamp_once(clock) is Outcome.FAILED


def test_an_authority_that_answers_by_the_drop_is_left(
    tsa: Tsa, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authority, "SECONDS", 0.4)
    tsa.fault = "slow"
    sequence_once(clock)
    assert stamp_once(clock) is Outcome.FAILED
    assert failures() == []


def test_settings_that_cannot_be_checked_start_nothing(tsa: Tsa, tmp_path: Path) -> None:
    for wrong in ((tsa.url, ""), (tsa.url, str(tmp_path / "none")), ("file:///tmp", str(tsa.ca))):
        with pytest.raises(TsaWrong):
            authority.configured([wrong])
    (tmp_path / "empty.pem").write_text("no certificate")
    with pytest.raises(TsaWrong):
        authority.configured([(tsa.url, str(tmp_path / "empty.pem"))])


def test_the_clock_runs_from_the_oldest_entry_without_a_stamp(tsa: Tsa, clock: FixedClock) -> None:
    start = clock.advance(-5 * 3600)
    assert stopping.waiting_since(clock.now()) is None
    append(clock)
    clock.advance(1)
    assert stopping.waiting_since(clock.now()) == start
    sequence_once(clock)
    clock.advance(4 * 3600 - 2)
    assert stopping.waiting_since(clock.now()) == start
    assert not stopping.stopped(clock.now())
    clock.advance(1)
    assert stopping.stopped(clock.now())


def test_a_stamp_that_covers_the_oldest_entry_opens_again(tsa: Tsa, clock: FixedClock) -> None:
    clock.advance(-5 * 3600)
    append(clock)
    sequence_once(clock)
    clock.advance(5 * 3600 - 2)
    assert stopping.stopped(clock.now())
    assert stamp_once(clock) is Outcome.STAMPED
    clock.advance(1)
    assert not stopping.stopped(clock.now())
    assert stopping.waiting_since(clock.now()) is None


def test_an_entry_that_the_stamp_did_not_cover_keeps_the_clock_running(
    tsa: Tsa, clock: FixedClock
) -> None:
    clock.advance(-5 * 3600)
    append(clock)
    sequence_once(clock)
    late = clock.advance(3600)
    append(clock)
    clock.advance(4 * 3600 - 2)
    assert stamp_once(clock) is Outcome.STAMPED
    clock.advance(1)
    assert stopping.waiting_since(clock.now()) == late
    sequence_all(clock)
    clock.advance(1)
    assert stopping.waiting_since(clock.now()) == late
    assert stopping.stopped(late + timedelta(hours=4))


def test_an_empty_log_never_stops(tsa: Tsa, clock: FixedClock) -> None:
    tsa.fault = "down"
    sequence_once(clock)
    for _ in range(3):
        assert stamp_once(clock) is Outcome.FAILED
        clock.advance(2 * 3600)
        sequence_once(clock)
    assert not stopping.stopped(clock.now())
    assert not Entry.objects.exists()


def test_asking_costs_no_statement_within_a_second_and_none_without_an_authority(
    tsa: Tsa, clock: FixedClock, django_assert_num_queries: object
) -> None:
    append(clock)
    with django_assert_num_queries(3):  # type: ignore[operator] # largest stamp, next leaf, pending
        for _ in range(1000):
            stopping.stopped(clock.now())
            clock.advance(0.0009)
    stamping.use()
    clock.advance(3600 * 24)
    with django_assert_num_queries(0):  # type: ignore[operator] # as above
        assert not stopping.stopped(clock.now())


def test_a_bundle_ships_the_stamp_and_verifies_with_it(tsa: Tsa, clock: FixedClock) -> None:
    case = logged_case(clock)
    sequence_once(clock)
    assert not report(export_case(case, actor="system", clock=clock).data, anchor=case.root).stamped
    sequence_all(clock)
    assert stamp_once(clock) is Outcome.STAMPED
    stamp = Stamp.objects.get()
    made = export_case(case, actor="system", clock=clock)
    files = read(made.data).files
    assert made.size == stamp.size == 10  # the export before is an entry too
    assert files["stamps/10.tsr"] == bytes(stamp.token)
    assert files["stamps/10.ca.pem"] == tsa.ca.read_bytes()
    found = report(made.data, anchor=case.root)
    assert (found.ok, found.stamped, found.wrong) == (True, True, ())
    clock.advance(120)
    append(clock)
    sequence_all(clock)
    stamp_once(clock)
    assert export_case(case, actor="system", clock=clock).sha256 == made.sha256


def test_a_head_signed_again_at_rest_is_not_taken_for_the_stamped_one(
    tsa: Tsa, clock: FixedClock
) -> None:
    case = logged_case(clock)
    clock.advance(60)
    sequence_once(clock)
    assert stamp_once(clock) is Outcome.STAMPED
    same_size = TreeHead.objects.filter(size=9).order_by("id")
    assert len(same_size) == 2
    assert Stamp.objects.get().head_id == same_size[1].pk
    assert report(export_case(case, actor="system", clock=clock).data, anchor=case.root).stamped


def test_an_altered_stamp_makes_the_bundle_invalid(tsa: Tsa, clock: FixedClock) -> None:
    case = logged_case(clock)
    head = TreeHead.objects.order_by("-id").first()
    assert head is not None
    (one,) = authority.configured([tsa.setting])
    token = one.stamp(b"another head", clock=clock)
    Stamp.objects.create(
        head=head, size=head.size, root=head.root, tsa="x", token=token, ca=tsa.ca.read_text(), at=clock.now(),
    )  # fmt: skip
    made = export_case(case, actor="system", clock=clock)
    assert report(made.data, anchor=case.root).wrong == ("stamps/9.tsr",)
    assert sha256(made.data).hexdigest() == made.sha256


def test_a_damaged_answer_is_refused_and_breaks_nothing(
    tsa: Tsa, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no signature covers (a version, the name of an algorithm) may be altered and nothing is lost by it."""
    (one,) = authority.configured([tsa.setting])
    request = (
        TimestampRequestBuilder()
        .data(b"head")
        .hash_algorithm(HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .build()
    )
    token = tsa.reply(request.as_bytes())[1]
    chance = random.Random(7)

    def bent(_self: object, _query: bytes) -> bytes:
        made = bytearray(token)
        for _ in range(chance.choice([1, 1, 2, 5])):
            made[chance.randrange(len(made))] = chance.randrange(256)
        if chance.random() < 0.3:
            at = chance.randrange(len(made))
            made[at : at + chance.randrange(9)] = chance.randbytes(chance.randrange(9))
        return bytes(made)

    monkeypatch.setattr(TimestampRequestBuilder, "build", lambda _self: request)
    monkeypatch.setattr(authority.Authority, "_ask", bent)
    taken = 0
    for _ in range(500):
        try:
            one.stamp(b"head", clock=clock)
        except StampRefused:
            continue
        taken += 1
    assert taken < 10


def test_openssl_alone_finds_the_stamp_of_an_unpacked_bundle(
    tsa: Tsa, clock: FixedClock, tmp_path: Path
) -> None:
    case = logged_case(clock)
    stamp_once(clock)
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(export_case(case, actor="system", clock=clock).data)
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path / "b")
    (tmp_path / "root.json").write_bytes(case.root)
    script = ["sh", str(tmp_path / "b" / "verify.sh"), str(tmp_path / "root.json")]
    ran = subprocess.run(script, capture_output=True, text=True, check=False)
    (line,) = [line for line in ran.stdout.splitlines() if "stamps/9.tsr" in line]
    (tmp_path / "b" / "stamps" / "9.ca.pem").write_bytes((tsa.folder / "other.crt").read_bytes())
    again = subprocess.run(script, capture_output=True, text=True, check=False)
    (other,) = [line for line in again.stdout.splitlines() if "stamps/9.tsr" in line]
    assert line.startswith("đúng")
    assert other.startswith("SAI")
    assert again.returncode == 1
