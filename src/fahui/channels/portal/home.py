"""The first page: say what happened, eight plain doors, the phone, and where is my matter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from fahui.casework.definitions.loader import services
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal.words import doors, said
from fahui.foundation import clock
from fahui.foundation.accounts.queries import has_staff
from fahui.services.consultation.alarm import alarm_in
from fahui.services.consultation.reminders import limitation_reminder

_LONGEST = 4000


@scoped
def home(request: HttpRequest) -> HttpResponse:
    """The residents' first page. A new installation leads to its first administrator instead."""
    if not has_staff():
        try:
            return HttpResponseRedirect(reverse("desk-first"))
        except NoReverseMatch:
            pass
    reader = reader_of(request)
    guides = [(s.definition.id, said(s.definition.name, reader.language)) for s in services().values()]
    return render(request, "portal/home.html", {"guides": guides})


@scoped
def ask(request: HttpRequest) -> HttpResponse:
    """What was said in the box, and the doors that fit. Nothing is kept until one is opened."""
    reader = reader_of(request)
    text = request.POST.get("facts", "").replace("\x00", "").strip()[:_LONGEST]
    if request.method == "POST" and not text:
        found = {"name": "facts", "text": _("请先说一句，或者从下面选一种。")}
        return render(request, "portal/ask.html", {"doors": _all(reader.language), "errors": [found]}, status=422)
    if not text:
        return render(request, "portal/ask.html", {"doors": _all(reader.language)})
    heard = alarm_in(text)
    private = any(d.matter == "family" for d in doors(text)) or (heard and heard.kind == "domestic_violence")
    return render(request, "portal/ask.html", {
        "text": text, "danger": heard is not None, "private": bool(private), "suggested": True,
        "doors": [_door(d.service, d.matter, reader.language) for d in doors(text)],
    })  # fmt: skip


def _all(language: str) -> list[dict[str, str]]:
    home_of = services()["consultation"].definition
    return [_door("consultation", m.id, language) for m in home_of.matters if m.public]


def _door(service: str, matter: str, language: str) -> dict[str, str]:
    definition = services()[service].definition
    found = definition.matter(matter)
    return {"service": service, "matter": matter, "title": said(found.name, language),
            "plain": said(found.plain, language), "of": said(definition.name, language)}  # fmt: skip


@scoped
def wages(request: HttpRequest) -> HttpResponse:
    """Unpaid wages: the limitation counted at once, and three ways on."""
    day = request.GET.get("left_on", "")
    limit, wrong = None, ""
    if day:
        try:
            limit = limitation_reminder({"left_on": day}, clock.today())
        except ValueError:
            wrong = _("日期看不懂，请写成 2026-06-18 这样")
    return render(request, "portal/wages.html", {
        "limit": limit, "left_on": day if limit else "",
        "field": {"name": "left_on", "label": _("哪天离开工地、厂、店的"), "kind": "date", "value": day, "error": wrong,
                  "required": True},
    })  # fmt: skip


@scoped
def family(request: HttpRequest) -> HttpResponse:
    """Marriage, family, violence at home: safety first, a title that says nothing."""
    return render(request, "portal/family.html", {"private": True})
