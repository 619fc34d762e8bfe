"""Who waits for a call, oldest first; and who is on duty when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.companions.actions import hand_to
from fahui.casework.scheduling.actions import drop_shift, end_booking, plan_shift
from fahui.casework.scheduling.queries import DUTY_QUEUE, board, free_slots, on_duty, people_to_plan, waiting_callbacks
from fahui.channels.desk import queries as desk
from fahui.channels.desk.frame import HOTLINE, PLANNERS, show
from fahui.channels.desk.hotline import QUEUE
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.templatetags.fahui import mask_name
from fahui.channels.typed import number
from fahui.foundation import clock
from fahui.foundation.errors import Refusal

QUEUES = (QUEUE, "window", "notary", DUTY_QUEUE)


def _line(booking: Any) -> dict[str, Any]:
    case, now = booking.case, clock.now()
    waited = int((now - booking.made_at).total_seconds() // 60)
    name = _("保密") if case.sealed else (mask_name(case.applicant.name) if case.applicant else _("匿名"))
    return {"booking": booking, "case": case, "name": name, "waited": waited, "handler": case.handler,
            "late": booking.slot.starts_at + timedelta(hours=1) < now}  # fmt: skip


@staff_page(*sorted(HOTLINE))
def queue(request: HttpRequest) -> HttpResponse:
    """Call-backs promised and not made, those that failed, and the next free hours."""
    now = clock.now()
    waiting = waiting_callbacks(QUEUE, now).select_related("slot", "case__applicant", "case__handler")
    context = {
        "waiting": [_line(b) for b in waiting],
        "missed": [_line(b) for b in desk.missed_callbacks(QUEUE, now - timedelta(days=3))],
        "on_duty": on_duty(QUEUE, now), "slots": list(free_slots(QUEUE, now, 6)),
    }  # fmt: skip
    return show(request, "desk/callbacks.html", context, here="/desk/callbacks")


@require_POST
@staff_page(*sorted(HOTLINE))
def settle(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Called back, not reached, cancelled, or: I take this one."""
    reader = reader_of(request)
    try:
        found = desk.booking_of(reader, booking_id)
        if request.POST.get("status") == "mine":
            hand_to(reader, found.case_id, reader.user_id or 0, "回拨")
            return HttpResponseRedirect(f"/desk/hotline/{found.case_id}")
        end_booking(reader, booking_id, request.POST.get("status", ""))
        messages.success(request, _("已登记。"))
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    return HttpResponseRedirect("/desk/callbacks")


@staff_page(*sorted(HOTLINE | PLANNERS))
def shifts(request: HttpRequest) -> HttpResponse:
    """A week of a queue, Monday to Sunday."""
    reader = reader_of(request)
    asked = request.GET.get("queue", "")
    queue_name = asked if asked in QUEUES else QUEUE
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        day = clock.today()
    monday = day - timedelta(days=day.weekday())
    start = datetime.combine(monday, time(0), clock.SHANGHAI)
    held: dict[date, list[Any]] = {}
    for shift in board(queue_name, start):
        held.setdefault(max(shift.starts_at.astimezone(clock.SHANGHAI).date(), monday), []).append(shift)
    plans = bool(reader.roles & PLANNERS)
    context = {
        "days": [{"day": monday + timedelta(days=n), "shifts": held.get(monday + timedelta(days=n), []),
                  "today": monday + timedelta(days=n) == clock.today()} for n in range(7)],
        "queue": queue_name, "queues": [(QUEUE, _("热线")), ("window", _("窗口")), ("notary", _("公证")), (DUTY_QUEUE, _("值班律师"))],
        "before": monday - timedelta(days=7), "after": monday + timedelta(days=7), "plans": plans, "monday": monday,
        "people": people_to_plan(reader, queue_name, max(day, clock.today())),
    }  # fmt: skip
    return show(request, "desk/shifts.html", context, here="/desk/shifts")


@require_POST
@staff_page(*sorted(PLANNERS))
def plan(request: HttpRequest) -> HttpResponse:
    """Put somebody on duty, or take a shift off the board."""
    reader, post = reader_of(request), request.POST
    try:
        if drop := number(post.get("drop", "")):
            drop_shift(reader, drop)
            messages.success(request, _("已撤销班次。"))
        else:
            day = date.fromisoformat(post.get("day", ""))
            starts = datetime.combine(day, time.fromisoformat(post.get("from", "")), clock.SHANGHAI)
            ends = datetime.combine(day, time.fromisoformat(post.get("to", "")), clock.SHANGHAI)
            if ends <= starts:  # a night shift ends on the next day
                ends += timedelta(days=1)
            plan_shift(reader, post.get("queue", QUEUE), number(post.get("user", "")) or 0, starts, ends,
                       int(post.get("capacity") or 4))  # fmt: skip
            messages.success(request, _("已排班。"))
    except ValueError:
        messages.error(request, _("请选人、日期和时间。"))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    week, queue_name = post.get("week", ""), post.get("queue", QUEUE)
    return HttpResponseRedirect(f"/desk/shifts?week={week[:10]}&queue={queue_name if queue_name in QUEUES else QUEUE}")
