"""Measures of work done (cases, ratings, activities, duty, registers), counted by hand from the words of the policies that use them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fahui.foundation import clock
from tests.standards.world import (  # fmt: skip
    A1,
    A2,
    B1,
    BEFORE,
    CITY,
    LAST_YEAR,
    LONG_AGO,
    NOW,
    SPRING,
    TOO_LATE,
    TOWN_A,
    TOWN_B,
    A,
    B,
    C,
    Says,
    body,
    case,
    entry,
    held,
    person,
    shift,
    user,
)

JANUARY_1, JUNE_30 = date(2025, 1, 1), date(2025, 6, 30)
GRANTED = ["granted", "completed", "terminated", "corrected"]


def test_calls_of_the_hotline(says: Says) -> None:
    """景法委字〔2020〕6号 附件2.一: 热线年均服务增长率10%以上: calls taken, by the day they came."""
    case("consultation", channel="hotline"), case("consultation", CITY, JANUARY_1, channel="hotline", ended=False), case("consultation", B, JUNE_30, channel="hotline")
    case("consultation", channel="web"), case("complaint", channel="hotline"), case("consultation", day=TOO_LATE, channel="hotline")
    case("consultation", A1, LAST_YEAR, channel="hotline")
    told = {BEFORE: {CITY: (1, None), A: (1, None)}, NOW: {CITY: (3, None), TOWN_A: (1, None), B: (1, None), C: None}}
    says("cases", told, services="consultation", channels="hotline")


def test_a_case_counts_on_its_day_in_shanghai(says: Says) -> None:
    """Midnight is Shanghai's: half past midnight on 1 January 2025 is still 2024 in Greenwich."""
    case("legal_aid", opened_at=datetime(2025, 1, 1, 0, 30, tzinfo=clock.SHANGHAI), matter="criminal")
    case("legal_aid", opened_at=datetime(2025, 7, 1, 0, 30, tzinfo=clock.SHANGHAI))
    says("cases", {BEFORE: {CITY: None}, NOW: {CITY: (1, None)}}, services="legal_aid")
    says("cases", {NOW: {CITY: (1, None)}}, services="legal_aid", matters="criminal", outcomes="completed")


def test_aid_cases_to_ten_thousand_residents(says: Says) -> None:
    """乐山 指标表1: 每万人提供法律援助件数; 20,000, 30,000 and 50,000 residents."""
    case("legal_aid"), case("legal_aid", matter="criminal"), case("legal_aid", B), case("legal_aid", day=LAST_YEAR), case("consultation")
    case("legal_aid", CITY)
    told = {BEFORE: {CITY: (1, 100_000), A: (1, 20_000), B: (0, 30_000)}, NOW: {CITY: (4, 100_000), A: (2, 20_000), B: (1, 30_000), C: (0, 50_000)}}
    says("cases_to_population", told, services="legal_aid")
    says("cases_to_population", {NOW: {CITY: (1, 100_000), A: (1, 20_000)}}, services="legal_aid", matters="criminal")


def test_whoever_qualifies_is_granted_aid(says: Says) -> None:
    """丽委办发〔2017〕63号 附件一.3: 符合条件的法律援助申请批准率达到100%: a refusal put right on objection is one that was not granted."""
    for outcome in ("granted", "completed", "terminated"):
        case("legal_aid", outcome=outcome)
    # Put right, and later completed like any other.
    for outcome in ("corrected", "completed"):
        case("legal_aid", B, outcome=outcome, flags=["refusal_corrected"])
    case("legal_aid", A1, matter="criminal", outcome="granted", flags=["minor"])
    # Refused by law, withdrawn and not yet decided say nothing of those who qualify; a notified defence is no application.
    case("legal_aid", outcome="refused"), case("legal_aid", outcome="withdrawn"), case("legal_aid", ended=False)
    case("legal_aid", matter="notified_defence", outcome="completed"), case("legal_aid", day=LAST_YEAR, outcome="granted")
    given = {"services": "legal_aid", "matters": ["civil", "criminal"], "decided": GRANTED}
    says("cases_right_at_first", {BEFORE: {CITY: (1, 1), B: None}, NOW: {CITY: (4, 6), A: (4, 4), B: (0, 2)}}, **given)


def test_lawyers_take_most_aid_cases(says: Says) -> None:
    """安徽 二（三）: 全市律师承办法律援助案件量占法律援助案件总量的75％以上; who handles a case is what tells."""
    lawyer, worker = person("lawyer"), person("grassroots_legal_worker")
    case("legal_aid", provider=lawyer), case("legal_aid", matter="criminal", provider=lawyer, ended=False), case("legal_aid", B, provider=worker)
    case("legal_aid"), case("legal_aid", matter="duty_help", provider=lawyer), case("consultation", provider=lawyer)
    case("legal_aid", day=TOO_LATE, provider=worker), case("legal_aid", day=LAST_YEAR, provider=worker)
    given = {"services": "legal_aid", "matters": ["civil", "criminal", "notified_defence"], "professions": "lawyer"}
    says("cases_provided_by", {BEFORE: {CITY: (0, 1)}, NOW: {CITY: (2, 3), A: (2, 2), B: (0, 1), C: None}}, **given)


def test_every_notified_defence_gets_a_lawyer(says: Says) -> None:
    """安徽 二（三）: 法律援助机构指派律师提供辩护的比例达100％; whoever engaged a lawyer of their own is not due one."""
    lawyer = person("lawyer")
    case("legal_aid", matter="notified_defence", provider=lawyer), case("legal_aid", matter="notified_defence", provider=lawyer, ended=False)
    case("legal_aid", B, matter="notified_defence", ended=False)
    case("legal_aid", B, matter="notified_defence", outcome="own_lawyer"), case("legal_aid", B, provider=lawyer)
    given = {"services": "legal_aid", "matters": "notified_defence", "outcomes": {"!=": "own_lawyer"}}
    says("cases_with_provider", {BEFORE: {CITY: None}, NOW: {CITY: (2, 3), A: (2, 2), B: (0, 1)}}, **given)


def test_messages_are_answered(says: Says) -> None:
    """景法委字〔2020〕6号 附件2.一: 对留言咨询问题的回复率达100%."""
    case("consultation", channel="web"), case("consultation", B, channel="web"), case("consultation", B, channel="web", ended=False)
    case("consultation", channel="hotline", ended=False), case("complaint", channel="web", ended=False), case("consultation", channel="web", day=LAST_YEAR)
    told = {BEFORE: {CITY: (1, 1)}, NOW: {CITY: (2, 3), A: (1, 1), B: (1, 2)}}
    says("cases_answered", told, services="consultation", channels="web")


def test_satisfied_of_those_who_rated(says: Says) -> None:
    """丽委办发〔2017〕63号 附件一.3: 当事人满意率达到95%: 基本满意 (3) and better, of those who rated; the silent are neither."""
    for score in (5, 3, 2, None):
        case("legal_aid", score=score, asked=True)
    case("legal_aid", B, score=1), case("legal_aid", B, day=LAST_YEAR, score=4), case("consultation", B, score=5)
    told = {BEFORE: {CITY: (1, 1), A: None}, NOW: {CITY: (2, 4), A: (2, 3), B: (0, 1), C: None}}
    says("satisfaction", told, services="legal_aid")
    says("satisfaction", {NOW: {CITY: (3, 5), B: (1, 2)}})
    says("satisfaction", {NOW: {CITY: (1, 1), A: None}}, services="consultation", channels="window", matters="civil")


def test_each_ended_case_asks_for_a_rating(says: Says) -> None:
    """安徽 四（九）: 服务一次、办事一次，接受服务对象评价一次."""
    case("legal_aid", asked=True), case("legal_aid", score=5), case("consultation", B), case("consultation", B, asked=True)
    case("consultation", ended=False), case("legal_aid", day=TOO_LATE, asked=True), case("legal_aid", day=LAST_YEAR)
    says("invited_to_rate", {BEFORE: {CITY: (0, 1)}, NOW: {CITY: (3, 4), A: (2, 2), B: (1, 2)}})
    says("invited_to_rate", {NOW: {CITY: (1, 2), A: None}}, services="consultation")


def test_complete_records(says: Says) -> None:
    """天津 四: 信息采集率: the place down to the township, the person in charge and, once ended, the outcome."""
    clerk = user()
    case("consultation", TOWN_A, handler=clerk), case("consultation", B1, handler=clerk, ended=False)
    # The county alone is no township; nobody in charge; ended without an outcome.
    case("consultation", A, handler=clerk), case("consultation", TOWN_A), case("consultation", TOWN_A, handler=clerk, outcome="")
    case("legal_aid", B1, handler=clerk, day=LAST_YEAR)
    says("complete_records", {BEFORE: {CITY: (1, 1)}, NOW: {CITY: (2, 5), A: (1, 4), TOWN_A: (1, 3), B: (1, 1)}})
    says("complete_records", {NOW: {CITY: None}}, services="legal_aid")


def test_lectures_held(says: Says) -> None:
    """Activities of a kind, of a theme and of months; void ones are none."""
    held("lecture", A1, date(2025, 1, 5), topic="civil_code"), held("lecture", A2, date(2025, 6, 5)), held("lecture", B1, topic="civil_code")
    held("lecture", A1, state="void"), held("publicity", A1), held("lecture", A1, TOO_LATE), held("lecture", CITY, LAST_YEAR)
    says("activities", {BEFORE: {CITY: (1, None), A: None}, NOW: {CITY: (3, None), TOWN_A: (2, None), TOWN_B: (1, None)}}, kinds="lecture")
    says("activities", {NOW: {CITY: (2, None), A: (1, None)}}, kinds="lecture", topic="civil_code")
    says("activities", {NOW: {CITY: (2, None), A: (2, None)}}, kinds="lecture", months=[1, 6])


def test_a_theme_each_month(says: Says) -> None:
    """乐山 三.1: 组织开展一月一主题法治宣传活动: months, whoever held them; the counties' do not add up to the city's."""
    held("campaign", A, date(2025, 1, 5)), held("campaign", TOWN_A, date(2025, 1, 25)), held("campaign", B, date(2025, 1, 9))
    held("campaign", B, date(2025, 3, 9)), held("campaign", B, date(2025, 5, 9), state="void"), held("publicity", A, date(2025, 2, 9))
    held("campaign", A, date(2024, 12, 31)), held("campaign", A, TOO_LATE)
    says("months_with_activity", {BEFORE: {CITY: (1, None)}, NOW: {CITY: (2, None), A: (1, None), TOWN_A: (1, None), B: (2, None)}}, kinds="campaign")


def test_services_of_village_counsel(says: Says) -> None:
    """安徽 二（三）: 协助处理信访问题不少于1.7万件（次）: a morning with twelve callers is twelve."""
    held("counsel_visit", A1, services=12), held("counsel_service", A2), held("lecture", B1, services=3)
    held("counsel_visit", A1, services=50, state="void"), held("publicity", A1, services=9), held("counsel_visit", B1, LAST_YEAR, services=4)
    told = {BEFORE: {CITY: (4, None), A: None}, NOW: {CITY: (16, None), TOWN_A: (13, None), TOWN_B: (3, None)}}
    says("services_given", told, kinds=["counsel_visit", "counsel_service", "lecture"])


def test_hours_with_somebody_at_the_hotline(says: Says) -> None:
    """景法委字〔2020〕6号 二（一）1: 7×24小时全天候服务: in the last seven days (24 to 30 June), each hour once however many are there."""
    centre, night, day = body("hotline_centre", CITY), user(), user()
    shift(day, centre, "2025-06-30 08:00", "2025-06-30 16:00"), shift(night, centre, "2025-06-30 08:00", "2025-06-30 12:00")
    shift(night, centre, "2025-06-25 22:00", "2025-06-26 06:00")
    # Of a night that began the day before, only the hour after midnight lies in the week; another desk's hours are not the hotline's.
    shift(night, centre, "2025-06-23 20:00", "2025-06-24 01:00"), shift(day, centre, "2025-06-27 08:00", "2025-06-27 18:00", queue="video")
    shift(day, centre, "2025-07-01 08:00", "2025-07-01 18:00")
    # 8 + 8 + 1 hours of the week, counted in quarters; nobody had duty in the last week of 2024.
    told = {BEFORE: {CITY: None}, NOW: {CITY: (17 * 4, None), A: None}}
    says("hours_on_duty", told)
    # The same by day: the figure is a seventh of it (丽委办发〔2017〕63号 二（三）: 24小时全天候).
    says("hours_on_duty_a_day", told)
    says("hours_on_duty", {NOW: {CITY: (10 * 4, None)}}, queues="video")


def test_two_centres_keep_the_same_hour(says: Says) -> None:
    """An hour kept in two counties is one hour of the city."""
    for county, begins in ((A, "2025-06-30 08:00"), (B, "2025-06-30 10:00")):
        shift(user(), body("hotline_centre", county), begins, "2025-06-30 12:00")
    says("hours_on_duty", {NOW: {CITY: (4 * 4, None), A: (4 * 4, None), B: (2 * 4, None)}})
    says("hours_on_duty_a_day", {NOW: {CITY: (4 * 4, None), A: (4 * 4, None), B: (2 * 4, None)}})


def test_lawyers_at_the_seats(says: Says) -> None:
    """天津 三（二）: 安排不少于15名专职律师…坐席服务: lawyers on the roster of the last week, each once."""
    centre, lawyer, other, volunteer, earlier, clerk = body("hotline_centre", CITY), user(), user(), user(), user(), user()
    for kind, who in (("lawyer", lawyer), ("lawyer", other), ("volunteer", volunteer), ("lawyer", earlier)):
        person(kind, user=who)
    shift(lawyer, centre, "2025-06-30 08:00", "2025-06-30 12:00"), shift(lawyer, centre, "2025-06-28 08:00", "2025-06-28 12:00")
    shift(other, centre, "2025-06-24 00:00", "2025-06-24 08:00"), shift(volunteer, centre, "2025-06-30 08:00", "2025-06-30 12:00")
    shift(clerk, centre, "2025-06-30 08:00", "2025-06-30 12:00"), shift(earlier, centre, "2025-06-20 08:00", "2025-06-20 12:00")
    says("seats_by_profession", {BEFORE: {CITY: None}, NOW: {CITY: (2, None), A: None}}, professions="lawyer")


def test_the_five_ways_in(says: Says) -> None:
    """景法委字〔2020〕6号 二（二）7: “五位一体”布局: those of the city that are in use on the day."""
    for way, more in (("counter", {}), ("hotline", {}), ("web", {}), ("app", {"ends": date(2025, 6, 1)}), ("wechat", {"state": "void"}), ("terminal", {})):
        entry("channel", way, CITY, LONG_AGO, **{"state": "entered"} | more)
    entry("channel", "app", A, LONG_AGO, state="entered"), entry("channel", "wechat", CITY, TOO_LATE, state="entered")
    given = {"register": "channel", "category": ["counter", "hotline", "web", "app", "wechat"], "levels": 2}
    says("entries", {BEFORE: {CITY: (4, None), A: None}, NOW: {CITY: (3, None), A: None}}, **given)


def test_a_report_of_each_month(says: Says) -> None:
    """丽委办发〔2017〕63号 附件二.3: “12345”热线咨询舆情分析月报: those of the period, by their day."""
    entry("document", "hotline_report", CITY, JANUARY_1, state="entered"), entry("document", "hotline_report", CITY, JUNE_30, state="entered")
    entry("document", "hotline_report", CITY, date(2024, 12, 31), state="entered"), entry("document", "management_rule", CITY, state="entered")
    told = {BEFORE: {CITY: (1, None)}, NOW: {CITY: (2, None), A: None}}
    says("entries", told, register="document", category="hotline_report", when="event")
    says("entries", {NOW: {CITY: (1, None)}}, register="document", category="management_rule", grade="")


def test_lawsuits_of_lawyers(says: Says) -> None:
    """景法委字〔2020〕6号 附件2.一: 民事诉讼代理达到2000件: what firms hand in, in hundredths."""
    entry("lawyer_return", "civil", A, part=120, state="entered"), entry("lawyer_return", "civil", B, JUNE_30, part=80, state="entered")
    entry("lawyer_return", "criminal", A, part=30, state="entered"), entry("lawyer_return", "civil", B, part=999, state="void")
    entry("lawyer_return", "civil", B, part=999, state="returned"), entry("lawyer_return", "civil", A, LAST_YEAR, part=70, state="entered")
    told = {BEFORE: {CITY: (7000, None), A: (7000, None)}, NOW: {CITY: (20_000, None), A: (12_000, None), B: (8_000, None)}}
    says("entry_sum", told, register="lawyer_return", category="civil")
    says("entry_sum", {NOW: {CITY: (23_000, None)}}, register="lawyer_return", category=["civil", "criminal", "administrative"])


def test_mediators_bought_by_contract(says: Says) -> None:
    """丽委办发〔2017〕63号 附件三.6: 其中政府购买服务300名: posts of the contracts that run."""
    entry("purchase", "mediation", A, LAST_YEAR, part=12), entry("purchase", "mediation", B, LONG_AGO, part=8, ends=date(2025, 2, 1))
    entry("purchase", "mediation", B, part=5), entry("purchase", "counsel", A, part=40), entry("purchase", "mediation", A, part=9, state="entered")
    told = {BEFORE: {CITY: (2000, None), B: (800, None)}, NOW: {CITY: (1700, None), A: (1200, None), B: (500, None)}}
    says("entry_sum", told, register="purchase", category="mediation", when="holds")


def test_rates_that_reach_the_ceiling(says: Says) -> None:
    """丽委办发〔2017〕63号 附件一.3: 各项补贴标准达到全省标准上线: each rate in force against the province's ceiling."""
    ceiling: dict[str, Any] = {"whole": 1000, "grade": "ceiling"}
    entry("rate", "aid_case", A, LONG_AGO, part=1000, **ceiling), entry("rate", "duty", A, part=1200, **ceiling)
    entry("rate", "mediation", B, LONG_AGO, part=999, **ceiling), entry("rate", "counsel", B, LONG_AGO, part=1000, ends=SPRING, **ceiling)
    # Against an average, of another kind, unverified.
    entry("rate", "aid_case", B, part=2000, whole=1000, grade="average"), entry("rate", "hardship", B, part=2000, **ceiling)
    entry("rate", "publicity", B, part=2000, state="entered", **ceiling)
    given = {"register": "rate", "grade": "ceiling", "category": ["publicity", "mediation", "aid_case", "counsel", "duty"]}
    told = {BEFORE: {CITY: (2, 3), A: (1, 1), B: (1, 2)}, NOW: {CITY: (2, 3), A: (2, 2), B: (0, 1)}}
    says("entries_reaching", told, **given)


def test_items_that_can_be_done_online(says: Says) -> None:
    """景法委字〔2020〕6号 附件2.一: 公共法律服务事项可通过网络平台办理: of the items there are; and links that work, of those to the province."""
    for category, more in (("whole", {}), ("whole", {"ends": date(2025, 1, 31)}), ("partly", {}), ("offline", {}), ("whole", {"state": "void"})):
        entry("service_item", category, CITY, LONG_AGO, **{"state": "entered"} | more)
    entry("service_item", "whole", A, TOO_LATE, state="entered")
    for category, grade in (("provincial", "working"), ("provincial", "broken"), ("terminal", "working")):
        entry("system_link", category, CITY, LONG_AGO, grade=grade, state="entered")
    says("entries_of_kind", {BEFORE: {CITY: (2, 4)}, NOW: {CITY: (1, 3), A: None}}, register="service_item", category="whole")
    says("entries_of_kind", {NOW: {CITY: (2, 3)}}, register="service_item", category=["whole", "partly"])
    says("entries_of_kind", {NOW: {CITY: (1, 2)}}, register="system_link", within="provincial", grade="working")


def test_the_rate_of_an_aid_case(says: Says) -> None:
    """安徽 五（十二）: 建立法律援助办案补贴动态增长机制: the average of the rates in force, in hundredths, over how many there are."""
    entry("rate", "aid_case", A, LONG_AGO, part=1500, ends=JANUARY_1), entry("rate", "aid_case", A, JANUARY_1, part=1800)
    entry("rate", "aid_case", B, LONG_AGO, part=1600), entry("rate", "duty", B, part=300), entry("rate", "aid_case", C, part=9000, state="entered")
    # 1,500 and 1,600 yuan last year; 1,800 and 1,600 now.
    told = {BEFORE: {CITY: (310_000, 2), A: (150_000, 1)}, NOW: {CITY: (340_000, 2), A: (180_000, 1), B: (160_000, 1), C: None}}
    says("entry_average", told, register="rate", category="aid_case")


def test_dimensions_of_the_years_assessments(says: Says) -> None:
    """天津 四（四）: 对实施方案制定…七项进行考核: the average of the documents of the year."""
    entry("document", "assessment", A, part=7, state="entered"), entry("document", "assessment", B, part=6, state="entered")
    entry("document", "assessment", A, LAST_YEAR, part=5, state="entered"), entry("document", "management_rule", A, part=3, state="entered")
    told = {BEFORE: {CITY: (500, 1)}, NOW: {CITY: (1300, 2), A: (700, 1), B: (600, 1)}}
    says("entry_average", told, register="document", category="assessment", when="event")


def test_money_spent_on_purchases(says: Says) -> None:
    """乐山 六.3: 逐步扩大购买范围和规模: yuan of the year's contracts, kept in fen."""
    entry("purchase", "mediation", A, amount_fen=3_000_050), entry("purchase", "counsel", B, amount_fen=1_000_000)
    entry("purchase", "other", B, LAST_YEAR, amount_fen=2_000_000), entry("purchase", "other", B, amount_fen=9_000_000, state="entered")
    entry("budget_line", "publicity", A, amount_fen=7_000_000), entry("purchase", "other", A, TOO_LATE, amount_fen=8_000_000)
    told = {BEFORE: {CITY: (2_000_000, None), A: None}, NOW: {CITY: (4_000_050, None), A: (3_000_050, None), B: (1_000_000, None)}}
    says("money", told, register="purchase")
    says("money", {NOW: {CITY: (1_000_000, None), A: None}}, register="purchase", category="counsel")


def test_aid_money_a_resident(says: Says) -> None:
    """乐山 指标表2: 人均法律援助经费: the year's budget lines of city and counties over their residents."""
    entry("budget_line", "legal_aid", A, amount_fen=4_200_000), entry("budget_line", "legal_aid", CITY, amount_fen=10_000_000)
    entry("budget_line", "legal_aid", B, amount_fen=5_000_000, state="void"), entry("budget_line", "publicity", B, amount_fen=5_000_000)
    entry("budget_line", "legal_aid", B, LAST_YEAR, amount_fen=3_000_000)
    # 142,000 yuan to 100,000 people; in the first county 2.10 yuan a head.
    told = {BEFORE: {CITY: (3_000_000, 100_000), B: (3_000_000, 30_000)}, NOW: {CITY: (14_200_000, 100_000), A: (4_200_000, 20_000), B: (0, 30_000)}}
    says("money_to_population", told, register="budget_line", category="legal_aid")


def mediations() -> None:
    """Twelve cases: of the two townships, of last year, and some that count for nothing."""
    for region, result, agreement in (
        (A1, "agreed", "performed"), (A1, "agreed", "unperformed"), (TOWN_A, "agreed", "confirmed"), (TOWN_A, "failed", ""),
        (B1, "agreed", "pending"), (B1, "ended", ""), (TOWN_B, "accepted", ""),
    ):  # fmt: skip
        entry("mediation_case", result, region, grade=agreement, state="entered")
    entry("mediation_case", "agreed", A1, LAST_YEAR, grade="performed", state="entered"), entry("mediation_case", "failed", A1, LAST_YEAR, state="entered")
    entry("mediation_case", "agreed", A1, grade="performed", state="void"), entry("mediation_case", "agreed", A1, TOO_LATE, grade="performed", state="entered")
    entry("arbitration_return", "accepted", A1, part=3, whole=5, state="entered")


def test_mediation_succeeds(says: Says) -> None:
    """景法委字〔2020〕6号 附件2.一: 人民调解的成功率达90%以上: agreed, of those closed (agreed, failed, ended)."""
    mediations()
    says("mediation_success", {BEFORE: {CITY: (1, 2), TOWN_B: None}, NOW: {CITY: (4, 6), TOWN_A: (3, 4), TOWN_B: (1, 2)}})


def test_agreements_are_performed(says: Says) -> None:
    """安徽 二（三）: 协议履行率稳步提升: performed or judicially confirmed, of those that are due."""
    mediations()
    says("mediation_performance", {BEFORE: {CITY: (1, 1)}, NOW: {CITY: (2, 3), TOWN_A: (2, 3), TOWN_B: None}})


def test_villages_settle_most_disputes(says: Says) -> None:
    """丽委办发〔2017〕63号 附件一.2: 村级人民调解组织纠纷化解总量占比达60%以上: of all agreements those of villages."""
    mediations()
    says("mediation_by_level", {BEFORE: {CITY: (1, 1)}, NOW: {CITY: (3, 4), TOWN_A: (2, 3), TOWN_B: (1, 1)}}, levels=5)
