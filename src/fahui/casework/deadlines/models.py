"""Running time limits of cases."""

from __future__ import annotations

from django.db import models

from fahui.casework.cases.models import Case
from fahui.foundation.identifiers import new_id


class CaseDeadline(models.Model):
    """One clock of one case. `stops` holds [[from, to|null, reason]] in ISO times; due_at is computed from them."""

    STATUSES = [("running", "计时中"), ("suspended", "已暂停"), ("met", "已按时"), ("late", "逾期完成"),
                ("missed", "已超期"), ("cancelled", "不再适用")]  # fmt: skip

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines", db_index=False)
    code = models.CharField(max_length=40)
    length = models.CharField(max_length=40)
    rolls = models.BooleanField(default=True)
    owner = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=STATUSES, default="running")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stops = models.JSONField(default=list)
    # When the owner is told next; null when there is nothing more to tell.
    next_warning = models.DateTimeField(null=True)
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="deadline_case"),
            # The sweep: what needs a word now.
            models.Index(fields=["next_warning"], name="deadline_sweep", condition=models.Q(status="running")),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.case_id}"
