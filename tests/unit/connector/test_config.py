"""A wrong configuration stops the start and names its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from lachan.connector.config import ConfigWrong, load_config

GOOD = """[member]
address = "vn/bank/970901"
code = "970901"

[centre]
url = "https://centre.example"
root_file = "root.json"

[keys]
sign = "sign.jwk"
encrypt = "encrypt.jwk"

[store]
path = "store.db"

[[adapter]]
type = "sql"
place = "lines.db"

[[policy]]
kind = "pause"
action = "desk"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "connector.toml"
    path.write_text(text)
    return path


def test_a_configuration_is_read_with_its_paths_beside_it(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, GOOD))
    assert config.address == "vn/bank/970901"
    assert config.path("store.db") == tmp_path.resolve() / "store.db"
    assert config.read.policy[0].action == "desk"


@pytest.mark.parametrize(
    ("old", "new", "line", "names"),
    [
        ('code = "970901"', 'kode = "970901"', 3, "kode"),
        ("[store]", "[storage]", 13, "storage"),
        ('type = "sql"', 'type = "oracle"', 17, "type"),
        ('action = "desk"', 'action = "never"', 22, "action"),
        ('place = "lines.db"', "place = 7", 18, "place"),
        ('path = "store.db"', 'path = "store.db', 14, "line 14"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, names: str
) -> None:
    with pytest.raises(ConfigWrong) as refused:
        load_config(written(tmp_path, GOOD.replace(old, new)))
    assert refused.value.line == line
    assert names in refused.value.message("en")


HTTP = """
[[adapter]]
type = "http"
url = "https://core.bank.example/la-chan"
ca = "keys/core-ca.crt"
cert = "keys/core.crt"
key = "keys/core.key"
"""


def test_a_core_of_the_members_own_is_named_beside_its_records(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, GOOD + HTTP))
    assert config.read.adapter[1].url == "https://core.bank.example/la-chan"
    program = '\n[[adapter]]\ntype = "exec"\nprogram = ["/usr/local/bin/core", "--order"]\n'
    config = load_config(written(tmp_path, GOOD + program))
    assert config.read.adapter[1].program == ("/usr/local/bin/core", "--order")


@pytest.mark.parametrize(
    ("old", "new", "line", "names"),
    [
        ("https://core.bank.example/la-chan", "http://core.bank.example", 26, "url"),
        ("https://core.bank.example/la-chan", "https://u:p@core.bank.example", 26, "url"),
        ('key = "keys/core.key"', "", 25, "cert"),
        ('key = "keys/core.key"', 'place = "x"', 29, "place"),
        ('ca = "keys/core-ca.crt"', 'verify = "no"', 27, "verify"),
        ('url = "https://core.bank.example/la-chan"', "", 25, "url"),
        ('type = "http"', 'type = "exec"', 26, "url"),
    ],
)
def test_what_is_wrong_with_a_core_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, names: str
) -> None:
    with pytest.raises(ConfigWrong) as refused:
        load_config(written(tmp_path, GOOD + HTTP.replace(old, new)))
    assert names in refused.value.message("en")
    assert abs(refused.value.line - line) <= 1


def test_two_cores_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(ConfigWrong, match="one core"):
        load_config(written(tmp_path, GOOD + HTTP + HTTP))


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigWrong):
        load_config(tmp_path / "none.toml")
