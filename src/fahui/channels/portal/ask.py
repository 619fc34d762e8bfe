"""The answer page: what was said is answered with the law's own words, or somebody is called, or a person takes over."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fahui.casework.definitions.loader import services
from fahui.channels import limits
from fahui.channels.answering import answered, begun, helping, office, periods, questions, shown
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal import queries as portal
from fahui.channels.portal.places.views import told
from fahui.channels.portal.words import Door, doors
from fahui.channels.typed import place_of
from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.directory.queries import Near
from fahui.knowledge.answers import actions
from fahui.knowledge.answers.models import AskedQuestion
from fahui.knowledge.answers.rules import LONGEST

# The county somebody chose, for the next question.
COUNTY = "county"


@scoped
def ask(request: HttpRequest) -> HttpResponse:
    """Ask by POST, so that no question is ever in an address; the answer is the page that comes back."""
    reader = reader_of(request)
    text = request.POST.get("facts", "").replace("\x00", "").strip()[:LONGEST]
    county = county_of(request, reader)
    if request.method != "POST":
        return render(request, "portal/ask.html", {"doors": _all(reader.language), "county": _county_field(county)})
    if not text:
        found = {"name": "facts", "text": _("请先说一句，或者从下面选一种。")}
        return render(request, "portal/ask.html", {"doors": _all(reader.language), "errors": [found], "county": _county_field(county)}, status=422)
    answer = answered(request, text, reader, "portal", county, calm=bool(request.POST.get("calm")))
    help_ = helping(answer, reader.language)
    fitting = [door for door in doors(text) if (door.service, door.matter) != (help_.service, help_.matter)]
    now = clock.now()
    door = office(answer, county, now) if answer.kind != "alarm" else None
    private = any(door.matter == "family" for door in doors(text)) or answer.topic.id == "family"
    return render(request, "portal/ask/answer.html", {
        "text": text, "answer": answer, "help": help_, "county": _county_field(county), "limits": periods(answer, reader.language) if answer.kind == "answer" else [],
        "articles": [shown(one) for one in answer.articles], "also": [shown(one) for one in answer.also],
        "office": told([Near(door, None)], now)[0] if door else None, "need": f"{help_.service}.{help_.matter}", "begun": begun(answer),
        "related": questions(answer.related, reader.language), "topic": answer.topic.name.text(reader.language),
        "phones": [(p.number, p.name.text(reader.language)) for p in answer.danger.phones] if answer.danger else [],
        "danger_name": answer.danger.name.text(reader.language) if answer.danger else "",
        "private": private or bool(answer.danger and answer.danger.private),
        "doors": [_door(Door(help_.service, help_.matter), reader.language)] + [_door(d, reader.language) for d in fitting],
    })  # fmt: skip


@require_POST
@scoped
def rate(request: HttpRequest) -> HttpResponse:
    """Useful or not, and why; may be said again."""
    limits.spend(request, "rate")
    post = request.POST
    token, rating = post.get("token", "")[:40], post.get("rating", "")
    row = actions.rate(token, rating, post.get("reason", ""))
    reasons = [(code, _(name)) for code, name in AskedQuestion.REASONS]
    return render(request, "portal/ask/rated.html", {"token": token, "row": row, "reasons": reasons})


def county_of(request: HttpRequest, reader: Reader) -> int | None:
    """Where whoever asks is: the county chosen now or before, else where a signed-in resident lives; None if nobody said."""
    given, known = request.POST.get(COUNTY), {code for code, _name in portal.below(cities.current().region)}
    if given is not None and request.method == "POST":
        chosen = place_of(given) or 0
        request.session[COUNTY] = chosen if chosen in known else 0
    held = request.session.get(COUNTY)
    if held is not None:
        return held if held in known else None
    return portal.home_of(reader)


def _county_field(county: int | None) -> dict[str, Any]:
    return {"name": COUNTY, "label": _("在哪个区县"), "kind": "select", "value": str(county or ""),
            "options": [(str(code), name) for code, name in portal.below(cities.current().region)]}  # fmt: skip


def _all(language: str) -> list[dict[str, Any]]:
    home_of = services()["consultation"].definition
    return [_door(Door("consultation", m.id), language) for m in home_of.matters if m.public]


def _door(door: Door, language: str) -> dict[str, Any]:
    definition = services()[door.service].definition
    found = definition.matter(door.matter)
    return {"service": door.service, "matter": door.matter, "title": found.name.text(language),
            "plain": found.plain.text(language), "of": definition.name.text(language)}  # fmt: skip
