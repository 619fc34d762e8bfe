"""Where is my matter: by its number, without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from fahui.casework.cases.queries import visible
from fahui.channels import limits
from fahui.channels.api.tracking import tracked
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal import queries as portal
from fahui.channels.portal.mine import remember_opened
from fahui.channels.portal.words import typo_help
from fahui.foundation.errors import Invalid, Missing, Refusal
from fahui.foundation.identifiers import read_tracking_number


@scoped
def track(request: HttpRequest) -> HttpResponse:
    """Type the number. A slip of the pen is told apart from a number that is not there."""
    typed = (request.GET.get("number") or "").strip()[:40]
    if not typed:
        return _page(request, "", None)
    number = read_tracking_number(typed)
    if number is None:
        return _page(request, typed, Invalid(typo_help(typed)))
    return HttpResponseRedirect(reverse("track-one", args=[number]))


@never_cache
@scoped
def track_one(request: HttpRequest, number: str) -> HttpResponse:
    """What the holder of a number may know. Only numbers that are not there count against the visitor's limit."""
    try:
        where = tracked(number, reader_of(request).language)
    except Invalid:
        return _page(request, number[:40], Invalid(typo_help(number)))
    except Missing as missing:
        limits.spend(request, "track")
        return _page(request, number[:40], missing)
    own, more = _own(request, where["tracking_number"]), portal.by_number(where["tracking_number"])
    steps = [{"title": step["text"], "when": step["at"]} for step in where["steps"]]
    if steps and where["open"]:
        steps.append({"title": where["explanation"], "when": "", "state": "now"})
    return render(request, "portal/track/one.html", {"where": where, "steps": steps, "own": own, "more": more})


def _own(request: HttpRequest, number: str) -> int | None:
    """The id of the matter when it is the visitor's own: whoever gives its number opens it, sealed or not."""
    reader = reader_of(request)
    case = visible(reader).filter(tracking_number=number).first() if reader.kind == "resident" else None
    if case is not None and case.sealed:
        remember_opened(request, case)
    return case.pk if case else None


def _page(request: HttpRequest, typed: str, refusal: Refusal | None) -> HttpResponse:
    text = refusal.message if refusal else ""
    return render(request, "portal/track/door.html", {
        "typed": typed, "error": text, "errors": [{"name": "number", "text": text}] if text else [],
    }, status=refusal.status if refusal else 200)  # fmt: skip
