"""Precedents and scripts: two people, a source, all rows or none, an end; guides grow out of the definitions."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from fahui.casework.definitions.loader import services
from fahui.casework.notices.models import Outgoing
from fahui.channels.tasks import tell_expired, tell_unhelpful
from fahui.commands.content import run
from fahui.foundation import clock
from fahui.foundation.accounts.scope import ANONYMOUS, SYSTEM, reading_as
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Forbidden, Invalid
from fahui.foundation.tables.importer import BadTable
from fahui.knowledge.answers import actions as answering
from fahui.knowledge.content import actions, importing
from fahui.knowledge.content.models import CuratedAnswer, Reference
from fahui.knowledge.content.queries import references_saying
from fahui.services.consultation.alarm import alarm_of
from fahui.services.consultation.scripts import scripts
from tests.cast import COUNTY, NEIGHBOUR, Cast

HEAD = "标题,主题,案情,裁判要旨,法条,法院或者发布机关,案号或者编号,日期,来源,谁负责"
ROW = "拖欠工资要付,劳动,干了三个月没有拿到钱。,应当足额支付；欠薪不因没有合同而免,劳动法第五十条,某法院,（2023）测1号,2023-05-04,测试用,法治科"


def case(**more: Any) -> actions.ReferenceWriting:
    return actions.ReferenceWriting(**{
        "kind": "precedent", "topic": "labour", "title": "拖欠工资案", "facts": "没有拿到钱。", "lines": ["应当支付"], "citations": ["劳动法第五十条"],
        "issuer": "某法院", "number": "（2023）测1号", "decided_on": clock.today() - timedelta(days=400), "source": "测试用", "owner": "法治科",
        "review_by": clock.today() + timedelta(days=30), **more,
    })  # fmt: skip


def published(cast: Cast, **more: Any) -> Reference:
    row = actions.write_reference(cast["leader"], case(**more))
    row = actions.hand_in(cast["leader"], row.pk, row.revision, Reference)
    return actions.publish(cast["lead"], row.pk, row.revision, Reference)


def test_a_precedent_takes_two_people_and_is_found_by_words(laws: None, cast: Cast):
    row = actions.write_reference(cast["leader"], case())
    assert references_saying("拖欠 工资", ()) == []
    row = actions.hand_in(cast["leader"], row.pk, row.revision, Reference)
    with pytest.raises(Forbidden):
        actions.publish(cast["leader"], row.pk, row.revision, Reference)
    row = actions.publish(cast["lead"], row.pk, row.revision, Reference)
    assert references_saying("拖欠 工资", ()) == [row] and references_saying("拖欠 天气", ()) == []
    assert Event.objects.filter(kind="precedent.published", about=f"precedent:{row.pk}").exists()


@pytest.mark.parametrize("wrong", [{"number": ""}, {"issuer": ""}, {"source": ""}, {"facts": ""}, {"lines": []}, {"decided_on": None},
                                   {"citations": ["劳动法第九百条"]}, {"decided_on": clock.today() + timedelta(days=1)}])  # fmt: skip
def test_a_precedent_that_cannot_be_found_again_is_not_reviewed(laws: None, cast: Cast, wrong: dict[str, Any]):
    row = actions.write_reference(cast["leader"], case(**wrong))
    with pytest.raises(Invalid):
        actions.hand_in(cast["leader"], row.pk, row.revision, Reference)


def test_beside_a_call_a_countys_own_are_shown_to_those_who_serve_it(laws: None, cast: Cast):
    row = published(cast, region_code=COUNTY)
    assert references_saying("拖欠", cast["agent"].regions) == [row] == references_saying("拖欠", cast["clerk"].regions)
    assert references_saying("拖欠", ((NEIGHBOUR, NEIGHBOUR + 10**6),)) == []


def test_the_services_own_scripts_are_there_from_the_start(cast: Cast):
    held = {row.slug: row for row in Reference.objects.filter(kind="script")}
    assert {one.slug for one in scripts()} <= set(held) and held["alarm-child"].lines == list(alarm_of("child").script)
    assert actions.load_scripts(scripts()) == 0
    row = held["alarm-crowd"]
    changed = case(kind="script", title="本地的话术", lines=["先问在哪里"], issuer="", number="", decided_on=None, facts="")
    actions.write_reference(cast["leader"], changed, row.pk, row.revision)
    Reference.objects.filter(slug="alarm-threat").update(shipped="old")
    assert actions.load_scripts(scripts()) == 1
    assert Reference.objects.get(slug="alarm-crowd").title == "本地的话术"


def test_all_rows_are_imported_or_none(laws: None, cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    good, bad, later = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "more.yaml"
    good.write_text(f"{HEAD}\n{ROW}\n", encoding="utf-8")
    bad.write_text(f"{HEAD}\n{ROW.replace('测1号', '测2号')}\n{ROW.replace('第五十条', '第九百条').replace('2023-05-04', '2999-01-01')}\n", encoding="utf-8")
    assert run(["import", str(bad)]) == 1
    told = capsys.readouterr().err
    assert "第3行" in told and "劳动法第九百条" in told and "2999-01-01" in told and not Reference.objects.filter(kind="precedent").exists()
    assert run(["import", str(good)]) == 0 and run(["import", str(good)]) == 0
    row = Reference.objects.get(kind="precedent")
    assert (row.state, row.author, row.lines, row.number) == ("draft", None, ["应当足额支付", "欠薪不因没有合同而免"], "（2023）测1号")
    row = actions.hand_in(cast["leader"], row.pk, row.revision, Reference)
    with pytest.raises(Forbidden):  # whoever handed it in answers for it
        actions.publish(cast["leader"], row.pk, row.revision, Reference)
    later.write_text("- title: 来电要账\n  topic: debt\n  lines: [先问有没有借条, 再问哪天到期]\n  citations: [劳动法第五十条]\n  source: 测试\n  owner: 班长\n", encoding="utf-8")
    assert run(["import", str(later), "--kind", "script"]) == 0
    assert Reference.objects.get(title="来电要账").lines == ["先问有没有借条", "再问哪天到期"]


@pytest.mark.parametrize("text", ["title: x", "- [1, 2]", "- title: 甲\n  colour: red\n", "{"])
def test_a_file_of_another_shape_is_refused(laws: None, cast: Cast, tmp_path: Path, text: str):
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises((BadTable, Invalid)):
        importing.read(tmp_path / "x.yaml", "script")


def test_what_nobody_reviewed_in_time_ends_by_night_and_its_owners_are_told(laws: None, cast: Cast):
    row = published(cast)
    Reference.objects.filter(pk=row.pk).update(review_by=clock.today())
    CuratedAnswer.objects.filter(slug="iou").update(review_by=clock.today() - timedelta(days=1))
    assert tell_expired() == 1  # the last day itself counts
    assert CuratedAnswer.objects.get(slug="iou").state == "expired"
    assert {cast.users["lead"].pk, cast.users["officer"].pk} <= set(Outgoing.objects.filter(notice="content.expired").values_list("user_id", flat=True))
    Reference.objects.filter(pk=row.pk).update(review_by=clock.today() - timedelta(days=1))
    assert tell_expired() == 1 and tell_expired() == 0
    told = Outgoing.objects.filter(notice="content.expired", text__contains=row.title)
    assert set(told.values_list("user_id", flat=True)) == {cast.users["leader"].pk, cast.users["lead"].pk}
    assert Event.objects.filter(kind="precedent.expired", about=f"precedent:{row.pk}").exists()
    assert not Event.objects.filter(kind="precedent.expired").exclude(actor_role=SYSTEM.acting_as).exists()


def test_what_did_not_help_goes_back_to_who_answers_for_it_once(laws: None, cast: Cast):
    row = CuratedAnswer.objects.get(slug="unpaid-wages")
    CuratedAnswer.objects.filter(pk=row.pk).update(author=cast.users["clerk"])
    for rating, reason in (("not_useful", "incomplete"), ("not_useful", "incomplete"), ("useful", "")):
        with reading_as(ANONYMOUS):
            answering.rate(answering.ask("老板拖欠工资", ANONYMOUS, channel="portal").token, rating, reason)
    with reading_as(ANONYMOUS):
        answering.rate(answering.ask("今天天气怎么样", ANONYMOUS, channel="portal").token, "not_useful")
    assert tell_unhelpful() == 2
    told = Outgoing.objects.filter(notice="content.feedback")
    (own,) = told.filter(user_id=cast.users["clerk"].pk)
    assert row.question_zh in own.text and "有2次" in own.text and "不完整2次" in own.text and f"/desk/answers/{row.pk}" in own.text
    assert "没有现成问答" in told.filter(user_id=cast.users["lead"].pk).get().text
    assert tell_unhelpful() == 0 and told.count() == Outgoing.objects.filter(notice="content.feedback").count()


def test_desk_portal_and_call_show_what_was_published(laws: None, cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    leader, agent = Client(), Client()
    for client, name in ((leader, "leader"), (agent, "agent")):
        client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "fahui content import" in leader.get("/desk/answers/?kind=precedent").content.decode()
    assert "这里还没有案例" in Client().get("/precedents/").content.decode()
    form = {"title": "拖欠工资案", "facts": "没有拿到钱。", "lines": "应当支付\n再加一句", "citations": "劳动法第五十条", "issuer": "某法院", "number": "（2023）测1号",
            "decided_on": "2023-05-04", "source": "测试用", "topic": "labour", "region_code": "511100000000", "owner": "法治科", "review_by": "2030-01-01"}  # fmt: skip
    assert leader.post("/desk/answers/new/precedent", {**form, "decided_on": "x"}).status_code == 422
    made = leader.post("/desk/answers/new/precedent", form)
    assert made.status_code == 302 and made["Location"].startswith("/desk/answers/reference/")
    row = Reference.objects.get(title="拖欠工资案")
    assert Client().get(f"/precedents/{row.pk}").status_code == 404
    assert leader.post(f"{made['Location']}/hand_in", {"revision": row.revision}).status_code == 302
    row.refresh_from_db()
    assert leader.post(f"{made['Location']}/publish", {"revision": row.revision}).status_code == 403
    actions.publish(cast["lead"], row.pk, row.revision, Reference)
    page = Client().get(f"/precedents/{row.pk}").content.decode()
    assert "（2023）测1号" in page and "不得克扣" in page and "测试用" in page
    assert "拖欠工资案" in Client().get("/precedents/?topic=labour").content.decode()
    assert "拖欠工资案" not in Client().get("/precedents/?topic=land").content.decode()
    assert "拖欠工资案" in re.sub("</?mark>", "", agent.get("/desk/search", {"q": "拖欠 工资"}).content.decode())
    beside = re.sub("</?mark>", "", agent.get("/desk/search", {"q": "未成年人"}).content.decode())
    assert "强制报告" in beside
    assert "来电：家庭暴力" in leader.get("/desk/answers/?kind=script").content.decode()
    assert "/guide/legal_aid/civil" in leader.get("/desk/answers/?kind=guide").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_matter_has_a_guide_that_says_what_its_definition_says(db: None, language: str):
    browser = Client()
    browser.cookies["fahui_lang"] = language
    for name, home in services().items():
        for matter in home.definition.matters:
            page = browser.get(f"/guide/{name}/{matter.id}")
            assert page.status_code == (200 if matter.public else 404), matter.id
            if matter.public:
                text = page.content.decode()
                assert f"/apply/{name}/{matter.id}" in text and home.definition.version in text
    page = browser.get("/guide/legal_aid/civil").content.decode()
    assert {"zh-hans": "7日", "en": "7 natural days"}[language] in page and "法律援助法第四十三条" in page and "结案材料" not in page and "Closing papers" not in page
    assert browser.get("/guide/legal_aid/nothing").status_code == 404
