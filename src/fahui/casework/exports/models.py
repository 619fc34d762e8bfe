"""A list that somebody asked for as a file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fahui.casework.errands.models import Errand
from fahui.foundation.models import User


class Export(Errand):
    """A list as somebody narrowed it, on its way to be a file, and the file until it expires. Nobody else sees it.

    `rows_all` stays unknown where the list is longer than a file may be.
    """

    STATES = [("waiting", "排队中"), ("working", "正在做"), ("done", "做好了"), ("failed", "没有做成")]
    KINDS = [("xlsx", "Excel"), ("csv", "CSV")]

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="exports", db_index=False)
    # The filter as a query string, in one spelling: the same list asked for twice is the same text.
    query = models.CharField(max_length=1000, blank=True)
    kind = models.CharField(max_length=4, choices=KINDS)
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    # SM3 of the file, written down before the file is stored: a killed worker leaves none that nobody knows of.
    digest = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=160, blank=True)

    class Meta:
        verbose_name = "导出"
        constraints = [
            # Asked for again while it is at work, it is the one that is at work.
            models.UniqueConstraint(
                fields=["user", "about", "query", "kind", "language"], condition=Q(state__in=["waiting", "working"]), name="export_once"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="export_newest"),
            # What the hourly tidying drops.
            models.Index(fields=["expires_at"], name="export_expires"),
        ]

    def __str__(self) -> str:
        return f"export {self.pk} of {self.about}"
