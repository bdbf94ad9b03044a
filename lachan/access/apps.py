"""Who may do what, for which purpose, and the record that they did."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "lachan.access"
    label = "access"
    verbose_name = "Truy cập"
