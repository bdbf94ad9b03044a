"""What a registry publishes becomes the public fields of our answer; our answer becomes a domain object."""

from __future__ import annotations

import json
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoisit.parser import parse as whoisit_parse

from lachan.adapters.foreign.errors import ForeignMismatch, ForeignTooLarge
from lachan.adapters.rdap.errors import RdapOther
from lachan.adapters.rdap.published import MAX_BYTES, read, reply_of
from lachan.adapters.rdap.redactions import is_placeholder
from lachan.adapters.rdap.written import EXTENSION, read_back, write
from lachan.exchange.kinds import Coverage
from lachan.exchange.messages.identify_domain_holder import Reply
from lachan.kernel.errors import LachanError
from lachan.kernel.web import Domain
from tests.unit.edges.hostile import bad_json

H = "ab" * 32
AS_OF = "2026-11-24T07:00:00.000Z"
ASKED = Domain.parse("gia-mao.com")


def card(*rows: list[Any]) -> list[Any]:
    return ["vcard", [["version", {}, "text", "4.0"], *rows]]


def entity(role: str, *rows: list[Any], **more: Any) -> dict[str, Any]:
    return {"objectClassName": "entity", "roles": [role], "vcardArray": card(*rows)} | more


REGISTRAR = entity(
    "registrar",
    ["fn", {}, "text", "Nhà đăng ký Ví dụ"],
    entities=[
        entity("abuse", ["fn", {}, "text", "Abuse desk"], ["email", {}, "text", "a@r.example"])
    ],
    handle="1234",
)
HOLDER = entity(
    "registrant",
    ["fn", {}, "text", "Nguyễn Văn A"],
    ["email", {}, "text", "a@vidu.example"],
    ["tel", {"type": "fax"}, "uri", "tel:+84-24-000"],
    ["tel", {"type": ["voice"]}, "uri", "tel:+84.912345678;ext=1"],
    ["adr", {}, "text", ["", "", "Số 1 Đại Cồ Việt", "Hà Nội", "", "100000", "Việt Nam"]],
)


def domain(**changes: Any) -> dict[str, Any]:
    return {
        "objectClassName": "domain",
        "handle": "D1-COM",
        "ldhName": "GIA-MAO.COM",
        "status": ["active"],
        "events": [
            {"eventAction": "registration", "eventDate": "2026-10-01T05:00:00Z"},
            {"eventAction": "expiration", "eventDate": "2027-10-01T12:00:00+07:00"},
            {"eventAction": "last changed", "eventDate": "2026-10-02T00:00:00.123456Z"},
        ],
        "nameservers": [
            {"objectClassName": "nameserver", "ldhName": "NS1.VIDU.VN."},
            {"objectClassName": "nameserver", "ldhName": "ns2.vidu.vn"},
        ],
        "entities": [REGISTRAR, HOLDER],
    } | changes


def sent(**changes: Any) -> bytes:
    return json.dumps(domain(**changes)).encode()


def test_the_public_fields_are_taken() -> None:
    found = read(sent(), asked=ASKED)
    assert found.registrar == "Nhà đăng ký Ví dụ"
    assert found.registered == "2026-10-01T05:00:00.000Z"
    assert found.expires == "2027-10-01T05:00:00.000Z"
    assert found.changed == "2026-10-02T00:00:00.123Z"
    assert found.name_servers == ("ns1.vidu.vn", "ns2.vidu.vn")
    assert found.holder == "Nguyễn Văn A"
    assert found.email == "a@vidu.example"
    assert found.phone == "+84912345678"
    assert found.address == "Số 1 Đại Cồ Việt, Hà Nội, 100000, Việt Nam"
    assert (found.withheld, found.unread) == ((), ())
    reply = reply_of(found, as_of=AS_OF)
    assert (reply.found, reply.holder, reply.id_no) == (True, "Nguyễn Văn A", None)
    assert reply.name_servers == ["ns1.vidu.vn", "ns2.vidu.vn"]


def test_an_independent_reader_finds_the_same() -> None:
    theirs = whoisit_parse(Quiet(), "domain", "gia-mao.com", domain())  # fmt: skip
    ours = read(sent(), asked=ASKED)
    assert [one.lower().rstrip(".") for one in theirs["nameservers"]] == list(ours.name_servers)
    assert theirs["registration_date"] == datetime(2026, 10, 1, 5, tzinfo=UTC)
    assert theirs["expiration_date"] == datetime(2027, 10, 1, 5, tzinfo=UTC)
    assert theirs["entities"]["registrar"][0]["name"] == ours.registrar
    assert theirs["entities"]["registrant"][0]["email"] == ours.email


class Quiet:
    """A bootstrap of the library that was never loaded: its parser only asks whether it overrides."""

    def is_using_overrides(self) -> bool:
        return False


@given(st.data())
def test_an_answer_of_ours_comes_back_as_it_left(data: Any) -> None:
    words = st.text(
        st.characters(categories=["L", "N"], max_codepoint=0x1EFF), min_size=1, max_size=60
    )
    words = words.filter(lambda text: text.isascii() or nfc(text))
    time = st.just("2026-10-01T05:00:00.123Z")
    maybe = st.none()
    reply = data.draw(
        st.builds(
            Reply,
            as_of=st.just(AS_OF),
            found=st.just(True),
            holder=maybe | words.filter(plain),
            id_no=maybe | words,
            email=maybe | st.just("a@vidu.example"),
            phone=maybe | st.just("+84912345678"),
            address=maybe | words.filter(plain),
            registrar=maybe | words.filter(plain),
            registered=maybe | time,
            expires=maybe | time,
            name_servers=st.lists(
                st.sampled_from(["ns1.vidu.vn", "ns2.vidu.vn", "máychủ.vn"]), unique=True
            ),
            payment=maybe | words,
            coverage=maybe | st.just(Coverage(missing="lịch sử", expected_at=AS_OF)),
        )
    )
    assert read_back(write(reply, domain=ASKED, h=H), domain=ASKED) == (reply, H)


def nfc(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)


def plain(text: str) -> bool:
    return not is_placeholder(text) and text == text.strip()


def test_what_we_write_is_read_by_the_independent_reader() -> None:
    reply = Reply(as_of=AS_OF, found=True, holder="Nguyễn Văn A", registrar="Ví dụ", registered=AS_OF,
                  name_servers=["ns1.vidu.vn"], id_no="012345678901")  # fmt: skip
    body = json.loads(write(reply, domain=ASKED, h=H)) | {"handle": "D1"}
    theirs = whoisit_parse(Quiet(), "domain", "gia-mao.com", body)
    assert theirs["registration_date"] == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert [one.lower() for one in theirs["nameservers"]] == ["ns1.vidu.vn"]
    assert theirs["entities"]["registrant"][0]["name"] == "Nguyễn Văn A"
    assert EXTENSION in body["rdapConformance"]
    assert body[EXTENSION]["answer"] == H


def test_an_answer_that_finds_nothing_is_the_error_object() -> None:
    reply = Reply(as_of=AS_OF, found=False)
    body = write(reply, domain=ASKED, h=H)
    assert json.loads(body)["errorCode"] == 404
    assert read_back(body, domain=ASKED) == (reply, H)


def test_an_object_without_our_extension_is_not_our_answer() -> None:
    with pytest.raises(ForeignMismatch):
        read_back(sent(), domain=ASKED)


def redacted(kind: str, path: str = "", method: str = "removal", **more: str) -> dict[str, Any]:
    return {"name": {"type": kind}, "prePath": path, "method": method} | more


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (redacted("Registrant Name"), "holder"),
        (redacted("REGISTRANT ORGANIZATION", method="emptyValue"), "holder"),
        (redacted("Registrant Email", method="replacementValue"), "email"),
        (redacted("Registrant Phone"), "phone"),
        (redacted("Registrant Street", method="partialValue"), "address"),
        (
            redacted("", "$.entities[?(@.roles[0]=='registrant')].vcardArray[1][?(@[0]=='tel')]"),
            "phone",
        ),
    ],
)
def test_a_redacted_field_is_withheld_whatever_stands_in_it(
    row: dict[str, Any], field: str
) -> None:
    found = read(sent(redacted=[row]), asked=ASKED)
    assert found.withheld == (field,)
    assert getattr(found, field) == ""


def test_a_registrant_redacted_whole_withholds_all() -> None:
    row = redacted("", "$.entities[?(@.roles[0]=='registrant')]")
    found = read(sent(redacted=[row], entities=[REGISTRAR]), asked=ASKED)
    assert found.withheld == ("address", "email", "holder", "phone")
    assert found.registrar == "Nhà đăng ký Ví dụ"


def test_redactions_of_other_roles_withhold_nothing_of_ours() -> None:
    row = redacted("Tech Email", "$.entities[?(@.roles[0]=='technical')]")
    assert read(sent(redacted=[row]), asked=ASKED).withheld == ()


@pytest.mark.parametrize("word", ["REDACTED FOR PRIVACY", "Data Protected", "GDPR Masked", "-"])
def test_a_placeholder_is_no_name(word: str) -> None:
    found = read(sent(entities=[entity("registrant", ["fn", {}, "text", word])]), asked=ASKED)
    assert found.holder == ""
    assert found.withheld == ("holder",)


def test_the_abuse_contact_is_never_the_holder() -> None:
    found = read(sent(entities=[REGISTRAR]), asked=ASKED)
    assert (found.holder, found.email) == ("", "")


@pytest.mark.parametrize("name", ["khac.com", "www.gia-mao.com", "", "a b", "."])
def test_an_answer_about_another_name_is_refused(name: str) -> None:
    with pytest.raises(RdapOther):
        read(sent(ldhName=name), asked=ASKED)


@pytest.mark.parametrize("changes", [{"objectClassName": "nameserver"}, {"errorCode": 429}])
def test_another_object_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(RdapOther):
        read(sent(**changes), asked=ASKED)


def test_what_our_fields_cannot_hold_is_left_out_and_named() -> None:
    found = read(
        sent(
            entities=[
                entity("registrant", ["fn", {}, "text", "a" * 300], ["tel", {}, "text", "call me"])
            ],
            events=[{"eventAction": "registration", "eventDate": "yesterday"}],
            nameservers=[{"ldhName": "no"}, {"ldhName": "ns1.vidu.vn"}],
        ),
        asked=ASKED,
    )
    assert found.unread == ("holder", "name_servers", "registered")
    assert (found.holder, found.phone, found.registered) == ("", "", "")
    assert found.name_servers == ("ns1.vidu.vn",)


@pytest.mark.parametrize("field", ["ldhName", "objectClassName"])
def test_hostile_bytes_are_refused_with_an_error_of_ours(field: str) -> None:
    for name, data in bad_json(domain(), field):
        with pytest.raises(LachanError):
            pytest.fail(f"{name}: {read(data, asked=ASKED)}")


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(ForeignTooLarge):
        read(b" " * (MAX_BYTES + 1), asked=ASKED)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*domain(), "redacted"]), JUNK, max_size=3))
def test_wrong_types_anywhere_give_an_error_of_ours_or_an_answer(changes: dict[str, Any]) -> None:
    with suppress(LachanError):
        read(sent(**changes), asked=ASKED)


@given(st.lists(JUNK, max_size=4))
def test_a_jcard_of_nonsense_names_nobody(rows: list[Any]) -> None:
    holder = {"roles": ["registrant"], "vcardArray": ["vcard", rows]}
    with suppress(LachanError):
        read(sent(entities=[holder]), asked=ASKED)
