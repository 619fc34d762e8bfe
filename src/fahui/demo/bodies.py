"""The institutions, sites, professionals and postings of a demo city, of every kind that policies count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from fahui.casework.scheduling.models import Shift
from fahui.demo import people
from fahui.demo.bulk import write
from fahui.demo.phones import landline
from fahui.demo.world import BASE, SOURCE, World, many
from fahui.foundation import clock
from fahui.foundation.people.models import Institution, Posting, Practitioner, Site
from fahui.foundation.sounds import initials_of, pinyin_of

_LEVELS = ("city", "county", "township", "village")
_ACCESS = ("ramp", "step_free", "low_counter", "toilet", "wheelchair", "large_print")
_WEEKEND = "周一至周五 9:00–17:00；周六、周日 9:00–12:00；法定节假日休息"
_OFFICE = "周一至周五 9:00–12:00、13:30–17:00；法定节假日休息"
_SENIOR = {"lawyer": "二级律师", "notary": "二级公证员"}
_JUNIOR = {"lawyer": "三级律师", "notary": "三级公证员"}
_SITE_NAMES = dict(Site.KINDS)
_LICENCE = {
    "lawyer": "L", "notary": "N", "forensic_appraiser": "F", "appraiser_assistant": "FA", "arbitrator": "A",
    "grassroots_legal_worker": "G", "intern_lawyer": "I", "agency_staff": "S", "resettlement_worker": "R", "volunteer": "V",
}  # fmt: skip


def settle(world: World) -> None:
    """Everybody and every place, in the order they need each other."""
    _institutions(world)
    _sites(world)
    _professionals(world)
    _mediators(world)
    write([*_serving(world), *_counsel(world)])
    _past_shifts(world)


def _spread(world: World, told: dict[str, Any]) -> Iterator[tuple[int, int, str]]:
    """Where those of one kind stand: place, which one there, and its plain name. A share leaves some places without."""
    names = told["named"]
    for level in _LEVELS:
        wanted = told.get(level, 0)
        if not wanted:
            continue
        for code in world.places(level):
            if wanted < 1:
                if world.random.random() < wanted:
                    yield code, 0, names[0]
                continue
            for number in range(wanted):
                yield code, number, names[number % len(names)]


def _called(world: World, code: int, name: str) -> dict[str, str]:
    """The name and how it sounds, put together from its two parts."""
    place = world.names.get(code, "")
    return {"name": place + name, "pinyin": (_pinyin(place) + _pinyin(name))[:240], "initials": (_initials(place) + _initials(name))[:120]}


_pinyin, _initials = cache(pinyin_of), cache(initials_of)


def _institutions(world: World) -> None:
    standing = {row.pk: row for row in Institution.objects.filter(code__startswith="DEMO-").order_by("pk")}
    taken = {(row.kind, row.region_code) for row in standing.values() if row.kind != "law_firm"}
    made = []
    for kind, told in world.sizes["bodies"].items():
        if told.get("asked") and not world.asked(kind):
            continue
        for code, number, name in _spread(world, told):
            if number == 0 and (kind, code) in taken:
                continue
            if kind == "peoples_mediation_committee" and code % 1000 and world.random.random() < world.sizes["village_without_committee"]:
                continue
            made.append(_institution(world, kind, code, number, name))
    write(made)
    for row in [*standing.values(), *made]:
        world.bodies.setdefault(row.kind, []).append(row)


def _institution(world: World, kind: str, code: int, number: int, name: str) -> Institution:
    random = world.random
    row = Institution(
        code=f"DEMO-R-{kind[:12]}-{code}-{number}", kind=kind, region_code=code, **_called(world, code, name),
        phone=landline(random), opening_hours=_OFFICE, source=SOURCE,
        as_of=world.today - timedelta(days=random.randrange(10, 400)),
    )  # fmt: skip
    if kind == "law_firm":
        row.name, row.pinyin, row.initials = people.firm(random, world.names[code].rstrip("市区县")), "", ""
        # Five of six firms stood at the end of 2020.
        row.licensed_from = world.begun(number, 4, 5) if number < 4 else world.begun(random.randrange(4, 9), 4, 9)
        row.staff_count = random.randrange(3, 45)
        # One of a county's firms is a branch of the first firm of the city.
        row.parent = world.demo.institutions[("law_firm", world.counties[0])] if number == 4 and code != world.counties[0] else None
    return row


def _sites(world: World) -> None:
    random, made = world.random, []
    for kind, told in world.sizes["sites"].items():
        if told.get("asked") and not world.asked(kind):
            continue
        low, high = told["area"]
        for code, number, name in _spread(world, told):
            home = world.demo.institutions.get(("public_legal_service_centre", code // 10**6 * 10**6))
            made.append(Site(
                code=f"DEMO-R-{kind[:14]}-{code}-{number}", kind=kind, region_code=code, institution=home, **_called(world, code, name),
                area_m2=Decimal(random.randrange(low, high)), opening_hours=_WEEKEND if random.random() < 0.8 and not code % 10**6 else _OFFICE,
                accessibility=sorted(random.sample(_ACCESS, random.randrange(0, 4))), source=SOURCE, active=random.random() < 0.995,
                as_of=world.today - timedelta(days=random.randrange(10, 400)),
            ))  # fmt: skip
    made += _hosted(world)
    write(made)
    for row in [*Site.objects.filter(kind__in=["service_station", "self_service"]).order_by("pk"), *made]:
        world.sites.setdefault(row.kind, []).append(row)


def _hosted(world: World) -> Iterator[Site]:
    """Sites at the bodies where the city's targets want one: nine of ten have it."""
    done: set[tuple[str, str]] = set()
    for indicator in world.targets:
        if indicator.use is None or indicator.use.measure not in ("institutions_with_site", "institutions_having_site"):
            continue
        for home_kind in many(indicator.use.given["kinds"]):
            for kind in many(indicator.use.given["sites"]):
                if (home_kind, kind) in done or kind not in _SITE_NAMES:
                    continue
                done.add((home_kind, kind))
                for home in world.bodies.get(home_kind, []):
                    if world.random.random() < 0.9:
                        yield Site(code=f"DEMO-H-{len(done)}-{home.pk}", kind=kind, name=f"{home.name}{_SITE_NAMES[kind]}"[:120], region_code=home.region_code,
                                   institution=home, area_m2=Decimal(world.random.randrange(12, 60)), opening_hours=_OFFICE, source=SOURCE, as_of=world.today)  # fmt: skip


def _professionals(world: World) -> None:
    made: list[Practitioner] = []
    standing = {"lawyer": list(world.demo.practitioners)}
    for kind, told in world.sizes["people"].items():
        homes = world.bodies.get(told["at"], [])
        if not homes:
            continue
        known = standing.get(kind, [])
        base, now = (max(round(told[name] * world.scale) - len(known), 1) for name in ("base", "now"))
        fresh = [_practitioner(world, kind, told, number, base, now, home) for number, home in enumerate(_homes(world, kind, homes, max(base, now)))]
        # Fewer than there were: the last ones have left since.
        for row in fresh[now:]:
            row.licensed_until = world.begun(world.random.randrange(base, base + 10), base, base + 10)
        made += fresh
        world.people[kind] = [*known, *fresh]
    write(made)


def _homes(world: World, kind: str, homes: list[Institution], wanted: int) -> Iterator[Institution]:
    """One for each institution first, then where the work is. One ethnic county has a notary office and nobody in it."""
    lacking = max(world.autonomous, default=0) if kind == "notary" else 0
    near = [home for home in homes if home.region_code // 10**6 * 10**6 != lacking or not lacking]
    weights = [world.weight.get(home.region_code // 10**6 * 10**6, 0.1) for home in near]
    first = sorted(near, key=lambda home: home.code)[:wanted]
    yield from first
    yield from world.random.choices(near, weights, k=wanted - len(first))


def _practitioner(world: World, kind: str, told: dict[str, Any], number: int, base: int, now: int, home: Institution) -> Practitioner:
    random = world.random
    senior = random.random() < told["senior"]
    return Practitioner(
        licence=f"DEMO-R-{_LICENCE[kind]}-{number:05d}", kind=kind, name=people.name(random), institution=home, region_code=home.region_code,
        phone=people.phone(random), licensed_on=world.begun(number, base, max(now, base + 1)), source=SOURCE,
        title=_SENIOR.get(kind, "高级") if senior else _JUNIOR.get(kind, ""), as_of=world.today - timedelta(days=random.randrange(10, 300)),
        # On the list, but not on the roster for aid cases; those of the roster stand already.
        accepts=False,
    )  # fmt: skip


def _mediators(world: World) -> None:
    """Full-time mediators: the township's own have been there for years; villages have got theirs since."""
    known = list(Practitioner.objects.filter(kind="mediator", licence__startswith="DEMO-M-").order_by("pk"))
    Posting.objects.filter(role="full_time_mediator", practitioner__in=known).update(valid_from=date(2019, 3, 1))
    told = world.sizes["full_time_mediators"]
    base, now = round(told["base"] * world.scale), round(told["now"] * world.scale)
    homes = [home for home in world.bodies["peoples_mediation_committee"] if home.region_code % 1000] or world.bodies["peoples_mediation_committee"]
    chosen = world.random.sample(homes, min(now, len(homes)))
    made = [
        Practitioner(licence=f"DEMO-R-M-{number:05d}", kind="mediator", name=people.name(world.random), institution=home,
                     region_code=home.region_code, source=SOURCE, licensed_on=world.begun(number, base, now), accepts=False)
        for number, home in enumerate(chosen)
    ]  # fmt: skip
    write(made)
    write([
        Posting(role="full_time_mediator", practitioner=person, target_kind="institution", target_region=person.region_code,
                target_institution_id=person.institution_id, valid_from=person.licensed_on or BASE, source=SOURCE)
        for person in made
    ])  # fmt: skip
    world.people["mediator"] = [*known, *made]


def _serving(world: World) -> Iterator[Posting]:
    """Bodies that somebody serves, and the law-literate persons and leaders of villages."""
    for role, told in world.sizes["served"].items():
        for kind in told["of"]:
            homes = world.random.sample(world.bodies.get(kind, []), len(world.bodies.get(kind, [])))
            base, now = round(told["base"] * len(homes)), round(told["now"] * len(homes))
            for number, home in enumerate(homes[:now]):
                person = world.random.choice(world.people[told["by"]]) if told["by"] else None
                yield Posting(role=role, practitioner=person, target_kind="institution", target_region=home.region_code, target_institution=home,
                              valid_from=world.begun(number, base, now), source=SOURCE)  # fmt: skip
    if world.asked("full_time_mediator"):
        yield from _more_mediators(world)
    if world.asked("mediator"):
        for home in world.bodies["peoples_mediation_committee"]:
            for _number in range(world.random.choice((2, 3, 3, 4))):
                yield Posting(role="mediator", target_kind="institution", target_region=home.region_code, target_institution=home,
                              valid_from=date(2019, 6, 1), source=SOURCE)  # fmt: skip
    if world.asked("law_leader"):
        for number, village in enumerate(world.villages):
            if number % 12:
                yield Posting(role="law_leader", target_kind="region", target_region=village, source=SOURCE,
                              valid_from=world.begun(number % 12, 4, 12))  # fmt: skip
    yield from _pathfinders(world)


def _more_mediators(world: World) -> Iterator[Posting]:
    """Full-time mediators hired for trades, rooms and second ones of townships, where targets ask for them; not yet on the list of people."""
    homes: list[tuple[Institution, int]] = []
    if world.asked("industry_mediation_committee"):
        homes += [(home, world.random.choice((1, 2, 3, 3, 3, 4))) for home in world.bodies["industry_mediation_committee"]]
    if world.asked("sites_with_posting_people"):
        homes += [(home, 1) for home in world.bodies.get("public_legal_service_centre", []) if world.random.random() < 0.85]
    for home, count in homes:
        for number in range(count):
            yield Posting(role="full_time_mediator", target_kind="institution", target_region=home.region_code, target_institution=home,
                          valid_from=world.begun(number, 1, max(count, 2)), source=SOURCE)  # fmt: skip
    if any(i.use and i.use.measure == "places_with_posting" and "full_time_mediator" in many(i.use.given.get("roles")) for i in world.targets):
        for town in world.townships:
            if world.random.random() < 0.78:
                yield Posting(role="full_time_mediator", target_kind="region", target_region=town, valid_from=world.begun(world.random.randrange(4), 1, 4), source=SOURCE)


def _pathfinders(world: World) -> Iterator[Posting]:
    told = world.sizes["pathfinders"]
    for village in world.villages:
        count = world.random.choice(told["now"])
        for number in range(count):
            # The second one serves the whole village, the others a group or building each.
            unit = number - (number > 1)
            yield Posting(
                role="legal_pathfinder", target_kind="region", target_region=village, source=SOURCE,
                target_name=unit_code(village, unit) if number != 1 and unit < told["units"] else "",
                valid_from=world.begun(number, told["base"], max(count, 5)),
            )  # fmt: skip


def unit_code(village: int, number: int) -> str:
    """The number of a unit below the village, as its register and a pathfinder's posting write it."""
    return f"DEMO-{village}-{number + 1:02d}"


def _counsel(world: World) -> Iterator[Posting]:
    """Village counsel: some villages are without; in others the lawyer came this year after somebody who was none."""
    rows = list(Posting.objects.filter(role="village_counsel").order_by("target_region").values_list("pk", "target_region"))
    gone = {pk for pk, _code in rows if world.random.random() < world.sizes["village_without_counsel"]}
    stay = [(pk, code) for pk, code in rows if pk not in gone]
    changed = [(pk, code) for pk, code in stay if world.random.random() > world.sizes["professional_counsel_before"]]
    kept = {pk for pk, _code in stay} - {pk for pk, _code in changed}
    Posting.objects.filter(pk__in=gone).delete()
    Posting.objects.filter(pk__in=kept).update(valid_from=date(2020, 9, 1))
    new_year = date(world.today.year, 1, 1)
    for _pk, code in changed:
        yield Posting(role="village_counsel", target_kind="region", target_region=code, valid_from=date(2020, 9, 1), valid_to=new_year, source=SOURCE)


def _past_shifts(world: World) -> None:
    """The hotline's roster of the week that is over, round the clock."""
    users, hotline = world.demo.users, world.demo.institutions[("hotline_centre", world.city)]
    Shift.objects.filter(queue="hotline", institution=None).update(institution=hotline)
    midnight = datetime.combine(world.today, time(0), clock.SHANGHAI)
    write([
        Shift(queue="hotline", user=users[name], institution=hotline, starts_at=midnight + timedelta(days=day, hours=begin),
              ends_at=midnight + timedelta(days=day, hours=begin + 8), capacity=4)
        for day in range(-8, 1) for name, begin in (("lawyer", 0), ("agent", 8), ("lead", 16)) if day < 0 or begin == 0
    ])  # fmt: skip
