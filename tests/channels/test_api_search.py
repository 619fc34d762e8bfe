"""Finding the law through the API by a resident's own words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.knowledge.laws.actions import import_laws
from fahui.knowledge.laws.models import Article
from fahui.knowledge.search.actions import index_laws
from tests.knowledge.texts import plain

OLD = "用人单位应当按月支付劳动报酬，不得拖欠。"
NEW = "用人单位应当按照劳动合同约定和国家规定，向劳动者及时足额支付劳动报酬。"


@pytest.fixture
def indexed(db: None) -> None:
    import_laws([
        plain("某劳动法", date(2000, 1, 1), OLD, since=date(2000, 1, 1), standing="superseded"),
        plain("某劳动法", date(2020, 1, 1), NEW, "租赁物在租赁期限内转让的，不影响租赁合同的效力。", since=date(2020, 1, 1)),
        plain("某条例", date(2021, 1, 1), "机动车应当按照交通信号通行。", since=date(2021, 1, 1), rank="regulation"),
    ])  # fmt: skip
    assert index_laws() == 4


def find(status: int = 200, **query: Any) -> Any:
    answer = Client().get("/api/v1/search/laws", query)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_everyday_words_find_the_article_in_force_to_the_byte(indexed: None):
    first = find(q="老板欠我工钱不给")["items"][0]
    assert first["text"] == NEW == Article.objects.get(pk=first["id"]).text
    assert (first["law"], first["in_force_to"], first["label"]) == ("某劳动法", None, "第一条")
    assert find(q="老板欠我工钱不给", as_of="2010-05-01")["items"][0]["text"] == OLD
    assert find(q="老板欠我工钱不给") == find(q="老板欠我工钱不给")


def test_it_is_narrowed_to_a_law_or_a_kind_and_nothing_in_common_finds_nothing(indexed: None):
    assert {item["law"] for item in find(q="应当按照", law="某条例")["items"]} == {"某条例"}
    assert {item["law"] for item in find(q="应当按照", kind="regulation")["items"]} == {"某条例"}
    assert find(q="zzz")["items"] == []
    assert len(find(q="应当按照", limit=1)["items"]) == 1


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "a\x00"}, {"q": "字" * 401}, {"q": "字", "limit": 0}, {"q": "字", "as_of": "2026-02-30"}])
def test_what_cannot_be_asked_is_said(db: None, query: dict[str, Any]):
    assert find(422, **query)["fields"]


def test_statements_do_not_grow_with_what_is_found(indexed: None):
    def sent(limit: int) -> int:
        find(q="应当按照", limit=limit)
        with CaptureQueriesContext(connection) as seen:
            find(q="应当按照", limit=limit)
        return len([query for query in seen.captured_queries if str(query["sql"]).startswith("SELECT")])

    assert sent(1) == sent(50) == 2
