"""The ground floor: who, where, when."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Regions, people and organisations, accounts, working calendar, vault, audit."""

    name = "fahui.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"
