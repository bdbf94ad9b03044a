"""Small values of the kernel."""

from lachan.kernel.checks import Check
from lachan.kernel.events import Event


def test_a_check_tells_what_and_where_in_both_languages() -> None:
    good = Check.good("V1", "Đúng", "Right")
    bad = Check.bad("V2", "a.json", "Sai", "")
    assert (good.ok, good.where, good.text("vi"), good.text("en")) == (True, None, "Đúng", "Right")
    assert (bad.ok, bad.where, bad.text("en")) == (False, "a.json", "Sai")


def test_a_fact_is_a_value() -> None:
    assert Event() == Event()
