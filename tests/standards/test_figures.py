"""Figures: parts add up, empty stays empty, and a target stands as it is said to stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fahui.insight.figures import charts, rules
from fahui.insight.figures.queries import Board
from fahui.insight.figures.rules import Forecast, Scale
from fahui.standards.models import Measured, Run
from fahui.standards.periods import Period, periods, previous_year

CITY = 511100000000
TOWNS = st.dictionaries(
    st.integers(0, 11).flatmap(lambda county: st.integers(0, 20).map(lambda town: CITY + county * 10**6 + town * 1000)),
    st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=40,
)  # fmt: skip


@given(TOWNS)
def test_counties_and_the_citys_own_add_up_to_the_city(towns: dict[int, tuple[int, int]]):
    whole = rules.total(towns, CITY, CITY + 10**8)
    counties = [rules.total(towns, CITY + n * 10**6, CITY + (n + 1) * 10**6) for n in range(100)]
    known = [c for c in counties if c is not None]
    assert (whole or (0, 0)) == (sum(u for u, _l in known), sum(lower or 0 for _u, lower in known))


@given(TOWNS, st.integers(0, 1000), st.integers(0, 1000))
def test_a_record_elsewhere_changes_nothing_here(towns: dict[int, tuple[int, int]], upper: int, lower: int):
    assert rules.total(towns | {512000000000: (upper, lower)}, CITY, CITY + 10**8) == rules.total(towns, CITY, CITY + 10**8)


def test_nothing_below_the_line_is_none_and_never_zero_or_all():
    assert rules.figure((0, 0), Scale(per=100)) is None and rules.figure(None, Scale()) is None
    assert rules.told(None) == "无"
    assert rules.figure((0, 5), Scale(per=100)) == 0


@pytest.mark.parametrize(
    "numbers, scale, told",
    [((2, 3), Scale(per=100), "66.67"), ((66, 3_160_168), Scale(per=10_000), "0.21"), ((3000, 3), Scale(scale=60), "16.67"),
     ((7, 12), Scale(of_units=True), "7"), ((2400, None), Scale(scale=10), "240"), ((1, 200), Scale(per=100), "0.5"),
     ((9006, 9101), Scale(per=100), "98.96")],
)  # fmt: skip
def test_a_figure_is_told_rounded_half_up(numbers: tuple, scale: Scale, told: str):
    assert rules.told(rules.figure(numbers, scale)) == told


def test_things_that_do_not_add_up_are_looked_up_for_their_own_place():
    places = {511102001000: (3, None), 511102002000: (3, None), -511102000000: (4, None), -CITY: (4, None)}
    assert rules.rolled(places, CITY, CITY, CITY + 10**8) == (4, None)
    assert rules.rolled(places, 511102001000, 511102001000, 511102002000) == (3, None)


GOING_UP = Forecast(Fraction(90), Fraction(85), Fraction(95))


@pytest.mark.parametrize(
    "value, op, target, by, ahead, status",
    [(100, "=", 100, "2026-12-31", None, "met"), (80, ">=", 90, "2026-12-31", GOING_UP, "on_track"),
     (80, ">=", 94, "2026-12-31", GOING_UP, "at_risk"), (80, ">=", 99, "2026-12-31", GOING_UP, "behind"),
     (80, ">=", 90, "2025-12-31", GOING_UP, "behind"), (80, ">=", 90, "2026-12-31", None, "at_risk"),
     (None, ">=", 90, "2026-12-31", None, "no_data"), (80, ">=", None, "2026-12-31", None, "waiting"),
     (13, "=", 12, "2026-12-31", None, "met"), (0, "=", 0, "2026-12-31", None, "met"), (1, "=", 0, "2025-12-31", None, "behind"),
     (80, "=", 94, "2026-12-31", GOING_UP, "at_risk"), (1, "<=", 1, "2025-12-31", None, "met"), (0, ">", 0, "2025-12-31", None, "behind")],
)  # fmt: skip
def test_how_a_target_stands(value: int | None, op: str, target: int | None, by: str, ahead: Forecast | None, status: str):
    told = rules.status(
        None if value is None else Fraction(value), op, None if target is None else Fraction(target), date.fromisoformat(by),
        date(2026, 6, 30), ahead,
    )  # fmt: skip
    assert told == status


def test_a_straight_line_is_foretold_exactly_and_one_slip_does_not_turn_it():
    line = [(date(2026, m, 1), Fraction((date(2026, m, 1) - date(2026, 1, 1)).days)) for m in range(1, 8)]
    end = rules.forecast(line, date(2026, 12, 31))
    assert end is not None and end.value == end.low == end.high == 364
    slipped = rules.forecast([*line[:3], (line[3][0], Fraction(0)), *line[4:]], date(2026, 12, 31))
    assert slipped is not None and slipped.value == 364
    assert rules.forecast(line[:3], date(2026, 12, 31)) is None


def test_growth_is_in_points_or_in_per_cent_and_none_from_nothing():
    assert rules.growth(Fraction(60), Fraction(40), "points") == 20
    assert rules.growth(Fraction(60), Fraction(40), "percent") == 50
    assert rules.growth(Fraction(60), Fraction(0), "percent") is None and rules.growth(None, Fraction(1), "points") is None
    assert rules.gap([Fraction(8), Fraction(10), None]) == 20 and rules.gap([Fraction(8)]) is None


@pytest.mark.parametrize("numbers, shown", [((4, 100), False), ((0, 100), True), ((5, 9), True), ((50, 3), False), (None, True)])
def test_small_cells_are_not_published(numbers: tuple | None, shown: bool):
    assert rules.shown(numbers) is shown


def test_a_year_runs_to_the_day_asked_and_a_goal_is_looked_at_month_by_month():
    years = periods("yearly", date(2026, 6, 30), date(2021, 1, 1))
    assert years[-1] == Period(0, date(2026, 1, 1), date(2026, 6, 30), False) and years[0].first == date(2022, 1, 1)
    goal = periods("once", date(2026, 6, 15), date(2021, 1, 1))
    assert goal[-1].last == date(2026, 6, 15) and goal[-2].last == date(2026, 5, 31) and len(goal) == 13
    assert periods("once", date(2021, 2, 15), date(2021, 1, 1))[0].last == date(2021, 1, 31)
    assert periods("quarterly", date(2026, 6, 30), date(2021, 1, 1))[-1].whole
    assert previous_year(date(2024, 2, 29)) == date(2023, 2, 28)


def _board(use: dict, cells: dict, targets: Sequence[dict] = ({"op": "<", "value": "0", "by": "2026-12-31"},), more: Sequence[dict] = ()) -> Board:
    """A board of one indicator whose numbers are given by period and place."""
    told = {
        "id": "X", "clause": "一", "quote": "原文", "name": {"zh": "目标", "en": "Target"}, "unit": "%", "use": use,
        "targets": list(targets), "period": "yearly", "scope": ["county"],
    }  # fmt: skip
    spans = [{"number": -1000, "first": "2025-01-01", "last": "2025-06-30", "whole": True}, *more,
             {"number": 0, "first": "2026-01-01", "last": "2026-06-30", "whole": False}]  # fmt: skip
    row = Measured(indicator="X", definition=told, cells=cells, periods=spans)
    return Board(Run(as_of=date(2026, 6, 30)), [row])


def test_the_gap_between_counties_grows_or_shrinks_without_the_citys_own(db: None):
    use = {"measure": "money_to_population", "given": {"register": "budget_line"}, "spread": "counties", "against": "previous_year", "growth": "points"}
    county, other = CITY + 2 * 10**6, CITY + 11 * 10**6
    then = {str(county): [1000, 10], str(other): [500, 10], str(CITY): [9999, None]}
    now = {str(county): [1000, 10], str(other): [800, 10], str(CITY): [1, None]}
    result = _board(use, {"-1000": then, "0": now}).result("X", CITY)
    assert result.value == 20 - 50 and result.status == "met"


def test_growth_holds_the_running_year_against_the_same_days_of_the_last(db: None):
    use = {"measure": "cases", "given": {"services": "legal_aid"}, "against": "previous_year", "growth": "percent"}
    result = _board(use, {"-1000": {str(CITY + 2 * 10**6): [40, None]}, "0": {str(CITY + 2 * 10**6): [50, None]}}).result("X", CITY)
    assert result.value == 25 and result.numbers == (50, None) and result.growth == (50, 40)


@pytest.mark.parametrize(
    ("last_year", "this_year", "status"), [([12, None], [11, None], "at_risk"), ([11, None], [11, None], "behind"), ([11, None], [12, None], "met")]
)
def test_a_year_that_still_runs_is_not_behind_when_the_one_before_reached_it(last_year: list, this_year: list, status: str, db: None):
    use = {"measure": "activities", "given": {"kinds": "campaign"}}
    told = _board(use, {"-1": {str(CITY): last_year}, "0": {str(CITY): this_year}}, [{"op": ">=", "value": "12", "by": "2025-12-31"}],
                  [{"number": -1, "first": "2025-01-01", "last": "2025-12-31", "whole": True}])  # fmt: skip
    assert told.result("X", CITY).status == status


def test_a_period_that_still_runs_is_drawn_apart_from_those_that_are_over():
    points = [(date(2024, 12, 31), Fraction(12)), (date(2025, 12, 31), Fraction(12)), (date(2026, 11, 23), Fraction(3))]
    drawn = charts.trend(points, None, date(2025, 12, 31), None, running=True)
    assert drawn is not None and [mark.running for mark in drawn.marks] == [False, False, True]
    assert len(drawn.line.split()) == 2 and drawn.running.split()[0] == drawn.line.split()[-1]
    whole = charts.trend(points, None, date(2025, 12, 31), None)
    assert whole is not None and len(whole.line.split()) == 3 and not whole.running


@pytest.mark.parametrize(("values", "lines"), [
    ([50, 74], ["50", "55", "60", "65", "70", "75"]), ([52, 100], ["50", "60", "70", "80", "90", "100"]), ([0, 3], ["0", "1", "2", "3"]),
    ([Fraction(1, 100), Fraction(4, 100)], ["0", "0.01", "0.02", "0.03", "0.04"]), ([7, 7], None), ([3, 3_159_997], None),
])  # fmt: skip
def test_the_lines_of_a_trend_stand_at_even_numbers(values: list[Fraction], lines: list[str] | None):
    points = [(date(2026, 1, 1 + n), Fraction(value)) for n, value in enumerate(values)]
    drawn = charts.trend(points, None, date(2026, 1, 2), None)
    assert drawn is not None
    if lines:
        assert [tick.label for tick in drawn.ticks] == lines
    assert 2 <= len(drawn.ticks) <= 7 and all(charts.TOP <= tick.y <= charts.HEIGHT - charts.BOTTOM for tick in drawn.ticks)
    assert all(drawn.ticks[0].y >= mark.y for mark in drawn.marks)
