"""The outbox: what leaves the house, with receipts and retries."""

from __future__ import annotations

from django.db import models

from fahui.foundation.data import english
from fahui.foundation.identifiers import new_id


class Outgoing(models.Model):
    """One message to leave, written in the transaction of what it tells. The worker sends it, again if need be."""

    STATUSES = [("waiting", "待发"), ("sent", "已发"), ("failed", "失败"), ("dropped", "不发")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case_id = models.BigIntegerField(null=True)
    notice = models.CharField(max_length=60)
    # text (to a party's phone), call (to a user's phone, read out), inbox (to a user).
    channel = models.CharField(max_length=10)
    party_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    # Ready text; never facts of the case. A line of an inbox also in English, for whoever reads it then.
    text = models.CharField(max_length=500)
    text_en = models.CharField(max_length=500, blank=True, default="", db_default="")
    status = models.CharField(max_length=10, choices=STATUSES, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_try = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["channel", "next_try"], name="outgoing_due", condition=models.Q(status="waiting")),
            models.Index(fields=["user_id", "-id"], name="outgoing_inbox", condition=models.Q(channel="inbox")),
            models.Index(fields=["case_id"], name="outgoing_case", condition=models.Q(case_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.status}"

    @property
    def words(self) -> str:
        """The text in the language of whoever reads it, where it is kept in that."""
        return self.text_en if self.text_en and english() else self.text
