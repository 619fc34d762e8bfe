"""What the public purse pays for a case."""

from __future__ import annotations

from django.db import models

from fahui.casework.cases.models import Case
from fahui.foundation.identifiers import new_id
from fahui.foundation.models import Practitioner


class Subsidy(models.Model):
    """A case subsidy (办案补贴) due to a provider: amount in fen, the local table it comes from, and its way to payment."""

    STATUSES = [("due", "待发放"), ("paid", "已发放"), ("cancelled", "已取消")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="subsidies")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="subsidies")
    kind = models.CharField(max_length=60)
    amount_fen = models.PositiveBigIntegerField()
    source = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=STATUSES, default="due")
    due_since = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    payment = models.CharField(max_length=60, blank=True)  # the number of the payment's voucher

    class Meta:
        # The page of what is due or paid, oldest first.
        indexes = [models.Index(fields=["status", "due_since", "id"], name="subsidy_status")]
        constraints = [models.UniqueConstraint(fields=["case", "practitioner", "kind"], name="subsidy_once")]

    def __str__(self) -> str:
        return f"{self.amount_fen} fen for {self.case_id}"
