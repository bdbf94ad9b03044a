"""What the centre keeps for others opens only under the right secret, for the right owner."""

import json
from pathlib import Path
from typing import Any

import pytest

from lachan.members.errors import KeyDamaged, PassphraseWrong
from lachan.members.keystore import (
    unwrap_under_data_key,
    unwrap_under_passphrase,
    wrap_under_data_key,
    wrap_under_passphrase,
)


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.LACHAN_DATA = tmp_path


def test_a_key_under_the_data_folder_opens_for_its_owner_only(
    settings: Any, tmp_path: Path
) -> None:
    text = wrap_under_data_key(b"secret", "kid-1")
    assert "secret" not in text
    assert unwrap_under_data_key(text, "kid-1") == b"secret"
    with pytest.raises(KeyDamaged):
        unwrap_under_data_key(text, "kid-2")
    settings.LACHAN_DATA = tmp_path / "another"
    with pytest.raises(KeyDamaged):
        unwrap_under_data_key(text, "kid-1")


def test_an_officers_key_opens_under_the_passphrase_at_the_full_cost() -> None:
    text = wrap_under_passphrase(b"secret", "kid-1", "một câu dài")
    assert {"t": 3, "m": 65536, "p": 4}.items() <= json.loads(text).items()
    assert unwrap_under_passphrase(text, "kid-1", "một câu dài") == b"secret"
    with pytest.raises(PassphraseWrong):
        unwrap_under_passphrase(text, "kid-1", "một câu khác")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"nonce": 1}', "null"])
def test_what_is_damaged_says_so(text: str) -> None:
    with pytest.raises(KeyDamaged):
        unwrap_under_data_key(text, "kid-1")
    with pytest.raises(KeyDamaged):
        unwrap_under_passphrase(text, "kid-1", "x")
