"""Who owes which returns: what the targets need, for which periods, and how each stands."""

from __future__ import annotations

import re
import threading
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from fahui.casework.activities.models import Activity, Taking
from fahui.casework.notices.models import Outgoing
from fahui.casework.registers.models import Entry
from fahui.foundation import clock
from fahui.foundation.accounts.actions import make_staff
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.errors import Conflict, Forbidden, Missing
from fahui.foundation.models import Region
from fahui.foundation.worktime.queries import calendar
from fahui.foundation.worktime.rules import Calendar
from fahui.standards.indicators.definitions import indicators, measures
from fahui.standards.indicators.schema import Indicator
from fahui.standards.measures.schema import Measure
from fahui.standards.models import NilReturn, OwedNotice
from fahui.standards.periods import Period
from fahui.standards.returns import actions, queries, rules
from fahui.standards.returns.rules import Source, Span, returns_of
from fahui.standards.returns.words import name_of, period_code, period_name, source_name
from tests.cast import CITY, COUNTY, NEIGHBOUR, TOWNSHIP, Cast

YEAR = clock.today().year - 1
LAST = str(YEAR)
AUTONOMOUS = 511132000000  # 峨边彝族自治县
EXAM, COURT = "entry:exam_return@3", "activity:court_observation@3"
COUNSEL = "activity:counsel_service|activity:counsel_visit|activity:lecture@5"
TRAINING, RATE = "taking:training@3", "held:rate.ethnic_aid_case@3.autonomous"
CONSTITUTION = "activity:campaign.constitution_week@3"


def target(measure: str, given: dict[str, Any], period: str = "yearly", scope: tuple[str, ...] = ("county",), **use: Any) -> Indicator:
    return Indicator.model_validate({
        "id": "T-1", "clause": "一", "quote": "一", "name": {"zh": "目标", "en": "Target"}, "unit": "%", "period": period, "scope": scope,
        "use": {"measure": measure, "given": given, **use}, "targets": [{"by": "2030-12-31", "value": 1}]})  # fmt: skip


def needs(shape: dict[str, Any], period: str = "yearly") -> list[str]:
    measure = Measure.model_validate({"id": "m", "zh": "口径", "en": "Measure", **shape})
    return [one.key.removesuffix("@3") for one in returns_of([target("m", {}, period)], {"m": measure})]


# --- what is asked for


def test_a_count_needs_each_register_it_names_and_any_of_its_categories() -> None:
    assert needs({"count": {"of": "entry", "where": {"register": "purchase"}, "when": "event"}}) == ["entry:purchase"]
    several = {"of": "entry", "where": {"register": "rate", "category": ["duty", "counsel"]}, "when": "event"}
    assert needs({"count": several}) == ["entry:rate.counsel|entry:rate.duty"]


def test_a_share_needs_what_stands_below_the_line() -> None:
    share = {"of": "entry", "where": {"register": "mediation_case", "category": ["agreed", "failed"]}, "part": {"category": "agreed"}, "when": "event"}
    assert needs({"share": share}) == ["entry:mediation_case.agreed|entry:mediation_case.failed"]


def test_either_of_two_conditions_is_enough_unless_one_asks_for_nothing_in_particular() -> None:
    either = {"of": "activity", "either": [{"kind": "lecture"}, {"kind": "training", "topic": "x"}]}
    assert needs({"count": either}) == ["activity:lecture|activity:training.x"]
    assert needs({"count": {"of": "activity", "either": [{"kind": "lecture"}, {"topic": "x"}]}}) == []


def test_a_ratio_needs_both_of_its_sides_and_nothing_for_residents() -> None:
    ratio = {"above": {"of": "taking", "where": {"kind": "training", "part": "gave"}}, "below": {"of": "region", "sum": "population"}}
    assert needs({"ratio": ratio}) == ["taking:training"]


def test_units_that_must_have_all_need_every_one_and_units_that_may_have_any_need_one() -> None:
    def covered(meet: str, *more: dict[str, Any]) -> list[str]:
        wanted = [{"of": "entry", "where": {"register": "mediation_case"}, "when": "event"}, {"of": "activity", "where": {"kind": "screening"}}]
        return needs({"covered": {"units": {"of": "region", "where": {"level": 5}}, "needs": [*wanted, *more], "meet": meet}})

    assert covered("all") == ["entry:mediation_case", "activity:screening"]
    assert covered("any") == ["activity:screening|entry:mediation_case"]
    assert covered("any", {"of": "posting", "where": {"role": "village_counsel"}}) == []  # somebody in office is enough


def test_an_activity_is_asked_for_with_its_topic_and_however_it_went() -> None:
    both = {"of": "activity", "where": {"kind": ["guidance", "publicity"], "topic": "minors", "confirmed": 1}}
    assert needs({"count": both}) == ["activity:guidance.minors|activity:publicity.minors"]


def test_only_counties_of_ethnic_autonomy_are_asked_for_what_is_theirs() -> None:
    known = measures()
    theirs, all_of_them = target("money", {"register": "budget_line"}), target("money", {"register": "budget_line"})
    theirs = theirs.model_copy(update={"autonomous_only": True})
    assert [one.key for one in returns_of([theirs], known)] == ["entry:budget_line@3.autonomous"]
    assert [one.key for one in returns_of([theirs, all_of_them], known)] == ["entry:budget_line@3"]  # that brings it too
    assert rules.serving(returns_of([all_of_them], known), theirs, known) and not rules.serving(returns_of([theirs], known), all_of_them, known)
    units = {"of": "region", "where": {"level": 3, "autonomous": 1}}
    assert needs({"covered": {"units": units, "needs": [{"of": "activity", "where": {"kind": "lecture"}}]}}) == ["activity:lecture@3.autonomous"]


def test_what_holds_is_asked_only_by_a_target_counted_in_periods() -> None:
    held = {"count": {"of": "entry", "where": {"register": "honour", "category": "gold_mediator"}, "when": "holds"}}
    assert needs(held) == ["held:honour.gold_mediator"]
    assert needs(held, "once") == [] and needs(held, "continuous") == []
    units = {"covered": {"units": {"of": "entry", "where": {"register": "unit_below"}, "key": "code"}, "needs": [{"of": "posting", "key": "unit"}]}}
    assert needs(units) == ["held:unit_below"] and needs(units, "once") == []


def test_the_shortest_period_counts_and_the_place_is_the_lowest_one_named() -> None:
    known = measures()
    lecture = {"levels": 5, "kinds": "lecture"}
    found = returns_of([target("places_with_activity", lecture, "yearly", ("village",)), target("places_with_activity", lecture, "quarterly", ("village",))], known)
    assert [(one.key, one.kind, one.level) for one in found] == [("activity:lecture@5", "quarterly", 5)]
    for scope, level in ((("city",), 2), (("city", "county"), 3), (("person",), 3), (("county", "township"), 4)):
        assert returns_of([target("money", {"register": "purchase"}, scope=scope)], known)[0].level == level
    assert returns_of([target("money", {"register": "purchase"}, scope=("city",), spread="counties")], known)[0].level == 3


def test_a_narrower_return_that_comes_as_often_stands_for_a_wider_one() -> None:
    known = measures()
    monthly = target("places_with_activity", {"levels": 5, "kinds": "counsel_visit"}, "monthly", ("village",))
    yearly = target("villages_served_by_counsel", {}, "yearly", ("village",))
    both = returns_of([monthly, yearly], known)
    assert [one.key for one in both] == ["activity:counsel_visit@5"]
    assert rules.serving(both, yearly, known) == list(both)  # it brings what the wider target counts
    assert len(returns_of([target("places_with_activity", {"levels": 5, "kinds": "counsel_visit"}, "yearly", ("village",)),
                           target("services_given", {"kinds": ["counsel_visit", "lecture"]}, "monthly", ("village",))], known)) == 2  # fmt: skip


@pytest.mark.parametrize("city", ["leshan", "lishui", "anhui", "jingdezhen", "tianjin"])
def test_every_citys_returns_have_names_and_none_says_the_same_twice(city: str, settings: Any) -> None:
    settings.CITY = city
    found = returns_of(indicators(city).indicators, measures())
    assert found and len({one.key for one in found}) == len(found)
    assert not any(set(a.sources) <= set(b.sources) and a.level >= b.level and a.kind == b.kind and a.autonomous <= b.autonomous for a in found for b in found if a != b)
    for one in found:
        for source in one.sources:
            assert source_name(source) != source.name and re.fullmatch(r"[ -~’]+", source_name(source, english=True))


# --- when, and how it stands


def test_periods_that_are_over_are_asked_for_with_ten_working_days_and_none_from_before_the_policy() -> None:
    year = Calendar({}, (date(2020, 1, 1), date(2026, 12, 31)))
    told = rules.spans("quarterly", date(2026, 7, 1), date(2020, 1, 1), year)
    assert [(s.period.first, s.period.last) for s in told] == [
        (date(2025, 7, 1), date(2025, 9, 30)), (date(2025, 10, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))]  # fmt: skip
    assert told[-1].due == date(2026, 7, 14)  # 1 July is the first of ten working days
    assert len(rules.spans("quarterly", date(2026, 6, 30), date(2020, 1, 1), year)) == 4  # the day itself still runs
    assert rules.spans("quarterly", date(2026, 6, 30), date(2020, 1, 1), year)[-1].period.last == date(2026, 3, 31)
    assert [s.period.last.year for s in rules.spans("yearly", date(2026, 6, 30), date(2024, 5, 1), year)] == [2024, 2025]
    assert rules.spans("monthly", date(2027, 1, 4), date(2020, 1, 1), year)[-1].due is None  # nobody has announced 2027 yet


def test_a_return_is_owed_from_the_day_after_the_last_one_in_time() -> None:
    span = Span(Period(-1, date(2026, 4, 1), date(2026, 6, 30), True), date(2026, 7, 14))
    assert rules.state(span, False, False, date(2026, 7, 14)) == "waiting"
    assert rules.state(span, False, False, date(2026, 7, 15)) == "owed"
    assert rules.state(span, False, True, date(2026, 7, 15)) == "nil"
    assert rules.state(span, True, True, date(2026, 7, 15)) == "given"  # a record outranks the word
    assert rules.state(Span(span.period, None), False, False, date(2030, 1, 1)) == "waiting"


def test_the_rate_is_what_was_given_of_what_was_asked_and_is_due() -> None:
    assert rules.rate({"given": 2, "nil": 1, "owed": 1, "waiting": 5}) == (3, 4)
    assert rules.rate({"waiting": 5}) == (0, 0)


def test_a_record_lies_in_the_places_above_it_and_in_none_below() -> None:
    assert [rules.place_at(511112101001, level, CITY) for level in (2, 3, 4, 5)] == [CITY, COUNTY, TOWNSHIP, 511112101001]
    assert rules.place_at(COUNTY, 5, CITY) == COUNTY  # which is no village
    assert list(rules.months(date(2025, 12, 31), date(2026, 2, 1))) == [2025 * 12 + 12, 2026 * 12 + 1, 2026 * 12 + 2]


def test_periods_are_told_in_words() -> None:
    codes = [period_code(date(2025, 1, 1), date(2025, 12, 31)), period_code(date(2025, 10, 1), date(2025, 12, 31)), period_code(date(2025, 9, 1), date(2025, 9, 30))]
    assert codes == ["2025", "2025-Q4", "2025-09"]
    assert [period_name(code) for code in codes] == ["2025年", "2025年第4季度", "2025年9月"]


# --- the records


def entry(register: str, region: int, day: date, category: str = "", **more: Any) -> Entry:
    now = clock.now()
    return Entry.objects.create(register=register, code=f"t{Entry.objects.count()}", title="报表", region_code=region, category=category, begins=day,
                                state=more.pop("state", "entered"), entered_at=now, changed_at=now, **more)  # fmt: skip


def activity(kind: str, region: int, day: date, **more: Any) -> Activity:
    now = clock.now()
    return Activity.objects.create(code=f"t{Activity.objects.count()}", kind=kind, title="活动", held_on=day, region_code=region, entered_at=now,
                                   changed_at=now, **more)  # fmt: skip


def how(what: str, place: int, period: str = LAST, region: int = CITY) -> str:
    return next(line.state for line in queries.of_region(SYSTEM, region).only(what, period).lines if line.place == place)


@pytest.fixture
def keeper(cast: Cast) -> Cast:
    """A bureau officer of the county and one of its neighbour."""
    for name, region in (("county", COUNTY), ("next", NEIGHBOUR)):
        posts = [{"role": "bureau_officer", "region_code": region, "service": "*", "institution": cast.institutions["bureau"], "cleared": False,
                  "valid_from": date(2020, 1, 1)}]  # fmt: skip
        cast.users[name] = make_staff(SYSTEM, f"t-{name}", name, "cast-password-1", posts)
    return cast


def test_a_record_of_the_place_or_below_it_gives_the_return_and_a_void_one_does_not(cast: Cast) -> None:
    assert how(EXAM, COUNTY) == "owed"
    void = entry("exam_return", COUNTY, date(YEAR, 3, 1), state="void")
    entry("exam_return", COUNTY, date(YEAR - 1, 12, 31))
    assert how(EXAM, COUNTY) == "owed" and how(EXAM, COUNTY, str(YEAR - 1)) == "given"
    Entry.objects.filter(pk=void.pk).update(state="returned", region_code=TOWNSHIP)  # sent back is still there
    assert how(EXAM, COUNTY) == "given" and how(EXAM, NEIGHBOUR) == "owed"


def test_a_village_is_served_by_its_own_records_alone(cast: Cast) -> None:
    village = Region.objects.filter(level=5, code__gt=TOWNSHIP).order_by("code").first()
    assert village is not None
    activity("lecture", TOWNSHIP, date(YEAR, 3, 1))
    assert how(COUNSEL, village.code, region=COUNTY) == "owed"
    activity("counsel_visit", village.code, date(YEAR, 12, 31))
    assert how(COUNSEL, village.code, region=COUNTY) == "given"


def test_what_holds_is_given_in_every_period_it_holds_in(cast: Cast) -> None:
    entry("rate", AUTONOMOUS, date(YEAR - 2, 7, 1), "ethnic_aid_case", ends=date(YEAR, 1, 1))
    assert [how(RATE, AUTONOMOUS, str(year)) for year in range(YEAR - 3, YEAR + 1)] == ["owed", "given", "given", "owed"]


def test_another_topic_is_another_return(cast: Cast) -> None:
    activity("campaign", COUNTY, date(YEAR, 12, 4), topic="civil_code")
    assert how(CONSTITUTION, COUNTY) == "owed"
    activity("campaign", COUNTY, date(YEAR, 12, 4), topic="constitution_week")
    assert how(CONSTITUTION, COUNTY) == "given"
    assert actions.keep_reported() and how(CONSTITUTION, COUNTY) == "given"


def test_a_county_without_ethnic_autonomy_owes_nothing_of_what_is_only_theirs(cast: Cast) -> None:
    asked = {line.place for line in queries.of_region(SYSTEM, CITY).only(RATE).lines}
    assert asked == set(Region.objects.filter(ethnic_autonomous=True, code__gte=CITY, code__lt=CITY + 10**8).values_list("code", flat=True)) != set()
    assert not queries.of_region(SYSTEM, COUNTY).only(RATE).lines


def test_who_took_part_counts_where_they_are_licensed(cast: Cast) -> None:
    training = activity("training", CITY, date(YEAR, 5, 5))
    assert how(TRAINING, COUNTY) == "owed"
    Taking.objects.create(activity=training, practitioner=cast.lawyers["lawyer"], part="attended", minutes=60)
    assert how(TRAINING, COUNTY) == "given" and how(TRAINING, NEIGHBOUR) == "owed"


def test_what_was_kept_at_night_and_what_changed_since_tell_the_same_as_all_the_records(cast: Cast) -> None:
    village = Region.objects.filter(level=5, code__gt=TOWNSHIP).order_by("code").first()
    assert village is not None
    before = clock.now() - timedelta(hours=3)
    kept = [entry("exam_return", COUNTY, date(YEAR, 3, 1)), entry("rate", AUTONOMOUS, date(YEAR - 2, 7, 1), "ethnic_aid_case", ends=date(YEAR, 1, 1)),
            activity("counsel_visit", village.code, date(YEAR, 12, 31)), activity("training", CITY, date(YEAR, 5, 5))]  # fmt: skip
    Taking.objects.create(activity=kept[3], practitioner=cast.lawyers["lawyer"], part="attended", minutes=60)
    for row in kept:
        type(row).objects.filter(pk=row.pk).update(changed_at=before)
    entry("exam_return", NEIGHBOUR, date(YEAR, 3, 1), state="void")

    def told() -> list[tuple[str, int, str, str]]:
        return [(line.wanted.key, line.place, line.period, line.state) for line in queries.of_region(SYSTEM, CITY).lines]

    alone = told()
    assert actions.keep_reported() >= 5 and told() == alone and Counter(state for *_line, state in alone)["given"] > 4
    Entry.objects.all().delete()  # nothing of a night before is looked at again
    assert told() == alone
    entry("exam_return", NEIGHBOUR, date(YEAR, 4, 1))
    assert how(EXAM, NEIGHBOUR) == "given"
    assert actions.keep_reported() > 0 and how(EXAM, COUNTY) == "owed" and how(EXAM, NEIGHBOUR) == "given"


def test_each_reader_sees_their_own_places(keeper: Cast) -> None:
    whole = queries.of_region(keeper["leader"], CITY)
    assert {COUNTY, NEIGHBOUR, CITY} <= {line.place for line in whole.lines}
    county = queries.of_region(keeper["approver"], COUNTY)
    assert {line.county for line in county.lines} == {COUNTY}
    for region in (NEIGHBOUR, CITY):
        with pytest.raises(Forbidden):
            queries.of_region(keeper["approver"], region)
    mine = queries.mine(keeper["county"])
    assert {line.county for line in mine.lines} == {COUNTY}
    assert not queries.mine(keeper["reviewer"]).lines  # keeps nothing
    assert not queries.mine(keeper["leader"], near=True).lines and queries.mine(keeper["leader"]).lines
    clerk = queries.mine(keeper["clerk"])  # keeps activities, and no register
    assert clerk.lines and not any(one.registers for one in clerk.returns)


def test_it_takes_the_same_statements_whatever_the_number_of_places(cast: Cast, django_assert_max_num_queries: Any) -> None:
    calendar()
    with django_assert_max_num_queries(10):
        assert len(queries.of_region(SYSTEM, CITY).lines) > 2000  # every village is asked


# --- nothing to report


def test_a_keeper_says_there_is_nothing_and_a_record_outranks_it(keeper: Cast) -> None:
    made = actions.declare_nil(keeper["county"], EXAM, COUNTY, LAST)
    assert how(EXAM, COUNTY) == "nil" and how(EXAM, NEIGHBOUR) == "owed" and how(EXAM, COUNTY, str(YEAR - 1)) == "owed"
    assert actions.declare_nil(keeper["county"], EXAM, COUNTY, LAST).pk == made.pk
    entry("exam_return", COUNTY, date(YEAR, 3, 1))
    assert how(EXAM, COUNTY) == "given"
    with pytest.raises(Conflict):
        actions.declare_nil(keeper["county"], EXAM, COUNTY, LAST)


def test_the_word_can_be_taken_back_once_and_given_again(keeper: Cast) -> None:
    made = actions.declare_nil(keeper["county"], COURT, COUNTY, LAST)
    with pytest.raises(Missing):
        actions.withdraw_nil(keeper["next"], made.pk)
    actions.withdraw_nil(keeper["county"], made.pk)
    assert how(COURT, COUNTY) == "owed"
    with pytest.raises(Conflict):
        actions.withdraw_nil(keeper["county"], made.pk)
    assert actions.declare_nil(keeper["county"], COURT, COUNTY, LAST).pk != made.pk


def test_nobody_speaks_for_another_place_or_for_what_was_never_asked(keeper: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.declare_nil(keeper["next"], EXAM, COUNTY, LAST)
    with pytest.raises(Forbidden):
        actions.declare_nil(keeper["clerk"], EXAM, COUNTY, LAST)  # a window keeps activities only
    for what, place, period in ((EXAM, COUNTY, str(YEAR + 1)), (EXAM, TOWNSHIP, LAST), ("entry:nothing@3", COUNTY, LAST), (EXAM, 7, LAST), (EXAM, COUNTY, "x")):
        with pytest.raises(Missing):
            actions.declare_nil(keeper["county"], what, place, period)
    assert not NilReturn.objects.exists()


def test_two_who_declare_at_once_leave_one_word(django_db_setup: None, django_db_blocker: Any) -> None:
    answers: list[int] = []
    ready = threading.Barrier(2)

    def declare() -> None:
        ready.wait()
        try:
            with transaction.atomic(), as_system():
                answers.append(actions.declare_nil(SYSTEM, EXAM, COUNTY, LAST).pk)
        finally:
            connection.close()

    both = [threading.Thread(target=declare) for _ in range(2)]
    with django_db_blocker.unblock():
        try:
            for one in both:
                one.start()
            for one in both:
                one.join()
            with transaction.atomic(), as_system():
                assert len(answers) == 2 and list(NilReturn.objects.values_list("pk", flat=True)) == answers[:1] == answers[1:]
        finally:
            with transaction.atomic(), as_system():
                NilReturn.objects.all().delete()
            connection.close()


# --- being told


def test_the_keepers_nearest_to_a_place_are_told_once_when_it_became_owed(keeper: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(YEAR + 1, 1, 20))
    monkeypatch.setattr(clock, "now", lambda: datetime(YEAR + 1, 1, 20, 9, tzinfo=clock.SHANGHAI))
    assert actions.remind() > 0
    told = dict(Outgoing.objects.filter(notice=actions.NOTICE).values_list("user_id", "text"))
    assert told[keeper.users["county"].pk].startswith(f"还欠：{YEAR}年") and keeper.users["leader"].pk in told  # the city's own
    assert OwedNotice.objects.exists() and not OwedNotice.objects.exclude(last_day=date(YEAR, 12, 31)).exists()  # not the arrears of years
    assert actions.remind() == 0


def test_nobody_is_told_before_the_days_of_grace_are_over(keeper: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(YEAR + 1, 1, 8))
    assert actions.remind() == 0
    assert how(EXAM, COUNTY) == "waiting"


def test_a_return_of_many_kinds_says_a_few_and_how_many() -> None:
    many = rules.Return(tuple(Source("activity", kind) for kind in ("lecture", "publicity", "campaign", "training")), 3, "yearly")
    assert name_of(many) == "法治讲座、法治宣传活动、主题宣传活动等4类之一"
