"""axe over every page, in both modes, at phone and desktop width: no serious or critical finding, nothing sideways."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.browser import Desk
from tests.live import Installation

pytestmark = [pytest.mark.live, pytest.mark.browser]

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
PUBLIC = ["/", "/ask/", "/find/", "/wages/", "/family/", "/apply/legal_aid/civil", "/apply/consultation/question", "/join/", "/track/",
          "/sign-in", "/check/", "/check/where/", "/check/aid/", "/check/days/", "/check/bring/", "/places/", "/places/near", "/places/near?county=511112000000", "/places/map", "/places/map?county=511112000000", "/places/people", "/places/village", "PLACE", "PERSON", "VILLAGE", "/guide/legal_aid", "/guide/legal_aid/civil", "/precedents/", "/poster/matter/legal_aid/civil", "/answers/", "/answers/?topic=labour", "/answers/unpaid-wages", "/guide/consultation", "/complain", "/about/accessibility",
          "/about/privacy", "/about/report", "/laws/", "/laws/1/", "/laws/1/1", "/open/", "/accounts/login/", "/nothing-here"]  # fmt: skip
COCKPIT = ["/cockpit/returns", "/cockpit/returns?what=entry:exam_return@3", "/cockpit/targets/", "/cockpit/targets/?by=clause", "/cockpit/targets/?region=511112000000", "/cockpit/targets/IND-LESH-047", "/cockpit/targets/IND-LESH-009",
           "/cockpit/targets/IND-LESH-047/records", "/cockpit/targets/IND-LESH-047/edit", "/cockpit/targets/changes/", "/cockpit/targets/changes/new", "/cockpit/reports/"]  # fmt: skip
STAFF = {
    "approver": ["/desk/", "/desk/team", "/desk/inbox", "/desk/offered", "/desk/search?q=张", "/desk/search?q=工资", "/desk/search?q=zhongcai&group=laws", "/desk/new", "/desk/new/legal_aid/civil",
                 "/desk/how/legal_aid", "/desk/supervise", "/desk/export", "/cockpit/", "/cockpit/behind/overdue", "/desk/subsidies", "CASE", "CASE/details"],
    "agent": ["/desk/hotline?matter=wages", "/desk/checks/where/", "/desk/checks/days/", "/desk/callbacks", "/desk/shifts"],
    "admin": ["/desk/admin/accounts", "/desk/admin/keys", "/desk/admin/calendar", "/desk/admin/values",
              "/desk/admin/institutions", "/desk/admin/sites", "/desk/admin/cards", "/desk/admin/practitioners", "INSTITUTION", "/desk/admin/imports", "/desk/admin/audit",
              "/desk/style", "PRACTITIONER"],
    "leader": ["/cockpit/", "/cockpit/policy/", "/desk/supervise", "/desk/openings", "/desk/answers/", "/desk/answers/new", "/desk/answers/asked", "/desk/answers/topics", "/desk/answers/proof", "/desk/answers/?kind=precedent",
               "/desk/answers/?kind=script", "/desk/answers/?kind=guide", "/desk/answers/new/precedent", "/desk/answers/new/script",
               "/desk/registers/", "/desk/registers/honour/", "/desk/registers/honour/new", "/desk/registers/honour/import", "/desk/registers/honour/export",
               "/desk/activities/", "/desk/returns", "/desk/activities/new", "/desk/activities/import", "/desk/exports/", "/desk/imports/"],
}  # fmt: skip

# One of a list stands for all of them: (the list, how its links begin).
FIRST_OF = {"CASE": ("/desk/team", "/desk/cases/"), "PRACTITIONER": ("/desk/admin/practitioners", "/desk/admin/practitioners/"),
            "INSTITUTION": ("/desk/admin/institutions", "/desk/admin/directory/institution/"), "PLACE": ("/places/?kind=law_firm", "/places/institution/"),
            "PERSON": ("/places/people", "/places/practitioner/"), "VILLAGE": ("/places/village?in=511112101000", "/places/village?in=511112101"), "FAULTS": ("/desk/imports/", "/desk/imports/")}


def findings(desk: Desk) -> list[str]:
    """Serious and critical violations, and contrast that axe could not decide."""
    desk.page.evaluate(AXE)
    # Drawings are left out: axe cannot judge text on shapes, and the list or table beside each says the same.
    result: dict[str, Any] = desk.page.evaluate("async () => await axe.run({include: [['html']], exclude: [['svg.map'], ['svg[role=img]'], ['figure svg']]})")
    bad = [v for v in result["violations"] if v["impact"] in ("serious", "critical")]
    bad += [v for v in result["incomplete"] if v["id"] == "color-contrast"]
    found = [f"{v['id']}: {v['nodes'][0]['html'][:140]}" for v in bad]
    wide = desk.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"sideways scroll of {wide}px"] if wide > 1 else [])


def walk(desk: Desk, paths: list[str], look: Callable[[Desk], list[str]] = findings) -> dict[str, list[str]]:
    """What is wrong with each page, by what is looked for."""
    found: dict[str, list[str]] = {}
    for path in paths:
        one, slash, part = path.partition("/")
        if one in FIRST_OF:
            home, rows = FIRST_OF[one]
            desk.go(home)
            path = (desk.page.locator(f"main a[href^='{rows}']").first.get_attribute("href") or home) + slash + part
        desk.go(path)
        problems = look(desk)
        if problems:
            found[path] = problems
    return found


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_residents_pages(person: Callable[..., Desk], installation: Installation, phone: bool, elder: bool):
    visitor = person(phone=phone)
    if elder:
        visitor.context.add_cookies([{"name": "fahui_elder", "value": "1", "url": installation.url}])
    assert walk(visitor, PUBLIC) == {}


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_imports(person: Callable[..., Desk], installation: Installation, phone: bool, elder: bool):
    """A table that the worker refused, as one of a list and with what has to be changed in it."""
    leader = person("leader", phone=phone)
    leader.go("/desk/registers/survey/import")
    rows = [f"五通桥区,知道公共法律服务,{600 + phone * 2 + elder},500,2026-05-31" for _row in range(510)]
    text = "\n".join(["地区,问题,答“是”的,有效问卷,调查截止日", *rows])
    leader.page.set_input_files("[name=file]", {"name": "问卷.csv", "mimeType": "text/csv", "buffer": text.encode()})
    leader.page.fill("[name=reason]", "二季度")
    leader.page.click("main button.button-primary")
    leader.page.locator("#imports").wait_for()
    leader.page.locator("#imports:not([hx-get]) a[id^=faults-]").first.wait_for(timeout=60_000)  # the page asks again by itself
    if elder:
        leader.context.add_cookies([{"name": "fahui_elder", "value": "1", "url": installation.url}])
    assert walk(leader, ["/desk/imports/", "FAULTS"]) == {}


@pytest.fixture(scope="module")
def measured(installation: Installation) -> None:
    """Figures, so that the cockpit has something to draw."""
    done = installation.run("measure", "--engine", "postgres", "--format", "json")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_targets(person: Callable[..., Desk], installation: Installation, measured: None, phone: bool, elder: bool):
    leader = person("leader", phone=phone)
    if elder:
        leader.context.add_cookies([{"name": "fahui_elder", "value": "1", "url": installation.url}])
    assert walk(leader, COCKPIT) == {}


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_open_data(person: Callable[..., Desk], installation: Installation, measured: None, phone: bool, elder: bool):
    """Chosen, looked at, published, read by everybody, and the form that withdraws it."""
    leader, visitor = person("leader", phone=phone), person(phone=phone)
    for one in (leader, visitor):
        if elder:
            one.context.add_cookies([{"name": "fahui_elder", "value": "1", "url": installation.url}])
    found = {"form": walk(leader, ["/cockpit/open/"])}
    for place in range(4):
        leader.page.locator("input[name=chosen]:enabled").nth(place).check()
    leader.page.fill("#f-note", "主要指标")
    if leader.page.locator("#f-reason[required]").count():
        leader.page.fill("#f-reason", "再出一版")
    leader.page.click("button[value=preview]")
    leader.page.wait_for_selector("button[value=publish]")
    found["preview"] = {"preview": findings(leader)} if findings(leader) else {}
    leader.page.on("dialog", lambda dialog: dialog.accept())
    leader.page.click("button[value=publish]")
    leader.page.wait_for_selector("a[href='/cockpit/open/1/']")
    found["published"] = walk(leader, ["/cockpit/open/", "/cockpit/open/1/"]) | walk(visitor, ["/open/", "/open/?all=1", "/open/1/"])
    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("who", list(STAFF))
def test_staff_pages(person: Callable[..., Desk], installation: Installation, who: str, elder: bool):
    member = person(who)
    if elder:
        member.context.add_cookies([{"name": "fahui_elder", "value": "1", "url": installation.url}])
    assert walk(member, STAFF[who]) == {}


def test_the_desk_in_english_and_large_letters_fits_a_phone(person: Callable[..., Desk], installation: Installation):
    member = person("leader")
    member.page.set_viewport_size({"width": 390, "height": 844})
    member.context.add_cookies([{"name": name, "value": value, "url": installation.url} for name, value in (("fahui_elder", "1"), ("fahui_lang", "en"))])
    assert walk(member, ["/desk/", "/desk/exports/", "/desk/imports/", "/cockpit/targets/"]) == {}
