"""The fixed small set of records from which the golden reports of four cities are made: the same for each, in its own places and year.

Two counties with a township and three villages each; where the city's file has no townships, the county stands for all of them.
The first county has 20,000 residents, the second 30,000. What is written "nothing" here must not be in any figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fahui.foundation.models import Institution, Practitioner
from tests.standards.world import body, case, entry, held, person, post, posting, shift, site, user

RESIDENTS = (20_000, 30_000)


@dataclass(frozen=True)
class Ground:
    """Where and when a city's records are: its code and that of its government, two counties, their townships and villages."""

    city: int
    seat: int
    counties: tuple[int, int]
    towns: tuple[int, int]
    villages: tuple[tuple[int, int, int], tuple[int, int, int]]
    as_of: date

    @property
    def spring(self) -> date:
        """A day of the half year asked about."""
        return date(self.as_of.year, 3, 5)

    @property
    def before(self) -> date:
        """The same day a year earlier."""
        return date(self.as_of.year - 1, 3, 5)

    @property
    def late(self) -> date:
        """The day after the one asked about."""
        return date(self.as_of.year, 7, 1)


def fill(ground: Ground) -> None:
    """Enter all of it."""
    firm, office = _people(ground)
    _posts(ground, firm, office)
    _places(ground)
    _registers(ground)
    _returns(ground)
    _activities(ground, office)
    _cases(ground, firm)
    _duty(ground)


def _people(ground: Ground) -> tuple[list[Practitioner], list[Practitioner]]:
    """Four lawyers (one since spring, one in the second county), three notaries (one there), and the other professions."""
    one, other = ground.counties
    firm, small = body("law_firm", one), body("law_firm", other)
    body("law_firm", other, parent=firm), body("law_firm", one, active=False)
    lawyers = [person("lawyer", firm), person("lawyer", firm), person("lawyer", firm, licensed_on=ground.spring), person("lawyer", small)]
    person("lawyer", firm, licensed_until=ground.before), person("intern_lawyer", firm)
    notaries = [person("notary", body("notary_office", where), title=title) for where, title in
                ((one, "二级公证员"), (one, "三级公证员"), (other, "四级公证员"))]  # fmt: skip
    person("grassroots_legal_worker", region=other), person("agency_staff", body("legal_aid_agency", one)), person("arbitrator", region=one)
    for title in ("副高级", "中级"):
        person("forensic_appraiser", region=other, title=title)
    return lawyers, notaries


def _posts(ground: Ground, lawyers: list[Practitioner], notaries: list[Practitioner]) -> None:
    """Counsel of three villages by two people, mediators, and who serves bodies."""
    (p1, p2, _p3), (q1, q2, _q3) = ground.villages
    one, other = ground.counties
    posting("village_counsel", p1, lawyers[0]), posting("village_counsel", p2, lawyers[0]), posting("village_counsel", q1, lawyers[3])
    posting("village_counsel", q2, lawyers[1], valid_to=ground.before), posting("village_counsel", q2, lawyers[1], valid_from=ground.late)
    mediators = [person("mediator", region=one), person("mediator", region=one), person("mediator", region=other)]
    for mediator, where in zip(mediators, (ground.towns[0], ground.towns[0], q1), strict=True):
        posting("full_time_mediator", where, mediator)
    for _n in range(3):
        posting("legal_pathfinder", p1, target_name="N1")
    posting("legal_pathfinder", q1, target_name="N2"), posting("law_leader", q1), posting("law_leader", q1)
    government = [body("party_or_government_body", where) for where in (ground.seat, one, other)]
    for served in government[:2]:
        posting("government_counsel", served, lawyers[0])
    posting("public_lawyer", government[2], lawyers[3])
    posting("government_counsel", body("government_department", one), lawyers[1])
    body("government_department", other)
    posting("enterprise_counsel", body("enterprise", one), lawyers[1])
    schools = [body("school", one), body("school", one), body("school", other)]
    posting("legal_vice_principal", schools[0], notaries[0]), posting("law_tutor", schools[0]), posting("law_tutor", schools[2])


def _places(ground: Ground) -> None:
    """Centres of the city (250.5 m², open on Saturdays) and one county, a station, three rooms, places of culture."""
    (p1, p2, _p3), (q1, _q2, _q3) = ground.villages
    one, other = ground.counties
    centre = site("service_centre", ground.seat, area_m2=Decimal("250.5"), opening_hours="周一至周六 9:00-17:00")
    county = site("service_centre", one, area_m2=Decimal(90), opening_hours="周一至周五 9:00-17:00")
    site("service_centre", other, active=False), site("service_station", ground.towns[0])
    for village in (p1, p2, q1):
        site("service_room", village), site("publicity_board", village)
    square = site("culture_square", p1)
    site("law_farmyard", q1), site("law_library", q1), site("youth_education_base", other)
    courts = [body("court", one), body("court", other)]
    site("legal_aid_station", one, institution=courts[0]), site("mediation_room", other, institution=courts[1])
    entry("standard_check", "service_site", one, ground.before, site=county, grade="passed")
    entry("standard_check", "service_site", ground.towns[0], ground.before, grade="failed")
    entry("standard_check", "hall", p1, ground.before, site=square, grade="passed")
    entry("media_output", "product", p1, ground.before, site=square, state="entered")
    entry("stationing", "notary", ground.seat, ground.before, site=centre, state="entered")
    for where in (ground.city, one, ground.towns[0], p1):
        post(where)
    post(other, user(is_active=False))


def _registers(ground: Ground) -> None:
    """Titles, teams, documents, money and rates, items and links. Sums in yuan are told in fen."""
    one, other = ground.counties
    town, year = ground.towns[0], date(ground.as_of.year, 1, 1)
    for title, where, more in (
        ("brand_product", one, {}), ("famous_lawyer", one, {}), ("leading_criminal", other, {}), ("mediation_expert", other, {}),
        ("brand_product", other, {"ends": ground.before}), ("brand_product", other, {"state": "entered"}),
    ):  # fmt: skip
        entry("honour", title, where, date(ground.as_of.year - 2, 6, 1), **more)
    entry("budget_line", "legal_aid", one, year, amount_fen=4_000_000, part=40_000, whole=50_000)
    entry("budget_line", "legal_aid", ground.seat, year, amount_fen=6_000_000, part=60_000, whole=70_000)
    entry("budget_line", "legal_aid", other, date(ground.as_of.year - 1, 1, 1), amount_fen=3_000_000, part=30_000, whole=30_000)
    entry("budget_line", "public_legal_service", other, year, amount_fen=1_500_000)
    # The rate of an aid case rose from 1,500 to 1,800 yuan this year; the province's ceiling and average stand beside it.
    for grade, whole in (("ceiling", 2000), ("average", 1600)):
        entry("rate", "aid_case", one, ground.before, grade=grade, part=1500, whole=whole, ends=year)
        entry("rate", "aid_case", one, year, grade=grade, part=1800, whole=whole)
    entry("rate", "hardship", one, ground.before, grade="allowance", part=1750, whole=1400)
    for category in ("whole", "whole", "partly", "offline"):
        entry("service_item", category, ground.city, ground.before, part=3, whole=3, state="entered")
    for category, grade in (("provincial", "working"), ("provincial", "broken"), ("hotline", "working")):
        entry("system_link", category, ground.city, ground.before, grade=grade, state="entered")
    for category in ("counter", "hotline", "web"):
        entry("channel", category, ground.seat, ground.before, state="entered")
    entry("document", "implementation_plan", one, ground.before, state="entered")
    for _n in range(2):
        entry("document", "management_rule", ground.city, ground.before, state="entered")
    entry("document", "assessment", one, ground.spring, part=7, state="entered"), entry("document", "assessment", other, ground.spring, part=4, state="entered")
    entry("team", "counsel_team", one, ground.before, state="entered"), entry("team", "counsel_team", ground.seat, ground.before, state="entered")
    entry("team", "professional_mediators", one, ground.before, part=10, state="entered")
    entry("team", "professional_mediators", other, ground.spring, part=5, state="entered")
    entry("stationing", "consultation", town, ground.before, state="entered"), entry("stationing", "reception", town, ground.before, state="entered")
    entry("site_functions", "", one, ground.before, part=6, whole=8, state="entered")
    for unit, where in (("N1", ground.villages[0][0]), ("N2", ground.villages[1][0])):
        entry("unit_below", "natural_village", where, ground.before, code=unit, state="entered")


def _returns(ground: Ground) -> None:
    """Surveys, mediation, defence and what the professions hand in, of this year and the last."""
    one, other = ground.counties
    p1, q1 = ground.villages[0][0], ground.villages[1][0]
    for kind in ("awareness", "aid_awareness", "hotline_awareness"):
        entry("survey", kind, one, ground.before, part=40, whole=80)
        entry("survey", kind, one, ground.spring, part=36, whole=50), entry("survey", kind, other, ground.spring, part=24, whole=30)
    # Last year one of two agreed and was performed; this year three of four, two of them due, one performed.
    for result, agreement, day, where in (
        ("agreed", "performed", ground.before, p1), ("failed", "", ground.before, p1), ("agreed", "confirmed", ground.spring, p1),
        ("agreed", "unperformed", ground.spring, p1), ("agreed", "pending", ground.spring, ground.towns[1]), ("ended", "", ground.spring, q1),
        ("accepted", "", ground.spring, q1), ("agreed", "performed", ground.late, q1),
    ):  # fmt: skip
        entry("mediation_case", result, where, day, grade=agreement, state="entered")
    entry("defence_return", "defended", one, ground.spring, part=70, whole=100, state="entered")
    entry("defence_return", "duty_help", one, ground.spring, part=20, whole=25, state="entered")
    entry("lawyer_return", "civil", one, ground.spring, part=120, state="entered"), entry("lawyer_return", "criminal", other, ground.spring, part=30, state="entered")
    entry("lawyer_return", "civil", other, ground.spring, part=999, state="void")
    entry("call_return", "answered", ground.city, ground.before, part=90, whole=100, state="entered")
    entry("call_return", "answered", ground.city, ground.spring, part=96, whole=100, state="entered")
    entry("arbitration_return", "accepted", ground.seat, ground.spring, part=10, whole=45, state="entered")
    for where, count in ((one, 3), (other, 4)):
        office = Institution.objects.filter(kind="notary_office", region_code=where).order_by("id").first()
        entry("notary_return", "welfare", where, ground.spring, part=count, institution=office, state="entered")


def _activities(ground: Ground, notaries: list[Practitioner]) -> None:
    """Two visits of counsel (one void), a lecture, publicity, 宪法日 in one county, and forty lessons for one notary."""
    (p1, p2, _p3), (q1, q2, _q3) = ground.villages
    held("counsel_visit", p1, ground.spring, minutes=3000, services=12, state="confirmed"), held("counsel_visit", p2, ground.spring, services=50, state="void")
    held("counsel_visit", q1, ground.before, services=4), held("lecture", p1, ground.spring, services=2), held("publicity", q1, ground.spring)
    held("screening", q2, ground.spring), held("campaign", ground.counties[0], ground.spring, topic="constitution_day")
    held("training", ground.counties[0], ground.spring, [(notaries[0], "attended", 1800), (notaries[1], "attended", 1799)])
    held("welfare_service", ground.counties[0], ground.spring, [(notaries[2], "gave", 480)])


def _cases(ground: Ground, lawyers: list[Practitioner]) -> None:
    """Aid, the hotline, messages, and two complaints of which one was right."""
    town, there = ground.towns
    clerk, spring = user(), ground.spring
    case("legal_aid", town, spring, provider=lawyers[0], score=5, handler=clerk), case("legal_aid", town, spring, provider=lawyers[0], score=2)
    case("legal_aid", there, spring, provider=Practitioner.objects.get(kind="grassroots_legal_worker"), flags=["refusal_corrected"])
    case("legal_aid", there, spring, outcome="refused"), case("legal_aid", there, ground.late, provider=lawyers[0])
    case("legal_aid", town, spring, matter="notified_defence", provider=lawyers[1]), case("legal_aid", town, spring, matter="notified_defence", ended=False)
    case("legal_aid", there, ground.before, score=4)
    for day, channel, score in ((spring, "hotline", 4), (spring, "hotline", 3), (spring, "hotline", 1), (ground.before, "hotline", 5), (ground.before, "hotline", 2)):
        case("consultation", town, day, channel=channel, score=score)
    case("consultation", there, spring, channel="web", handler=clerk), case("consultation", there, spring, channel="web", ended=False)
    for outcome in ("supported", "unsupported"):
        case("complaint", ground.counties[0], spring, matter="complaint", outcome=outcome, details={"about": "legal_aid"})


def _duty(ground: Ground) -> None:
    """At the hotline: a lawyer all the last day, somebody else half of it as well, nobody else in the week."""
    centre, lawyer, clerk = body("hotline_centre", ground.seat), user(), user()
    person("lawyer", body("legal_aid_agency", ground.seat), user=lawyer)
    day = ground.as_of.isoformat()
    shift(lawyer, centre, f"{day} 00:00", f"{ground.late} 00:00"), shift(clerk, centre, f"{day} 08:00", f"{day} 20:00")
