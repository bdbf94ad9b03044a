"""Organisations, units, officers and keys: who takes part in the exchange."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "lachan.members"
    label = "members"
    verbose_name = "Thành viên"
