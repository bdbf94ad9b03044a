"""Whoever holds the log's key can sign a list of anything: the deeper checks still find it."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256

import pytest

from lachan.evidence import bundle as form
from lachan.evidence import tree
from lachan.evidence.assemble import signature_files
from lachan.evidence.bundle import Bundle, read
from lachan.evidence.instructions import script
from lachan.evidence.signing import HEAD, RECEIPT, WITNESS, b64
from lachan.evidence.verify import verify
from lachan.kernel.canonical import canonical, parse_canonical
from tests.unit.evidence.conftest import IDS, LOG, MEMBER, OFFICER, make_bundle

FILES = dict(read(make_bundle()).files)
FOLDER = f"messages/0001-{IDS[0]}"
RECEIPTS = [f"receipts/{n:04}-{IDS[n - 1]}.centre.jws" for n in (1, 2, 3)]
SIZE = json.loads(FILES["log/sth.json"])["size"]


def resealed(changed: Mapping[str, bytes | None]) -> list[tuple[str, str | None]]:
    """What still fails when the list is made again, with the log's own key, after the change."""
    files = {path: data for path, data in {**FILES, **changed}.items() if data is not None}
    hashes = {
        path: sha256(data).hexdigest()
        for path, data in files.items()
        if path != form.LIST and not form.is_bound_by_commitment(path)
    }
    files[form.LIST] = form.seal_list(files, case="x", as_of="x", hashes=hashes, key=LOG)
    return [(check.id, check.where) for check in verify(Bundle(files)) if not check.ok]


def with_json(path: str, change: Callable[[dict[str, object]], object]) -> dict[str, bytes | None]:
    told = parse_canonical(FILES[path])
    change(told)
    return {path: canonical(told)}


def test_a_list_made_again_over_the_same_files_is_good() -> None:
    assert resealed({}) == []


def test_an_altered_part_is_found_by_its_commitment() -> None:
    path = f"{FOLDER}/parts/body"
    assert resealed({path: FILES[path] + b" "}) == [("V7", path)]
    assert resealed({f"{path}.salt": FILES[f"{path}.salt"][:-1]}) == [("V7", path)]
    assert resealed({f"{path}.salt": None}) == [("V7", path)]


def test_rows_that_are_not_canonical_lines_are_found() -> None:
    path = f"{FOLDER}/parts/statement"
    for altered in (
        FILES[path][:-1],
        FILES[path] + b"{ }\n",
        FILES[path].replace(b"1000", b"1001"),
    ):
        assert resealed({path: altered}) == [("V7", path)]


def test_a_part_shown_and_withheld_at_once_is_found() -> None:
    path = f"{FOLDER}/parts/body.withheld"
    part = form.part_of(FILES, FOLDER, "body")
    assert part is not None
    assert resealed({path: form.marker("body", str(part["commit"]))}) == [("V8", path)]


def test_a_signature_file_that_does_not_follow_from_the_envelope_is_found() -> None:
    path = f"{FOLDER}/input-0.bin"
    assert resealed({path: b"something else"}) == [("V1", path)]
    assert ("V1", f"{FOLDER}/envelope.json") in resealed({f"{FOLDER}/envelope.json": b"{}"})


def test_a_head_that_is_not_the_signed_one_is_found() -> None:
    altered = with_json("log/sth.json", lambda told: told.update(size=SIZE + 1))
    assert resealed(altered) == [("V11", "log/sth.jws"), ("V12", "log/sth.jws")]
    other = OFFICER.sign(FILES["log/sth.json"], typ=HEAD).encode()
    assert ("V11", "log/sth.jws") in resealed({"log/sth.jws": other})
    for payload in (b"[]", canonical({"at": "x", "root": "00", "size": "1"}), b"not json"):
        signed = LOG.sign(payload, typ=HEAD).encode()
        assert ("V11", "log/sth.jws") in resealed({"log/sth.jws": signed, "log/sth.json": payload})


@pytest.mark.parametrize("field", ["idx", "size"])
def test_a_proof_for_another_place_is_found(field: str) -> None:
    path = f"log/inclusion/{IDS[0]}.json"
    bent = with_json(path, lambda told: told.update({field: 2}))
    assert resealed(bent) == [("V11", path)]


def test_proofs_that_cannot_be_read_or_belong_to_nothing_are_found() -> None:
    path = f"log/inclusion/{IDS[0]}.json"
    assert ("V11", path) in resealed({path: b"{}"})
    assert ("V11", path) in resealed(with_json(path, lambda told: told.update(path="zz")))
    loose = f"log/inclusion/{IDS[0][:-1]}9.json"
    extra = with_json(path, lambda told: told.update(leaf="00" * 32))[path]
    assert resealed({loose: extra}) == [("V11", loose)]


def test_an_entry_that_is_not_in_the_log_is_found() -> None:
    added = FILES["log/entries.jsonl"] + canonical({"event": "accepted", "h": "00" * 32}) + b"\n"
    assert resealed({"log/entries.jsonl": added}) == [("V11", "log/entries.jsonl:4")]


def test_a_message_whose_entry_is_missing_is_found() -> None:
    first, rest = FILES["log/entries.jsonl"].split(b"\n", 1)
    assert tree.leaf_hash(first).hex() in FILES[f"log/inclusion/{IDS[0]}.json"].decode()
    found = resealed({"log/entries.jsonl": rest, f"log/inclusion/{IDS[0]}.json": None})
    assert found == [("V11", FOLDER), ("V11", RECEIPTS[0])]


def test_a_receipt_of_another_message_or_key_or_leaf_is_found() -> None:
    assert resealed({RECEIPTS[0]: FILES[RECEIPTS[1]]}) == [("V11", RECEIPTS[0])]
    payload = FILES[RECEIPTS[0]].split(b".")[1].decode()
    told = json.loads(__import__("base64").urlsafe_b64decode(payload + "=="))
    forged = OFFICER.sign(canonical(told), typ=RECEIPT).encode()
    assert resealed({RECEIPTS[0]: forged}) == [("V11", RECEIPTS[0])]
    promised = LOG.sign(canonical({**told, "leaf": "00" * 32}), typ=RECEIPT).encode()
    assert resealed({RECEIPTS[0]: promised}) == [("V11", RECEIPTS[0])]
    empty = LOG.sign(b"{}", typ=RECEIPT).encode()
    assert resealed({RECEIPTS[0]: empty}) == [("V11", RECEIPTS[0])]


def test_a_log_that_was_rewritten_between_two_heads_is_found() -> None:
    path = f"log/consistency/3-{SIZE}.json"
    payload = canonical({"at": "2026-11-24T03:00:00.000Z", "root": "00" * 32, "size": 3})
    other = with_json(path, lambda told: told.update(head=LOG.sign(payload, typ=HEAD)))
    assert resealed(other) == [("V12", path)]
    assert resealed(with_json(path, lambda told: told.update(to=9))) == [("V12", path)]
    assert resealed({path: b"[]"}) == [("V12", path)]
    elsewhere = f"log/consistency/4-{SIZE}.json"
    assert resealed({elsewhere: FILES[path]}) == [("V12", elsewhere)]


def test_as_many_witnesses_as_the_policy_asks() -> None:
    policy = {"witness/policy.json": canonical({"witnesses": 2})}
    over = FILES["log/sth.json"]
    one = {"witness/1.jws": MEMBER.sign(over, typ=WITNESS).encode()}
    two = {"witness/2.jws": OFFICER.sign(over, typ=WITNESS).encode()}
    assert resealed({**policy, **one, **two}) == []
    assert resealed({**policy, **one}) == [("V14", "witness")]
    same = {"witness/2.jws": one["witness/1.jws"]}
    assert resealed({**policy, **one, **same}) == [("V14", "witness")]
    itself = {"witness/1.jws": LOG.sign(over, typ=WITNESS).encode()}
    assert resealed(itself) == [("V14", "witness/1.jws")]
    another_head = {"witness/1.jws": MEMBER.sign(b"{}", typ=WITNESS).encode()}
    assert resealed(another_head) == [("V14", "witness/1.jws")]
    wrong_kind = {"witness/1.jws": MEMBER.sign(over, typ=HEAD).encode()}
    assert resealed(wrong_kind) == [("V14", "witness/1.jws")]


def test_a_key_file_that_is_no_ed25519_key_is_no_witness() -> None:
    assert resealed({"keys/x.pem": b"nonsense"}) == []


def test_a_root_without_readable_log_keys_proves_nothing() -> None:
    for root in (b"{}", b"[]", b"{", canonical({"root": '{"log_keys":[{"jwk":{"crv":"P-256"}}]}'})):
        assert ("V1", form.LIST) in resealed({"anchor/root.json": root})


@pytest.mark.parametrize(
    "body",
    [
        {"bundle": {}, "jws": ".."},
        {"bundle": {"as_of": "", "case": "", "files": [], "v": form.VERSION}, "jws": "a..b"},
        {"bundle": {"as_of": "", "case": "", "files": {}, "v": "other"}, "jws": "a..b"},
        {"bundle": {"as_of": "", "case": "", "files": {}, "v": form.VERSION}, "jws": "a.b"},
        [],
    ],
)
def test_a_list_of_another_form_is_not_believed(body: object) -> None:
    checks = verify(Bundle({**FILES, form.LIST: canonical(body)}))
    assert [check.where for check in checks if check.id == "V1"] == [form.LIST]


def test_a_damaged_member_of_the_zip_is_named() -> None:
    checks = verify(Bundle(FILES, frozenset({"verify.sh"})))
    assert [check.where for check in checks if not check.ok] == ["verify.sh"]


def test_a_list_cannot_name_a_file_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="not there"):
        form.seal_list({}, case="x", as_of="x", hashes={"a": "00"}, key=LOG)


def webauthn(name: str = "k") -> dict[str, object]:
    return {
        "manifest": b64(b"{}"),
        "approvals": [
            {"context": {"kid": name}, "authenticatorData": b64(b"auth"),
             "clientDataJSON": b64(b"{}"), "signature": b64(b"der")},
        ],
        "seal": {"protected": b64(canonical({"alg": "ES256", "kid": name})), "payload": b64(b"p"),
                 "signature": b64(bytes([0] * 31 + [1] + [0] * 31 + [2]))},
    }  # fmt: skip


def test_openssl_gets_what_a_security_key_signed_and_es256_as_der() -> None:
    made = signature_files(json.dumps(webauthn()).encode())
    assert made["input-0.bin"] == b"auth" + sha256(b"{}").digest()
    assert made["sig-0.bin"] == b"der"
    assert made["sig-1.bin"] == bytes.fromhex("3006020101020102")


def test_a_name_from_a_message_never_becomes_a_command() -> None:
    bad = "x; touch /tmp/pwned"
    manifest = canonical(
        {"parts": [{"name": bad, "form": "bytes"}, {"name": "ok", "form": "bytes"}]}
    )
    files = {
        "messages/0001-x/envelope.json": json.dumps(webauthn(bad)).encode(),
        "messages/0001-x/manifest.json": manifest,
    }
    lines = script(files, log_kid="k").splitlines()
    assert not any("pwned" in line for line in lines)
    assert "part messages/0001-x ok" in lines


def test_an_entry_twice_in_the_file_has_one_proof_only() -> None:
    first = FILES["log/entries.jsonl"].split(b"\n", 1)[0] + b"\n"
    doubled = first + FILES["log/entries.jsonl"]
    assert resealed({"log/entries.jsonl": doubled}) == [("V11", "log/entries.jsonl:2")]


def test_an_entry_that_is_in_the_tree_but_unreadable_is_found() -> None:
    leaves = [tree.leaf_hash(b"not json")]
    root = tree.root_of(leaves)
    head = canonical({"at": "2026-11-24T03:00:00.000Z", "root": root.hex(), "size": 1})
    path = f"log/inclusion/{IDS[0]}.json"
    proof = {"id": IDS[0], "idx": 0, "leaf": leaves[0].hex(), "path": [], "size": 1}
    changed: dict[str, bytes | None] = {
        one: None for one in FILES if one.startswith(("log/inclusion/", "log/consistency/"))
    }
    changed |= {
        "log/sth.json": head,
        "log/sth.jws": LOG.sign(head, typ=HEAD).encode(),
        "log/entries.jsonl": b"not json\n",
        path: canonical(proof),
    }
    assert resealed(changed) == [("V11", "log/entries.jsonl:1")]


def test_without_openssl_a_time_stamp_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert resealed({f"stamps/{SIZE}.tsr": b"token"}) == [("V13", f"stamps/{SIZE}.tsr")]
