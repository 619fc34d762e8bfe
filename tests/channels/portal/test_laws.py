"""The law to read: lists, contents, and every article as the store has it, to the byte."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.knowledge.laws.actions import import_laws
from fahui.knowledge.laws.models import Article, LawWork
from fahui.knowledge.laws.sources import package
from fahui.knowledge.search.actions import index_laws
from tests.channels.test_english import chinese_in
from tests.knowledge.texts import plain

WORDS = ("要删去的一条规定。", "留下来的规定，\n　　请照此<b>办理</b> &amp; “甲”。", "第三款\u00a0 与  空格。")


class Text(HTMLParser):
    """The words inside the one element that holds an article."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.text = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The article begins."""
        self.inside = self.inside or "data-article" in dict(attrs)

    def handle_endtag(self, tag: str) -> None:
        """It ends."""
        self.inside = self.inside and tag != "blockquote"

    def handle_data(self, data: str) -> None:
        """Its words."""
        self.text += data if self.inside else ""


@pytest.fixture
def law(db: None) -> LawWork:
    import_laws([
        plain("某援助法", date(2003, 7, 1), *WORDS, since=date(2003, 9, 1), standing="superseded"),
        plain("某援助法", date(2021, 8, 20), *WORDS[1:], since=date(2022, 1, 1), aliases=["援法"]),
        plain("某旧条例", date(1990, 1, 1), "甲。", rank="regulation", standing="repealed"),
        plain("某新法", date(2026, 6, 1), "乙。", since=date(2099, 1, 1)),
    ])  # fmt: skip
    return LawWork.objects.get(key="某援助法")


def page(path: str, status: int = 200, **query: Any) -> str:
    answer = Client().get(path, query)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def test_laws_are_found_by_name_and_kind(law: LawWork):
    assert all(title in page("/laws/") for title in ("某援助法", "某旧条例", "某新法", "已废止", "尚未施行"))
    assert "某旧条例" not in page("/laws/", name="援法")
    assert "某援助法" not in page("/laws/", kind="regulation")
    assert "没有找到这个名称" in page("/laws/", name="<script>")
    assert "<script>" not in page("/laws/", name="<script>").replace("<script src", "").replace("<script defer", "")
    page("/laws/", after="9" * 30, kind="nothing", name="\x00")


def test_an_empty_store_says_that_laws_are_being_loaded(db: None):
    assert "法律正在装入" in page("/laws/")


def test_a_work_shows_its_versions_and_contents(law: LawWork):
    shown = page(f"/laws/{law.pk}/")
    assert all(words in shown for words in ("2021-08-20", "2003-07-01", "施行中", "已被新的版本取代", f'href="/laws/{law.pk}/2"'))
    assert f"/laws/{law.pk}/3?on=2010-05-01" in page(f"/laws/{law.pk}/", on="2010-05-01")
    assert "那一天没有施行中的文本" in page(f"/laws/{law.pk}/", on="1999-01-01")
    page(f"/laws/{law.pk}/", 422, on="1999-13-01")
    page("/laws/999999/", 404)


@pytest.mark.parametrize(("typed", "address"), [("2", "2"), ("第二条", "2"), ("二百九十之一", "290-1"), ("第290条之1", "290-1")])
def test_a_number_leads_to_its_article(law: LawWork, typed: str, address: str):
    answer = Client().get(f"/laws/{law.pk}/", {"article": typed, "on": "2010-05-01"})
    assert (answer.status_code, answer["Location"]) == (302, f"/laws/{law.pk}/{address}?on=2010-05-01")


def test_what_is_no_number_is_said_so(law: LawWork):
    assert "没有读懂这个条号" in page(f"/laws/{law.pk}/", article="随便")


def test_every_article_shown_is_the_stores_to_the_byte(law: LawWork):
    import_laws([found for found in package.read_all() if found.law.short_title in ("法律援助法", "刑法修正案（二）")], keep=True)
    for row in Article.objects.select_related("version"):
        number = f"{row.number}-{row.sub}" if row.sub else str(row.number or f"p{row.position}")
        reader = Text()
        reader.feed(page(f"/laws/{row.version.work_id}/{number}", version=row.version_id))
        assert reader.text == row.text


def test_an_article_tells_its_dates_neighbours_and_where_it_stands_now(law: LawWork):
    shown = page(f"/laws/{law.pk}/2", on="2010-05-01")
    assert "这不是现在施行的文本" in shown
    assert "2021-08-20 的文本里，这一条是第一条" in shown
    assert f"/laws/{law.pk}/1?on=2010-05-01" in shown and f"/laws/{law.pk}/3?on=2010-05-01" in shown
    now = page(f"/laws/{law.pk}/1")
    assert "2022-01-01" in now and "这不是现在施行的文本" not in now
    for number in ("9", "9-1", "p99", "x", "0"):
        page(f"/laws/{law.pk}/{number}", 404)


def test_what_an_article_cites_is_a_link_within_its_text(law: LawWork):
    text = "依照本法第二条、第三条办理；依照《某旧法》第一条的，适用第一条和本法第九十条。\n依照某旧法第二条的除外。"
    import_laws([
        plain("某后法", date(2020, 1, 1), text, "乙。", "丙。"),
        plain("某旧法", date(2019, 1, 1), "丁。", since=date(2019, 1, 1)),
    ], keep=True)  # fmt: skip
    later, earlier = (LawWork.objects.get(key=key) for key in ("某后法", "某旧法"))
    shown = page(f"/laws/{later.pk}/1", on="2021-05-01")
    quoted = shown.partition("<blockquote")[2].partition("</blockquote>")[0]
    links = {words: href for href, words in re.findall(r'<a href="([^"]+)">([^<]+)</a>', quoted)}
    assert links == {
        "第二条": f"/laws/{later.pk}/2?on=2021-05-01", "第三条": f"/laws/{later.pk}/3?on=2021-05-01",
        "《某旧法》第一条": f"/laws/{earlier.pk}/1", "第一条": f"/laws/{later.pk}/1?on=2021-05-01",
    }  # fmt: skip  # 第九十条 is not there, nor has 某旧法 a second article
    reader = Text()
    reader.feed(shown)
    assert reader.text == text


def test_an_article_names_the_services_that_cite_it(db: None):
    import_laws([found for found in package.read_all() if found.law.short_title == "法律援助法"], keep=True)
    work = LawWork.objects.get(key="法律援助法")
    assert "/guide/legal_aid" in page(f"/laws/{work.pk}/43")
    assert "/guide/legal_aid" not in page(f"/laws/{work.pk}/71")


def test_the_pages_own_words_are_english_when_english_is_chosen(law: LawWork):
    client = Client()
    client.cookies["fahui_lang"] = "en"
    for path in ("/laws/", "/laws/?name=没有", f"/laws/{law.pk}/", f"/laws/{law.pk}/?on=1999-01-01", f"/laws/{law.pk}/2?on=2010-05-01"):
        assert chinese_in(client.get(path).content.decode(), ["某援助法", "第二条"]) == [], path


def test_pages_cost_the_same_at_any_size(law: LawWork):
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            page(path)
        return len([q for q in seen.captured_queries if q["sql"]])

    paths = ("/laws/", f"/laws/{law.pk}/", f"/laws/{law.pk}/1")
    page(paths[2])
    few = [count(path) for path in paths]
    import_laws(plain(f"第{n}种法", date(2020, 1, 1), *(f"第{m}个规定。" for m in range(40))) for n in range(25))
    assert [count(path) for path in paths] == few
    assert max(few) <= 12


def test_a_law_whose_standing_is_doubted_says_so_wherever_it_is_shown(db: None):
    import_laws([plain("承包法", date(2018, 12, 29), "承包期内，发包方不得收回承包地。", standing="doubted")])
    index_laws()
    work = LawWork.objects.get(title="承包法")
    for path in (f"/laws/{work.pk}/", f"/laws/{work.pk}/1"):
        shown = page(path)
        assert "这部法律是否有效，请先核对" in shown and "施行中，待核" in shown and "这不是现在施行的文本" not in shown
    found = Client().get("/api/v1/search/laws", {"q": "承包地能收回吗"}).json()["items"]
    assert [(one["law"], one["doubted"]) for one in found] == [("承包法", True)]
