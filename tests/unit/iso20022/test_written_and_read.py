"""What is written is read as the same value, and what is written is ISO 20022 to those who did not write it."""

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
    header,
)
from lachan.adapters.iso20022.auth001 import Edition
from lachan.adapters.iso20022.markup import parse, serialise
from tests.oracles import iso20022_values as values
from tests.oracles.iso20022_classes import class_of, faults, parsed, shape_faults


def same(data: bytes, read: Callable[[bytes], object], value: object) -> None:
    assert read(data) == value
    assert faults(etree.fromstring(data)) == []
    parsed(data)


@given(values.requests())
def test_an_information_request(value: auth001.InformationRequest) -> None:
    same(auth001.write(value, Edition.V02), auth001.read, value)


@given(values.responses())
def test_an_information_response(value: auth002.InformationResponse) -> None:
    same(auth002.write(value, Edition.V02), auth002.read, value)


@given(values.changes)
def test_a_change_of_confidentiality(value: auth003.ConfidentialityChange) -> None:
    same(auth003.write(value), auth003.read, value)


@given(values.recalls)
def test_a_recall(value: camt056.Recall) -> None:
    same(camt056.write(value), camt056.read, value)


@given(values.resolutions())
def test_a_resolution(value: camt029.Resolution) -> None:
    same(camt029.write(value), camt029.read, value)


@given(values.verification_requests)
def test_a_verification_request(value: acmt023.VerificationRequest) -> None:
    same(acmt023.write(value), acmt023.read, value)


@given(values.verification_reports)
def test_a_verification_report(value: acmt024.VerificationReport) -> None:
    same(acmt024.write(value), acmt024.read, value)


@given(values.headers)
def test_a_header(value: header.Header) -> None:
    data = serialise(header.header_element(value))
    same(data, lambda given: header.read_header(parse(given)), value)


@given(values.orders)
def test_an_order_to_hold_or_freeze(value: freeze.Order) -> None:
    assert freeze.read(freeze.write(value)) == value


@given(values.effects)
def test_what_an_order_came_to(value: freeze_effect.OrderEffect) -> None:
    assert freeze_effect.read(freeze_effect.write(value)) == value


@given(st.one_of(values.requests(), values.responses()))
def test_the_older_edition_differs_in_its_namespace_only(value: object) -> None:
    kind = auth001 if isinstance(value, auth001.InformationRequest) else auth002
    old, new = (kind.write(value, edition) for edition in (Edition.V01, Edition.V02))
    assert old.replace(f"{kind.NAME}.01".encode(), f"{kind.NAME}.02".encode()) == new
    assert kind.read(old) == value


@pytest.mark.parametrize(
    ("definition", "shape"),
    [
        ("auth.001.001.02", auth001.SHAPE),
        ("auth.002.001.02", auth002.SHAPE),
        ("auth.003.001.01", auth003.SHAPE),
        ("camt.056.001.11", camt056.SHAPE),
        ("camt.029.001.13", camt029.SHAPE),
        ("acmt.023.001.04", acmt023.SHAPE),
        ("acmt.024.001.04", acmt024.SHAPE),
        ("head.001.001.01", header.SHAPE),
        ("head.001.001.02", header.SHAPE),
    ],
)
def test_every_declared_element_is_one_of_isos_at_its_place(definition: str, shape: object) -> None:
    """Names, order, choices, cardinalities and lengths against independent classes."""
    assert shape_faults(shape, class_of(definition)) == []


def test_the_oracle_sees_what_is_wrong() -> None:
    """A judge that never objects judges nothing."""
    data = auth001.write(values.request(), Edition.V02)
    root = etree.fromstring(data)
    first = root[0][0]
    root[0].append(first)
    assert any("out of order" in one for one in faults(root))
    assert any("unknown" in one for one in faults(etree.fromstring(data.replace(b"Prgrph", b"Pargrph"))))  # fmt: skip
    long = etree.fromstring(data.replace(b"VN.BLTTHS.88+VN.LCTCTD.13", b"X" * 36))
    assert any("36 characters" in one for one in faults(long))
    with pytest.raises(Exception, match="Pargrph"):
        parsed(data.replace(b"Prgrph", b"Pargrph"))
