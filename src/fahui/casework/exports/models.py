"""A list that somebody asked for as a file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fahui.foundation.identifiers import new_id
from fahui.foundation.models import User


class Export(models.Model):
    """A list as somebody narrowed it, on its way to be a file, and the file until it expires. Nobody else sees it."""

    STATES = [("waiting", "排队中"), ("working", "正在做"), ("done", "做好了"), ("failed", "没有做成")]
    KINDS = [("xlsx", "Excel"), ("csv", "CSV")]
    AT_WORK = ("waiting", "working")

    id = models.BigIntegerField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="exports", db_index=False)
    about = models.CharField(max_length=40)  # "activities", "worklist" or a register's id
    # The filter as a query string, in one spelling: the same list asked for twice is the same text.
    query = models.CharField(max_length=1000, blank=True)
    why = models.CharField(max_length=200)
    kind = models.CharField(max_length=4, choices=KINDS)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    rows = models.PositiveIntegerField(default=0)
    # How many the list has: unknown until its end is reached, and where it is longer than a file may be.
    rows_all = models.PositiveIntegerField(null=True)
    # How often it was begun. Whoever began it last is the only one who may go on with it.
    attempts = models.PositiveSmallIntegerField(default=0)
    # SM3 of the file, written down before the file is stored: a killed worker leaves none that nobody knows of.
    digest = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=160, blank=True)
    message = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

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
