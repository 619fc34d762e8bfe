"""Who opened sealed files in a week, for those who answer for them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fahui.casework.openings.queries import Week, openings, tally
from fahui.channels import typed
from fahui.channels.desk import queries as desk
from fahui.channels.desk import words
from fahui.channels.desk.frame import show
from fahui.channels.pages import reader_of, staff_page
from fahui.foundation import clock
from fahui.foundation.accounts.roles import SUPERVISING

# What the log says somebody did, where it is one of the desk's own sentences: read in the reader's language.
SENTENCES = (gettext_noop("打开案卷"), gettext_noop("打开材料"), gettext_noop("打开文书"), gettext_noop("下载案卷"))


@staff_page(*sorted(SUPERVISING))
def sealed(request: HttpRequest) -> HttpResponse:
    """Every look of a week: when, who, which file, for what. This week unless another is asked for."""
    reader, get = reader_of(request), request.GET
    try:
        day = date.fromisoformat(get.get("week", ""))
    except ValueError:
        day = clock.today()
    week = Week.of(day)
    found = openings(reader, week)
    if after := typed.number(get.get("after", "")):
        found = found.filter(id__lt=after)
    held = list(found[: desk.PAGE + 1])
    lines, more = held[: desk.PAGE], len(held) > desk.PAGE
    names, numbers = desk.names([e.actor_id for e in lines]), desk.numbers_of(reader, [e.case_id for e in lines])

    def line(event: Any) -> dict[str, Any]:
        number = numbers.get(event.case_id)
        return {"cells": [
            f"{event.at.astimezone(clock.SHANGHAI):%m-%d %H:%M}", names.get(event.actor_id or 0, "—"),
            words.role_name(event.actor_role, reader.language),
            {"href": f"/desk/cases/{event.case_id}", "text": number} if number else "—",
            _(str(event.data.get("why"))) if event.data.get("why") else "—",
        ]}  # fmt: skip

    context = {
        "week": week, "sunday": week.monday + timedelta(days=6), "tally": tally(reader, week),
        "later": week.after if week.after.monday <= clock.today() else None,
        "columns": [{"label": _("什么时候")}, {"label": _("谁")}, {"label": _("岗位")}, {"label": _("哪一件")},
                    {"label": _("做了什么")}],
        "rows": [line(event) for event in lines], "pager": {"next": lines[-1].pk if more else "", "shown": len(lines)},
        "empty": {"title": _("这一周没有人打开过保密案卷")},
    }  # fmt: skip
    return show(request, "desk/openings.html", context, here="/desk/openings")
