"""Work that a city's targets want of every single body, place or person, round by round: most did it, some forgot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fahui.demo.outreach import Outreach
from fahui.demo.world import BASE, World, level_of, many
from fahui.foundation.people.models import Practitioner
from fahui.standards.indicators.schema import Indicator

# How many rounds of a period are kept, besides the one that runs.
_ROUNDS = {"yearly": (12, 5), "quarterly": (3, 7), "monthly": (1, 12), "once": (12, 5), "continuous": (12, 5)}
_GIVING = {"people_serving", "hours_a_person", "hours_a_serving_person", "people_with_hours"}
_VISITS = (120, 180, 240, 240, 270, 300)


def do(world: World, outreach: Outreach) -> None:
    """Activities and takings for every such target; what two targets want alike is done once."""
    done: set[tuple[Any, ...]] = set()
    for indicator in world.targets:
        if indicator.use is None:
            continue
        given = indicator.use.given
        wanted = (indicator.use.measure, str(given.get("kinds")), str(given.get("activities")), given.get("topic"), str(given.get("levels")))
        if wanted in done:
            continue
        done.add(wanted)
        duty = Duty(world, outreach, indicator)
        if indicator.use.measure == "institutions_with_activity":
            duty.of_bodies()
        elif indicator.use.measure in ("places_with_activity", "places_with_activity_time"):
            duty.of_places()
        elif indicator.use.measure in _GIVING and given.get("part") != "attended":
            duty.of_people()
        elif indicator.use.measure == "people_with_days":
            duty.of_days()


class Duty:
    """One target's rounds."""

    def __init__(self, world: World, outreach: Outreach, indicator: Indicator) -> None:
        self.world, self.outreach, self.random = world, outreach, world.random
        self.given: dict[str, Any] = dict(indicator.use.given) if indicator.use else {}
        self.period = indicator.period
        self.settings: dict[str, Any] = world.sizes["activities"]

    def of_bodies(self) -> None:
        """Each body of these kinds once a round."""
        kind = str(many(self.given["activities"])[0])
        if "each_year" in self.settings[kind]:
            return
        role = self.given.get("key", "organiser")
        for first, last in self._rounds():
            for name in many(self.given["kinds"]):
                for body in self.world.bodies.get(name, []):
                    if self._did(first):
                        day = self._day(first, last)
                        if day:
                            self.outreach.hold(kind, self.settings[kind], day, region_code=body.region_code, topic=self.given.get("topic", ""), **{role: body})

    def of_places(self) -> None:
        """Each place of these levels once a round. Without a theme, only where the round is shorter than a year."""
        kind, topic = str(many(self.given["kinds"])[0]), self.given.get("topic", "")
        if not topic and self.period not in ("monthly", "quarterly") or topic == "constitution_week":
            return
        places = [code for level in ("city", "county", "township", "village") for code in self.world.places(level) if level_of(code) in many(self.given["levels"])]
        timed = "minutes" in self.given
        for first, last in self._rounds():
            for code in places:
                day = self._day(first, last) if self._did(first) else None
                if day:
                    more = {"minutes": self.random.choice(_VISITS)} if timed else {}
                    self.outreach.hold(kind, self.settings[kind], day, region_code=code, topic=topic, **more)

    def of_people(self) -> None:
        """Each quarter a day of welfare work in every county, which most of a profession take part in."""
        for kind in many(self.given["kinds"]):
            near: dict[int, list[Practitioner]] = {}
            for person in self.world.people.get(kind, []):
                near.setdefault(person.region_code // 10**6 * 10**6 or self.world.city, []).append(person)
            for first, last in self._rounds(3, 12):
                for county, people in near.items():
                    day = self._day(first, last)
                    if day is None:
                        continue
                    told = {**self.settings["welfare_service"], "by": None}
                    activity = self.outreach.hold("welfare_service", told, day, region_code=county if county in self.world.counties else self.world.city)
                    for person in people:
                        if (person.licensed_on or BASE) < day and self.random.random() < 0.72:
                            self.outreach.took(activity, person, "gave", self.random.randrange(120, 480, 30))

    def of_days(self) -> None:
        """So many days of training a year, of which some miss one or two."""
        for kind in many(self.given["kinds"]):
            for first, _last in self._rounds():
                for _number in range(int(self.given["days"]) + 1):
                    # Done by the end of September.
                    day = self._day(first, first + timedelta(days=270))
                    if day is None:
                        continue
                    activity = self.outreach.hold("training", self.settings["training"], day, region_code=self.world.city, title="集中培训")
                    for person in self.world.people.get(kind, []):
                        if (person.licensed_on or BASE) < day and self.random.random() < 0.96:
                            self.outreach.took(activity, person, "attended", 420)

    def _rounds(self, length: int = 0, count: int = 0) -> list[tuple[date, date]]:
        """First and last days of the rounds since the base day, the running one last."""
        known = _ROUNDS[self.period]
        length, count = length or known[0], count or known[1]
        begin = self.world.today.year * 12 + (self.world.today.month - 1) // length * length
        starts = [_first(begin - number * length) for number in range(count, -1, -1)]
        return [(start, _first(start.year * 12 + start.month - 1 + length) - timedelta(days=1)) for start in starts if start > BASE]

    def _day(self, first: date, last: date) -> date | None:
        """A day of the round, or None when it has not come yet."""
        if str(self.given.get("topic", "")).startswith("constitution") and last.month == 12:
            first, last = date(last.year, 12, 2), date(last.year, 12, 6)
        day = first + timedelta(days=self.random.randrange((last - first).days + 1))
        return day if day < self.world.today else None

    def _did(self, day: date) -> bool:
        return self.random.random() < self.world.path(0.55, 0.95, day)


def _first(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)
