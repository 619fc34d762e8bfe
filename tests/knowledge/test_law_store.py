"""The store: as of a day, the same again changes nothing, damage changes nothing, and the words stay as they came."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fahui.knowledge.citations.linking import link
from fahui.knowledge.citations.reading import Citation, parse
from fahui.knowledge.citations.resolving import Status, resolve, resolve_all
from fahui.knowledge.citations.sources import StoreSource, best_source, package_source
from fahui.knowledge.laws import queries
from fahui.knowledge.laws.actions import import_laws
from fahui.knowledge.laws.models import Article, LawAlias, LawVersion, LawWork
from fahui.knowledge.laws.sources import package
from fahui.knowledge.laws.texts import BadSource, PlainArticle
from tests.knowledge.texts import plain

DAY = date(2026, 11, 22)
WORDS = ["申请人应当如实说明经济困难状况并提供材料。", "法律援助机构收到申请后应当在七日内进行审查。", "受援人有权了解办理情况。"]


@pytest.fixture
def two_versions(db: None) -> None:
    import_laws(
        [
            plain("某援助法", date(2003, 7, 1), *WORDS, since=date(2003, 9, 1), standing="superseded"),
            plain("某援助法", date(2021, 8, 20), "新的一条，与别的都不同。", *WORDS, since=date(2022, 1, 1), aliases=["援法"]),
        ]
    )


def status(text: str, day: date = DAY):
    (citation,) = parse(text, StoreSource().titles())
    return resolve(citation, StoreSource(), day)


def test_an_article_is_asked_as_of_a_day(two_versions: None):
    now, then = status("《某援助法》第二条"), status("《某援助法》第二条", date(2010, 5, 1))
    assert (now.article.text, now.law.issued_on) == (WORDS[0], date(2021, 8, 20))
    assert (then.article.text, then.law.until) == (WORDS[1], date(2021, 12, 31))
    assert then.now.label == "第三条"
    assert status("《某援助法》第二条", date(2021, 12, 31)).article.text == WORDS[1]
    assert status("《某援助法》第二条", date(2022, 1, 1)).article.text == WORDS[0]
    before = status("《某援助法》第二条", date(1999, 1, 1))
    assert (before.status, before.reason) == (Status.NOT_IN_FORCE, "《某援助法》在库中最早的文本自2003-09-01起才施行，更早的没有收，不能引用")
    import_laws([plain("某援助法", date(2026, 1, 1), "又一条，完全另说。", "新的一条，与别的都不同。", *WORDS, since=date(2999, 1, 1))])
    assert status("《某援助法》第二条").now is None  # made, but not in force: nothing is renumbered today


def test_other_names_and_editions_are_followed(two_versions: None):
    assert status("援法第一条").article.text == "新的一条，与别的都不同。"
    assert status("《某援助法》（2003年）第一条").article.text == WORDS[0]
    assert status("《援法》").law.title == "某援助法"


def test_a_number_that_only_the_old_text_has_leads_to_where_it_stands_now(db: None):
    import_laws([
        plain("某法", date(2000, 1, 1), "要删去的一条规定。", *WORDS, standing="superseded"), plain("某法", date(2020, 1, 1), *WORDS),
    ])  # fmt: skip
    found = status("《某法》第四条")
    assert (found.status, found.article.label, found.failing) == (Status.RENUMBERED, "第三条", True)
    assert "第三条" in found.reason


def test_a_name_of_two_works_leads_to_none(db: None):
    import_laws([plain("甲法", DAY, "甲", aliases=["小法"]), plain("乙法", DAY, "乙", aliases=["小法"])])
    assert status("《小法》").status is Status.UNKNOWN_LAW


def test_the_same_again_changes_nothing(two_versions: None):
    before = list(Article.objects.order_by("id").values_list("id", "text"))
    again = import_laws([plain("某援助法", date(2003, 7, 1), *[" ".join(w) for w in WORDS], since=date(2003, 9, 1), standing="superseded")])
    assert (again.versions, again.unchanged) == (0, 1)
    assert list(Article.objects.order_by("id").values_list("id", "text")) == before


def test_another_text_of_the_same_day_is_refused_and_nothing_changes(two_versions: None):
    other = plain("某援助法", date(2021, 8, 20), "新的一条，与别的都不同。", "改过的。", *WORDS[1:])
    with pytest.raises(BadSource, match="从第二条开始"):
        import_laws([plain("另一部法", DAY, "甲。"), other])
    assert not LawWork.objects.filter(key="另一部法").exists()


def test_a_bulk_source_keeps_what_is_there_and_says_so(two_versions: None):
    report = import_laws(
        [plain("某援助法", date(2021, 8, 20), "别的。"), plain("某援助法", None, "没有日期。"), plain("另一部法", None, "甲。")], keep=True
    )
    assert (report.kept, report.versions) == (["某援助法 2021-08-20", "某援助法"], 1)
    assert status("《某援助法》第二条").article.text == WORDS[0]
    assert status("《另一部法》第一条", date(1980, 1, 1)).status is Status.RESOLVED  # no day is known: in force


def test_a_law_that_another_repeals_ends_the_day_before(db: None):
    code = plain("某法典", date(2020, 5, 28), "总则。", "本法自2021年1月1日起施行。《婚姻某法》同时废止。", since=date(2021, 1, 1))
    import_laws([code])
    import_laws([plain("婚姻某法", date(1980, 9, 10), "甲。"), plain("婚姻某法", date(2001, 4, 28), "乙。")])
    version = LawVersion.objects.get(issued_on=date(2001, 4, 28))
    assert (version.in_force_to, version.ended_by) == (date(2020, 12, 31), "某法典")
    assert status("《婚姻某法》第一条", date(2020, 12, 31)).article.text == "乙。"
    gone = status("《婚姻某法》第一条")
    assert (gone.status, gone.reason) == (Status.NOT_IN_FORCE, "《婚姻某法》自2021-01-01起已失效，不能引用")


def test_a_repealed_law_without_a_day_is_kept_and_governs_none(db: None):
    import_laws([plain("旧法", date(1990, 1, 1), "甲。", standing="repealed")])
    assert status("《旧法》第一条").status is Status.NOT_IN_FORCE
    assert status("《旧法》第一条", date(1995, 1, 1)).status is Status.NOT_IN_FORCE
    assert Article.objects.filter(version__title="旧法").exists()


def test_a_law_that_is_doubted_governs_and_says_so_and_a_source_may_judge_it_anew(db: None):
    import_laws([plain("旧法", date(1990, 1, 1), "甲。", standing="repealed")])
    again = import_laws([plain("旧法", date(1990, 1, 1), "甲。", standing="doubted")])
    assert (again.versions, again.unchanged, again.articles) == (1, 0, 0)
    found = status("《旧法》第一条")
    assert (found.status, found.article.text, found.failing) == (Status.DOUBTED, "甲。", True) and "请先核对" in found.reason
    assert LawVersion.objects.get(title="旧法").doubted
    other = replace(plain("旧法", date(1990, 1, 1), "甲。", standing="repealed"), source="另一来源")
    assert import_laws([other]).unchanged == 1 and LawVersion.objects.get(title="旧法").doubted  # another source does not outrank the first


@pytest.fixture
def national(db: None) -> None:
    import_laws(package.read_all(), keep=True)


def test_every_article_stands_in_the_store_as_the_package_has_it(national: None):
    stored = Article.objects.order_by("version__title", "version__issued_on", "position")
    rows = stored.values_list("version__title", "version__issued_on", "printed", "text")
    wanted = sorted(
        ((law.law.title, law.law.issued_on, place, a.printed, a.text) for law in package.read_all()
         for place, a in enumerate(law.articles)), key=lambda row: row[:3]
    )  # fmt: skip
    assert {(t, d, p, x) for t, d, p, x in rows} == {(t, d, p, x) for t, d, _n, p, x in wanted}
    assert rows.count() == len(wanted) == 26196
    # A code that comes into force later repeals what the package marks as repealed, and tells the day.
    gone = LawVersion.objects.get(work__key="环境保护法")
    assert (gone.in_force_to, gone.ended_by) == (date(2026, 8, 14), "中华人民共和国生态环境法典")
    assert LawAlias.objects.filter(key="消法", work__key="消费者权益保护法").exists()
    # What the package calls repealed with neither day nor reason is in force under a warning, if it is named as such.
    assert [v.title for v in LawVersion.objects.all() if v.doubted] == ["中华人民共和国农村土地承包法"]
    assert status("《农村土地承包法》第二十七条").status is Status.DOUBTED


def test_store_and_package_say_the_same(national: None):
    texts = ["民法典第一千零七十六条", "法律援助法第四十三条第二款", "民法典第一千二百六十一条", "《商标法》第五十七条", "《不存在法》第一条"]
    for text in texts:
        (citation,) = parse(text, package_source().titles())
        here, there = resolve(citation, StoreSource(), DAY), resolve(citation, package_source(), DAY)
        assert here.status == there.status, text
        assert (here.article.text if here.article else "") == (there.article.text if there.article else ""), text


def test_passages_stream_every_article_in_force_law_by_law(national: None):
    found = list(queries.passages(DAY))
    laws = [p.law for p in found]
    assert len({p.id for p in found}) == len(found)
    assert [law for i, law in enumerate(laws) if i == 0 or laws[i - 1] != law] == list(dict.fromkeys(laws))
    assert len(set(laws)) == len(package.laws(DAY))
    code = [p for p in found if p.law.endswith("民法典")]
    assert (len(code), code[1075].number, code[1075].rank, code[1075].since) == (1260, "第一千零七十六条", "法律", date(2021, 1, 1))
    assert len(list(queries.passages())) == 26196


def test_the_number_of_reads_does_not_grow_with_the_citations(two_versions: None):
    few, many = [Citation("某援助法", 1)], [Citation(t, n) for t in ("某援助法", "援法", "不存在法") for n in range(1, 40)]
    with CaptureQueriesContext(connection, ) as one:
        resolve_all(few, StoreSource(), DAY)
    with CaptureQueriesContext(connection) as lots:
        resolve_all(many, StoreSource(), DAY)
    # One more for all the titles that are unknown: whether another law repealed them.
    assert len(lots) - 1 == len(one) <= 6


def test_a_law_held_only_by_what_repealed_it_is_named_and_before_an_article_may_stand_a_numbered_one(db: None):
    import_laws([plain("某法典", date(2020, 5, 28), "总则。", "本法自2021年1月1日起施行。《婚姻某法》同时废止。", since=date(2021, 1, 1))])
    gone = status("《婚姻某法》第一条")
    assert (gone.status, gone.reason) == (Status.NOT_IN_FORCE, "《婚姻某法》自2021-01-01起已废止（《某法典》第二条），不能引用")
    law = plain("某刑法", date(2020, 1, 1), "甲。", "乙。", "丙。")
    import_laws([replace(law, articles=(*law.articles[:2], PlainArticle(2, 1, "第二条之一", (), "乙之一。"), law.articles[2]))])
    found = [resolve(c, StoreSource(), DAY).article.text for c in parse("《某刑法》第三条，同法前条", StoreSource().titles())]
    assert found == ["丙。", "乙之一。"]


def test_a_text_with_its_citations(two_versions: None):
    text = "依照《某援助法》第二条、第九条办理。\n另见民法典第十十条。"
    found = link(text, DAY)
    assert [text[c.start : c.end] for c in found] == ["《某援助法》第二条", "第九条", "另见民法典第十十条。"]
    assert [c.failing for c in found] == [False, True, True]
    assert found[1].reasons == ["《某援助法》没有第九条"]
    assert "无法识别" in found[2].reasons[0]


def test_without_laws_the_package_answers(db: None):
    assert best_source() is package_source()
    assert link("民法典第一千零七十六条", DAY)[0].resolutions[0].status is Status.RESOLVED


def test_works_are_listed_by_keyset_and_found_by_name(db: None):
    import_laws(plain(f"第{n}种法", DAY, "甲。", rank="law" if n % 2 else "regulation", aliases=[f"别名{n}"]) for n in range(7))
    first = queries.works(size=4)
    rest = queries.works(after=first.following or 0, size=4)
    assert (len(first.rows), len(rest.rows), rest.following) == (4, 3, None)
    assert [w.title for w in queries.works(name="别名5").rows] == ["第5种法"]
    assert {w.rank for w in queries.works(rank="regulation").rows} == {"regulation"}
    assert queries.ranks_held() == ["law", "regulation"]
