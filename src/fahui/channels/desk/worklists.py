"""Lists of work: mine by what is due, my team's, what is offered to me, and my inbox."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.definitions.loader import services
from fahui.casework.handback.queries import ENDING, ENDING_OF
from fahui.casework.handback.queries import NOTICE as HANDED_BACK
from fahui.casework.notices.actions import mark_read
from fahui.casework.notices.models import Outgoing
from fahui.casework.openings.queries import NOTICE, Week
from fahui.casework.worklists.queries import Filter, mine, newest, work_list
from fahui.channels.desk import queries as desk
from fahui.channels.desk import words
from fahui.channels.desk.frame import show
from fahui.channels.desk.owed import notes
from fahui.channels.desk.rows import rows
from fahui.channels.pages import reader_of, safe_next, staff_page
from fahui.channels.typed import number
from fahui.foundation import clock
from fahui.foundation.accounts.queries import has_staff
from fahui.foundation.accounts.roles import CASE_READERS
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.regions.queries import within
from fahui.foundation.regions.rules import jurisdiction, parse_code
from fahui.standards.returns.actions import NOTICE as OWED
from fahui.standards.returns.queries import mine as owed_near

MADE = "export.made"  # lines of the inbox that speak of somebody's exports
BROUGHT = "import.brought"  # … and of their imports


def tabs(reader: Reader, here: str) -> list[dict[str, Any]]:
    """The desk's lists, as tabs."""
    found = [{"label": _("我经办的"), "href": "/desk/", "current": here == "mine"}]
    if reader.practitioner_id:
        waiting = len(desk.offered(reader))
        found.append({"label": _("待我答复的指派"), "href": "/desk/offered", "current": here == "offered",
                      "count": waiting, "alert": True})  # fmt: skip
    if reader.roles & CASE_READERS:
        found.append({"label": _("科室待办"), "href": "/desk/team", "current": here == "team"})
    found.append({"label": _("消息"), "href": "/desk/inbox", "current": here == "inbox", "count": desk.unread(reader),
                  "alert": True})  # fmt: skip
    return found


def home(request: HttpRequest) -> HttpResponse:
    """The desk's door: a new installation first gets its administrator."""
    if reader_of(request).kind != "staff" and not has_staff():
        return HttpResponseRedirect("/desk/first")
    return my_work(request)


@staff_page()
def my_work(request: HttpRequest) -> HttpResponse:
    """What I am in charge of, provide, or am offered: what is due first comes first."""
    reader = reader_of(request)
    page = mine(reader, request.GET.get("after", ""))
    context = {
        "rows": rows(page.rows, reader), "pager": {"next": page.following, "shown": len(page.rows)},
        "tabs": tabs(reader, "mine"), "referrals": desk.referrals_in(reader), "can_queue": reader.roles & CASE_READERS,
        **notes(reader, owed_near(reader, near=True)), "here": request.get_full_path(),
    }  # fmt: skip
    return show(request, "desk/my_work.html", context, here="/desk/")


@staff_page()
def offered(request: HttpRequest) -> HttpResponse:
    """Cases offered to me as a lawyer, waiting for my answer."""
    reader = reader_of(request)
    context = {"rows": rows(desk.offered(reader), reader), "tabs": tabs(reader, "offered")}
    return show(request, "desk/offered.html", context, here="/desk/")


def wanted(reader: Reader, get: QueryDict) -> Filter:
    """The filter a query string asks for; values that mean nothing narrow nothing."""
    home = services()
    service = get.get("service", "") if get.get("service", "") in home else ""
    region = None
    if get.get("region"):
        try:
            region = jurisdiction(parse_code(get.get("region", "")))
        except ValueError:
            region = None
    return Filter(
        service=service, state=get.get("state", ""), owner=get.get("owner", ""), flag=get.get("flag", ""),
        region=region, overdue_at=clock.now() if get.get("overdue") else None, unassigned=bool(get.get("unassigned")),
        handler_id=reader.user_id if get.get("mine") else None,
    )  # fmt: skip


@staff_page(*sorted(CASE_READERS))
def team(request: HttpRequest) -> HttpResponse:
    """All open cases of my posts, narrowed at will, by what is due; or every case, newest first."""
    reader, asked = reader_of(request), wanted(reader_of(request), request.GET)
    by_age = request.GET.get("order") == "newest"
    page = (newest if by_age else work_list)(reader, asked, request.GET.get("after", ""))
    found = rows(page.rows, reader)
    flags = sorted({*words.FLAGS, *([asked.flag] if asked.flag else [])})
    context = {
        "rows": found, "pager": {"next": page.following, "shown": len(found)}, "tabs": tabs(reader, "team"),
        "fields": _filter_fields(request, reader, asked, flags), "query": request.GET.urlencode(), "by_age": by_age,
        "narrowed": any(v for k, v in request.GET.items() if k not in {"after", "order"}),
    }  # fmt: skip
    return show(request, "desk/team.html", context, here="/desk/team")


def _filter_fields(request: HttpRequest, reader: Reader, asked: Filter, flags: list[str]) -> list[dict[str, Any]]:
    language, home = reader.language, services()
    seen = [s for name, s in home.items() if not asked.service or name == asked.service]
    states = {state.id: state.name.text(language) for s in seen for state in s.definition.states}
    roles = [r.value for r in sorted(reader.roles & CASE_READERS)]
    owners = [(r, words.role_name(r, language)) for r in dict.fromkeys([*roles, "applicant", "provider", "handler"])]
    counties = [
        (str(r.code), r.name) for low in {p.region_code for p in reader.posts} for r in within(low).filter(level__in=[2, 3])
    ]
    return [
        {"name": "service", "label": _("服务"), "kind": "select", "value": asked.service,
         "options": [(name, s.definition.name.text(language)) for name, s in home.items()]},
        {"name": "state", "label": _("状态"), "kind": "select", "value": asked.state,
         "options": sorted(states.items(), key=lambda item: item[1])},
        {"name": "owner", "label": _("等谁办"), "kind": "select", "value": asked.owner, "options": owners},
        {"name": "flag", "label": _("标记"), "kind": "select", "value": asked.flag,
         "options": [(f, words.flag_name(f, language)) for f in flags]},
        {"name": "region", "label": _("地区"), "kind": "select", "value": request.GET.get("region", ""),
         "options": sorted(counties)},
        {"name": "overdue", "label": _("只看超期"), "kind": "boolean", "value": bool(asked.overdue_at)},
        {"name": "unassigned", "label": _("只看没人经办的"), "kind": "boolean", "value": asked.unassigned},
        {"name": "order", "label": _("排列"), "kind": "select", "value": request.GET.get("order", ""),
         "options": [("newest", _("最新在前（含已办结）"))]},
    ]  # fmt: skip


@staff_page()
def inbox(request: HttpRequest) -> HttpResponse:
    """Lines for me: what was handed to me, urged, answered, or is about to be late."""
    reader = reader_of(request)
    before = request.GET.get("after", "")
    found = desk.inbox(reader, number(before))
    lines, more = found[: desk.PAGE], len(found) > desk.PAGE
    seen = desk.numbers_of(reader, [line.case_id for line in lines])
    context = {
        "lines": [{"line": line, "href": _leads_to(line, seen)} for line in lines],
        "pager": {"next": lines[-1].pk if more else "", "shown": len(lines)}, "tabs": tabs(reader, "inbox"),
        "unread_ids": [line.pk for line in lines if line.read_at is None],
    }  # fmt: skip
    return show(request, "desk/inbox.html", context, here="/desk/inbox")


_LEADS_TO = {OWED: "/desk/returns", HANDED_BACK: "/desk/team?unassigned=true", ENDING: "/desk/", ENDING_OF: "/desk/supervise",
             MADE: "/desk/exports/", BROUGHT: "/desk/imports/"}  # fmt: skip


def _leads_to(line: Outgoing, seen: Collection[int]) -> str:
    """Where a line of the inbox leads: the case, the list it speaks of, or nowhere."""
    if line.notice == NOTICE:
        return f"/desk/openings?week={Week.of(line.made_at.astimezone(clock.SHANGHAI).date()).before.monday}"
    if line.notice in _LEADS_TO:
        return _LEADS_TO[line.notice]
    return f"/desk/cases/{line.case_id}" if line.case_id in seen else ""


@require_POST
@staff_page()
def read(request: HttpRequest) -> HttpResponse:
    """Mark lines of my inbox as read."""
    ids = [pk for pk in map(number, request.POST.getlist("id")) if pk]
    mark_read(reader_of(request).user_id or 0, ids)
    return HttpResponseRedirect(safe_next(request, "/desk/inbox"))
