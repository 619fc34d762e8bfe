"""The one search: every group a reader has, each asked with the reader's own eyes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from fahui.channels.find import law, names, offers, staff
from fahui.channels.find.hits import Filters, Page, Place, place_of
from fahui.channels.find.reading import Asked, Places, read
from fahui.foundation import cities
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.regions.queries import within

Search = Callable[[Reader, Asked, Filters, Place | None, int], Page]
PUBLIC: Mapping[str, Search] = {
    "services": offers.services, "answers": offers.answers, "references": offers.references, "checks": offers.checks, "laws": law.laws,
    "offices": names.offices, "people": names.people,
}  # fmt: skip
OWN: Mapping[str, Search] = {"cases": staff.cases, "parties": staff.parties}
SHOWN, PAGE = 4, 20
_ENDINGS = ("自治县", "地区", "新区", "市", "区", "县")
_PEOPLES = ("彝族", "羌族", "藏族", "苗族", "土家族", "畲族", "回族")


@dataclass(frozen=True)
class Found:
    """What was found: the question as it was read, and the groups that hold something, in their order."""

    asked: Asked
    groups: dict[str, Page]


def groups_of(reader: Reader) -> list[str]:
    """The groups a reader may ask, in the order they are shown."""
    return [*OWN, *PUBLIC] if reader.kind == "staff" else [*PUBLIC]


def find(
    reader: Reader, text: str, groups: Collection[str] = (), filters: Filters = Filters(), after: str = "", size: int = 0
) -> Found:  # fmt: skip
    """Everything that fits, in the groups asked for (all the reader has). `after` goes on in a single group.

    Raises Invalid for a cursor that is none.
    """
    asked = read(text, places_named(cities.current().region))
    chosen = [name for name in groups_of(reader) if not groups or name in groups]
    if reader.kind == "staff" and staff.is_secret(asked.text):  # nobody's number is looked for in the law
        chosen = [name for name in chosen if name in OWN]
    place = place_of(after) if len(chosen) == 1 else None
    many = size or (PAGE if len(chosen) == 1 else SHOWN)
    known = {**OWN, **PUBLIC}
    pages = {name: known[name](reader, asked, filters, place, many) for name in chosen} if asked.text else {}
    return Found(asked, {name: pages[name] for name in _in_order(pages, asked) if pages[name].hits})


def _in_order(pages: dict[str, Page], asked: Asked) -> list[str]:
    """One's own first; then the group that was named: places and people, or a law by its title or number."""
    named = [name for name in ("offices", "people") if asked.regions or (asked.offices | asked.people and not asked.names)]
    if "laws" in pages and pages["laws"].hits and pages["laws"].hits[0].score == float("inf"):
        named = ["laws", *named] if asked.text == asked.meant and not asked.regions else [*named, "laws"]
    return sorted(pages, key=lambda name: (name not in OWN, named.index(name) if name in named else len(named)))


@lru_cache(maxsize=4)
def places_named(city: int) -> Places:
    """Names of the city's counties and townships, and the counties' short ones; longest first. Kept in memory: regions change
    with a release of the city."""
    named: dict[str, int] = {}
    for code, name, level in within(city).filter(level__in=[2, 3, 4]).order_by("level", "code").values_list("code", "name", "level"):
        named.setdefault(name, code)
        if level < 4 and len(short := short_place(name)) > 1:
            named.setdefault(short, code)
    return tuple(sorted(named.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def short_place(name: str) -> str:
    """A county as people call it: 犍为 for 犍为县, 峨边 for 峨边彝族自治县."""
    short = next((name.removesuffix(end) for end in _ENDINGS if name.endswith(end)), name)
    return next((short.removesuffix(people) for people in _PEOPLES if short.endswith(people)), short)


