"""Tracking by number: enough for its holder, nothing of a sealed matter, help with a slip of the pen."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.casework.cases.actions import perform
from fahui.casework.cases.models import Case
from fahui.channels import limits
from fahui.channels.portal.words import typo_help
from fahui.foundation.accounts.scope import SYSTEM, as_system, reading_as
from fahui.foundation.identifiers import new_tracking_number
from fahui.foundation.people.actions import Person
from tests.cast import Cast, wage_claim
from tests.channels.portal.conftest import Phone, ask_question, cases

pytestmark = pytest.mark.django_db


def opened(**more: object) -> Case:
    with transaction.atomic(), as_system():
        return wage_claim(SYSTEM, **more)


def test_a_number_tells_where_who_and_when_without_signing_in(browser: Client):
    case = opened()
    answer = browser.get("/track/", {"number": case.tracking_number.lower()}, follow=True)
    page = answer.content.decode()
    assert "最迟七天给您答复" in page and "五通桥区法律援助中心" in page and "0833-2100000" in page
    assert "下一个日子" in page and "审查期限" in page
    assert "申请人甲" not in page and "滨江" not in page and "17000000001" not in page


def test_a_sealed_matter_shows_only_whom_to_call(browser: Client):
    case = opened(details={"matter_kind": "domestic_violence", "waiver_ground": "abused"})
    assert case.sealed
    page = browser.get(f"/track/{case.tracking_number}").content.decode()
    assert "这件事有人在办" in page and "12348" in page
    for word in ("法律援助中心", "已提交", "最迟七天", "下一个日子", "申请", "家"):
        assert word not in page.split("<main", 1)[1].split("</main>")[0], word


def test_a_number_that_is_not_there_is_not_found_and_guessing_is_limited(
    browser: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(limits.PER_HOUR, "track", 2)
    case = opened()
    assert [browser.get(f"/track/{new_tracking_number()}").status_code for _ in range(3)] == [404, 404, 429]
    refused = browser.get(f"/track/{new_tracking_number()}")
    assert "12348" in refused.content.decode() and 0 < int(refused["Retry-After"]) <= 3600
    assert browser.get(f"/track/{case.tracking_number}").status_code == 200


def test_the_api_counts_the_same_guesses_and_answers_what_is_there(browser: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(limits.PER_HOUR, "track", 3)
    case = opened()
    guesses = [browser.get(f"{door}{new_tracking_number()}").status_code for door in ("/api/v1/track/", "/track/") * 2]
    assert guesses == [404, 404, 404, 429]
    refused = browser.get(f"/api/v1/track/{new_tracking_number()}")
    assert refused.status_code == 429 and refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "too_many" and 0 < int(refused["Retry-After"]) <= 3600
    elsewhere = browser.get(f"/api/v1/track/{new_tracking_number()}", REMOTE_ADDR="10.9.8.7")
    assert elsewhere.status_code == 404
    assert browser.get("/api/v1/track/FH1").status_code == 422  # a slip of the pen is no guess
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(f"/api/v1/track/{case.tracking_number}").status_code == 200
    assert not [q["sql"] for q in seen.captured_queries if "sharedcount" in q["sql"] or "advisory" in q["sql"]]
    described = browser.get("/api/v1/openapi.json").json()["paths"]["/api/v1/track/{tracking_number}"]["get"]["responses"]["429"]
    assert "application/problem+json" in described["content"] and "Retry-After" in described["headers"]


def test_looking_up_what_is_there_is_never_limited(browser: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(limits.PER_HOUR, "track", 2)
    case = opened()
    assert {browser.get(f"/track/{case.tracking_number}").status_code for _ in range(5)} == {200}


@pytest.mark.parametrize(
    ("typed", "words"),
    [("7K2M9QX4TB3C", "从FH输起"), ("FH7K2M9Q", "少了6位"), ("FH7K2M9QX4TB3C99", "多了2位"), ("", "请输入编号")],
)
def test_a_slip_is_named(typed: str, words: str):
    assert words in typo_help(typed)


def test_swapped_neighbours_are_noticed(browser: Client):
    number = "FH" + "23456789ABC"
    wrong = next(number + c for c in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if typo_help(number + c))
    answer = browser.get("/track/", {"number": wrong})
    assert answer.status_code == 422 and "相邻两位写反" in answer.content.decode()


def test_a_party_without_a_name_in_the_page(browser: Client, staffed: Cast):
    case = opened(person=Person(name="欧阳某某", phone="17000000055"))
    assert "欧阳" not in browser.get(f"/track/{case.tracking_number}").content.decode()


def test_an_answer_to_a_question_without_a_name_is_read_and_rated_by_its_number(
    browser: Client, phone: Phone, staffed: Cast
):
    base = ask_question(browser)
    browser.post(f"{base}/submit")
    [case] = cases()
    agent = staffed["agent"]
    with transaction.atomic(), reading_as(agent):
        perform(agent, case.pk, "answer", {
            "topic": "neighbour", "facts_line": "邻居修围墙占地", "answer": "先请村委会调解，调解不成可以起诉。",
            "articles": "民法典第二百八十八条", "next_step": "本周找村委会",
        })  # fmt: skip
    page = browser.get(f"/track/{case.tracking_number}").content.decode()
    assert "先请村委会调解" in page and 'href="/rate/' in page


def test_an_answer_to_somebody_with_a_name_is_not_on_the_open_page(browser: Client, phone: Phone, staffed: Cast):
    base = ask_question(browser, name="李婶", phone="17000000081")
    browser.post(f"{base}/submit")
    [case] = cases()
    agent = staffed["agent"]
    with transaction.atomic(), reading_as(agent):
        perform(agent, case.pk, "answer", {
            "topic": "procedure", "facts_line": "邻居修围墙占地", "answer": "先请村委会调解。", "next_step": "本周找村委会",
        })  # fmt: skip
    page = browser.get(f"/track/{case.tracking_number}").content.decode()
    assert "先请村委会调解" not in page and "已经解答" in page
    browser.post("/sign-in", {"phone": "17000000081"})
    browser.post("/sign-in", {"code": phone.code})
    own = browser.get(f"/my/{case.pk}").content.decode()
    assert "法律咨询答复" in own
