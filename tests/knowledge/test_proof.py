"""The gold set: whole as data, judged rightly, fast; a worse report stops the publishing of answers until another accepts it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from fahui.casework.notices.models import Outgoing
from fahui.channels.desk import proof
from fahui.channels.tasks import due_today, tell_worse
from fahui.commands.content import run
from fahui.foundation import clock
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Conflict, Forbidden, Invalid
from fahui.knowledge.answers.actions import switch
from fahui.knowledge.answers.danger import dangers
from fahui.knowledge.answers.models import AskedQuestion
from fahui.knowledge.answers.schema import topics
from fahui.knowledge.citations.check import CitedPlace, check_citations
from fahui.knowledge.citations.resolving import Status
from fahui.knowledge.content import actions as editing
from fahui.knowledge.content.models import CuratedAnswer, Reference
from fahui.knowledge.proof import actions
from fahui.knowledge.proof.loader import Gold, gold
from fahui.knowledge.proof.models import ProofReport
from fahui.knowledge.proof.rules import Given, judge, worse
from tests.cast import Cast
from tests.knowledge.test_answers import writing
from tests.knowledge.test_content import case

SMALL = (
    Gold(id="labour-wages", ask="老板拖欠工资", topic="labour", articles=["劳动法第五十条"]),
    Gold(id="danger-kill", ask="他要杀我", kind="alarm", danger="threat"),
    Gold(id="nolaw-rain", ask="今天天气怎么样", kind="declined"),
)  # fmt: skip


@pytest.fixture
def small(laws: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    for module in (actions, proof):
        monkeypatch.setattr(module, "gold", lambda: SMALL)


def in_review(cast: Cast, **more: Any) -> CuratedAnswer:
    row = editing.write(cast["leader"], writing(**more))
    return editing.hand_in(cast["leader"], row.pk, row.revision, CuratedAnswer)


def spoil() -> None:
    """The answer on wages is stopped: its question is no longer answered."""
    CuratedAnswer.objects.filter(slug="unpaid-wages").update(state="expired")


def test_the_gold_set_is_whole_and_cites_law_that_is_there():
    found = gold()
    assert len(found) >= 60 and {one.kind for one in found} == {"answer", "alarm", "declined"}
    assert {one.danger for one in found if one.danger} == {kind.id for kind in dangers().kinds}
    assert {one.topic for one in found if one.topic} == {topic.id for topic in topics().topics} - {"other"}
    report = check_citations([CitedPlace(one.id, text) for one in found for text in one.articles])
    # Which laws are held is the store's matter; an article of a law that is there must exist.
    assert not [one for one in report.failing if one.resolution and one.resolution.status in (Status.NO_SUCH_ARTICLE, Status.RENUMBERED)]
    held = {one.place.place for one in report.resolved + report.outside}
    assert len([one for one in found if one.articles and one.id not in held]) <= 3


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (Given("answer", "labour", "", frozenset({7, 9})), None), (Given("declined", "labour", "", frozenset()), ("kind",)),
        (Given("answer", "labour", "", frozenset({9})), ("articles",)), (Given("answer", "debt", "", frozenset({7})), ("topic",)),
    ],
)  # fmt: skip
def test_an_answer_is_judged_by_kind_articles_and_topic(given: Given, wrong: tuple[str, ...] | None):
    fault = judge(SMALL[0], given, [7, None])
    assert (fault.wrong if fault else None) == wrong


def test_what_the_store_lacks_cannot_be_judged_and_a_danger_must_be_the_right_one():
    assert judge(SMALL[0], Given("answer", "labour", "", frozenset({1})), [None]).wrong == ("unknown",)
    assert judge(SMALL[1], Given("alarm", "other", "crowd", frozenset()), []).wrong == ("danger",)
    assert worse(["a", "b", "new"], ["b"], ["a", "b", "c"]) == ["a"]


def test_a_report_is_kept_and_nothing_is_asked_in_anybodys_name(small: None, cast: Cast):
    report = actions.prove()
    assert (len(report.asked), report.faults, report.worse) == (3, [], []) and report.accepted_at and report.accepted_by is None
    assert not AskedQuestion.objects.exists() and Event.objects.filter(kind="proof.ran").exists()
    switch(cast["leader"], "labour", True, "本地先由人回答")
    assert actions.prove().faults == []  # what is switched off on purpose is no fault


def test_a_worse_report_stops_publishing_until_another_accepts_it(small: None, cast: Cast):
    actions.prove()
    waiting = in_review(cast)
    spoil()
    report = actions.prove(cast["lead"])
    assert report.worse == ["labour-wages"] and report.accepted_at is None
    with pytest.raises(Conflict, match="1道题") as refused:
        editing.publish(cast["officer"], waiting.pk, waiting.revision, CuratedAnswer)
    assert refused.value.code == "proof_worse"
    row = editing.write_reference(cast["leader"], case())
    row = editing.hand_in(cast["leader"], row.pk, row.revision, Reference)
    editing.publish(cast["lead"], row.pk, row.revision, Reference)  # precedents answer no question
    for who in ("lead", "leader"):  # who ran it, and who wrote since
        with pytest.raises(Forbidden):
            actions.accept(cast[who], report.pk, "已经核对过")
    with pytest.raises(Forbidden):
        actions.accept(cast["approver"], report.pk, "县里的岗位不行")
    with pytest.raises(Invalid):
        actions.accept(cast["officer"], report.pk, "行")
    actions.accept(cast["officer"], report.pk, "这一题暂时由人回答")
    assert Event.objects.get(kind="proof.accepted").data["reason"] == "这一题暂时由人回答"
    with pytest.raises(Conflict):
        actions.accept(cast["officer"], report.pk, "这一题暂时由人回答")
    assert editing.publish(cast["officer"], waiting.pk, waiting.revision, CuratedAnswer).state == "published"
    assert actions.prove().worse == []  # measured by what was accepted


def test_mended_answers_open_the_way_again(small: None, cast: Cast):
    actions.prove()
    waiting = in_review(cast)
    spoil()
    assert actions.prove().worse
    CuratedAnswer.objects.filter(slug="unpaid-wages").update(state="published")
    assert actions.prove().worse == []
    assert editing.publish(cast["lead"], waiting.pk, waiting.revision, CuratedAnswer).state == "published"


def test_by_night_the_citys_editors_hear_what_got_worse(small: None, cast: Cast):
    assert due_today() and tell_worse() == 0 and not due_today()
    ProofReport.objects.update(ran_at=clock.now() - timedelta(days=1))
    assert due_today() and not Outgoing.objects.filter(notice="content.proof").exists()
    spoil()
    assert tell_worse() == 1
    told = set(Outgoing.objects.filter(notice="content.proof").values_list("user_id", flat=True))
    assert told == {cast.users["lead"].pk, cast.users["officer"].pk}


def test_the_command_says_how_it_went(small: None, cast: Cast, capsys: pytest.CaptureFixture[str]):
    assert run(["proof"]) == 0 and "3 of 3 right" in capsys.readouterr().out
    spoil()
    assert run(["proof", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["worse"] == ["labour-wages"] and told["right"] == 2 and told["faults"][0]["wrong"] == ["kind"]


def test_the_desk_shows_reports_and_takes_an_acceptance(small: None, cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    clients = {}
    for name in ("officer", "leader", "approver"):
        clients[name] = Client()
        clients[name].force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    where = "/desk/answers/proof"
    assert "还没有检查过" in clients["leader"].get(where).content.decode()
    assert clients["leader"].post(where, {"do": "run"}).status_code == 302
    assert clients["approver"].post(where, {"do": "run"}).status_code == 403
    assert "现在查一次" not in clients["approver"].get(where).content.decode()
    spoil()
    ProofReport.objects.update(ran_at=clock.now() - timedelta(hours=1))
    clients["leader"].post(where, {"do": "run"})
    page = clients["officer"].get(where).content.decode()
    assert "问答暂停发布" in page and "该答没答" in page and "劳动法第五十条" in page
    report = ProofReport.objects.latest("pk")
    assert clients["leader"].post(where, {"do": "accept", "report": report.pk, "reason": "已经核对过"}).status_code == 403
    assert clients["officer"].post(where, {"do": "accept", "report": report.pk, "reason": ""}).status_code == 422
    assert clients["officer"].post(where, {"do": "accept", "report": report.pk, "reason": "已经核对过"}).status_code == 302
    assert "问答暂停发布" not in clients["officer"].get(where).content.decode()
