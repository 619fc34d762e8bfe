"""Golden reports of the four other cities: the records of `golden_records` in places of each, and its assessment as a file, compared exactly.

After a change that is meant, write them anew with `FAHUI_GOLDEN=write`, and read the difference. The lines of `BY_HAND` were counted from
the records and the policy's words before they were looked up in the files; each says why it is right. They are, by city:
丽水 IND-LS-002, 004, 010, 023, 026, 028, 030, 031, 034, 041, 048, 060, 062, 079, 089; 景德镇 IND-JDZ-003, 005, 006, 011, 014, 015, 025, 050,
054, 057, 064, 069, 074, 093, 095; 天津 IND-TJ-001, 003, 005, 007, 012, 014, 015, 016, 017, 018, 021, 022, 025; 安徽 IND-AH-005, 006, 007,
009, 010, 012, 013, 015, 017, 022, 025, 027, 028, 029, 031. The folder of the Anhui city names no city: as it asks, the test serves one of
its cities (滁州) and adds townships and villages to it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from fahui.config.database import extras_of, regions_file
from fahui.foundation import cities
from fahui.foundation.models import Region
from fahui.foundation.regions.actions import load_file
from tests.standards.golden import kept, report
from tests.standards.golden_records import RESIDENTS, Ground, fill

GROUNDS = {
    "lishui": Ground(331100000000, 331100000000, (331102000000, 331127000000), (331102001000, 331127001000),
                     ((331102001001, 331102001002, 331102001003), (331127001200, 331127001201, 331127001202)), date(2019, 6, 30)),
    "jingdezhen": Ground(360200000000, 360200000000, (360203000000, 360281000000), (360203001000, 360281100000),
                         ((360203001002, 360203001003, 360203001005), (360281100200, 360281100201, 360281100203)), date(2021, 6, 30)),
    "tianjin": Ground(120000000000, 120000000000, (120101000000, 120119000000), (120101001000, 120119203000),
                      ((120101001001, 120101001002, 120101001004), (120119203201, 120119203202, 120119203203)), date(2017, 6, 30)),
    "anhui": Ground(341100000000, 341100000000, (341181000000, 341182000000), (341181100000, 341182100000),
                    ((341181100201, 341181100202, 341181100203), (341182100201, 341182100202, 341182100203)), date(2022, 6, 30)),
}  # fmt: skip


BY_HAND = {
    "lishui": {
        "IND-LS-002": ("10", "of 2 counties, 2 townships, 6 villages one county's centre passed; the township's failed"),
        "IND-LS-004": ("3.43", "24 of the week's hours, by seven days; two people at once are one hour"),
        "IND-LS-010": ("33.33", "of three villages of the rural county one has counsel; the other's term is over, or begins tomorrow"),
        "IND-LS-023": ("33.33", "one of three has counsel, a law-literate person, board, library and farmyard"),
        "IND-LS-026": ("66.67", "of three rural villages one had a case, another a screening"),
        "IND-LS-028": ("66.67", "of three agreements two in a village, one in a township; tomorrow's is none yet"),
        "IND-LS-030": ("20", "1,500 yuan became 1,800"),
        "IND-LS-031": ("66.67", "of three granted one was refused first; the lawful refusal does not count"),
        "IND-LS-034": ("75", "36 of 50 and 24 of 30 knew: 60 of 80"),
        "IND-LS-041": ("16.67", "of six villages one has counsel and a visit; a void one and last year's are none"),
        "IND-LS-048": ("50", "of two centres in use the city's has a notary"),
        "IND-LS-060": ("1", "five lawyers (one since spring) to 50,000 people; one has no licence any more"),
        "IND-LS-062": ("0.67", "480 minutes by 5 lawyers, 3 notaries, 2 appraisers, a legal worker and one of an agency"),
        "IND-LS-079": ("33.33", "of three notaries one has 1,800 minutes, another 1,799"),
        "IND-LS-089": ("3", "three full-time mediators"),
    },
    "jingdezhen": {
        "IND-JDZ-003": ("-6.67", "3 of 5 are satisfied, after 2 of 3: 60 % after 66.67 %"),
        "IND-JDZ-005": ("20", "of five lawyers one has had two cases; notified defence by another is one"),
        "IND-JDZ-006": ("33.33", "of three notary offices one handed in four welfare matters, another three"),
        "IND-JDZ-011": ("36.36", "of 1 city, 2 counties, 2 townships, 6 villages four have staff; who may not sign in is none"),
        "IND-JDZ-014": ("11.11", "ten of these professions, after nine"),
        "IND-JDZ-015": ("-25", "2.00 and 0.50 yuan a head: 75 % apart, after nothing and 1.00: 100 %"),
        "IND-JDZ-025": ("16.67", "two of three callers, after one of two"),
        "IND-JDZ-050": ("1", "one branch in 乐平; the firm of its own there is none"),
        "IND-JDZ-054": ("66.67", "of three civil grants one was refused first"),
        "IND-JDZ-057": ("75", "of four cases with somebody in charge three have a lawyer"),
        "IND-JDZ-064": ("75", "three agreed, one ended without; the one under way is not closed"),
        "IND-JDZ-069": ("2", "one lawyer for two villages, another for one"),
        "IND-JDZ-074": ("80", "three bodies have counsel or a public lawyer, and one of two departments"),
        "IND-JDZ-093": ("50", "rooms in three of six villages"),
        "IND-JDZ-095": ("50", "three calls after two"),
    },
    "tianjin": {
        "IND-TJ-001": ("50", "one of two districts has its plan"),
        "IND-TJ-003": ("30", "of ten places a district, its street and one community have a site and staff"),
        "IND-TJ-005": ("50", "three of six have counsel"),
        "IND-TJ-007": ("66.67", "of three granted one was refused first; notified defence is no application"),
        "IND-TJ-012": ("60", "of city, 2 districts, 2 streets: city, one district and its street; a closed centre is none"),
        "IND-TJ-014": ("250.5", "the city's centre; the district's 90 do not count"),
        "IND-TJ-015": ("24", "one whole day of the last week"),
        "IND-TJ-016": ("1", "one lawyer on the roster, and somebody who is none"),
        "IND-TJ-017": ("1", "somebody of the city works in it"),
        "IND-TJ-018": ("15.38", "of 13 cases two have a township, somebody in charge and what came of them"),
        "IND-TJ-021": ("2.8", "5 lawyers, 3 notaries, 1 legal worker, 2 appraisers, 3 mediators: 14 to 50,000"),
        "IND-TJ-022": ("5.5", "seven dimensions and four"),
        "IND-TJ-025": ("-25", "2.00 and 0.50 yuan a head: 75 % apart, after nothing and 1.00: 100 %"),
    },
    "anhui": {
        "IND-AH-005": ("50", "of two natural villages one has three law-literate people"),
        "IND-AH-006": ("16.67", "of six villages one has two leaders"),
        "IND-AH-007": ("2.5", "1,750 yuan of an allowance of 700"),
        "IND-AH-009": ("25", "three of four closed were agreed, after one of two"),
        "IND-AH-010": ("-50", "of two due one was confirmed, after one of one; what is not due says nothing"),
        "IND-AH-012": ("16.67", "one of six villages has fifty hours that it confirmed"),
        "IND-AH-013": ("14", "a visit of twelve and a lecture of two; the void one of fifty is none"),
        "IND-AH-015": ("50", "one of two notified defences has a lawyer"),
        "IND-AH-017": ("66.67", "two of three schools have a tutor"),
        "IND-AH-022": ("57.14", "of eleven ended this year and three before eight were asked; tomorrow's is not yet"),
        "IND-AH-025": ("25", "60 of 80, after 40 of 80"),
        "IND-AH-027": ("10", "eleven of these professions, after ten"),
        "IND-AH-028": ("50", "fifteen, after ten"),
        "IND-AH-029": ("66.67", "the city and one of two counties have the year's line; last year's is none"),
        "IND-AH-031": ("112.5", "1,800 yuan of 1,600"),
    },
}  # fmt: skip


def golden(city_id: str) -> Path:
    return Path(__file__).with_name(f"golden_{city_id}.json")


def serve(city_id: str, monkeypatch: pytest.MonkeyPatch, region: int | None = None) -> cities.City:
    """From here on the installation serves this city, with the places of its folder; as the folder of the Anhui city asks, of a `region`."""
    city = cities.load_city(city_id)
    told = city.model_copy(update={"region": region or city.region})
    monkeypatch.setattr(settings, "CITY", city_id)
    monkeypatch.setattr(cities, "_serving", {city_id: told}.__getitem__)
    Region.objects.all().delete()
    load_file(regions_file(city_id), extras_of(told))
    return told


@pytest.fixture
def ground(request: pytest.FixtureRequest, system: None, monkeypatch: pytest.MonkeyPatch) -> Ground:
    """The city is the installation's own, with two counties left of it, and of each a township with three villages."""
    here = GROUNDS[request.param]
    serve(request.param, monkeypatch, here.city)
    below = (*here.towns, *(village for villages in here.villages for village in villages))
    Region.objects.exclude(code__in=(here.city, *here.counties, *below)).delete()
    known = set(Region.objects.values_list("code", flat=True))
    # Townships and villages that the bureau adds where its folder has none yet.
    Region.objects.bulk_create(
        Region(code=code, name=f"示例{code}", level=5 if code % 1000 else 4, urban_rural="rural" if code % 1000 else "")
        for code in below if code not in known
    )  # fmt: skip
    for county, people in zip(here.counties, RESIDENTS, strict=True):
        Region.objects.filter(code=county).update(population=people)
    return here


@pytest.mark.parametrize("ground", GROUNDS, indirect=True)
def test_the_report_is_the_golden_one(ground: Ground) -> None:
    fill(ground)
    told = report(ground.city, ground.as_of)
    assert told == kept(golden(cities.current().id), told)


@pytest.mark.parametrize("city_id", BY_HAND)
def test_what_was_counted_by_hand_stands_in_the_golden_report(city_id: str) -> None:
    lines = kept(golden(city_id))["lines"]
    expected = {name: value for name, (value, _why) in BY_HAND[city_id].items()}
    assert {name: lines[name]["value"] for name in expected} == expected


@pytest.mark.parametrize("city_id", ["tianjin", "anhui"])
def test_a_report_adds_up_over_the_places_of_the_citys_folder(city_id: str, system: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The units of a city that has no records yet are all in its parts."""
    assert report(serve(city_id, monkeypatch).region, GROUNDS[city_id].as_of)["lines"]
