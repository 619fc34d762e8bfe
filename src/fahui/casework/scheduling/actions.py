"""Shifts and slots: who is on duty, and promising a time only when there is somebody to keep it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from fahui.casework.cases.models import Case
from fahui.casework.cases.permissions import standing
from fahui.casework.cases.queries import still_sees
from fahui.casework.scheduling.models import Booking, Shift, Slot
from fahui.casework.scheduling.queries import working_posts
from fahui.casework.scheduling.rules import SETTLERS, may_put_on_duty, planning_posts
from fahui.foundation import clock
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import HeldPost, Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing


@transaction.atomic
def plan_shift(
    reader: Reader, queue: str, user_id: int, starts_at: datetime, ends_at: datetime, capacity: int = 4
) -> Shift:
    """Put somebody on duty, who holds a post that the planner's own post reaches on that day.

    Raises Forbidden, Invalid, or Conflict (they are on duty then already).
    """
    planner = None if reader.kind == "system" else _planner(reader, queue, user_id, starts_at)
    if not starts_at < ends_at <= starts_at + timedelta(hours=24):
        raise Invalid(_("班次的结束应晚于开始，且不超过24小时。"), fields={"ends_at": _("请核对时间")})
    if not 0 <= capacity <= 60:
        raise Invalid(_("每小时回拨数应在0到60之间。"), fields={"capacity": _("0到60")})
    # The row lock on the person makes two planners take turns.
    list(Shift.objects.select_for_update().filter(user_id=user_id, ends_at__gt=starts_at, starts_at__lt=ends_at)[:1])
    if Shift.objects.filter(user_id=user_id, ends_at__gt=starts_at, starts_at__lt=ends_at).exists():
        raise Conflict(_("此人在这段时间已有班次。"))
    shift = Shift.objects.create(
        queue=queue, user_id=user_id, starts_at=starts_at, ends_at=ends_at, capacity=capacity,
        institution_id=planner.institution_id if planner else None,
    )  # fmt: skip
    append(reader, Entry("shift.planned", about=f"user:{user_id}", data={"queue": queue}))
    _recount(queue, starts_at, ends_at)
    return shift


def _planner(reader: Reader, queue: str, user_id: int, at: datetime) -> HeldPost:
    """The reader's post that may put this person on duty. Raises Forbidden."""
    plans = planning_posts(reader.posts, queue)
    if not plans:
        raise Forbidden(_("只有管这个队列的班长、审批人、指派员或局领导可以排班。"))
    works = working_posts(user_id, at.astimezone(clock.SHANGHAI).date())
    found = next((plan for plan in plans if any(may_put_on_duty(plan, work) for work in works)), None)
    if found is None:
        raise Forbidden(_("此人当天没有您这里的值班岗位。请选本机构的人或者值班律师，或者先请管理员设岗位。"))
    return found


@transaction.atomic
def drop_shift(reader: Reader, shift_id: int) -> None:
    """Take a shift off the board: whoever may plan it, or its institution's planners when the person has left.

    Raises Forbidden, Missing, or Conflict (its bookings could not be kept).
    """
    shift = Shift.objects.select_for_update().filter(pk=shift_id).first()
    if shift is None:
        raise Missing(_("没有这个班次。"))
    own = {post.institution_id for post in planning_posts(reader.posts, shift.queue)} - {None}
    if reader.kind != "system" and shift.institution_id not in own:
        _planner(reader, shift.queue, shift.user_id, shift.starts_at)
    shift.delete()
    append(reader, Entry("shift.dropped", about=f"user:{shift.user_id}", data={"queue": shift.queue}))
    try:
        with transaction.atomic():
            _recount(shift.queue, shift.starts_at, shift.ends_at)
    except IntegrityError as error:
        raise Conflict(_("这个班次里已有预约，请先改约或安排别人顶班。")) from error


def _recount(queue: str, starts_at: datetime, ends_at: datetime) -> None:
    """Every hour's capacity is what the shifts over it can return. The database refuses less than is taken."""
    hour = starts_at.replace(minute=0, second=0, microsecond=0)
    while hour < ends_at:
        over = Shift.objects.filter(queue=queue, starts_at__lt=hour + timedelta(hours=1), ends_at__gt=hour)
        capacity = over.aggregate(total=Sum("capacity"))["total"] or 0
        Slot.objects.get_or_create(queue=queue, starts_at=hour, defaults={"capacity": capacity})
        Slot.objects.filter(queue=queue, starts_at=hour).update(capacity=capacity)
        hour += timedelta(hours=1)


@transaction.atomic
def book(reader: Reader, case: Case, queue: str, kind: str, not_before: datetime, within: timedelta) -> Booking:
    """Take the first free place of a queue within a time. The database counts; two callers never get the last one.

    Raises Conflict when nothing is free (say so honestly and offer other ways), or when the case has a booking.
    """
    if kind not in {"callback", "appointment"}:
        raise Invalid(_("请选择回拨或预约。"), fields={"kind": _("请选择")})
    first = not_before.replace(minute=0, second=0, microsecond=0)
    slots = Slot.objects.filter(queue=queue, starts_at__gte=first, starts_at__lte=not_before + within)
    for slot in slots.filter(taken__lt=F("capacity")).order_by("starts_at"):
        if Slot.objects.filter(pk=slot.pk, taken__lt=F("capacity")).update(taken=F("taken") + 1):
            try:
                with transaction.atomic():
                    booking = Booking.objects.create(slot=slot, case=case, kind=kind, made_at=clock.now())
            except IntegrityError as error:
                raise Conflict(_("这件事已经约过了。")) from error
            append(reader, Entry("booking.made", case_id=case.pk, data={"kind": kind, "at": slot.starts_at.isoformat()}))
            return booking
    raise Conflict(_("这段时间没有空位。可以留言、到窗口，或换个时间。"), code="no_capacity")


@transaction.atomic
def end_booking(reader: Reader, booking_id: int, status: str) -> Booking:
    """Called back, not reached, or cancelled: by whoever is on the queue for the case's service and region, or in
    charge of the case. The person who asked may cancel. A cancelled one gives its place back.

    Raises Forbidden, Missing (also where the reader may not see the case), Conflict or Invalid.
    """
    found = Booking.objects.select_for_update(of=("self",)).select_related("case__provider")
    booking = found.filter(pk=booking_id).first()
    if booking is None or not still_sees(reader, booking.case):
        raise Missing(_("没有这个预约。"))
    may = {role.value for role in SETTLERS} | ({Role.APPLICANT.value} if status == "cancelled" else set())
    if not may & standing(reader, booking.case).roles:
        raise Forbidden(_("预约由热线、窗口的值班人员或者这件事的经办人登记。"))
    if booking.status != "booked":
        raise Conflict(_("这个预约已经处理过了。"))
    if status not in {"done", "missed", "cancelled"}:
        raise Invalid(_("请选择结果。"), fields={"status": _("请选择")})
    booking.status, booking.ended_at = status, clock.now()
    booking.save(update_fields=["status", "ended_at"])
    if status == "cancelled":
        Slot.objects.filter(pk=booking.slot_id, taken__gt=0).update(taken=F("taken") - 1)
    append(reader, Entry(f"booking.{status}", case_id=booking.case_id))
    return booking
