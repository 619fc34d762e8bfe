"""Region codes as numbers: levels, ranges and parents, on real codes and on any code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fahui.foundation.regions import rules


@st.composite
def codes(draw):
    """Any code of any level, tiers filled with zeros from the right."""
    level = draw(st.integers(1, 5))
    parts = [
        draw(st.integers(11, 82)),
        draw(st.integers(0, 99)) if level > 1 else 0,
        draw(st.integers(0, 99)) if level > 2 else 0,
        draw(st.integers(0, 999)) if level > 3 else 0,
        draw(st.integers(0, 999)) if level > 4 else 0,
    ]
    return int("{:02d}{:02d}{:02d}{:03d}{:03d}".format(*parts))


@pytest.mark.parametrize(
    ("code", "level"),
    [
        (510000000000, 1),
        (511100000000, 2),
        (511133000000, 3),
        (511133100000, 4),
        (511133100001, 5),
        (429004000000, 3),  # 仙桃市, directly under the province
        (441900003000, 4),  # 东城街道 of 东莞市, a city without counties
        (441900003001, 5),
        (510100000000, 2),
        (511100010000, 4),
    ],
)
def test_level_is_read_from_the_trailing_zeros(code, level):
    assert rules.level_of(code) == level


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        (511100000000, 511100000000, 511200000000),
        (120000000000, 120000000000, 130000000000),
        (511133000000, 511133000000, 511134000000),
        (429004000000, 429004000000, 429005000000),
        (441900003000, 441900003000, 441900004000),
        (511133100001, 511133100001, 511133100002),
    ],
)
def test_a_jurisdiction_is_a_range(code, low, high):
    assert rules.jurisdiction(code) == (low, high)


def test_parents_skip_a_tier_that_does_not_exist():
    assert rules.parent(441900003000) == 441900000000
    assert rules.parent(511133100001) == 511133100000
    assert rules.parent(429004000000) == 429000000000
    assert rules.parent(510000000000) is None
    assert rules.ancestors(511133100001) == [511133100000, 511133000000, 511100000000, 510000000000]


def test_a_neighbour_is_outside():
    assert rules.contains(511100000000, 511133100001)
    assert not rules.contains(511100000000, 511200000000)
    assert not rules.contains(511133000000, 511100000000)


@pytest.mark.parametrize(
    ("text", "code"),
    [("5111", 511100000000), (" 511133 ", 511133000000), ("12", 120000000000), ("511133100001", 511133100001)],
)
def test_short_codes_are_filled(text, code):
    assert rules.parse_code(text) == code


@pytest.mark.parametrize("text", ["", "乐山", "51113", "5111-33", "051111111111", "5111331000011", "５１１１", "²²"])
def test_what_is_no_code_is_refused_with_the_text_in_the_message(text):
    with pytest.raises(ValueError, match="区划代码"):
        rules.parse_code(text)


@pytest.mark.parametrize("code", [0, -511100000000, 5111, 10**12])
def test_numbers_that_are_no_code_are_refused(code):
    with pytest.raises(ValueError, match="区划代码"):
        rules.level_of(code)


@given(codes())
def test_every_ancestor_contains_the_code_and_is_of_a_higher_level(code):
    levels = [rules.level_of(a) for a in rules.ancestors(code)]
    assert all(rules.contains(a, code) for a in rules.ancestors(code))
    assert levels == sorted(levels, reverse=True)
    assert all(level < rules.level_of(code) for level in levels)
    assert rules.level_of(code) == 1 or levels[-1] == 1


@given(codes(), codes())
def test_two_jurisdictions_are_nested_or_apart(one, two):
    low_one, high_one = rules.jurisdiction(one)
    low_two, high_two = rules.jurisdiction(two)
    apart = high_one <= low_two or high_two <= low_one
    assert apart or rules.contains(one, two) or rules.contains(two, one)


@given(codes(), codes())
def test_containing_is_being_the_same_or_an_ancestor(one, two):
    assert rules.contains(one, two) == (one == two or one in rules.ancestors(two))


@given(codes())
def test_a_code_reads_back(code):
    assert rules.parse_code(str(code)) == code
