"""Measures of what stands where and of places served, counted by hand from the words of the policies that use them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.standards.world import (  # fmt: skip
    A1,
    A2,
    A3,
    B1,
    B2,
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
    entry,
    held,
    person,
    post,
    posting,
    site,
    user,
)


def test_each_level_has_a_platform_of_its_own(says: Says) -> None:
    """景法委字〔2020〕6号 附件2.一: 乡镇（街道）工作站、村（社区）工作室建成率达100%; a station in a village is not the township's."""
    site("service_centre", CITY), site("service_centre", A), site("service_centre", C, active=False)
    site("service_station", TOWN_A), site("service_station", B1)
    site("service_room", A1), site("service_room", A1), site("service_room", A2), site("law_library", A3)
    says("three_levels_with_site", {NOW: {CITY: (2, 4), A: (1, 1), B: (0, 1), C: (0, 1)}}, levels=[2, 3], kinds="service_centre")
    says("three_levels_with_site", {NOW: {CITY: (1, 2), TOWN_A: (1, 1), TOWN_B: (0, 1)}}, levels=4, kinds="service_station")
    says("three_levels_with_site", {NOW: {CITY: (3, 6), TOWN_A: (2, 3), TOWN_B: (1, 3)}}, levels=5, kinds=["service_room", "service_station"])
    told = {NOW: {CITY: (2, 5), A: (2, 2), B: (0, 2), C: (0, 1)}}
    says("three_levels_with_site", told, levels=[3, 4], kinds=["service_centre", "service_station"])
    # 天津: 统计代码中的“市辖区”不是一级政府，不计; here one county is left out.
    says("three_levels_with_site", {NOW: {CITY: (2, 3), A: (1, 1), B: (0, 1), C: None}}, levels=[2, 3], kinds="service_centre", places={"!=": C})


def test_centres_that_passed_their_check(says: Says) -> None:
    """丽委办发〔2017〕63号 附件二.1: 到2017年底，县（市、区）公共法律服务中心建设率达到100%, checked ones."""
    passed, failed, unverified = site("service_centre", A), site("service_centre", B), site("service_centre", C)
    entry("standard_check", "service_site", A, LAST_YEAR, site=passed, grade="passed")
    entry("standard_check", "service_site", B, LAST_YEAR, site=failed, grade="passed", ends=SPRING)
    entry("standard_check", "service_site", B, site=failed, grade="failed")
    entry("standard_check", "service_site", C, site=unverified, grade="passed", state="entered")
    entry("standard_check", "hall", C, site=unverified, grade="passed")
    # What a township's station passed is not the county's.
    entry("standard_check", "service_site", TOWN_B, site=site("service_station", TOWN_B), grade="passed")
    told = {BEFORE: {CITY: (2, 3), A: (1, 1), B: (1, 1)}, NOW: {CITY: (1, 3), A: (1, 1), B: (0, 1), C: (0, 1)}}
    says("places_with_checked_site", told, levels=3, kinds="service_centre")
    says("places_with_checked_site", {NOW: {CITY: (2, 11), A: (1, 5), B: (1, 5), C: (0, 1)}}, levels=[3, 4, 5])


def test_every_county_has_an_aid_agency(says: Says) -> None:
    """乐山 专栏3: 推进市县法律援助机构全覆盖."""
    body("legal_aid_agency", CITY), body("legal_aid_agency", A), body("legal_aid_agency", A)
    body("legal_aid_agency", B, licensed_from=SPRING), body("legal_aid_agency", C, active=False), body("law_firm", C)
    told = {BEFORE: {CITY: (2, 4), A: (1, 1), B: (0, 1)}, NOW: {CITY: (3, 4), A: (1, 1), B: (1, 1), C: (0, 1)}}
    says("places_with_institution", told, levels=[2, 3], kinds="legal_aid_agency")
    says("places_with_institution", {NOW: {CITY: (1, 3), A: (1, 1), B: (0, 1)}}, levels=3, kinds="legal_aid_agency", at_least=2)
    says("places_with_institution", {NOW: {CITY: (0, 1), A: None, C: (0, 1)}}, levels=3, kinds="legal_aid_agency", autonomous=1)


def test_a_committee_for_each_township_and_village(says: Says) -> None:
    """乐山 四.3 应建尽建: each township and each village one of its own; a village's is not the township's."""
    kind = "peoples_mediation_committee"
    body(kind, TOWN_A), body(kind, A1), body(kind, A1), body(kind, B1), body(kind, B), body("industry_mediation_committee", A2)
    told = {NOW: {CITY: (3, 8), TOWN_A: (2, 4), TOWN_B: (1, 4)}}
    says("places_with_institution", told, levels=[4, 5], kinds=kind, key="region")


def test_an_autonomous_county_has_a_firm_and_a_lawyer(says: Says) -> None:
    """乐山 五.1: 民族地区各县至少有1家律师事务所（有1名以上律师）."""
    given = {"levels": 3, "kinds": "law_firm", "professions": "lawyer"}
    firm = body("law_firm", C)
    body("law_firm", A), person("lawyer", body("law_firm", B))
    # A trainee is no lawyer; the lawyer came in spring.
    person("intern_lawyer", firm), person("lawyer", firm, licensed_on=SPRING)
    told = {BEFORE: {CITY: (0, 1), C: (0, 1)}, NOW: {CITY: (1, 1), A: None, C: (1, 1)}}
    says("places_with_staffed_institution", told, autonomous=1, **given)
    says("places_with_staffed_institution", {NOW: {CITY: (2, 3), A: (0, 1), B: (1, 1), C: (1, 1)}}, **given)


def test_villages_with_all_of_counsel(says: Says) -> None:
    """乐山 四.4 全覆盖、全规范、全时空: counsel in office, the check passed, a service on record."""
    for village in (A1, A2, A3, B1):
        posting("village_counsel", village, person("lawyer"))
    posting("village_counsel", B2, person("lawyer"), valid_to=date(2025, 5, 31))
    for village in (A1, A3, B1, B2):
        entry("standard_check", "counsel_service", village, LAST_YEAR, grade="passed")
    entry("standard_check", "counsel_service", A2, grade="passed", state="entered")
    for village, kind in ((A1, "counsel_visit"), (A2, "lecture"), (B2, "counsel_service")):
        held(kind, village)
    # Void, and a visit of last year.
    held("counsel_visit", A3, state="void"), held("counsel_visit", B1, LAST_YEAR)
    told = {BEFORE: {CITY: (1, 6), TOWN_A: (0, 3), TOWN_B: (1, 3)}, NOW: {CITY: (1, 6), TOWN_A: (1, 3), TOWN_B: (0, 3)}}
    says("villages_fully_served", told)


def test_a_lecture_in_each_village_each_quarter(says: Says) -> None:
    """景法委字〔2020〕6号 附件1.一: 每季度举办一次法治讲座; and 宪法日 in each county (丽委办发〔2017〕63号 附件一.1)."""
    held("lecture", A1), held("lecture", A1), held("lecture", A3), held("lecture", B1, date(2025, 1, 1)), held("lecture", B2, date(2025, 6, 30))
    held("lecture", A2, state="void"), held("publicity", A2), held("lecture", A2, TOO_LATE), held("lecture", B2, LAST_YEAR)
    held("lecture", TOWN_A)  # for the township, in no village
    told = {BEFORE: {CITY: (1, 6), TOWN_A: (0, 3), TOWN_B: (1, 3)}, NOW: {CITY: (4, 6), TOWN_A: (2, 3), TOWN_B: (2, 3)}}
    says("places_with_activity", told, levels=5, kinds="lecture")
    says("places_with_activity", {NOW: {CITY: (1, 6), TOWN_A: (1, 3), TOWN_B: (0, 3)}}, levels=5, kinds="lecture", at_least=2)
    says("places_with_activity", {NOW: {CITY: (1, 1), TOWN_A: (1, 1), TOWN_B: None}}, levels=5, kinds="lecture", urban=1)


def test_constitution_day_in_each_county(says: Says) -> None:
    """丽委办发〔2017〕63号 附件一.1: 组织好每年“12·4”国家宪法日集中宣传活动; what a township holds is in the county."""
    held("campaign", A, topic="constitution_day"), held("campaign", TOWN_B, topic="constitution_day")
    held("campaign", C, topic="civil_code"), held("campaign", CITY, topic="constitution_day"), held("campaign", C, LAST_YEAR, topic="constitution_day")
    told = {BEFORE: {CITY: (1, 3), C: (1, 1)}, NOW: {CITY: (2, 3), A: (1, 1), B: (1, 1), C: (0, 1)}}
    says("places_with_activity", told, levels=3, kinds="campaign", topic="constitution_day")


def test_culture_places_with_something_going_on(says: Says) -> None:
    """丽委办发〔2017〕63号 附件一.1: 法治文化活动、阵地有效覆盖面达到95%: a place, and an activity in the year."""
    for village in (A1, A2, B1):
        site("culture_square", village)
    site("law_farmyard", B2, active=False), site("service_room", A3)
    for village in (A1, B2, A3):
        held("publicity", village)
    held("publicity", A2, state="void"), held("training", A2), held("lecture", B1, TOO_LATE)
    given = {"kinds": ["culture_square", "law_farmyard"], "activities": ["publicity", "campaign", "lecture"]}
    says("places_with_site_and_activity", {NOW: {CITY: (1, 6), TOWN_A: (1, 3), TOWN_B: (0, 3)}}, levels=5, **given)


def test_aid_is_in_the_budget_of_its_own_level(says: Says) -> None:
    """安徽 五（十二）: 将法律援助经费纳入同级财政预算: the year's line, of city and county each."""
    entry("budget_line", "legal_aid", CITY, date(2025, 1, 1)), entry("budget_line", "legal_aid", A, date(2025, 1, 1))
    entry("budget_line", "legal_aid", B, date(2024, 1, 1), ends=date(2025, 1, 1)), entry("budget_line", "mediation", B, date(2025, 1, 1))
    entry("budget_line", "legal_aid", C, date(2025, 1, 1), state="entered"), entry("budget_line", "legal_aid", TOWN_B, date(2025, 1, 1))
    given = {"levels": [2, 3], "register": "budget_line", "category": "legal_aid", "when": "event", "key": "region"}
    says("places_with_entry", {BEFORE: {CITY: (1, 4), B: (1, 1)}, NOW: {CITY: (2, 4), A: (1, 1), B: (0, 1), C: (0, 1)}}, **given)


def test_advice_within_each_township(says: Says) -> None:
    """丽委办发〔2017〕63号 附件一.3: 实现法律援助咨询服务全覆盖: somebody stationed in the township or a village of it, as yet."""
    entry("stationing", "consultation", A1, LONG_AGO, state="entered"), entry("stationing", "legal_aid", B1, LONG_AGO, ends=date(2025, 2, 1))
    entry("stationing", "notary", TOWN_B), entry("stationing", "counsel", TOWN_B, TOO_LATE), entry("stationing", "counsel", B)
    given = {"levels": 4, "register": "stationing", "category": ["legal_aid", "consultation", "counsel"]}
    told = {BEFORE: {CITY: (2, 2), TOWN_A: (1, 1), TOWN_B: (1, 1)}, NOW: {CITY: (1, 2), TOWN_A: (1, 1), TOWN_B: (0, 1)}}
    says("places_with_entry", told, **given)


def test_four_levels_work_in_the_system(says: Says) -> None:
    """景法委字〔2020〕6号 二（二）8: 纵向贯通市、县、乡、村四级: staff of one's own in each."""
    post(CITY), post(A), post(A), post(TOWN_A), post(A1, valid_from=SPRING)
    post(B, user(is_active=False)), post(C, valid_from=TOO_LATE), post(B1, valid_to=date(2025, 2, 1))
    told = {BEFORE: {CITY: (4, 12), A: (2, 5), B: (1, 5), C: (0, 1)}, NOW: {CITY: (4, 12), A: (3, 5), B: (0, 5), C: (0, 1)}}
    says("places_with_accounts", told, levels=[2, 3, 4, 5])
    says("places_with_accounts", {NOW: {CITY: (1, 3), A: (1, 1)}}, levels=3)


def test_the_platform_is_in_operation_when_the_city_works_in_it(says: Says) -> None:
    """天津 三（三）: 公共法律服务动态管理平台要上线运行: the city's own staff; a county's do not make it the city's."""
    post(CITY, valid_from=SPRING), post(A)
    says("system_online", {BEFORE: {CITY: (0, 1)}, NOW: {CITY: (1, 1), A: None}})


def test_centres_open_at_weekends(says: Says) -> None:
    """乐山 二.4: 深化“周末不打烊”服务机制."""
    site("service_centre", A, opening_hours="周一至周日 9:00-17:00"), site("service_centre", A, opening_hours="每天 9:00-17:00")
    site("service_centre", B, opening_hours="周一至周五 9:00-17:00；周六 9:00-12:00"), site("service_centre", B, opening_hours="周一至周五 9:00-17:00")
    site("service_centre", C), site("service_centre", C, opening_hours="每天 9:00-17:00", active=False), site("service_station", C, opening_hours="每天 9:00-17:00")
    says("sites_open_weekends", {NOW: {CITY: (3, 5), A: (2, 2), B: (1, 2), C: (0, 1)}}, kinds="service_centre")


def test_sites_in_use(says: Says) -> None:
    """Places of a kind and level, as they stand: nothing is told of last year."""
    site("service_station", TOWN_A), site("service_station", TOWN_B), site("service_station", B1)
    site("service_station", TOWN_A, active=False), site("service_room", A1)
    says("sites", {BEFORE: {CITY: None}, NOW: {CITY: (3, None), A: (1, None), TOWN_B: (2, None)}}, kinds="service_station")
    says("sites", {NOW: {CITY: (2, None), B: (1, None), C: None}}, kinds="service_station", levels=4)


def test_the_citys_centre_is_large_enough(says: Says) -> None:
    """天津 三（一）: 市公共法律服务中心不少于240平方米: 240.5 square metres are 2,405 tenths; a county's do not count."""
    site("service_centre", CITY, area_m2=Decimal("240.5")), site("service_centre", CITY, area_m2=Decimal(90), active=False)
    site("service_centre", A, area_m2=Decimal(120)), site("service_station", CITY, area_m2=Decimal(50)), site("service_centre", B)
    says("site_area", {BEFORE: {CITY: None}, NOW: {CITY: (2405, None), A: None}}, kinds="service_centre", levels=2)
    says("site_area", {NOW: {CITY: (3605, None), A: (1200, None), B: (0, None)}}, kinds="service_centre")


def test_demonstration_centres_and_stations_for_veterans(says: Says) -> None:
    """乐山 指标表9 示范性公共法律服务中心建成率; 五.4 标准化退役军人公共法律服务工作站 1个."""
    titled, lost, unverified, _plain = (site("service_centre", region) for region in (A, B, C, CITY))
    entry("honour", "demonstration_centre", A, site=titled), entry("honour", "demonstration_centre", C, site=unverified, state="entered")
    entry("honour", "demonstration_centre", B, LAST_YEAR, site=lost, ends=date(2025, 1, 31)), entry("honour", "smart_correction", B, site=lost)
    closed = site("service_centre", A, active=False)
    entry("honour", "demonstration_centre", A, site=closed)
    told = {NOW: {CITY: (1, 4), A: (1, 1), B: (0, 1), C: (0, 1)}}
    says("sites_with_entry", told, kinds="service_centre", register="honour", category="demonstration_centre")
    says("sites_with_entry", {NOW: {CITY: (1, 3)}}, kinds="service_centre", levels=3, register="honour", category="demonstration_centre")


def test_standard_stations_for_veterans(says: Says) -> None:
    """乐山 五.4: 1个标准化退役军人公共法律服务工作站: as a number, of those there are."""
    passed, failed = site("veteran_station", A), site("veteran_station", B)
    entry("standard_check", "veteran_station", A, site=passed, grade="passed"), entry("standard_check", "veteran_station", A, site=passed, grade="passed")
    entry("standard_check", "veteran_station", B, site=failed, grade="failed"), entry("standard_check", "hall", B, site=failed, grade="passed")
    given = {"kinds": "veteran_station", "register": "standard_check", "category": "veteran_station", "grade": "passed"}
    says("sites_meeting", {NOW: {CITY: (1, 2), A: (1, 1), B: (0, 1)}}, **given)


def test_mediation_rooms_with_a_full_time_mediator(says: Says) -> None:
    """丽委办发〔2017〕63号 附件三.6: 调解工作室配备1名以上专职调解员: of the committee whose room it is."""
    staffed, part_time, left = (body("peoples_mediation_committee", region) for region in (A1, B1, B2))
    for committee in (staffed, part_time, left):
        site("mediation_room", committee.region_code, institution=committee)
    site("mediation_room", A2), site("mediation_room", A1, institution=staffed, active=False)
    posting("full_time_mediator", staffed, person("mediator")), posting("mediator", part_time, person("mediator"))
    posting("full_time_mediator", left, person("mediator"), valid_to=date(2025, 4, 1)), posting("full_time_mediator", A2, person("mediator"))
    told = {NOW: {CITY: (1, 4), TOWN_A: (1, 2), TOWN_B: (0, 2)}}
    says("sites_with_posting_people", told, kinds="mediation_room", roles="full_time_mediator")


def test_three_law_literate_people_in_each_natural_village(says: Says) -> None:
    """安徽 二（一）: 全市每个自然村至少培养3名“法律明白人”."""
    for unit, village, category in (("Z1", A1, "natural_village"), ("Z2", A1, "natural_village"), ("Z3", B1, "natural_village"), ("L1", B1, "building")):
        entry("unit_below", category, village, LONG_AGO, code=unit, state="entered")
    entry("unit_below", "natural_village", B1, LONG_AGO, code="Z9", state="entered", ends=date(2025, 1, 1))
    for unit, people in (("Z1", 3), ("Z2", 2), ("L1", 3), ("Z9", 3)):
        for _n in range(people):
            posting("legal_pathfinder", A1, target_name=unit)
    posting("legal_pathfinder", A1, target_name="Z2", valid_to=date(2025, 6, 1)), posting("law_leader", A1, target_name="Z2")
    given = {"categories": "natural_village", "roles": "legal_pathfinder", "at_least": 3}
    # The unit that was given up counted last year, and so did the one whose third person has gone since.
    told = {BEFORE: {CITY: (3, 4), TOWN_A: (2, 2), TOWN_B: (1, 2)}, NOW: {CITY: (1, 3), TOWN_A: (1, 2), TOWN_B: (0, 1)}}
    says("units_below_with_posting", told, **given)
