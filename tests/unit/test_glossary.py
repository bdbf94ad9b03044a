"""The glossary has the words that the code uses, in both languages."""

import re
from pathlib import Path

import pytest
from django.apps import apps

import lachan
from lachan.access.purposes import Purpose
from lachan.members.roles import MemberKind, Role

ROOT = Path(lachan.__path__[0])
TEXT = (ROOT.parent / "docs" / "glossary.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([^`]+)`", TEXT))
EDGES = {"web", "api", "connector", "cli", "demo"}


def rows() -> list[list[str]]:
    lines = [line for line in TEXT.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[0] not in {"Tiếng Việt", "mục đích"}]


def test_every_package_has_its_section() -> None:
    headings = set(re.findall(r"^## `(\w+)`", TEXT, re.MULTILINE))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - headings <= EDGES
    assert packages & EDGES <= WORDS
    assert headings <= packages


@pytest.mark.parametrize("kind", [Role, MemberKind, Purpose])
def test_every_role_kind_of_member_and_purpose_has_its_row(kind: type[Role]) -> None:
    assert {one.value for one in kind} <= WORDS


def test_every_kind_of_message_has_its_row() -> None:
    files = {path.stem for path in (ROOT / "exchange" / "messages").glob("*.py")} - {"__init__"}
    assert files <= WORDS


def test_every_record_has_its_row() -> None:
    names = {
        model.__name__.removesuffix("Record")
        for model in apps.get_models()
        if model.__module__.startswith("lachan.")
    }
    assert {name for name in names if name not in WORDS and f"{name}Record" not in WORDS} == set()


def test_every_row_has_both_languages_the_word_in_code_and_a_meaning() -> None:
    assert len(rows()) > 100
    for row in rows():
        assert len(row) == 4, row
        assert all(row), row
        assert row[2].startswith("`") or row[2] == "–", row


def test_a_word_of_the_code_stands_once_in_its_section() -> None:
    for section in re.split(r"^##+ ", TEXT, flags=re.MULTILINE)[1:]:
        named = re.findall(r"^\| [^|]+ \| [^|]+ \| `([^`]+)`", section, re.MULTILINE)
        assert len(named) == len(set(named)), section.splitlines()[0]
