"""What the worker does for one person."""

from __future__ import annotations

from django.db import models

from fahui.foundation.identifiers import new_id


class Errand(models.Model):
    """Something long that the worker does for one person, who finds it on a page of their own until it expires.

    Each kind has its own `user`, and its own words for `state`: waiting, working, done or failed.
    """

    AT_WORK = ("waiting", "working")
    user_id: int

    id = models.BigIntegerField(primary_key=True, default=new_id)
    about = models.CharField(max_length=40)  # the list it is about: "activities", a register's id, …
    why = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    rows = models.PositiveIntegerField(default=0)  # done so far
    rows_all = models.PositiveIntegerField(null=True)  # None as long as nobody knows
    # How often it was begun. Whoever began it last is the only one who may go on with it.
    attempts = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        abstract = True
