"""Every reader gives the same plain law, keeps the words, and refuses what is damaged with file, place and reason."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fahui.foundation import cities
from fahui.knowledge.laws.rules import in_force_from, renumbered, repealed_titles, text_digest
from fahui.knowledge.laws.sources import corpus, heads, local, markdown, package, word
from fahui.knowledge.laws.sources.structure import Line, articles
from fahui.knowledge.laws.texts import BadSource, PlainArticle, label
from fahui.knowledge.laws.titles import edition_year, normal_title, without_edition
from tests.knowledge.texts import MARKDOWN, WORD, write_word


def lines(*texts):
    return [Line(f"第{n}行", text) for n, text in enumerate(texts, start=1)]


def article(number, text):
    return PlainArticle(number, 0, label(number), (), text)


# Articles in lines


def test_headings_and_articles_are_told_apart():
    found = articles(
        lines("第一编 总则", "第一章 基本规定", "第一条 甲。", "第二款。", "第二编 分则", "第一节 一般", "第二条之一 不对"[:0],
              "第二条 第三条规定的，", "第三条规定的除外。", "第二条之一　乙。"), "x.md"
    )  # fmt: skip
    assert [(a.printed, a.number, a.sub, a.chapter) for a in found] == [
        ("第一条", 1, 0, ("第一编 总则", "第一章 基本规定")),
        ("第二条", 2, 0, ("第二编 分则", "第一节 一般")),
        ("第二条之一", 2, 1, ("第二编 分则", "第一节 一般")),
    ]
    assert found[1].text == "第三条规定的，\n第三条规定的除外。"


@pytest.mark.parametrize(
    ("texts", "place", "reason"),
    [
        (("第一条 甲。", "第三条 丙。"), "第2行", "第一条之后是第三条"),
        (("第一条 甲。", "第一条 甲。"), "第2行", "第一条之后是第一条"),
        (("第二条 甲。",), "第1行", "开头之后是第二条"),
        (("第一条", "第二条 乙。"), "第1行", "第一条没有内容"),
        (("第一条 甲\x00。",), "第1行", "无法识别的字符"),
        (("第十十条 甲。",), "第1行", "无法识别"),
        (("第一章 总则",), "", "没有读到任何条文"),
    ],
)
def test_damage_is_named_with_its_place(texts, place, reason):
    with pytest.raises(BadSource) as refused:
        articles(lines(*texts), "某法.md")
    assert (refused.value.file, refused.value.place) == ("某法.md", place)
    assert reason in refused.value.reason
    assert refused.value.message.startswith("某法.md")


def test_a_text_without_articles_is_one_piece():
    (only,) = articles(lines("某某：", "你院请示收悉。答复如下。"), "x.md")
    assert (only.printed, only.number, only.text) == ("全文", 0, "某某：\n你院请示收悉。答复如下。")


WORDS = st.text("甲乙丙丁，。；：“”（）一二第条款 　\t—…·", min_size=1, max_size=40).filter(lambda t: t.strip())
BODIES = st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=12)


@given(BODIES)
def test_the_words_of_every_article_are_kept_to_the_byte(bodies):
    # A paragraph that itself looks like a heading or an article is not one of an article's.
    bodies = [["文" + paragraph for paragraph in body] for body in bodies]
    told = [f"{label(n)}　{body[0]}" for n, body in enumerate(bodies, start=1)]
    text = [line for first, body in zip(told, bodies, strict=True) for line in (first, *body[1:])]
    found = articles(lines(*text), "x")
    assert [a.text for a in found] == ["\n".join(body) for body in bodies]


# Markdown


def test_markdown_as_collections_keep_it(tmp_path: Path):
    folder = tmp_path / "法律"
    folder.mkdir()
    (folder / "公证法(2017-09-01).md").write_text(MARKDOWN.replace("\n", "\r\n"), encoding="utf-8")
    (tmp_path / "README.md").write_text("no law", encoding="utf-8")
    (law,) = markdown.read_folder(tmp_path)
    assert (law.law.title, law.rank, law.law.issued_on) == ("中华人民共和国公证法", "law", date(2017, 9, 1))
    assert (law.law.since, law.law.stated) == (date(2017, 9, 1), False)  # 2006 is the first version's day
    assert [a.label for a in law.articles] == ["第一条", "第二条", "第三条"]
    assert law.articles[1].paragraphs == ["公证是公证机构依法证明的活动。", "公证机构不以营利为目的。"]
    assert law.articles[2].chapter == ("第二章 附则",)


def test_front_matter_says_more(tmp_path: Path):
    head = (
        "---\ntitle: 乐山市某条例\nrank: 地方性法规\nissuer: 乐山市人民代表大会常务委员会\nissued_on: 2020-01-02\n"
        "in_force_from: 2020-03-01\nin_force_to: 2023-12-31\nstanding: repealed\ndocument_number: 公告第1号\n"
        "region: 511100000000\naliases: [某条例]\nsource: 公报2020年第1期\n---\n第一条 甲。\n"
    )
    (tmp_path / "a.md").write_text(head, encoding="utf-8")
    (law,) = markdown.read_folder(tmp_path)
    assert (law.law.title, law.rank, law.law.since, law.law.until) == ("乐山市某条例", "local", date(2020, 3, 1), date(2023, 12, 31))
    assert (law.aliases, law.region_code, law.document_number) == (("某条例",), 511100000000, "公告第1号")
    assert law.source == "公报2020年第1期"
    assert not law.law.governs(date(2024, 1, 1))
    assert law.law.governs(date(2023, 12, 31))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        ("---\ntitle: 甲法\n第一条 甲。".encode(), "没有以 ---"),
        ("---\ntitle: [\n---\n第一条 甲。".encode(), "YAML"),
        ("---\nrank: 圣旨\n---\n第一条 甲。".encode(), "rank"),
        ("---\nissued_on: 昨天\n---\n第一条 甲。".encode(), "issued_on"),
        ("# 甲法\n第一条 甲。\n第四条 丁。".encode(), "第3行"),
    ],
)
def test_a_damaged_markdown_file_is_refused(tmp_path: Path, content: bytes, words: str):
    (tmp_path / "a.md").write_bytes(content)
    with pytest.raises(BadSource, match=words):
        list(markdown.read_folder(tmp_path))


def test_a_wrong_day_in_a_name_is_refused(tmp_path: Path):
    (tmp_path / "甲法(2020-13-01).md").write_text("第一条 甲。", encoding="utf-8")
    with pytest.raises(BadSource, match="2020-13-01"):
        list(markdown.read_folder(tmp_path))


# Word


def test_word_as_the_national_database_publishes_it(tmp_path: Path):
    write_word(tmp_path / "中华人民共和国法律援助法_20210820.docx")
    (law,) = word.read_folder(tmp_path)
    assert (law.law.title, law.law.issuer) == ("中华人民共和国法律援助法", "全国人民代表大会常务委员会")
    assert (law.law.issued_on, law.law.since, law.law.stated) == (date(2021, 8, 20), date(2022, 1, 1), True)
    assert [(a.label, a.chapter) for a in law.articles] == [
        ("第一条", ("第一章 总 则",)), ("第二条", ("第一章 总 则",)),
        ("第三条", ("第二章 机构和人员",)), ("第三条之一", ("第二章 机构和人员",)),
    ]  # fmt: skip
    assert law.articles[1].text == "本法所称法律援助，是国家建立的制度：\n（一）法律咨询；\n（二）第三条规定的代理。"
    assert law.articles[1].part(1, 2) == "（二）第三条规定的代理。"


def test_a_regulation_and_an_interpretation_tell_their_number(tmp_path: Path):
    write_word(tmp_path / "a.docx", [
        "保障农民工工资支付条例", "（2019年12月30日中华人民共和国国务院令第724号公布", "自2020年5月1日起施行）", "第一条　甲。",
    ])  # fmt: skip
    write_word(tmp_path / "b.docx", [
        "最高人民法院关于审理", "某案件的解释", "（2020年12月23日最高人民法院审判委员会第1823次会议通过，自2021年1月1日起施行　法释〔2020〕15号）", "第一条　甲。",
    ])  # fmt: skip
    regulation, interpretation = word.read_folder(tmp_path)
    assert (regulation.rank, regulation.document_number) == ("regulation", "中华人民共和国国务院令第724号")
    assert (regulation.law.issued_on, regulation.law.since) == (date(2019, 12, 30), date(2020, 5, 1))
    assert interpretation.law.title == "最高人民法院关于审理某案件的解释"
    assert (interpretation.rank, interpretation.document_number) == ("judicial", "法释〔2020〕15号")


@pytest.mark.parametrize("name", ["a.docx", "a.doc"])
def test_what_is_no_word_file_is_refused(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(BadSource, match=name):
        list(word.read_folder(tmp_path))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (["某法", "（2021年8月20日通过", "第一条　甲。"], "括号没有结束"),
        (["某法", "第一条　甲。"], "日期"),
        (["只有一行"], "没有读到标题"),
        (["某法", "（2021年8月20日通过）", "第二条　甲。"], "第3段"),
    ],
)
def test_a_word_file_that_is_no_law_is_refused(tmp_path: Path, text: list[str], words: str):
    write_word(tmp_path / "a.docx", text)
    with pytest.raises(BadSource, match=words):
        list(word.read_folder(tmp_path))


def test_a_contents_list_without_a_second_heading_takes_nothing_away(tmp_path: Path):
    write_word(tmp_path / "a.docx", ["某法", WORD[1], "目录", "第一章 甲", "第一条　甲。"])
    (law,) = word.read_folder(tmp_path)
    assert len(law.articles) == 1


# Corpus and local folder


def corpus_file(path: Path, *rows: dict[str, str] | str) -> Path:
    text = "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


ROW = {"law": "某法", "number": "第一条", "chapter": "第一编 总 则 第一章 规定", "text": " 甲\n乙 "}


def test_a_corpus_with_and_without_days(tmp_path: Path):
    path = corpus_file(
        tmp_path / "c.jsonl.gz", ROW, ROW | {"number": "第二条之一"},
        {"law": "某条例", "article": "第一条", "text": "甲", "date": "2020-01-02", "cat": "行政法规"},
    )  # fmt: skip
    first, second = corpus.read_file(path)
    assert [(a.number, a.sub, a.text) for a in first.articles] == [(1, 0, " 甲\n乙 "), (2, 1, " 甲\n乙 ")]
    assert (first.law.issued_on, first.articles[0].chapter) == (None, ("第一编 总 则", "第一章 规定"))
    assert (second.law.issued_on, second.rank) == (date(2020, 1, 2), "regulation")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((ROW, "{"), "第2行"),
        ((ROW, {"law": "某法"}), "第2行.*number"),
        ((ROW, ROW), "出现了两次"),
        ((ROW, ROW | {"law": "乙法"}, ROW | {"number": "第二条"}), "分散"),
        ((ROW | {"text": ""},), "text"),
    ],
)
def test_a_damaged_corpus_is_refused(tmp_path: Path, rows: tuple, words: str):
    with pytest.raises(BadSource, match=words):
        list(corpus.read_file(corpus_file(tmp_path / "c.jsonl", *rows)))


def test_a_cut_off_archive_is_refused(tmp_path: Path):
    path = corpus_file(tmp_path / "c.jsonl.gz", *({**ROW, "number": label(n)} for n in range(1, 300)))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BadSource, match="损坏"):
        list(corpus.read_file(path))


def test_a_city_brings_its_own_laws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    city = cities.load_city("leshan")
    assert list(local.read_city(city)) == []
    folder = tmp_path / "leshan" / "laws"
    folder.mkdir(parents=True)
    (folder / "乐山市某条例(2020-01-02).md").write_text("# 乐山市某条例\n第一条 甲。", encoding="utf-8")
    write_word(folder / "乐山市某办法_20210203.docx", ["乐山市某办法", "（2021年2月3日乐山市人民政府令第1号公布）", "第一条　甲。"])
    monkeypatch.setattr(cities, "ROOT", tmp_path)
    found = list(local.read_city(city))
    assert [(law.rank, law.region_code) for law in found] == [("local", city.region), ("local_government", city.region)]


# The package


def test_the_package_gives_every_version_with_its_articles():
    found = list(package.read_all())
    assert (len(found), sum(len(law.articles) for law in found)) == (378, 26196)
    code = next(law for law in found if law.law.short_title == "民法典")
    assert (code.rank, code.law.since, code.law.stated) == ("law", date(2021, 1, 1), True)
    patent = next(law for law in found if law.law.short_title == "专利法")
    assert (patent.law.since, patent.law.stated) == (date(2020, 10, 17), False)


# Rules


@pytest.mark.parametrize(
    ("text", "issued", "day"),
    [
        ("本法自2022年1月1日起施行。", date(2021, 8, 20), date(2022, 1, 1)),
        ("本法自 2026 年 8 月 15 日起施行。《某法》同时废止。", date(2026, 3, 1), date(2026, 8, 15)),
        ("本法自1985年4月1日起施行。", date(2020, 10, 17), None),
        ("本决定自公布之日起施行。", date(2020, 10, 17), date(2020, 10, 17)),
        ("本法自2022年13月1日起施行。", date(2021, 8, 20), None),
        ("没有说。", date(2021, 8, 20), None),
    ],
)
def test_the_day_a_text_names(text: str, issued: date, day: date | None):
    assert in_force_from([article(1, "甲。"), article(2, text)], issued) == day


def test_what_a_text_repeals():
    assert repealed_titles("自2021年1月1日起施行。《中华人民共和国婚姻法》、《继承法》同时废止。") == ["婚姻法", "继承法"]
    assert repealed_titles("《某条例》第五条同时废止。") == []
    assert repealed_titles("依照《某法》办理。") == []


def test_articles_that_moved_are_found_by_their_words():
    words = ["申请人应当如实说明经济困难状况并提供材料", "法律援助机构收到申请后应当在七日内审查", "受援人有权了解办理情况"]
    old = [article(n, text) for n, text in enumerate(words, start=1)]
    new = [article(1, words[0]), article(2, "新加的一条，与别的都不同"), article(3, words[1] + "完毕"), article(4, words[2])]
    assert renumbered(old, new) == [(1, 2), (2, 3)]
    assert renumbered(old, old) == []


def test_layout_and_marks_make_no_other_text():
    assert text_digest([article(1, "“甲”　乙。")]) == text_digest([article(1, '"甲"乙.')])
    assert text_digest([article(1, "甲乙")]) != text_digest([article(2, "甲乙")])


def test_titles_compare_and_editions_are_read():
    assert normal_title("《中华人民共和国 仲裁法》(2017年修正)") == "仲裁法（2017年修正）"
    assert without_edition("仲裁法（2017年修正）") == "仲裁法"
    assert without_edition("婚姻家庭编解释（一）") == "婚姻家庭编解释（一）"
    assert (edition_year("（2017年修正）"), edition_year("（一）")) == (2017, None)


@pytest.mark.parametrize(
    ("title", "rank"),
    [
        ("最高人民法院关于某事的解释", "judicial"), ("中华人民共和国民法典", "law"), ("物业管理条例", "regulation"),
        ("四川省法律援助条例", "local"), ("乐山市某办法", "local_government"), ("中华人民共和国宪法", "constitution"),
        ("中华人民共和国刑法修正案（十）", "amendment"), ("办理法律援助案件程序规定", "department"),
    ],
)  # fmt: skip
def test_a_rank_is_told_by_the_title(title: str, rank: str):
    assert heads.rank_of(title) == rank
