"""What every template must and must not do (interface.md §3, §8)."""

import re
from pathlib import Path

import pytest

from scripts import messages

WEB = Path(__file__).resolve().parents[3] / "lachan" / "web"
TEMPLATES = sorted([*(WEB / "templates").rglob("*.html"), *(WEB / "components").rglob("*.html")])
STATIC_PAGES = {
    "404.html",
    "500.html",
}  # both languages in one file, made without the engine's help


@pytest.fixture(params=TEMPLATES, ids=lambda path: path.relative_to(WEB).as_posix())
def template(request: pytest.FixtureRequest) -> tuple[Path, str]:
    return request.param, request.param.read_text(encoding="utf-8")


def test_no_inline_style_and_no_inline_script(template: tuple[Path, str]) -> None:
    _, text = template
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\son\w+\s*=\s*[\"']", text)


def test_no_part_of_htmx_that_needs_eval_or_hides_behaviour(template: tuple[Path, str]) -> None:
    _, text = template
    assert "hx-on" not in text
    assert "js:" not in text
    assert "hx-boost" not in text
    assert not re.search(r"hx-trigger=\"[^\"]*\[", text)


def test_only_forms_change_something(template: tuple[Path, str]) -> None:
    _, text = template
    for tag in re.findall(r"<(\w+)[^>]*\shx-(?:post|put|patch|delete)", text):
        assert tag == "form"


def test_every_posting_form_carries_the_csrf_value(template: tuple[Path, str]) -> None:
    _, text = template
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL):
        assert "{% csrf_token %}" in form


def test_no_page_names_another_host(template: tuple[Path, str]) -> None:
    _, text = template
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)


def test_no_vietnamese_stands_outside_the_catalogue(template: tuple[Path, str]) -> None:
    path, text = template
    if path.name in STATIC_PAGES:
        return
    rest = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", text, flags=re.DOTALL)
    rest = re.sub(r"\{[%{].*?[%}]\}", "", rest, flags=re.DOTALL)
    rest = rest.replace("Lá Chắn", "").replace("Tiếng Việt", "")
    assert not re.search(r"[À-ỹĐđ]", rest)


def test_every_text_has_an_english_translation_and_none_is_left_over() -> None:
    assert messages.problems() == []


def test_english_texts_keep_the_places_of_their_values() -> None:
    for (text, _), forms in messages.read_po().items():
        wanted = set(re.findall(r"%\(\w+\)s|%s", text))
        for form in forms:
            assert set(re.findall(r"%\(\w+\)s|%s", form)) == wanted, text
