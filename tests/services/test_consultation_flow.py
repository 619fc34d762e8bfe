"""Consultations as people have them: a wage call on Saturday evening, a message, violence at home, an order from 12345."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from fahui.casework.cases.actions import Opening, open_case, perform
from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import get
from fahui.casework.definitions.checks import problems
from fahui.casework.definitions.loader import service
from fahui.casework.feedback.models import Invitation
from fahui.casework.notices.models import Outgoing
from fahui.foundation import clock
from fahui.foundation.accounts.scope import ANONYMOUS, SYSTEM, Reader, as_system, reading_as
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.errors import Conflict, Forbidden, Missing
from fahui.foundation.people.actions import Person
from fahui.services.consultation.rules import to_legal_aid
from fahui.services.legal_aid.details import CivilDetails
from tests.cast import TOWNSHIP, Cast
from tests.knowledge.tellings import unsure

SATURDAY = datetime(2026, 6, 13, 19, 42, tzinfo=SHANGHAI)
WORKER = {"who_owes": "B劳务公司", "owed_fen": 8_640_000, "work_site": "滨江二期", "people": 8, "left_on": "2025-06-18"}
ANSWER = {"topic": "wages", "facts_line": "工地欠薪，去年6月离开", "answer": "可以申请仲裁，先申请法律援助。",
          "articles": "劳动争议调解仲裁法第二十七条", "next_step": "6月18日前申请仲裁"}  # fmt: skip
HAND_ON = {"topic": "wages", "facts_line": "工地欠薪，八人", "told": True, "agreed": True}
ORDER = {"order_to": "西坝司法所", "task": "核实围墙占地，组织调解"}
CALLER = Person(name="申请人甲", phone="17000000001")


def ask(reader: Reader, matter: str = "question", channel: str = "hotline", details: dict[str, Any] | None = None,
        person: Person | None = CALLER) -> Case:  # fmt: skip
    """A question asked on Saturday evening."""
    opening = Opening(service="consultation", matter=matter, channel=channel, region_code=TOWNSHIP, person=person,
                      details=details or {})  # fmt: skip
    with clock.at(SATURDAY), reading_as(reader):
        return open_case(reader, opening)


def do(reader: Reader, case: Case, action: str, **payload: Any) -> Case:
    """An action half an hour after the question."""
    with clock.at(SATURDAY + timedelta(minutes=30)), reading_as(reader):
        return perform(reader, case.pk, action, payload)


def told(case: Case, notice: str) -> list[Outgoing]:
    with as_system():
        return list(Outgoing.objects.filter(case_id=case.pk, notice=f"consultation.{notice}"))


def due(case: Case, code: str) -> str | None:
    with as_system():
        row = case.deadlines.filter(code=code, ended_at=None).first()
    return row.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") if row and row.due_at else None


def now(case: Case) -> Case:
    with as_system():
        return Case.objects.get(pk=case.pk)


def test_the_folder_may_be_published():
    assert problems(service("consultation")) == []


def test_the_workers_call_is_urgent_and_goes_to_legal_aid_with_one_key(cast: Cast):
    agent = cast["agent"]
    case = ask(agent, "wages", details=WORKER)
    assert {"limitation_near", "wage_fast_lane", "group_matter"} <= set(case.flags) and case.priority == 2
    assert not case.deadlines.exists()
    case = do(agent, case, "to_legal_aid", **HAND_ON)
    assert (case.state, case.outcome, case.open, case.handler_id) == ("transferred", "legal_aid", False, agent.user_id)
    assert {d.title for d in case.documents.all()} == {"法律咨询登记表", "法律服务转办单"}
    assert case.tracking_number in told(case, "transferred")[0].text


def test_what_is_handed_to_legal_aid_fits_its_form():
    for matter, details in [("wages", WORKER), ("family", {"violence": True, "may_text": False}),
                            ("land", {"facts": "围墙占地"}), ("other", {})]:  # fmt: skip
        kind, answers = to_legal_aid(details, matter, ["migrant_worker"])
        assert kind == "civil" and CivilDetails.model_validate(answers)


def test_without_consent_nothing_is_handed_on(cast: Cast):
    case = ask(cast["agent"], "wages", details=WORKER)
    with pytest.raises(Conflict, match="本人不同意转办"):
        do(cast["agent"], case, "to_legal_aid", **{**HAND_ON, "agreed": False})
    assert now(case).state == "registered"


def test_an_answer_by_phone_is_recorded_rated_and_scored_by_somebody_else(cast: Cast):
    agent, lead = cast["agent"], cast["lead"]
    case = do(agent, ask(agent), "answer", **ANSWER)
    assert case.state == "answered" and case.details["answered_by"] == [agent.user_id]
    assert [d.title for d in case.documents.all()] == ["法律咨询登记表"]
    assert Invitation.objects.filter(case=case).count() == 1 and "citation_to_check" not in case.flags
    sheet = {"listening": 20, "asking": 18, "law": 20, "citing": 20, "next_step": 15}
    assert do(lead, case, "quality_sample", **sheet).details["quality_score"] == 93
    own = do(lead, ask(lead), "answer", **ANSWER)
    with pytest.raises(Conflict, match="请由别人质检"):
        do(lead, own, "quality_sample", **sheet)


def test_an_answer_without_its_article_is_refused_and_a_wrong_one_is_marked(cast: Cast):
    case = ask(cast["agent"])
    with pytest.raises(Conflict, match="请写明依据的条文"):
        do(cast["agent"], case, "answer", **{**ANSWER, "articles": ""})
    marked = do(
        cast["agent"], case, "answer", **{**ANSWER, "articles": "劳动争议调解仲裁法第九百条", "ai_mark": "incomplete"}
    )
    assert {"citation_to_check", "ai_answer_incomplete"} <= set(marked.flags)


def test_a_message_has_a_day_an_instant_question_five_hours_a_letter_seven_working_days(cast: Cast):
    message = ask(ANONYMOUS, channel="web")
    assert due(message, "answer_message") == "06-14 19:42" and due(message, "answer_chat") is None
    assert message.tracking_number in told(message, "registered")[0].text
    assert due(ask(ANONYMOUS, channel="web", details={"live": True}), "answer_chat") == "06-14 00:42"
    # Friday 19 June is the Dragon Boat holiday
    assert due(ask(cast["agent"], channel="letter"), "answer_letter") == "06-24 23:59"
    answered = do(cast["agent"], message, "answer", **ANSWER)
    assert answered.deadlines.get(code="answer_message").status == "met"
    assert {d.title for d in answered.documents.all()} == {"法律咨询登记表", "法律咨询答复"}


def test_who_asks_cannot_write_the_record_of_the_answer(cast: Cast):
    forged = {"answered_by": [1], "quality_score": 100, "attempts": 9, "answer_given": "已答复", "order_to": "某所"}
    case = ask(ANONYMOUS, channel="web", details=forged)
    assert {name: case.details[name] for name in forged} == {
        "answered_by": [], "quality_score": None, "attempts": 0, "answer_given": "", "order_to": ""}  # fmt: skip


def test_violence_at_home_is_sealed_at_once_sends_no_text_and_wakes_the_lead(cast: Cast):
    case = ask(ANONYMOUS, "family", "web", {"violence": True, "violence_now": True, "facts": "想离婚"})
    assert case.sealed and {"domestic_violence", "alarm_domestic_violence"} <= set(case.flags)
    assert [row.user_id for row in told(case, "alarm")] == [cast.users["lead"].pk]
    assert told(case, "registered") == []
    with reading_as(cast["lead"]):
        assert get(cast["lead"], case.pk).pk == case.pk
    with reading_as(cast["agent"]), pytest.raises(Missing):
        get(cast["agent"], case.pk)


def test_the_red_key_seals_puts_first_and_only_the_lead_closes_it(cast: Cast):
    agent, lead = cast["agent"], cast["lead"]
    case = do(agent, ask(agent), "raise_alarm", kind="domestic_violence")
    assert case.sealed and case.priority == 2 and case.state == "registered" and told(case, "alarm")
    do(agent, case, "promise_callback")
    assert told(case, "callback_promised") == []  # she has not said that a text is safe
    with pytest.raises(Forbidden):
        do(agent, case, "close_alarm", done="已报警，人已安全")
    case = do(lead, case, "close_alarm", done="打错键，是误报", mistaken=True)
    assert not case.sealed and not case.flags
    with pytest.raises(Conflict, match="没有警情"):
        do(lead, case, "close_alarm", done="打错键，是误报")


def test_a_child_in_danger_is_sealed_and_wakes_the_lead(cast: Cast):
    case = ask(ANONYMOUS, channel="web", details={"facts": "隔壁的孩子天天被他爸打，身上都是伤"})
    assert case.sealed and "alarm_child" in case.flags and told(case, "alarm")
    with reading_as(cast["agent"]), pytest.raises(Missing):
        get(cast["agent"], case.pk)
    assert not do(cast["lead"], case, "close_alarm", done="核实是误报", mistaken=True).sealed


def test_words_of_despair_raise_the_alarm_without_hiding_the_case(cast: Cast):
    case = ask(ANONYMOUS, channel="web", details={"facts": "工钱拿不到，不想活了"})
    assert "alarm_suicide" in case.flags and case.priority == 2 and not case.sealed and told(case, "alarm")


def test_words_that_may_tell_of_danger_are_read_first_and_raise_no_alarm(cast: Cast):
    case = ask(ANONYMOUS, channel="web", details={"facts": unsure()})
    assert "may_be_danger" in case.flags and case.priority >= 1 and not case.sealed and told(case, "alarm") == []


def test_a_call_back_keeps_its_place_and_is_closed_only_after_trying(cast: Cast):
    agent = cast["agent"]
    case = do(agent, ask(agent), "promise_callback")
    assert case.state == "callback_waiting" and due(case, "callback") == "06-13 22:12"
    with pytest.raises(Conflict, match="只登记了0次拨打"):
        do(agent, case, "close_unreached")
    case = do(agent, case, "not_reached", tried_at="2026-06-13T20:05:00+08:00", note="无人接",
              again_at="2026-06-14T09:00:00+08:00")  # fmt: skip
    assert case.details["attempts"] == 1 and due(case, "callback") == "06-14 11:00"
    case = do(agent, case, "close_unreached")
    assert (case.state, case.outcome) == ("closed", "not_reached")


def test_an_appointment_runs_to_its_hour(cast: Cast):
    agent = cast["agent"]
    case = ask(agent)
    with pytest.raises(Conflict, match="约的时间已经过了"):
        do(agent, case, "appoint", at="2026-06-13T09:00:00+08:00", with_whom="吕律师")
    case = do(agent, case, "appoint", at="2026-06-15T09:00:00+08:00", with_whom="吕律师")
    assert case.state == "appointed" and due(case, "appointment") == "06-15 10:00"
    case = do(agent, case, "appoint", at="2026-06-16T15:00:00+08:00", with_whom="吕律师")
    assert due(case, "appointment") == "06-16 16:00"


def test_an_order_goes_back_once_is_fixed_replied_and_handled_again(cast: Cast):
    agent, lead, officer = cast["agent"], cast["lead"], cast["officer"]
    case = ask(SYSTEM, "land", "api")
    assert due(case, "order") == "06-22 23:59"
    do(agent, case, "make_order", **ORDER)
    case = do(officer, case, "return_order", reasons="不在本辖区", suggested="牛华司法所")
    assert case.state == "registered" and case.handler_id is None and due(case, "order") == "06-22 23:59"
    do(lead, case, "fix_order", **ORDER)
    with pytest.raises(Conflict, match="不能再退回"):
        do(officer, case, "return_order", reasons="不在本辖区", suggested="牛华司法所")
    do(officer, case, "accept_order")
    case = do(officer, case, "reply", **{**ANSWER, "topic": "land", "articles": "民法典第二百三十六条"})
    assert case.state == "replied" and case.deadlines.get(code="order").status == "met"
    visited = {"visited_on": "2026-06-13", "reached": True}
    with pytest.raises(Conflict, match="退回再办，不能办结"):
        do(agent, case, "visit", **visited, satisfied=False)
    case = do(agent, case, "rehandle", **visited, satisfied=False)
    assert case.state == "handling" and "not_satisfied" in case.flags and due(case, "order") is not None
    do(officer, case, "reply", **ANSWER)
    assert do(agent, case, "visit", **visited, satisfied=True).state == "closed"


def test_the_person_says_it_is_not_solved(cast: Cast):
    agent, officer, resident = cast["agent"], cast["officer"], cast["resident"]
    opening = Opening(service="consultation", matter="land", channel="web", region_code=TOWNSHIP,
                      party_id=cast.users["resident"].party_id)  # fmt: skip
    with clock.at(SATURDAY), reading_as(resident):
        case = open_case(resident, opening)
    do(agent, case, "make_order", **ORDER)
    do(officer, case, "accept_order")
    do(officer, case, "reply", **ANSWER)
    assert do(resident, case, "not_solved", words="围墙还在那里").state == "handling"


def test_another_procedure_is_told_never_just_refused(cast: Cast):
    case = do(cast["agent"], ask(cast["agent"]), "redirect", topic="administrative", facts_line="不服处罚决定",
              route="reconsideration", where="区政府行政复议机构", how="60日内带处罚决定书去申请")  # fmt: skip
    paper = case.documents.get(document="route_notice")
    assert case.state == "redirected" and "应当走这条途径：行政复议。" in "".join(paper.content["paragraphs"])
