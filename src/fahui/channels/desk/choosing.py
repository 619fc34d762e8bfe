"""Choosing an institution or a person by typing: however many a city has, nobody scrolls through all of them, and none is left out.

What may be meant is offered while people type; without scripts a code, a name or `name（code）` is typed, and what is not found is said.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from fahui.channels.pages import staff_page
from fahui.foundation import clock
from fahui.foundation.accounts.queries import staffed_institutions
from fahui.foundation.errors import Invalid, Missing
from fahui.foundation.people.references import labels_of, resolve, typed
from fahui.foundation.regions.queries import names_of

_ADDRESS = "/desk/choices"
WHAT = ("institution", "practitioner")


def address(what: str, *, staffed: bool = False) -> str:
    """Whom a field asks what may be meant: institutions (`staffed`: of which somebody has a post) or practitioners."""
    return f"{_ADDRESS}?what={what}" + ("&staffed=1" if staffed else "")


def field(what: str, value: Any = "", hint: str = "", *, staffed: bool = False) -> dict[str, Any]:
    """What makes a field of `ui/field.html` one that chooses. `value`: what was typed, or the key of what was chosen before."""
    shown = labels_of(what, [value]).get(value, "") if isinstance(value, int) else value
    return {"kind": "text", "offers": address(what, staffed=staffed), "value": shown, "maxlength": 160,
            "hint": hint or _("写名称的一部分，从列出的里选")}  # fmt: skip


def chosen(what: str, text: str, name: str) -> int | None:
    """The key of what was typed into a field; None for nothing. Raises Invalid."""
    if not (text := text.strip()):
        return None
    found = resolve(what, (), [text])[text]
    if isinstance(found, str):
        raise Invalid(_("“%(text)s”：%(told)s") % {"text": text[:60], "told": found}, fields={name: found})
    return found


def offer(what: str, text: str, kinds: Collection[str] = (), among: Q | None = None) -> JsonResponse:
    """What may be meant by what was typed so far."""
    found = typed(what, kinds, text, among=among)
    places = names_of({one.region_code for one in found}) if what != "region" else {}
    answer = JsonResponse({"items": [{"value": one.label, "where": places.get(one.region_code, "")} for one in found]})
    answer["Cache-Control"] = "no-store"
    return answer


@staff_page()
def choices(request: HttpRequest) -> JsonResponse:
    """Institutions or practitioners that may be meant; both are public. Raises Missing for anything else."""
    what = request.GET.get("what", "")
    if what not in WHAT:
        raise Missing(_("没有这个栏目。"))
    among = Q(pk__in=staffed_institutions(clock.today())) if request.GET.get("staffed") and what == "institution" else None
    return offer(what, request.GET.get("q", ""), among=among)
