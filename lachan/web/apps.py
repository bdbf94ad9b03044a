"""Tells Django that the pages are here."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages: templates, components, static files and words."""

    name = "lachan.web"
    label = "web"
