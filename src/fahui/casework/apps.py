"""The spine: one case, many services."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Definitions, cases, deadlines, assignment, scheduling, documents, notices, feedback, funding."""

    name = "fahui.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
