"""The monitoring page: who sees whom, what waits, when a member was last heard, what is late and to whom that was told."""

from datetime import timedelta

import pytest

from lachan.access.actors import Actor
from lachan.exchange import contacts
from lachan.exchange.models import DeliveryRecord, HeardRecord
from lachan.exchange.watching import Watch, watch
from lachan.kernel.time import to_wire
from lachan.members import services as members
from tests.integration.exchange.asked import OTHERS, SBV, open_ask, plant, watchers
from tests.integration.exchange.conftest import Bank
from tests.integration.exchange.forging import MARKER, WHY, forge, post, question
from tests.integration.exchange.test_league_table import client_of
from tests.integration.members.conftest import A05, BANK, CENTRE, Deployment

pytestmark = pytest.mark.usefixtures("adopted")


@pytest.fixture
def people(country: Deployment) -> dict[str, Actor]:
    return watchers(country)


@pytest.fixture(autouse=True)
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contacts, "_noted", {})


def seen(actor: Actor, country: Deployment) -> Watch:
    return watch(actor, now=country.clock.now())


def test_the_centre_sees_all_a_regulator_its_members_a_member_itself(
    country: Deployment, people: dict[str, Actor]
) -> None:
    shown = {sort: {one.member.address for one in seen(actor, country).members} for sort, actor in people.items()}  # fmt: skip
    assert shown["centre"] == {CENTRE, SBV, A05, BANK, *OTHERS}
    assert shown["member"] == {BANK}
    assert shown["asker"] == {A05}
    assert shown["regulator"] == {SBV, OTHERS[0]}
    assert seen(Actor.public(), country).members == ()


def test_a_late_answer_reaches_the_regulator_at_the_third_level_and_not_before(
    country: Deployment, people: dict[str, Actor]
) -> None:
    for level in range(-1, 4):
        open_ask(country.clock.now(), OTHERS[0], level=level)
        open_ask(country.clock.now(), BANK, level=level)
    plant(country.clock.now(), BANK, level=3)  # it has been answered
    open_ask(country.clock.now(), BANK, level=3, test=True)
    levels = {
        sort: [(one.member.address, one.level) for one in seen(actor, country).late]
        for sort, actor in people.items()
    }
    assert levels["member"] == [(BANK, 3), (BANK, 2), (BANK, 1), (BANK, 0)]
    assert levels["regulator"] == [(OTHERS[0], 3)]
    assert [level for _, level in levels["centre"]] == [3, 3, 2, 2, 1, 1]
    assert levels["asker"] == []
    (own,) = seen(people["member"], country).members
    assert (own.open, own.warned, own.overdue, own.regulator_told) == (5, 1, 3, 1)


def test_what_waits_is_counted_with_its_age_and_its_text_is_nowhere(
    bank: Bank, shift: None, country: Deployment, people: dict[str, Actor]
) -> None:
    first = country.clock.now()
    post(forge(country, body=question(country, ref=MARKER)), country)
    country.clock.advance(60)
    post(forge(country), country)
    (own,) = seen(people["member"], country).members
    assert (own.queue, own.oldest_at) == (2, first)
    delivery = DeliveryRecord.objects.unscoped(reason=WHY).order_by("id").first()
    assert delivery is not None
    delivery.receipted_at = country.clock.now()
    delivery.save()
    (own,) = seen(people["member"], country).members
    assert (own.queue, own.oldest_at) == (1, country.clock.now())
    page = client_of(country, "Hồ Thị Bàn").get("/giam-sat").content.decode()
    assert MARKER not in page
    assert "VA-26-000001" not in page  # not even the case


def test_a_poll_is_noted_once_a_minute_with_the_clock_of_who_made_it(country: Deployment) -> None:
    at = country.clock.now()
    contacts.polled(BANK, at=at, signed_at=at - timedelta(seconds=42))
    contacts.polled(BANK, at=at + timedelta(seconds=59), signed_at=at)
    row = HeardRecord.objects.unscoped(reason=WHY).get()
    assert (row.polled_at, row.clock_offset_seconds, row.directory_version) == (at, -42, None)
    contacts.fetched(BANK, version=7)
    contacts.polled(BANK, at=at + timedelta(seconds=60), signed_at=at + timedelta(seconds=61))
    row.refresh_from_db()
    assert (row.polled_at, row.clock_offset_seconds) == (at + timedelta(seconds=60), 1)
    assert row.directory_version == 7


def test_the_first_use_without_a_key_is_the_end(
    country: Deployment, people: dict[str, Actor]
) -> None:
    (own,) = seen(people["member"], country).members
    directory, now = members.current_directory(), country.clock.now()
    ends = [key.valid_to for key in (directory.sign_key(BANK, now), directory.encrypt_key(BANK, now)) if key]  # fmt: skip
    assert own.keys_end_at is not None
    assert to_wire(own.keys_end_at) == min(ends)


@pytest.mark.parametrize(
    ("name", "open_"),
    [("Vũ Thị Giám", 200), ("Đỗ Văn Quản", 200), ("Hồ Thị Bàn", 200), ("Lý Văn Tra", 403)],
)
def test_the_page_opens_for_who_watches(
    country: Deployment, people: dict[str, Actor], name: str, open_: int
) -> None:
    open_ask(country.clock.now(), BANK, level=3)
    contacts.polled(BANK, at=country.clock.now(), signed_at=country.clock.now())
    client = client_of(country, name)
    for language in ("vi", "en"):
        client.cookies["django_language"] = language
        assert client.get("/giam-sat", {"sort": "-queue"}).status_code == open_
