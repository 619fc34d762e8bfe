"""Reading the shift board and the call-back queue."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet

from fahui.casework.scheduling.models import Booking, Shift, Slot
from fahui.casework.scheduling.rules import WORKERS, may_put_on_duty, planning_posts
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import held_post, held_posts, posts_on
from fahui.foundation.accounts.scope import HeldPost, Reader

# The roster of duty lawyers (法律援助法第十四条).
DUTY_QUEUE = "duty"


def board(queue: str, starts: datetime, days: int = 7) -> QuerySet[Shift]:
    """The shifts of a week."""
    return (
        Shift.objects.filter(queue=queue, starts_at__lt=starts + timedelta(days=days), ends_at__gt=starts)
        .select_related("user")
        .order_by("starts_at", "user__name")
    )


def on_duty(queue: str, now: datetime) -> QuerySet[Shift]:
    """Who is on duty now, by name."""
    return Shift.objects.filter(queue=queue, starts_at__lte=now, ends_at__gt=now).select_related("user").order_by("user__name", "id")


def waiting_callbacks(queue: str, now: datetime, limit: int = 50) -> QuerySet[Booking]:
    """Promised call-backs not made yet, oldest promise first; none about a case that is over."""
    return (
        Booking.objects.filter(slot__queue=queue, kind="callback", status="booked", case__open=True)
        .select_related("slot", "case__applicant")
        .order_by("slot__starts_at", "made_at")[:limit]
    )


def free_slots(queue: str, now: datetime, limit: int = 12) -> QuerySet[Slot]:
    """The next hours with a free place."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return Slot.objects.filter(queue=queue, starts_at__gte=hour, taken__lt=F("capacity")).order_by("starts_at")[:limit]


def working_posts(user_id: int, day: date) -> tuple[HeldPost, ...]:
    """The posts somebody holds on a day; none when the account is closed."""
    if not User.objects.filter(pk=user_id, kind="staff", is_active=True).exists():
        return ()
    return held_posts(user_id, day)


def people_to_plan(reader: Reader, queue: str, day: date) -> list[User]:
    """Whom the reader may put on duty for a queue, by name."""
    plans = planning_posts(reader.posts, queue)
    if not plans:
        return []
    held = posts_on(day).filter(
        role__in=[role.value for role in WORKERS], user__kind="staff", user__is_active=True
    ).select_related("user")  # fmt: skip
    found = {post.user for post in held if any(may_put_on_duty(plan, held_post(post)) for plan in plans)}
    return sorted(found, key=lambda user: user.name)
