"""The first page: say what happened, eight plain doors, the phone, and where is my matter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from fahui.casework.definitions.loader import services
from fahui.casework.forms.validation import clean
from fahui.channels.pages import reader_of, scoped
from fahui.foundation import clock
from fahui.foundation.accounts.queries import has_staff
from fahui.foundation.errors import Invalid
from fahui.services.consultation.reminders import limitation_reminder


@scoped
def home(request: HttpRequest) -> HttpResponse:
    """The residents' first page. A new installation leads to its first administrator instead."""
    if not has_staff():
        try:
            return HttpResponseRedirect(reverse("desk-first"))
        except NoReverseMatch:
            pass
    reader = reader_of(request)
    guides = [(s.definition.id, s.definition.name.text(reader.language)) for s in services().values()]
    return render(request, "portal/home.html", {"guides": guides})


@scoped
def wages(request: HttpRequest) -> HttpResponse:
    """Unpaid wages: the limitation counted at once, and three ways on."""
    day = request.GET.get("left_on", "")
    limit, wrong = None, ""
    if day:
        try:
            clean(services()["consultation"].details_form("wages"), {"still_working": False, "left_on": day})
            limit = limitation_reminder({"left_on": day}, clock.today())
        except Invalid as error:
            wrong = error.fields["left_on"]
    return render(request, "portal/wages.html", {
        "limit": limit, "left_on": day if limit else "",
        "field": {"name": "left_on", "label": _("哪天离开工地、厂、店的"), "kind": "date", "value": day, "error": wrong,
                  "required": True},
        "errors": [{"name": "left_on", "text": wrong}] if wrong else [],
    }, status=422 if wrong else 200)  # fmt: skip


@scoped
def family(request: HttpRequest) -> HttpResponse:
    """Marriage, family, violence at home: safety first, a title that says nothing."""
    return render(request, "portal/family.html", {"private": True})
