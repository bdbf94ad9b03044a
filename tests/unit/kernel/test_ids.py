"""Ids rise with time; what could be enumerated is keyed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kernel.ids import keyed_hash, keyed_uuid5, uuid7, uuid7_time


def test_ids_of_one_process_only_rise() -> None:
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(set(made))
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_an_id_carries_the_millisecond_that_it_was_given(at: datetime) -> None:
    made = uuid7(at)
    assert made.version == 7
    assert abs((uuid7_time(made) - at).total_seconds()) <= 0.001


def test_the_same_value_under_another_key_or_kind_is_another_id() -> None:
    here = keyed_uuid5(b"a" * 32, "phone", "+84912345678")
    assert here == keyed_uuid5(b"a" * 32, "phone", "+84912345678")
    assert here.version == 5
    assert here != keyed_uuid5(b"b" * 32, "phone", "+84912345678")
    assert here != keyed_uuid5(b"a" * 32, "account", "+84912345678")
    assert keyed_hash(b"k", "ab", "c") != keyed_hash(b"k", "a", "bc")
    assert len(keyed_hash(b"k", "a", "b")) == 64


def test_a_keyed_hash_without_a_key_is_a_defect() -> None:
    with pytest.raises(ValueError, match="key"):
        keyed_hash(b"", "phone", "1")
