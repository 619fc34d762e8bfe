"""The directory of a demo city: places with doors and coordinates, who serves each village, and a few published records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from fahui.channels.portal.places.drawing import Outlines, Ring, inside, outlines
from fahui.demo import people
from fahui.demo.organisations import Demo
from fahui.demo.phones import landline
from fahui.foundation import cities, clock
from fahui.foundation.people.models import Institution, Posting, Practitioner, PublicRecord, Site
from fahui.foundation.regions.geo import from_mercator
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.queries import within

OFFICE = "周一至周五 9:00–12:00、13:30–17:00；法定节假日休息"
_HOURS = {
    "hotline_centre": "每天 24小时", "law_firm": "周一至周五 9:00–18:00；周六 9:00–12:00；法定节假日休息",
    "public_legal_service_centre": "周一至周五 9:00–17:00；周六、周日 9:00–12:00；法定节假日休息",
    "notary_office": "周一至周六 8:30–12:00、14:00–17:30；法定节假日休息",
}  # fmt: skip
_BUSINESS = {
    "law_firm": ["民事", "刑事辩护", "行政", "非诉讼"], "legal_aid_agency": ["法律援助申请受理、审查、指派", "免费法律咨询"],
    "notary_office": ["继承", "委托", "合同", "保全证据"], "peoples_mediation_committee": ["民间纠纷调解"],
    "judicial_office": ["人民调解指导", "法治宣传", "社区矫正", "法律咨询"],
    "public_legal_service_centre": ["法律咨询", "法律援助", "人民调解", "公证咨询", "司法鉴定咨询"],
}  # fmt: skip
_ACCESS = ["ramp", "step_free", "low_counter", "toilet", "wheelchair", "large_print", "sign_language"]
_SOURCE = "演示数据，不是真实登记"


def fill(demo: Demo, seed: int) -> None:
    """Give the institutions their facts, and the townships and villages their places and people.

    It draws from a stream of its own, so that the cases of a seed stay what they are.
    """
    random = Random(f"places-{seed}")
    held = outlines(cities.current().id)
    _offices(demo, random, held)
    stations = list(_stations(demo, random, held))
    Site.objects.bulk_create(stations, batch_size=1000)
    _serve(demo, random)
    _records(demo, random)


def _offices(demo: Demo, random: Random, held: Outlines | None) -> None:
    """More kinds of institutions, and what the policies want told of all."""
    made = []
    for county in demo.counties:
        for kind, name in (("notary_office", "公证处"), ("peoples_mediation_committee", "人民调解委员会")):
            row = Institution(code=f"DEMO-{kind[:8]}-{county.code // 10**6}", kind=kind, name=f"{county.name}{name}", region_code=county.code,
                              phone=landline(random), address=f"{county.name}{name}（示例地址）")  # fmt: skip
            made.append(row)
            demo.institutions[(kind, county.code)] = row
        for town in demo.townships[county.code]:
            made.append(Institution(code=f"DEMO-judicial-{town // 1000}", kind="judicial_office", name="", region_code=town,
                                    phone=landline(random), opening_hours=OFFICE))  # fmt: skip
    names = dict(within(cities.current().region, level=4).values_list("code", "name"))
    for row in made:
        row.name = row.name or f"{names.get(row.region_code, '')}司法所"
    Institution.objects.bulk_create(made, batch_size=1000)
    rows = {row.pk: row for row in [*demo.institutions.values(), *made]}
    for row in rows.values():
        _describe(row, random, held)
    told = ["opening_hours", "longitude", "latitude", "head", "licence", "licensed_from", "licensed_by", "business", "staff_count",
            "languages", "accessibility", "source", "as_of"]  # fmt: skip
    Institution.objects.bulk_update(rows.values(), told, batch_size=500)


def _describe(row: Institution, random: Random, held: Outlines | None) -> None:
    row.opening_hours = _HOURS.get(row.kind, OFFICE)
    row.longitude, row.latitude = _spot(random, held, row.region_code)
    row.head, row.staff_count = people.name(random), random.randrange(3, 40)
    if row.kind in {"law_firm", "notary_office"}:
        row.licence, row.licensed_by = f"演示{random.randrange(10**9, 10**10)}", "省司法厅"
        row.licensed_from = date(random.randrange(1995, 2024), random.randrange(1, 13), 1)
    row.business = _BUSINESS.get(row.kind, [])
    row.accessibility = sorted(random.sample(_ACCESS, random.randrange(0, 5)))
    autonomous = {county.code: county.people for county in cities.current().autonomous_counties}
    people_here = autonomous.get(row.region_code // 10**6 * 10**6)
    row.languages = [people_here.removesuffix("族") + "语"] if people_here and random.random() < 0.6 else []
    row.source, row.as_of = _SOURCE, clock.today() - timedelta(days=30)


def _spot(random: Random, held: Outlines | None, region: int) -> tuple[Decimal | None, Decimal | None]:
    """A place inside the county; a township's places lie together."""
    rings = held.counties.get(region // 10**6 * 10**6) if held else None
    if not rings:
        return None, None
    home = Random(region)  # the same neighbourhood for everything of one township
    x, y = _within(home, rings)
    side = 0.00004 if region % 10**6 else 0.0002
    for _try in range(20):
        point = from_mercator(x + random.uniform(-side, side), y + random.uniform(-side, side))
        if inside(point, rings):
            break
    else:
        point = from_mercator(x, y)
    return round(Decimal(str(point.longitude)), 6), round(Decimal(str(point.latitude)), 6)


def _within(random: Random, rings: tuple[Ring, ...]) -> tuple[float, float]:
    ring = max(rings, key=len)
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    for _try in range(200):
        x, y = random.uniform(min(xs), max(xs)), random.uniform(min(ys), max(ys))
        if inside(from_mercator(x, y), rings):
            return x, y
    return ring[0]


def _stations(demo: Demo, random: Random, held: Outlines | None) -> Iterator[Site]:
    names: dict[int, str] = dict(Region.objects.filter(level__in=[3, 4]).values_list("code", "name"))

    def site(kind: str, region: int, name: str, hours: str, number: str) -> Site:
        longitude, latitude = _spot(random, held, region)
        return Site(
            code=f"DEMO-{kind}-{number}", kind=kind, name=name, region_code=region, phone=landline(random),
            address=f"{name}（示例地址）", opening_hours=hours, longitude=longitude, latitude=latitude, source=_SOURCE,
            area_m2=Decimal(random.randrange(20, 300)), facilities=random.sample(["自助终端", "调解室", "候谈区", "公示栏"], 2),
            accessibility=sorted(random.sample(_ACCESS, random.randrange(0, 5))), as_of=clock.today() - timedelta(days=30),
            institution=demo.institutions.get(("public_legal_service_centre", region // 10**6 * 10**6)),
        )  # fmt: skip

    for county in demo.counties:
        yield site("self_service", county.code, f"{county.name}24小时法律服务自助终端", "每天 24小时", str(county.code))
        for town in demo.townships[county.code]:
            hours = random.choice([OFFICE, OFFICE, "周一至周六 8:30–12:00、14:00–17:30；法定节假日休息", "每天 8:30–17:30", "赶场天开门，请先打电话"])
            yield site("service_station", town, f"{names.get(town, '')}公共法律服务工作站", hours, str(town))


def _serve(demo: Demo, random: Random) -> None:
    """Each village its counsel, each township its mediator."""
    today, mediators, postings = clock.today(), [], []
    for county in demo.counties:
        committee = demo.institutions[("peoples_mediation_committee", county.code)]
        for town in demo.townships[county.code]:
            person = Practitioner(licence=f"DEMO-M-{town // 1000}", kind="mediator", name=people.name(random), institution=committee,
                                  region_code=town, phone=people.phone(random), source=_SOURCE)  # fmt: skip
            mediators.append(person)
            postings.append(Posting(role="full_time_mediator", practitioner=person, target_kind="region", target_region=town,
                                    valid_from=date(today.year, 1, 1), office_hours="周一至周五 9:00–17:00", source=_SOURCE))  # fmt: skip
    counsel = {code: rows for code, rows in demo.by_county.items() if rows}
    for village in within(cities.current().region, level=5).values_list("code", flat=True).iterator(2000):
        lawyers = counsel.get(village // 10**6 * 10**6)
        if lawyers:
            # Neighbouring villages share one counsel.
            person = lawyers[village // 5 % len(lawyers)]
            postings.append(Posting(role="village_counsel", practitioner=person, target_kind="region", target_region=village,
                                    valid_from=date(today.year, 1, 1), phone=person.phone, office_hours="每月第二个周五 9:00–11:30",
                                    source=_SOURCE))  # fmt: skip
    Practitioner.objects.bulk_create(mediators, batch_size=1000)
    Posting.objects.bulk_create(postings, batch_size=2000)


def _records(demo: Demo, random: Random) -> None:
    """What authorities published, in the demo's own words."""
    today = clock.today()
    rows = []
    for (kind, _region), firm in demo.institutions.items():
        if kind not in {"law_firm", "notary_office"}:
            continue
        rows.append(PublicRecord(institution=firm, kind="assessment", result="合格", year=today.year - 1, organ="市司法局", source=_SOURCE))
        if random.random() < 0.3:
            rows.append(PublicRecord(institution=firm, kind="reward", result="公益法律服务先进集体", year=today.year - 1, source=_SOURCE,
                                     organ="市司法局", decided_on=today - timedelta(days=200), document="演示〔1〕号"))  # fmt: skip
        if random.random() < 0.1:
            rows.append(PublicRecord(institution=firm, kind="penalty", result="警告", organ="市司法局", source=_SOURCE, document="演示〔2〕号",
                                     decided_on=today - timedelta(days=100), shown_until=today + timedelta(days=265)))  # fmt: skip
    for lawyer in demo.practitioners:
        lawyer.source, lawyer.as_of = _SOURCE, today - timedelta(days=30)
        rows.append(PublicRecord(practitioner=lawyer, kind="assessment", result="称职", year=today.year - 1, organ="市司法局", source=_SOURCE))
    Practitioner.objects.bulk_update(demo.practitioners, ["source", "as_of"], batch_size=500)
    PublicRecord.objects.bulk_create(rows, batch_size=1000)
