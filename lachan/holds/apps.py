"""Django's entry for the context."""

from django.apps import AppConfig


class HoldsConfig(AppConfig):
    """Pauses, holds, their signatures and reviews."""

    name = "lachan.holds"
    label = "holds"

    def ready(self) -> None:
        from lachan.holds import reactions  # noqa: F401, PLC0415 - subscribes to other contexts' facts
