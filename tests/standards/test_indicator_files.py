"""The indicators that ship with every city can be used: their measures, codes and units are there, and the check finds what is not."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from fahui.commands import checking
from fahui.foundation import cities
from fahui.standards.indicators import definitions
from fahui.standards.indicators.codes import unknown
from fahui.standards.indicators.definitions import CityIndicators, Fault, check, indicators, measures
from fahui.standards.indicators.schema import SUB_INDICATORS_MET, Indicator
from fahui.standards.indicators.units import misfit, unit_text

CITIES = [city_id for city_id in cities.available() if indicators(city_id).indicators]


def made(**changed: Any) -> Indicator:
    """A sound indicator, changed in a few places."""
    sound: dict[str, Any] = {
        "id": "IND-X-001", "clause": "一", "quote": "律师达到280人", "name": {"zh": "律师人数", "en": "Lawyers"}, "unit": "人",
        "use": {"measure": "practitioners", "given": {"kinds": "lawyer"}}, "targets": [{"value": 280, "by": "2022-12-31"}],
        "period": "once", "scope": ["city"],
    }  # fmt: skip
    return Indicator.model_validate(sound | changed)


def test_the_five_policies_are_all_there():
    assert {name: len(indicators(name).indicators) for name in CITIES} == {
        "anhui": 31, "jingdezhen": 103, "leshan": 69, "lishui": 94, "tianjin": 25,
    }  # fmt: skip


@pytest.mark.parametrize("city_id", CITIES)
def test_a_citys_indicators_can_be_used(city_id: str):
    assert check(city_id) == []


@pytest.mark.parametrize("city_id", CITIES)
def test_targets_lie_within_the_policy_and_one_a_day(city_id: str):
    city = indicators(city_id)
    for indicator in city.indicators:
        days = [target.by for target in indicator.targets]
        assert len(set(days)) == len(days), indicator.id
        assert all(day > city.began for day in days), indicator.id
        assert indicator.quote and indicator.demands, indicator.id
        # A target in words waits for the bureau's number, and says in which words.
        assert all(target.words for target in indicator.targets if target.value is None), indicator.id


def test_no_indicator_stands_in_two_cities():
    every = [indicator.id for city_id in CITIES for indicator in indicators(city_id).indicators]
    assert len(set(every)) == len(every) == 322


@pytest.mark.parametrize("city_id", CITIES)
def test_growth_says_against_what_and_a_goal_follows_from_the_others(city_id: str):
    for indicator in indicators(city_id).indicators:
        use = indicator.use
        if use and use.measure == SUB_INDICATORS_MET:
            assert not use.given and not use.against and indicator.unit == "%", indicator.id
        if indicator.unit == "百分点":
            assert use and use.growth == "points", indicator.id


@pytest.mark.parametrize(
    ("measure", "given", "code"),
    [
        ("entries", {"register": "surveys"}, "surveys"),
        ("entries", {"register": "survey", "category": "awarenes"}, "awarenes"),
        ("entries", {"register": "rate", "grade": ["ceiling", "floor"]}, "floor"),
        ("practitioners", {"kinds": ["lawyer", "judge"]}, "judge"),
        ("institutions", {"kinds": "law_office"}, "law_office"),
        ("places_with_posting", {"levels": 5, "roles": "counsel"}, "counsel"),
        ("people_engaged", {"roles": "enterprise_counsel", "bodies": "company"}, "company"),
        ("places_with_site", {"levels": 5, "kinds": "hall"}, "hall"),
        ("services_given", {"kinds": "visit"}, "visit"),
        ("people_with_days", {"kinds": "lawyer", "activities": "course", "days": 2}, "course"),
        ("cases", {"services": "notary"}, "notary"),
        ("cases", {"services": "legal_aid", "matters": "wages"}, "wages"),
        ("cases", {"services": "consultation", "channels": "phone"}, "phone"),
        ("cases_with_provider", {"services": "legal_aid", "outcomes": {"!=": "lost"}}, "lost"),
        ("cases_provided_by", {"services": "legal_aid", "professions": "judge"}, "judge"),
    ],
)
def test_a_code_that_is_not_there_is_found(measure: str, given: dict[str, Any], code: str):
    assert any(repr(code) in line for line in unknown(measures()[measure].shape(given), "leshan"))


@pytest.mark.parametrize(
    "changed",
    [
        {"unit": "%"},
        {"each": True},
        {"use": {"measure": "satisfaction"}, "unit": "人"},
        {"use": {"measure": "satisfaction"}, "unit": "%"},  # of which 280 are no share
        {"use": {"measure": "practitioners_to_population", "given": {"kinds": "lawyer"}}, "unit": "人"},
        {"use": {"measure": "hours_a_person", "given": {"kinds": "lawyer"}}, "unit": "次"},
        {"use": {"measure": "satisfaction", "against": "previous_year", "growth": "points"}, "unit": "人"},
        {
            "use": {
                "measure": "cases",
                "given": {"services": "legal_aid"},
                "against": "previous_year",
                "growth": "percent",
            },
            "unit": "件",
        },
    ],
)
def test_a_unit_that_the_measure_does_not_give_is_found(changed: dict[str, Any]):
    wrong = made(**changed)
    assert wrong.use
    assert misfit(made(), measures()["practitioners"]) == ""
    assert misfit(wrong, measures()[wrong.use.measure])


def test_every_unit_has_its_english():
    units = {indicator.unit for city in cities.available() for indicator in indicators(city).indicators}
    with override("en"):
        assert [unit for unit in units if re.search("[\u4e00-\u9fff]", unit_text(unit))] == []
        assert unit_text("个/驿站") == "个/驿站", "what the bureau wrote itself stays"
    assert all(unit_text(unit) == unit for unit in units)


def test_the_check_tells_every_fault_with_its_indicator(monkeypatch: pytest.MonkeyPatch):
    wrong = (
        made(), made(), made(id="IND-X-002", use={"measure": "lawyers"}), made(id="IND-X-003", use={"measure": "practitioners"}),
        made(id="IND-X-004", use={"measure": "practitioners", "given": {"kinds": "judge"}}), made(id="IND-X-005", unit="%"),
    )  # fmt: skip
    monkeypatch.setattr(definitions, "indicators", lambda _city: CityIndicators(began=date(2021, 1, 1), indicators=wrong))
    told = check("leshan")
    assert [fault.indicator for fault in told] == [f"IND-X-00{n}" for n in (1, 2, 3, 4, 5)]
    assert told[0] == Fault("IND-X-001", "stands twice; remove one")


def test_fahui_check_reports_them(monkeypatch: pytest.MonkeyPatch):
    assert not [line for line in checking.standards("jingdezhen") if line]
    monkeypatch.setattr(checking.indicators, "check", lambda _city: [Fault("IND-X-001", "stands twice; remove one")])
    assert checking.standards("jingdezhen") == [
        "cities/jingdezhen/indicators.yaml: IND-X-001: stands twice; remove one"
    ]
