"""The desk's one search: a page, and a few lines for the box somebody types in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fahui.channels.desk.frame import show
from fahui.channels.find.queries import find, groups_of
from fahui.channels.find.showing import NAMES, Section, also, filter_fields, filters_of, kept, sections
from fahui.channels.pages import reader_of, staff_page

OFFERED, FEW = 8, 4
"""How many lines the box offers of the only group that was found, and of each of several."""


@staff_page()
def search(request: HttpRequest) -> HttpResponse:
    """Everything the reader may see that fits; a matter whose number was typed opens by itself."""
    reader, text = reader_of(request), request.GET.get("q", "").replace("\x00", "").strip()[:200]
    if request.headers.get("HX-Request"):
        return _offered(request, text)
    group = request.GET.get("group", "") if request.GET.get("group", "") in groups_of(reader) else ""
    filters = filters_of(request.GET)
    found = find(reader, text, [group] if group else (), filters, request.GET.get("after", "")[:200])
    shown = sections(found, reader)
    number = "".join(c for c in text.upper() if c.isalnum())
    for section in shown:
        if text and section.id == "cases" and len(section.lines) == 1 and (only := section.lines[0].case) and only.number == number:
            return HttpResponseRedirect(only.href)
    carried = {"q": text, **kept(filters)}
    return show(request, "desk/find/find.html", {
        "asked": text, "sections": shown, "also": also(found.asked), "group": group, "group_name": _(NAMES[group]) if group else "",
        "tabs": [{"label": _("全部"), "href": f"?{urlencode(carried)}", "current": not group}] + [
            {"label": _(NAMES[name]), "href": f"?{urlencode({**carried, 'group': name})}", "current": name == group}
            for name in groups_of(reader)],
        "fields": filter_fields(filters, group), "carried": carried,
    }, here=reverse("desk-search"))  # fmt: skip


def _offered(request: HttpRequest, text: str) -> HttpResponse:
    """The lines under the box."""
    reader = reader_of(request)
    found = find(reader, text, size=OFFERED)
    shown: list[dict[str, Any]] = []
    number = 0
    for section in sections(found, reader):
        lines = []
        for line in section.lines[: FEW if len(found.groups) > 1 else OFFERED]:
            number += 1
            lines.append({"id": number, "line": line})
        shown.append({"section": section, "lines": lines, "more": _more(section, len(lines))})
    return render(request, "desk/find/hits.html", {"asked": text, "offered": shown, "also": also(found.asked), "count": number})


def _more(section: Section, shown: int) -> bool:
    return bool(section.following) or len(section.lines) > shown
