"""What the invented records of a demo city are drawn from: its places, its size, its days, and one stream of chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from fahui.demo.organisations import Demo
from fahui.foundation import cities, clock
from fahui.foundation.people.models import Institution, Practitioner, Site
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.queries import within
from fahui.standards.indicators.definitions import indicators
from fahui.standards.indicators.schema import Indicator

SOURCE = "演示数据，不是真实登记"
BASE = date(2020, 12, 31)
"""The day the policies' starting values are of."""

_DATA = Path(__file__).parent / "data"
_MANY_COUNTIES = 20
# A place many times Leshan's size shows no more with more rows.
_LARGEST = 4.0


@cache
def data(name: str) -> dict[str, Any]:
    """The numbers of `data/<name>.yaml`."""
    return dict(yaml.safe_load((_DATA / f"{name}.yaml").read_text(encoding="utf-8")))


@dataclass
class World:
    """The demo city as its records see it."""

    demo: Demo
    random: Random
    # How much of a real year's work is shown, from 0 to 1.
    volume: float
    today: date = field(default_factory=clock.today)
    villages: list[int] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    autonomous: frozenset[int] = frozenset()
    # The part of the city's services that each county has, by its code.
    weight: dict[int, float] = field(default_factory=dict)
    population: dict[int, int] = field(default_factory=dict)
    bodies: dict[str, list[Institution]] = field(default_factory=dict)
    sites: dict[str, list[Site]] = field(default_factory=dict)
    people: dict[str, list[Practitioner]] = field(default_factory=dict)

    @property
    def sizes(self) -> dict[str, Any]:
        """The numbers of `data/calibration.yaml`."""
        return data("calibration")

    @property
    def city(self) -> int:
        """The code of the city."""
        return cities.current().region

    @property
    def counties(self) -> list[int]:
        """The codes of its counties."""
        return [county.code for county in self.demo.counties]

    @property
    def townships(self) -> list[int]:
        """The codes of its townships; none where only counties are known."""
        return [code for codes in self.demo.townships.values() for code in codes if code % 10**6]

    @property
    def scale(self) -> float:
        """How many times Leshan's size the city is."""
        return min(sum(self.population.values()) / self.sizes["population"]["leshan"], _LARGEST)

    @property
    def targets(self) -> tuple[Indicator, ...]:
        """What the city wants reached."""
        return indicators(cities.current().id).indicators

    def asked(self, word: str) -> bool:
        """Whether any target of the city counts this kind, register or role."""
        return word in self._asked

    @property
    def _asked(self) -> frozenset[str]:
        return _words_of(cities.current().id)

    def places(self, level: str) -> list[int]:
        """The codes of a level: city, county, township or village."""
        return {"city": [self.city], "county": self.counties, "township": self.townships, "village": self.villages}[level]

    def path(self, base: float, now: float, day: date) -> float:
        """The value on a day of something that went evenly from its base to now."""
        gone = (day - BASE).days / max((self.today - BASE).days, 1)
        return base + (now - base) * min(max(gone, 0.0), 1.0)

    def begun(self, place: int, base: int, now: int) -> date:
        """When the one of this place in the row began, if `base` of `now` stood at the base day."""
        if place < base:
            return BASE - timedelta(days=self.random.randrange(30, 1800))
        return BASE + timedelta(days=int((place - base + self.random.random()) / max(now - base, 1) * ((self.today - BASE).days - 20)) + 1)

    def county_for(self) -> int:
        """A county by chance, the central one more often."""
        return self.random.choices(self.counties, [self.weight[code] for code in self.counties])[0]

    def moment(self, day: date) -> datetime:
        """An hour of work on a day."""
        return datetime.combine(day, time(self.random.randrange(9, 18), self.random.randrange(60)), clock.SHANGHAI)

    def quarters(self) -> Iterator[date]:
        """The first days of all quarters since the base day."""
        return (day for day in self.months() if day.month % 3 == 1)

    def months(self) -> Iterator[date]:
        """The first days of all months since the base day that are over."""
        for number in range((BASE.year + 1) * 12, self.today.year * 12 + self.today.month - 1):
            yield date(number // 12, number % 12 + 1, 1)

    def season(self, day: date) -> float:
        """Busy and quiet times: much before the year's end, little in the month of the spring festival."""
        if day.month >= 10:
            return float(self.sizes["q4"])
        return 0.6 if day.month == 2 else (4 - float(self.sizes["q4"])) / 3


def look(demo: Demo, seed: int, cases: int) -> World:
    """The city with its counties' residents, who are told from the city's own by how many villages each has."""
    world = World(demo, Random(f"records-{seed}"), volume=min(1.0, cases / data("calibration")["cases_of_a_year"]))
    rows = list(within(world.city).values_list("code", "name", "level", "ethnic_autonomous"))
    world.names = {code: name for code, name, _level, _own in rows}
    world.villages = [code for code, _name, level, _own in rows if level == 5]
    world.autonomous = frozenset(code for code, _name, level, own in rows if level == 3 and own)
    counted = dict.fromkeys(world.counties, 15)
    for village in world.villages:
        if village // 10**6 * 10**6 in counted:
            counted[village // 10**6 * 10**6] += 1
    everyone = data("calibration")["population"].get(cities.current().id, 1_000_000)
    total = sum(counted.values())
    world.population = {code: everyone * part // total for code, part in counted.items()}
    centre = data("calibration")["centre_share"] if len(counted) <= _MANY_COUNTIES else 0.0
    world.weight = {code: (1 - centre) * part / total for code, part in counted.items()}
    world.weight[world.counties[0]] += centre
    regions = list(Region.objects.filter(code__in=world.population))
    for region in regions:
        region.population = world.population[region.code]
    Region.objects.bulk_update(regions, ["population"])
    return world


def level_of(code: int) -> int:
    """2 city, 3 county, 4 township, 5 village, as the star tells levels."""
    return 5 if code % 1000 else 4 if code % 10**6 else 3 if code % 10**8 else 2


def many(told: Any) -> list[Any]:
    """What an indicator gives as one value or a list, as a list."""
    return list(told) if isinstance(told, Sequence) and not isinstance(told, str) else [told]


@cache
def _words_of(city_id: str) -> frozenset[str]:
    found: set[str] = set()
    for indicator in indicators(city_id).indicators:
        if indicator.use:
            found.add(indicator.use.measure)
            for told in indicator.use.given.values():
                found.update(str(word) for word in many(told))
    if "six_ones" in found:
        found |= {"publicity_board", "law_library", "law_farmyard", "legal_pathfinder"}
    return frozenset(found)
