"""A text is passed over only if it lacks what a pattern cannot do without: no alarm is lost by it."""

from __future__ import annotations

import re
from string import ascii_letters

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fahui.knowledge.answers.danger import _listened_for, named_in
from fahui.knowledge.answers.hearing import marks_of, needs_of
from fahui.knowledge.answers.rules import _MASKS, _NEEDED

LISTENED = [(pattern, needs) for _kind, pattern, needs in _listened_for()]
LATIN = set(ascii_letters + "İıſK")
SEARCHED = [*LISTENED, *zip((pattern for pattern, _instead in _MASKS), _NEEDED, strict=True)]


@pytest.mark.parametrize("number", range(len(SEARCHED)))
def test_whatever_a_pattern_finds_has_what_it_needs(number: int):
    pattern, needs = SEARCHED[number]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern))
    def holds(text: str) -> None:
        assert pattern.search(text) and needs.may_hold(marks_of(text))

    holds()


@pytest.mark.parametrize(("pattern", "needs"), [
    ("打(?:我|你)", ({"打我", "打你"}, {"打"}, {"我", "你"})), ("打?我", ({"我"},)), ("打(?:我|.)", ({"打"},)), ("打.我", ({"打"}, {"我"})),
    ("[打杀]{1,3}我*", ({"打", "杀"},)), ("打+我", ({"打我"}, {"打"}, {"我"})), ("(?:不打)+我", ({"不打"}, {"不"}, {"打"}, {"我"})), ("[^打]我", ({"我"},)),
    ("(?<!不)打(?!针)", ({"打"},)), (r"\d+岁", ({r"\d"}, {"岁"})), (r"[\d-]岁", ({"岁"}, {r"\d", "-"})), (r"\w岁", ({"岁"},)),
    ("(?:打我|杀他)吗", ({"打我", "杀他"}, {"吗"})), (".*", ()), ("(?i)kill他", (LATIN, {"他"})), ("(?i:kill)他", ({"他"},)),
])  # fmt: skip
def test_what_a_pattern_needs(pattern: str, needs: tuple[set[str], ...]):
    found = needs_of(re.compile(pattern))
    assert set(found.always) == set(map(frozenset, needs)) and not found.ways


def test_of_a_choice_one_way_is_needed_whole():
    needs = needs_of(re.compile("打[^。]*我|杀你|救命"))
    assert [set(way) for way in needs.ways] == [{frozenset("打"), frozenset("我")}, {frozenset("杀"), frozenset("你"), frozenset({"杀你"})},
                                               {frozenset("救"), frozenset("命"), frozenset({"救命"})}]  # fmt: skip
    assert needs.may_hold(marks_of("打了我")) and needs.may_hold(marks_of("快救命")) and needs.may_hold(marks_of("要杀你"))
    assert not any(needs.may_hold(marks_of(text)) for text in ("打了他", "我杀了他，不是你", "命好，救了", ""))
    assert needs_of(re.compile("打|")).may_hold(marks_of("")), "one way needs nothing"


@pytest.mark.parametrize("text", ["I want to KILL MYſELF", "ſuicide", "suıcide", "他要杀我"])
def test_capitals_and_odd_letters_are_heard_as_before(text: str):
    heard = named_in(text)
    plainly = next((kind.id for kind, pattern, _needs in _listened_for() if pattern.search(text)), None)
    assert (heard.danger.id if heard else None) == plainly


def test_most_texts_need_not_be_searched():
    text = "去年三月到滨江二期工地做木工，说好每天三百二十元，做到六月，工钱一直没有结清。"
    assert sum(needs.may_hold(marks_of(text)) for _pattern, needs in LISTENED) < len(LISTENED) / 10
