"""Measures counted by hand: small records whose figures follow from the words of the policies, not from the code."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import count
from typing import Any

import pytest

from fahui.casework.activities.models import Activity, Taking
from fahui.casework.cases.models import Case
from fahui.casework.definitions.models import ServiceVersion
from fahui.casework.registers.models import Entry
from fahui.foundation import clock
from fahui.foundation.models import Institution, Post, Posting, Practitioner, Region, Site, User
from fahui.insight.figures.rules import Scale, figure, total
from fahui.standards.indicators.definitions import measures
from fahui.standards.lake.engines import Postgres
from fahui.standards.measuring import cells
from fahui.standards.periods import Period

COUNTY = 511102000000
DAY = date(2026, 3, 5)
YEAR = Period(0, date(2026, 1, 1), date(2026, 6, 30), False)
NUMBERS = count(1)


def figure_of(measure: str, **given: Any) -> tuple[int, int | None]:
    """What a measure says for the county in the first half of 2026: upper and lower."""
    engine = Postgres()
    engine.periods([YEAR])
    return total(cells(engine, measure, given).get(0, {}), COUNTY, COUNTY + 10**6) or (0, None)


def value_of(measure: str, **given: Any) -> Fraction | None:
    told = measures()[measure]
    return figure(figure_of(measure, **given), Scale(told.scale, told.per, told.of_units))


def body(kind: str, region: int = COUNTY) -> Institution:
    number = next(NUMBERS)
    return Institution.objects.create(code=f"B{number}", kind=kind, name=f"单位{number}", region_code=region)


def person(kind: str) -> Practitioner:
    number = next(NUMBERS)
    home = Institution.objects.filter(code="home").first() or Institution.objects.create(
        code="home", kind="justice_bureau", name="司法局", region_code=COUNTY
    )
    return Practitioner.objects.create(
        licence=f"P{number}",
        kind=kind,
        name=f"某{number}",
        institution=home,
        region_code=COUNTY,
        licensed_on=date(2020, 1, 1),
    )


def posted(role: str, who: Practitioner, where: Institution) -> None:
    Posting.objects.create(
        role=role,
        practitioner=who,
        target_kind="institution",
        target_institution=where,
        target_region=where.region_code,
        valid_from=date(2025, 1, 1),
    )


def entry(register: str, category: str = "", *, begins: date = DAY, region: int = COUNTY, **more: Any) -> Entry:
    now = clock.now()
    told = {
        "title": "记录",
        "state": "verified",
        "entered_at": now,
        "changed_at": now,
        "code": f"E{next(NUMBERS)}",
    } | more
    return Entry.objects.create(register=register, category=category, begins=begins, region_code=region, **told)


def held(kind: str, day: date, who: Practitioner | None = None, part: str = "attended", region: int = COUNTY) -> None:
    now = clock.now()
    activity = Activity.objects.create(
        code=f"A{next(NUMBERS)}",
        kind=kind,
        title="活动",
        held_on=day,
        minutes=60,
        region_code=region,
        entered_at=now,
        changed_at=now,
    )
    if who:
        Taking.objects.create(activity=activity, practitioner=who, part=part, minutes=60)


def case(
    service: str,
    matter: str,
    outcome: str,
    opened: datetime,
    closed: datetime | None,
    channel: str = "web",
    provider: Practitioner | None = None,
    **details: str,
) -> None:
    version = ServiceVersion.objects.filter(service=service).first() or ServiceVersion.objects.create(
        service=service, version="0", digest="0", definition={}, published_at=clock.now()
    )
    Case.objects.create(
        service=service, matter=matter, version=version, region_code=COUNTY + 1000, scope_key=10**12 + COUNTY + 1000, channel=channel, title="一件",
        state="closed" if closed else "registered", open=closed is None, outcome=outcome, details=details, opened_at=opened, changed_at=opened,
        closed_at=closed, provider=provider,
    )  # fmt: skip


@pytest.fixture
def villages(system: None) -> list[int]:
    """Three villages of one township, the first two rural; no others are in the county."""
    within = Region.objects.filter(level=5, code__gte=COUNTY, code__lt=COUNTY + 10**6).order_by("code")
    codes = list(within.values_list("code", flat=True)[:3])
    within.exclude(code__in=codes).delete()
    Region.objects.filter(code__in=codes[:2]).update(urban_rural="rural")
    Region.objects.filter(code=codes[2]).update(urban_rural="urban")
    return codes


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=clock.SHANGHAI)


def test_a_valid_complaint_counts_for_the_service_it_is_about(system: None):
    case("complaint", "complaint", "supported", at(2, 9), at(9, 9), about="legal_aid")
    case("complaint", "complaint", "partly", at(2, 9), at(9, 9), about="notary")
    case("complaint", "complaint", "unsupported", at(2, 9), at(9, 9), about="legal_aid")
    case("complaint", "bad_rating", "justified", at(2, 9), at(9, 9))
    assert figure_of("complaints_upheld", about="legal_aid") == (1, None)
    assert figure_of("complaints_upheld") == (2, None)
    assert figure_of("complaints_upheld", about="lawyer") == (0, None)


def test_one_trip_is_by_phone_or_the_same_day_at_the_window(system: None):
    case("consultation", "question", "answered", at(2, 9), at(3, 9), "hotline")
    case("consultation", "question", "answered", at(2, 9), at(2, 16), "window")
    # Half an hour apart, and one day in Greenwich; in Shanghai it ended the day after.
    case("consultation", "question", "answered", at(2, 23, 45), at(3, 0, 15), "window")
    case("consultation", "question", "", at(2, 9), None, "window")
    assert figure_of("cases_without_a_second_trip") == (2, 3)
    assert figure_of("cases_on_the_spot") == (1, 3)
    assert figure_of("cases_on_the_spot", channels="hotline") == (0, 1)


def test_counsel_of_two_bodies_is_one_person(system: None):
    bureau, office, firm = body("party_or_government_body"), body("party_or_government_body"), body("enterprise")
    one, other = person("lawyer"), person("lawyer")
    posted("government_counsel", one, bureau)
    posted("government_counsel", one, office)
    posted("enterprise_counsel", other, firm)
    assert figure_of("people_engaged", roles="government_counsel", bodies="party_or_government_body")[0] == 1
    assert figure_of("people_engaged", roles="enterprise_counsel", bodies="party_or_government_body")[0] == 0
    assert value_of("people_engaged", roles="enterprise_counsel", bodies="enterprise") == 1
    kinds = ["party_or_government_body", "enterprise"]
    assert (
        value_of(
            "institutions_served", kinds=kinds, roles=["government_counsel", "enterprise_counsel"], professions="lawyer"
        )
        == 3
    )


def test_counsel_engaged_jointly_counts_like_ones_own(system: None):
    own, joint, _none = (body("party_or_government_body", COUNTY + 1000) for _n in range(3))
    posted("government_counsel", person("lawyer"), own)
    entry("team", "joint_engagement", institution=joint)
    assert figure_of("institutions_with_counsel", kinds="party_or_government_body", levels=4) == (2, 3)


def test_a_correction_centre_needs_both_windows(system: None):
    both, one = body("correction_centre"), body("correction_centre")
    for centre, function in ((both, "correction"), (both, "resettlement"), (one, "correction"), (one, "correction")):
        entry("stationing", function, institution=centre)
    told = figure_of(
        "institutions_with_both",
        kinds="correction_centre",
        register="stationing",
        first="correction",
        second="resettlement",
    )
    assert told == (1, 2)


def test_a_school_counts_when_every_grade_has_its_course(system: None):
    for school, grades in ((body("school"), 6), (body("school"), 5)):
        entry("course_return", institution=school, part=grades, whole=6)
    body("school")
    assert figure_of("institutions_reaching", kinds="school", register="course_return") == (1, 3)


def test_four_welfare_matters_a_year_for_each_notary_office(system: None):
    for office, returned in ((body("notary_office"), (3, 1)), (body("notary_office"), (3,))):
        for number in returned:
            entry("notary_return", "welfare", institution=office, part=number)
    Entry.objects.create(
        register="notary_return", code="old", title="上年", category="welfare", begins=date(2025, 3, 5), region_code=COUNTY, part=9, state="verified",
        institution=Institution.objects.filter(kind="notary_office").order_by("-id").first(), entered_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    assert figure_of(
        "institutions_returning", kinds="notary_office", register="notary_return", category="welfare", at_least=400
    ) == (1, 2)


def test_days_of_training_are_different_days(system: None):
    two_days, two_sessions = person("agency_staff"), person("agency_staff")
    for who, days in ((two_days, (5, 6)), (two_sessions, (5, 5))):
        for day in days:
            held("training", date(2026, 3, day), who)
    assert figure_of("people_with_days", kinds="agency_staff", activities="training", days=2) == (1, 2)
    assert figure_of("places_training", levels=3, professions="agency_staff") == (1, 1)
    assert figure_of("places_training", levels=3, professions="notary") == (0, 1)


def test_the_hardship_threshold_is_a_multiple_of_the_allowance(system: None):
    # The allowance is 700, so that the register holds the threshold against 1,400.
    entry("rate", "hardship", grade="allowance", part=1750, whole=1400)
    assert value_of("hardship_multiple") == Fraction(5, 2)


def test_defended_and_helped_together_of_all(system: None):
    entry("defence_return", "defended", part=70, whole=100)
    entry("defence_return", "duty_help", part=20, whole=30)
    assert (
        value_of("entry_parts_of_whole", register="defence_return", above=["defended", "duty_help"], below="defended")
        == 90
    )


def test_arbitration_cases_are_the_whole_of_what_was_accepted(system: None):
    entry("arbitration_return", "accepted", part=10, whole=45)
    entry("arbitration_return", "accepted", part=0, whole=52)
    assert value_of("entry_whole_sum", register="arbitration_return", category="accepted") == 97


def test_a_village_mediates_by_a_case_or_a_screening(villages: list[int]):
    entry("mediation_case", "agreed", region=villages[0])
    held("screening", DAY, region=villages[2])
    assert figure_of("villages_mediating") == (2, 3)
    assert figure_of("villages_mediating", urban=0) == (1, 2)
    assert figure_of("villages_mediating", urban=1) == (1, 1)


def test_connected_is_a_site_and_somebody_at_work_there(villages: list[int]):
    for code in villages[:2]:
        Site.objects.create(code=f"S{code}", kind="service_room", name="工作室", region_code=code)
    user = User.objects.create(username="village", name="村里人")
    for code in villages[1:]:
        Post.objects.create(user=user, role="justice_office", region_code=code, valid_from=date(2025, 1, 1))
    assert figure_of("places_with_connected_site", levels=5) == (1, 3)


def test_every_medium_is_all_five(system: None):
    for medium in ("print", "broadcast", "web", "social"):
        entry("media_output", medium)
    assert figure_of("places_with_every_medium", levels=3) == (0, 1)
    entry("media_output", "outdoor", begins=DAY + timedelta(days=30))
    assert figure_of("places_with_every_medium", levels=3) == (1, 1)


def test_six_ones_are_five_in_a_rural_village(villages: list[int]):
    for code in (villages[0], villages[2]):
        for role in ("village_counsel", "legal_pathfinder"):
            Posting.objects.create(role=role, target_kind="region", target_region=code, valid_from=date(2025, 1, 1))
        for kind in ("publicity_board", "law_library", "law_farmyard"):
            Site.objects.create(code=f"{kind}{code}", kind=kind, name="阵地", region_code=code)
    # The community (社区) has them too and is no administrative village.
    assert figure_of("six_ones") == (1, 2)


def test_sites_of_bodies_are_counted_by_body(system: None):
    tribunal = body("tribunal")
    for number in (1, 2):
        Site.objects.create(
            code=f"T{number}", kind="legal_aid_station", name="工作站", region_code=COUNTY, institution=tribunal
        )
    body("tribunal")
    assert value_of("institutions_having_site", kinds="tribunal", sites="legal_aid_station") == 1


def test_a_lawyers_year_is_two_cases_or_fifty_hours(system: None):
    cases, hours, neither = (person("lawyer") for _n in range(3))
    for matter in ("civil", "notified_defence"):
        case("legal_aid", matter, "completed", at(2, 9), at(9, 9), provider=cases)
    # Help given on duty is no case of legal aid.
    for matter in ("civil", "duty_help"):
        case("legal_aid", matter, "completed", at(2, 9), at(9, 9), provider=neither)
    for n in range(50):
        held("welfare_service", DAY + timedelta(days=n), hours, "gave")
    assert figure_of("lawyers_with_yearly_duty") == (2, 3)
