"""The registers of a demo city, filled as people fill them: some late, some not verified, some not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from fahui.casework.registers.definitions import current
from fahui.casework.registers.models import Entry
from fahui.demo.bodies import unit_code
from fahui.demo.bulk import write
from fahui.demo.world import BASE, World, data, level_of
from fahui.foundation import clock
from fahui.foundation.people.models import Institution

_DISPUTES = ("邻里纠纷", "婚姻家庭纠纷", "损害赔偿纠纷", "道路交通事故纠纷", "劳动争议", "合同纠纷", "山林土地纠纷", "物业纠纷", "消费纠纷", "医疗纠纷")
# Leshan's committees took up 9,101 cases in 2020 and brought 98.95 % to an agreement (plan 一.1).
_MEDIATIONS, _AGREED = 9101, 0.9895
_WAITING = timedelta(days=150)
_DAYS_OF = {"day": 1, "month": 30, "quarter": 91, "year": 365, "school_year": 365}
_FIRMS_TELL_BY_MONTH = 11
_WORDS = {"honour": {"organ": "市司法局", "document": "演示〔%d〕%d号"}, "standard_check": {"checker": "市司法局检查组"}, "rate": {"document": "演示〔%d〕%d号"}}


class Ledger:
    """Gathers entries and writes them together."""

    def __init__(self, world: World) -> None:
        self.world, self.random = world, world.random
        self.registers = current()
        self.rows: list[Entry] = []
        self.now = clock.now()
        self.numbers: dict[str, int] = {}
        users = world.demo.users
        self.officer = users["officer"].pk if "officer" in users else None
        self.leader = users["leader"].pk if "leader" in users else None

    def save(self) -> None:
        """Write what was gathered."""
        write(self.rows)

    def fill(self) -> None:
        """Everything but titles and checks, which follow from the city's targets (`fahui.demo.recognition`)."""
        for told in data("registers")["returns"]:
            self._returns(told)
        self._money()
        self._standing()
        self._works()
        self._stationed()
        self._below_the_village()
        self._papers()
        self._mediation()

    def add(self, register: str, title: str, region: int, begins: date, **columns: Any) -> Entry | None:
        """One entry, entered some days after it happened; None when that day has not come yet."""
        slips, random = self.world.sizes["slips"], self.random
        late = random.randrange(30, 120) if random.random() < slips["late"] else random.randrange(1, 12)
        entered = self.world.moment(begins + timedelta(days=late))
        if entered > self.now:
            return None
        number = self.numbers[register] = self.numbers.get(register, 0) + 1
        state, verified = "entered", None
        if self.registers[register].verified:
            verified = min(entered + timedelta(days=random.randrange(1, 20)), self.now)
            # What nobody has verified yet is of late; older entries have been dealt with.
            state = random.choices(("verified", "entered", "returned", "void"), _chances(slips, entered > self.now - _WAITING))[0]
            if state != "verified":
                verified = None
        elif random.random() < slips["void"]:
            state = "void"
        words = {name: value % (begins.year, number) if "%" in value else value for name, value in _WORDS.get(register, {}).items()}
        row = Entry(
            register=register, code=columns.pop("code", f"DEMO-{number:06d}"), title=title, region_code=region, begins=begins,
            details=words, state=state, entered_by=self.officer, entered_at=entered, changed_at=verified or entered,
            verified_by=self.leader if verified else None, verified_at=verified, revision=1, **columns,
        )  # fmt: skip
        self.rows.append(row)
        return row

    def _returns(self, told: dict[str, Any]) -> None:
        world, random = self.world, self.random
        homes = [home for kind in told["of"] for home in world.bodies.get(kind, [])]
        if told["register"] == "survey":
            homes = [home for home in homes if level_of(home.region_code) == 3]
        if told.get("heavy"):
            homes = self._largest(homes) if told["every"] == "month" else homes
        if not homes:
            return
        weights = _shared(world, homes)
        # What no target of the city counts is kept for the last year only.
        first = BASE if world.asked(told["register"]) else world.today - timedelta(days=400)
        name = told.get("category", "")
        label = self._label(told["register"], name)
        institution = self.registers[told["register"]].institution is not None
        for begins in self._rounds(told["every"]):
            if begins < first:
                continue
            # The whole of a year divided by how many rounds it has.
            amount = world.path(told["a_year"]["base"], told["a_year"]["now"], begins) * world.scale * _DAYS_OF[told["every"]] / 365
            share = world.path(told["share"]["base"], told["share"]["now"], begins) if "share" in told else None
            for home, weight in zip(homes, weights, strict=True):
                if random.random() < world.sizes["slips"]["missing"]:
                    continue
                whole = _near(random, amount * weight * (world.season(begins) if told["every"] != "school_year" else 1))
                part = whole if share is None else _part(random, whole, share)
                if whole == 0:
                    continue
                self.add(
                    told["register"], label, home.region_code, begins, category=name, part=Decimal(part),
                    whole=None if share is None else Decimal(whole), institution=home if institution else None,
                    ends=begins.replace(year=begins.year + 1) - timedelta(days=1) if told["every"] == "school_year" else None,
                )  # fmt: skip

    def _rounds(self, every: str) -> Iterator[date]:
        world = self.world
        if every == "day":
            yield from (BASE + timedelta(days=n) for n in range(1, (world.today - BASE).days))
        elif every == "month":
            yield from world.months()
        elif every == "quarter":
            yield from world.quarters()
        else:
            month, day = (9, 1) if every == "school_year" else (6, 15)
            yield from (date(year, month, day) for year in range(BASE.year, world.today.year + 1) if date(year, month, day) < world.today)

    def _largest(self, homes: list[Institution]) -> list[Institution]:
        """Those that hand in each month for the others of their county."""
        first: dict[int, Institution] = {}
        for home in homes:
            first.setdefault(home.region_code // 10**6, home)
        return list(first.values())[:_FIRMS_TELL_BY_MONTH]

    def _label(self, register: str, category: str) -> str:
        choices = self.registers[register].category
        return choices.choices[category].zh if choices and category else self.registers[register].name.zh.removesuffix("台账")

    def _money(self) -> None:
        world, told = self.world, data("registers")
        for year in range(BASE.year, world.today.year + 1):
            day = date(year, 1, 1)
            for county, people in world.population.items():
                for line in told["budgets"]:
                    if line.get("autonomous") and county not in world.autonomous:
                        continue
                    fen = round(world.path(line["a_head"]["base"], line["a_head"]["now"], day) * people * self.random.uniform(0.96, 1.04) * 100)
                    due = Decimal(fen) / 100
                    self.add("budget_line", f"{year}年{line['title']}", county, day, category=line["category"], amount_fen=fen, whole=due,
                             part=round(due * Decimal(line["secured"]), 2), ends=date(year, 12, 31))  # fmt: skip
                for line in told["purchases"]:
                    fen = round(world.path(line["a_head"]["base"], line["a_head"]["now"], day) * people * self.random.uniform(0.95, 1.05) * 100)
                    posts = round(world.path(line["posts"]["base"], line["posts"]["now"], day) * world.weight[county])
                    self.add("purchase", f"{year}年{line['title']}", county, date(year, 3, 1), category=line["category"], amount_fen=fen,
                             part=Decimal(posts) if posts else None, ends=date(year + 1, 2, 28))  # fmt: skip
        self._rates()

    def _rates(self) -> None:
        """Rates were raised twice; each raise ends the one before."""
        world = self.world
        steps = (date(2019, 1, 1), date(BASE.year + 2, 7, 1), date(world.today.year, 1, 1))
        for line in data("registers")["rates"]:
            for place in [*sorted(world.autonomous)] if line["category"].startswith("ethnic") else [world.city]:
                for number, begins in enumerate(steps):
                    value = round(world.path(line["base"], line["now"], begins if number < 2 else world.today), -1)
                    self.add("rate", line["title"], place, begins, category=line["category"], grade=line["grade"], part=Decimal(value),
                             whole=Decimal(line["whole"]), ends=steps[number + 1] if number + 1 < len(steps) else None)  # fmt: skip

    def _standing(self) -> None:
        world = self.world
        spread = {"team", "system_link"}
        for line in data("registers")["standing"]:
            counted = max(line["base"], line["now"])
            for number in range(counted):
                begins = world.begun(number, line["base"], line["now"]) if number < line["now"] else BASE - timedelta(days=400)
                # Fewer than there were: they have ended since.
                ends = None if number < line["now"] else world.begun(number - line["now"] + 1, 1, 1 + line["base"] - line["now"])
                place = world.counties[number % len(world.counties)] if line["register"] in spread and counted > 3 and "at" not in line else world.city
                title = line["titles"][number % len(line["titles"])]
                self.add(line["register"], title, place, begins, category=line["category"], grade=line.get("grade", ""), ends=ends,
                         part=Decimal(3) if line["register"] == "service_item" else Decimal(self.random.randrange(5, 40)) if line["register"] == "team" else None,
                         whole=Decimal(3) if line["register"] == "service_item" else None)  # fmt: skip

    def _works(self) -> None:
        world = self.world
        for line in data("registers")["works"]:
            for year in range(BASE.year + 1, world.today.year + 1):
                count = round(world.path(line["a_year"]["base"], line["a_year"]["now"], date(year, 7, 1)) * world.scale * max(world.volume, 0.2))
                for _number in range(count):
                    day = date(year, 1, 1) + timedelta(days=self.random.randrange(365))
                    if day < world.today:
                        place = world.city if self.random.random() < 0.4 else world.county_for()
                        self.add("media_output", self.random.choice(line["titles"]), place, day, category=line["category"])

    def _stationed(self) -> None:
        world = self.world
        for line in data("registers")["stationed"]:
            for kind in line["at"]:
                for site in world.sites.get(kind, []):
                    for function in line["functions"]:
                        if self.random.random() < line["share"] and (kind == "service_centre" or world.asked(function)):
                            self.add("stationing", self._label("stationing", function), site.region_code, world.begun(self.random.randrange(10), 5, 10),
                                     category=function, grade=line["grade"], site=site)  # fmt: skip
        for site in world.sites.get("service_centre", []):
            for year in range(BASE.year, world.today.year + 1):
                has = round(world.path(7, 10, date(year, 3, 1)) + self.random.random())
                self.add("site_functions", site.name, site.region_code, date(year, 3, 1), part=Decimal(min(has, 10)), whole=Decimal(10), site=site,
                         ends=date(year + 1, 3, 1))  # fmt: skip

    def _below_the_village(self) -> None:
        world = self.world
        urban = {code for code in world.villages if "社区" in world.names[code] or "居" in world.names[code]}
        if world.asked("unit_below") or world.asked("units_below_with_posting"):
            for village in world.villages:
                told = ("building", "号楼") if village in urban else ("villager_group", "组")
                for number in range(world.sizes["pathfinders"]["units"]):
                    self.add("unit_below", f"{world.names[village][:40]}{number + 1}{told[1]}", village, date(2019, 5, 1), category=told[0], code=unit_code(village, number))
            if world.asked("natural_village"):
                for village in world.villages[::2]:
                    self.add("unit_below", f"{world.names[village][:40]}老村", village, date(2019, 5, 1), category="natural_village")
        if world.asked("household_return"):
            for year in range(BASE.year, world.today.year + 1):
                for village in world.villages:
                    if self.random.random() > world.sizes["slips"]["missing"]:
                        whole = self.random.randrange(180, 1200)
                        part = _part(self.random, whole, world.path(0.35, 0.88, date(year, 10, 1)))
                        self.add("household_return", world.names[village], village, date(year, 10, 1), part=Decimal(part), whole=Decimal(whole), ends=date(year + 1, 9, 30))

    def _papers(self) -> None:
        world = self.world
        for month in world.months():
            if self.random.random() > world.sizes["slips"]["missing"]:
                self.add("document", f"{month.year}年{month.month}月热线舆情月报", world.city, month, category="hotline_report")
        for year in range(BASE.year + 1, world.today.year):
            for county in world.counties:
                self.add("document", f"{year}年度公共法律服务考核", county, date(year, 12, 10), category="assessment", part=Decimal(self.random.randrange(4, 9)))

    def _mediation(self) -> None:
        """Mediation cases over the years; some committees have none, and the last ones are still under way."""
        world, random = self.world, self.random
        homes = [home for kind in ("peoples_mediation_committee", "industry_mediation_committee") for home in world.bodies[kind]]
        busy = [home for home in homes if random.random() > world.sizes["idle_committee"]]
        for year in range(BASE.year + 1, world.today.year + 1):
            grown = _MEDIATIONS * (1 + 0.06 * (year - BASE.year)) * world.scale * world.volume
            for _number in range(round(grown)):
                begins = date(year, 1, 1) + timedelta(days=int(364 * random.random() ** 0.9))
                home = random.choice(busy)
                if begins < world.today:
                    self._mediated(home, begins)

    def _mediated(self, home: Institution, begins: date) -> None:
        world, random = self.world, self.random
        ends = begins + timedelta(days=random.randrange(1, 40))
        if ends >= world.today:
            self.add("mediation_case", random.choice(_DISPUTES), home.region_code, begins, category="accepted", institution=home)
            return
        agreed = random.random() < _AGREED - 0.02
        grade = "" if not agreed else random.choices(("performed", "unperformed", "confirmed", "pending"), (82, 3, 9, 6))[0]
        category = "agreed" if agreed else random.choice(("failed", "failed", "ended"))
        self.add("mediation_case", random.choice(_DISPUTES), home.region_code, begins, category=category, grade=grade, ends=ends, institution=home)


def _chances(slips: dict[str, float], fresh: bool) -> tuple[float, float, float, float]:
    wrong = (slips["unverified"], slips["returned"], slips["void"]) if fresh else (0.0, 0.0, slips["void"])
    return 1 - sum(wrong), *wrong


def _shared(world: World, homes: list[Institution]) -> list[float]:
    """How much of the whole each has: by what its county has of the city."""
    raw = [world.weight.get(home.region_code // 10**6 * 10**6, 0.2) for home in homes]
    return [weight / sum(raw) for weight in raw]


def _near(random: Random, wanted: float) -> int:
    """A whole number about as large as wanted, right on average even for less than one."""
    value = max(random.gauss(wanted, wanted * 0.12), 0.0)
    return int(value) + (random.random() < value - int(value))


def _part(random: Random, whole: int, share: float) -> int:
    """So much of the whole, give or take: a share near nothing or all scatters little."""
    taken = whole * min(max(random.gauss(share, 0.06 * share * (1 - share)), 0.0), 1.0)
    return min(whole, int(taken) + (random.random() < taken - int(taken)))
