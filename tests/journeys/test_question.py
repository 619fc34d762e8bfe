"""J2: a villager says her problem on her phone; a person answers it; nothing is asked that is not needed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser import Desk
from tests.journeys.test_wage_claim import act, number_on, open_case
from tests.live import Installation

pytestmark = [pytest.mark.live, pytest.mark.browser]
SAID = "隔壁修围墙占了我承包地三分多，村上说了不听，咋个办"


def ask(who: Desk, words: str) -> None:
    who.go("/")
    who.page.locator("textarea[name=facts]").first.fill(words)
    who.page.locator("main form button").first.click()
    who.page.wait_for_load_state()


def walk(who: Desk) -> None:
    """Answer or skip every page of the interview, as somebody in a hurry does."""
    for _ in range(20):
        if re.search(r"/(done|track)", who.page.url):
            return
        region = who.page.locator("main select")
        for n in range(region.count()):
            if not region.nth(n).input_value():
                region.nth(n).select_option(index=1)
        who.submit()
    raise AssertionError(who.text()[:1500])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_her_own_words_reach_a_lawyer_and_the_answer_comes_back(person: Callable[..., Desk], installation: Installation, scripts: bool):
    villager = person(phone=True, scripts=scripts)
    ask(villager, SAID)
    assert "您说的是" in villager.text() and SAID in villager.text()
    villager.page.locator("main button.door").first.click()
    villager.page.wait_for_load_state()
    walk(villager)
    number = number_on(villager)
    assert "12348" in villager.text()
    assert villager.page.locator(".needs-js").count() and villager.page.locator(".needs-js").first.is_visible() is scripts

    agent = person("agent")
    open_case(agent, number)
    assert SAID in agent.text()
    act(agent, number, "answer")
    agent.page.locator("select[name=topic]").select_option(index=1)
    agent.fill(facts_line="邻居砌墙占承包地", answer="先请村委会或镇上调解，不成可以申请农村土地承包仲裁，也可以直接起诉。",
               next_step="带承包证到西坝镇调委会")  # fmt: skip
    agent.submit()
    assert "已答复" in agent.text() or "已解答" in agent.text(), agent.text()[:800]

    villager.go(f"/track/{number}")
    assert "办结" in villager.text() or "答复" in villager.text() or "解答" in villager.text()


def test_words_of_danger_raise_the_alarm_path_instead_of_an_answer(person: Callable[..., Desk]):
    villager = person(phone=True)
    ask(villager, "他要杀我，我不敢回家")
    assert "110" in villager.text()
    assert villager.page.locator("a.quick-exit").is_visible()


@pytest.mark.parametrize("by", ["the button", "the keyboard"])
def test_whoever_leaves_at_once_leaves_nothing_to_read_on_the_way_back(person: Callable[..., Desk], by: str):
    villager = person(phone=True)
    page, away = villager.page, re.compile(r"^https://www\.weather\.com\.cn/")
    page.route(away, lambda route: route.fulfill(status=200, content_type="text/html", body="weather"))
    said = "丈夫喝了酒就打我，我不敢回家"
    ask(villager, said)
    assert said in villager.text()
    if by == "the button":
        page.locator("a.quick-exit").click()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    page.wait_for_url(away)
    assert [address for address in villager.foreign if not away.match(address)] == []
    villager.foreign.clear()  # of a foreign page: only where whoever leaves wants to be
    for _back in range(2):
        if page.go_back() is None:
            break
        page.wait_for_selector("html[data-ready]")
        assert page.locator("body").is_visible() and said not in villager.text()
        assert [box.input_value() for box in page.locator("textarea").all()] == [""]


def test_somebody_elses_number_says_nothing_and_a_slip_is_told(person: Callable[..., Desk]):
    villager = person(phone=True)
    villager.go("/track/FH000000000001")
    assert "抄错" in villager.text(), villager.text()


def test_what_was_typed_just_now_is_kept_whichever_way_somebody_goes(person: Callable[..., Desk], installation: Installation):
    villager = person(phone=True)
    page = villager.page
    villager.go("/wages/")
    page.locator(".door-first").click()
    page.wait_for_load_state()
    villager.submit()
    page.fill("[name=facts]", "老板三个月没有给钱")
    page.locator("button[name=lang]").click()
    page.wait_for_selector("html[lang=en]")
    assert page.input_value("[name=facts]") == "老板三个月没有给钱"
    page.fill("[name=wanted]", "把钱要回来")
    page.locator(".breadcrumb a").click()
    page.wait_for_url("**/q/who")
    page.goto(page.url.replace("/q/who", "/q/what"))
    assert page.input_value("[name=wanted]") == "把钱要回来"
