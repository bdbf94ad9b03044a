"""Django's entry for the context."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases: the file of one fraud, its money and its board row."""

    name = "lachan.cases"
    label = "cases"

    def ready(self) -> None:
        from lachan.cases import reactions  # noqa: F401, PLC0415 - subscribes to other contexts' facts
