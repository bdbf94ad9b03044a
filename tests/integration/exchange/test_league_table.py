"""The league table of a month: who sees whom, what is left out, the page, and what is taken away as a file."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.test import Client

from lachan.access import permissions
from lachan.access.actors import Actor
from lachan.access.models import AccessRecord
from lachan.access.sessions import begin
from lachan.exchange.league_reads import League, Month, league_of
from lachan.kernel.time import ICT, SystemClock
from lachan.members.roles import Role
from lachan.web import urls
from tests.integration.exchange.asked import OTHERS, SBV, open_ask, plant, watchers
from tests.integration.members.conftest import A05, BANK, Deployment

pytestmark = pytest.mark.usefixtures("adopted")


@pytest.fixture
def people(country: Deployment) -> dict[str, Actor]:
    return watchers(country)


def seen(actor: Actor, country: Deployment, kind_name: str = "") -> League:
    now = country.clock.now()
    return league_of(actor, month=Month.of(now), kind_name=kind_name, now=now)


def test_the_centre_sees_all_a_regulator_its_members_a_member_itself(
    country: Deployment, people: dict[str, Actor]
) -> None:
    for member in (BANK, *OTHERS):
        plant(country.clock.now(), member)
    shown = {sort: {line.standing.member for line in seen(actor, country).lines} for sort, actor in people.items()}  # fmt: skip
    assert shown == {
        "centre": {BANK, *OTHERS}, "regulator": {OTHERS[0]}, "member": {BANK}, "asker": set()
    }  # fmt: skip
    (own,) = seen(people["member"], country).lines
    assert (own.own, own.of) == (True, 6)
    assert own.place is not None
    (spread,) = seen(people["member"], country).spreads
    assert spread.members == 6
    assert "dung-han" in {
        str(one.pattern) for one in urls.OFFICERS
    }  # its page declares the permission
    assert permissions.allowed(people["member"], "league.read")
    assert not permissions.allowed(people["asker"], "league.read")
    assert not permissions.allowed(Actor.public(), "league.read")


def test_a_place_among_few_is_told_only_to_who_sees_them_all(
    country: Deployment, people: dict[str, Actor]
) -> None:
    for member in (BANK, OTHERS[1]):
        plant(country.clock.now(), member)
    assert [line.place for line in seen(people["member"], country).lines] == [None]
    assert sorted(line.place or 0 for line in seen(people["centre"], country).lines) == [1, 2]
    assert seen(people["member"], country).spreads == ()


def test_tests_other_months_and_other_kinds_are_left_out(
    country: Deployment, people: dict[str, Actor]
) -> None:
    now = country.clock.now()
    begins = Month.of(now).begins
    plant(begins)  # midnight in Việt Nam is still the day before in London
    plant(begins - timedelta(seconds=1))
    plant(now, test=True)
    plant(now, kind="identify_subscriber", late=True)
    open_ask(now, due_at=now - timedelta(seconds=1))
    (line,) = seen(people["member"], country, "trace_credit").lines
    counted = line.standing
    assert (counted.asked, counted.on_time, counted.late, counted.overdue) == (2, 1, 0, 1)
    assert {one.standing.kind for one in seen(people["member"], country).lines} == {
        "trace_credit",
        "identify_subscriber",
    }


def test_verified_law_stands_before_service_targets(
    country: Deployment, people: dict[str, Actor]
) -> None:
    now = country.clock.now()
    plant(now, kind="take_down", priority="P1", answerer_member="vn/platform/x", late=True)
    plant(now)
    lines = seen(people["centre"], country).lines
    assert [line.standing.by_law for line in lines] == [False]  # the platform is in no directory
    plant(now, kind="take_down", priority="P1", late=True)
    lines = seen(people["centre"], country).lines
    assert {line.standing.by_law for line in lines} == {False}  # the article binds no bank


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "x", "9999-01", "२०२६-११", "2026-1", "0000-01"])  # fmt: skip
def test_what_is_no_month_is_the_present_one(text: str, country: Deployment) -> None:
    now = country.clock.now()
    assert Month.parse(text, now=now) == Month.of(now)


def test_months_follow_each_other_over_the_year() -> None:
    month = Month(2025, 12)
    assert (month.after(), month.after().before()) == (Month(2026, 1), month)
    assert month.after().begins == datetime(2026, 1, 1, tzinfo=ICT)


def client_of(country: Deployment, name: str) -> Client:
    client = Client()
    client.force_login(country.logins[name])
    session = client.session
    begin(session, SystemClock().now())
    session.save()
    return client


@pytest.mark.parametrize(("language", "word"), [("vi", "Chỉ tiêu phục vụ"), ("en", "Service targets")])  # fmt: skip
def test_the_page_and_its_file_show_the_same(
    country: Deployment, people: dict[str, Actor], language: str, word: str
) -> None:
    now = SystemClock().now()
    plant(now)
    open_ask(now, due_at=now - timedelta(minutes=1))
    client = client_of(country, "Hồ Thị Bàn")
    client.cookies["django_language"] = language
    page = client.get("/dung-han", {"sort": "-late", "loai": "trace_credit"})
    assert page.status_code == 200
    text = page.content.decode()
    assert word in text
    assert 'aria-sort="descending"' in text
    assert '<input type="hidden" name="loai" value="trace_credit">' in text
    for name in OTHERS:
        assert name not in text
    file = client.post("/tai-bang/dung-han", {"as": "csv", "loai": "trace_credit", "thang": ""})
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][4:8] == ["2", "1", "0", "1"]
    logged = AccessRecord.objects.get(action="export")
    assert (logged.permission, logged.count) == ("league.read", 1)


def test_an_empty_month_and_every_reader_get_a_page(
    country: Deployment, people: dict[str, Actor]
) -> None:
    for role in (Role.REGISTRAR, Role.AUDITOR, Role.LIAISON, Role.UNIT_HEAD):
        officer = country.enrol(f"Người {role.value}", A05, "duty", role)
        assert client_of(country, officer.name).get("/dung-han").status_code == 200
    assert client_of(country, "Lý Văn Tra").get("/dung-han").status_code == 403
    assert SBV not in client_of(country, "Hồ Thị Bàn").get("/dung-han").content.decode()
