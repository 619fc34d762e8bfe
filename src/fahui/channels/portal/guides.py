"""What stands still: guides made from the definitions (so that they cannot rot), and about this site."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fahui.casework.definitions.diagram import length_words
from fahui.casework.definitions.loader import services
from fahui.casework.definitions.schema import Definition
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal import plans
from fahui.foundation import cities
from fahui.foundation.errors import Missing


@scoped
def guide(request: HttpRequest, service_id: str) -> HttpResponse:
    """A service explained from its own definition: who, papers, time limits, price, basis; and the way in."""
    home = services().get(service_id)
    if home is None:
        raise Missing(_("没有这种服务。"))
    definition, language = home.definition, reader_of(request).language
    return render(request, "portal/guide.html", {
        "definition": definition, "name": definition.name.text(language), "plain": definition.plain.text(language),
        "matters": [{"id": m.id, "name": m.name.text(language), "plain": m.plain.text(language)}
                    for m in definition.matters if m.public],
        "papers": [{"name": m.name.text(language), "plain": m.plain.text(language), "required": m.required,
                    "basis": "、".join(m.basis)} for m in definition.materials
                   if m.id not in {"notice_letter", "closing_papers"}],
        "limits": _limits(definition, language), "basis": definition.basis,
        "named": service_id not in plans.ANONYMOUS,
    })  # fmt: skip


def _limits(definition: Definition, language: str) -> list[dict[str, Any]]:
    """The limits on us that a source gives a length; those a city sets stand in its own notices."""
    english = "en" if language.startswith("en") else "zh"
    return [
        {"label": d.name.text(language), "value": length_words(d.length, english), "basis": "、".join(d.basis)}
        for d in definition.deadlines
        if d.length and not d.proposed and d.owner != "applicant" and not (d.when or "").startswith("set_") and d.owner != "case_organ"
    ]  # fmt: skip


@scoped
def about(request: HttpRequest, page: str) -> HttpResponse:
    """Accessibility and privacy."""
    if page not in {"accessibility", "privacy"}:
        raise Missing(_("没有这个页面。"))
    return render(request, f"portal/about/{page}.html", {"bureau": cities.current().bureau})


@scoped
def report(request: HttpRequest) -> HttpResponse:
    """A fault on the site is a matter like any other: number, who, when."""
    came = request.headers.get("Referer", "")
    page = came.split("?")[0].split("#")[0][:180] if came.startswith(request.build_absolute_uri("/")) else ""
    if "/rate/" in page or "/continue/" in page:
        page = ""  # such addresses hold a secret
    known = f"?{urlencode({'page': page})}" if page else ""
    return HttpResponseRedirect(f"/apply/complaint/site_error{known}")


@scoped
def complain(request: HttpRequest) -> HttpResponse:
    """投诉: the complaint interview, with the number of the matter where it is known."""
    number = request.GET.get("about_number", "")[:20]
    known = f"?{urlencode({'about_number': number})}" if number else ""
    return HttpResponseRedirect(f"/apply/complaint/complaint{known}")
