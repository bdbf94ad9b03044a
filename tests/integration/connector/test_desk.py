"""What needs a person waits at the desk; two are two; looking never touches an account."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from pathlib import Path

from lachan.connector.desk.app import COOKIE, DeskApp
from lachan.connector.desk.asgi import Request, Response
from lachan.connector.desk.views import queue_view
from lachan.connector.simulator.configuring import DESK_PASSWORD
from lachan.exchange.deadlines import deadline
from lachan.exchange.kinds import Priority, kind
from lachan.exchange.messages import identify_subscriber, notify_holder, pause, take_down
from lachan.kernel.time import FixedClock, to_wire
from tests.integration.connector.conftest import NOW, Bench

TELECOM, PLATFORM, BANK = "vn/telecom/mo-phong", "vn/platform/mo-phong", "vn/bank/970902"


class Browser:
    """Clicks through a desk app without a socket."""

    def __init__(self, app: DeskApp) -> None:
        self.app = app
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **query: str) -> Response:
        return self.app(Request("GET", path, query, self.cookies, {}))

    def post(self, path: str, **form: str) -> Response:
        response = self.app(Request("POST", path, {}, self.cookies, form))
        for name, value in response.headers:
            if name == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return response

    def sign_in(self, login: str) -> Browser:
        assert self.post("/dang-nhap", login=login, password=DESK_PASSWORD).status == 303
        return self

    @property
    def csrf(self) -> str:
        session = self.app.people.session(self.cookies[COOKIE])
        assert session is not None
        return session.csrf


def desk(bench: Bench, address: str) -> DeskApp:
    return DeskApp(bench.open(address).member, threading.Event())


def subscriber(bench: Bench) -> identify_subscriber.Ask:
    return identify_subscriber.Ask(number=bench.truth["scams"]["green"]["report"]["contacts"][0][1])


def test_nobody_sees_the_queue_without_signing_in(bench: Bench) -> None:
    browser = Browser(desk(bench, TELECOM))
    assert browser.get("/").status == 303
    assert browser.post("/dang-nhap", login="ban1", password="x").status == 422
    assert browser.sign_in("ban1").get("/").status == 200


def test_five_wrong_passwords_lock_the_login(bench: Bench) -> None:
    browser = Browser(desk(bench, TELECOM))
    for _ in range(5):
        browser.post("/dang-nhap", login="ban1", password="x")
    assert browser.post("/dang-nhap", login="ban1", password=DESK_PASSWORD).status == 422


def test_a_form_without_its_token_does_nothing(bench: Bench) -> None:
    sent = bench.centre.ask(TELECOM, "identify_subscriber", subscriber(bench))
    bench.run(TELECOM)
    browser = Browser(desk(bench, TELECOM)).sign_in("ban1")
    assert browser.post(f"/yeu-cau/{sent.h}/thuc-hien").status == 403
    assert bench.open(TELECOM).member.store.received(h=sent.h).state == "desk"


def test_the_desk_reads_the_ask_in_words_and_sends_what_the_records_say(bench: Bench) -> None:
    sent = bench.centre.ask(TELECOM, "identify_subscriber", subscriber(bench))
    bench.run(TELECOM)
    browser = Browser(desk(bench, TELECOM)).sign_in("ban1")
    page = str(browser.get(f"/yeu-cau/{sent.h}").body)
    assert "+84598123456" in page
    assert "VN.ND163" in page
    assert browser.post(f"/yeu-cau/{sent.h}/thuc-hien", csrf=browser.csrf).status == 303
    bench.run(TELECOM)
    answer = bench.centre.answer(sent)
    assert answer.found
    assert answer.name
    assert str(browser.get("/").body).count("/yeu-cau/") == 0


def test_the_desk_says_who_has_been_told_that_an_ask_is_late(bench: Bench) -> None:
    sent = bench.centre.ask(TELECOM, "identify_subscriber", subscriber(bench))
    bench.run(TELECOM)
    app = desk(bench, TELECOM)
    row = bench.open(TELECOM).member.store.received(h=sent.h)
    assert row.due_at is not None
    clock = deadline(
        kind(row.kind), Priority(row.priority), row.logged_at,
        app.member.trust.catalogue.calendar,
    )  # fmt: skip
    words = [
        "Đã qua ba phần tư thời hạn",
        "Quá hạn: trưởng bàn tiếp nhận phải xử lý",
        "Quá hạn lâu: chuyển đầu mối của đơn vị; chỉ huy bên hỏi đã biết",
        "Quá hạn rất lâu: cơ quan quản lý của đơn vị đã thấy",
    ]
    seen = []
    for at in clock.instants().values():
        app.member.clock = FixedClock(at - timedelta(seconds=1))
        seen.append(_level(app, sent.h))
        app.member.clock = FixedClock(at)
        seen.append(_level(app, sent.h))
    assert seen == ["", *(one for word in words for one in (word, word))][:8]


def _level(app: DeskApp, h: str) -> str:
    (row,) = (one for one in queue_view(app.member, "vi") if one["h"] == h)
    return str(row["level"])


def test_an_answer_by_hand_is_read_by_the_declared_form(bench: Bench) -> None:
    sent = bench.centre.ask(
        TELECOM, "identify_subscriber", identify_subscriber.Ask(imei="356938035643809")
    )
    bench.run(TELECOM)
    app = desk(bench, TELECOM)
    browser = Browser(app).sign_in("ban1")
    page = browser.get(f"/yeu-cau/{sent.h}")
    assert page.status == 200
    assert "/tra-loi" in str(page.body)
    bad = browser.post(f"/yeu-cau/{sent.h}/tra-loi", csrf=browser.csrf, found="1", born="hôm qua")
    assert bad.status == 422
    assert 'href="#f-born"' in str(bad.body)


def test_a_refusal_needs_a_reason_of_the_protocol(bench: Bench) -> None:
    sent = bench.centre.ask(TELECOM, "identify_subscriber", subscriber(bench))
    bench.run(TELECOM)
    browser = Browser(desk(bench, TELECOM)).sign_in("ban1")
    assert browser.post(f"/yeu-cau/{sent.h}/tu-choi", csrf=browser.csrf, reason="X").status == 422
    assert (
        browser.post(f"/yeu-cau/{sent.h}/tu-choi", csrf=browser.csrf, reason="TOO_BROAD").status
        == 303
    )
    bench.run(TELECOM)
    assert bench.centre.answer(sent, "refuse").reason == "TOO_BROAD"


def down(bench: Bench) -> take_down.Ask:
    return take_down.Ask(
        target="URL",
        urls=[bench.truth["scams"]["green"]["report"]["contacts"][2][1]],
        fraud_type="IMP_TAX",
        evidence="trang giả mạo",
        until=to_wire(NOW + timedelta(days=20)),
    )


def test_a_page_is_locked_only_when_a_person_says_so(bench: Bench) -> None:
    sent = bench.centre.ask(
        PLATFORM, "take_down", down(bench), until=NOW + timedelta(days=20), purpose="TKD"
    )
    bench.run(PLATFORM)
    member = bench.open(PLATFORM).member
    url = down(bench).urls[0]
    browser = Browser(desk(bench, PLATFORM)).sign_in("ban1")
    assert browser.get(f"/yeu-cau/{sent.h}").status == 200
    assert member.register.find("page", url)["state"] == "ONLINE"
    browser.post(f"/yeu-cau/{sent.h}/thuc-hien", csrf=browser.csrf)
    bench.run(PLATFORM)
    assert member.register.find("page", url)["state"] == "LOCKED"
    assert bench.centre.answer(sent).outcome == "LOCKED"


def with_policy(bench: Bench, address: str, policy: str) -> None:
    """Write a policy into the member's configuration before it is opened."""
    path: Path = bench.place(address) / "connector.toml"
    path.write_text(path.read_text() + f"\n[[policy]]\n{policy}\n")


def pause_ask(bench: Bench) -> pause.Ask:
    row = bench.truth["scams"]["green"]["report"]["transfers"][0]
    return pause.Ask(
        account=f"{row['to_bank']}:{row['to_account']}",
        credit_time=row["at"],
        credit_amount=row["amount"],
        amount=row["amount"],
        until=to_wire(NOW + timedelta(hours=20)),
        reason="lừa đảo",
    )


def test_looking_at_a_pause_never_pauses_and_two_persons_are_two(bench: Bench) -> None:
    with_policy(bench, BANK, 'kind = "pause"\naction = "two_desk"')
    ask = pause_ask(bench)
    sent = bench.centre.ask(BANK, "pause", ask, cap=10**10, until=NOW + timedelta(hours=24))
    bench.run(BANK)
    app, number = desk(bench, BANK), ask.account.split(":")[1]
    core = bench.open(BANK).member.core
    first = Browser(app).sign_in("ban1")
    assert first.get(f"/yeu-cau/{sent.h}").status == 200
    assert first.post(f"/yeu-cau/{sent.h}/thuc-hien", csrf=first.csrf).status == 303
    assert first.post(f"/yeu-cau/{sent.h}/thuc-hien", csrf=first.csrf).status == 422
    assert core.held(number) == 0
    second = Browser(app).sign_in("ban2")
    assert second.post(f"/yeu-cau/{sent.h}/thuc-hien", csrf=second.csrf).status == 303
    assert core.held(number) > 0
    bench.run(BANK)
    assert bench.centre.answer(sent).effect == "PARTIAL"


def test_the_holder_sees_balance_hold_and_notice(bench: Bench) -> None:
    ask = pause_ask(bench)
    sent = bench.centre.ask(BANK, "pause", ask, cap=10**10, until=NOW + timedelta(hours=24))
    bench.run(BANK)
    words = notify_holder.Ask(order=sent.h, text="Tạm dừng.\nXem xét lại: KN-26-ABCD <b>")
    bench.centre.ask(BANK, "notify_holder", words, follows=sent.h, priority="P1")
    bench.run(BANK)
    browser = Browser(desk(bench, BANK))
    page = str(browser.get(f"/tai-khoan/{ask.account.split(':')[1]}").body)
    assert "80.050.000" in page
    assert "KN-26-ABCD &lt;b&gt;" in page
    assert browser.get("/tai-khoan/123").status == 404


def test_no_page_has_inline_style_or_script(bench: Bench) -> None:
    sent = bench.centre.ask(TELECOM, "identify_subscriber", subscriber(bench))
    bench.run(TELECOM)
    browser = Browser(desk(bench, TELECOM)).sign_in("ban1")
    for path in ("/", "/dang-nhap", f"/yeu-cau/{sent.h}", "/tai-khoan"):
        for lang in ("vi", "en"):
            page = browser.get(path, lang=lang)
            assert not re.search(r"style=|<script(?! src=./static/)|\son[a-z]+=", str(page.body)), (
                path
            )
