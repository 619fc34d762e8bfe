"""Reading the shift board and the call-back queue."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from fahui.casework.scheduling.models import Booking, Shift, Slot


def board(queue: str, starts: datetime, days: int = 7) -> QuerySet[Shift]:
    """The shifts of a week."""
    return (
        Shift.objects.filter(queue=queue, starts_at__lt=starts + timedelta(days=days), ends_at__gt=starts)
        .select_related("user")
        .order_by("starts_at", "user__name")
    )


def on_duty(queue: str, now: datetime) -> QuerySet[Shift]:
    """Who is on duty now."""
    return Shift.objects.filter(queue=queue, starts_at__lte=now, ends_at__gt=now).select_related("user")


def waiting_callbacks(queue: str, now: datetime, limit: int = 50) -> QuerySet[Booking]:
    """Promised call-backs not made yet, oldest promise first."""
    return (
        Booking.objects.filter(slot__queue=queue, kind="callback", status="booked")
        .select_related("slot", "case__applicant")
        .order_by("slot__starts_at", "made_at")[:limit]
    )


def free_slots(queue: str, now: datetime, limit: int = 12) -> QuerySet[Slot]:
    """The next hours with a free place."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return Slot.objects.filter(queue=queue, starts_at__gte=hour, taken__lt=F("capacity")).order_by("starts_at")[:limit]
