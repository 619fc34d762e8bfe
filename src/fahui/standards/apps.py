"""Policies, indicators, measures, the lake."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    """The floor of standards."""

    name = "fahui.standards"
    label = "standards"
    default_auto_field = "django.db.models.BigAutoField"
