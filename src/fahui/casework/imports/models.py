"""A table that somebody brought, on its way into a register."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fahui.casework.errands.models import Errand
from fahui.foundation.models import User


class Import(Errand):
    """A table handed in, how far it is, and what came of it. Nobody else sees it. Its file lies encrypted by this row's key."""

    STATES = [("waiting", "排队中"), ("working", "正在导入"), ("done", "导入好了"), ("failed", "没有导入")]

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="imports", db_index=False)
    name = models.CharField(max_length=160)  # as the person's own file is called
    kind = models.CharField(max_length=4, choices=[("xlsx", "Excel"), ("csv", "CSV")])
    digest = models.CharField(max_length=64)  # SM3 of its content
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    added = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "导入"
        constraints = [
            # Handed in again while it is at work, it is the one that is at work.
            models.UniqueConstraint(fields=["user", "about", "digest"], condition=Q(state__in=["waiting", "working"]), name="import_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="import_newest"),
            # What the hourly tidying drops.
            models.Index(fields=["expires_at"], name="import_expires"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk} into {self.about}"
