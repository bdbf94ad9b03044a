"""The evidence log against pymerkle on the same entries in the same run (exchange.md §11)."""

import os
import sqlite3
import tempfile
import time
import warnings
from pathlib import Path

LEAST = 2_000  # entries a second that a verb may not wait for
SIZES = {"small": 5_000, "full": 50_000}


def run(size: str = "small", *, peers: bool = True) -> list[dict[str, object]]:
    """Rows {measure, value, unit, peer?, ratio?, target?, met}; rates are entries a second, one core."""
    count = SIZES[size]
    if not peers:
        return _centre(count // 5)
    entries = [
        b'{"at":"2026-11-24T03:00:00.000Z","event":"accepted","n":%d}' % n for n in range(count)
    ]
    ours, peer = _local(entries), _pymerkle(entries[: count // 5])
    verified, peer_verified = _verify_ours(entries), _verify_peer(entries)
    return [
        _row(
            "append, and a root after each batch of 200, SQLite",
            ours,
            "entries/s",
            peer=peer,
            least=2.0,
            target=20_000,
        ),
        _row(
            "root of all entries", verified, "entries/s", peer=peer_verified, least=2.0, target=None
        ),
        *_centre(count // 5),
    ]


def _row(
    measure: str, value: float, unit: str, *, peer: float, least: float, target: float | None
) -> dict[str, object]:
    ratio = value / peer
    return {
        "measure": measure,
        "value": round(value),
        "unit": unit,
        "peer": f"pymerkle ({peer:.0f}/s)",
        "ratio": round(ratio, 2),
        "target": f"≥ {least}×" + (f", ≥ {target}" if target else ""),
        "met": ratio >= least and (target is None or value >= target),
    }


def _local(entries: list[bytes]) -> float:
    """As the sequencer does it: batches of 200, nodes and entries in one transaction."""
    from lachan.evidence import tree

    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder) / "log.sqlite")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE entry (idx INTEGER PRIMARY KEY, bytes BLOB)")
        db.execute(
            "CREATE TABLE node (level INT, i INT, hash BLOB, PRIMARY KEY (level, i)) WITHOUT ROWID"
        )
        known: dict[tuple[int, int], bytes] = {}
        start = time.perf_counter()
        for at in range(0, len(entries), 200):
            batch = entries[at : at + 200]
            grown = list(
                tree.grow(at, map(tree.leaf_hash, batch), [known[one] for one in tree.peaks(at)])
            )
            known.update({(level, i): hashed for level, i, hashed in grown})
            db.executemany("INSERT INTO entry VALUES (?, ?)", enumerate(batch, at))
            db.executemany("INSERT INTO node VALUES (?, ?, ?)", grown)
            db.commit()
            tree.root(at + len(batch), lambda level, i: known[level, i])
        spent = time.perf_counter() - start
        db.close()
    return len(entries) / spent


def _pymerkle(entries: list[bytes]) -> float:
    from pymerkle import SqliteTree

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with SqliteTree(str(Path(folder) / "peer.sqlite"), algorithm="sha256") as peer:
            start = time.perf_counter()
            for at in range(0, len(entries), 200):
                peer.append_entries(entries[at : at + 200], 200)
                peer.get_root()  # pymerkle keeps leaves alone: without a root it has done no tree
            return len(entries) / (time.perf_counter() - start)


def _verify_ours(entries: list[bytes]) -> float:
    from lachan.evidence import tree

    start = time.perf_counter()
    tree.root_of([tree.leaf_hash(entry) for entry in entries])
    return len(entries) / (time.perf_counter() - start)


def _verify_peer(entries: list[bytes]) -> float:
    from pymerkle import InmemoryTree

    peer = InmemoryTree(algorithm="sha256")
    start = time.perf_counter()
    for entry in entries:
        peer.append_entry(entry)
    peer.get_root()
    return len(entries) / (time.perf_counter() - start)


def _centre(count: int) -> list[dict[str, object]]:
    """`services.append` inside one business transaction, then the sequencer over all of it."""
    import django
    from django.core.management import call_command

    with tempfile.TemporaryDirectory() as folder:
        # Never a deployment that the caller's environment names: these entries are no evidence.
        os.environ.update(LACHAN_DATA=folder, DJANGO_SETTINGS_MODULE="lachan.settings")
        os.environ.pop("LACHAN_DATABASE", None)
        django.setup()
        from django.db import transaction

        from lachan.evidence import sequencer, services
        from lachan.kernel.time import SystemClock

        call_command("migrate", verbosity=0)
        clock = SystemClock()
        start = time.perf_counter()
        with transaction.atomic():
            for n in range(count):
                services.append(
                    "accepted", "vn/police/a05", clock.now(), h=f"{n:064x}", kind="pause"
                )
        appended = count / (time.perf_counter() - start)
        start = time.perf_counter()
        placed = sequencer.sequence_all(clock)
        sequenced = placed / (time.perf_counter() - start)
    return [
        {"measure": "append in a business transaction", "value": round(appended), "unit": "entries/s",
         "target": f"≥ {LEAST}", "met": appended >= LEAST},
        {"measure": "sequencer, Django", "value": round(sequenced), "unit": "entries/s",
         "target": f"≥ {LEAST}", "met": sequenced >= LEAST},
    ]  # fmt: skip


if __name__ == "__main__":
    for line in run():
        print(line)
