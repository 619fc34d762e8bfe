"""Answers cite what the store holds, or decline; danger comes before everything; what is kept names nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from fahui.foundation import clock
from fahui.foundation.accounts.scope import ANONYMOUS, SYSTEM, Reader, as_system, reading_as
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.knowledge.answers import actions, rules
from fahui.knowledge.answers.composing import Draft
from fahui.knowledge.answers.danger import alarm_in, danger_in, dangers
from fahui.knowledge.answers.models import AskedQuestion
from fahui.knowledge.answers.queries import asked
from fahui.knowledge.answers.schema import topics
from fahui.knowledge.checks.loader import limits
from fahui.knowledge.citations.check import CitedPlace, check_citations
from fahui.knowledge.content import actions as editing
from fahui.knowledge.content.loading import shipped
from fahui.knowledge.content.models import CuratedAnswer
from fahui.knowledge.content.queries import listed
from fahui.knowledge.content.rules import fit
from fahui.knowledge.laws.models import Article
from tests.cast import Cast
from tests.knowledge.everyday import found
from tests.knowledge.texts import WAGES


def ask(text: str, **more: Any) -> actions.Answer:
    with transaction.atomic(), reading_as(ANONYMOUS):
        return actions.ask(text, ANONYMOUS, channel="portal", **more)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("他要杀我", "threat"), ("活着没意思，不想活了", "suicide"), ("我女儿在学校被同学打", "child"), ("老公又打我，怎么办", "domestic_violence"),
        ("工友们要去堵路讨薪", "crowd"), ("My husband beats me", "domestic_violence"), ("他 要 杀 我", "threat"), ("孩子走丢了", "child"),
    ],
)  # fmt: skip
def test_danger_is_heard(said: str, kind: str):
    heard = alarm_in(said)
    assert heard and heard.danger.id == kind and heard.words


@pytest.mark.parametrize("said", ["老板拖欠工资", "他打我电话说不还钱", "邻居家的狗咬了我", "想离婚，孩子归谁", "故意伤害罪判几年", "杀鱼弄脏了邻居的门", "邻居偷砍我家的树", "邻居打死了我家的狗", "他要砍我的果树"])
def test_everyday_matters_raise_no_alarm(said: str):
    assert danger_in(said) is None


def test_the_shipped_data_is_whole():
    known = {topic.id for topic in topics().topics}
    report = check_citations(
        [CitedPlace(one.slug, text) for one in shipped() for text in one.citations]
        + [CitedPlace(kind.id, text) for kind in dangers().kinds for text in kind.basis]
    )
    assert not report.failing and not report.outside, report
    assert len({one.slug for one in shipped()}) == len(shipped()) >= 12
    for one in shipped():
        assert one.topic in known and len(one.steps.zh) == len(one.steps.en)
        assert len(one.answer.zh) <= 120 and len(one.answer.en) <= 400
        assert fit("".join(one.question.zh.split()), one.asks, one.unless), one.slug
    assert {limit for topic in topics().topics for limit in topic.limits + topic.only_limits} <= set(limits())


@pytest.mark.parametrize(
    ("said", "slug"),
    [
        ("包工头跑了，工钱一分没给", "unpaid-wages"), ("我想离婚，房子怎么分", "divorce"), ("彩礼能退吗", "bride-price"),
        ("朋友借钱不还，只有借条", "iou"), ("房东不退租房押金", "rent-deposit"), ("楼上掉下花盆砸坏我的车", "falling-objects"),
        ("儿子不养老人", "support-of-parents"), ("隔壁太吵", "neighbours"), ("网购的手机是假货，不给退", "refund"),
        ("试用期三个月合法吗", "probation"), ("在厂里受伤了，老板不管", "work-injury"), ("被车撞了对方不赔", "traffic-accident"),
        ("离婚后前夫不给孩子生活费", "child-support"), ("父亲去世没有留遗嘱，房子怎么分", "inheritance"), ("离婚后孩子有没有继承权", "inheritance"),
        ("老人立的遗嘱要不要公证", "will"), ("爹死了欠的债儿子要还吗", "debts-of-the-dead"), ("公司注册要什么材料", None), ("养老院的押金", None),
    ],
)  # fmt: skip
def test_what_people_say_finds_its_answer(said: str, slug: str | None):
    assert found(said) == slug


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我叫张小花，电话13800138000", "我叫〔姓名〕，电话〔电话〕"),
        ("身份证51112319800101123X被人用了", "身份证〔证件号〕被人用了"),
        ("老板王强欠我6000元", "老板〔姓名〕欠我6000元"),
        ("座机0833-2100001", "座机〔电话〕"),
        ("我住3栋2单元501室，车牌川L12345", "我住〔住址〕，车牌〔车牌〕"),
        ("卡号6222 0210 0112 3456 789", "卡号〔号码〕"),
        ("拖欠工资三个月", "拖欠工资三个月"),
        ("电话１３８１２３４５６７８", "电话〔电话〕"),
        ("身份证３６０２０１１９９００１０１１２３４", "身份证〔证件号〕"),
        ("手机1 3 8 1 2 3 4 5 6 7 8", "手机〔电话〕"),
        ("手机一三八一二三四五六七八", "手机〔电话〕"),
        ("微信号zhangsan123，QQ：12345678", "微信号〔账号〕，QQ：〔账号〕"),
        ("护照E12345678", "护照〔证件号〕"),
        ("微信转账记录算不算证据", "微信转账记录算不算证据"),
    ],
)
def test_what_is_kept_names_nobody(said: str, kept: str):
    assert rules.masked(said) == kept


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("我叫张三，身份证360201199001011234，电话13812345678，老板李四欠我8000块工资", "老板欠我8000块工资"),
        ("身份证51112319800101123X被人用了", "身份证被人用了"),
        ("身份证被老板扣了", "身份证被老板扣了"),
        ("my name is John, my boss owes me wages", "my boss owes me wages"),
        ("电话13812345678", "电话13812345678"),
    ],
)
def test_who_asks_is_no_part_of_the_question(said: str, about: str):
    assert rules.asked_about(said) == about


def test_wages_are_wages_in_english_too(laws: None):
    assert ask("My boss has not paid me for three months").matter == ask("Wages unpaid by my boss").matter == "wages"


def test_papers_and_phone_told_beside_the_matter_do_not_change_the_answer(laws: None):
    assert ask("我叫张三，身份证360201199001011234，电话13812345678，老板李四欠我8000块工资").curated.slug == "unpaid-wages"


def test_a_curated_answer_stands_on_the_stores_own_words(laws: None):
    answer = ask("老板拖欠工资，我叫张小花")
    assert (answer.kind, answer.curated.slug, answer.topic.id, answer.matter) == ("answer", "unpaid-wages", "labour", "wages")
    assert answer.articles[0].article.text == WAGES
    for one in answer.articles:
        assert Article.objects.get(pk=one.article.pk).text == one.article.text
    with as_system():
        kept = AskedQuestion.objects.get(token=answer.token)
    assert kept.question == "老板拖欠工资，我叫〔姓名〕" and kept.articles == [one.article.pk for one in answer.articles]
    again = [ask("老板拖欠工资，我叫张小花") for _ in range(3)]
    assert all(one.articles == answer.articles and one.plain == answer.plain for one in again)


@pytest.mark.parametrize(
    ("fits", "sure", "any_found", "given"),
    [
        ([rules.Fit(9, None, False)], True, True, None),  # words alone, and the search knows better
        ([rules.Fit(9, 2, False)], True, True, 0),
        ([rules.Fit(9, 3, False)], True, True, None),  # too far down among articles that carry an answer themselves
        ([rules.Fit(9, 9, False)], False, True, 0),
        ([rules.Fit(9, None, False)], False, True, None),
        ([rules.Fit(9, None, True)], False, True, 0),  # two people of the bureau stand behind it, and nothing else can be said
        ([rules.Fit(9, None, True)], True, True, None),
        ([rules.Fit(9, None, False)], False, False, 0),  # nothing was found at all: asked in English
        ([rules.Fit(3, 0, False), rules.Fit(8, 1, False)], True, True, 1),  # more of its words outweigh one place
        ([rules.Fit(7, 2, False), rules.Fit(7, 0, False)], True, True, 1),
        ([], False, True, None),
    ],
)  # fmt: skip
def test_words_alone_are_little_reason(fits: list[rules.Fit], sure: bool, any_found: bool, given: int | None):
    assert rules.borne_out(fits, sure, any_found) == given


def test_what_may_be_meant_instead_is_offered(laws: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "borne_out", lambda *_told: None)
    answer = ask("老板拖欠工资")
    assert answer.curated is None and "unpaid-wages" in [one.slug for one in answer.related]
    page = Client().post("/ask/", {"facts": "老板拖欠工资"}).content.decode()
    assert 'href="/answers/unpaid-wages"' in page


def test_common_questions_have_pages_of_their_own(laws: None, django_assert_max_num_queries):
    shelf = Client().get("/answers/").content.decode()
    assert 'href="/answers/?topic=labour"' in shelf
    with django_assert_max_num_queries(12):
        listed = Client().get("/answers/?topic=labour").content.decode()
    assert 'href="/answers/unpaid-wages"' in listed
    page = Client().get("/answers/unpaid-wages").content.decode()
    assert "干了活就该拿到钱" in page and WAGES in page
    assert "Work must be paid" in Client(headers={"cookie": "fahui_lang=en"}).get("/answers/unpaid-wages").content.decode()
    assert Client().get("/answers/nothing-of-the-kind").status_code == 404
    CuratedAnswer.objects.filter(slug="unpaid-wages").update(state="expired")
    assert Client().get("/answers/unpaid-wages").status_code == 404
    assert "unpaid-wages" not in Client().get("/answers/?topic=labour").content.decode()


def test_a_curated_answer_whose_citation_fails_is_not_shown(laws: None):
    CuratedAnswer.objects.filter(slug="unpaid-wages").update(citations=["劳动法第五十条", "劳动法第九百条"])
    assert ask("老板拖欠工资").curated is None


def test_without_a_curated_answer_the_best_article_speaks(laws: None, sure: None):
    answer = ask("饲养的动物咬伤他人谁承担侵权责任")
    assert answer.kind == "answer" and answer.composer == "built_in"
    assert answer.articles[0].article.version.title == "中华人民共和国养犬法" and "养犬法》第一条" in answer.plain


def test_nothing_reliable_is_declined(laws: None):
    answer = ask("今天天气怎么样")
    assert (answer.kind, answer.articles) == ("declined", ()) and "没有可靠" in answer.plain


class Liar:
    """A writer from outside that invents a citation."""

    name = "liar"
    seen = ""

    def compose(self, question, language, topic, quoted, curated):
        self.seen = question
        return Draft("按照《劳动法》第三百条，马上给钱。", ("依《养犬法》第二条",))


def test_an_invented_citation_is_never_shown_and_no_name_leaves(laws: None):
    writer = Liar()
    answer = ask("老板王强拖欠工资", writer=writer)
    assert answer.composer == "built_in" and "三百" not in answer.plain
    assert "王强" not in writer.seen and "拖欠工资" in writer.seen


def test_danger_brings_the_phone_and_no_answer(laws: None):
    answer = ask("老公又打我，我想离婚")
    assert answer.kind == "alarm" and answer.danger.phones[0].number == "110" and not answer.steps
    assert [one.article.number for one in answer.articles] == [15, 23]


def test_questions_are_sealed_from_everybody_but_staff(laws: None, cast: Cast):
    answer = ask("老板拖欠工资")
    with connection.cursor() as cursor:
        for reader, seen in ((ANONYMOUS, 0), (cast["resident"], 0), (cast["officer"], 1)):
            with reading_as(reader):
                cursor.execute("SELECT count(*) FROM knowledge_askedquestion")
                assert cursor.fetchone()[0] == seen
    with pytest.raises(Forbidden), reading_as(cast["clerk"]):
        asked(cast["clerk"])
    with reading_as(ANONYMOUS):
        actions.rate(answer.token, "not_useful", "incomplete")
        with pytest.raises(Missing):
            actions.rate("x" * 22, "useful")
        with pytest.raises(Invalid):
            actions.rate(answer.token, "great")
    with reading_as(cast["leader"]):
        row = next(row for row in listed(cast["leader"]) if row.slug == "unpaid-wages")
        assert (row.shown, row.useful, row.not_useful) == (1, 0, 1)


def writing(**more: object) -> editing.Writing:
    return editing.Writing(**{
        "topic": "labour", "question_zh": "高温津贴怎么要", "question_en": "Heat allowance", "answer_zh": "按规定发。", "answer_en": "As set.",
        "owner": "法治科", "review_by": clock.today() + timedelta(days=90), "asks": [["高温"]], "steps_zh": ["问单位"], "steps_en": ["Ask"],
        "citations": ["劳动法第五十条"], **more,
    })  # fmt: skip


def test_whoever_wrote_it_does_not_publish_it(laws: None, cast: Cast):
    writer, other = cast["leader"], cast["lead"] if "lead" in cast.users else SYSTEM
    row = editing.write(writer, writing())
    row = editing.hand_in(writer, row.pk, row.revision, CuratedAnswer)
    with pytest.raises(Forbidden):
        editing.publish(writer, row.pk, row.revision, CuratedAnswer)
    assert ask("高温津贴没有发").curated is None
    with pytest.raises(Conflict):
        editing.publish(other, row.pk, row.revision - 1, CuratedAnswer)
    row = editing.publish(other, row.pk, row.revision, CuratedAnswer)
    assert ask("高温津贴没有发").curated == row
    assert Event.objects.filter(kind="answer.published", about=f"answer:{row.pk}").exists()
    row = editing.expire(writer, row.pk, row.revision, CuratedAnswer)
    assert ask("高温津贴没有发").curated is None


@pytest.mark.parametrize("wrong", [{"citations": ["劳动法第九百条"]}, {"citations": []}, {"answer_en": ""}, {"asks": []}, {"review_by": date(2020, 1, 1)}])
def test_what_is_not_whole_is_not_reviewed(laws: None, cast: Cast, wrong: dict[str, object]):
    row = editing.write(cast["leader"], writing(**wrong))
    with pytest.raises(Invalid):
        editing.hand_in(cast["leader"], row.pk, row.revision, CuratedAnswer)


def test_only_editors_write(cast: Cast):
    for who in ("clerk", "agent", "admin"):
        with pytest.raises(Forbidden):
            editing.write(cast[who], writing())
    with pytest.raises(Forbidden):
        listed(Reader(kind="resident"))


def test_what_the_bureau_changed_is_not_overwritten(cast: Cast):
    row = CuratedAnswer.objects.get(slug="iou")
    row = editing.write(cast["leader"], writing(question_zh="本地的借条问题"), row.pk, row.revision)
    CuratedAnswer.objects.filter(slug="divorce").update(shipped="old", answer_zh="旧")
    assert editing.load_shipped() == 1 and editing.load_shipped() == 0
    assert CuratedAnswer.objects.get(slug="iou").question_zh == "本地的借条问题"
    assert CuratedAnswer.objects.get(slug="divorce").answer_zh != "旧"
