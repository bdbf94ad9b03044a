"""Pictures of the pages for docs/screenshots, from a demonstration that was kept (`lachan demo --headless --keep DIR`).

    python scripts/screenshots.py DIR

The signing sheet as its second signer sees it comes from the browser tests: LACHAN_PICTURES=docs/screenshots make test-browser.
The members' desk and account pages need their members running and are taken by hand from `make demo`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
INTO = ROOT / "docs" / "screenshots"
PORT = 8765
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 800}


def main() -> None:
    """Serve the kept demonstration's pages, sign in as its investigator, and take the pictures."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="lachan.settings", LACHAN_DATA=str(Path(sys.argv[1]) / "centre"),
        LACHAN_PROFILE="demo", LACHAN_DEMO="1", DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )  # fmt: skip
    program = "import sys; from lachan.cli.main import main; sys.exit(main())"
    serve = [sys.executable, "-c", program, "serve", "--only", "web", "--port", str(PORT)]
    with subprocess.Popen(
        serve, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait()
            _pictures()
        finally:
            server.terminate()


def _wait() -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("the pages do not answer")


def _pictures() -> None:
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from lachan.cases.models import CaseRecord

    cases = CaseRecord.objects.unscoped(reason="pictures of a demonstration").order_by("code")
    case = cases.values_list("code", flat=True)[0]
    with sync_playwright() as play:
        flags = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        public = _page(browser, "vi", PHONE)
        for name, path in (
            ("public-home", "/"), ("report-question", "/trinh-bao/so-tien"), ("report-quick", "/trinh-bao/dien-nhanh"),
        ):  # fmt: skip
            _take(public, path, name)
        officer = _page(browser, "vi", WIDE)
        _sign_in(officer)
        for name, path in (
            ("board", "/bang"), ("case", f"/vu-viec/{case}"), ("case-timeline", f"/vu-viec/{case}/nhat-ky"),
            ("messages", f"/vu-viec/{case}/trao-doi"), ("money-flow", f"/vu-viec/{case}/dong-tien"),
        ):  # fmt: skip
            _take(officer, path, name, whole=name in {"board", "case", "money-flow"})
        officer.goto(f"/vu-viec/{case}/trao-doi")
        requests = officer.locator("a[href^='/yeu-cau/']")
        path = requests.nth(requests.count() - 1).get_attribute("href") or "/"
        _take(officer, path, "request")
        officer.context.add_cookies(
            [{"name": "django_language", "value": "en", "url": f"http://127.0.0.1:{PORT}"}]
        )
        officer.emulate_media(color_scheme="dark")
        _take(officer, f"/vu-viec/{case}/tien", "case-money-english-dark", whole=False)
        browser.close()


def _page(browser: Any, language: str, size: dict[str, int]) -> Any:
    base = f"http://127.0.0.1:{PORT}"
    context = browser.new_context(
        base_url=base, viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    return context.new_page()


def _sign_in(page: Any) -> None:
    from lachan.access.services import current_code
    from lachan.demo.cast import PASSWORD
    from lachan.demo.provision import login_of

    page.goto("/dang-nhap")
    page.locator("#username").fill("dtv")
    page.locator("#password").fill(PASSWORD)
    page.locator("#totp").fill(current_code(login_of("dtv")))
    page.locator("main form button").first.click()


def _take(page: Any, path: str, name: str, *, whole: bool = True) -> None:
    page.goto(path)
    page.screenshot(path=INTO / f"{name}.png", full_page=whole)


if __name__ == "__main__":
    main()
