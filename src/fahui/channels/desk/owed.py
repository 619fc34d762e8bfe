"""What a keeper's places still owe, in words: lines with two ways to settle each, and where the records are."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fahui.casework.registers.queries import kept_by
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.data import english
from fahui.standards.returns import words
from fahui.standards.returns.queries import Line, Picture
from fahui.standards.returns.rules import Return

HERE = "/desk/returns"
_SHOWN, _NAMED = 3, 3


def return_name(wanted: Return) -> str:
    """A return in the reader's language."""
    return words.name_of(wanted, english())


def period_name(code: str) -> str:
    """A period in the reader's language."""
    return words.period_name(code, english())


def list_href(wanted: Return, place: int, first: Any, last: Any) -> str:
    """The register or activities that may hold the record, narrowed to a place and days."""
    source, query = wanted.sources[0], {"place": str(place), "since": str(first), "until": str(last)}
    if source.fact == "held":
        del query["since"]  # it may have begun long before
    several = len(wanted.sources) > 1
    if source.fact in ("entry", "held"):
        more = {"category": source.category} if source.category and not several else {}
        return f"{reverse('desk-register', args=[source.name])}?{urlencode({**query, **more})}"
    more = {} if several else {"kind": source.name, **({"topic": source.category} if source.category else {})}
    return f"{reverse('desk-activities')}?{urlencode({**query, **more})}"


def enter_href(reader: Reader, wanted: Return, place: int) -> str:
    """The form in which this reader enters what is owed."""
    register = next((name for name in wanted.registers if any(one.id == name for one in kept_by(reader))), "")
    base = reverse("desk-entry-new", args=[register]) if register else reverse("desk-activity-new")
    return f"{base}?{urlencode({'place': place})}"


def notes(reader: Reader, picture: Picture) -> dict[str, Any]:
    """The first few of what is owed as lines, places together, and how many more there are."""
    owed = picture.owed
    grouped = [list(found) for _key, found in groupby(sorted(owed, key=_order), key=_order)]
    return {"owed": [_note(reader, picture, lines) for lines in grouped[:_SHOWN]], "owed_more": max(0, len(grouped) - _SHOWN)}


def _order(line: Line) -> tuple[int, str]:
    return -line.span.period.last.toordinal(), line.wanted.key


def _note(reader: Reader, picture: Picture, lines: list[Line]) -> dict[str, Any]:
    first = lines[0]
    places = _("、").join(picture.names.get(line.place, "") for line in lines[:_NAMED])
    if len(lines) > _NAMED:
        places = _("%(places)s等%(count)s个地方") % {"places": places, "count": len(lines)}
    what = _("%(period)s%(what)s（%(places)s）") % {"period": period_name(first.period), "what": return_name(first.wanted), "places": places}
    if len(lines) > 1:
        return {"text": what, "many": f"{HERE}?{urlencode({'what': first.wanted.key, 'period': first.period})}"}
    return {"text": what, "enter": enter_href(reader, first.wanted, first.place), **named(first)}


def named(line: Line) -> dict[str, Any]:
    """What names a line in a form."""
    return {"what": line.wanted.key, "place": line.place, "period": line.period}


def period_options(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """The periods to choose from, the latest first."""
    found = {line.period: line.span.period.last for line in lines}
    return [(code, period_name(code)) for code, _last in sorted(found.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)]
