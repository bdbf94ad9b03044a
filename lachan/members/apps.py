"""Organisations, units, officers and keys: who takes part in the exchange."""

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig

from lachan.members import models


class MembersConfig(AppConfig):
    name = "lachan.members"
    label = "members"
    verbose_name = "Thành viên"

    def import_models(self) -> None:
        """Every module of the package `models`: its own file is empty, so nothing else would load them."""
        super().import_models()
        for module in iter_modules(models.__path__):
            import_module(f"{models.__name__}.{module.name}")
