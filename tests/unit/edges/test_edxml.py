"""edXML: what is written is read again; files fit their digests; what others send is hostile until it is read."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

import lachan
from lachan.adapters.edxml.document import (
    MAX_BYTES,
    read_document,
    read_status,
    write_document,
    write_status,
)
from lachan.adapters.edxml.elements import HEADER, NAMES, SPACE, STATUS, TRACES, Group, Leaf
from lachan.adapters.edxml.errors import EdxmlAttachment, EdxmlOldNamespace
from lachan.adapters.edxml.progress import status_of
from lachan.adapters.edxml.records import (
    Attachment,
    Business,
    BusinessType,
    Code,
    Document,
    DocumentType,
    Header,
    Organ,
    OtherInfo,
    Priority,
    Promulgation,
    ResponseFor,
    Signer,
    Staff,
    Stated,
    StatusCode,
    StatusMessage,
    Trace,
    Traces,
)
from lachan.adapters.foreign.errors import ForeignMismatch, ForeignTooLarge
from lachan.exchange.conversation_states import Status
from lachan.kernel.errors import LachanError
from tests.unit.edges.hostile import bad_xml

AT = "2026-11-24T07:00:00.000Z"
DOCS = Path(lachan.__path__[0]).parent / "docs"
POLICE = Organ(
    organ_id="000.00.00.G22", name="Bộ Công an", in_charge="Bộ Công an", telephone="02400000000"
)
BANK = Organ(organ_id="000.00.00.G10", name="Ngân hàng Nhà nước Việt Nam")
HEADER_ONE = Header(
    sender=POLICE,
    receivers=(BANK, Organ(organ_id="H26", name="Ủy ban nhân dân thành phố Hà Nội")),
    code=Code(number="887", notation="BCA-VPB"),
    promulgation=Promulgation(place="Hà Nội", day="2026-11-20"),
    type=DocumentType(type=18, name="Công văn"),
    subject="V/v phối hợp ngăn chặn lừa đảo qua mạng",
    content="Đề nghị cung cấp thông tin",
    signer=Signer(competence="KT. BỘ TRƯỞNG", position="Thứ trưởng", full_name="Nguyễn Văn A"),
    due="2026-11-30",
    to_places=("Như trên", "Lưu: VT"),
    other=OtherInfo(
        priority=Priority.EXPRESS, sphere="Lưu hành nội bộ", pages=3, appendixes=("Phụ lục 1",)
    ),
    response_for=(
        ResponseFor(organ_id="000.00.00.G10", code="12/NHNN", day="2026-11-01", document_id="d-1"),
    ),
    steering=1,
    document_id="000.00.00.G22,2026/11/20,887/BCA-VPB",
)
PDF = b"%PDF-1.7 test"
FILE = Attachment(
    content_id="a1", name="887-BCA.pdf", media_type="application/pdf", description="Bản chính", content=PDF,
    sha256=hashlib.sha256(PDF).hexdigest(), stated=Stated.STRONG,
)  # fmt: skip
ONE = Document(
    header=HEADER_ONE,
    traces=Traces(
        steps=(Trace(organ_id="000.00.00.G22", at=AT),),
        business=Business(type=BusinessType.NEW, reason="Văn bản mới", paper=0, staff=(Staff(department="Văn phòng", name="Trần Thị B"),)),
    ),
    attachments=(FILE,),
)  # fmt: skip
STATE = StatusMessage(
    response_for=HEADER_ONE.response_for[0], sender=BANK, code=StatusCode.ACCEPTED, at=AT,
    description="Đã tiếp nhận", staff=Staff(department="Văn thư", name="Lê C"),
)  # fmt: skip

WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn", "Mn"], max_codepoint=0x2FFF),
    min_size=1,
    max_size=20,
).filter(
    lambda text: (
        text == text.strip() and unicodedata.is_normalized("NFC", text) and text.isprintable()
    )
)
DAYS = st.dates().map(lambda day: day.isoformat())
TIMES = st.just(AT) | st.just("2024-02-28T17:00:01.000Z")
NUMBERS = st.none() | st.integers(0, 999_999)
ORGANS = st.builds(
    Organ,
    organ_id=WORDS,
    name=st.just("") | WORDS,
    email=st.just("") | WORDS,
    fax=st.just("") | WORDS,
)
HEADERS = st.builds(
    Header,
    sender=ORGANS,
    receivers=st.lists(ORGANS, min_size=1, max_size=3).map(tuple),
    code=st.builds(Code, number=st.just("887"), notation=WORDS),
    promulgation=st.builds(Promulgation, place=st.just("") | WORDS, day=DAYS),
    type=st.builds(DocumentType, name=WORDS, type=NUMBERS),
    subject=WORDS,
    content=st.just("") | WORDS,
    signer=st.none() | st.builds(Signer, full_name=WORDS),
    due=st.just("") | DAYS,
    to_places=st.lists(WORDS, max_size=3).map(tuple),
    other=st.none() | st.builds(OtherInfo, priority=st.none() | st.sampled_from(Priority), pages=NUMBERS, appendixes=st.lists(WORDS, max_size=2).map(tuple)),
    response_for=st.lists(st.builds(ResponseFor, organ_id=WORDS, day=st.just("") | DAYS), max_size=2).map(tuple),
    steering=st.none() | st.integers(0, 9),
    document_id=st.just("") | WORDS,
)  # fmt: skip
TRACES_ = st.builds(
    Traces,
    steps=st.lists(st.builds(Trace, organ_id=WORDS, at=TIMES), max_size=2).map(tuple),
    business=st.none() | st.builds(Business, type=st.sampled_from(BusinessType), reason=st.just("") | WORDS, paper=NUMBERS),
)  # fmt: skip
CONTENTS = st.lists(st.binary(max_size=200), max_size=3)


@given(HEADERS, TRACES_, CONTENTS)
def test_a_document_comes_back_as_it_left(
    header: Header, traces: Traces, contents: list[bytes]
) -> None:
    files = tuple(
        replace(
            FILE, content_id=f"a{n}", content=content, sha256=hashlib.sha256(content).hexdigest()
        )
        for n, content in enumerate(contents)
    )
    document = Document(header=header, traces=traces, attachments=files)
    assert read_document(write_document(document)) == document


@given(st.sampled_from(StatusCode), ORGANS, TIMES, st.just("") | WORDS)
def test_a_status_comes_back_as_it_left(
    code: StatusCode, sender: Organ, at: str, said: str
) -> None:
    status = replace(STATE, code=code, sender=sender, at=at, description=said)
    assert read_status(write_status(status)) == status


def test_the_whole_example_comes_back_as_it_left() -> None:
    assert read_document(write_document(ONE)) == ONE
    assert read_status(write_status(STATE)) == STATE


def test_elements_inside_the_envelope_carry_the_prefix_that_some_readers_look_for() -> None:
    text = write_document(ONE).decode()
    assert text.startswith("<?xml version='1.0' encoding='UTF-8'?>\n<edXML xmlns=")
    assert "<edXML:Subject>" in text
    assert "<AttachmentEncoded>" in text


def test_a_document_as_others_write_it_is_read() -> None:
    """The form of the exchange's samples: other order, empty elements, a signature, SOAP-like attributes."""
    data = f"""<?xml version="1.0" encoding="utf-8"?>
<edXML xmlns="{SPACE}"><edXML:edXMLEnvelope xmlns:edXML="{SPACE}"><edXML:edXMLHeader><edXML:MessageHeader>
<edXML:From><edXML:OrganId>000.01.12.H28</edXML:OrganId><edXML:OrganName>Sở A</edXML:OrganName></edXML:From>
<edXML:To><edXML:OrganId>000.00.00.G22</edXML:OrganId></edXML:To>
<edXML:DocumentId>000.01.12.H28,2026/11/20,5/SA</edXML:DocumentId>
<edXML:Code><edXML:CodeNumber>5</edXML:CodeNumber><edXML:CodeNotation>SA</edXML:CodeNotation></edXML:Code>
<edXML:PromulgationInfo><edXML:Place/><edXML:PromulgationDate>2026/11/20 00:00:00</edXML:PromulgationDate></edXML:PromulgationInfo>
<edXML:DocumentType><edXML:Type>1</edXML:Type><edXML:TypeName>Công văn</edXML:TypeName><edXML:TypeDetail>0</edXML:TypeDetail></edXML:DocumentType>
<edXML:Subject> Báo cáo </edXML:Subject><edXML:DueDate></edXML:DueDate></edXML:MessageHeader>
<edXML:TraceHeaderList id="1" version="1.0"><edXML:TraceHeader><edXML:OrganId>000.01.12.H28</edXML:OrganId>
<edXML:Timestamp>2026/11/20 14:00:00</edXML:Timestamp></edXML:TraceHeader></edXML:TraceHeaderList>
<edXML:DigitalSignature/></edXML:edXMLHeader><edXML:edXMLBody><edXML:edXMLManifest version="1.0">
<edXML:Reference><edXML:AttachmentName>a.pdf</edXML:AttachmentName><edXML:ContentId>cid:1</edXML:ContentId></edXML:Reference>
</edXML:edXMLManifest></edXML:edXMLBody></edXML:edXMLEnvelope><AttachmentEncoded><Attachment><ContentId>1</ContentId>
<edXML:ContentTransferEncoded xmlns:edXML="{SPACE}">{base64.b64encode(PDF).decode()}</edXML:ContentTransferEncoded>
</Attachment></AttachmentEncoded></edXML>"""
    found = read_document(data.encode())
    assert found.header.subject == "Báo cáo"
    assert found.header.promulgation == Promulgation(day="2026-11-20")
    assert found.header.due == ""
    assert found.traces.steps[0].at == "2026-11-20T07:00:00.000Z"
    assert found.attachments[0].content == PDF
    assert found.attachments[0].stated is Stated.ABSENT
    assert found.unread == (
        "edXML/edXMLEnvelope/edXMLHeader/MessageHeader/DocumentType/TypeDetail",
    )
    assert not found.signed


def signature(digest: str, algorithm: str, space: str = SPACE) -> bytes:
    return (
        f'<Signature xmlns="{space}"><SignedInfo><Reference URI="cid:a1"><DigestMethod Algorithm="{algorithm}"/>'
        f"<DigestValue>{digest}</DigestValue></Reference></SignedInfo><SignatureValue>AA==</SignatureValue></Signature>"
    ).encode()


SHA1, SHA256 = "http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmlenc#sha256"
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"


def signed(digest: str, algorithm: str, space: str = SPACE, *, own: bool = False) -> bytes:
    data = write_document(ONE)
    if not own:
        data = re.sub(rb' lachan:digest="[^"]*"', b"", data)
    end = b"</edXML:edXMLHeader>"
    return data.replace(end, signature(digest, algorithm, space) + end)


def b64(algorithm: str, content: bytes = PDF) -> str:
    return base64.b64encode(
        hashlib.new(algorithm, content, usedforsecurity=False).digest()
    ).decode()


@pytest.mark.parametrize("space", [SPACE, XMLDSIG])
def test_digests_of_a_signature_are_compared_and_sha_1_is_marked(space: str) -> None:
    strong = read_document(signed(b64("sha256"), SHA256, space))
    weak = read_document(signed(b64("sha1"), SHA1, space))
    assert (strong.attachments[0].stated, strong.signed) == (Stated.STRONG, True)
    assert weak.attachments[0].stated is Stated.WEAK
    assert weak.attachments[0].sha256 == FILE.sha256


@pytest.mark.parametrize(("algorithm", "name"), [(SHA256, "sha256"), (SHA1, "sha1")])
def test_a_digest_that_differs_is_refused(algorithm: str, name: str) -> None:
    with pytest.raises(EdxmlAttachment):
        read_document(signed(b64(name, b"other"), algorithm, own=True))


def test_a_file_by_digest_alone_travels_without_its_content() -> None:
    alone = replace(ONE, attachments=(replace(FILE, content=None),))
    data = write_document(alone)
    assert NAMES.encoded.encode() not in data
    assert read_document(data) == alone


def test_two_digests_of_an_absent_file_are_refused() -> None:
    alone = write_document(replace(ONE, attachments=(replace(FILE, content=None),)))
    end = b"</edXML:edXMLHeader>"
    with pytest.raises(EdxmlAttachment):
        read_document(alone.replace(end, signature(b64("sha256", b"other"), SHA256) + end))


def test_content_that_is_not_of_its_digest_is_not_sent() -> None:
    with pytest.raises(EdxmlAttachment):
        write_document(replace(ONE, attachments=(replace(FILE, sha256="0" * 64),)))
    with pytest.raises(EdxmlAttachment):
        write_document(replace(ONE, attachments=(replace(FILE, content=None, sha256=""),)))


def test_a_changed_file_is_refused() -> None:
    data = write_document(ONE).replace(base64.b64encode(PDF), base64.b64encode(b"%PDF-1.7 evil"))
    with pytest.raises(EdxmlAttachment):
        read_document(data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"cid:a1</edXML:ContentId>", b"cid:a2</edXML:ContentId>"),
        (base64.b64encode(PDF), b"%%%"),
        (b"</AttachmentEncoded>", b"<Attachment><ContentId>a9</ContentId></Attachment></AttachmentEncoded>"),
    ],
    ids=["in no manifest", "not base64", "one too many"],
)  # fmt: skip
def test_files_that_do_not_fit_the_manifest_are_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(EdxmlAttachment):
        read_document(write_document(ONE).replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"2026/11/20<", b"2026/02/30<"),
        (b"2026/11/20<", b"hom nay<"),
        (b"2026/11/24 14:00:00", b"2026/11/24 25:00:00"),
        (b"<edXML:Priority>3", b"<edXML:Priority>7"),
        (b"<edXML:Priority>3", b"<edXML:Priority>-1"),
        (b"<edXML:PageAmount>3", b"<edXML:PageAmount>99999999999999999999"),
        (b"<edXML:BussinessDocType>0", b"<edXML:BussinessDocType>9"),
        (b"<edXML:CodeNumber>887</edXML:CodeNumber>", b""),
        (b"<edXML:Subject>", b"<edXML:Subject>a</edXML:Subject><edXML:Subject>"),
        (b"<edXML:CodeNumber>887", b"<edXML:CodeNumber>" + b"8" * 5000),
    ],
    ids=str,
)
def test_values_that_fit_no_field_are_refused_with_their_place(old: bytes, new: bytes) -> None:
    data = write_document(ONE)
    assert old in data
    with pytest.raises(ForeignMismatch) as refused:
        read_document(data.replace(old, new))
    assert refused.value.where


@pytest.mark.parametrize(
    ("text", "day"), [("2026-11-20", "2026-11-20"), ("20/11/2026", "2026-11-20")]
)
def test_days_as_others_spell_them(text: str, day: str) -> None:
    data = write_document(ONE).replace(
        b"2026/11/20</edXML:PromulgationDate>", text.encode() + b"</edXML:PromulgationDate>"
    )
    assert read_document(data).header.promulgation.day == day


def test_a_text_longer_than_the_table_allows_is_not_sent() -> None:
    with pytest.raises(ForeignMismatch):
        write_document(replace(ONE, header=replace(HEADER_ONE, subject="a" * 501)))
    with pytest.raises(ForeignMismatch):
        write_document(replace(ONE, header=replace(HEADER_ONE, subject="a\x00b")))


def test_a_status_in_the_header_of_a_message_is_read_too() -> None:
    data = write_status(STATE).replace(b"edXML:Status>", b"edXML:MessageHeader>")
    assert read_status(data) == STATE


def test_an_unknown_status_code_is_refused() -> None:
    with pytest.raises(ForeignMismatch):
        read_status(write_status(STATE).replace(b">03<", b">99<"))


def test_the_schema_of_before_2016_is_refused_by_name() -> None:
    with pytest.raises(EdxmlOldNamespace):
        read_document(write_document(ONE).replace(SPACE.encode(), b"http://www.e-doc.vn/Schema/"))


def test_hostile_documents_are_refused_with_an_error_of_ours() -> None:
    for name, data in bad_xml(
        write_document(ONE), "V/v phối hợp ngăn chặn lừa đảo qua mạng".encode()
    ):
        with pytest.raises(LachanError):
            pytest.fail(f"{name}: {read_document(data)}")
    for name, data in bad_xml(write_status(STATE), "Đã tiếp nhận".encode()):
        with pytest.raises(LachanError):
            pytest.fail(f"{name}: {read_status(data)}")


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(ForeignTooLarge):
        read_document(b" " * (MAX_BYTES + 1))


@given(st.data())
def test_a_document_with_anything_taken_out_is_read_or_refused(data: Any) -> None:
    root = etree.fromstring(write_document(ONE))
    nodes = [node for node in root.iter() if node.getparent() is not None]
    node = data.draw(st.sampled_from(nodes))
    parent = node.getparent()
    if data.draw(st.booleans()):
        parent.remove(node)
    else:
        node.text = data.draw(st.sampled_from(["", "x", "-1", "9" * 30, "2026/13/01"]))
    with suppress(LachanError):
        read_document(etree.tostring(root))


@pytest.mark.parametrize(
    ("status", "substate", "code"),
    [
        (Status.AWAITING_APPROVAL, "drafted", None),
        (Status.AWAITING_DISCLOSURE, "queued", None),
        (Status.AWAITING_DISCLOSURE, "delivered", StatusCode.INBOX),
        (Status.AWAITING_DISCLOSURE, "accepted", StatusCode.ACCEPTED),
        (Status.AWAITING_DISCLOSURE, "working", StatusCode.PROCESSING),
        (Status.DISCLOSED, "complete", StatusCode.FINISHED),
        (Status.NOT_AVAILABLE, "not_found", StatusCode.FINISHED),
        (Status.REJECTED, "by_desk", StatusCode.REJECTED),
        (Status.CANCELLED, "by_asker", StatusCode.REVOKED),
        (Status.ERROR, "undeliverable", None),
    ],
)
def test_a_state_of_ours_is_told_as_a_status_of_theirs(
    status: Status, substate: str, code: StatusCode | None
) -> None:
    assert status_of(status, substate) is code


def names(group: Group) -> set[str]:
    found = {group.name}
    for member in group.members:
        found |= names(member) if isinstance(member, Group) else {member.name}
    return found


def test_every_element_of_the_table_stands_in_the_documentation() -> None:
    text = (DOCS / "edges.md").read_text("utf-8")
    written = set(re.findall(r"`([^`]+)`", text))
    words = {word for code in written for word in re.findall(r"[A-Za-z]+", code)}
    assert {name for group in (HEADER, TRACES, STATUS) for name in names(group)} <= words


def test_every_field_of_a_record_has_its_element() -> None:
    def check(group: Group) -> None:
        fields = {member.field for member in group.members}
        assert fields == set(group.record.__struct_fields__), group.name
        for member in group.members:
            if isinstance(member, Group):
                check(member)
            else:
                assert isinstance(member, Leaf)

    for group in (HEADER, TRACES, STATUS):
        check(group)
