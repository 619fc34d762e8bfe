"""Returns on the desk: what the reader's places still owe, with two ways to settle it; and what they declared nil."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fahui.casework.registers import rights
from fahui.casework.registers.queries import known_place
from fahui.channels.desk.frame import show
from fahui.channels.desk.owed import HERE, enter_href, list_href, named, period_name, period_options, return_name
from fahui.channels.pages import reader_of, safe_next, staff_page
from fahui.channels.typed import number
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Forbidden, Invalid
from fahui.foundation.regions.queries import names_of
from fahui.standards.returns import actions, queries, words
from fahui.standards.returns.queries import Line

PAGE = 30


@staff_page()
def owed(request: HttpRequest) -> HttpResponse:
    """Everything the reader's places owe, the latest period first, and what was declared nil."""
    reader = reader_of(request)
    if not queries.keeps_any(reader):
        raise Forbidden(_("您的岗位不管台账和活动。"))
    if request.method == "POST":
        return _settle(request, reader)
    get = request.GET
    whole = queries.mine(reader)
    what = get.get("what", "") if get.get("what") in {one.key for one in whole.returns} else ""
    period = get.get("period", "") if get.get("period") in {line.period for line in whole.lines} else ""
    found = whole.only(what, period)
    rows, following = page_of(found.owed, get.get("after", ""), PAGE)
    declared = queries.declared(reader)
    known, places = {one.key: one for one in whole.returns}, names_of({row.region_code for row in declared} | {line.county for line in rows})
    return show(request, "desk/returns.html", {
        "rows": [{
            "text": f"{period_name(line.period)}{_space()}{return_name(line.wanted)}", "where": whole.names.get(line.place, ""),
            "county": places.get(line.county, "") if line.county != line.place else "", "due": line.span.due,
            "enter": enter_href(reader, line.wanted, line.place), "listed": list_href(line.wanted, line.place, line.span.period.first, line.span.period.last),
            **named(line)} for line in rows],
        "total": len(found.owed), "pager": {"next": following, "shown": len(rows)}, "narrowed": bool(what or period),
        "fields": [
            {"name": "period", "label": _("哪一期"), "kind": "select", "value": period, "options": period_options(whole.lines)},
            {"name": "what", "label": _("哪一项"), "kind": "select", "value": what, "options": [(one.key, return_name(one)) for one in whole.returns]},
        ],
        "declared": [{"pk": row.pk, "place": places.get(row.region_code, ""), "at": row.declared_at,
                      "text": f"{period_name(words.period_code(row.first_day, row.last_day))}{_space()}{return_name(known[row.what])}"}
                     for row in declared if row.what in known and rights.covers(reader, queries.keepers_of(known[row.what]), row.region_code)],
        "here": request.get_full_path(),
    }, here=HERE)  # fmt: skip


def _space() -> str:
    return " " if (get_language() or "").startswith("en") else ""


def page_of(lines: list[Line], cursor: str, size: int) -> tuple[list[Line], str]:
    """A page of what is owed and the cursor of the next one: whatever was settled meanwhile, nothing is skipped."""
    after = [line for line in lines if line_code(line) > cursor]
    return after[:size], line_code(after[size - 1]) if len(after) > size else ""


def line_code(line: Line) -> str:
    """What names a line, in the order of the lists: the latest period first, then place and return."""
    return f"{10**7 - line.span.period.last.toordinal()}.{line.place}.{line.wanted.key}"


def _settle(request: HttpRequest, reader: Reader) -> HttpResponse:
    post = request.POST
    match post.get("do"):
        case "nil":
            place = known_place(number(post.get("place", "")) or 0)
            actions.declare_nil(reader, post.get("what", ""), place or 0, post.get("period", ""))
            messages.success(request, _("记下了：本期无。以后有了照样登记，登记了以登记为准。"))
        case "withdraw":
            actions.withdraw_nil(reader, number(post.get("id", "")) or 0)
            messages.success(request, _("撤回了，这一期又要报了。"))
        case _other:
            raise Invalid(_("请选择要做什么。"))
    return HttpResponseRedirect(safe_next(request, HERE))
