"""What is wrong with the centre, as far as the centre itself can know: one function each, in order of weight (exchange.md §9).

No text names a member, an address or a person: whoever watches the service from outside reads them. What no function looks at
is named in docs/operations.md.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from lachan.adapters.certificates import ends_at
from lachan.evidence import queries as evidence
from lachan.evidence import stopping
from lachan.evidence.services import MERGE_SECONDS
from lachan.exchange import watching
from lachan.exchange.capacity_errors import EvidenceStopped
from lachan.kernel.errors import Text
from lachan.members import services as members
from lachan.members.directory import STALE_AFTER
from lachan.members.errors import NoKey
from lachan.members.roles import MemberState

KEYS_AHEAD = timedelta(days=30)
QUEUE_WAITS = timedelta(minutes=5)  # the dispatcher takes what is ready within a second
MERGE = timedelta(seconds=MERGE_SECONDS)
LEAST_FREE = (
    1 << 30
)  # bytes: below, SQLite's journal and an evidence bundle may not fit beside each other
LEAST_SHARE = 0.05
TEXTS = {
    "db": Text(
        vi="Cơ sở dữ liệu không trả lời. Kiểm tra máy chủ cơ sở dữ liệu, chỗ trống và LACHAN_DATABASE.",
        en="The database does not answer. Check its server, its disk and LACHAN_DATABASE.",
    ),
    "disk_low": Text(
        vi="Ổ đĩa của thư mục dữ liệu sắp đầy. Cần trống ít nhất 5 % và 1 GiB.",
        en="The disk of the data folder is nearly full. At least 5 % and 1 GiB must be free.",
    ),
    "sequencer_late": Text(
        vi="Có mục nhật ký chưa được xếp chỗ sau 60 giây đã hứa. Kiểm tra tiến trình “clock”.",
        en="An entry of the log has no place after the promised 60 seconds. Check the process “clock”.",
    ),
    "stamp_late": Text(
        vi="Chưa có dấu thời gian cho mục nhật ký cũ nhất đã quá 10 phút. Kiểm tra các cơ quan cấp dấu; sau 4 giờ yêu cầu mới bị dừng.",
        en="The oldest entry of the log has had no time-stamp for over 10 minutes. Check the authorities; after 4 hours new asks stop.",
    ),
    "evidence_stopped": EvidenceStopped.text,
    "queue_high": Text(
        vi="Tin do trung tâm gửi hoặc nhận thay đơn vị đã chờ quá 5 phút. Kiểm tra tiến trình “dispatcher”.",
        en="A message that the centre sends or takes for a hosted member has waited over 5 minutes. Check the process “dispatcher”.",
    ),
    "directory_stale": Text(
        vi="Danh bạ đã quá 24 giờ chưa công bố lại: yêu cầu mới bị từ chối. Kiểm tra tiến trình “clock”.",
        en="The directory was last published over 24 hours ago: new asks are refused. Check the process “clock”.",
    ),
    "key_expiring": Text(
        vi="Có khóa của đơn vị hoặc chứng thư của cổng trao đổi hết hạn trong 30 ngày. Xem trang Giám sát và cấp khóa mới.",
        en="A member's key or the exchange port's certificate ends within 30 days. See the monitoring page and enrol a new one.",
    ),
}
STOPPING = frozenset({"db", "evidence_stopped"})  # with these, new asks cannot be taken
_first_seen: dict[str, datetime] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """A code of `TEXTS` and when it began; for `db` and `disk_low`, when this process first saw it."""

    code: str
    since: datetime


def problems(now: datetime) -> list[Found]:
    """Everything that is wrong now; without the database, what can be seen without it."""
    found = list(_disk(now))
    if not _database_answers():
        return [Found("db", _first_seen.setdefault("db", now)), *found]
    _first_seen.pop("db", None)
    for look in _LOOKS:
        found += look(now)
    return found


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _disk(now: datetime) -> Iterator[Found]:
    folder = Path(settings.LACHAN_DATA)
    if not folder.exists():
        return
    usage = shutil.disk_usage(folder)
    if usage.free < max(LEAST_FREE, usage.total * LEAST_SHARE):
        yield Found("disk_low", _first_seen.setdefault("disk_low", now))
    else:
        _first_seen.pop("disk_low", None)


def _sequencer(now: datetime) -> Iterator[Found]:
    oldest = evidence.oldest_without_place()
    if oldest is not None and now - oldest > MERGE:
        yield Found("sequencer_late", oldest + MERGE)


def _stamps(now: datetime) -> Iterator[Found]:
    waiting = stopping.waiting_since(now)
    for code, after in (("stamp_late", stopping.LATE), ("evidence_stopped", stopping.STOP)):
        if waiting is not None and now - waiting >= after:
            yield Found(code, waiting + after)


def _queue(now: datetime) -> Iterator[Found]:
    oldest = watching.oldest_at_the_centre()
    if oldest is not None and now - oldest > QUEUE_WAITS:
        yield Found("queue_high", oldest + QUEUE_WAITS)


def _directory(now: datetime) -> Iterator[Found]:
    """Stale directory, keys that end. Before the first directory there is nothing that could be old."""
    try:
        directory = members.current_directory()
    except NoKey:
        return
    if now - directory.issued_at > STALE_AFTER:
        yield Found("directory_stale", directory.issued_at + STALE_AFTER)
    active = {row.address for row in directory.members() if row.state is MemberState.ACTIVE}
    ends = [at for address, at in watching.keys_end(directory, now).items() if address in active]
    port = ends_at(Path(settings.LACHAN_DATA) / "tls" / "tls.crt")
    soonest = min([*ends, *([] if port is None else [port])], default=None)
    if soonest is not None and soonest - now <= KEYS_AHEAD:
        yield Found("key_expiring", soonest - KEYS_AHEAD)


_LOOKS: tuple[Callable[[datetime], Iterator[Found]], ...] = (
    _sequencer, _stamps, _queue, _directory,
)  # fmt: skip
