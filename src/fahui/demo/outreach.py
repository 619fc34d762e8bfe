"""Activities of a demo city and who took part, over the years since the policies' starting values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from fahui.casework.activities.models import Activity, Taking
from fahui.demo.bulk import write
from fahui.demo.world import BASE, World
from fahui.foundation.people.models import Institution, Practitioner

_LABELS = dict(Activity.KINDS)
# Work was written down less in the first years: each year's part of what was done, the latest last.
_WRITTEN = (0.18, 0.25, 0.35, 0.5, 0.8, 1.0)
_HOURS_OF_TRAINING = (480, 960, 1440, 2400, 2880)


class Outreach:
    """Gathers activities and their takings, and writes them together."""

    def __init__(self, world: World) -> None:
        self.world, self.random = world, world.random
        self.rows: list[Activity] = []
        self.takings: list[Taking] = []
        self._near: dict[tuple[str, int], list[Institution]] = {}
        for kind, bodies in world.bodies.items():
            for body in bodies:
                self._near.setdefault((kind, body.region_code), []).append(body)
        self._local: dict[tuple[str, int], list[Practitioner]] = {}
        for kind, people in world.people.items():
            for person in people:
                self._local.setdefault((kind, person.region_code // 10**6 * 10**6), []).append(person)

    def fill(self) -> None:
        """The city's ordinary work of every kind."""
        for kind, told in self.world.sizes["activities"].items():
            if "each_year" in told:
                self._each_body(kind, told)
                continue
            for day in self._days(told["a_year"] * self.world.scale):
                self.hold(kind, told, day)
        self._monthly_themes()
        self._yearly_training()

    def save(self) -> None:
        """Write what was gathered."""
        write(self.rows)
        write(self.takings)

    def _days(self, a_year: float) -> Iterator[date]:
        world = self.world
        for year in range(BASE.year + 1, world.today.year + 1):
            part = _WRITTEN[max(len(_WRITTEN) - 1 - (world.today.year - year), 0)]
            for _number in range(max(round(a_year * world.volume * part), 2)):
                # Later months are drawn more often, as seasons are.
                day = date(year, 1, 1) + timedelta(days=int(364 * self.random.random() ** 0.88))
                if day < world.today and self.random.random() < 1.05 * world.season(day):
                    yield day

    def hold(self, kind: str, told: dict[str, Any], day: date, **more: Any) -> Activity:
        """One activity of a kind on a day; `more` sets columns that would be drawn."""
        world, random = self.world, self.random
        region = more.pop("region_code", None) or self._where(told["where"])
        county = region // 10**6 * 10**6
        entered = min(world.moment(day) + timedelta(days=random.choice((0, 0, 1, 1, 2, 3, 5, 40))), world.moment(world.today - timedelta(days=1)))
        confirmed = random.random() < told["confirmed"]
        low, high = told["people"]
        shortest, longest = told["minutes"]
        row = Activity(
            code=f"DEMO-{kind}-{len(self.rows):06d}", kind=kind, title=more.pop("title", _LABELS[kind]), held_on=day, region_code=region,
            # Nobody wrote down how long it took, now and then.
            minutes=more.pop("minutes", None) or (0 if random.random() < 0.01 else random.randrange(shortest, longest, 5)), form=told.get("form", "onsite"),
            people=int(low + (high - low) * random.random() ** 2), services=random.randrange(*told["services"]) if "services" in told else 1,
            organiser=more.pop("organiser", None) or self._body(told.get("organiser"), region), guest=more.pop("guest", None) or self._body(told.get("guest"), county),
            state="confirmed" if confirmed else random.choices(("entered", "void"), (9, 1))[0],
            confirmed_by="村（社区）干部" if confirmed else "", confirmed_at=entered if confirmed else None, entered_at=entered,
            changed_at=entered, **more,
        )  # fmt: skip
        self.rows.append(row)
        if told.get("by"):
            self.took(row, self._giver(told["by"], county), "gave", row.minutes)
        return row

    def _where(self, level: str) -> int:
        found = self.world.places(level)
        return self.random.choice(found) if found and level != "county" else self.world.county_for()

    def _body(self, kind: str | None, region: int) -> Institution | None:
        if kind is None:
            return None
        for code in (region, region // 1000 * 1000, region // 10**6 * 10**6):
            if found := self._near.get((kind, code)):
                return self.random.choice(found)
        return self.random.choice(self.world.bodies[kind])

    def _giver(self, kind: str, county: int) -> Practitioner:
        return self.random.choice(self._local.get((kind, county)) or self.world.people[kind])

    def took(self, row: Activity, person: Practitioner, part: str, minutes: int) -> None:
        """Somebody's part in an activity."""
        self.takings.append(Taking(activity=row, practitioner=person, part=part, minutes=minutes))

    def _each_body(self, kind: str, told: dict[str, Any]) -> None:
        """Once a year for every body that did not forget it."""
        world = self.world
        for year in range(BASE.year + 1, world.today.year + 1):
            for body in world.bodies.get(told["guest"], []):
                day = date(year, 1, 1) + timedelta(days=self.random.randrange(20, 330))
                if day < world.today and self.random.random() < world.path(told["each_year"]["base"], told["each_year"]["now"], day):
                    self.hold(kind, told, day, region_code=body.region_code, guest=body)

    def _monthly_themes(self) -> None:
        """One theme a month in the city (one month was forgotten), and the constitution's week in nearly every county."""
        world, told = self.world, self.world.sizes["activities"]["campaign"]
        for month in world.months():
            topic = world.sizes["themes"][month.month]
            if month != date(BASE.year + 3, 2, 1):
                self.hold("campaign", told, month + timedelta(days=self.random.randrange(3, 25)), region_code=world.city, topic=topic, title="一月一主题法治宣传")
            if topic == "constitution_week":
                for county in world.counties:
                    if self.random.random() < 0.96:
                        self.hold("campaign", told, month + timedelta(days=self.random.randrange(2, 8)), region_code=county, topic=topic, title="宪法宣传周")

    def _yearly_training(self) -> None:
        """Each year's training of a profession in its county; some miss it."""
        world, told = self.world, self.world.sizes["activities"]["training"]
        kinds = {"resettlement_worker"} | {kind for kind in world.people if world.asked(kind) and world.asked("training")}
        for year in range(BASE.year + 1, world.today.year + 1):
            missed = world.path(0.2, 0.03, date(year, 7, 1))
            for kind in sorted(kinds & set(world.people)):
                day = date(year, self.random.randrange(3, 7), self.random.randrange(1, 28))
                if day >= world.today:
                    continue
                activity = self.hold("training", told, day, region_code=world.city, title="年度业务培训")
                for person in world.people[kind]:
                    if (person.licensed_on or BASE) < day and self.random.random() > missed:
                        self.took(activity, person, "attended", self.random.choice(_HOURS_OF_TRAINING))
