"""Where the policies' words are finer than a first count: last days, weekends, people and posts, whose lawyer, whose committee."""

from __future__ import annotations

from datetime import date

import pytest

from fahui.standards.indicators.definitions import indicators
from tests.standards.world import (
    A1,
    CITY,
    LAST_YEAR,
    LONG_AGO,
    NOW,
    TOWN_A,
    A,
    B,
    C,
    Says,
    body,
    case,
    entry,
    person,
    posting,
    shift,
    site,
    user,
)

LAST_DAY = date(2025, 6, 30)


def test_counsel_serves_on_the_last_day_of_the_contract(says: Says) -> None:
    """A contract from 1 July 2024 until 30 June 2025 covers 30 June, the day asked about."""
    posting("village_counsel", A1, person("lawyer"), valid_from=date(2024, 7, 1), valid_to=LAST_DAY)
    says("people_posted", {NOW: {CITY: (1, 1)}}, roles="village_counsel")


def test_a_licence_is_valid_on_the_day_until_which_it_is_valid(says: Says) -> None:
    """丽委办发〔2017〕63号 附件三.1 每万人律师比: a lawyer licensed until 30 June may practise that day."""
    person("lawyer", licensed_until=LAST_DAY)
    says("practitioners", {NOW: {CITY: (1, None)}}, kinds="lawyer")


def test_a_check_holds_on_the_day_until_which_it_holds(says: Says) -> None:
    """乐山 指标表5: an office whose check is valid until 30 June is a standard one on 30 June."""
    entry("standard_check", "notary_office", A, LONG_AGO, institution=body("notary_office", A), grade="passed", ends=LAST_DAY)
    says("institutions_with_entry", {NOW: {CITY: (1, 1)}}, kinds="notary_office", register="standard_check", grade="passed")


@pytest.mark.parametrize("hours", ["周一至周五 9:00–12:00、14:00–17:00；法定节假日休息", "工作日 9:00-17:00", "周一至周五 9:00-17:00，周末休息"])
def test_a_centre_of_working_days_is_not_open_at_weekends(hours: str, says: Says) -> None:
    """乐山 二.4 周末不打烊; the first is how the system itself tells a bureau to write its hours."""
    site("service_centre", A, opening_hours=hours)
    says("sites_open_weekends", {NOW: {CITY: (0, 1)}}, kinds="service_centre")


def test_chief_forensic_doctors_are_senior(says: Says) -> None:
    """丽委办发〔2017〕63号 附件三.5 高级职称鉴定人: 主任法医师 is 正高级, 副主任法医师 副高级, 主检法医师 中级."""
    for title in ("主任法医师", "副主任法医师", "主检法医师"):
        person("forensic_appraiser", title=title)
    says("senior_share", {NOW: {CITY: (2, 3)}}, kinds="forensic_appraiser")


def test_three_mediators_are_three_people(says: Says) -> None:
    """丽委办发〔2017〕63号 附件三.6: 每个行业性、专业性调解委员会配备3名以上专职调解员: a renewed post is the same person."""
    committee, renewed = body("industry_mediation_committee", A), person("mediator")
    posting("full_time_mediator", committee, renewed, contract="2024"), posting("full_time_mediator", committee, renewed, contract="2025")
    posting("full_time_mediator", committee, person("mediator"))
    says("institutions_with_posting", {NOW: {CITY: (0, 1)}}, kinds="industry_mediation_committee", roles="full_time_mediator", at_least=3)


def test_a_centre_that_was_given_up_is_not_built(says: Says) -> None:
    """丽委办发〔2017〕63号 附件二.1, read as 本级设有中心（站、点）并通过规范化检查的才计入."""
    entry("standard_check", "service_site", A, LAST_YEAR, site=site("service_centre", A, active=False), grade="passed")
    says("places_with_checked_site", {NOW: {CITY: (0, 3)}}, levels=3, kinds="service_centre")


def test_the_firm_has_the_lawyer(says: Says) -> None:
    """乐山 五.1: 各县至少有1家律师事务所（有1名以上律师）: a firm nobody works at, beside a lawyer of the aid agency, is none."""
    body("law_firm", C), person("lawyer", body("legal_aid_agency", C))
    says("places_with_staffed_institution", {NOW: {CITY: (0, 1)}}, levels=3, kinds="law_firm", professions="lawyer", autonomous=1)


def test_half_an_hour_of_duty_is_no_hour(says: Says) -> None:
    """景法委字〔2020〕6号 二（一）1: 7×24小时全天候: from half past eight to half past five are nine hours, not ten."""
    shift(user(), body("hotline_centre", CITY), "2025-06-30 08:30", "2025-06-30 17:30")
    says("hours_on_duty", {NOW: {CITY: (9 * 4, None)}})


def test_a_townships_committee_is_not_the_villages(says: Says) -> None:
    """丽委办发〔2017〕63号 附件一.2: 村级人民调解组织纠纷化解总量占比: a dispute of a village that the township's committee settled."""
    entry("mediation_case", "agreed", A1, institution=body("peoples_mediation_committee", TOWN_A), state="entered")
    says("mediation_by_level", {NOW: {CITY: (0, 1)}}, levels=5)


def test_aid_that_was_refused_was_not_given(says: Says) -> None:
    """乐山 指标表1: 每万人提供法律援助件数: of three applications one was granted; 100,000 residents."""
    for outcome in ("completed", "refused", "withdrawn"):
        case("legal_aid", B, outcome=outcome)
    use = next(i.use for i in indicators("leshan").indicators if i.id == "IND-LESH-009")
    assert use is not None
    says(use.measure, {NOW: {CITY: (1, 100_000)}}, **use.given)
