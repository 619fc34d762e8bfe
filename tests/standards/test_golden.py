"""A golden report: a small set of records made here, and the assessment of Leshan from them as a file beside this test, compared exactly.

Places are cut down to two townships with three villages each and the counties' printed populations are replaced, so that any line of
the file can be counted by hand. After a change that is meant, write it anew with `FAHUI_GOLDEN=write`, and read the difference.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from fahui.casework.activities.models import Activity, Taking
from fahui.casework.cases.models import Case
from fahui.casework.definitions.models import ServiceVersion
from fahui.casework.feedback.models import Feedback
from fahui.casework.registers.models import Entry
from fahui.foundation import clock
from fahui.foundation.models import Institution, Posting, Practitioner, Region, Site
from tests.standards.golden import kept, report

GOLDEN = Path(__file__).with_name("golden_leshan.json")
CITY, COUNTY, NEIGHBOUR = 511100000000, 511112000000, 511123000000
TOWNS = (511112101000, 511123100000)
VILLAGES = (511112101201, 511112101203, 511112101204, 511123100001, 511123100002, 511123100003)
PEOPLE = {COUNTY: 20_000, NEIGHBOUR: 30_000}
AS_OF = date(2025, 6, 30)
Record = Callable[[], object]


@pytest.fixture
def places(system: None) -> None:
    """Two counties with people in them, a township each and three villages each."""
    Region.objects.filter(level__gte=4).exclude(code__in=(*TOWNS, *VILLAGES)).delete()
    Region.objects.update(population=None)
    for code, people in PEOPLE.items():
        Region.objects.filter(code=code).update(population=people)
    assert Region.objects.filter(level=5).count() == 6


def body(code: str, kind: str, region: int) -> Institution:
    return Institution.objects.get_or_create(code=code, defaults={"kind": kind, "name": code, "region_code": region})[0]


def person(code: str, kind: str, region: int) -> Practitioner:
    firm = body(f"firm-{region}", "law_firm", region)
    told = {"kind": kind, "name": code, "institution": firm, "region_code": region, "licensed_on": date(2020, 1, 1)}
    return Practitioner.objects.get_or_create(licence=code, defaults=told)[0]


def site(code: str, kind: str, region: int, hours: str = "") -> Site:
    told = {"kind": kind, "name": code, "region_code": region, "opening_hours": hours}
    return Site.objects.get_or_create(code=code, defaults=told)[0]


def entry(code: str, register: str, category: str, region: int, begins: date, **more: Any) -> Record:
    told = {"state": "verified", "entered_at": clock.now(), "changed_at": clock.now(), "title": code} | more
    return lambda: Entry.objects.create(
        code=code, register=register, category=category, region_code=region, begins=begins, **told
    )


def case(code: str, opened: date, region: int, score: int | None = None) -> Record:
    def make() -> None:
        version, _made = ServiceVersion.objects.get_or_create(
            service="legal_aid", version="0", defaults={"digest": "0", "definition": {}, "published_at": clock.now()}
        )
        at = datetime(opened.year, opened.month, opened.day, 10, tzinfo=clock.SHANGHAI)
        made = Case.objects.create(
            service="legal_aid", matter="civil", version=version, region_code=region, scope_key=10**12 + region, channel="window", title=code,
            state="closed", open=False, outcome="completed", opened_at=at, changed_at=at, closed_at=at,
        )  # fmt: skip
        if score is not None:
            Feedback.objects.create(case=made, score=score, at=at)

    return make


def counsel(village: int, begins: date, kind: str = "lawyer") -> Record:
    county = village - village % 10**6
    return lambda: Posting.objects.create(
        role="village_counsel", practitioner=person(f"{kind}-{county}", kind, county), target_kind="region", target_region=village, valid_from=begins,
    )  # fmt: skip


def visit(code: str, village: int, held_on: date) -> Record:
    def make() -> None:
        county = village - village % 10**6
        made = Activity.objects.create(
            code=code, kind="counsel_visit", title=code, held_on=held_on, minutes=90, people=20, region_code=village, entered_at=clock.now(),
            changed_at=clock.now(),
        )  # fmt: skip
        Taking.objects.create(
            activity=made, practitioner=person(f"lawyer-{county}", "lawyer", county), part="gave", minutes=90
        )

    return make


def records() -> list[Record]:
    """What the report is counted from; each can be entered by itself, in any order."""
    spring, before = date(2025, 3, 5), date(2024, 3, 5)
    return [
        # Titles: two stations (one since 2023, one of June), a room, one still unverified, one that ended.
        entry("H1", "honour", "demonstration_station", COUNTY, date(2023, 6, 1)),
        entry("H2", "honour", "demonstration_station", NEIGHBOUR, date(2025, 6, 12)),
        entry("H3", "honour", "demonstration_room", VILLAGES[0], spring),
        entry("H4", "honour", "demonstration_station", NEIGHBOUR, spring, state="entered"),
        entry("H5", "honour", "demonstration_station", NEIGHBOUR, before, ends=date(2025, 1, 1)),
        # Of those asked, how many knew: 40 of 80 in the first half of 2024, 60 of 80 in that of 2025.
        entry("S1", "survey", "awareness", COUNTY, before, part=40, whole=80),
        entry("S2", "survey", "awareness", COUNTY, spring, part=36, whole=50),
        entry("S3", "survey", "awareness", NEIGHBOUR, spring, part=24, whole=30),
        entry("B1", "budget_line", "legal_aid", COUNTY, spring, amount_fen=5_000_000),
        entry("B2", "budget_line", "legal_aid", NEIGHBOUR, spring, amount_fen=2_500_000),
        entry("C1", "call_return", "answered", CITY, spring, part=96, whole=100),
        # Cases of legal aid: three of 2025, two of 2024.
        case("A1", spring, TOWNS[0], 5), case("A2", spring, VILLAGES[0], 4), case("A3", date(2025, 6, 30), NEIGHBOUR, 1),
        case("A4", before, TOWNS[1], 4), case("A5", before, TOWNS[1], 2), case("A6", date(2025, 7, 1), TOWNS[1], 5),
        # Counsel: five villages, one of them by a grassroots legal worker; three visited, two of those checked.
        *(counsel(village, date(2024, 1, 1)) for village in VILLAGES[:4]),
        counsel(VILLAGES[4], date(2025, 2, 1), "grassroots_legal_worker"),
        visit("V1", VILLAGES[0], spring), visit("V2", VILLAGES[1], spring), visit("V3", VILLAGES[3], before),
        entry("K1", "standard_check", "counsel_service", VILLAGES[0], spring, grade="passed"),
        entry("K2", "standard_check", "counsel_service", VILLAGES[3], spring, grade="passed"),
        # Sites: the city's and one county's centre, a station, three rooms; one centre opens on Saturdays.
        lambda: site("P1", "service_centre", CITY, "周一至周六 9:00-17:00"), lambda: site("P2", "service_centre", COUNTY, "周一至周五 9:00-17:00"),
        lambda: site("P3", "service_station", TOWNS[0]),
        *(lambda v=village: site(f"P{v}", "service_room", v) for village in VILLAGES[:3]),
        lambda: body("aid-city", "legal_aid_agency", CITY), lambda: body("aid-county", "legal_aid_agency", COUNTY),
    ]  # fmt: skip


def test_the_report_is_the_golden_one(places: None):
    for enter in records():
        enter()
    told = report(CITY, AS_OF)
    assert told == kept(GOLDEN, told)


def test_what_was_counted_by_hand_stands_in_the_golden_report():
    lines = kept(GOLDEN)["lines"]
    by_hand = {
        "IND-LESH-001": "25",  # 60 of 80 after 40 of 80, in points
        "IND-LESH-003": "16.67",  # 2 of 3 satisfied after 1 of 2
        "IND-LESH-009": "0.6",  # 3 cases to 50,000 people
        "IND-LESH-010": "1.5",  # 75,000 yuan to 50,000 people
        "IND-LESH-018": "96",
        "IND-LESH-022": "50",  # one of two centres opens at weekends
        "IND-LESH-024": "2",
        "IND-LESH-025": "1",
        "IND-LESH-047": "33.33",  # 2 of 6: in office, checked, and visited since the policy began
    }
    assert {name: lines[name]["value"] for name in by_hand} == by_hand
    assert lines["IND-LESH-024"]["parts"]["五通桥区"][:2] == ["1", 1] and lines["IND-LESH-024"]["parts"]["犍为县"][
        :2
    ] == ["1", 1]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_arrival_does_not_matter(seed: int, places: None):
    order = records()
    random.Random(seed).shuffle(order)
    for enter in order:
        enter()
    assert report(CITY, AS_OF) == kept(GOLDEN)


def test_unrelated_records_change_nothing(places: None):
    elsewhere = [
        entry("X1", "honour", "demonstration_station", COUNTY, date(2025, 3, 5), state="void"),
        entry("X2", "honour", "demonstration_station", COUNTY, date(2025, 7, 1)),
        lambda: body("X3", "school", COUNTY), lambda: site("X4", "law_library", VILLAGES[5]),
        lambda: Activity.objects.create(code="X5", kind="counsel_visit", title="X5", held_on=date(2025, 3, 5), minutes=60, region_code=VILLAGES[5],
                                        state="void", entered_at=clock.now(), changed_at=clock.now()),
        lambda: Posting.objects.create(role="village_counsel", target_kind="region", target_region=VILLAGES[5], valid_from=date(2020, 1, 1),
                                       valid_to=date(2021, 1, 1)),
    ]  # fmt: skip
    for enter in [*elsewhere, *records()]:
        enter()
    assert report(CITY, AS_OF) == kept(GOLDEN)
