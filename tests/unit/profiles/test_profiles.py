"""The law is data: three profiles load, an error stops the start, nothing in code names a statute."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import lachan
from lachan.exchange.kinds import Priority, all_kinds
from lachan.exchange.mandate_rows import CatalogueWrong
from lachan.members.roles import MemberKind
from lachan.profiles import load
from lachan.profiles.load import ProfileUnknown, load_profile

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PROFILES = ["vn", "demo", "xx"]
PURPOSES = {
    "RPT", "GLD", "INV", "SUP", "TRI", "RTN", "REG", "CHK",
    "CLN", "TKD", "WRN", "RPT2", "SUB", "BDR", "AUD",
}  # fmt: skip


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_loads_and_covers_every_kind(name):
    profile = load_profile(name, at=NOW)
    on = set(all_kinds()) if profile.kinds is None else profile.kinds
    assert on <= set(all_kinds())
    assert set(profile.purposes) == PURPOSES
    assert profile.retention["hold"].kept == "P10Y"
    for kind in map(all_kinds().__getitem__, on):
        assert kind.follows or profile.catalogue.alternatives(kind), kind.name
        for codes in profile.catalogue.alternatives(kind):
            assert all(profile.catalogue.row(code) is not None for code in codes), kind.name


def test_the_home_profile_adopts_nothing_by_itself():
    vn = load_profile("vn", at=NOW)
    texts = {"VN.CD29.4B", "VN.DISPATCH", "VN.COURT"}  # whose authority is a text that was read
    assert {row.code for row in vn.adopted(NOW)} == texts
    assert len(vn.missing(NOW)) == len(vn.catalogue.rows) - len(texts)
    assert not vn.only_demo
    holds = [row for row in vn.catalogue.rows if "hold" in row.kinds]
    assert all("jws" not in row.signer_forms for row in holds)


def test_the_demonstration_adopts_by_a_document_that_says_what_it_is():
    demo = load_profile("demo", at=NOW)
    assert demo.only_demo
    for row in demo.adopted(NOW):
        assert row.verified or "TRÌNH DIỄN" in row.adoption_document
        assert row.verified or "TRÌNH DIỄN" in row.adopted_by
    assert all("jws" in row.signer_forms for row in demo.catalogue.rows)
    assert "VN.ND52.11L" not in {row.code for row in demo.adopted(NOW)}


def test_the_synthetic_country_needs_two_signers_for_everything():
    xx = load_profile("xx", at=NOW)
    assert xx.kinds
    for kind in map(all_kinds().__getitem__, xx.kinds):
        if kind.follows:
            continue
        rows = xx.catalogue.usable_alternative(
            kind,
            sender_kind=MemberKind.POLICE,
            stage="report",
            priority=Priority.P0,
            at=NOW,
        )
        assert rows is not None, kind.name
        needs = xx.catalogue.required(
            kind, rows, priority=Priority.P0, sender_kind=MemberKind.POLICE
        )
        assert [need.role for need in needs] == ["investigator", "unit_head"]


def test_periods_of_the_law_are_there_with_their_grade():
    vn = load_profile("vn", at=NOW)
    assert vn.deadlines["verify.base"].length == 20
    for one in vn.deadlines.values():
        assert one.grade in set("TOSN")
        assert not one.verified or one.grade in {"T", "O"}
        assert one.strict


def test_the_calendar_has_its_hash_and_its_year():
    vn = load_profile("vn", at=NOW)
    assert vn.calendar.years == {2026}
    assert len(vn.calendar_hash) == 64


@pytest.mark.parametrize("name", ["zz", "../vn", "", "vn.x"])
def test_a_profile_that_is_not_there_is_said(name):
    with pytest.raises(ProfileUnknown):
        load_profile(name)


def test_every_fault_in_a_file_stops_the_start_with_file_and_reason(tmp_path, monkeypatch):
    # The files are read from the package; here a copy with one line changed takes its place.
    home = Path(next(iter(lachan.__path__))) / "profiles"
    faults = [
        ("mandates.toml", 'purposes = ["GLD", "INV"]', 'purposes = ["GLD", "XYZ"]', "purpose"),
        ("mandates.toml", 'cap = "taint"', 'cap = "none"', "no cap"),
        ("mandates.toml", "verified = false", "verified = maybe", "TOML"),
        ("mandates.toml", "version = 1", "colour = 1", "colour"),
        ("profile.toml", "minor_unit = 0", "minor_unit = 'x'", "minor_unit"),
        ("purposes.toml", "roles = [", "role = [", "role"),
    ]
    for number, (file, old, new, why) in enumerate(faults):
        root = tmp_path / str(number)
        (root / "vn").mkdir(parents=True)
        for path in (home / "vn").glob("*.toml"):
            text = path.read_text("utf-8")
            if path.name == file:
                assert old in text
                text = text.replace(old, new, 1)
            (root / "vn" / path.name).write_text(text, "utf-8")
        monkeypatch.setattr(load.resources, "files", lambda _package, root=root: root)
        with pytest.raises(CatalogueWrong) as stopped:
            load_profile("vn", at=NOW)
        assert why in stopped.value.message("en")


def test_an_overlay_that_adopts_a_missing_row_stops_the_start(tmp_path, monkeypatch):
    home = Path(next(iter(lachan.__path__))) / "profiles"
    for name in ("vn", "demo"):
        (tmp_path / name).mkdir()
        for path in (home / name).glob("*.toml"):
            text = path.read_text("utf-8").replace('"VN.BLTTHS.88", "VN.L', '"VN.GONE", "VN.L')
            (tmp_path / name / path.name).write_text(text, "utf-8")
    monkeypatch.setattr(load.resources, "files", lambda _package: tmp_path)
    with pytest.raises(CatalogueWrong, match="adopts no row"):
        load_profile("demo", at=NOW)


def test_no_statute_is_named_in_the_protocols_code():
    root = Path(next(iter(lachan.__path__)))
    found = []
    for folder in ("exchange", "profiles", "members", "holds"):
        for path in sorted((root / folder).rglob("*.py")):
            if path.parent.name == "messages":
                continue  # their `mandates` line names the codes of the home profile
            for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
                if re.search(r'"VN\.|BLTTHS', line):
                    found.append(f"{path.relative_to(root)}:{number}")
    mine = [place for place in found if place.split("/")[0] == "profiles" or "mandates" in place]
    assert mine == []
