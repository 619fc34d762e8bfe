"""A text is passed over only if it lacks what a pattern cannot do without: no alarm is lost by it."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fahui.knowledge.answers.danger import _listened_for, named_in
from fahui.knowledge.answers.hearing import Needs, needs_of

LISTENED = _listened_for()


def _may_hold(needs: Needs, text: str) -> bool:
    return not any(one.isdisjoint(text) for one in needs)


@pytest.mark.parametrize("number", range(len(LISTENED)))
def test_whatever_a_pattern_finds_has_what_it_needs(number: int):
    _kind, pattern, needs = LISTENED[number]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern))
    def holds(text: str) -> None:
        assert pattern.search(text) and _may_hold(needs, text)

    holds()


@pytest.mark.parametrize(("pattern", "needs"), [
    ("打(?:我|你)", ({"打"}, {"我", "你"})), ("打?我", ({"我"},)), ("打(?:我|.)", ({"打"},)), ("[打杀]{1,3}我*", ({"打", "杀"},)),
    ("[^打]我", ({"我"},)), ("(?<!不)打(?!针)", ({"打"},)), (r"\d+岁", ({"岁"},)), ("(?:打我|杀他)", ({"打", "杀"},)), (".*", ()), ("打|", ()),
])  # fmt: skip
def test_what_a_pattern_needs(pattern: str, needs: tuple[set[str], ...]):
    assert needs_of(re.compile(pattern)) == tuple(map(frozenset, needs))


@pytest.mark.parametrize("text", ["I want to KILL MYſELF", "ſuicide", "suıcide", "他要杀我"])
def test_capitals_and_odd_letters_are_heard_as_before(text: str):
    heard = named_in(text)
    plainly = next((kind.id for kind, pattern, _needs in LISTENED if pattern.search(text)), None)
    assert (heard.danger.id if heard else None) == plainly


def test_most_texts_need_not_be_searched():
    text = "去年三月到滨江二期工地做木工，说好每天三百二十元，做到六月，工钱一直没有结清。"
    assert sum(_may_hold(needs, text) for _kind, _pattern, needs in LISTENED) < len(LISTENED) / 3
