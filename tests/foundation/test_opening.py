"""Opening hours: read without guessing, written in one form, asked by the working calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fahui.foundation.worktime.official import official_days
from fahui.foundation.worktime.opening import (
    DAY,
    Holidays,
    Hours,
    State,
    Unreadable,
    parse,
    readable,
    spans_on,
    status,
    status_told,
    tidy,
    written,
)
from fahui.foundation.worktime.rules import BUSINESS_ZONE, Calendar

CALENDAR = Calendar(
    days={row.day: row.kind for row in official_days(2025, 2026)}, covered=(date(2025, 1, 1), date(2026, 12, 31))
)
OFFICE = "周一至周五 9:00–12:00、14:00–17:30；法定节假日休息"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BUSINESS_ZONE)


@pytest.mark.parametrize(("text", "one_form"), [
    ("周一至周五 9:00-12:00，14:00-17:30；周六9:00-12:00；法定节假日休息", "周一至周五 9:00–12:00、14:00–17:30；周六 9:00–12:00；法定节假日休息"),
    ("星期一到星期五上午9:00至12:00，下午1:30至5:00", "周一至周五 9:00–12:00、13:30–17:00"),
    ("工作日 9：00～17：00", "周一至周五 9:00–17:00；法定节假日休息"),
    ("周一至周五（法定节假日除外）8点30分—12点", "周一至周五 8:30–12:00；法定节假日休息"),
    ("24小时", "每天 24小时"), ("周一、周三、周五 9点半到11点", "周一、周三、周五 9:30–11:00"),
    ("每天 20:00–次日2:00", "每天 20:00–次日2:00"), ("每天18:00-2:00", "每天 18:00–次日2:00"),
    ("周末 9-11点", "周六、周日 9:00–11:00"), ("全年无休 9:00-21:00", "每天 9:00–21:00；法定节假日照常"),
    ("周一至周日 9:00-17:00，周日休息，法定节假日 9:00-12:00", "周一至周六 9:00–17:00；法定节假日 9:00–12:00"),
    ("Mon–Fri 9:00–12:00, 14:00–17:00 and Saturday 9:00–12:00; public holidays closed",
     "周一至周五 9:00–12:00、14:00–17:00；周六 9:00–12:00；法定节假日休息"),
    ("Every day 24 hours", "每天 24小时"),
    ("周一至周五 9:00–12:00、12:00–17:00", "周一至周五 9:00–17:00"),
])  # fmt: skip
def test_what_people_write_is_read_and_written_in_one_form(text: str, one_form: str):
    assert written(parse(text)) == one_form == tidy(text)
    assert parse(one_form) == parse(text)


@pytest.mark.parametrize("text", [
    "", "9:00-17:00", "夏季 9-12", "周一至周五 9:00-5:00", "每日8:30-12:00,2:30-5:30", "周一至周五 25:00-26:00", "预约",
    "周五至周一 9:00-12:00", "周一至周五照常", "周日休息", "周一至周五 9:00-17:00、10:00-18:00",
    "每天 20:00–次日9:00、8:00–9:00",
])  # fmt: skip
def test_what_a_reader_would_have_to_guess_is_refused(text: str):
    with pytest.raises(Unreadable):
        parse(text)
    assert readable(text) is None


@st.composite
def _spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, DAY - 1), max_size=6)))
    return tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))


@given(st.tuples(*[_spans()] * 7).filter(any), st.sampled_from(list(Holidays)), _spans())
def test_every_week_survives_being_written(week: tuple, holidays: Holidays, holiday: tuple):
    hours = Hours(week, Holidays.UNSAID if holidays is Holidays.OWN and not holiday else holidays,
                  holiday if holidays is Holidays.OWN else ())  # fmt: skip
    assert parse(written(hours)) == hours


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str):
    assert readable(text) is None or tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(("text", "moment", "told"), [
    (OFFICE, "2026-11-23T08:59", "现在关门 · 9:00 开门"), (OFFICE, "2026-11-23T09:00", "现在开门 · 12:00 关门"),
    (OFFICE, "2026-11-23T12:00", "现在关门 · 14:00 开门"), (OFFICE, "2026-11-23T17:30", "现在关门 · 明天 9:00 开门"),
    (OFFICE, "2026-11-20T18:00", "现在关门 · 周一 9:00 开门"), (OFFICE, "2026-11-22T18:00", "现在关门 · 明天 9:00 开门"),
    # 国庆节 2026: 1 to 7 October off, Saturday 10 October and Sunday 20 September worked.
    (OFFICE, "2026-10-01T10:00", "现在关门 · 10月8日 9:00 开门"), (OFFICE, "2026-10-10T10:00", "现在开门 · 12:00 关门"),
    (OFFICE, "2026-09-20T16:00", "现在开门 · 17:30 关门"),
    ("每天 20:00–次日2:00；法定节假日照常", "2026-11-23T01:30", "现在开门 · 2:00 关门"),
    ("每天 20:00–次日2:00；法定节假日照常", "2026-11-23T21:00", "现在开门 · 明天 2:00 关门"),
    ("每天 24小时", "2026-10-01T03:00", "现在开门 · 24小时"), ("每天 9:00–24:00；法定节假日照常", "2026-11-23T21:00", "现在开门 · 24:00 关门"),
    # Open at weekends, nothing said of holidays: on one, nobody can say.
    ("每天 9:00–17:00", "2026-10-01T10:00", "开门时间请打电话确认"), ("", "2026-11-23T10:00", "开门时间请打电话确认"),
    # The next year is not announced yet.
    (OFFICE, "2026-12-31T18:00", "现在关门 · 何时开门请打电话确认"), (OFFICE, "2027-01-05T10:00", "开门时间请打电话确认"),
    # Only Mondays and Wednesdays: a make-up Saturday is no such day.
    ("周一、周三 9:00–11:00", "2026-10-10T10:00", "现在关门 · 周一 9:00 开门"),
])  # fmt: skip
def test_the_door_at_a_moment(text: str, moment: str, told: str):
    assert status_told(status(readable(text), at(moment), CALENDAR), at(moment)) == told


def test_an_exception_rules_its_day_and_no_other():
    hours, training = parse(OFFICE), {date(2026, 11, 24): (), date(2026, 11, 28): ((540, 660),)}
    assert status(hours, at("2026-11-24T10:00"), CALENDAR, training).opens == at("2026-11-25T09:00")
    assert status(hours, at("2026-11-28T10:00"), CALENDAR, training).is_open
    assert status(parse("每天 24小时"), at("2026-11-24T10:00"), CALENDAR, training).state is State.CLOSED
    assert spans_on(hours, date(2026, 11, 25), CALENDAR, training) == ((540, 720), (840, 1050))


@given(st.integers(0, 60 * 24 * 60))
def test_the_next_opening_is_one_and_nothing_opens_before_it(minutes: int):
    hours, moment = parse(OFFICE), at("2026-09-15T00:00") + timedelta(minutes=minutes)
    found = status(hours, moment, CALENDAR)
    if found.is_open:
        assert found.until and found.until > moment
        assert not status(hours, found.until, CALENDAR).is_open
    else:
        assert found.opens and status(hours, found.opens, CALENDAR).is_open
        before = moment + (found.opens - moment) / 2
        assert not status(hours, before, CALENDAR).is_open
