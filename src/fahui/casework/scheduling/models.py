"""Shifts (who is on duty), and calls waiting to be returned."""

from __future__ import annotations

from django.db import models

from fahui.casework.cases.models import Case
from fahui.foundation.identifiers import new_id
from fahui.foundation.models import Institution, User


class Shift(models.Model):
    """Somebody is on duty for a queue. `capacity` is how many call-backs an hour they can return."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    queue = models.CharField(max_length=40)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="shifts")
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField(default=4)

    class Meta:
        indexes = [models.Index(fields=["queue", "starts_at"], name="shift_queue")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.queue}"


class Slot(models.Model):
    """An hour of a queue that can take so many bookings; `taken` never passes `capacity` (checked by the database)."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    queue = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "starts_at"], name="slot_once"),
            models.CheckConstraint(condition=models.Q(taken__lte=models.F("capacity")), name="slot_not_overbooked"),
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.starts_at}"


class Booking(models.Model):
    """A place in a slot: a call-back or an appointment."""

    STATUSES = [("booked", "已约"), ("done", "已完成"), ("missed", "未接通"), ("cancelled", "已取消")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="bookings")
    kind = models.CharField(max_length=12, choices=[("callback", "回拨"), ("appointment", "预约")])
    status = models.CharField(max_length=10, choices=STATUSES, default="booked")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], condition=models.Q(status="booked"), name="booking_one_live")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"
