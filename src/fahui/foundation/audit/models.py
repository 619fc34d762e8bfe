"""The audit log: every change, and every look at personal data, in hash chains that only grow.

There are several chains so that concurrent writers do not wait for each other: a writer takes any head that is free
(`FOR UPDATE SKIP LOCKED`), appends, and moves the head, all in the transaction of the change itself.
"""

from __future__ import annotations

from django.db import models

from fahui.foundation.identifiers import new_id

CHAINS = 32


class ChainHead(models.Model):
    """The end of one chain: removing its newest event shows here."""

    chain = models.PositiveSmallIntegerField(primary_key=True)
    position = models.BigIntegerField(default=0)
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"chain {self.chain} at {self.position}"


class Event(models.Model):
    """One thing that happened. A database trigger refuses any change or removal of a row."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    chain = models.PositiveSmallIntegerField()
    position = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    # How the actor acted: "aid_reviewer", "applicant", "system", "api:12345" …
    actor_role = models.CharField(max_length=40, blank=True)
    # The case this belongs to, if any; other subjects are named in `about`.
    case_id = models.BigIntegerField(null=True)
    about = models.CharField(max_length=60, blank=True)
    # Plain codes and numbers, no names, numbers or texts of people.
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="event_chain_position")]
        indexes = [
            # A case's timeline, newest last.
            models.Index(fields=["case_id", "id"], name="event_case", condition=models.Q(case_id__isnull=False)),
            # "Who saw this?" and "what did this person do?"
            models.Index(fields=["about", "id"], name="event_about", condition=~models.Q(about="")),
            models.Index(fields=["actor_id", "id"], name="event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.kind}"
