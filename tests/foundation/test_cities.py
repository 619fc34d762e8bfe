"""City folders: the shipped ones are sound and honest, and a wrong one is refused in words that say what to do."""

import os
from datetime import date
from pathlib import Path

import pytest
import yaml

from fahui.foundation import cities
from fahui.foundation.regions.rules import contains

SHIPPED = ["anhui", "jingdezhen", "leshan", "lishui", "tianjin"]
REGION_HEAD = "code,name,level,urban_rural,valid_from,valid_to,renamed_from"


def test_five_cities_ship():
    assert cities.available() == SHIPPED


@pytest.mark.parametrize("city_id", SHIPPED)
def test_a_shipped_city_has_no_problem(city_id):
    assert cities.check_city(city_id) == []


@pytest.mark.parametrize(
    ("city_id", "counts"),
    [
        ("lishui", [1, 1, 9, 173, 2008]),
        ("jingdezhen", [1, 1, 4, 59, 718]),
        ("leshan", [1, 1, 11, 132, 1371]),
        ("tianjin", [1, 1, 16, 299, 5617]),
        ("anhui", [1, 16, 119, 0, 0]),
    ],
)
def test_the_region_tree_is_complete(city_id, counts):
    levels = [row.level for row in cities.regions(city_id)]
    assert [levels.count(level) for level in range(1, 6)] == counts


@pytest.mark.parametrize("city_id", SHIPPED)
def test_regions_stand_above_or_inside_the_city(city_id):
    region = cities.load_city(city_id).region
    assert all(contains(region, row.code) or contains(row.code, region) for row in cities.regions(city_id))


def test_a_village_tells_by_its_name_whether_it_is_rural():
    kinds = {row.name: row.urban_rural for row in cities.regions("leshan") if row.level == 5}
    assert {kind for name, kind in kinds.items() if name.endswith(("村委会", "村民委员会"))} == {"rural"}
    assert {kind for name, kind in kinds.items() if name.endswith(("居委会", "居民委员会"))} == {"urban"}


def test_the_current_city_is_the_configured_one(monkeypatch):
    monkeypatch.setattr(cities, "settings", type("Settings", (), {"CITY": "lishui"}))
    assert cities.current().name.zh == "丽水市"


def test_an_unknown_city_is_refused_with_the_choice():
    with pytest.raises(cities.BadCity, match="anhui, jingdezhen, leshan, lishui, tianjin"):
        cities.load_city("../lishui")


def test_a_stated_value_is_found_with_its_clause_and_an_unstated_one_is_not():
    anhui = cities.load_city("anhui")
    stated = cities.parameter(anhui, "legal_aid", "means_income_factor_of_dibao", date(2026, 1, 1))
    assert stated.value == 2
    assert "2倍以上" in stated.source.quote
    assert cities.parameter(anhui, "legal_aid", "decision_days", date(2026, 1, 1)) is None
    assert cities.parameter(anhui, "no_such_service", "decision_days", date(2026, 1, 1)) is None


def test_a_value_is_not_in_force_before_its_policy():
    lishui = cities.load_city("lishui")
    assert cities.parameter(lishui, "legal_aid", "home_visit_intake", date(2017, 8, 29)) is None
    assert cities.parameter(lishui, "legal_aid", "home_visit_intake", date(2017, 8, 30)).value is True


@pytest.mark.parametrize(("colour", "ratio"), [("#FFFFFF", 1.0), ("#000000", 21.0), ("#767676", 4.54)])
def test_contrast_is_the_wcag_ratio(colour, ratio):
    assert cities.contrast_on_white(colour) == pytest.approx(ratio, abs=0.01)


@pytest.mark.skipif("FAHUI_DATA" not in os.environ, reason="FAHUI_DATA does not point to the policy texts")
@pytest.mark.parametrize("city_id", SHIPPED)
def test_every_quote_stands_in_one_policy_text(city_id):
    texts = {path.name: path.read_text(encoding="utf-8") for path in Path(os.environ["FAHUI_DATA"]).rglob("*.txt")}
    values = cities.load_city(city_id).services.values()
    quotes = [p.source.quote for service in values for p in service.parameters]
    assert quotes
    found = [{name for name, text in texts.items() if quote in text} for quote in quotes]
    assert all(found), [quote for quote, names in zip(quotes, found, strict=True) if not names]
    assert len(set.intersection(*found)) == 1


# Wrong folders


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A sound little city under a folder of its own, and the means to spoil it."""
    monkeypatch.setattr(cities, "ROOT", tmp_path / "cities")
    home = tmp_path / "cities" / "little"
    home.mkdir(parents=True)
    content = yaml.safe_load((Path(cities.__file__).parents[1] / "cities/leshan/city.yaml").read_text(encoding="utf-8"))
    content |= {"id": "little", "services": {}, "languages": [], "autonomous_counties": []}
    rows = ["510000000000,四川省,1,,,,", "511100000000,乐山市,2,,,,", "511102000000,市中区,3,,,,"]

    class Folder:
        def write(self, *, lines=rows, head=REGION_HEAD, **changes):
            merged = {key: value for key, value in (content | changes).items() if value is not None}
            (home / "city.yaml").write_text(yaml.safe_dump(merged, allow_unicode=True), encoding="utf-8")
            (home / "regions.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
            cities._load.cache_clear()
            return cities.check_city("little")

    yield Folder()
    cities._load.cache_clear()


def value(**changes):
    source = {"title": "文件", "clause": "一", "quote": "原文"}
    return {"name": "decision_days", "value": 7, "unit": "days", "source": source} | changes


def test_the_little_city_is_sound(folder):
    assert folder.write() == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"colour": "red"}, "colour = 'red': is not a known field"),
        ({"hotline": None}, "hotline: is missing"),
        (
            {"theme": {"primary": "#CCCCCC", "dark": "#000000", "accent": "#000000"}},
            "theme.primary = '#CCCCCC': has contrast 1.6:1",
        ),
        ({"theme": {"primary": "red", "dark": "#000000", "accent": "#000000"}}, "write it as #RRGGBB"),
        ({"region": 5111}, "region = 5111: 区划代码"),
        ({"region": 511200000000}, "region = 511200000000 is not in regions.csv"),
        ({"id": "other"}, "id = 'other'; write the folder's name"),
        ({"population": 3_160_000}, "sources says nothing of population"),
        ({"autonomous_counties": [{"code": 511133000000, "name": "马边", "people": "彝族"}]}, "511133000000 马边"),
        (
            {"languages": [{"code": "ii", "zh": "彝语", "en": "Yi", "regions": [511133000000]}]},
            "languages.ii names region",
        ),
        (
            {"services": {"legal_aid": {"parameters": [value(quote="x")]}}},
            "parameters.0.quote = 'x': is not a known field",
        ),
        (
            {"services": {"legal_aid": {"parameters": [value(source={"title": "a", "clause": "b"})]}}},
            "source.quote: is missing",
        ),
        (
            {"services": {"legal_aid": {"parameters": [value(**{"from": date(2026, 2, 1), "to": date(2026, 1, 1)})]}}},
            "'to' 2026-01-01 is before 'from' 2026-02-01",
        ),
        (
            {"services": {"legal_aid": {"parameters": [value(), value(**{"from": date(2026, 2, 1)})]}}},
            "two values for the same day",
        ),
    ],
)
def test_a_wrong_city_file_is_refused_naming_file_field_and_remedy(folder, changes, says):
    problems = folder.write(**changes)
    assert len(problems) == 1
    assert says in problems[0]
    assert "little/city.yaml" in problems[0]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["510000000000,四川省,1,,,,", "51110200000,市中区,3,,,,"], "line 3"),
        (["510000000000,四川省,2,,,,"], "the code is of level 1"),
        (["510000000000,,1,,,,"], "name is empty"),
        (["510000000000,四川省,1,both,,,"], "urban, rural or nothing"),
        (["510000000000,四川省,1,,2026-13-01,,"], "line 2"),
        (["510000000000,四川省,1,,,,", "510000000000,四川省,1,,,,"], "stands twice"),
        (["511100000000,乐山市,2,,,,"], "lies in 510000000000, which is missing"),
    ],
)
def test_a_wrong_region_line_is_refused_naming_the_line(folder, lines, says):
    problems = folder.write(lines=lines)
    assert len(problems) == 1
    assert says in problems[0]
    assert "little/regions.csv" in problems[0]


def test_a_region_file_with_other_columns_is_refused(folder):
    assert "the first line must be code,name" in folder.write(head="code,name")[0]


def test_values_that_follow_each_other_are_each_found_on_their_days(folder):
    old, new = value(to=date(2025, 12, 31)), value(value=5, **{"from": date(2026, 1, 1)})
    assert folder.write(services={"legal_aid": {"parameters": [old, new]}}) == []
    city = cities.load_city("little")
    on = [
        cities.parameter(city, "legal_aid", "decision_days", day).value
        for day in (date(2025, 12, 31), date(2026, 1, 1))
    ]
    assert on == [7, 5]


def test_a_file_that_is_not_yaml_is_refused(folder):
    folder.write()
    (cities.ROOT / "little" / "city.yaml").write_text("id: [", encoding="utf-8")
    cities._load.cache_clear()
    assert "is not YAML" in cities.check_city("little")[0]
