"""The adapters that bootstrap has put behind this context's ports."""

from __future__ import annotations

from collections.abc import Callable

NeverBlock = Callable[[str], bool]

_never_block: NeverBlock | None = None


def use(*, never_block: NeverBlock) -> None:
    """Called once by the start-up, or by a test with its own list."""
    global _never_block  # noqa: PLW0603 - wired once
    _never_block = never_block


def never_blocked(account: str) -> bool:
    """Is the account on the never-block list? Without a list nothing is held: everything counts as listed."""
    return True if _never_block is None else _never_block(account)
