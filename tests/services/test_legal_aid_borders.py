"""Legal aid at its borders: which moment a limit counts from, who may decide what, and no case that cannot end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from fahui.casework.assignment.queries import judged
from fahui.casework.cases.actions import Opening, decide_proposal, open_case, perform
from fahui.casework.cases.models import Case, Proposal
from fahui.casework.cases.queries import get
from fahui.casework.companions.actions import merge_repeat
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.funding.models import Subsidy
from fahui.casework.notices.models import Outgoing
from fahui.casework.scheduling.actions import plan_shift
from fahui.casework.tasks import sweep_deadlines
from fahui.foundation import clock
from fahui.foundation.accounts.models import LocalParameter, Post
from fahui.foundation.accounts.queries import forget_parameters
from fahui.foundation.accounts.scope import Reader, as_system, reading_as
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.people.actions import Person
from fahui.foundation.people.models import Practitioner
from tests.cast import CITY, COUNTY, TOWNSHIP, Cast, wage_claim

# A Monday; no holiday until the Dragon Boat days (Friday 19 June to Sunday 21 June).
MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)
PLAIN = {"waiver_ground": "none", "exempt_group": "none", "own_lawyer": False, "applies_for": "self"}


def do(reader: Reader, case: Case, action: str, at: datetime = MONDAY, **payload: Any) -> Case:
    with clock.at(at), reading_as(reader):
        return perform(reader, case.pk, action, payload)


def now(case: Case) -> Case:
    with as_system():
        return Case.objects.get(pk=case.pk)


def due(case: Case, code: str) -> str:
    """The last moment of a clock that runs."""
    with as_system():
        row = CaseDeadline.objects.get(case=case, code=code, ended_at=None)
    return f"{row.due_at.astimezone(SHANGHAI):%m-%d %H:%M}"


def claim(cast: Cast, **details: Any) -> Case:
    with clock.at(MONDAY), reading_as(cast["clerk"]):
        return wage_claim(cast["clerk"], details=details)


def criminal(cast: Cast, matter: str, **details: Any) -> Case:
    with clock.at(MONDAY), reading_as(cast["clerk"]):
        opening = Opening(service="legal_aid", matter=matter, channel="window", region_code=TOWNSHIP,
                          person=Person(name="被羁押人甲", phone=""), details=details)  # fmt: skip
        return open_case(cast["clerk"], opening)


def two(cast: Cast, case: Case, action: str, first: str = "reviewer", second: str = "approver", **payload: Any) -> Case:
    """What takes two people."""
    do(cast[first], case, action, **payload)
    with clock.at(MONDAY), reading_as(cast[second]):
        decide_proposal(cast[second], Proposal.objects.get(case=case, status="open").pk, True, "")
    return now(case)


def taken(cast: Cast, case: Case) -> Case:
    """Assigned to the lawyer, who took it."""
    do(cast["approver"], case, "assign", practitioner_id=cast.lawyers["lawyer"].pk, reason_if_not_first="专长相符")
    do(cast["lawyer"], case, "accept_assignment")
    return now(case)


def working(cast: Cast, **details: Any) -> Case:
    case = claim(cast, **details)
    do(cast["reviewer"], case, "accept")
    do(cast["approver"], case, "grant", reason_text="符合条件。")
    taken(cast, case)
    do(cast["lawyer"], case, "start_work", signed_on="2026-06-01")
    return now(case)


# Limits run from the moment the law names, not from the keyboard.


def test_the_five_days_of_the_bureau_run_from_the_day_it_got_the_objection(cast: Cast):
    case = two(cast, claim(cast), "refuse", reason="has_lawyer", reason_text="已自行委托律师。")
    at = MONDAY + timedelta(days=3)
    do(cast["officer"], case, "object", at, reason_text="没有请律师", received_on="2026-06-02")
    assert due(case, "objection_review") == "06-08 23:59"  # the 7th is a Sunday
    with pytest.raises(Invalid):
        do(cast["officer"], two(cast, claim(cast), "refuse", reason="has_lawyer", reason_text="已自行委托律师。"), "object",
           received_on="2026-06-02")  # fmt: skip


def test_the_48_hours_of_a_meeting_run_from_the_lawyers_request(cast: Cast):
    case = taken(cast, criminal(cast, "notified_defence", organ="police", ground="minor", detained=True, own_lawyer=False))
    do(cast["lawyer"], case, "ask_meeting", MONDAY + timedelta(hours=5), asked_at="2026-06-01T10:30:00+08:00")
    assert due(case, "meeting_48h") == "06-03 10:30"


def test_a_rejected_lawyer_leaves_five_days_then_three_then_three_again(cast: Cast):
    case = taken(cast, criminal(cast, "notified_defence", organ="court", ground="minor", own_lawyer=False))
    do(cast["approver"], case, "reject_lawyer", MONDAY + timedelta(days=2), rejected_on="2026-06-01", reason_text="曾为同案人辩护")
    assert due(case, "own_lawyer_choice") == "06-08 23:59"  # five days end on Saturday the 6th
    with clock.at(MONDAY + timedelta(days=9)):  # the worker was away for a day
        sweep_deadlines()
    assert due(case, "organ_asks_again") == "06-11 23:59"
    with pytest.raises(Invalid):
        do(cast["approver"], case, "organ_asks_again", MONDAY + timedelta(days=9))
    do(cast["approver"], case, "organ_asks_again", MONDAY + timedelta(days=10), notified_at="2026-06-09T09:00:00+08:00")
    assert due(case, "assign_notified") == "06-12 23:59"


def test_a_day_for_supplements_lies_ahead(cast: Cast):
    case = claim(cast)
    for day in ("2026-05-31", "2026-06-01"):
        with pytest.raises(Conflict, match="以后"):
            do(cast["reviewer"], case, "ask_more", missing="欠条", due_on=day)
    do(cast["reviewer"], case, "ask_more", missing="欠条", due_on="2026-06-02")
    with pytest.raises(Conflict, match="还没有过"):
        do(cast["reviewer"], case, "deem_withdrawn", MONDAY + timedelta(days=1))
    do(cast["reviewer"], case, "deem_withdrawn", MONDAY + timedelta(days=2))
    assert now(case).outcome == "deemed_withdrawn"


def test_a_missed_limit_that_no_longer_applies_is_not_overdue_for_ever(cast: Cast):
    case = claim(cast)
    do(cast["reviewer"], case, "accept")
    do(cast["approver"], case, "grant", reason_text="符合条件。")
    with clock.at(MONDAY + timedelta(days=8)):
        sweep_deadlines()
        assert now(case).next_deadline == "assign"
    case = two(cast, case, "terminate", ground="recipient_asks", reason_text="本人不再需要。")
    assert (case.state, case.next_deadline) == ("terminated", "")
    with as_system():
        assert CaseDeadline.objects.get(case=case, code="assign").status == "missed"  # that it was missed stays on record


# Who decides.


def test_two_reviewers_cannot_refuse_what_only_the_approver_may(cast: Cast):
    with as_system():
        other = cast.users["neighbour"]
        Post.objects.filter(user=other).update(region_code=COUNTY, institution=cast.institutions["aid"])
    case = claim(cast)
    do(cast["reviewer"], case, "refuse", reason="has_lawyer", reason_text="已自行委托律师。")
    proposal = Proposal.objects.get(case=case, status="open").pk
    with clock.at(MONDAY), reading_as(cast["neighbour"]), pytest.raises(Forbidden, match="法援审批人"):
        decide_proposal(cast["neighbour"], proposal, True, "")
    assert now(case).state == "submitted"
    with clock.at(MONDAY), reading_as(cast["approver"]):
        decide_proposal(cast["approver"], proposal, True, "")
    assert now(case).state == "refused"
    other_case = two(cast, claim(cast), "refuse", "approver", "reviewer", reason="has_lawyer", reason_text="已自行委托律师。")
    assert other_case.state == "refused"  # the approver proposed, a reviewer looked again


def test_nobody_reviews_the_objection_to_their_own_refusal(cast: Cast):
    with as_system():
        bureau = Post.objects.get(user=cast.users["officer"], role="bureau_officer")
        Post.objects.create(user=cast.users["approver"], role="bureau_officer", region_code=COUNTY, service="*",
                            institution=bureau.institution, valid_from=bureau.valid_from)  # fmt: skip
    case = two(cast, claim(cast), "refuse", reason="has_lawyer", reason_text="已自行委托律师。")
    do(cast["clerk"], case, "object")
    for decision in ("uphold", "order_correction"):
        with pytest.raises(Conflict, match="请交给别人"):
            do(cast["approver"], case, decision, reason_text="原决定有依据。")
    do(cast["officer"], case, "uphold", reason_text="原决定有依据。")
    assert now(case).state == "upheld"


@pytest.mark.parametrize("corrected", [False, True])
def test_after_the_bureau_upheld_reconsideration_and_a_suit_are_followed_to_their_end(cast: Cast, corrected: bool):
    case = two(cast, claim(cast), "refuse", reason="has_lawyer", reason_text="已自行委托律师。")
    do(cast["clerk"], case, "object")
    do(cast["officer"], case, "uphold", reason_text="原决定有依据。")
    later = MONDAY + timedelta(days=20)
    do(cast["clerk"], case, "note_reconsideration", later, filed_on="2026-06-15", place="乐山市人民政府")
    do(cast["officer"], case, "note_suit", later, filed_on="2026-06-20", place="市中区人民法院")
    result = {"paper": "（2026）川1102行初1号", "decided_on": "2026-06-21", "reason_text": "没有委托律师。"}
    do(cast["officer"], case, "remedy_corrects" if corrected else "remedy_upholds", later, **result)
    with pytest.raises(Conflict, match="结果已经登记"):
        do(cast["officer"], case, "remedy_corrects", later, **result)
    assert (now(case).state, now(case).open) == ("upheld", False)
    assert ("refusal_corrected" in now(case).flags) is corrected
    with as_system():
        again = list(Case.objects.filter(origin=case))
    assert [(one.state, one.applicant_id) for one in again] == ([("submitted", case.applicant_id)] if corrected else [])
    if corrected:
        do(cast["approver"], again[0], "grant", later, reason_text="按复议决定。")


@pytest.mark.parametrize(
    ("reason", "details", "words"),
    [
        ("over_means", PLAIN | {"matter_kind": "support", "household_members": 3, "household_income_fen": 30_000}, "没有高于"),
        ("over_means", PLAIN | {"matter_kind": "support"}, "没有高于"),
        ("over_means", PLAIN | {"exempt_group": "migrant_worker"}, "不能因为经济状况"),
        ("has_lawyer", PLAIN, "没有委托律师"),
        ("no_standing", PLAIN, "本人申请"),
        ("out_of_scope", PLAIN, "不能以不属于法律援助的事项范围"),
    ],
)
def test_a_ground_of_refusal_that_the_file_denies_is_no_ground(cast: Cast, reason: str, details: dict[str, Any], words: str):
    with pytest.raises(Conflict, match=words):
        do(cast["reviewer"], claim(cast, **details), "refuse", reason=reason, reason_text="不符合条件。")


@pytest.mark.parametrize("ground", ["court_may", "compulsory_treatment", "in_absentia", "death_review"])
def test_some_grounds_of_a_notice_are_the_courts_alone(cast: Cast, ground: str):
    with pytest.raises(Conflict, match="只有人民法院"):
        do(cast["reviewer"], criminal(cast, "notified_defence", organ="police", ground=ground), "check_notice")
    do(cast["reviewer"], criminal(cast, "notified_defence", organ="court", ground=ground), "check_notice")


def test_what_belongs_to_notified_defence_is_no_way_round_a_termination(cast: Cast):
    case = working(cast)
    for action, payload in (
        ("keep_own_lawyer", {"told_on": "2026-06-01", "reason_text": "自己请了"}),
        ("reject_lawyer", {"rejected_on": "2026-06-01", "reason_text": "不满意"}),
    ):
        with pytest.raises(Conflict, match="这类事项没有"):
            do(cast["approver"], case, action, **payload)


@pytest.mark.parametrize(
    ("licensed", "defends", "said"),
    [
        (date(2023, 6, 1), date(2023, 6, 1), ""),
        (date(2023, 6, 2), date(2023, 6, 1), "执业2年"),
        (date(2020, 1, 1), date(2023, 6, 2), "这位2年"),
        (date(2020, 1, 1), None, "请先录入"),
    ],
)  # fmt: skip
def test_three_years_are_three_years_by_the_calendar(cast: Cast, licensed: date, defends: date | None, said: str):
    with as_system():
        Practitioner.objects.filter(pk=cast.lawyers["lawyer"].pk).update(licensed_on=licensed, criminal_since=defends)
    case = criminal(cast, "notified_defence", organ="court", ground="life_or_death")
    with clock.at(MONDAY), reading_as(cast["approver"]):
        found = judged(now(case), cast.lawyers["lawyer"].pk)
    assert found is not None and (said in "；".join(found.barred) if said else found.barred == ())


# No case that cannot end, no work that stays unpaid.


@pytest.mark.parametrize("checked", [False, True])
def test_a_notice_whose_case_was_dropped_ends_before_anybody_is_assigned(cast: Cast, checked: bool):
    case = criminal(cast, "notified_defence", organ="police", ground="minor")
    if checked:
        do(cast["reviewer"], case, "check_notice")
    assert two(cast, case, "terminate", ground="case_ended", reason_text="公安机关已撤销案件。").state == "terminated"


@pytest.mark.parametrize("accepted", [False, True])
def test_who_no_longer_wants_the_duty_lawyer_is_let_go(cast: Cast, accepted: bool):
    case = criminal(cast, "duty_help", organ="police", criminal_stage="investigation", own_lawyer=False)
    if accepted:
        do(cast["lawyer"], case, "take_request")
    do(cast["lawyer"], case, "no_help_wanted", reason_text="已取保候审，本人不再需要。")
    case = now(case)
    assert (case.state, case.open, case.outcome) == ("help_ended", False, "not_wanted")


@pytest.mark.parametrize("place", [TOWNSHIP, CITY])
def test_a_request_reaches_the_duty_lawyers_of_the_place_until_one_takes_it(cast: Cast, place: int):
    with clock.at(MONDAY), reading_as(cast["clerk"]):
        case = open_case(cast["clerk"], Opening(service="legal_aid", matter="duty_help", channel="window", region_code=place,
                                                person=Person(name="被羁押人甲", phone=""), details={"detained": True}))  # fmt: skip
    for name in ("lawyer", "lawyer_b"):
        with reading_as(cast[name]):
            assert get(cast[name], case.pk).sealed
    with as_system():
        assert Outgoing.objects.filter(case_id=case.pk, channel="inbox", text__contains="约见值班律师").count() == 2
    do(cast["lawyer"], case, "take_request")
    with reading_as(cast["lawyer"]):
        assert get(cast["lawyer"], case.pk).handler_id == cast.users["lawyer"].pk
    with reading_as(cast["lawyer_b"]), pytest.raises(Missing):
        get(cast["lawyer_b"], case.pk)


def test_a_request_goes_to_who_is_on_the_roster_when_it_comes(cast: Cast):
    with as_system(), clock.at(MONDAY):
        plan_shift(cast["approver"], "duty", cast.users["lawyer_b"].pk, MONDAY, MONDAY + timedelta(hours=8))
    case = criminal(cast, "duty_help", detained=True)
    with reading_as(cast["lawyer_b"]):
        assert get(cast["lawyer_b"], case.pk).pk == case.pk
    with reading_as(cast["lawyer"]), pytest.raises(Missing):
        get(cast["lawyer"], case.pk)


def test_what_a_duty_lawyer_passes_on_is_an_application_at_the_agency(cast: Cast):
    case = criminal(cast, "duty_help", organ="procuratorate", criminal_stage="prosecution", own_lawyer=False, detained=True,
                    birth_date="2009-01-01", charge="盗窃", detained_at="五通桥看守所")  # fmt: skip
    do(cast["lawyer"], case, "take_request")
    do(cast["lawyer"], case, "note_aid_request", MONDAY + timedelta(hours=3), asked_at="2026-06-01T10:00:00+08:00")
    do(cast["lawyer"], case, "transfer_to_aid", MONDAY + timedelta(hours=4))
    with as_system():
        made = Case.objects.get(origin=case)
    assert (made.service, made.matter, made.state, made.applicant_id) == ("legal_aid", "criminal", "submitted", case.applicant_id)
    assert made.sealed and {"minor", "detained"} <= set(made.flags) and "forwarded_late" not in made.flags
    assert made.details["forwarded_by"] == "duty_lawyer" and made.details["charge"] == "盗窃"
    assert made.details["criminal_role"] == "suspect" and made.institution.name == "五通桥区法律援助中心"
    with as_system():
        assert CaseDeadline.objects.get(case=made, code="forward_24h").status == "met"
    with reading_as(cast["reviewer"]):
        perform(cast["reviewer"], made.pk, "accept")
    with pytest.raises(Conflict):
        do(cast["lawyer"], case, "transfer_to_aid")


def test_work_done_before_a_termination_is_handed_in_and_paid_for(cast: Cast):
    with as_system():
        cast_rate(450_00)
    case = two(cast, working(cast), "terminate", ground="recipient_asks", reason_text="本人已和解。", work_done="代写仲裁申请书")
    assert case.state == "terminated" and case.provider_id == cast.lawyers["lawyer"].pk
    do(cast["lawyer"], case, "hand_in_work_done", report="代写仲裁申请书一份，会见一次。", copies=True)
    do(cast["reviewer"], case, "check_work_done", opinion="材料齐全。", subsidy_kind="labour")
    with as_system():
        assert [s.practitioner_id for s in Subsidy.objects.filter(case=case)] == [cast.lawyers["lawyer"].pk]
    with pytest.raises(Conflict):
        do(cast["reviewer"], case, "check_work_done", opinion="再来一次。", subsidy_kind="litigation")


def test_after_a_termination_was_corrected_a_lawyer_is_assigned_anew(cast: Cast):
    case = two(cast, working(cast), "terminate", ground="case_ended", reason_text="仲裁撤回。")
    do(cast["clerk"], case, "object", reason_text="仲裁没有撤回")
    do(cast["officer"], case, "order_correction", reason_text="仲裁仍在进行。")
    case = now(case)
    assert (case.state, case.provider_id) == ("granted", None)
    assert taken(cast, case).provider_id == cast.lawyers["lawyer"].pk


def test_a_subsidy_is_recorded_once_and_a_missing_rate_keeps_the_file_open(cast: Cast):
    case = working(cast)
    do(cast["lawyer"], case, "matter_done", done_on="2026-06-01", result="settled")
    do(cast["lawyer"], case, "hand_in_file", report="已调解结案。", copies=True)
    do(cast["reviewer"], case, "check_file", opinion="齐全。", subsidy_kind="labour")
    assert "subsidy_rate_missing" in now(case).flags
    with pytest.raises(Conflict, match="补贴"):
        do(cast["reviewer"], case, "archive")
    with as_system():
        cast_rate(450_00)
    do(cast["reviewer"], case, "settle_subsidy", subsidy_kind="labour")
    with pytest.raises(Conflict, match="已经登记"):
        do(cast["reviewer"], case, "settle_subsidy", subsidy_kind="litigation")
    do(cast["reviewer"], case, "archive")
    with as_system():
        assert Subsidy.objects.filter(case=case).count() == 1


def test_nothing_is_done_on_a_case_that_was_merged_into_another(cast: Cast):
    first, second = claim(cast), claim(cast)
    with clock.at(MONDAY), reading_as(cast["clerk"]):
        merge_repeat(cast["clerk"], second.pk, first.pk)
    with pytest.raises(Conflict, match="已并入"):
        do(cast["approver"], second, "grant", reason_text="符合条件。")
    assert now(second).state == "submitted" and not now(second).open


def test_the_courts_three_days_end_when_the_papers_are_there_not_before(cast: Cast):
    case = criminal(cast, "criminal", criminal_role="victim", criminal_stage="first_instance", organ="court", own_lawyer=False)
    do(cast["approver"], case, "grant", reason_text="符合条件。")
    taken(cast, case)
    do(cast["lawyer"], case, "start_work", signed_on="2026-06-01")
    assert now(case).state == "in_progress" and due(case, "court_formalities") == "06-04 23:59"
    with pytest.raises(Invalid):
        do(cast["lawyer"], case, "file_formalities", filed_on="2026-06-09")
    do(cast["lawyer"], case, "file_formalities", MONDAY + timedelta(days=2), filed_on="2026-06-02")
    with as_system():
        assert CaseDeadline.objects.get(case=case, code="court_formalities", status="met").ended_at is not None


def cast_rate(fen: int) -> None:
    """The bureau sets what a labour case earns."""
    LocalParameter.objects.create(service="legal_aid", name="subsidy_fen_labour", value=fen, unit="fen", source="省厅文件",
                                  valid_from=date(2026, 1, 1), set_by=0)  # fmt: skip
    forget_parameters()
