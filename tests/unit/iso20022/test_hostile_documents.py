"""Whatever arrives, a reader answers with a value or with an error that names the place."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from lachan.adapters.iso20022 import (
    acmt023,
    acmt024,
    auth001,
    auth002,
    auth003,
    camt029,
    camt056,
    freeze,
    freeze_effect,
)
from lachan.adapters.iso20022.acmt024 import Report, Verdict, VerificationReport
from lachan.adapters.iso20022.auth001 import Edition
from lachan.adapters.iso20022.errors import (
    ElementRefused,
    Iso20022Error,
    MessageUnexpected,
    ValueRefused,
    XmlRefused,
)
from lachan.adapters.iso20022.markup import MOST_BYTES
from lachan.kernel.errors import LachanError
from tests.oracles import iso20022_values as values

Reader = Callable[[bytes], object]
DOCUMENTS: dict[str, tuple[Reader, bytes]] = {
    "auth.001": (auth001.read, auth001.write(values.request(), Edition.V01)),
    "auth.002": (auth002.read, auth002.write(values.response(), Edition.V02)),
    "auth.003": (auth003.read, auth003.write(auth003.ConfidentialityChange(original="1", confidential=False))),
    "camt.056": (camt056.read, camt056.write(values.recall(notes=("a", "b")))),
    "camt.029": (camt029.read, camt029.write(values.resolution())),
    "acmt.023": (acmt023.read, acmt023.write(acmt023.VerificationRequest(errand=values.ERRAND, questions=(acmt023.Question(id="1", party=acmt023.Party(name="Trần")),)))),
    "acmt.024": (acmt024.read, acmt024.write(VerificationReport(errand=values.ERRAND, original="1", reports=(Report(id="1", verdict=Verdict.NO_MATCH, codes=("DOB_SWAP",)),)))),
    "lc.frz": (freeze.read, freeze.write(freeze.Order(inquiry=values.inquiry(kind="hold"), ask=values.hold_ask()))),
    "lc.frz effect": (freeze_effect.read, freeze_effect.write(freeze_effect.OrderEffect(order="1", reply=values.hold_reply()))),
}  # fmt: skip
EACH = pytest.mark.parametrize("name", DOCUMENTS)
DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"


def body(data: bytes) -> bytes:
    return data.removeprefix(DECLARATION)


@EACH
def test_the_documents_of_these_tests_are_read(name: str) -> None:
    read, data = DOCUMENTS[name]
    read(data)


@EACH
def test_entities_are_never_expanded(name: str) -> None:
    read, data = DOCUMENTS[name]
    bomb = b'<!DOCTYPE Document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    with pytest.raises(XmlRefused) as refused:
        read(DECLARATION + bomb + body(data))
    assert refused.value.problem == "DOCTYPE"


@EACH
def test_an_external_document_type_is_refused_in_every_encoding(name: str) -> None:
    read, data = DOCUMENTS[name]
    text = '<!DOCTYPE Document SYSTEM "file:///etc/passwd">' + body(data).decode()
    for given_bytes in (text.encode(), text.encode("utf-16"), text.encode("utf-32")):
        with pytest.raises(XmlRefused):
            read(given_bytes)


@EACH
def test_a_document_that_calls_itself_utf_7_is_read_as_utf_8_or_refused(name: str) -> None:
    read, data = DOCUMENTS[name]
    smuggled = b"<?xml version='1.0' encoding='UTF-7'?>+ADw-!DOCTYPE x+AD4-" + body(data)
    with pytest.raises(XmlRefused):
        read(smuggled)


@EACH
def test_another_namespace_is_another_message(name: str) -> None:
    read, data = DOCUMENTS[name]
    with pytest.raises(MessageUnexpected) as refused:
        read(data.replace(b".001.", b".009.", 1))
    assert refused.value.place == "Document"


@EACH
def test_a_message_without_a_namespace_is_refused(name: str) -> None:
    read, _ = DOCUMENTS[name]
    with pytest.raises(MessageUnexpected):
        read(b"<Document/>")


@EACH
def test_a_hundred_thousand_levels_are_refused(name: str) -> None:
    read, data = DOCUMENTS[name]
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    for at in (body(data).index(b">") + 1, body(data).rindex(b"</Document>")):
        with pytest.raises(Iso20022Error):
            read(body(data)[:at] + deep + body(data)[at:])


@EACH
def test_two_documents_in_one_file_are_refused(name: str) -> None:
    read, data = DOCUMENTS[name]
    with pytest.raises(XmlRefused):
        read(data + body(data))


@EACH
def test_two_messages_in_one_document_are_refused(name: str) -> None:
    read, data = DOCUMENTS[name]
    root = etree.fromstring(data)
    root.append(etree.fromstring(data)[0])
    with pytest.raises(Iso20022Error):
        read(etree.tostring(root))


@EACH
def test_a_file_too_large_is_not_parsed(name: str) -> None:
    read, data = DOCUMENTS[name]
    with pytest.raises(XmlRefused):
        read(data + b" " * MOST_BYTES)


@EACH
def test_thousands_of_namespaces_are_refused_before_they_cost_their_square(name: str) -> None:
    read, data = DOCUMENTS[name]
    many = b"".join(b' xmlns:a%d="u%d"' % (at, at) for at in range(30_000))
    with pytest.raises(XmlRefused) as refused:
        read(data.replace(b"><", many + b"><", 1))
    assert refused.value.problem == "xmlns > 500"


@EACH
def test_comments_and_instructions_are_refused_for_they_split_what_is_read(name: str) -> None:
    read, data = DOCUMENTS[name]
    at = data.rindex(b"</") - 1
    for extra in (b"<!--x-->", b"<?x y?>"):
        with pytest.raises(XmlRefused):
            read(data[: at + 1] + extra + data[at + 1 :])


@EACH
def test_no_schema_location_is_followed(name: str) -> None:
    read, data = DOCUMENTS[name]
    hint = b' xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="urn:x file:///etc/passwd" xmlns='
    for at in range(data.count(b" xmlns=")):
        parts = data.split(b" xmlns=")
        with pytest.raises((ElementRefused, ValueRefused)):
            read(b" xmlns=".join(parts[: at + 1]) + hint + b" xmlns=".join(parts[at + 1 :]))


@EACH
def test_every_element_that_is_taken_away_is_missed_or_was_optional(name: str) -> None:
    read, data = DOCUMENTS[name]
    refused = 0
    for at in range(1, len(list(etree.fromstring(data).iter()))):
        root = etree.fromstring(data)
        node = list(root.iter())[at]
        node.getparent().remove(node)
        refused += refusal(read, etree.tostring(root)) is not None
    assert refused > 0


@EACH
def test_every_element_that_is_emptied_doubled_or_renamed_is_refused_or_stays_a_value(
    name: str,
) -> None:
    read, data = DOCUMENTS[name]
    for at in range(1, len(list(etree.fromstring(data).iter()))):
        for change in (emptied, doubled, renamed, stretched, stretched_in_front):
            root = etree.fromstring(data)
            change(list(root.iter())[at])
            wrong = refusal(read, etree.tostring(root))
            if change is renamed:
                assert wrong is not None, "an unknown element was dropped in silence"


@EACH
def test_blanks_around_a_value_are_kept_or_refused_but_never_change_it(name: str) -> None:
    read, data = DOCUMENTS[name]
    whole = read(data)
    for at, leaf in enumerate(etree.fromstring(data).iter()):
        if len(leaf):
            continue
        root = etree.fromstring(data)
        padded = list(root.iter())[at]
        padded.text = f" {padded.text}\n"
        try:
            found = read(etree.tostring(root))
        except LachanError:
            continue
        assert found == whole or repr(padded.text)[1:-1] in repr(found), leaf.tag


@EACH
def test_prefixes_instead_of_default_namespaces_are_the_same_document(name: str) -> None:
    read, data = DOCUMENTS[name]
    assert read(prefixed(data)) == read(data)
    for at in range(1, len(list(etree.fromstring(data).iter()))):
        root = etree.fromstring(prefixed(data))
        stretched(list(root.iter())[at])
        refusal(read, etree.tostring(root))


@EACH
def test_the_last_hours_of_the_year_9999_are_no_traceback(name: str) -> None:
    read, data = DOCUMENTS[name]
    refusal(read, data.replace(values.DEADLINE.encode(), b"9999-12-31T23:59:59.999Z"))
    refusal(read, data.replace(values.DEADLINE.encode(), b"0001-01-01T00:00:00.000Z"))
    refusal(read, data.replace(values.DEADLINE.encode(), b"0001-01-01T00:00:00+14:00"))


@EACH
def test_an_attribute_or_stray_text_is_refused(name: str) -> None:
    read, data = DOCUMENTS[name]
    for at in range(1, len(list(etree.fromstring(data).iter()))):
        root = etree.fromstring(data)
        list(root.iter())[at].set("x", "1")
        assert refusal(read, etree.tostring(root)) is not None
        root = etree.fromstring(data)
        list(root.iter())[at].tail = "stray"
        assert refusal(read, etree.tostring(root)) is not None


@EACH
@given(where=st.integers(0, 10**6), junk=st.binary(max_size=6), cut=st.integers(0, 12))
def test_damage_anywhere_never_ends_in_a_traceback(
    name: str, where: int, junk: bytes, cut: int
) -> None:
    read, data = DOCUMENTS[name]
    at = where % len(data)
    refusal(read, data[:at] + junk + data[at + cut :])


@given(st.binary(max_size=200))
def test_no_bytes_at_all_end_in_a_traceback(data: bytes) -> None:
    for read, _ in DOCUMENTS.values():
        assert refusal(read, data) is not None


@EACH
def test_a_refusal_names_the_place_in_both_languages_and_repeats_no_value(name: str) -> None:
    read, data = DOCUMENTS[name]
    root = etree.fromstring(data)
    leaf = [one for one in root.iter() if not len(one)][-1]
    leaf.text = "\u0110o\u00e0n B\u00ed M\u1eadt " * 300
    wrong = refusal(read, etree.tostring(root))
    assert wrong is not None
    said = (wrong.message("vi"), wrong.message("en"))
    assert all(etree.QName(leaf).localname in one for one in said)
    assert not any("B\u00ed M\u1eadt" in one for one in said)


def refusal(read: Reader, data: bytes) -> LachanError | None:
    try:
        read(data)
    except LachanError as wrong:
        return wrong
    return None


def prefixed(data: bytes) -> bytes:
    """The same document, each namespace under a prefix of its own."""
    root = etree.fromstring(data)
    spaces = {etree.QName(one).namespace for one in root.iter()}
    names = {f"n{at}": space for at, space in enumerate(sorted(spaces))}
    again = etree.Element(root.tag, nsmap=names)
    again.extend(list(root))
    etree.cleanup_namespaces(again, keep_ns_prefixes=list(names))
    text = etree.tostring(again)
    assert b" xmlns=" not in text
    return text


def emptied(node: etree._Element) -> None:
    node.text = None
    for child in list(node):
        node.remove(child)


def doubled(node: etree._Element) -> None:
    node.addnext(etree.fromstring(etree.tostring(node, with_tail=False)))


def renamed(node: etree._Element) -> None:
    node.tag = f"{{{etree.QName(node).namespace}}}Khac"


def stretched(node: etree._Element) -> None:
    node.text = (node.text or "") + "9" * 5000


def stretched_in_front(node: etree._Element) -> None:
    node.text = "0" * 5000 + (node.text or "")
