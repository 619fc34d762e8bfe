"""What people stumbled over when they walked the portal: days that cannot be, things said twice, dead ends."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from fahui.foundation import clock
from tests.channels.portal.conftest import Phone, cases

AID = "/apply/legal_aid/civil"


def begin(browser: Client, **known: str) -> None:
    browser.post(AID, {"matter_kind": "wages", "still_working": "false", "left_on": (clock.today() - timedelta(days=200)).isoformat()} | known)


def test_a_day_that_has_not_come_is_no_day_somebody_left(browser: Client):
    coming = clock.today() + timedelta(days=1)
    answer = browser.get(f"/wages/?left_on={coming}")
    page = answer.content.decode()
    assert answer.status_code == 422 and "这一天还没到" in page and "还剩 <strong>" not in page
    assert f'value="{coming}"' in page  # what was typed stays
    assert browser.get(f"/wages/?left_on={clock.today()}").status_code == 200


@pytest.mark.parametrize("day", ["0202-06-18", "1026-06-18", "2226-06-18"])
def test_a_slip_in_the_year_is_named(browser: Client, day: str):
    answer = browser.get(f"/wages/?left_on={day}")
    assert answer.status_code == 422 and f"{int(day[:4])}年不对吧" in answer.content.decode()


def test_nobody_is_born_tomorrow(browser: Client, phone: Phone):
    begin(browser)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    answer = browser.post(f"{AID}/q/person", {"birth_date": tomorrow, "js": "1"})
    assert answer.status_code == 422 and "“需要帮助的人的出生日期”：这一天还没到" in answer.content.decode()


def test_the_day_counted_can_be_changed(browser: Client):
    assert 'href="/wages/"' in browser.get(f"/wages/?left_on={clock.today()}").content.decode()


def test_a_wrong_answer_is_named_by_its_question_in_both_languages(browser: Client, phone: Phone):
    begin(browser)
    assert "“哪个区县”：请填写" in browser.post(f"{AID}/q/place", {"js": "1"}).content.decode()
    browser.cookies["fahui_lang"] = "en"
    page = browser.post(f"{AID}/q/money", {"claim_fen": "a lot", "js": "1"}).content.decode()
    assert "How much money: Please write an amount, like 12000 or 12000.50." in page


def test_pages_are_counted_without_those_that_are_known_already(browser: Client, phone: Phone):
    begin(browser)
    places = []
    for step in ("who", "what", "money"):
        places += re.findall(r"第 (\d+) 页", browser.get(f"{AID}/q/{step}").content.decode())
    assert places == ["1", "2", "3"]


def test_nothing_is_said_twice_where_one_question_stands_alone(browser: Client, phone: Phone):
    begin(browser)
    page = browser.get(f"{AID}/q/who").content.decode()
    assert '<h1 class="sr-only">' in page and "asked-label" in page
    for step in ("waiver", "group"):  # what an answer of an earlier page opened stands as if it had always been asked
        assert "asked-title" in browser.get(f"{AID}/q/{step}").content.decode()
    money = browser.get(f"{AID}/q/money").content.decode()
    assert "<h1>钱和时间</h1>" in money and "asked-both" in money


def walk(browser: Client, last: str = "check", **answers: str) -> list[str]:
    """The pages a person sees from the first to `last`, answering what is named here and passing over the rest."""
    seen, at = [], browser.post(AID, {"resume": "1"})["Location"]
    while not at.endswith(f"/{last}") and len(seen) < 30:
        seen.append(at.rsplit("/", 1)[1])
        at = browser.post(at, answers | {"js": "1"})["Location"]
    return seen


YOU = {"applies_for": "self", "county": "511112000000", "name": "申请人乙", "phone": "17000000021"}


def test_a_wage_claim_is_nine_pages_and_what_fits_few_is_offered_at_the_end(browser: Client, phone: Phone):
    begin(browser)
    seen = walk(browser, stage="not_started", **YOU)
    assert seen == ["who", "what", "money", "other-side", "urgent", "person", "group", "place", "you"]
    assert f'href="{AID}/q/who"' in browser.get(f"{AID}/q/what").content.decode()  # back is where they were, not a page they never saw
    check = browser.get(f"{AID}/check").content.decode()
    offered = check[check.index("有这些情况的，补一句") :]
    for page in ("care", "township", "contact"):
        assert f"/q/{page}?back=check" in offered
    care = browser.get(f"{AID}/q/care?back=check").content.decode()
    assert "看一遍我填的" in care and "第 " not in care and f'href="{AID}/check"' in care
    assert browser.post(f"{AID}/q/care", {"access_needs": "home_visit", "js": "1"})["Location"].endswith("/check")


def test_what_an_earlier_answer_says_is_not_asked_and_where_it_happened_is_asked_once(browser: Client, phone: Phone):
    begin(browser)
    walk(browser, stage="not_started", **YOU)
    assert "有没有写明的最后期限" not in browser.get(f"{AID}/q/urgent").content.decode()
    assert "是不是被关押" not in browser.get(f"{AID}/q/person").content.decode()
    browser.post(f"{AID}/q/who", {"applies_for": "statutory_representative", "js": "1"})
    browser.post(f"{AID}/q/other-side", {"stage": "court", "js": "1"})
    assert "有没有写明的最后期限" in browser.get(f"{AID}/q/urgent").content.decode()
    assert "是不是被关押" in browser.get(f"{AID}/q/person").content.decode()
    browser.post(f"{AID}/q/who", {"applies_for": "self", "js": "1"})
    browser.post(f"{AID}/prove", {"send": "1"})
    browser.post(f"{AID}/prove", {"code": phone.code})
    [case] = cases()
    assert case.details["cause_region"] == 511112000000 and case.details["waiver_ground"] == "none"


def test_another_kind_of_matter_takes_back_what_wages_said(browser: Client, phone: Phone):
    begin(browser)
    browser.post(f"{AID}/q/kind", {"matter_kind": "support", "js": "1"})
    assert "waiver" in walk(browser, **YOU)
    browser.post(f"{AID}/q/waiver", {"waiver_ground": "good_samaritan", "js": "1"})
    browser.post(f"{AID}/q/kind", {"matter_kind": "wages", "js": "1"})
    assert "见义勇为" in browser.get(f"{AID}/check").content.decode()  # what the person said stays


def test_a_wage_claimant_finds_migrant_workers_first_in_the_long_list(browser: Client, phone: Phone):
    begin(browser)
    browser.post(f"{AID}/q/waiver", {"waiver_ground": "none", "js": "1"})
    values = re.findall(r'<option value="(\w+)"', browser.get(f"{AID}/q/group").content.decode())
    assert values[0] == "migrant_worker" and len(values) == len(set(values)) > 10
    begin(browser, matter_kind="support")
    browser.post(f"{AID}/q/waiver", {"waiver_ground": "none", "js": "1"})
    assert re.findall(r'<option value="(\w+)"', browser.get(f"{AID}/q/group").content.decode())[0] == "none"


def test_the_check_page_puts_what_is_empty_into_one_list(browser: Client, phone: Phone):
    begin(browser)
    browser.post(f"{AID}/q/who", {"applies_for": "self", "js": "1"})
    page = browser.get(f"{AID}/check").content.decode()
    assert page.count("没有填的，可以不填") == 1
    told, _, empty = page.partition("没有填的，可以不填")
    assert told.count("您替谁申请") == 2  # the heading, and for screen readers its link
    empty, _, offered = empty.partition("有这些情况的，补一句")
    assert "怎样联系您" in offered and "怎样联系您" not in empty
    assert "事情在哪里" in told and "事情在哪里" not in empty  # needed: it is the page to go to, not one that may stay empty
    assert "说说发生了什么" in empty and "说说发生了什么" not in told


def test_a_resident_is_not_asked_for_the_papers_of_courts_and_lawyers(browser: Client, phone: Phone):
    begin(browser)
    browser.post(f"{AID}/q/place", {"county": "511112000000", "js": "1"})
    browser.post(f"{AID}/q/you", {"name": "申请人乙", "phone": "17000000021", "js": "1"})
    browser.post(f"{AID}/prove", {"send": "1"})
    done = browser.post(f"{AID}/prove", {"code": phone.code}, follow=True).content.decode()
    assert 'name="material"' in done and "通知辩护公函" not in done


def test_a_question_without_an_answer_leads_on_to_the_search(browser: Client, db: None):
    page = browser.post("/ask/", {"facts": "月亮上的房子归谁"}).content.decode()
    assert 'action="/find/"' in page and "自己查查法律和办事地方" in page
    assert browser.post("/find/", {"q": "月亮上的房子归谁"}).status_code == 200


@pytest.mark.parametrize(("lang", "words"), [("zh-hans", "这一页开得太久了"), ("en", "This page was open too long")])
def test_a_form_whose_token_is_gone_says_what_to_do(db: None, lang: str, words: str):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["fahui_lang"] = lang
    answer = browser.post("/ask/", {"facts": "离婚"})
    page = answer.content.decode()
    assert answer.status_code == 403 and words in page and "12348" in page
    assert "CSRF验证" not in page and "DEBUG" not in page


def test_what_cannot_be_read_is_told_in_words(db: None):
    answer = Client().post("/ask/", {f"f{n}": "x" for n in range(5000)})
    assert answer.status_code == 400 and "什么也没有改动" in answer.content.decode()
