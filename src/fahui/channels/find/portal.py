"""The residents' search page.

By POST, as /ask/ does and for the same reason: what somebody looks for tells of their life. It is in no address, so not in the
browser's history, not in what the next site is told, not in a log; and nothing of it is kept here.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fahui.channels import limits
from fahui.channels.find.hits import Filters
from fahui.channels.find.queries import PUBLIC, find
from fahui.channels.find.showing import NAMES, also, filter_fields, filters_of, kept, sections
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal.words import doors
from fahui.foundation.accounts.actions import TooMany
from fahui.foundation.accounts.scope import ANONYMOUS
from fahui.knowledge.answers.danger import alarm_in


@scoped
def search(request: HttpRequest) -> HttpResponse:
    """An empty form; what was found, in groups; or all of one group, a page at a time."""
    reader, post = reader_of(request), request.POST
    group = post.get("group", "") if post.get("group", "") in PUBLIC else ""
    context: dict[str, object] = {"group": group, "group_name": _(NAMES[group]) if group else ""}
    if request.method != "POST":
        return render(request, "portal/find/find.html", context | {"fields": filter_fields(Filters(), "")})
    filters, text = filters_of(post), " ".join(post.get("q", "").replace("\x00", "").split())[:200]
    context |= {"q": text, "fields": filter_fields(filters, group), "kept": kept(filters)}
    if not text:
        wrong = [{"name": "q", "text": _("请先写一两个词。")}]
        return render(request, "portal/find/find.html", context | {"errors": wrong}, status=422)
    heard, groups = alarm_in(text), [group] if group else ()
    try:
        limits.spend(request, "find")
    except TooMany:
        if heard is None:
            raise
        groups = ["checks"]  # whom to call is shown whatever was looked for before, and what costs no search
    public = reader if reader.kind != "staff" else ANONYMOUS  # a clerk looks at this page with a resident's eyes
    found = find(public, text, groups, filters, post.get("after", "")[:200])
    private = bool(heard and heard.danger.private) or any(door.matter == "family" for door in doors(text))
    return render(request, "portal/find/find.html", context | {
        "asked": found.asked, "sections": sections(found, reader), "also": also(found.asked), "private": private,
        "danger": {"name": heard.danger.name.text(reader.language), "say": heard.danger.say.text(reader.language),
                   "phones": [(p.number, p.name.text(reader.language)) for p in heard.danger.phones]} if heard else None,
    })  # fmt: skip
