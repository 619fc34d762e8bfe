"""Supervising: who carries what, what is late, what lies still; urging, and handing over many at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.companions.actions import hand_to, urge
from fahui.channels.desk import queries as desk
from fahui.channels.desk.frame import show
from fahui.channels.desk.rows import rows
from fahui.channels.pages import reader_of, staff_page
from fahui.channels.typed import number
from fahui.foundation import clock
from fahui.foundation.accounts.roles import CASE_READERS, SUPERVISING
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid, Refusal

STUCK_DAYS = 7
MOST_AT_ONCE = 50


@staff_page(*sorted(SUPERVISING))
def board(request: HttpRequest) -> HttpResponse:
    """Load, overdue, stuck, urged."""
    return _page(request, [])


def _page(request: HttpRequest, results: list[dict[str, Any]]) -> HttpResponse:
    reader, now = reader_of(request), clock.now()
    asked = request.GET.get("days", "")
    days = min(max(given, 1), 365) if (given := number(asked)) is not None else STUCK_DAYS
    loads = desk.loads(reader, now)
    who = number(request.GET.get("who", ""))
    of_one = next((load for load in loads if load.user_id == who), None) if who else None
    context = {
        "loads": loads, "total": sum(load.open for load in loads), "late": sum(load.overdue for load in loads),
        "soon": sum(load.due_soon for load in loads), "nobody": sum(load.open for load in loads if not load.user_id),
        "overdue": rows(desk.overdue(reader, now), reader), "days": days,
        "of_one": of_one, "theirs": rows(desk.in_charge(reader, who), reader) if who and of_one else [],
        "stuck": rows(desk.stuck(reader, now - timedelta(days=days)), reader), "urges": desk.waiting_urges(reader),
        "people": desk.staff_of(reader, CASE_READERS), "results": results,
        "due": (now + timedelta(days=1)).astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    return show(request, "desk/supervise.html", context, here="/desk/supervise")


@require_POST
@staff_page(*sorted(SUPERVISING))
def many(request: HttpRequest) -> HttpResponse:
    """The same thing to several cases. Each is its own; one that is refused says why and stops no other."""
    reader, post = reader_of(request), request.POST
    chosen = [pk for pk in map(number, dict.fromkeys(post.getlist("case"))) if pk][:MOST_AT_ONCE]
    if not chosen:
        messages.warning(request, _("请先勾选事项。"))
        return HttpResponseRedirect("/desk/supervise")
    results = []
    for pk in chosen:
        try:
            results.append({"id": pk, "ok": True, "text": _one(reader, pk, request)})
        except Refusal as refusal:
            results.append({"id": pk, "ok": False, "text": refusal.message})
    numbers = desk.numbers_of(reader, chosen)
    for line in results:
        line["number"] = numbers.get(int(str(line["id"])), "")
    return _page(request, results)


def _one(reader: Reader, case_id: int, request: HttpRequest) -> str:
    post = request.POST
    if post.get("do") == "urge":
        try:
            due = datetime.fromisoformat(post.get("due", "")).replace(tzinfo=clock.SHANGHAI)
        except ValueError as error:
            raise Invalid(_("请写明最迟什么时候答复。")) from error
        urge(reader, case_id, post.get("text", ""), due)
        return _("已督办")
    to = reader.user_id if post.get("do") == "take" else number(post.get("user", ""))
    if to is None:
        raise Invalid(_("请选择转给谁。"))
    hand_to(reader, case_id, to, post.get("text", ""))
    return _("已转交")
