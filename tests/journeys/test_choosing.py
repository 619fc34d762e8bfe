"""Choosing among thousands while typing: what may be meant is offered, and what was chosen is taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

from tests.browser import Desk

pytestmark = [pytest.mark.live, pytest.mark.browser]


def offered(field: Locator, text: str) -> list[str]:
    """What the field offers after this was typed."""
    field.fill("")
    field.press_sequentially(text)
    options = field.page.locator(f"#{field.get_attribute('list')} option")
    options.first.wait_for(state="attached")
    return [option.get_attribute("value") or "" for option in options.all()]


def test_a_case_is_referred_to_an_office_found_while_typing(person: Callable[..., Desk]):
    desk = person("reviewer")
    desk.go("/desk/team")
    page = desk.page
    page.locator("main [data-row-link]").first.click()
    page.get_by_text("移交或请别的机构协办").click()
    own = page.locator("#f-institution")
    found = offered(own, "法律援助")
    assert found and all("法律援助" in one for one in found)
    own.fill(found[-1])
    page.fill("#f-refer-reason", "对方更方便办")
    page.get_by_role("button", name="发出").click()
    page.get_by_text("已发出，等对方答复").or_(page.get_by_text("本来就由该机构办理")).first.wait_for()


def test_a_person_is_added_to_a_list_and_a_place_is_found_by_its_name(person: Callable[..., Desk]):
    desk = person("officer")
    desk.go("/desk/activities/new")
    page = desk.page
    assert any("五通桥区" in one for one in offered(page.locator("#f-region_code"), "五通桥"))
    adding = page.locator("#f-gave-add")
    found = offered(adding, "李")
    adding.fill(found[0])
    assert page.locator("#f-gave").input_value() == found[0] and adding.input_value() == ""


def test_an_office_is_found_for_a_post(person: Callable[..., Desk]):
    desk = person("admin")
    desk.go("/desk/admin/accounts")
    page = desk.page
    page.get_by_text("新建账号").click()
    assert any("调解委员会" in one for one in offered(page.locator("#f-institution"), "调解委员会"))
