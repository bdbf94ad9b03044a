"""The exchange as a Django application."""

from importlib import import_module

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "lachan.exchange"
    label = "exchange"
    verbose_name = "Trao đổi thông điệp"

    def import_models(self) -> None:
        """The tables of paper and of hosted desks stand beside those of every message."""
        super().import_models()
        for name in ("paper_models", "desk_models"):
            import_module(f"{self.name}.{name}")
