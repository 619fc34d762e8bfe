"""The law through the API: lists by keyset, articles as of a day, the words as the store has them, citations checked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.knowledge.laws.actions import import_laws
from fahui.knowledge.laws.models import Article, LawWork
from tests.knowledge.texts import plain

WORDS = ("要删去的一条规定。", "留下来的规定，\n　　请照此办理 <b>“甲”</b>。")


@pytest.fixture
def law(db: None) -> LawWork:
    import_laws([
        plain("某援助法", date(2003, 7, 1), *WORDS, since=date(2003, 9, 1), standing="superseded"),
        plain("某援助法", date(2021, 8, 20), WORDS[1], since=date(2022, 1, 1), aliases=["援法"]),
        plain("乐山市某条例", date(2020, 1, 2), *(f"第{n}个规定。" for n in range(60)), rank="local"),
    ])  # fmt: skip
    return LawWork.objects.get(key="某援助法")


def get(path: str, status: int = 200, **query: Any) -> Any:
    answer = Client().get(f"/api/v1{path}", query)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_laws_are_listed_by_kind_and_name(law: LawWork):
    assert [row["title"] for row in get("/laws")["items"]] == ["某援助法", "乐山市某条例"]
    assert [row["kind_name"] for row in get("/laws", kind="local")["items"]] == ["地方性法规"]
    (found,) = get("/laws", name="援法")["items"]
    assert found["version"]["issued_on"] == "2021-08-20"
    assert get("/laws", name="援法", as_of="1999-01-01")["items"][0]["version"] is None
    assert get("/laws", after=10**9) == {"items": [], "next": None}


def test_a_law_tells_its_versions_and_gives_its_articles_by_page(law: LawWork):
    told = get(f"/laws/{law.pk}")
    assert [(v["issued_on"], v["in_force_to"], v["in_force"]) for v in told["versions"]] == [
        ("2021-08-20", None, True), ("2003-07-01", "2021-12-31", False),
    ]  # fmt: skip
    assert [a["text"] for a in get(f"/laws/{law.pk}/articles", as_of="2010-05-01")["items"]] == list(WORDS)
    local = LawWork.objects.get(rank="local").pk
    first = get(f"/laws/{local}/articles")
    rest = get(f"/laws/{local}/articles", after=first["next"])
    assert [a["number"] for a in first["items"] + rest["items"]] == list(range(1, 61))
    assert rest["next"] is None


def test_every_article_is_the_stores_to_the_byte_and_names_its_neighbour_in_time(law: LawWork):
    for row in Article.objects.all():
        assert get(f"/articles/{row.pk}")["text"] == row.text
    now = get(f"/laws/{law.pk}/articles/1")
    then = get(f"/laws/{law.pk}/articles/2", as_of="2010-05-01")
    assert [one["label"] for one in then["later"]] == ["第一条"]
    assert [(one["article_id"], one["label"]) for one in now["earlier"]] == [(then["id"], "第二条")]
    assert not then["version"]["in_force"] or then["version"]["in_force_to"]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/laws/999", {}, 404), ("/articles/999", {}, 404), ("/laws/999/articles", {}, 404), ("/laws", {"as_of": "2020-02-30"}, 422),
        ("/laws", {"as_of": "gestern"}, 422), ("/laws", {"name": "\x00"}, 422), ("/laws/0", {}, 422), ("/laws", {"after": -1}, 422),
        ("/citations", {"text": "甲" * 5000}, 422),
    ],
)  # fmt: skip
def test_what_is_wrong_is_a_documented_problem(db: None, path: str, query: dict[str, Any], status: int):
    assert get(path, status, **query)["status"] == status


def test_no_text_in_force_and_no_such_number_are_404(law: LawWork):
    get(f"/laws/{law.pk}/articles", 404, as_of="1999-01-01")
    get(f"/laws/{law.pk}/articles/7", 404)
    get(f"/laws/{law.pk}/articles/1-1", 404)


def test_the_citations_of_a_text_are_checked(law: LawWork):
    text = "依照《某援助法》第一条、援法第九条和《没有的法》第一条办理。"
    told = get("/citations", text=text)
    assert [text[c["start"] : c["end"]] for c in told["items"]] == ["《某援助法》第一条", "援法第九条", "《没有的法》第一条"]
    assert [c["citations"][0]["status"] for c in told["items"]] == ["resolved", "no_such_article", "unknown_law"]
    assert told["failing"] == 2
    assert told["items"][0]["citations"][0]["article_id"]
    assert get("/citations", text="某援助法第二条", as_of="2010-05-01")["items"][0]["citations"][0]["now"] == "第一条"
    assert get("/citations")["items"] == []


def test_a_page_of_laws_costs_the_same_at_any_size(law: LawWork):
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            get("/laws")
        return len([q for q in seen.captured_queries if q["sql"]])

    few = count()
    import_laws(plain(f"第{n}种法", date(2020, 1, 1), "甲。") for n in range(30))
    assert count() == few <= 5
