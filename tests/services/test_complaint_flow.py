"""Complaints and bad ratings: never handled by whoever handled the matter itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from fahui.casework.cases.actions import Opening, open_case, perform
from fahui.casework.cases.models import Case
from fahui.casework.definitions.checks import problems
from fahui.casework.definitions.loader import service
from fahui.casework.feedback.models import REASONS, Invitation
from fahui.casework.notices.models import Outgoing
from fahui.casework.ratings.actions import rate
from fahui.casework.receipts.actions import receive
from fahui.casework.tasks import sweep_deadlines
from fahui.foundation import clock
from fahui.foundation.accounts.scope import ANONYMOUS, Reader, as_system, reading_as
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.errors import Conflict, Forbidden
from fahui.foundation.people.actions import Person
from fahui.services.complaint.choices import RatingReason
from tests.cast import TOWNSHIP, Cast

MONDAY = datetime(2026, 6, 15, 9, 0, tzinfo=SHANGHAI)
OPINION = {"request": "退还收的钱", "facts_found": "收过200元", "finding": "supported", "reasons": "法律援助不收费",
           "articles": "法律援助法第五十六条", "measures": "当日退还，批评教育"}  # fmt: skip
ANSWER = {"topic": "procedure", "facts_line": "问怎么申请", "answer": "到窗口就可以。", "next_step": "到窗口"}


def do(reader: Reader, case: Case, action: str, moment: datetime = MONDAY, **payload: Any) -> Case:
    with clock.at(moment), reading_as(reader):
        return perform(reader, case.pk, action, payload)


def complain(reader: Reader = ANONYMOUS, matter: str = "complaint", channel: str = "web", **details: Any) -> Case:
    opening = Opening(service="complaint", matter=matter, channel=channel, region_code=TOWNSHIP, details=details,
                      person=Person(name="投诉人", phone="17000000002"))  # fmt: skip
    with clock.at(MONDAY), reading_as(reader):
        return open_case(reader, opening)


def answered_by_officer(cast: Cast) -> Case:
    """A consultation which the officer answered himself."""
    officer = cast["officer"]
    opening = Opening(service="consultation", matter="question", channel="window", region_code=TOWNSHIP,
                      person=Person(name="李小婶", phone="17000000003"))  # fmt: skip
    with clock.at(MONDAY), reading_as(officer):
        case = open_case(officer, opening)
    do(cast["agent"], case, "make_order", order_to="司法局", task="请答复当事人")
    do(officer, case, "accept_order")
    return do(officer, case, "reply", **ANSWER)


def due(case: Case, code: str) -> str:
    with as_system():
        return case.deadlines.get(code=code, ended_at=None).due_at.astimezone(SHANGHAI).strftime("%Y-%m-%d")


def test_the_folder_may_be_published():
    assert problems(service("complaint")) == []


def test_the_reasons_are_those_of_the_rating_page():
    assert [(reason.value, reason.zh) for reason in RatingReason] == REASONS


def test_a_complaint_is_acknowledged_in_15_days_handled_in_60_and_extended_once(cast: Cast):
    case = complain(about="legal_aid", what="收了我200元", money_asked=True)
    assert due(case, "acknowledge") == "2026-06-30" and "money_asked" in case.flags
    officer, leader = cast["officer"], cast["leader"]
    case = do(officer, case, "accept", subject="法律援助收费")
    assert case.state == "handling" and due(case, "handle") == "2026-08-14"
    with pytest.raises(Forbidden):
        do(officer, case, "extend", reasons="需要外地核实")
    week = MONDAY + timedelta(days=7)
    do(leader, case, "extend", week, reasons="需要外地核实")
    # 90 days from acceptance are Sunday 13 September; the day after it is a working day
    assert due(case, "handle") == "2026-09-14"
    with pytest.raises(Conflict, match="已经延长过30日"):
        do(leader, case, "extend", week, reasons="还要外地核实")
    case = do(officer, case, "answer", week, **OPINION)
    assert (case.state, case.outcome) == ("answered", "supported")
    assert "请求原办理机关的上一级机关复查" in case.documents.get(document="opinion").content["remedy"]


def test_review_then_re_review_then_final(cast: Cast):
    officer = cast["officer"]
    case = do(officer, complain(), "accept", subject="态度不好")
    do(officer, case, "answer", **OPINION)
    decided = {"result": "upheld", "organ": "省司法厅", "reasons": "事实清楚"}
    do(officer, case, "ask_review")
    with pytest.raises(Conflict, match="这是复查"):
        do(officer, case, "review_final", **decided)
    assert do(officer, case, "review_upheld", **decided).state == "answered"
    do(officer, case, "ask_review")
    case = do(officer, case, "review_final", **decided)
    assert case.state == "closed" and case.deadlines.filter(code="review_answer", status="met").count() == 2


def state_after(case: Case, day: int) -> str:
    """The state when the sweep has passed on a day after the Monday."""
    with clock.at(MONDAY + timedelta(days=day)):
        for _ in range(4):  # each pass gives one warning
            sweep_deadlines()
    with as_system():
        return str(Case.objects.get(pk=case.pk).state)


def test_without_a_request_for_review_it_closes_30_days_after_the_opinion_was_received(cast: Cast):
    officer = cast["officer"]
    case = do(officer, complain(), "accept", subject="态度不好")
    do(officer, case, "answer", **OPINION)
    window = case.deadlines.get(code="review_window")
    assert window.due_at is None and window.stops[-1][2] == "等待登记送达"
    assert state_after(case, 60) == "answered"  # nobody has received it: nothing runs out
    delivery = case.documents.get(document="opinion").deliveries.get(to_role="applicant")
    with clock.at(MONDAY + timedelta(days=70)), reading_as(officer):
        receive(officer, case, delivery.pk, "post", "EMS 1")
    assert due(case, "review_window") == "2026-09-23"
    with as_system():
        assert Case.objects.get(pk=case.pk).next_deadline == "review_window"
    assert state_after(case, 99) == "answered"
    assert state_after(case, 101) == "closed"


def test_after_a_review_above_the_next_window_runs_from_the_day_its_answer_was_received(cast: Cast):
    officer = cast["officer"]
    case = do(officer, complain(), "accept", subject="态度不好")
    do(officer, case, "answer", **OPINION)
    do(officer, case, "ask_review")
    upheld = {"result": "upheld", "organ": "省司法厅", "reasons": "事实清楚"}
    do(officer, case, "review_upheld", MONDAY + timedelta(days=10), received_on="2026-06-22", **upheld)
    assert due(case, "review_window") == "2026-07-22"


def test_who_handled_the_matter_cannot_handle_the_complaint_that_names_it(cast: Cast):
    original = answered_by_officer(cast)
    case = complain(about="hotline", about_number=original.tracking_number)
    with as_system():
        assert Case.objects.get(pk=case.pk).origin_id == original.pk
    with pytest.raises(Conflict, match="您办过被投诉（评价）的那件事"):
        do(cast["officer"], case, "accept", subject="答复太慢")


def test_a_bad_rating_opens_a_review_for_somebody_else_within_one_working_day(cast: Cast):
    original = answered_by_officer(cast)
    visited = {"visited_on": "2026-06-15", "reached": True, "satisfied": True}
    original = do(cast["agent"], original, "visit", **visited)
    with as_system():
        token = Invitation.objects.get(case=original).token
    with clock.at(MONDAY), reading_as(ANONYMOUS):
        feedback = rate(ANONYMOUS, token, 1, ["slow", "charged"], "等了三个月")
    with as_system():
        case = Case.objects.get(pk=feedback.review_id)
        notices = set(Outgoing.objects.filter(case_id=case.pk).values_list("notice", flat=True))
    assert (case.matter, case.origin_id, case.priority) == ("bad_rating", original.pk, 1)
    assert "money_asked" in case.flags and due(case, "first_contact") == "2026-06-16"
    assert notices == {"complaint.rating_arrived", "complaint.rating_heard"}
    contact = {"called_at": "2026-06-15T10:00:00+08:00", "reached": True, "said": "等太久"}
    with pytest.raises(Conflict, match="请回避"):
        do(cast["officer"], case, "first_contact", **contact)


def test_a_bad_rating_is_put_right_recorded_and_rated_again(cast: Cast):
    agent, officer = cast["agent"], cast["officer"]
    opening = Opening(service="consultation", matter="question", channel="hotline", region_code=TOWNSHIP,
                      person=Person(name="李小婶", phone="17000000003"))  # fmt: skip
    with clock.at(MONDAY), reading_as(agent):
        original = open_case(agent, opening)
    do(agent, original, "answer", **ANSWER)
    with as_system():
        token = Invitation.objects.get(case=original).token
    with clock.at(MONDAY), reading_as(ANONYMOUS):
        review_id = rate(ANONYMOUS, token, 2, ["not_clear"]).review_id
    with as_system():
        case = Case.objects.get(pk=review_id)
    case = do(officer, case, "first_contact", called_at="2026-06-15T10:00:00+08:00", reached=True, said="没听懂")
    assert case.state == "handling" and not case.deadlines.filter(code="rectify").exists()
    case = do(officer, case, "rectify", finding="justified", facts_found="没有讲下一步", put_right="重新答复，班会讲评")
    assert (case.state, case.outcome) == ("closed", "justified")
    record = "".join(case.documents.get(document="rectification_record").content["paragraphs"])
    assert "看不懂、没讲明白" in record and "没有讲下一步" in record
    with as_system():
        assert Invitation.objects.filter(case=case).exists()


def test_a_fault_on_the_site_needs_no_name_and_is_answered(cast: Cast):
    case = complain(matter="site_error", what="电话写错了", fault="wrong")
    assert not case.deadlines.exists()
    case = do(cast["officer"], case, "fix_site", answer="已经改正，谢谢您")
    assert (case.state, case.outcome) == ("closed", "fixed")


def test_a_complaint_is_not_answered_as_a_rating_nor_the_other_way_round(cast: Cast):
    case = complain()
    with pytest.raises(Conflict, match="只用于差评复核"):
        do(cast["officer"], case, "first_contact", called_at="2026-06-15T10:00:00+08:00", reached=False)


def test_what_another_organ_passed_on_may_be_objected_to_in_five_working_days(cast: Cast):
    case = complain(cast["officer"], channel="organ")
    assert due(case, "object_remit") == "2026-06-23"
    case = do(cast["officer"], case, "object_remit", reasons="属于住建部门职权", competent="市住建局")
    assert (case.state, case.outcome) == ("routed", "not_ours")
