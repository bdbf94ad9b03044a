"""A bundle verifies with anything withheld and with nothing altered."""

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.evidence import bundle as container
from lachan.evidence import bundle as form
from lachan.evidence.bundle import Bundle, read, withhold, write
from lachan.evidence.errors import BundleUnreadable, CannotWithhold
from lachan.evidence.verify import anchored, report, stamped, verify
from lachan.kernel.checks import BundleFiles, Check
from tests.unit.evidence.conftest import LOG, OFFICER, ROWS, case_file, log_extract, make_bundle

WHOLE = make_bundle()
FILES = dict(read(WHOLE).files)
PARTS = sorted(path for path in FILES if "/parts/" in path and not path.endswith(".salt"))
STATEMENTS = [path for path in PARTS if path.endswith("/statement")]


def verify_bytes(data: bytes) -> list[Check]:
    return verify(read(data))


def failures(files: Mapping[str, bytes]) -> list[str | None]:
    return [one.where for one in verify(Bundle(files)) if not one.ok]


def test_a_bundle_as_exported_verifies() -> None:
    assert all(check.ok for check in verify_bytes(WHOLE))
    assert {check.id for check in verify_bytes(WHOLE)} == {
        "V1",
        "V7",
        "V8",
        "V11",
        "V12",
        "V13",
        "V14",
    }


def test_made_twice_it_is_the_same_to_the_byte() -> None:
    assert make_bundle() == WHOLE


def test_its_entries_are_sorted_stored_and_dated_1980() -> None:
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
        entries = archive.infolist()
    assert [one.filename for one in entries] == sorted(one.filename for one in entries)
    assert {one.date_time for one in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {one.compress_type for one in entries} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_byte_flipped_in_any_file_is_found_and_named(path: str) -> None:
    data = FILES[path]
    for at in sorted({0, len(data) // 2, len(data) - 1}):
        bent = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert any(where and where.startswith(path) for where in failures({**FILES, path: bent}))


@given(st.sampled_from(sorted(FILES)), st.data())
def test_no_altered_byte_anywhere_goes_through(path: str, data: st.DataObject) -> None:
    content = FILES[path]
    at = data.draw(st.integers(0, len(content) - 1))
    mask = data.draw(st.integers(1, 255))
    bent = content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]
    assert failures({**FILES, path: bent})
    assert failures({**FILES, path: content[:at]})


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_byte_flipped_in_the_zip_itself_never_changes_what_is_believed(
    at: int, mask: int
) -> None:
    bent = WHOLE[:at] + bytes([WHOLE[at] ^ mask]) + WHOLE[at + 1 :]
    try:
        found = read(bent)
    except BundleUnreadable:
        return
    assert not all(check.ok for check in verify(found)) or dict(found.files) == FILES


@given(st.sets(st.sampled_from(PARTS)))
def test_with_any_subset_of_parts_withheld_it_verifies_and_lists_them(withheld: set[str]) -> None:
    left = read(write(withhold(FILES, withheld)))
    checks = verify(left)
    assert all(check.ok for check in checks)
    assert {check.where for check in checks if check.id == "V8" and check.where} == withheld


@given(st.sampled_from(STATEMENTS), st.sets(st.integers(0, len(ROWS) - 1), min_size=1))
def test_single_rows_can_be_shown_and_the_rest_withheld(path: str, kept: set[int]) -> None:
    left = withhold(FILES, [path], keep_rows={path: kept})
    rows = path.replace("/parts/", "/rows/")
    assert left[f"{rows}.jsonl"].splitlines() == [ROWS[i] for i in sorted(kept)]
    assert failures(left) == []


@given(st.sampled_from(STATEMENTS), st.sets(st.integers(0, len(ROWS) - 1), min_size=1), st.data())
def test_a_shown_row_cannot_be_altered(path: str, kept: set[int], data: st.DataObject) -> None:
    left = withhold(FILES, [path], keep_rows={path: kept})
    made = sorted(left.keys() - FILES.keys())
    assert len(made) == 3
    one = data.draw(st.sampled_from(made))
    at = data.draw(st.integers(0, len(left[one]) - 1))
    mask = data.draw(st.integers(1, 255))
    bent = left[one][:at] + bytes([left[one][at] ^ mask]) + left[one][at + 1 :]
    assert failures({**left, one: bent})
    assert failures({name: content for name, content in left.items() if name != one}) or (
        one.endswith(".withheld")  # absent without a marker is withheld all the same
    )


def test_a_part_that_is_simply_left_out_counts_as_withheld() -> None:
    left = {path: data for path, data in FILES.items() if not path.startswith(PARTS[0])}
    assert failures(left) == []


@pytest.mark.parametrize("path", [one for one in sorted(FILES) if "/parts/" not in one])
def test_no_other_file_may_be_left_out(path: str) -> None:
    assert any(
        where and (where.startswith(path) or path.startswith(where) or path == form.LIST)
        for where in failures_or_unreadable({k: v for k, v in FILES.items() if k != path})
    )


def failures_or_unreadable(files: Mapping[str, bytes]) -> list[str | None]:
    try:
        return failures(read(write(files)).files)
    except BundleUnreadable:
        return [form.LIST]


def test_a_file_that_nobody_listed_is_named() -> None:
    assert failures({**FILES, "messages/extra.txt": b"trust me"}).count("messages/extra.txt") >= 1
    loose = f"{PARTS[0].rpartition('/')[0]}/other"
    assert loose in failures({**FILES, loose: b"x"})


def test_a_list_signed_by_another_key_does_not_count() -> None:
    case = case_file()
    forged = dict(FILES)
    told = json.loads(FILES[form.LIST])["bundle"]
    forged[form.LIST] = form.seal_list(
        FILES, case=case.case, as_of=told["as_of"], hashes=told["files"], key=OFFICER
    )
    assert failures(forged) == [form.LIST]  # and no other: the files are as listed


def test_a_bundle_is_anchored_only_by_the_readers_own_root() -> None:
    assert anchored(FILES, FILES["anchor/root.json"])
    assert not anchored(FILES, None)
    assert not anchored(FILES, b"{}")


@pytest.mark.parametrize(
    "data", [b"", b"not a zip", write({"a.txt": b"x"}), write({**FILES, "../evil": b"x"})]
)
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(BundleUnreadable):
        read(data)


def test_a_file_that_is_there_twice_makes_it_unreadable() -> None:
    out = io.BytesIO(WHOLE)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("verify.sh", b"echo fine")
    with pytest.raises(BundleUnreadable):
        read(out.getvalue())


def test_unpacked_and_packed_again_by_another_tool_it_is_still_good(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("messages")
        for path, data in reversed(FILES.items()):
            archive.writestr(path, data)
    assert all(check.ok for check in verify_bytes(out.getvalue()))


def test_what_claims_to_be_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "MAX_BYTES", len(WHOLE) // 2)
    with pytest.raises(BundleUnreadable):
        read(WHOLE)


def test_a_manifest_that_cannot_be_read_has_no_parts_to_show() -> None:
    path = next(path for path in FILES if path.endswith("/manifest.json"))
    folder = path.rpartition("/")[0]
    assert form.parts_of({**FILES, path: b"{"}, folder) == []
    assert form.parts_of({**FILES, path: b"{}"}, folder) == []
    with pytest.raises(CannotWithhold):
        withhold({**FILES, path: b"{}"}, [f"{folder}/parts/body"])


def test_only_parts_can_be_withheld() -> None:
    for path in ("log/sth.json", "messages/x/parts/nothing", f"{PARTS[0]}.salt"):
        with pytest.raises(CannotWithhold):
            withhold(FILES, [path])
    body = next(path for path in PARTS if path.endswith("/body"))
    with pytest.raises(CannotWithhold):
        withhold(FILES, [body], keep_rows={body: [0]})
    with pytest.raises(CannotWithhold):
        withhold(FILES, STATEMENTS[:1], keep_rows={STATEMENTS[0]: [99]})


def test_a_message_without_a_log_entry_is_named() -> None:
    case = case_file()
    short = log_extract(case)
    entries = [one for one in short.entries if one.idx != 4]
    from lachan.evidence.assemble import LogExtract, assemble

    data = assemble(case, LogExtract(short.head, entries, short.earlier), as_of="x", key=LOG)
    wrong = [check for check in verify_bytes(data) if not check.ok]
    assert {check.id for check in wrong} == {"V11"}
    assert any("messages/0001" in str(check.where) for check in wrong)


def test_openssl_alone_agrees(tmp_path: Path) -> None:
    unpack(tmp_path, FILES)
    ran = openssl_script(tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "HỢP LỆ / VALID" in ran.stdout


@pytest.mark.parametrize(
    "path",
    [
        "log/sth.json",
        "log/entries.jsonl",
        "BUNDLE.json",
        PARTS[0],
        next(path for path in FILES if path.endswith("/manifest.json")),
        next(path for path in FILES if path.endswith("/sig-1.bin")),
    ],
)
def test_openssl_alone_finds_an_altered_byte(tmp_path: Path, path: str) -> None:
    content = FILES[path]
    at = len(content) // 2
    unpack(tmp_path, {**FILES, path: content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]})
    ran = openssl_script(tmp_path)
    assert ran.returncode == 1
    assert "SAI / WRONG" in ran.stdout


def test_openssl_alone_accepts_what_is_withheld(tmp_path: Path) -> None:
    unpack(tmp_path, withhold(FILES, PARTS))
    ran = openssl_script(tmp_path)
    assert ran.returncode == 0, ran.stdout


def test_openssl_verifies_one_signature_by_the_documented_line(tmp_path: Path) -> None:
    unpack(tmp_path, FILES)
    folder = next(path for path in FILES if path.endswith("/input-0.bin")).rpartition("/")[0]
    line = (
        f"openssl pkeyutl -verify -pubin -inkey keys/{OFFICER.kid}.pem -rawin "
        f"-in {folder}/input-0.bin -sigfile {folder}/sig-0.bin"
    )
    ran = subprocess.run(line.split(), cwd=tmp_path / "b", capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr


def unpack(folder: Path, files: Mapping[str, bytes]) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    with zipfile.ZipFile(io.BytesIO(write(files))) as archive:
        archive.extractall(folder / "b")
    (folder / "root.json").write_bytes(FILES["anchor/root.json"])


def openssl_script(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(folder / "b" / "verify.sh"), str(folder / "root.json")],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """A time-stamping authority made of openssl and a key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    (tmp_path / "tsa.cnf").write_text(
        "[req]\ndistinguished_name=dn\nx509_extensions=v3\nprompt=no\n[dn]\nCN=TSA\n"
        "[v3]\nextendedKeyUsage=critical,timeStamping\nbasicConstraints=CA:TRUE\n"
        "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\n"
        "digests=sha256\naccuracy=secs:1\nordering=no\ntsa_name=no\ness_cert_id_chain=no\n"
    )
    (tmp_path / "serial").write_text("01\n")
    run(
        tmp_path,
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out ca.pem -days 3 -config tsa.cnf",
    )
    return tmp_path


def run(folder: Path, line: str) -> None:
    subprocess.run(line.split(), cwd=folder, check=True, capture_output=True)


def test_a_time_stamp_over_the_head_is_checked(authority: Path) -> None:
    (authority / "sth.json").write_bytes(FILES["log/sth.json"])
    run(authority, "openssl ts -query -data sth.json -sha256 -cert -out q")
    run(
        authority, "openssl ts -reply -queryfile q -signer ca.pem -inkey key -config tsa.cnf -out r"
    )
    size = json.loads(FILES["log/sth.json"])["size"]
    stamp, ca = (authority / "r").read_bytes(), (authority / "ca.pem").read_bytes()
    good = read(make_bundle(extra={f"stamps/{size}.tsr": stamp, f"stamps/{size}.ca.pem": ca}))
    assert all(check.ok for check in verify(good))
    assert stamped(good)
    assert not stamped(read(WHOLE))
    for files in (
        {"stamps/3.tsr": stamp, "stamps/3.ca.pem": ca},  # named after another head
        {f"stamps/{size}.tsr": stamp[:-5] + bytes(5), f"stamps/{size}.ca.pem": ca},
        {f"stamps/{size}.tsr": stamp},
    ):
        wrong = [one.id for one in verify(read(make_bundle(extra=files))) if not one.ok]
        assert wrong == ["V13"]


ROOT = FILES["anchor/root.json"]


def test_a_report_is_ok_only_with_the_readers_own_root() -> None:
    assert report(WHOLE, anchor=ROOT).ok
    alone = report(WHOLE, anchor=None)
    assert (alone.ok, alone.anchored, alone.wrong) == (False, False, ())
    other = report(WHOLE, anchor=b"{}")
    assert (other.ok, other.wrong) == (False, ("anchor/root.json",))


def test_a_report_has_both_halves_in_the_order_of_the_rules() -> None:
    def protocol(files: BundleFiles) -> list[Check]:
        return [Check.bad("V9", "messages/x", "Đứt", "Broken"), Check.good("V2", "Đủ", "Enough")]

    found = report(WHOLE, anchor=ROOT, others=[protocol])
    assert [check.id for check in found.checks] == [
        "V1",
        "V2",
        "V7",
        "V8",
        "V9",
        "V11",
        "V12",
        "V13",
        "V14",
    ]
    told = found.to_json("en")
    assert (told["ok"], told["case"], told["stamped"]) == (False, "VA-26-004182", False)
    assert {"id": "V9", "ok": False, "what": "Broken", "where": "messages/x"} in told["checks"]
    assert {"id": "V2", "ok": True, "what": "Đủ"} in found.to_json("vi")["checks"]


def test_a_report_lists_what_is_withheld() -> None:
    assert report(write(withhold(FILES, PARTS[:2])), anchor=ROOT).withheld == tuple(PARTS[:2])


def test_a_bundle_whose_list_is_nonsense_still_gets_a_report() -> None:
    found = report(write({**FILES, form.LIST: b"[" * 10_000}), anchor=ROOT)
    assert (found.ok, found.case) == (False, "?")


def test_a_byte_turned_in_a_header_of_the_zip_is_found_and_its_file_named() -> None:
    files = {"BUNDLE.json": b"{}", "log/entries.jsonl": b"one\n"}
    whole = container.write(files)
    assert container.container_fault(whole, files) is None
    changed = bytearray(whole)
    changed[whole.index(b"log/entries.jsonl") - 20] ^= (
        1  # inside the local header, which readers skip
    )
    assert container.container_fault(bytes(changed), files) == "log/entries.jsonl"
    changed = bytearray(whole)
    changed[-1] ^= 1
    assert container.container_fault(bytes(changed), files) == "ZIP"
