"""Offices and the people of the profession: by name, letters, sound, kind and place. What is public of them, one statement a group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from fahui.channels.find.addresses import place_address
from fahui.channels.find.hits import Filters, Hit, Page, Place, page
from fahui.channels.find.reading import Asked
from fahui.channels.portal.places.words import kind_name, person_kind
from fahui.channels.templatetags.fahui import listed
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.directory.queries import PUBLIC_KINDS
from fahui.foundation.people.models import Institution, Practitioner, Site
from fahui.foundation.regions.queries import names_of
from fahui.foundation.regions.rules import jurisdiction
from fahui.foundation.sounds import letters_of, pinyin_of

_KINDS = dict([*Institution.KINDS, *Site.KINDS])
_SIMILAR_FROM = 5  # letters; fewer are like everything
_COLUMNS = ("of", "id", "kind", "name", "region_code", "phone", "address", "opening_hours", "score")


def offices(reader: Reader, asked: Asked, filters: Filters, after: Place | None, size: int) -> Page:
    """Institutions and sites. Residents are shown those that people go to."""
    for similar in (False, True):
        found = [
            _narrowed(_scored(model.objects.filter(active=True), asked, also, asked.offices, similar), filters.region, after)
            for model, also in ((Institution, ["short_name", "address"]), (Site, ["address", "kind"]))
        ]
        if reader.kind != "staff":
            found[0] = found[0].filter(kind__in=PUBLIC_KINDS)
        if filters.office:
            found = [rows.filter(kind=filters.office) for rows in found]
        tables = [rows.annotate(of=Value(place)).values(*_COLUMNS) for place, rows in enumerate(found)]
        rows: Any = tables[0].union(*tables[1:], all=True) if len(tables) > 1 else tables[0]
        held = list(rows.order_by("-score", "id")[: size + 1])
        if held or after is not None or not _may_resemble(asked):
            break
    where = names_of(row["region_code"] for row in held)
    return page([_office(row, where) for row in held], size)


def _office(row: dict[str, Any], where: dict[int, str]) -> Hit:
    kind = kind_name(row["kind"]) if row["kind"] in _KINDS else row["kind"]  # sites were once of any kind
    under = " · ".join(filter(None, (kind, where.get(row["region_code"], ""))))
    text = " · ".join(filter(None, (row["address"], row["opening_hours"])))
    return Hit(row["id"], row["score"], row["name"], place_address("site" if row["of"] else "institution", row["id"]), under, text,
               row["phone"])  # fmt: skip


def people(reader: Reader, asked: Asked, filters: Filters, after: Place | None, size: int) -> Page:
    """Lawyers, notaries, mediators … by name, field and place: name, kind, institution and field, as the register shows them."""
    for similar in (False, True):
        rows = Practitioner.objects.filter(active=True).annotate(does=Cast("fields", TextField()))
        rows = _narrowed(_scored(rows, asked, ("does",), asked.people, similar), filters.region, after)
        if filters.people:
            rows = rows.filter(kind=filters.people)
        held = list(rows.select_related("institution").order_by("-score", "id")[: size + 1])
        if held or after is not None or not _may_resemble(asked):
            break
    where = names_of(row.region_code for row in held)
    return page([_person(row, where) for row in held], size)


def _person(row: Any, where: dict[int, str]) -> Hit:
    under = " · ".join(filter(None, (person_kind(row.kind), row.institution.name, where.get(row.region_code, ""))))
    return Hit(row.pk, row.score, row.name, place_address("practitioner", row.pk), under,
               listed([*row.fields, *row.languages]))  # fmt: skip


def _may_resemble(asked: Asked) -> bool:
    return len(_letters(asked.text)) >= _SIMILAR_FROM


def _letters(name: str) -> str:
    return letters_of(name) if name.isascii() else pinyin_of(name)


def _scored(rows: QuerySet[Any], asked: Asked, also: Iterable[str], of: frozenset[str], similar: bool) -> QuerySet[Any]:
    """The rows that fit, each with its score: how its name, letters or sound fit, summed over the names asked for.

    Without a name to look for, every row of the kinds (or, where none was named, of the places) fits. Places that were named
    narrow all but what bears the whole text as its name.
    """
    whole = Q(name__icontains=asked.text) if len(asked.text) > 1 else Q(pk=None)
    if similar:
        whole = Q(pinyin__trigram_word_similar=_letters(asked.text))
    score: Any = Case(When(whole, then=Value(200)), When(kind__in=of, then=Value(30)), default=Value(0), output_field=IntegerField())
    fits = Q(pk=None)
    for name in filter(None, (*asked.names, asked.also)):
        steps = _steps(name, also, similar)
        if steps:
            score = score + Case(*(When(q, then=Value(worth)) for q, worth in steps), default=Value(0), output_field=IntegerField())
        for q, _worth in steps:
            fits |= q
    if not asked.names:
        named = asked.offices | asked.people
        fits |= Q(kind__in=of) if named else Q(region_code__isnull=False) if asked.regions else Q(pk=None)
    return rows.filter(whole | fits & _inside(asked.regions)).annotate(score=score)


def _inside(regions: Iterable[int]) -> Q:
    inside = Q()
    for code in regions:
        low, high = jurisdiction(code)
        inside |= Q(region_code__gte=low, region_code__lt=high)
    return inside


def _steps(name: str, also: Iterable[str], similar: bool) -> list[tuple[Q, int]]:
    """The ways in which a name fits, best first."""
    letters = _letters(name)
    if len(name) == 1:  # one character says something only where a name begins
        return [(Q(name__istartswith=name), 60)]
    if similar:
        return [(Q(pinyin__trigram_word_similar=letters), 15)] if len(letters) >= _SIMILAR_FROM else []
    steps = [(Q(name__iexact=name), 120), (Q(name__istartswith=name), 100), (Q(name__icontains=name), 80)]
    if name.isascii() and len(letters) > 1:
        steps += [(Q(pinyin__startswith=letters), 70), (Q(initials__startswith=letters), 65), (Q(initials__contains=letters), 40)]
    if len(letters) > 2:
        steps += [(Q(pinyin__startswith=letters), 60), (Q(pinyin__contains=letters), 50)]
    return steps + [(Q(**{f"{column}__icontains": name}), 35) for column in also]


def _narrowed(rows: QuerySet[Any], region: int | None, after: Place | None) -> QuerySet[Any]:
    """Those of the region chosen, after the last one of the page before."""
    rows = rows.filter(_inside((region,) if region else ()))
    if after is not None:
        score, key = int(min(max(after[0], 0), 10**6)), after[1] if isinstance(after[1], int) else 0
        rows = rows.filter(Q(score__lt=score) | Q(score=score, id__gt=key))
    return rows
