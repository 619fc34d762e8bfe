"""What a bureau keeps from machine answers goes to people, in the place that said so; an alarm stays an alarm."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from fahui.foundation.accounts.scope import as_system
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Forbidden, Invalid
from fahui.knowledge.answers import actions
from fahui.knowledge.answers.models import AskedQuestion
from tests.cast import COUNTY, NEIGHBOUR, Cast
from tests.knowledge.test_places import ask

WHY = "本地先由律师回答"
UNWRITTEN = "劳动合同的试用期最长多久"  # nothing was written ahead for it


def test_a_topic_that_is_off_goes_to_people_and_comes_back(laws: None, cast: Cast):
    assert ask("老板拖欠工资", None).kind == "answer"
    actions.switch(cast["leader"], "labour", True, WHY)
    written = ask("老板拖欠工资", COUNTY)  # as editors wrote it, with what it cites and nothing found besides
    assert (written.kind, written.off, written.composer, written.also) == ("answer", False, "built_in", ())
    assert written.curated and written.plain == written.curated.answer_zh and written.articles
    told = ask(UNWRITTEN, COUNTY)
    assert (told.kind, told.off, told.articles, told.curated) == ("declined", True, (), None) and "劳动" in told.plain
    with as_system():
        assert AskedQuestion.objects.get(token=told.token).kind == "off"
    assert ask("他要杀我，还拖欠工资", None).kind == "alarm"
    assert ask("朋友借钱不还，只有借条", None).off is False
    event = Event.objects.get(kind="topic.switched_off", about="topic:labour")
    assert event.data["reason"] == WHY and event.actor_id == cast["leader"].user_id
    actions.switch(cast["lead"], "labour", False, WHY)
    assert not ask(UNWRITTEN, None).off and Event.objects.filter(kind="topic.switched_on").exists()


def test_a_kind_is_known_by_its_words(laws: None, cast: Cast):
    actions.switch(cast["leader"], "foreign", True, WHY)
    assert ask("外国老板拖欠工资", None).off and "涉外" in ask("外国老板拖欠工资", None).plain
    assert not ask("老板拖欠工资", None).off


def test_a_county_switches_for_itself_only(laws: None, cast: Cast):
    with pytest.raises(Forbidden):
        actions.switch(cast["approver"], "labour", True, WHY)
    with pytest.raises(Forbidden):
        actions.switch(cast["clerk"], "labour", True, WHY, COUNTY)
    actions.switch(cast["approver"], "labour", True, WHY, COUNTY)
    assert ask(UNWRITTEN, COUNTY).off and not ask(UNWRITTEN, NEIGHBOUR).off and not ask(UNWRITTEN, None).off


@pytest.mark.parametrize("wrong", [("labour", ""), ("labour", "  因 "), ("weather", WHY)])
def test_without_a_reason_nothing_is_switched(cast: Cast, wrong: tuple[str, str]):
    with pytest.raises(Invalid):
        actions.switch(cast["leader"], wrong[0], True, wrong[1])


def test_the_desk_switches_and_the_portal_and_api_say_so(laws: None, cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    leader = Client()
    leader.force_login(cast.users["leader"], backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {"subject": "labour", "to": "off", "region_code": "511100000000", "reason": WHY}
    assert leader.post("/desk/answers/topics", {**form, "to": ""}).status_code == 422
    assert leader.post("/desk/answers/topics", {**form, "reason": ""}).status_code == 422
    assert leader.post("/desk/answers/topics", form).status_code == 302
    assert WHY in leader.get("/desk/answers/topics").content.decode()
    page = Client().post("/ask/", {"facts": UNWRITTEN}).content.decode()
    assert "这类问题由人来回答" in page and "法律原文" not in page and "转人工" in page
    told = Client().post("/api/v1/ask", {"question": UNWRITTEN}, content_type="application/json").json()
    assert (told["kind"], told["kept_to_people"], told["articles"]) == ("declined", True, [])
