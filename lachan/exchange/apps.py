"""The exchange as a Django application."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "lachan.exchange"
    label = "exchange"
    verbose_name = "Trao đổi thông điệp"
