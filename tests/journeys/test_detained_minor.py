"""J4: a detained minor: notice of mandatory defence, one person and one matter, sealed, the right lawyer in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.browser import Desk
from tests.journeys.test_wage_claim import act, number_on, open_case
from tests.live import Installation

pytestmark = [pytest.mark.live, pytest.mark.browser]
HOME = "511102000000"


def notice(reviewer: Desk, name: str) -> str:
    """The paper notice of the police, recorded at the centre. Returns the tracking number."""
    reviewer.go("/desk/new/legal_aid/notified_defence")
    born = date.today().replace(year=date.today().year - 17, day=1)
    page = reviewer.page
    page.fill("[name=name]", name)
    region = page.locator("[name=region]")
    region.select_option(HOME)
    page.fill("[name=birth_date]", born.isoformat())
    reviewer.fill(organ_name="市中区公安局", charge="盗窃", detained="true")
    pick(reviewer, "organ", "police")
    pick(reviewer, "ground", "minor")
    reviewer.submit()
    return number_on(reviewer)


def pick(desk: Desk, name: str, part: str) -> None:
    """Choose the option whose value holds this word, in a list or among radio buttons."""
    field = desk.page.locator(f"[name={name}]")
    if field.first.evaluate("e => e.tagName") == "SELECT":
        values = field.first.locator("option").evaluate_all("os => os.map(o => o.value)")
        field.first.select_option(next(v for v in values if part in v))
    else:
        values = field.evaluate_all("os => os.map(o => o.value)")
        desk.choose(name, next(v for v in values if part in v))


def test_the_boy_is_hidden_from_all_but_his_circle_and_gets_a_lawyer_for_minors(
    person: Callable[..., Desk], installation: Installation, artifacts: Path
):
    reviewer = person("reviewer")
    number = notice(reviewer, "未成年乙")
    open_case(reviewer, number)
    assert "三日" in reviewer.text() or "指派期限" in reviewer.text()
    assert reviewer.page.locator(".badge-sealed, .state-sealed, :text('保密')").count()

    # an agent searching the boy's name or number gets nothing; nor does the leader's page
    for outsider in ("agent", "leader", "neighbour", "clerk"):
        other = person(outsider)
        for words in ("未成年乙", number):
            other.go(f"/desk/search?q={words}")
            found = other.page.locator("main").inner_text().replace("-", "").replace(words, "")
            assert "未成年乙" not in found and number not in found, (outsider, words)
    public = person(phone=True)
    public.go(f"/track/{number}")
    assert "未成年" not in public.text() and "公安" not in public.text() and "12348" in public.text()

    act(reviewer, number, "check_notice")
    reviewer.submit()
    act(reviewer, number, "assign")
    assert "未成年人" in reviewer.page.content()  # those who are not familiar with minors are folded away, with the reason
    reviewer.shot(artifacts, "assign-minor")
    reviewer.submit()
    assert "已指派" in reviewer.text(), reviewer.text()[:800]


def test_every_opening_of_a_sealed_file_is_on_record(person: Callable[..., Desk], installation: Installation):
    reviewer = person("reviewer")
    number = notice(reviewer, "未成年丙")
    approver = person("approver")
    open_case(approver, number)
    assert installation.run("audit", "verify").returncode == 0
    open_case(approver, number)
    assert "谁看过" in approver.text() or "看过" in approver.text()
