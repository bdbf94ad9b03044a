"""A take-down ask leaves as XARF 4.2 and comes back the same; what others send is checked first."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import xarf
from hypothesis import given
from hypothesis import strategies as st
from xarf.schema_validator import SchemaValidator

from lachan.adapters.foreign.errors import ForeignMismatch, ForeignTooLarge
from lachan.adapters.xarf.errors import XarfEvidence, XarfNotOneAsk, XarfVersion
from lachan.adapters.xarf.reader import ask_of, read
from lachan.adapters.xarf.shape import FRAUD_TYPES, MAX_BYTES, MAX_ITEM, Contact, Hashed
from lachan.adapters.xarf.writer import fraud_types, write
from lachan.exchange.messages.take_down import Ask, Target
from lachan.kernel.errors import LachanError
from lachan.profiles import __path__ as profiles
from tests.unit.edges.hostile import bad_json

VALIDATOR = SchemaValidator()
H = "ab" * 32
AT = "2026-11-24T07:00:00.000Z"
POLICE = Contact(org="Phòng An ninh mạng", contact="a05@canhsat.example", domain="canhsat.example")
ASK = Ask(
    target=Target.URL,
    urls=["https://gia-mao.example.com/dang-nhap"],
    fraud_type="IMP_BANK",
    evidence="Trang giả mạo ngân hàng, thu thập mã OTP.",
    until="2026-12-24T07:00:00.000Z",
)

NAMES = st.sampled_from(
    ["vidu.com.vn", "www.gia-mao.com", "xn--vd-mja5s.vn", "ngânhàng.vn", "shop.example.org:8443"]
)
PATHS = st.text(st.characters(categories=["L", "N"], include_characters="/-_.~%=&"), max_size=30)
URLS = st.builds(lambda name, path: f"https://{name}/{path}", NAMES, PATHS)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Mn"]), min_size=1, max_size=2000
).filter(lambda text: text.isprintable())
ASKS = st.builds(
    Ask,
    target=st.sampled_from(Target),
    urls=st.lists(URLS, min_size=1, max_size=4),
    fraud_type=st.sampled_from(["IMP_POLICE", "INVEST_CRYPTO", "NOT_ONE_OF_OURS"]),
    evidence=TEXTS,
    until=st.just("2026-12-24T07:00:00.000Z"),
    evidence_hash=st.none() | st.just("0f" * 32),
)


def one(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(write(ASK, h=H, at=AT, reporter=POLICE, sender=POLICE)[0])
    return body | changes


def sent(**changes: Any) -> bytes:
    return json.dumps(one(**changes), ensure_ascii=False).encode()


def nfc(ask: Ask) -> bool:
    return all(unicodedata.is_normalized("NFC", text) for text in [ask.evidence, *ask.urls])


@given(ASKS.filter(nfc), st.randoms())
def test_an_ask_comes_back_as_it_left_in_any_order_of_its_reports(ask: Ask, random: Any) -> None:
    reports = [read(data) for data in write(ask, h=H, at=AT, reporter=POLICE, sender=POLICE)]
    random.shuffle(reports)
    assert ask_of(reports) == ask


@given(ASKS.filter(nfc))
def test_the_library_of_the_standard_finds_no_error(ask: Ask) -> None:
    for data in write(ask, h=H, at=AT, reporter=POLICE, sender=POLICE):
        body = json.loads(data)
        assert VALIDATOR.validate(body) == []
        result = xarf.parse(body)
        assert result.errors == []
        assert result.report is not None
        assert (result.report.category, result.report.type) == ("content", "fraud")


def test_a_report_of_the_library_is_read() -> None:
    evidence = xarf.create_evidence("image/png", b"\x89PNG", description="Ảnh màn hình")
    made = xarf.create_report(
        category="content", type="fraud", source_identifier="203.0.113.7",
        reporter={"org": "CERT", "contact": "c@cert.example", "domain": "cert.example"},
        sender={"org": "CERT", "contact": "c@cert.example", "domain": "cert.example"},
        url="http://203.0.113.7/sàn", fraud_type="investment", evidence=[evidence],
    )  # fmt: skip
    assert made.report is not None
    body = made.report.model_dump(by_alias=True, exclude_none=True, mode="json")
    body["confidence"] = (
        0.85  # the library 1.0.0 makes no report, and says nothing, when it is given one
    )
    report = read(json.dumps(body).encode())
    assert (report.category, report.fraud_type, report.source) == (
        "content",
        "investment",
        "203.0.113.7",
    )
    assert report.evidence[0].content == b"\x89PNG"
    assert report.evidence[0].hashed is Hashed.STRONG
    assert report.extra is None


def test_our_list_of_fraud_types_is_the_schemas() -> None:
    VALIDATOR.validate(one())
    schemas = {one["$id"]: one for one in VALIDATOR._load_all_schemas()}
    fraud = schemas["https://xarf.org/schemas/v4/types/content-fraud.json"]
    assert set(fraud["allOf"][1]["properties"]["fraud_type"]["enum"]) == FRAUD_TYPES


def test_every_scam_type_of_the_profile_has_a_fraud_type() -> None:
    text = Path(profiles[0], "vn", "scam_types.json").read_text("utf-8")
    codes = {row["code"] for row in json.loads(text)["types"]}
    assert fraud_types().keys() == codes
    assert set(fraud_types().values()) <= FRAUD_TYPES


def test_a_text_longer_than_the_description_travels_whole_as_evidence() -> None:
    long = Ask(
        **{name: getattr(ASK, name) for name in ASK.__struct_fields__} | {"evidence": "ệ" * 2000}
    )
    (report,) = [read(data) for data in write(long, h=H, at=AT, reporter=POLICE, sender=POLICE)]
    assert len(report.description) == 1000
    assert ask_of([report]).evidence == "ệ" * 2000


def test_a_punycode_domain_does_not_fit_the_pattern_and_is_left_out() -> None:
    ask = Ask(
        **{name: getattr(ASK, name) for name in ASK.__struct_fields__}
        | {"urls": ["https://ngânhàng.vn/a b"[:20]]}
    )
    body = json.loads(write(ask, h=H, at=AT, reporter=POLICE, sender=POLICE)[0])
    assert body["source_identifier"].startswith("xn--")
    assert body["url"].isascii()
    assert "domain" not in body


def test_the_same_ask_gives_the_same_report_ids_another_ask_others() -> None:
    assert write(ASK, h=H, at=AT, reporter=POLICE, sender=POLICE) == write(
        ASK, h=H, at=AT, reporter=POLICE, sender=POLICE
    )
    assert (
        one()["report_id"]
        != json.loads(write(ASK, h="cd" * 32, at=AT, reporter=POLICE, sender=POLICE)[0])[
            "report_id"
        ]
    )


def test_an_address_without_a_host_is_refused_when_writing() -> None:
    ask = Ask(
        **{name: getattr(ASK, name) for name in ASK.__struct_fields__} | {"urls": ["https://?"]}
    )
    with pytest.raises(ForeignMismatch):
        write(ask, h=H, at=AT, reporter=POLICE, sender=POLICE)


def test_a_missing_part_is_not_an_ask() -> None:
    two = Ask(
        **{n: getattr(ASK, n) for n in ASK.__struct_fields__}
        | {"urls": ["https://a.vn/1", "https://a.vn/2"]}
    )
    reports = [read(data) for data in write(two, h=H, at=AT, reporter=POLICE, sender=POLICE)]
    with pytest.raises(XarfNotOneAsk):
        ask_of(reports[:1])
    with pytest.raises(XarfNotOneAsk):
        ask_of([reports[0], reports[0]])
    with pytest.raises(XarfNotOneAsk):
        ask_of([])


def test_parts_of_two_asks_are_not_one() -> None:
    two = Ask(
        **{n: getattr(ASK, n) for n in ASK.__struct_fields__}
        | {"urls": ["https://a.vn/1", "https://a.vn/2"]}
    )
    first = [read(data) for data in write(two, h=H, at=AT, reporter=POLICE, sender=POLICE)]
    other = [read(data) for data in write(two, h="cd" * 32, at=AT, reporter=POLICE, sender=POLICE)]
    with pytest.raises(XarfNotOneAsk):
        ask_of([first[0], other[1]])


@pytest.mark.parametrize("version", ["3", "3.0.0", "5.0.0", "4.2", "", None, 4])
def test_other_versions_are_refused(version: object) -> None:
    with pytest.raises(XarfVersion):
        read(sent(xarf_version=version))


def item(content: bytes, **changes: Any) -> dict[str, Any]:
    return {"content_type": "text/plain", "payload": base64.b64encode(content).decode()} | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"payload": "%%%"},
        {"payload": "aGE"},
        {"hash": "sha256:" + "0" * 64},
        {"hash": "md5:00"},
        {"size": 7},
    ],
)
def test_evidence_that_is_not_what_it_says_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(XarfEvidence):
        read(sent(evidence=[item(b"ha", **changes)]))


def test_a_weak_hash_that_fits_is_marked() -> None:
    found = read(
        sent(
            evidence=[
                item(
                    b"ha",
                    hash="sha1:" + hashlib.new("sha1", b"ha", usedforsecurity=False).hexdigest(),
                )
            ]
        )
    )
    assert found.evidence[0].hashed is Hashed.WEAK
    assert found.evidence[0].sha256 == hashlib.sha256(b"ha").hexdigest()


def test_evidence_larger_than_the_standard_allows_is_refused() -> None:
    with pytest.raises(XarfEvidence):
        read(sent(evidence=[item(b"a" * (MAX_ITEM + 1))]))


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "https://", "https://a b.vn/", "http://[::1", ""],
)
def test_only_web_addresses_are_taken(url: str) -> None:
    with pytest.raises(ForeignMismatch):
        read(sent(url=url))


@pytest.mark.parametrize(
    "at", ["2026-11-24", "2026-11-24T07:00:00", "0001-01-01T00:00:00+23:00", "soon"]
)
def test_a_time_without_a_zone_is_refused(at: str) -> None:
    with pytest.raises(ForeignMismatch):
        read(sent(timestamp=at))


def test_a_time_with_an_offset_becomes_a_wire_time() -> None:
    assert read(sent(timestamp="2026-11-24T14:00:00+07:00")).at == AT


@pytest.mark.parametrize(
    "field", ["report_id", "url", "description", "category", "source_identifier"]
)
def test_hostile_bytes_are_refused_with_an_error_of_ours(field: str) -> None:
    for name, data in bad_json(one(), field):
        with pytest.raises(LachanError):
            pytest.fail(f"{name}: {read(data)}")


def test_too_many_bytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(ForeignTooLarge):
        read(b" " * (MAX_BYTES + 1))


@given(st.dictionaries(st.sampled_from(sorted(one())), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5), max_size=4))  # fmt: skip
def test_wrong_types_anywhere_give_an_error_of_ours_or_a_report(changes: dict[str, Any]) -> None:
    with suppress(LachanError):
        read(json.dumps(one(**changes)).encode())
