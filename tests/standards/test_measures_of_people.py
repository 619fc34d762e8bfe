"""Measures of the professions and of those who serve, counted by hand from the words of the policies that use them."""

from __future__ import annotations

from datetime import date

from tests.standards.world import (  # fmt: skip
    A1,
    A2,
    A3,
    B1,
    BEFORE,
    CITY,
    LAST_YEAR,
    LONG_AGO,
    NOW,
    SPRING,
    TOO_LATE,
    A,
    B,
    C,
    Says,
    entry,
    held,
    person,
    posting,
)

PROFESSIONS = ["lawyer", "notary", "grassroots_legal_worker", "forensic_appraiser", "mediator"]


def test_legal_professionals_to_ten_thousand_residents(says: Says) -> None:
    """天津 六: 每万名口人拥有专业法律服务人员5名以上; residents are those of the counties (20,000, 30,000, 50,000)."""
    for kind in PROFESSIONS:
        person(kind, region=A)
    person("lawyer", region=B), person("lawyer", region=CITY), person("lawyer", region=B, licensed_on=SPRING)
    # No profession of those named, left, licence at an end, not yet licensed.
    person("intern_lawyer", region=A), person("lawyer", region=A, active=False)
    person("notary", region=A, licensed_until=LAST_YEAR), person("mediator", region=C, licensed_on=TOO_LATE)
    told = {
        BEFORE: {CITY: (7, 100_000), A: (5, 20_000), B: (1, 30_000), C: (0, 50_000)},
        NOW: {CITY: (8, 100_000), A: (5, 20_000), B: (2, 30_000), C: (0, 50_000)},
    }
    says("practitioners_to_population", told, kinds=PROFESSIONS)


def test_senior_appraisers(says: Says) -> None:
    """丽委办发〔2017〕63号 附件三.5: 高级职称鉴定人占比持续提高; 正高级 and 副高级 are senior."""
    for title in ("正高级工程师", "副高级", "中级", ""):
        person("forensic_appraiser", region=A, title=title)
    person("forensic_appraiser", region=B, title="高级工程师", licensed_on=SPRING)
    person("forensic_appraiser", region=B, title="高级工程师", active=False), person("notary", region=B, title="二级公证员")
    says("senior_share", {BEFORE: {CITY: (2, 4), A: (2, 4), B: None}, NOW: {CITY: (3, 5), A: (2, 4), B: (1, 1)}}, kinds="forensic_appraiser")


def test_the_first_and_second_grade_of_notaries_are_senior(says: Says) -> None:
    """一级公证员 and 二级公证员 are 正高级 and 副高级 (关于深化公共法律服务专业人员职称制度改革的指导意见)."""
    for title in ("一级公证员", "二级公证员", "三级公证员", "四级公证员"):
        person("notary", region=A, title=title)
    says("senior_share", {NOW: {CITY: (2, 4), A: (2, 4), B: None}}, kinds="notary")


def test_posts_in_resettlement(says: Says) -> None:
    """乐山 五.2: 配置11个安置帮教公益岗位服务人员: posts, wherever they stand."""
    worker = person("resettlement_worker", region=A)
    posting("resettlement_post", A, worker), posting("resettlement_post", B, worker), posting("resettlement_post", CITY)
    posting("resettlement_post", B, valid_from=SPRING)
    posting("resettlement_post", A, valid_to=date(2025, 2, 1)), posting("resettlement_post", A, valid_from=TOO_LATE), posting("mediator", A)
    told = {BEFORE: {CITY: (4, None), A: (2, None), B: (1, None)}, NOW: {CITY: (4, None), A: (1, None), B: (2, None)}}
    says("postings", told, roles="resettlement_post")
    says("postings", {NOW: {CITY: (3, None), A: (1, None)}}, roles="resettlement_post", levels=3)


def test_a_mediator_of_two_committees_is_one_mediator(says: Says) -> None:
    """乐山 指标表3 全市专职人民调解员数量: people, in the place of their licence; of all practitioners of the directory."""
    twice, once, part_time, gone = (person("mediator", region=region) for region in (A, B, A, B))
    posting("full_time_mediator", A1, twice), posting("full_time_mediator", B1, twice)
    posting("full_time_mediator", A2, once)  # at work in another county than they are registered in
    posting("mediator", A3, part_time), posting("full_time_mediator", B1, gone, valid_to=date(2025, 3, 1))
    lawyer = person("lawyer", region=B)
    posting("full_time_mediator", B1, lawyer, valid_from=SPRING)
    told = {BEFORE: {CITY: (3, 5), A: (1, 2), B: (2, 3)}, NOW: {CITY: (3, 5), A: (1, 2), B: (2, 3)}}
    says("people_posted", told, roles="full_time_mediator")
    says("people_posted", {NOW: {CITY: (2, 4), A: (1, 2), B: (1, 2)}}, roles="full_time_mediator", professions="mediator")


def test_village_counsel_who_are_lawyers_or_legal_workers(says: Says) -> None:
    """乐山 专栏5: 村（社区）法律顾问中律师、基层法律服务工作者比例; counted by villages served, the measure says."""
    posting("village_counsel", A1, person("lawyer")), posting("village_counsel", A2, person("grassroots_legal_worker"))
    posting("village_counsel", A3, person("volunteer")), posting("village_counsel", B1)  # somebody without a licence
    posting("village_counsel", B1, person("lawyer", region=B), valid_to=date(2025, 1, 1))
    posting("full_time_mediator", A1, person("lawyer"))
    told = {BEFORE: {CITY: (3, 5), A: (2, 3), B: (1, 2)}, NOW: {CITY: (2, 4), A: (2, 3), B: (0, 1)}}
    says("posted_by_profession", told, roles="village_counsel", professions=["lawyer", "grassroots_legal_worker"])


def test_hours_of_trainees_who_served(says: Says) -> None:
    """丽委办发〔2017〕63号 附件三.1: 实习律师…年均时间不少于48小时, over those who have a service on record."""
    two_days, one_day, none, lawyer = (person(kind, region=A) for kind in ("intern_lawyer", "intern_lawyer", "intern_lawyer", "lawyer"))
    held("welfare_service", A, parts=[(two_days, "gave", 1500), (lawyer, "gave", 900)]), held("lecture", B, parts=[(two_days, "gave", 1380)])
    held("publicity", A, parts=[(one_day, "gave", 60)])
    # To be trained is no service; neither is what was void, not theirs to give, or in another year.
    held("training", A, parts=[(none, "attended", 480)]), held("lecture", A, parts=[(none, "attended", 90)])
    held("publicity", A, parts=[(none, "gave", 600)], state="void"), held("publicity", A, LAST_YEAR, parts=[(one_day, "gave", 120)])
    # 1,500 + 1,380 + 60 minutes by two people: 24.5 hours each. All of it in the county of their licence.
    says("hours_a_serving_person", {BEFORE: {CITY: (120, 1), A: (120, 1)}, NOW: {CITY: (2940, 2), A: (2940, 2), B: None}}, kinds="intern_lawyer")


def test_forty_lessons_a_year_for_each_notary(says: Says) -> None:
    """丽委办发〔2017〕63号 附件三.4: 公证员参加业务培训每年每人不少于40课时, a lesson being 45 minutes: 1,800."""
    enough, short, taught, missed, left = (person("notary", region=region) for region in (A, A, B, B, B))
    held("training", CITY, parts=[(enough, "attended", 900), (short, "attended", 900), (taught, "gave", 1800)])
    held("training", CITY, date(2025, 6, 30), parts=[(enough, "attended", 900), (short, "attended", 899)])
    held("training", CITY, date(2025, 6, 1), parts=[(missed, "attended", 1800)], state="void")
    held("lecture", CITY, parts=[(missed, "attended", 1800)]), held("training", CITY, LAST_YEAR, parts=[(missed, "attended", 1800)])
    held("training", CITY, TOO_LATE, parts=[(short, "attended", 900)])
    left.active = False
    left.save()
    given = {"kinds": "notary", "part": "attended", "activities": "training"}
    told = {BEFORE: {CITY: (1, 4), A: (0, 2), B: (1, 2)}, NOW: {CITY: (1, 4), A: (1, 2), B: (0, 2)}}
    says("people_with_hours", told, minutes=1800, **given)
    # 覆盖率: whoever was at any training at all.
    says("people_with_hours", {NOW: {CITY: (2, 4), A: (2, 2), B: (0, 2)}}, minutes=1, **given)


def test_holders_of_titles(says: Says) -> None:
    """乐山 专栏4 and 专栏5: 省级品牌调解工作室10个, 金牌人民调解员20名: verified, as long as they hold the title."""
    entry("honour", "brand_mediation_room", A, LONG_AGO, grade="province"), entry("honour", "brand_mediation_room", B, grade="province")
    entry("honour", "brand_mediation_room", A, grade="city")
    entry("honour", "brand_mediation_room", C, LONG_AGO, grade="province", ends=date(2025, 6, 30))  # expires that day (失效日期)
    entry("honour", "brand_mediation_room", C, grade="province", state="entered"), entry("honour", "brand_mediation_room", C, grade="province", state="returned")
    entry("honour", "brand_mediation_room", C, TOO_LATE, grade="province")
    told = {BEFORE: {CITY: (2, None), A: (1, None), C: (1, None)}, NOW: {CITY: (2, None), A: (1, None), B: (1, None), C: None}}
    says("honours", told, titles="brand_mediation_room", grades="province")
    says("honours", {NOW: {CITY: (3, None), A: (2, None)}}, titles="brand_mediation_room")


def test_titles_of_certain_counties_and_professions(says: Says) -> None:
    """乐山 专栏1: 支持夹江县…、井研县…、马边县…打造示范性县级公共法律服务中心: only those counties."""
    for county in (A, B, C):
        entry("honour", "demonstration_centre", county)
    entry("honour", "demonstration_station", C)
    says("honours", {NOW: {CITY: (2, None), A: None, B: (1, None), C: (1, None)}}, titles="demonstration_centre", counties=[B, C])


def test_gold_mediators_of_one_profession(says: Says) -> None:
    """乐山 专栏4: 培育20名金牌人民调解员; narrowed to those whom the directory has as mediators."""
    entry("honour", "gold_mediator", A, practitioner=person("mediator")), entry("honour", "gold_mediator", A, practitioner=person("lawyer"))
    entry("honour", "gold_mediator", B)
    says("honours", {NOW: {CITY: (1, None), A: (1, None), B: None}}, titles="gold_mediator", professions="mediator")
