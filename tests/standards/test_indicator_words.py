"""How a figure is counted, told in words: by hand for each shape, and no code left in what any city's target says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.translation import override

from fahui.foundation import cities
from fahui.insight.figures.rules import holds
from fahui.standards.indicators.definitions import indicators, measures
from fahui.standards.indicators.words import explained, narrows

ALL = ["anhui", "jingdezhen", "leshan", "lishui", "tianjin"]


def _told(measure: str, **given: Any) -> list[tuple[str, str]]:
    return [(line.label, "；".join(line.items)) for line in explained(measures()[measure].shape(given))]


@pytest.mark.parametrize(
    ("measure", "given", "expected"),
    [
        ("practitioners", {"kinds": ["lawyer", "notary"]}, [("数的是", "律师、公证员（截至那天有效）")]),
        ("satisfaction", {"services": "legal_aid"}, [("分母", "法律援助的办件（有评价；本期内）"), ("怎样才算", "评价在基本满意以上")]),
        ("places_with_posting", {"levels": 5, "roles": "legal_pathfinder", "at_least": 5},
         [("逐个看的是", "村（社区）"), ("怎样才算", "法律明白人（截至那天有效），至少5名")]),
        ("villages_mediating", {}, [("逐个看的是", "村（社区）"),
                                    ("怎样才算（有一样就算）", "有“人民调解案件台账”的记录（本期内）；有矛盾纠纷排查（本期内）")]),
        ("entry_share", {"register": "call_return", "category": "answered"},
         [("分子", "“热线话务台账”的记录（类别：接通；本期内）的“其中”合计"), ("分母", "“热线话务台账”的记录（类别：接通；本期内）的“来电”合计")]),
        ("cases_without_a_second_trip", {"channels": ["web"]}, [("分母", "办件（已经办结；本期内）"), ("怎样才算", "渠道：网上，或者当天办结")]),
        ("months_with_activity", {"kinds": "campaign"}, [("数的是", "主题宣传活动（本期内），同一月份只计一次")]),
        ("people_with_days", {"kinds": "lawyer", "part": "attended", "activities": "training", "days": 7},
         [("逐个看的是", "律师"), ("怎样才算", "培训（怎么参加：参加；本期内），同一日子只计一次，至少7天")]),
        ("institutions_returning", {"kinds": "notary_office", "register": "notary_return", "at_least": 400},
         [("逐个看的是", "公证机构"), ("怎样才算", "“公证业务报表”的记录（本期内）的“其中”合计，至少4")]),
    ],
)  # fmt: skip
def test_each_shape_is_told(measure: str, given: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert _told(measure, **given) == expected


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("city", ALL)
def test_every_target_of_every_city_is_told_without_a_code(city: str, language: str, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CITY = city
    assert cities.current().id == city
    foreign = re.compile("[a-z]{2,}_|_[a-z]{2,}|[a-z]{6,}" if language == "zh-hans" else "[\u4e00-\u9fff]")
    left, seen = [], 0
    with override(language):
        for indicator in indicators(city).indicators:
            if indicator.use is None or indicator.use.measure not in measures():
                continue
            shape = measures()[indicator.use.measure].shape(indicator.use.given)
            lines = explained(shape)
            seen += 1
            assert lines and all(text for line in lines for text in line.items) and narrows(shape) == (len(lines) == 2 and lines[1].label.startswith(("怎样才算", "What makes it count")))
            said = [re.sub("County: [^;)]*", "", text) for line in lines for text in line.items]  # names of places are what they are
            left += [f"{indicator.id}: {text}" for text in said if foreign.search(text)]
    assert seen > 20 and left == []


@pytest.mark.parametrize(
    ("value", "test", "true"),
    [(None, None, True), (1, None, False), (1, 1, True), (None, 1, False), ("a", ["a", "b"], True), ("c", ["a", "b"], False), (3, {"!=": None}, True),
     (None, {"!=": None}, False), (3, {">=": 3, "<": 5}, True), (5, {">=": 3, "<": 5}, False), (None, {"!=": 3}, False), (2, {"!=": 3}, True)],
)  # fmt: skip
def test_a_condition_holds_as_it_does_in_the_engine(value: Any, test: Any, true: bool) -> None:
    assert holds(value, test) is true
