"""Looking something up at the desk with the keyboard alone, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser import Desk

pytestmark = [pytest.mark.live, pytest.mark.browser]


def test_results_come_while_typing_and_the_keyboard_opens_one(person: Callable[..., Desk]):
    clerk = person("reviewer")
    clerk.go("/desk/team")
    page = clerk.page
    page.keyboard.press("Control+k")
    page.keyboard.type("法律")
    hits = page.locator("#desk-hits [data-hit]")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert not page.locator("#desk-hits").is_visible()
    title = page.locator("main [data-row-link]").first.inner_text().strip()[:2]
    page.keyboard.type(title)
    hits.first.wait_for()
    assert page.locator("#desk-search").get_attribute("aria-expanded") == "true"
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    chosen = page.locator("#desk-hits [aria-selected=true]")
    assert chosen.count() == 1 and page.locator("#desk-search").get_attribute("aria-activedescendant") == "desk-hit-1"
    goal = chosen.get_attribute("href") or ""
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"{goal}$"))


def test_escape_closes_and_enter_without_a_choice_opens_the_search_page(person: Callable[..., Desk]):
    clerk = person("reviewer")
    clerk.go("/desk/team")
    page = clerk.page
    word = page.locator("main [data-row-link]").first.inner_text().strip()[:2]
    page.fill("#desk-search", word)
    page.locator("#desk-hits [data-hit]").first.wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("#desk-hits").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/desk/search"))
    assert page.locator("main a[href^='/desk/cases/']").count()


def test_the_same_box_works_without_scripts(person: Callable[..., Desk]):
    clerk = person("reviewer", scripts=False)
    clerk.go("/desk/team")
    word = clerk.page.locator("main [data-row-link]").first.inner_text().strip()[:2]
    clerk.page.fill("#desk-search", word)
    clerk.page.keyboard.press("Enter")
    clerk.page.wait_for_url(re.compile("/desk/search"))
    assert clerk.page.locator("main a[href^='/desk/cases/']").count()


def test_letters_find_in_every_group_and_what_was_opened_is_offered_again(person: Callable[..., Desk]):
    clerk = person("officer")
    clerk.go("/desk/team")
    page = clerk.page
    page.keyboard.press("Control+k")
    page.keyboard.type("gongzi")
    page.locator("#desk-hits [role=group]").first.wait_for()
    names = page.locator("#desk-hits .hits-name").all_inner_texts()
    assert "能办的事" in names and page.locator("#desk-hits mark", has_text="工资").count()
    page.keyboard.press("ArrowDown")
    goal = page.locator("#desk-hits [aria-selected=true]").get_attribute("href") or ""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("Control+k")
    again = page.locator("#desk-hits [data-hit]").first
    again.wait_for()
    assert again.get_attribute("href") == goal
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(goal)
    page.locator(".desk-me > summary").click()
    with page.expect_navigation():
        page.locator(".desk-me form button").click()
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('fahui:recent'))") == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_resident_finds_from_any_page_and_the_address_says_nothing(person: Callable[..., Desk], scripts: bool):
    visitor = person(scripts=scripts, phone=True)
    visitor.go("/wages/")
    page = visitor.page
    page.fill("#site-search", "犍为律师")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/find/") and "犍为" not in page.title()
    assert page.locator("#g-offices").count() and page.locator("#g-people").count() and page.locator("mark").count()
    with page.expect_navigation():
        page.locator("section[aria-labelledby=g-people] form button").click()
    assert page.url.endswith("/find/") and page.locator("main .find-hit").count() > 4
