"""J1: a wage claim, from the hotline to emergency aid, a lawyer, and the worker's own tracking and rating."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.browser import Desk
from tests.live import Installation

pytestmark = [pytest.mark.live, pytest.mark.browser]
HOME = "511102000000"  # the demo's own county


def left_so_that_days_remain(days: int) -> str:
    end = date.today() + timedelta(days=days)
    return end.replace(year=end.year - 1).isoformat()


def call(agent: Desk, phone: str, name: str, left_on: str) -> None:
    """The agent takes a call about wages: five fields."""
    agent.go(f"/desk/hotline?who={phone}&matter=wages")
    agent.fill(who_owes="B劳务公司", work_site="滨江二期", owed_fen="86400", people="8", still_working="false", left_on=left_on)
    agent.fill(name=name, region=HOME)
    agent.submit()


def to_aid(agent: Desk) -> str:
    """Key 2, Enter: the application is there, prefilled. Returns its tracking number."""
    agent.key("2")
    agent.page.wait_for_url(re.compile("/aid"))
    agent.key("Enter")
    agent.page.wait_for_url(re.compile("/opened"))
    return number_on(agent)


def number_on(desk: Desk) -> str:
    found = re.search(r"FH[0-9A-Z]{2}-?[0-9A-Z]{4}-?[0-9A-Z]{4}-?[0-9A-Z]{2}", desk.text())
    assert found, desk.text()[:500]
    return found.group().replace("-", "")


def open_case(desk: Desk, number: str) -> None:
    desk.go(f"/desk/search?q={number}")
    if "/desk/search" in desk.page.url:  # one hit opens by itself
        desk.page.locator("main a[href^='/desk/cases/']").first.click()
    desk.page.wait_for_url(re.compile(r"/desk/cases/\d+$"))


def act(desk: Desk, number: str, action: str) -> None:
    open_case(desk, number)
    desk.go(desk.page.url.removeprefix(desk.installation.url).split("?")[0] + f"/do/{action}")


def lawyer_name(lawyer: Desk) -> str:
    return lawyer.page.locator(".desk-me summary").inner_text().strip()


def test_from_the_call_to_a_lawyer_the_same_evening(person: Callable[..., Desk], installation: Installation, artifacts: Path):
    agent = person("agent")
    call(agent, "13912340001", "申请人甲", left_so_that_days_remain(5))
    assert "还剩5天" in agent.text() and "劳动争议调解仲裁法第二十七条" in agent.text()
    number = to_aid(agent)

    # the worker's own phone: where it is, who, by when; no sign-in
    worker = person(phone=True)
    worker.go(f"/track/{number}")
    assert "法律援助" in worker.text() and "12348" in worker.text()

    # the second call of a mate the same night joins, it makes no new file
    approver = person("approver")
    open_case(approver, number)
    assert "先行" in approver.text()
    approver.shot(artifacts, "case-page")
    if not approver.page.locator("strong.secret").count():
        approver.page.locator("form[action$='/group'] button").first.click()
        approver.page.wait_for_load_state()
    code = approver.page.locator("strong.secret").first.inner_text().strip()
    mate = person(phone=True)
    mate.go(f"/join/{code}")
    mate.fill(name="工友乙", phone="13912340002")
    mate.submit()
    open_case(approver, number)
    assert "工*" in approver.text() or "工友乙" in approver.text() or "工**" in approver.text()

    # emergency: aid first, papers later; then a lawyer
    act(approver, number, "give_early_aid")
    fill_early(approver)
    approver.submit()
    assert "先行提供法律援助决定书" in approver.text(), approver.text()[:800]
    lawyer = person("lawyer")
    name = lawyer_name(lawyer)
    act(approver, number, "assign")
    approver.shot(artifacts, "assign")
    chosen = approver.page.locator("label", has_text=name)
    if not chosen.first.is_visible():
        approver.page.locator("summary", has_text="其他可以指派的").click()
    chosen.first.click()
    reason = approver.page.locator("[name=reason_if_not_first]")
    if reason.count():
        reason.first.fill("熟悉该工地的其他案件")
    approver.submit()
    assert "已指派" in approver.text(), approver.text()[:800]

    lawyer.go("/desk/offered")
    assert number in lawyer.text().replace("-", "")
    act(lawyer, number, "accept_assignment")
    lawyer.submit()
    worker.go(f"/track/{number}")
    assert name in worker.text()  # he knows who, and a phone
    assert installation.last_text("13912340001"), "the worker was told by text"


def fill_early(desk: Desk) -> None:
    """Why at once: the limitation."""
    grounds = desk.page.locator("[name=ground]")
    if grounds.first.evaluate("e => e.tagName") == "SELECT":
        grounds.first.select_option(index=1)
    else:
        desk.choose("ground", grounds.first.get_attribute("value") or "")
    desk.page.fill("textarea[name=reason_text]", "仲裁时效只剩5天，先派律师申请仲裁。")
    desk.page.fill("[name=deadline_on]", (date.today() + timedelta(days=5)).isoformat())


def test_twelve_days_before_the_limit_there_is_no_emergency_flag(person: Callable[..., Desk]):
    agent = person("agent")
    call(agent, "13912340033", "申请人丙", left_so_that_days_remain(12))
    assert "还剩12天" in agent.text()
    number = to_aid(agent)
    reviewer = person("reviewer")
    open_case(reviewer, number)
    assert "可先行提供" not in reviewer.text()


def test_nobody_asks_a_migrant_worker_for_proof_of_hardship_or_a_contract(person: Callable[..., Desk]):
    agent = person("agent")
    call(agent, "13912340044", "申请人丁", left_so_that_days_remain(100))
    number = to_aid(agent)
    reviewer = person("reviewer")
    open_case(reviewer, number)
    words = reviewer.text()
    assert "免予核查" in words or "不核查" in words  # presumed hard up (法律援助法第四十二条)
    assert "困难证明" not in words
