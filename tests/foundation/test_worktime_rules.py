"""Legal time: written journeys checked by hand against the 2026 calendar, then properties that hold for any period."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fahui.foundation.worktime.official import official_days
from fahui.foundation.worktime.rules import (
    BUSINESS_ZONE,
    Calendar,
    Duration,
    Kind,
    OutsideCalendar,
    Unit,
    before,
    due,
    due_with_suspensions,
    remaining,
)

OFFICIAL = Calendar({row.day: row.kind for row in official_days(2004, 2026)}, (date(2004, 1, 1), date(2026, 12, 31)))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=BUSINESS_ZONE)


def end_of(text):
    return at(f"{text}T23:59:59")


def due_of(start, duration, **how):
    return due(at(start), Duration.parse(duration), OFFICIAL, **how)


# Written durations


@pytest.mark.parametrize(
    "text", ["7 natural days", "1 natural day", "15 working days", "24 hours", "5 working hours", "6 months", "1 year"]
)
def test_a_duration_is_written_one_way(text):
    assert str(Duration.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "7", "7 days", "seven natural days", "0 hours", "-3 hours", "7 natural weeks", "7natural days", "٧ hours"],
)
def test_an_unclear_duration_is_refused(text):
    with pytest.raises(ValueError, match="not a duration"):
        Duration.parse(text)


@given(st.integers(1, 9999), st.sampled_from(list(Unit)))
def test_every_duration_reads_back(count, unit):
    assert Duration.parse(str(Duration(count, unit))) == Duration(count, unit)


def test_a_duration_of_nothing_cannot_be_made():
    with pytest.raises(ValueError, match="1 to 9999"):
        Duration(0, Unit.HOUR)


# Journeys


@pytest.mark.parametrize(
    ("start", "duration", "last"),
    [
        # Saturday 13 June + 7 = Saturday 20 June, inside the Dragon Boat holiday (19 to 21): Monday 22 June.
        ("2026-06-13T10:00", "7 natural days", "2026-06-22"),
        # 12 June + 7 = Friday 19 June, the festival itself: Monday 22 June as well.
        ("2026-06-12T00:00", "7 natural days", "2026-06-22"),
        ("2026-06-11T23:59", "7 natural days", "2026-06-18"),
        # Before Spring Festival (15 to 23 February): 13 February + 3 = 16 February, so Tuesday 24 February.
        ("2026-02-13T09:00", "3 natural days", "2026-02-24"),
        # Saturday 14 February is a make-up workday: a period may end on it.
        ("2026-02-11T09:00", "3 natural days", "2026-02-14"),
        ("2026-02-13T09:00", "1 working day", "2026-02-14"),
        # Friday 13 February, five working days: Sat 14, Tue 24, Wed 25, Thu 26, Fri 27.
        ("2026-02-13T09:00", "5 working days", "2026-02-27"),
        # National Day: 30 September + 1 = 8 October; Saturday 10 October is worked.
        ("2026-09-30T17:30", "1 working day", "2026-10-08"),
        ("2026-09-30T17:30", "3 working days", "2026-10-10"),
        # An ordinary Saturday (18 April) and Sunday are rest days.
        ("2026-04-15T09:00", "3 natural days", "2026-04-20"),
        ("2026-04-16T09:00", "3 natural days", "2026-04-20"),
        ("2026-04-17T09:00", "1 working day", "2026-04-20"),
        # Months end on the corresponding day, or on the last day of a shorter month (Saturday 28 February is worked).
        ("2026-01-31T08:00", "1 month", "2026-02-28"),
        ("2026-03-10T08:00", "6 months", "2026-09-10"),
        # One year from 20 June 2025 is Saturday 20 June 2026, a holiday.
        ("2025-06-20T08:00", "1 year", "2026-06-22"),
        ("2024-02-29T08:00", "1 year", "2025-02-28"),
    ],
)
def test_periods_end_on_the_day_a_person_would_count(start, duration, last):
    assert due_of(start, duration) == end_of(last)


def test_a_period_need_not_roll_and_custody_never_does():
    assert due_of("2026-06-13T10:00", "7 natural days", roll=False) == end_of("2026-06-20")
    assert due_of("2026-06-13T10:00", "7 natural days", roll=True, extends_custody=True) == end_of("2026-06-20")


def test_hours_run_from_the_minute_and_through_holidays():
    assert due_of("2026-06-19T23:10", "24 hours") == at("2026-06-20T23:10")


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-06-18T12:00", "5 working hours", "2026-06-18T17:00"),
        ("2026-06-18T16:00", "2 working hours", "2026-06-22T10:00"),
        ("2026-06-18T20:00", "1 working hour", "2026-06-22T10:00"),
        ("2026-06-20T10:00", "8 working hours", "2026-06-22T17:00"),
        ("2026-06-22T07:00", "9 working hours", "2026-06-23T10:00"),
    ],
)
def test_working_hours_run_in_office_hours(start, duration, end):
    assert due_of(start, duration) == at(end)


def test_the_day_is_the_day_in_china_whatever_zone_the_moment_came_in():
    utc_evening = datetime.fromisoformat("2026-03-10T16:30:00+00:00")  # 00:30 on the 11th in Shanghai
    assert due(utc_evening, Duration.parse("1 natural day"), OFFICIAL) == end_of("2026-03-12")


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        due(datetime(2026, 3, 10, 9), Duration.parse("1 natural day"), OFFICIAL)


@pytest.mark.parametrize(
    ("anchor", "duration", "last"),
    [
        ("2026-04-20T09:00", "15 natural days", "2026-04-05"),
        ("2026-06-23T09:00", "3 working days", "2026-06-17"),
        ("2026-03-31T09:00", "1 month", "2026-02-28"),
    ],
)
def test_counting_back_from_a_hearing_excludes_its_day_and_never_rolls(anchor, duration, last):
    assert before(at(anchor), Duration.parse(duration), OFFICIAL) == end_of(last)


def test_counting_back_hours_and_what_cannot_be_counted_back():
    assert before(at("2026-04-20T09:00"), Duration.parse("48 hours")) == at("2026-04-18T09:00")
    with pytest.raises(ValueError, match="calendar"):
        before(at("2026-04-20T09:00"), Duration.parse("3 working days"))
    with pytest.raises(ValueError, match="working hours"):
        before(at("2026-04-20T09:00"), Duration.parse("3 working hours"), OFFICIAL)


# Outside the announced calendar


@pytest.mark.parametrize("duration", ["7 natural days", "3 working days", "40 working hours", "1 month"])
def test_a_period_that_leaves_the_announced_calendar_is_refused(duration):
    with pytest.raises(OutsideCalendar) as refusal:
        due_of("2026-12-30T10:00", duration)
    assert refusal.value.year == 2027
    assert "2027年" in refusal.value.message


def test_a_period_that_asks_nothing_of_the_calendar_is_not_refused():
    assert due_of("2026-12-30T10:00", "7 natural days", roll=False) == end_of("2027-01-06")
    assert due_of("2026-12-31T10:00", "24 hours") == at("2027-01-01T10:00")


def test_official_years_that_are_not_announced_are_refused():
    with pytest.raises(OutsideCalendar):
        official_days(2026, 2027)
    with pytest.raises(ValueError, match="backwards"):
        official_days(2026, 2025)


def test_official_days_name_the_festival_and_the_notice():
    rows = {row.day: row for row in official_days(2018, 2026)}
    festival = rows[date(2026, 6, 19)]
    assert (festival.kind, festival.name) == (Kind.HOLIDAY, "端午")
    assert festival.source == "国务院办公厅关于2026年部分节假日安排的通知"
    assert rows[date(2026, 2, 14)].kind is Kind.WORKDAY
    assert rows[date(2018, 12, 31)].source == "国务院办公厅关于2019年部分节假日安排的通知"
    assert rows[date(2020, 2, 1)].source == "国务院办公厅关于延长2020年春节假期的通知"


def test_official_days_list_only_days_that_differ_or_belong_to_a_festival():
    for row in official_days(2004, 2026):
        assert row.kind is Kind.HOLIDAY or row.day.weekday() >= 5


# Suspensions


def suspended(start, duration, *stops, **how):
    spans = [(at(since), until and at(until)) for since, until in stops]
    return due_with_suspensions(at(start), Duration.parse(duration), OFFICIAL, spans, **how)


def test_the_day_of_the_stop_counts_and_the_day_of_the_resumption_does_not():
    # 7 days from 1 April. Days 2 and 3 count, 4 to 10 are left out, 11 to 15 are the other five.
    assert suspended("2026-04-01T09:00", "7 natural days", ("2026-04-03T10:00", "2026-04-10T16:00")) == end_of(
        "2026-04-15"
    )


def test_a_stop_resumed_on_its_own_day_costs_nothing():
    assert suspended("2026-04-01T09:00", "7 natural days", ("2026-04-03T10:00", "2026-04-03T16:00")) == end_of(
        "2026-04-08"
    )


def test_stops_that_overlap_are_one():
    twice = suspended(
        "2026-04-01T09:00",
        "7 natural days",
        ("2026-04-08T10:00", "2026-04-10T16:00"),
        ("2026-04-03T10:00", "2026-04-09T16:00"),
    )
    assert twice == end_of("2026-04-15")


def test_working_days_leave_out_the_stop():
    # Wed 22 April + 5: 23, 24 | stopped 24 to 29 | 30 April, 6, 7 May (1 to 5 May are Labour Day).
    assert suspended("2026-04-22T09:00", "5 working days", ("2026-04-24T10:00", "2026-04-29T10:00")) == end_of(
        "2026-05-07"
    )


def test_a_month_with_a_stop_is_that_many_days():
    # 10 March to 10 April is 31 days; 11 to 20 March (10 days) are left out: 20 April.
    assert suspended("2026-03-10T09:00", "1 month", ("2026-03-10T10:00", "2026-03-20T10:00")) == end_of("2026-04-20")


def test_hours_leave_out_exactly_the_stopped_time():
    assert suspended("2026-04-01T09:00", "24 hours", ("2026-04-01T10:15", "2026-04-01T12:45")) == at("2026-04-02T11:30")
    assert suspended("2026-04-01T15:00", "5 working hours", ("2026-04-01T16:00", "2026-04-02T10:00")) == at(
        "2026-04-02T14:00"
    )


@pytest.mark.parametrize("duration", ["7 natural days", "5 working days", "24 hours", "9 working hours", "1 month"])
def test_while_the_clock_stands_still_there_is_no_due_moment(duration):
    assert suspended("2026-04-01T09:00", duration, ("2026-04-01T15:00", None)) is None


def test_a_stop_after_the_end_changes_nothing():
    assert suspended("2026-04-01T09:00", "24 hours", ("2026-04-05T15:00", None)) == at("2026-04-02T09:00")
    assert suspended("2026-04-01T09:00", "3 working days", ("2026-04-15T15:00", None)) == end_of("2026-04-07")


def test_a_period_may_end_on_the_day_it_is_stopped():
    assert suspended("2026-04-01T09:00", "2 natural days", ("2026-04-03T15:00", None)) == end_of("2026-04-03")
    assert suspended("2026-04-01T09:00", "2 working days", ("2026-04-03T15:00", None)) == end_of("2026-04-03")
    assert suspended("2026-06-13T10:00", "7 natural days", ("2026-06-22T15:00", None)) == end_of("2026-06-22")


def test_a_last_day_does_not_roll_into_a_stop():
    # 7 days from 13 June end on Saturday 20 June; stopped that day until Tuesday 23: the next free day is the 24th.
    stop = ("2026-06-20T10:00", "2026-06-23T10:00")
    assert suspended("2026-06-13T10:00", "7 natural days", stop) == end_of("2026-06-24")
    assert suspended("2026-06-13T10:00", "7 natural days", (stop[0], None)) is None


def test_a_stop_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it"):
        suspended("2026-04-01T09:00", "7 natural days", ("2026-04-03T10:00", "2026-04-02T10:00"))


# What is left


def test_what_is_left_before_and_after_the_due_moment():
    due_at = end_of("2026-06-22")
    left = remaining(at("2026-06-18T12:00"), due_at, OFFICIAL)
    assert (left.natural_days, left.working_days, left.overdue) == (4, 1, False)
    late = remaining(at("2026-06-24T12:00"), due_at, OFFICIAL)
    assert (late.natural_days, late.working_days, late.overdue) == (-2, -2, True)
    assert remaining(at("2026-06-18T12:00"), due_at).working_days is None


# Properties

FIRST, LAST = date(2020, 1, 1), date(2029, 12, 31)


@st.composite
def calendars(draw):
    """Any announcements over ten years, never so many that no working day is left."""
    days = draw(st.dictionaries(st.dates(date(2022, 1, 1), date(2024, 12, 31)), st.sampled_from(Kind), max_size=60))
    return Calendar(days, (FIRST, LAST))


moments = st.datetimes(datetime(2022, 1, 1), datetime(2024, 12, 31), timezones=st.just(BUSINESS_ZONE))
day_durations = st.builds(Duration, st.integers(1, 90), st.sampled_from([Unit.NATURAL_DAY, Unit.WORKING_DAY]))
durations = st.one_of(
    day_durations,
    st.builds(Duration, st.integers(1, 24), st.just(Unit.MONTH)),
    st.builds(Duration, st.integers(1, 2), st.just(Unit.YEAR)),
    st.builds(Duration, st.integers(1, 300), st.sampled_from([Unit.HOUR, Unit.WORKING_HOUR])),
)
stops = st.lists(
    st.tuples(moments, st.timedeltas(timedelta(0), timedelta(days=60))).map(lambda s: (s[0], s[0] + s[1])), max_size=4
)


@given(moments, moments, durations, calendars())
def test_a_later_event_is_never_due_earlier(one, two, duration, calendar):
    early, late = sorted((one, two))
    assert due(early, duration, calendar) <= due(late, duration, calendar)


@given(moments, st.integers(1, 200), st.sampled_from(Unit), calendars())
def test_a_longer_period_never_ends_earlier(start, count, unit, calendar):
    count = min(count, 4) if unit is Unit.YEAR else min(count, 50)
    assert due(start, Duration(count, unit), calendar) <= due(start, Duration(count + 1, unit), calendar)


@given(moments, durations, calendars())
def test_days_exclude_the_first_day_and_end_with_the_last(start, duration, calendar):
    end = due(start, duration, calendar)
    assert end > start
    if duration.unit not in (Unit.HOUR, Unit.WORKING_HOUR):
        assert end.date() > start.date()
        assert end.time() == time(23, 59, 59)


@given(moments, day_durations, calendars())
def test_a_rolled_period_ends_on_a_working_day_and_skips_only_rest_days(start, duration, calendar):
    bare, rolled = (due(start, duration, calendar, roll=roll).date() for roll in (False, True))
    assert calendar.is_working(rolled)
    assert calendar.working_days(bare, rolled) == (0 if rolled == bare else 1)


@given(moments, st.integers(1, 90), calendars())
def test_n_working_days_hold_n_working_days(start, count, calendar):
    end = due(start, Duration(count, Unit.WORKING_DAY), calendar)
    assert calendar.working_days(start.date(), end.date()) == count
    assert calendar.is_working(end.date())


@given(moments, st.integers(1, 90), calendars())
def test_n_natural_days_are_n_days(start, count, calendar):
    end = due(start, Duration(count, Unit.NATURAL_DAY), calendar, roll=False)
    assert (end.date() - start.date()).days == count


@given(moments, durations, calendars(), stops)
def test_a_stop_never_shortens_a_period(start, duration, calendar, spans):
    assert due_with_suspensions(start, duration, calendar, spans) >= due(start, duration, calendar)


@given(moments, durations, calendars(), stops)
def test_the_order_of_stops_does_not_matter(start, duration, calendar, spans):
    forward = due_with_suspensions(start, duration, calendar, spans)
    assert forward == due_with_suspensions(start, duration, calendar, spans[::-1])
    assert forward == due_with_suspensions(start, duration, calendar, [*spans, *spans])


@given(moments, st.integers(1, 90), calendars(), stops)
def test_days_left_out_by_stops_are_not_counted(start, count, calendar, spans):
    end = due_with_suspensions(start, Duration(count, Unit.NATURAL_DAY), calendar, spans, roll=False).date()
    days = [start.date() + timedelta(days=n + 1) for n in range((end - start.date()).days)]
    counted = [day for day in days if not any(s.date() < day <= e.date() for s, e in spans)]
    assert len(counted) == count
    assert counted[-1] == end


@given(moments, st.integers(1, 300), calendars(), stops)
def test_running_hours_outside_the_stops_are_exactly_the_hours(start, count, calendar, spans):
    end = due_with_suspensions(start, Duration(count, Unit.HOUR), calendar, spans)
    edges = sorted({start, end, *(m for span in spans for m in span if start < m < end)})
    ran = sum(
        (after - since for since, after in zip(edges, edges[1:]) if not any(s <= since < e for s, e in spans)),
        timedelta(0),
    )
    assert ran == timedelta(hours=count)


@given(moments, st.integers(1, 300), calendars())
def test_working_hours_end_in_office_hours(start, count, calendar):
    end = due(start, Duration(count, Unit.WORKING_HOUR), calendar)
    assert calendar.is_working(end.date())
    assert time(9) <= end.time().replace(tzinfo=None) <= time(17)


@given(moments, durations, calendars(), stops)
def test_an_open_stop_gives_the_due_moment_without_it_or_none(start, duration, calendar, spans):
    since = spans[0][0] if spans else start
    with_open = due_with_suspensions(start, duration, calendar, [*spans, (since, None)])
    without = due_with_suspensions(start, duration, calendar, spans)
    if with_open is not None:
        assert with_open <= max(without, datetime.combine(since.date(), time(23, 59, 59), BUSINESS_ZONE))


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), calendars())
def test_a_day_outside_the_covered_days_is_always_refused(day, calendar):
    if FIRST <= day <= LAST:
        assert calendar.is_working(day) in (True, False)
    else:
        with pytest.raises(OutsideCalendar) as refusal:
            calendar.is_working(day)
        assert refusal.value.year == day.year


@given(moments, day_durations, calendars())
def test_counting_back_and_forth_meets(anchor, duration, calendar):
    latest = before(anchor, duration, calendar)
    assert latest.date() < anchor.date()
    if duration.unit is Unit.NATURAL_DAY:
        assert due(latest, duration, calendar, roll=False).date() == anchor.date()
    else:
        assert (
            calendar.working_days(latest.date() - timedelta(days=1), anchor.date() - timedelta(days=1))
            == duration.count
        )
