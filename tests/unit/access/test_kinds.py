"""A member kind is one file."""

import sys
from pathlib import Path

import pytest

from lachan.members import kinds
from lachan.members.kind import all_kinds
from lachan.members.roles import HOLDS_ACCOUNTS, MemberKind


def test_every_kind_of_member_has_its_file_and_every_file_its_kind() -> None:
    assert set(all_kinds()) == set(MemberKind)
    files = {path.stem for path in Path(kinds.__path__[0]).glob("*.py")} - {"__init__"}
    assert files == {kind.value for kind in MemberKind}


def test_titles_stand_in_both_languages_and_account_holders_agree_with_the_roles() -> None:
    assert all(one.title.vi and one.title.en and one.desks for one in all_kinds().values())
    assert {name for name, one in all_kinds().items() if one.holds_accounts} == HOLDS_ACCOUNTS


def test_a_file_without_its_declaration_is_a_defect(tmp_path: Path) -> None:
    (tmp_path / "empty_kind.py").write_text("KIND = None\n")
    kinds.__path__.append(str(tmp_path))
    all_kinds.cache_clear()
    try:
        with pytest.raises(TypeError, match="empty_kind"):
            all_kinds()
    finally:
        kinds.__path__.remove(str(tmp_path))
        sys.modules.pop("lachan.members.kinds.empty_kind", None)
        all_kinds.cache_clear()
