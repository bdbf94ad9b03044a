"""A conversation leaves as an LDTaskObject that the standard's own schemas accept, and comes back the same."""

from __future__ import annotations

import json
import re
import unicodedata
from contextlib import suppress
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from lachan.adapters import etsi
from lachan.adapters.etsi.dictionary import fields, request_type
from lachan.adapters.etsi.errors import EtsiNotOurs, EtsiTwoTruths
from lachan.adapters.etsi.reader import read
from lachan.adapters.etsi.task import COMMON, CORE, MAX_BYTES, OURS, TASK, Action, Task, task_of
from lachan.adapters.etsi.writer import write
from lachan.adapters.foreign.errors import ForeignMismatch, ForeignTooLarge
from lachan.exchange.conversation_states import Status
from lachan.exchange.kinds import MessageType, Priority, all_kinds
from lachan.exchange.manifest import PROTOCOL, MandateRef, Manifest
from lachan.exchange.messages import identify_domain_holder, identify_subscriber, take_down
from lachan.kernel.errors import LachanError
from tests.unit.edges.hostile import bad_xml

AT = "2026-11-24T07:00:00.678Z"
NUMBER = identify_subscriber.Ask(number="+84912345678", at="2026-11-20T03:04:05.678Z")
ROW = MandateRef(
    code="VN.BLTTHS.88", version=1, stage="verify", case_ref="c-1", valid_until=AT, subjects=1
)
ONE = Task(
    transaction="01935f7a-0000-7000-8000-000000000001",
    at=AT,
    conversation="01935f7a-0000-7000-8000-000000000002",
    h="ab" * 32,
    sender="vn/police/a05/duty",
    receiver="vn/telecom/viettel",
    kind="identify_subscriber",
    kind_version=1,
    ask=NUMBER,
    status=Status.AWAITING_DISCLOSURE,
    substate="sent",
    priority=Priority.P0,
    purpose="INV",
    mandates=(
        ROW,
        replace(ROW, code="VN.ND163", document_part="doc", cap_vnd=2**53 - 1, lease_until=AT),
    ),
    created_at=AT,
    expires_at="2026-11-25T07:00:00.000Z",
    due_at="2026-11-24T07:15:00.000Z",
    test=True,
    emergency=True,
)

WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cn", "Cc", "Mn"]), min_size=1, max_size=60
).filter(lambda text: unicodedata.is_normalized("NFC", text))
TIMES = st.none() | st.just("2026-11-20T03:04:05.678Z")
ASKS = st.one_of(
    st.tuples(
        st.just("identify_subscriber"),
        st.builds(
            identify_subscriber.Ask,
            number=st.none() | st.just("+84912345678"),
            imei=st.none() | st.just("490154203237518"),
            imsi=st.none() | st.just("452040000000001"),
            citizen_id=st.none() | st.just("001099000001"),
            at=TIMES,
        ),
    ),
    st.tuples(
        st.just("identify_domain_holder"),
        st.builds(
            identify_domain_holder.Ask, domain=st.just("gia-mao.com"), reason=st.none() | WORDS
        ),
    ),
    st.tuples(
        st.just("take_down"),
        st.builds(
            take_down.Ask,
            target=st.sampled_from(take_down.Target),
            urls=st.just(["https://gia-mao.com/a?b=1&c=<2>"]),
            fraud_type=st.just("IMP_BANK"),
            evidence=WORDS,
            until=st.just(AT),
        ),
    ),
)


@cache
def schema() -> etree.XMLSchema:
    """V1.12.1 of the package `ts103120`, with ours; its imports name no files, so they are given some."""
    files = distribution("ts103120").files or []
    folder = Path(
        str(next(file.locate() for file in files if file.match("1.12.1/xsd/ts_103120_Core.xsd")))
    ).parent
    paths = [*folder.glob("*.xsd"), Path(etsi.__path__[0], "lc_tasking.xsd")]
    places = {}
    for path in paths:
        found = re.search(r'targetNamespace="([^"]+)"', path.read_text("utf-8"))
        assert found
        places[found[1]] = path
    made: dict[str, bytes] = {}
    for space, path in places.items():
        tree = etree.fromstring(_without_doctype(path.read_bytes()))
        for node in tree.iter("{http://www.w3.org/2001/XMLSchema}import"):
            node.set("schemaLocation", f"held:{node.get('namespace')}")
        made[space] = etree.tostring(tree)

    class Held(etree.Resolver):
        def resolve(self, url: str, *rest: Any) -> Any:
            return self.resolve_string(made[url.removeprefix("held:")], rest[-1], base_url=url)

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Held())
    imports = "".join(
        f'<xs:import namespace="{space}" schemaLocation="held:{space}"/>' for space in made
    )
    driver = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(driver.encode(), parser))


def _without_doctype(data: bytes) -> bytes:
    """The signature schema of the W3C has a document type of its own; nothing in it is needed."""
    head, mark, rest = data.partition(b"<!DOCTYPE")
    return head + rest.partition(b"]>")[2] if mark else head


def problems(data: bytes) -> list[str]:
    judge = schema()
    judge.validate(etree.fromstring(data))
    return [str(one.message) for one in judge.error_log]


@given(ASKS, st.sampled_from(Action), st.sampled_from(Status), st.booleans())
def test_a_task_is_valid_and_comes_back_as_it_left(
    asked: tuple[str, Any], action: Action, status: Status, flag: bool
) -> None:
    kind, ask = asked
    task = replace(
        ONE,
        kind=kind,
        ask=ask,
        status=status,
        test=flag,
        emergency=not flag,
        due_at=None if flag else AT,
    )
    data = write(task, action)
    assert problems(data) == []
    assert read(data) == (task, action)


def test_the_whole_example_is_valid_and_comes_back() -> None:
    data = write(ONE, Action.CREATE)
    assert problems(data) == []
    assert read(data) == (ONE, Action.CREATE)


def test_the_judge_does_judge() -> None:
    data = write(ONE, Action.CREATE)
    for old, new in [
        (b"<task:Reference>VN-", b"<task:Reference>vn-"),
        (b"lc:KindVersion>", b"lc:KindVersions>"),
        (b"678000Z", b"678Z"),
        (b'"lc:Tasking"', b'"lc:Other"'),
    ]:
        assert old in data
        assert problems(data.replace(old, new)) != []


def test_the_names_of_states_are_those_of_the_standard() -> None:
    assert {one.value for one in Status} == {
        "AwaitingApproval", "AwaitingDisclosure", "Disclosed", "DisclosureNotAvailable", "Rejected", "Cancelled",
        "Error", "Invalid",
    }  # fmt: skip


def test_a_number_stands_without_its_plus_and_a_time_without_its_fraction() -> None:
    root = etree.fromstring(write(ONE, Action.CREATE))
    spaces = {"task": TASK, "common": COMMON}
    assert root.xpath("string(//task:RequestValue/task:Value)", namespaces=spaces) == "84912345678"
    assert root.xpath("string(//task:ObservedTime)", namespaces=spaces) == "2026-11-20T03:04:05Z"
    assert root.xpath("string(//task:Type/common:Value)", namespaces=spaces) == "SubscriberByMSISDN"


def test_the_dictionary_names_kinds_and_fields_that_are_and_each_type_once() -> None:
    for row in fields():
        assert row.field in all_kinds()[row.kind].ask.__struct_fields__
    assert len({row.type for row in fields()}) == len(fields())
    assert request_type("take_down", take_down.Ask(target=take_down.Target.URL, urls=["https://a.vn"], fraud_type="x", evidence="x", until=AT)) == "take_down"  # fmt: skip


def test_a_task_is_made_of_a_manifest() -> None:
    manifest = Manifest(
        v=PROTOCOL, id=ONE.transaction, conversation=ONE.conversation, seq=1, prev=None, type=MessageType.ASK,
        kind=ONE.kind, kind_version=1, sender=ONE.sender, receiver=ONE.receiver, created_at=AT, expires_at=ONE.expires_at,
        in_reply_to=None, purpose="INV", mandates=ONE.mandates, priority=Priority.P0, test=True, emergency=True,
        due_rule="identify_subscriber.P0", parts=(), required=(), directory_version=1,
    )  # fmt: skip
    made = task_of(
        manifest, NUMBER, h=ONE.h, status=ONE.status, substate="sent", transaction=ONE.transaction, at=AT, due_at=ONE.due_at
    )  # fmt: skip
    assert made == ONE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">84912345678<", b">84900000000<"),
        (b"SubscriberByMSISDN", b"SubscriberByIMSI"),
        (b"2026-11-20T03:04:05Z", b"2026-11-20T03:04:06Z"),
        (b"<hi1:OwnerIdentifier>vn/police/a05/duty", b"<hi1:OwnerIdentifier>vn/police/a06/duty"),
        (b"<hi1:CountryCode>VN</hi1:CountryCode><hi1:UniqueIdentifier>vn/telecom", b"<hi1:CountryCode>US</hi1:CountryCode><hi1:UniqueIdentifier>vn/telecom"),
    ],
    ids=["value", "type", "time", "owner", "country"],
)  # fmt: skip
def test_two_truths_are_refused(old: bytes, new: bytes) -> None:
    data = write(ONE, Action.CREATE)
    assert old in data
    with pytest.raises(EtsiTwoTruths):
        read(data.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"task:LDTaskObject"', b'"task:LITaskObject"'),
        (b'"task:LDTaskObject"', b'"hi1:LDTaskObject"'),
        (b'xsi:type="lc:Tasking"', b""),
        (b"<common:Name>LDTaskStatus", b"<common:Name>LITaskStatus"),
        (b":CREATE>", b":DELETE>"),
        (b":RequestPayload>", b":ResponsePayload>"),
        (b"hi1:HI1Message", b"hi1:HI2Message"),
    ],
    ids=str,
)
def test_other_objects_of_the_standard_are_refused(old: bytes, new: bytes) -> None:
    data = write(ONE, Action.CREATE)
    assert old in data
    with pytest.raises(EtsiNotOurs):
        read(data.replace(old, new))


def test_two_actions_in_one_message_are_refused() -> None:
    root = etree.fromstring(write(ONE, Action.CREATE))
    around = root.find(f".//{{{CORE}}}ActionRequests")
    assert around is not None
    around.append(etree.fromstring(etree.tostring(around[0])))
    with pytest.raises(EtsiNotOurs):
        read(etree.tostring(root))


def test_another_prefix_for_the_same_namespace_is_the_same() -> None:
    data = write(ONE, Action.UPDATE).replace(b"task:", b"t:").replace(b"xmlns:task", b"xmlns:t")
    assert read(data) == (ONE, Action.UPDATE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<lc:Subjects>1", b"<lc:Subjects>-1"),
        (b"<lc:Subjects>1", b"<lc:Subjects>" + b"9" * 10_000),
        (b"<lc:Version>1", b"<lc:Version>one"),
        (b"<lc:Priority>P0", b"<lc:Priority>P9"),
        (b"AwaitingDisclosure", b"AwaitingNothing"),
        (b"678000Z", b"678001Z"),
        (b"<lc:ManifestHash>ab", b"<lc:ManifestHash>zz"),
        (b"<lc:Kind>identify_subscriber</lc:Kind>", b""),
        (b"<lc:Ask>", b"<lc:Ask/><lc:Ask>"),
    ],
    ids=lambda data: data[:40].decode(),
)
def test_values_that_fit_no_field_are_refused(old: bytes, new: bytes) -> None:
    data = write(ONE, Action.CREATE)
    assert old in data
    with pytest.raises(ForeignMismatch):
        read(data.replace(old, new))


@pytest.mark.parametrize(
    "ask",
    ['{"number":"+84912345678","number":"+84912345678"}', '{"number":1}', '{"x":1}', "[]", "{", '{"at":null}', "1e999", '{"number": "+84912345678"}'],
)  # fmt: skip
def test_a_question_that_is_not_canonical_or_not_of_its_kind_is_refused(ask: str) -> None:
    data = re.sub(
        rb"<lc:Ask>.*</lc:Ask>", f"<lc:Ask>{ask}</lc:Ask>".encode(), write(ONE, Action.CREATE)
    )
    with pytest.raises(LachanError):
        read(data)


def test_a_kind_of_nobody_is_refused() -> None:
    with pytest.raises(LachanError):
        read(
            write(ONE, Action.CREATE).replace(
                b"<lc:Kind>identify_subscriber", b"<lc:Kind>os_system"
            )
        )


def test_hostile_messages_are_refused_with_an_error_of_ours() -> None:
    for name, data in bad_xml(write(ONE, Action.CREATE), b"vn/telecom/viettel"):
        with pytest.raises(LachanError):
            pytest.fail(f"{name}: {read(data)}")
    with pytest.raises(LachanError):
        read(write(ONE, Action.CREATE).replace(OURS.encode(), b"urn:other"))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(ForeignTooLarge):
        read(b" " * (MAX_BYTES + 1))


@given(st.data())
def test_a_message_with_anything_changed_is_read_or_refused(data: Any) -> None:
    root = etree.fromstring(write(ONE, Action.CREATE))
    node = data.draw(st.sampled_from([one for one in root.iter() if one.getparent() is not None]))
    if data.draw(st.booleans()):
        node.getparent().remove(node)
    else:
        node.text = data.draw(st.sampled_from(["", "x", "-1", "9" * 30, json.dumps({"a": 1})]))
    with suppress(LachanError):
        read(etree.tostring(root))
