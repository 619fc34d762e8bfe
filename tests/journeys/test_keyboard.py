"""The Tab key alone, through every page: everything is reached, says that it has the focus, and lies under nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from tests.browser import Desk
from tests.journeys.test_accessibility import COCKPIT, PUBLIC, STAFF, walk
from tests.live import Installation

pytestmark = [pytest.mark.live, pytest.mark.browser]

MOST = 900  # stops of one page

# Also on pages that put the focus somewhere.
FROM_THE_TOP = "() => { const all = document.body; all.tabIndex = -1; all.focus(); all.removeAttribute('tabindex'); window.reached = new Set(); }"

# What has the focus: null at the end of the page, else its name, whether it was there before, is marked, and is seen somewhere.
NOW = """async () => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const seen = window.reached ??= new Set(), before = seen.has(it) && window.last !== it;  // a date has stops of its own
  seen.add(it); window.last = it;
  const ringed = (one) => { const style = getComputedStyle(one); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0; };
  const around = [it, it.nextElementSibling, it.closest('label'), it.parentElement].filter(Boolean);
  const marked = around.some(ringed) || (/^(date|time)/.test(it.type) && !it.matches(':focus'));  // the browser marks the picture in it
  const visible = () => [...it.getClientRects()].some((box) => [.1, .5, .9].some((x) => [.2, .5, .8].some((y) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return top && (it.contains(top) || top.closest('label')?.contains(it));
  })));
  for (let tries = 0; tries < 30 && !visible(); tries++) await new Promise((next) => requestAnimationFrame(next));
  return {name: it.outerHTML.slice(0, 120), before, marked, visible: visible()};
}"""

# What was not reached though it is there to be used; of radio buttons of one name, one is.
LEFT = """() => {
  const names = new Set([...window.reached].filter((one) => one.type === 'radio').map((one) => one.name));
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length)
    .filter((one) => !window.reached.has(one) && !(one.type === 'radio' && names.has(one.name))).map((one) => one.outerHTML.slice(0, 120));
}"""


def stops(desk: Desk) -> list[str]:
    """What is wrong with where the Tab key leads, from the top of the page to its end."""
    page = desk.page
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(FROM_THE_TOP)
    found = []
    for _stop in range(MOST):
        page.keyboard.press("Tab")
        now = page.evaluate(NOW)
        if now is None or now["before"]:
            break
        found += [f"{what}: {now['name']}" for what, wrong in (("not marked", not now["marked"]), ("not seen", not now["visible"])) if wrong]
    return found + [f"not reached: {one}" for one in page.evaluate(LEFT)]


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_residents_pages(person: Callable[..., Desk], phone: bool):
    assert walk(person(phone=phone), PUBLIC, stops) == {}


@pytest.mark.parametrize("who", list(STAFF))
def test_staff_pages(person: Callable[..., Desk], who: str):
    assert walk(person(who), STAFF[who], stops) == {}


def test_targets(person: Callable[..., Desk], installation: Installation):
    done = installation.run("measure", "--engine", "postgres", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert walk(person("leader"), COCKPIT, stops) == {}


@pytest.mark.parametrize("who", ["approver", "agent"])
def test_forms_with_a_bar_that_stays_on_a_phone(person: Callable[..., Desk], who: str):
    paths = {"approver": ["/desk/new/legal_aid/civil", "CASE/details"], "agent": ["/desk/hotline?matter=wages"]}
    assert walk(person(who, phone=True), paths[who], stops) == {}


def test_the_way_to_the_content_is_seen_also_where_the_page_has_scrolled_on(person: Callable[..., Desk]):
    page = (desk := person("agent", phone=True)).page
    desk.go("/desk/hotline?matter=wages")
    page.evaluate(FROM_THE_TOP)
    page.keyboard.press("Tab")
    page.evaluate("scrollTo(0, 600)")  # as a script of the page does that brings something into view
    assert page.evaluate("scrollY") == 600
    now = page.evaluate(NOW)
    assert 'class="skip"' in now["name"] and now["visible"]


def test_nothing_moves_when_the_scripts_come_late(person: Callable[..., Desk]):
    """The browser puts the cursor where the page wants it before the scripts have come; what they do then leaves it where it is."""
    page = (desk := person("agent", phone=True)).page
    held: list[Route] = []
    page.route("**/app*.js", lambda route: held.append(route))
    page.goto(desk.installation.url + "/desk/hotline?matter=wages", wait_until="commit")
    page.wait_for_selector("[autofocus]:focus")
    where = "[document.activeElement.getBoundingClientRect().top, document.documentElement.scrollHeight].map(Math.round)"
    before = page.evaluate(where)
    assert held
    for route in held:
        route.continue_()
    page.wait_for_selector("[data-ready]")
    assert page.evaluate(where) == before


def test_the_column_stays_as_it_was_left(person: Callable[..., Desk]):
    page = (desk := person("agent")).page
    column = page.locator(".desk-nav > details")
    desk.go("/desk/")
    assert column.get_attribute("open") is not None
    column.locator("summary").click()
    desk.go("/desk/hotline")
    assert column.get_attribute("open") is None
    column.locator("summary").click()
    desk.go("/desk/")
    assert column.get_attribute("open") is not None
