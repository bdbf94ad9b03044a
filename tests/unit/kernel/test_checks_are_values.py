"""Small values of the kernel."""

from lachan.kernel.checks import Check
from lachan.kernel.events import Event


def test_a_check_tells_what_and_where() -> None:
    assert Check("V1", ok=True, what="files") == Check("V1", ok=True, what="files")
    assert Event() == Event()
