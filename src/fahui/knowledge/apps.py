"""What the law says, found by people who do not know its words."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Laws, citations."""

    name = "fahui.knowledge"
    label = "knowledge"
    default_auto_field = "django.db.models.BigAutoField"
