"""Small numbers in published tables: nobody works one out, not even who knows the rule by which they are hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fahui.insight.opendata.rules import Hidden, Numbers, Told, hidden, kept, overlapping

Parts = dict[int, Numbers]
_AMOUNT = st.integers(0, 14)
_COUNTS = st.lists(_AMOUNT.map(lambda n: (n,)), min_size=1, max_size=6)
_SHARES = st.lists(st.tuples(_AMOUNT, _AMOUNT).map(lambda two: (min(two), max(two))), min_size=1, max_size=5)
TABLES = st.one_of(_COUNTS, _SHARES).map(lambda lines: dict(enumerate(lines)))


def whole_of(parts: Parts) -> Numbers:
    return tuple(map(sum, zip(*parts.values(), strict=True)))


def seen(parts: Parts) -> tuple[Hidden, Numbers | None, Parts]:
    """What a reader sees of a table: what is hidden, the whole, the parts."""
    told = hidden(whole_of(parts), parts)
    return told, None if told.whole else whole_of(parts), {k: v for k, v in parts.items() if k not in told.parts}


def other_tables(parts: Parts, told: Hidden) -> Iterator[Parts]:
    """Tables with other numbers in the hidden lines: lines exchanged, something moved from one to others; some fit what is seen."""
    codes, width = sorted(told.parts), len(whole_of(parts))
    for order in permutations(codes):
        yield parts | {a: parts[b] for a, b in zip(codes, order, strict=True)}
    equal: dict[Numbers, list[int]] = {}
    for code in codes:
        equal.setdefault(parts[code], []).append(code)
    for receivers in [[code] for code in codes] + list(equal.values()):
        for giver in codes:
            if giver not in receivers:
                for step in product(range(-6, 7), repeat=width):
                    taken = {giver: tuple(n - len(receivers) * s for n, s in zip(parts[giver], step, strict=True))}
                    yield parts | taken | {c: tuple(n + s for n, s in zip(parts[c], step, strict=True)) for c in receivers}
    if told.whole:
        for code in codes:
            for step in product(range(-4, 5), repeat=width):
                yield parts | {code: tuple(n + s for n, s in zip(parts[code], step, strict=True))}


def possible(parts: Parts) -> bool:
    return all(min(line) >= 0 and (len(line) < 2 or line[0] <= line[1]) for line in parts.values())


@given(TABLES)
@settings(max_examples=250, deadline=None)
def test_no_hidden_number_can_be_worked_out_from_what_is_shown(parts: Parts):
    """Whoever knows the rule still finds, for each hidden number, another that would have shown the same. A whole of zero says that
    its parts are zero: that is no secret, and no number from one to four."""
    look, whole = seen(parts), whole_of(parts)
    told = look[0]
    may_be = {(c, n): {parts[c][n]} for c in told.parts for n in range(len(whole)) if told.whole or whole[n]}
    for other in other_tables(parts, told):
        if possible(other) and seen(other) == look:
            for code, number in may_be:
                may_be[code, number].add(other[code][number])
    assert [cell for cell, found in may_be.items() if len(found) < 2] == []


@given(TABLES)
def test_nothing_from_one_to_four_is_shown(parts: Parts):
    _told, whole, shown = seen(parts)
    assert not any(0 < n < 5 for line in [*shown.values(), whole or ()] for n in line)


@given(TABLES)
def test_where_nothing_is_small_everything_is_shown(parts: Parts):
    if not any(0 < n < 5 for line in [*parts.values(), whole_of(parts)] for n in line):
        assert seen(parts)[0] == Hidden()


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(3,), (20,), (7,), (0,)], Hidden(False, frozenset({0, 2}))),  # the small one, and the next smallest: not the zero
        ([(3,), (7,), (7,), (20,)], Hidden(False, frozenset({0, 1, 2}))),  # which of two equal ones went along would tell
        ([(3,), (2,), (30,), (9,)], Hidden(False, frozenset({0, 1, 3}))),  # also where two are small: both might be one
        ([(1,), (1,), (1,), (1,), (1,)], Hidden(False, frozenset(range(5)))),  # none is large enough: all parts go
        ([(2,), (1,), (0,)], Hidden(True, frozenset(range(3)))),  # the whole is small
        ([(6, 40), (8, 3 + 9), (2, 60)], Hidden(False, frozenset({0, 2}))),  # what is small above the line takes the lower number along
        ([(0, 12), (5, 9)], Hidden()),
        ([(), (8,), (3,)], Hidden(False, frozenset({1, 2}))),  # nothing was counted in the first
    ],
)  # fmt: skip
def test_examples_worked_out_by_hand(parts: list[Numbers], expected: Hidden):
    whole = tuple(map(sum, zip(*[line for line in parts if line], strict=True)))
    assert hidden(whole, dict(enumerate(parts))) == expected


@st.composite
def _two_editions(draw: st.DrawFn) -> tuple[Parts, Parts]:
    """A table, and the same table later: some lines unchanged, some corrected."""
    first = draw(st.lists(_AMOUNT.map(lambda n: (n,)), min_size=2, max_size=6))
    moved = draw(st.lists(st.one_of(st.none(), _AMOUNT), min_size=len(first), max_size=len(first)))
    second = [line if change is None else (change,) for line, change in zip(first, moved, strict=True)]
    return dict(enumerate(first)), dict(enumerate(second))


def _edition(parts: Parts, *before: Told) -> tuple[Told, Numbers | None, Parts]:
    """What an edition tells after others: what stays in memory of it, its whole, its lines."""
    held = kept(hidden(whole_of(parts), parts), before, frozenset(parts))
    shown = {code: line for code, line in parts.items() if code not in held.parts}
    return Told(not held.whole, held.parts, frozenset(shown)), None if held.whole else whole_of(parts), shown


@given(_two_editions())
@settings(max_examples=400, deadline=None)
def test_two_editions_of_one_day_cannot_be_subtracted(tables: tuple[Parts, Parts]):
    """Whoever takes each line that only one edition tells for unchanged in the other still does not work a small number out."""
    first, second = tables
    told, whole, shown = _edition(first)
    _then, later_whole, later = _edition(second, told)
    for parts, total, seen_here, elsewhere in ((first, whole, shown, later), (second, later_whole, later, shown)):
        if total is None:
            continue
        unknown = [code for code in parts if code not in seen_here and code not in elsewhere]
        hidden_here = [code for code in parts if code not in seen_here]
        if len(unknown) == 1:
            assert not 0 < parts[unknown[0]][0] < 5
        if hidden_here and not unknown:  # every hidden line is told by the other edition: it must not be a small one
            assert not any(0 < parts[code][0] < 5 for code in hidden_here if elsewhere[code] == parts[code])


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (Hidden(), Told(True, frozenset({1, 2}), frozenset({3})), Hidden(False, frozenset({1, 2}))),  # what grew stays back: with it 2 gave the small one away
        (Hidden(False, frozenset({1, 2})), Told(True, frozenset(), frozenset({1, 2, 3})), Hidden(True, frozenset({1, 2}))),  # 2 of before would tell 1
        (Hidden(), Told(False, frozenset({1, 2, 3}), frozenset()), Hidden()),  # nothing was told then
        (Hidden(), Told(True, frozenset({1, 9}), frozenset({2, 3})), Hidden(True, frozenset({1}))),  # its companion is gone
        (Hidden(False, frozenset({1, 2})), Told(True, frozenset({1, 2}), frozenset({3})), Hidden(False, frozenset({1, 2}))),
    ],
)  # fmt: skip
def test_what_earlier_editions_told_by_hand(now: Hidden, then: Told, expected: Hidden):
    assert kept(now, [then], frozenset({1, 2, 3})) == expected


def test_spans_that_share_days_may_be_subtracted_for_a_year():
    spring, year = (date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 1, 1), date(2026, 11, 1))
    assert overlapping(spring, year) and overlapping(year, year)
    assert not overlapping(spring, (date(2026, 4, 1), date(2026, 6, 30)))
    since = date(2021, 1, 1)
    assert overlapping((since, date(2026, 1, 1)), (since, date(2026, 12, 1)))
    assert not overlapping((since, date(2024, 12, 1)), (since, date(2026, 12, 1)))


def test_a_figure_that_follows_from_single_parts_goes_with_a_small_one():
    assert hidden((40,), {1: (37,), 2: (3,)}, tied=True) == Hidden(True, frozenset({1, 2}))
    assert hidden((40,), {1: (30,), 2: (10,)}, tied=True) == Hidden()
