"""Titles and checks of a demo city, as many as its own targets want or not quite: met here, behind there, none elsewhere."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from fahui.demo.ledger import Ledger
from fahui.demo.world import BASE, World, data, level_of, many
from fahui.foundation.people.models import Institution, Practitioner, Site
from fahui.standards.indicators.schema import Indicator

Holder = Institution | Practitioner | Site
_COUNTS = {"honours", "institutions_meeting", "sites_meeting"}
_SHARES = {"institutions_with_entry", "sites_with_entry", "places_with_checked_site", "places_with_entry"}
_KEPT_ELSEWHERE = {"unit_below", "mediation_case", "household_return", "stationing", "course_return", "decision_return", "exam_return"}
_FEW = 6
_LATEST = timedelta(days=121)  # nothing is entered later than this after it happened


def recognise(world: World, ledger: Ledger) -> None:
    """Entries for every target that counts titles, checks or entries of somebody."""
    # Those that say most come first; what they give counts for the wider ones as well.
    wanted = [i for i in world.targets if i.use and i.use.measure in _COUNTS | _SHARES]
    for indicator in sorted(wanted, key=lambda i: (-len(i.use.given) if i.use else 0, i.id)):
        Recognition(world, ledger, indicator).give()
    if world.asked("villages_fully_served"):
        _counsel_checked(world, ledger)
    for indicator in world.targets:
        if indicator.use and indicator.use.measure == "institutions_with_both":
            _both(world, ledger, indicator.use.given)
        if indicator.use and indicator.use.measure == "entries_of_kind" and indicator.use.given.get("register") == "standard_check":
            _checked(world, ledger, str(indicator.use.given["within"]))


def _both(world: World, ledger: Ledger, given: dict[str, Any]) -> None:
    """Two entries of one register for most bodies, one of them for some."""
    held = {(row.register, row.category, row.institution_id) for row in ledger.rows}
    for kind in many(given["kinds"]):
        for home in world.bodies.get(kind, []):
            for category, share in ((given["first"], 0.95), (given["second"], 0.84)):
                if (given["register"], category, home.pk) not in held and world.random.random() < share:
                    ledger.add(given["register"], home.name, home.region_code, world.begun(world.random.randrange(6), 2, 6), category=category, institution=home)


def _checked(world: World, ledger: Ledger, title: str) -> None:
    """Checks of all who are due for one, most of them passed."""
    if any(row.register == "standard_check" and row.category == title for row in ledger.rows):
        return
    for kind in data("registers")["holders"].get(title, {}).get("institution", []):
        for home in world.bodies.get(kind, []):
            ledger.add("standard_check", home.name, home.region_code, world.begun(world.random.randrange(6), 2, 6), category=title,
                       grade="passed" if world.random.random() < 0.88 else "failed", institution=home)  # fmt: skip


def _counsel_checked(world: World, ledger: Ledger) -> None:
    for village in world.villages:
        if world.random.random() < 0.83:
            ledger.add("standard_check", f"{world.names[village]}法律顾问服务", village, world.begun(world.random.randrange(8), 1, 8),
                       category="counsel_service", grade="passed")  # fmt: skip


class Recognition:
    """What one target counts, and who gets it."""

    def __init__(self, world: World, ledger: Ledger, indicator: Indicator) -> None:
        self.world, self.ledger, self.indicator = world, ledger, indicator
        self.given: dict[str, Any] = dict(indicator.use.given) if indicator.use else {}
        self.measure = indicator.use.measure if indicator.use else ""
        self.register = self.given.get("register", "standard_check" if self.measure == "places_with_checked_site" else "honour")
        self.random = Random(f"reached-{indicator.id}")

    def give(self) -> None:
        """Add entries until the target is reached as far as it is."""
        if self.register in _KEPT_ELSEWHERE:
            return
        titles = many(self.given.get("titles") or self.given.get("category") or self.given.get("standard") or ("service_site" if self.register == "standard_check" else ""))
        grades = many(self.given.get("grades") or self.given.get("grade") or ("passed" if self.register == "standard_check" else "city" if self.register == "honour" else ""))
        places = self._places(str(titles[0]))
        wanted, before = self._wanted(len(places)), self._before(len(places))
        have = places.keys() & self._held(titles, grades)
        left = [key for key in places if key not in have]
        self.random.shuffle(left)
        needed = max(wanted - len(have), 0)
        for number, key in enumerate(left[:needed]):
            begins = self.world.begun(number, before, max(needed, before + 1))
            if number == 0:  # even if it is entered late, one is there on whatever day the demo is made
                begins = min(begins, self.world.today - _LATEST)
            self._enter(places[key], str(titles[number % len(titles)]), str(grades[number % len(grades)]), begins)

    def _places(self, title: str) -> dict[int, Holder | int]:
        """Who may hold it, by key: institutions, sites, practitioners, or places."""
        world, given = self.world, self.given
        told = data("registers")["holders"].get(title, {})
        if self.measure == "places_with_entry":
            levels = many(given["levels"])
            codes = [code for level in ("city", "county", "township", "village") for code in world.places(level) if level_of(code) in levels]
            return {code: code for code in codes}
        kinds = many(given.get("kinds", [])) or [*told.get("institution", []), *told.get("site", [])]
        pools: list[Holder] = []
        for kind in kinds:
            pools += [*world.bodies.get(kind, []), *world.sites.get(kind, [])]
        if not given.get("kinds") and "practitioner" in told:
            pools = list(world.people.get(told["practitioner"], []))
        if not pools and self.measure == "honours":
            pools = list(world.bodies["justice_bureau"])
        tiers, counties = given.get("levels"), given.get("counties")
        return {
            row.pk: row for row in pools
            if (tiers is None or level_of(row.region_code) in many(tiers))
            and (counties is None or row.region_code // 10**6 * 10**6 in many(counties))
        }  # fmt: skip

    def _wanted(self, places: int) -> int:
        target = max(self.indicator.targets, key=lambda told: told.by)
        reached = data("registers")
        far = reached["told"].get(self.indicator.id, self.random.choice(reached["reached"]))
        if self.measure in _COUNTS and not self.indicator.each:
            return min(round(float(target.value or _FEW) * far), places)
        aim = 100.0 if self.indicator.each or target.value is None else float(target.value)
        return min(round(aim / 100 * places * far + 0.49 * (far >= 1)), places)

    def _before(self, places: int) -> int:
        base = self.indicator.baseline
        if base is None:
            return 0
        return round(float(base.value) if self.measure in _COUNTS else float(base.value) / 100 * places)

    def _held(self, titles: list[Any], grades: list[Any]) -> set[int]:
        """Who has it already, from a target that asked for more."""
        return {
            row.institution_id or row.site_id or row.practitioner_id or row.region_code
            for row in self.ledger.rows if row.register == self.register and row.category in titles and row.grade in grades
        }  # fmt: skip

    def _enter(self, holder: Holder | int, title: str, grade: str, begins: date) -> None:
        ledger = self.ledger
        kind = ledger.registers[self.register]
        known = {"category": title if kind.category and title in kind.category.choices else "", "grade": grade if kind.grade and grade in kind.grade.choices else ""}
        if isinstance(holder, int):
            ledger.add(self.register, self.world.names.get(holder, ""), holder, begins, **known)
            return
        who: dict[str, Any] = {type(holder).__name__.lower(): holder}
        failed = self.register == "standard_check" and self.random.random() < 0.12
        if failed and begins - timedelta(days=200) > BASE:
            # Checked before and sent away with what was missing.
            ledger.add(self.register, holder.name, holder.region_code, begins - timedelta(days=200), ends=begins - timedelta(days=1), **(known | {"grade": "failed"}), **who)
        ledger.add(self.register, holder.name, holder.region_code, begins, **known, **who)
