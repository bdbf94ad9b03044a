"""Victims' reports as a Django application."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "lachan.reports"
    label = "reports"
    verbose_name = "Tin báo"

    def ready(self) -> None:
        from lachan.reports import reactions  # noqa: F401, PLC0415 - subscribes
