"""No way to a telephone is configured: said plainly, never pretended."""

_ABSENT = (
    "no telephone gateway is configured: reports by web wait for a person (docs/operations.md)"
)


class NoPhone:
    """Every attempt fails with the sentence that an operator needs."""

    def send(self, phone: str, code: str) -> None:  # noqa: ARG002 - the port's signature
        """Raises: ConnectionError."""
        raise ConnectionError(_ABSENT)

    def tell(self, phone: str, text: str) -> None:  # noqa: ARG002 - the port's signature
        """Raises: ConnectionError."""
        raise ConnectionError(_ABSENT)
