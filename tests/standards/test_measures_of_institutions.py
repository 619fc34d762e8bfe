"""Measures of institutions and bodies, counted by hand from the words of the policies that use them."""

from __future__ import annotations

from datetime import date

from tests.standards.world import (
    A1,
    A2,
    A3,
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
    posting,
    site,
)  # fmt: skip


def test_law_firms_of_the_city(says: Says) -> None:
    """丽委办发〔2017〕63号 附件三.1: 全市律师事务所总量达到50家."""
    body("law_firm", A, licensed_from=LONG_AGO), body("law_firm", A, licensed_from=SPRING), body("law_firm", B)
    body("law_firm", CITY)
    # Licensed after the last day, closed, and no law firm.
    body("law_firm", A, licensed_from=TOO_LATE), body("law_firm", B, active=False), body("notary_office", B)
    says("institutions", {BEFORE: {CITY: (3, None), A: (1, None)}, NOW: {CITY: (4, None), A: (2, None), B: (1, None), C: None}}, kinds="law_firm")
    says("institutions", {NOW: {CITY: (1, None), A: None}}, kinds="law_firm", levels=2)
    says("institutions", {NOW: {CITY: (1, None), B: (1, None)}}, kinds="law_firm", counties=[B, C])


def test_firms_are_as_large_as_their_lawyers_are_many(says: Says) -> None:
    """景法委字〔2020〕6号 附件2.一: 30人以上的律师事务所达到1家, with the lawyers licensed at the firm; here three are asked for."""
    large, small, left = body("law_firm", A), body("law_firm", A), body("law_firm", B)
    for _n in range(3):
        person("lawyer", large)
    # Two lawyers and a trainee; three lawyers of whom one has left and one's licence has ended; three in an office that is no firm.
    person("lawyer", small), person("lawyer", small), person("intern_lawyer", small)
    person("lawyer", left), person("lawyer", left, active=False), person("lawyer", left, licensed_until=SPRING)
    agency = body("legal_aid_agency", A)
    for _n in range(3):
        person("lawyer", agency)
    given = {"kinds": "law_firm", "professions": "lawyer"}
    says("institutions_of_size", {NOW: {CITY: (1, 3), A: (1, 2), B: (0, 1)}}, at_least=3, **given)
    # Last year the third firm had two: the one whose licence ended this spring was still there.
    says("institutions_of_size", {BEFORE: {CITY: (2, 3), A: (1, 2), B: (1, 1)}, NOW: {CITY: (1, 3), A: (1, 2), B: (0, 1)}}, at_least=2, at_most=2, **given)


def test_a_branch_is_of_a_firm_and_stands_in_the_county(says: Says) -> None:
    """景法委字〔2020〕6号 附件2.一: 律师事务所到较大的县级市设立分支机构1家."""
    firm, office = body("law_firm", CITY), body("notary_office", CITY)
    body("law_firm", A, parent=firm), body("law_firm", A, parent=firm, licensed_from=SPRING)
    # A branch elsewhere, a firm of its own, a branch that is no firm, one that has closed.
    body("law_firm", B, parent=firm), body("law_firm", A), body("notary_office", A, parent=office), body("law_firm", A, parent=firm, active=False)
    says("branches", {BEFORE: {CITY: (1, None)}, NOW: {CITY: (2, None), A: (2, None), B: None}}, kinds="law_firm", counties=A)


def test_an_agency_with_two_people_of_its_own(says: Says) -> None:
    """The share of institutions with so many people of a profession."""
    full, short, city = body("legal_aid_agency", A), body("legal_aid_agency", B), body("legal_aid_agency", CITY)
    person("agency_staff", full), person("agency_staff", full), person("agency_staff", city), person("agency_staff", city)
    person("agency_staff", short), person("lawyer", short), person("agency_staff", short, licensed_on=TOO_LATE)
    given = {"kinds": "legal_aid_agency", "professions": "agency_staff"}
    says("institutions_with_people", {NOW: {CITY: (2, 3), A: (1, 1), B: (0, 1)}}, at_least=2, **given)
    says("institutions_with_people", {NOW: {CITY: (2, 2), A: (1, 1), B: (1, 1)}}, levels=3, **given)


def test_party_and_government_have_counsel(says: Says) -> None:
    """安徽 三（六）: 市、县（区）党委、政府要实现法律顾问全覆盖: city and counties, of Party and government bodies."""
    kind = "party_or_government_body"
    city, served, ended, later, town = (body(kind, region) for region in (CITY, A, B, C, TOWN_A))
    for where in (city, served, town):
        posting("government_counsel", where, person("lawyer"))
    posting("government_counsel", ended, person("lawyer"), valid_to=date(2025, 1, 31))
    posting("government_counsel", later, person("lawyer"), valid_from=TOO_LATE)
    posting("enterprise_counsel", ended, person("lawyer"))
    body("school", A)
    given = {"kinds": kind, "levels": [2, 3], "roles": "government_counsel"}
    told = {BEFORE: {CITY: (3, 4), B: (1, 1)}, NOW: {CITY: (2, 4), A: (1, 1), B: (0, 1), C: (0, 1)}}
    says("institutions_with_posting", told, **given)


def test_an_industry_committee_has_three_full_time_mediators(says: Says) -> None:
    """丽委办发〔2017〕63号 附件三.6: 每个行业性、专业性调解委员会配备3名以上专职调解员."""
    three, two = body("industry_mediation_committee", A), body("industry_mediation_committee", B)
    for _n in range(3):
        posting("full_time_mediator", three, person("mediator"))
    # Two full-time ones, and one who is not.
    posting("full_time_mediator", two, person("mediator")), posting("full_time_mediator", two, person("mediator"))
    posting("mediator", two, person("mediator"))
    given = {"kinds": "industry_mediation_committee", "roles": "full_time_mediator", "at_least": 3}
    says("institutions_with_posting", {NOW: {CITY: (1, 2), A: (1, 1), B: (0, 1)}}, **given)


def test_standard_notary_offices(says: Says) -> None:
    """乐山 指标表5 标准化公证机构覆盖率: a passed check that holds, verified by a second person."""
    offices = [body("notary_office", region) for region in (A, A, A, B, B, CITY)]
    passed, lapsed, failed, other, unverified, old = offices
    entry("standard_check", "notary_office", A, institution=passed, grade="passed")
    entry("standard_check", "notary_office", A, institution=passed, grade="passed")  # twice checked is one office
    entry("standard_check", "notary_office", A, LAST_YEAR, institution=lapsed, grade="passed", ends=date(2025, 5, 1))
    entry("standard_check", "notary_office", A, institution=failed, grade="failed")
    entry("standard_check", "notary_mechanism", B, institution=other, grade="passed")
    entry("standard_check", "notary_office", B, institution=unverified, grade="passed", state="entered")
    entry("standard_check", "notary_office", CITY, LAST_YEAR, institution=old, grade="passed")
    given = {"kinds": "notary_office", "register": "standard_check", "category": "notary_office", "grade": "passed"}
    told = {BEFORE: {CITY: (2, 6), A: (1, 3), B: (0, 2)}, NOW: {CITY: (2, 6), A: (1, 3), B: (0, 2)}}
    says("institutions_with_entry", told, **given)
    # 专栏 培育标准化公证机构5个: the same as a number.
    says("institutions_meeting", told, **given)


def test_every_court_has_an_aid_station(says: Says) -> None:
    """丽委办发〔2017〕63号 附件一.3: 在各级法院法律援助工作站实现全覆盖."""
    with_it, closed, other, _none = (body("court", region) for region in (A, B, C, CITY))
    site("legal_aid_station", A, institution=with_it), site("legal_aid_station", A, institution=with_it)
    site("legal_aid_station", B, institution=closed, active=False)
    site("mediation_room", C, institution=other), site("legal_aid_station", C)
    site("legal_aid_station", A, institution=body("procuratorate", A))
    told = {NOW: {CITY: (1, 4), A: (1, 1), B: (0, 1), C: (0, 1)}}
    says("institutions_with_site", told, kinds="court", sites="legal_aid_station")
    says("institutions_with_site", {NOW: {CITY: (1, 3), A: (1, 1)}}, kinds="court", sites="legal_aid_station", levels=3)


def test_officials_sit_in_on_a_hearing_once_a_year(says: Says) -> None:
    """乐山 专栏2: 每年组织国家工作人员旁听法庭庭审不少于1次: who came counts, not who held it."""
    came, void, held_it, last_year, lecture = (body("party_or_government_body", region) for region in (A, A, B, B, CITY))
    court = body("court", A)
    held("court_observation", A, guest=came, organiser=court), held("court_observation", A, guest=came, organiser=court)
    held("court_observation", A, guest=void, state="void")
    held("court_observation", B, organiser=held_it)
    held("court_observation", B, LAST_YEAR, guest=last_year), held("court_observation", B, TOO_LATE, guest=last_year)
    held("lecture", A, guest=lecture)
    given = {"kinds": ["party_or_government_body"], "activities": "court_observation", "key": "guest"}
    told = {BEFORE: {CITY: (1, 5), A: (0, 2), B: (1, 2)}, NOW: {CITY: (1, 5), A: (1, 2), B: (0, 2)}}
    says("institutions_with_activity", told, **given)
    says("institutions_with_activity", {NOW: {CITY: (1, 5), A: (1, 2)}}, at_least=2, **given)
    says("institutions_with_activity", {NOW: {CITY: (1, 5), A: (0, 2), B: (1, 2)}}, **given | {"key": "organiser"})


def test_committees_at_work_mediate_or_look_for_disputes(says: Says) -> None:
    """The share of committees with a case or a screening in the period."""
    kind = "peoples_mediation_committee"
    case, screening, both, idle, old, industry = (
        body(kind, A1), body(kind, A2), body(kind, TOWN_A), body(kind, A3), body(kind, TOWN_B), body("industry_mediation_committee", A),
    )  # fmt: skip
    for committee in (case, both, industry):
        entry("mediation_case", "failed", committee.region_code, institution=committee, state="entered")
    for committee in (screening, both):
        held("screening", committee.region_code, organiser=committee)
    entry("mediation_case", "agreed", A3, institution=idle, state="void"), held("screening", A3, organiser=idle, state="void")
    entry("mediation_case", "agreed", TOWN_B, LAST_YEAR, institution=old)
    told = {BEFORE: {CITY: (1, 5), TOWN_B: (1, 1)}, NOW: {CITY: (3, 5), TOWN_A: (3, 4), TOWN_B: (0, 1)}}
    says("committees_at_work", told, levels=[4, 5])
    says("committees_at_work", {NOW: {CITY: (2, 3), TOWN_A: (2, 3)}}, levels=5)
