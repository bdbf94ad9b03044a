"""`lachan evidence verify`: a verdict in plain words, an exit code, and nothing but the standard start-up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lachan.cli.evidence import evidence, text
from lachan.evidence.bundle import read, withhold, write
from lachan.evidence.verify import report
from tests.unit.evidence.conftest import make_bundle

WHOLE = make_bundle()
FILES = dict(read(WHOLE).files)
ROOT = FILES["anchor/root.json"]
BODY = next(path for path in FILES if path.endswith("/parts/body"))


def test_a_valid_bundle_is_called_valid_in_both_languages() -> None:
    found = report(WHOLE, anchor=ROOT)
    assert "HỢP LỆ. Chưa có dấu thời gian của bên thứ ba.\n" in text(found, "vi")
    assert "VALID. There is no third party's time-stamp.\n" in text(found, "en")
    assert "Gói chứng cứ VA-26-004182" in text(found, "vi")


def test_without_an_anchor_it_is_consistent_not_anchored() -> None:
    found = report(WHOLE, anchor=None)
    assert "Nhất quán, chưa neo" in text(found, "vi")
    assert "Consistent, not anchored" in text(found, "en")


def test_what_is_withheld_is_counted_and_named() -> None:
    found = report(write(withhold(FILES, [BODY])), anchor=ROOT)
    assert "HỢP LỆ. Giữ lại 1 nội dung." in text(found, "vi")
    assert BODY in text(found, "vi")


def test_what_is_wrong_is_named_on_the_last_line() -> None:
    found = report(write({**FILES, "verify.sh": b"echo VALID"}), anchor=ROOT)
    assert text(found, "vi").endswith("KHÔNG HỢP LỆ: verify.sh\n")
    assert "WRONG" in text(found, "en")


@pytest.mark.parametrize("content", [None, b"", b"not a zip"])
def test_what_cannot_be_read_leaves_with_4_and_one_line(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "b.zip"
    if content is not None:
        path.write_bytes(content)
    ran = CliRunner().invoke(evidence, ["verify", str(path), "--lang", "vi"])
    assert ran.exit_code == 4
    assert ran.stderr.startswith("lachan: ")
    assert len(ran.stderr.splitlines()) == 1


def test_with_json_an_error_has_the_shape_of_every_error(tmp_path: Path) -> None:
    ran = CliRunner().invoke(evidence, ["verify", str(tmp_path / "none.zip"), "--json"])
    assert ran.exit_code == 4
    assert json.loads(ran.stdout)["error"].keys() >= {"code", "field", "text_vi", "text_en"}


def test_an_anchor_that_cannot_be_read_is_not_ignored(tmp_path: Path) -> None:
    bundle = tmp_path / "b.zip"
    bundle.write_bytes(WHOLE)
    ran = CliRunner().invoke(evidence, ["verify", str(bundle), "--anchor", str(tmp_path / "none")])
    assert ran.exit_code == 4


def test_verifying_needs_neither_django_nor_the_records() -> None:
    code = (
        "import sys, lachan.cli.evidence, lachan.evidence.verify, lachan.evidence.local; "
        "assert not any(name.split('.')[0] == 'django' for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
