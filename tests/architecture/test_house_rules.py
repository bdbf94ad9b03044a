"""The shape of the house, held by tests: empty package files, declared privacy, law only where it may stand."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "lachan"
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]


def test_package_files_import_nothing() -> None:
    """Importing a pure part must never pull in a record."""
    full = [
        path for path in PACKAGE.rglob("__init__.py") if path.read_text(encoding="utf-8").strip()
    ]
    assert full == []


@pytest.mark.parametrize("word", ["utils", "misc", "common", "manager", "helpers", "base"])
def test_no_file_is_named_by_a_word_that_means_nothing(word: str) -> None:
    assert [path for path in PACKAGE.rglob("*") if path.stem == word] == []


def own_models() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("lachan.")]


def test_every_field_of_a_record_declares_its_privacy_class() -> None:
    missing: list[str] = []
    for model in own_models():
        if (
            model._meta.app_label == "evidence"
        ):  # holds no personal data: its entries are checked field by field
            continue
        declared = getattr(model, "privacy", {})
        for field in model._meta.concrete_fields:
            if field.name in {"id", "password", "last_login"} and field.name not in declared:
                continue
            if declared.get(field.name) not in {"P", "B", "S", "X"}:
                missing.append(f"{model.__name__}.{field.name}")
    assert missing == []


def test_the_home_countrys_statutes_stand_in_data_not_in_code() -> None:
    """A mandate code may stand on the `mandates` line of a message kind, in profiles, docs and tests (law.md §5)."""
    code = re.compile(r"""["']VN\.[A-Z0-9.]+["']""")
    found: list[str] = []
    for path in MODULES:
        relative = path.relative_to(PACKAGE)
        if relative.parts[0] == "profiles" or relative.parts[:2] == ("exchange", "messages"):
            continue
        found += [
            f"{relative}:{n}"
            for n, line in enumerate(path.read_text("utf-8").splitlines(), 1)
            if code.search(line)
        ]
    assert found == []


def test_no_transaction_is_opened_outside_the_verb_and_the_processes_that_step() -> None:
    """One POST calls one verb; one verb is one transaction; only named process steps open another."""
    allowed = {
        "access/verbs.py",
        "access/unit_of_work.py",  # which verbs and steps alone enter: see below
        "access/services.py",  # signing in comes before there is an actor
        "evidence/services.py",
        "evidence/sequencer.py",
    }
    found: list[str] = []
    for path in MODULES:
        relative = path.relative_to(PACKAGE).as_posix()
        if relative in allowed:
            continue
        found += [
            f"{relative}:{node.lineno}"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute) and node.attr == "atomic"
        ]
    assert found == []


def test_only_verbs_and_steps_enter_a_unit_of_work() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module == "lachan.access.unit_of_work"
        and any(name.name == "unit_of_work" for name in node.names)
    }
    assert found == {"access/steps.py", "access/verbs.py"}


MOST_LINES = 300
STILL_LONG = {
    "cases/models.py",
    "cases/queries.py",
    "cases/services.py",
    "cases/views.py",
    "holds/errors.py",
    "holds/models.py",
    "holds/queries.py",
    "holds/reviewing.py",
    "tracing/session.py",
}  # the list only shrinks


def test_modules_are_short_and_the_list_of_long_ones_only_shrinks() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        if "migrations" not in path.parts and len(path.read_text("utf-8").splitlines()) > MOST_LINES
    }
    assert found == STILL_LONG
