"""The map page: the city's counties with how much help each has, or one county with its places numbered as in the list beside."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fahui.channels.middleware import POLICY
from fahui.channels.pages import reader_of, scoped
from fahui.channels.portal import queries as portal
from fahui.channels.portal.places import drawing
from fahui.channels.portal.places.views import told
from fahui.channels.typed import place_of
from fahui.foundation import cities, clock
from fahui.foundation.directory import queries
from fahui.foundation.directory.queries import Near
from fahui.foundation.regions.queries import names_of

SHOWN = 100


@scoped
def city_map(request: HttpRequest) -> HttpResponse:
    """Draw it. A city without outlines gets its counties as a list, and says so."""
    city = cities.current()
    held = drawing.outlines(city.id)
    county = place_of(request.GET.get("county", ""))
    county = county if held and county in held.counties else None
    found = queries.located(county, SHOWN) if county else []
    counts = queries.located_by_county(county or city.region)
    codes = sorted(held.counties) if held else [code for code, _name in portal.below(city.region)]
    names = names_of(codes)
    picture, rows = None, []
    if held:
        language = "en" if reader_of(request).language.startswith("en") else "zh"
        points = [(p.name, p.href, p.point, p.what == "site") for p in found if p.point] if county else []
        picture = drawing.draw(held, names, counts, county, points, settings.MAP_TILES, language)
    if county:
        rows = told([Near(place, None) for place in found], clock.now())
    answer = render(request, "portal/places/map.html", {
        "picture": picture, "county": county, "county_name": names.get(county or 0, ""), "rows": rows, "full": len(found) == SHOWN and county,
        "counties": [{"code": code, "name": names.get(code, ""), "count": counts.get(code, 0)} for code in codes],
    })  # fmt: skip
    if host := drawing.tile_host(settings.MAP_TILES):
        answer["Content-Security-Policy"] = POLICY.replace("img-src 'self'", f"img-src 'self' {host}")
    return answer
