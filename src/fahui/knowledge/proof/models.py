"""Reports of the gold set."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ProofReport(models.Model):
    """One run over the gold set. A report that is no worse than the accepted one before is accepted by itself; a worse one waits
    for somebody, and until then no curated answer is published."""

    ran_at = models.DateTimeField()
    ran_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked = models.JSONField(default=list, help_text="Ids of the questions.")
    faults = models.JSONField(default=list, help_text="[{id, ask, wrong: [codes]}]")
    worse = models.JSONField(default=list, help_text="Ids that fail now and did not in the accepted report before.")
    milliseconds = models.PositiveIntegerField(default=0, help_text="How long the whole run took.")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        app_label = "knowledge"

    def __str__(self) -> str:
        return f"{len(self.asked) - len(self.faults)} of {len(self.asked)}, {self.ran_at:%Y-%m-%d}"
