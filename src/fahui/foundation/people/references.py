"""An institution, person, site or place as people write it: a code, a name, or `name（code）`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from fahui.foundation import cities
from fahui.foundation.people.models import Institution, Practitioner, Site
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.queries import names_of, within
from fahui.foundation.regions.rules import ancestors, contains, parse_code
from fahui.foundation.sounds import letters_of

_MODELS: dict[str, tuple[Any, str]] = {"institution": (Institution, "code"), "practitioner": (Practitioner, "licence"), "site": (Site, "code")}
_TAIL = re.compile(r"^(.*\S)\s*[（(]([^（）()]{1,40})[）)]$")
_OFFERED = 8
# Names that are nearly right are looked up one by one; a table full of them gets the plain answer.
_LOOKED_UP = 30


@dataclass(frozen=True)
class Named:
    """Something that can be chosen: its key, what it is known by, its name, and where it is."""

    pk: int
    code: str
    name: str
    region_code: int

    @property
    def label(self) -> str:
        """As it is written into a field or a table: `name（code）`."""
        return f"{self.name}（{self.code}）"


def label_of(row: Institution | Practitioner | Site | None) -> str:
    """A row as fields and tables write it; empty for none."""
    if row is None:
        return ""
    return f"{row.name}（{row.licence if isinstance(row, Practitioner) else row.code}）"


def labels_of(what: str, keys: Iterable[int]) -> dict[int, str]:
    """Key → label of institutions, practitioners, sites or regions, in a query or two."""
    wanted = set(keys)
    if not wanted:
        return {}
    if what == "region":
        return place_labels(wanted)
    return {row.pk: label_of(row) for row in _MODELS[what][0].objects.filter(pk__in=wanted)}


def kinds_named(what: str, kinds: Iterable[str]) -> str:
    """The names of kinds, for a sentence."""
    names = dict(_MODELS[what][0].KINDS)
    return _("、").join(_(names[kind]) for kind in kinds if kind in names)


def typed(what: str, kinds: Collection[str], text: str, limit: int = _OFFERED, *, among: Q | None = None) -> list[Named]:
    """What may be meant by what was typed so far (part of a name, its pinyin or initials, the beginning of a code). `among`: only of
    these rows (not for regions)."""
    text = text.replace("\x00", "").strip()[:60]
    if not text:
        return []
    if what == "region":
        return _places(text, limit)
    model, key = _MODELS[what]
    wanted = Q(name__icontains=text) | Q(**{f"{key}__istartswith": text})
    letters = letters_of(text) if text.isascii() else ""
    if letters:
        wanted |= Q(pinyin__startswith=letters) | Q(initials__startswith=letters)
    rows = model.objects.filter(wanted, among or Q(), active=True)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return [Named(row.pk, getattr(row, key), row.name, row.region_code) for row in rows.order_by("name", "id")[:limit]]


def _places(text: str, limit: int) -> list[Named]:
    rows = within(cities.current().region)
    rows = rows.filter(code__startswith=text) if text.isascii() and text.isdigit() else rows.filter(name__icontains=text)
    found = list(rows.order_by("level", "code")[:limit])
    above = names_of({code for row in found for code in ancestors(row.code)[:2]})
    return [Named(row.code, str(row.code), _path(row, above), row.code) for row in found]


def _path(row: Region, above: dict[int, str]) -> str:
    """A place with the places between it and the city, so that two villages of one name are told apart."""
    city = cities.current().region
    between = [above[code] for code in reversed(ancestors(row.code)) if code in above and code != city and contains(city, code)]
    return " ".join([*between, row.name])


def place_name(code: int) -> str:
    """`county township village`, for reading."""
    return _parts(place_labels([code]).get(code, str(code)))[1]


def place_labels(codes: Iterable[int]) -> dict[int, str]:
    """Code → `county township village（code）`, in two queries."""
    rows = list(Region.objects.filter(code__in=set(codes)))
    above = names_of({code for row in rows for code in ancestors(row.code)[:2]})
    return {row.code: f"{_path(row, above)}（{row.code}）" for row in rows}


def _parts(text: str) -> tuple[str, str]:
    """(what may be its code, what may be its name)."""
    match = _TAIL.match(text)
    return (match[2], match[1]) if match else (text, text)


def resolve(what: str, kinds: Collection[str], texts: Iterable[str]) -> dict[str, int | str]:
    """Each text → the key of what it names, or a sentence that says what is wrong with it. A few queries, whatever the number."""
    wanted = sorted({text for text in texts if text})
    if what == "region":
        return _resolve_places(wanted)
    model, key = _MODELS[what]
    pairs = {text: _parts(text) for text in wanted}
    rows = list(model.objects.filter(
        Q(**{f"{key}__in": [code for code, _name in pairs.values()]}) | Q(name__in=[*wanted, *(name for _code, name in pairs.values())])
    ).order_by("id")) if wanted else []  # fmt: skip
    by_code = {getattr(row, key): row for row in rows}
    by_name: dict[str, list[Any]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    found: dict[str, int | str] = {}
    for looked_up, (text, (code, name)) in enumerate(pairs.items()):
        exact = [by_code[code]] if code in by_code else by_name.get(text) or by_name.get(name) or []
        fitting = [row for row in exact if not kinds or row.kind in kinds]
        if len(fitting) == 1:
            found[text] = fitting[0].pk
        elif exact and not fitting:
            found[text] = _("这里只登记：%(kinds)s") % {"kinds": kinds_named(what, kinds)}
        else:
            near = [Named(r.pk, getattr(r, key), r.name, r.region_code) for r in fitting[:_OFFERED]]
            near = near or (typed(what, kinds, name) if looked_up < _LOOKED_UP else [])
            found[text] = _which(near)
    return found


def _which(near: list[Named]) -> str:
    if not near:
        return _("没有找到，请填编码或者名称")
    if len(near) == 1:
        return _("没有找到。是不是：%(one)s？是的话请照抄") % {"one": near[0].label}
    return _("有好几个，请照抄一个：%(some)s") % {"some": _("、").join(one.label for one in near)}


def _resolve_places(texts: list[str]) -> dict[str, int | str]:
    city, found = cities.current().region, {}
    codes: dict[str, int] = {}
    for text in texts:
        try:
            codes[text] = parse_code(_parts(text)[0])
        except ValueError:
            continue
    known = set(Region.objects.filter(code__in=set(codes.values())).values_list("code", flat=True))
    by_name: dict[str, list[int]] = {}
    named = [text for text in texts if text not in codes]
    if named:
        for code, name in within(city).filter(name__in=named).values_list("code", "name"):
            by_name.setdefault(name, []).append(code)
    for text in texts:
        if text in codes:
            fine = codes[text] in known and contains(city, codes[text])
            found[text] = codes[text] if fine else _("本市没有这个地区代码，请核对")
        else:
            same = by_name.get(text, [])
            found[text] = same[0] if len(same) == 1 else _which(_places(text, _OFFERED)) if same else _("没有这个地方，请填名称或12位代码")
    return found
