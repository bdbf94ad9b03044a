"""The demonstration's desk is there in a demonstration and nowhere else."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lachan import bootstrap
from lachan.demo.cast import PEOPLE
from tests.browser.test_accessibility import violations
from tests.integration.members.conftest import Deployment


def test_the_desk_shows_people_phone_and_members(
    page: Page, country: Deployment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    login = next(iter(country.logins.values()))
    login.username = PEOPLE[0].login
    login.save()
    folder = tmp_path / "members" / "vn-bank-970901"
    folder.mkdir(parents=True)
    (folder / "connector.toml").write_text('[desk]\nlisten = "127.0.0.1:9001"\n', encoding="utf-8")
    monkeypatch.setenv("LACHAN_DEMO_FOLDER", str(tmp_path))
    page.goto("/")
    page.get_by_role("link", name="Bàn mô phỏng").click()
    expect(page.get_by_text(PEOPLE[0].login)).to_be_visible()
    expect(page.get_by_role("link", name="Bàn trực")).to_have_attribute("href", "http://127.0.0.1:9001/")  # fmt: skip
    expect(page.get_by_role("button", name="Gieo một vụ lừa mới")).to_be_visible()
    assert violations(page) == []
    bootstrap.simulated_phone().send("+84912345678", "123456")
    page.get_by_role("link", name="Điện thoại mô phỏng").click()
    expect(page.get_by_text("123456", exact=True)).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("address", ["/mo-phong", "/mo-phong/dien-thoai"])
def test_outside_a_demonstration_there_is_no_such_page(
    page: Page, settings: Any, address: str
) -> None:
    settings.LACHAN_DEMO = False
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404
