"""A real browser on a running installation: signing in as the demo's people, and doing what they do."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.live import Installation

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def chromium() -> str:
    """Path of the system's Chromium. Without one the test is skipped, unless FAHUI_REQUIRE_BROWSER says it must run."""
    path = os.environ.get("FAHUI_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("FAHUI_REQUIRE_BROWSER"):
            pytest.fail("no Chromium found, and FAHUI_REQUIRE_BROWSER is set")
        pytest.skip("no Chromium on this machine (install it, or set FAHUI_CHROMIUM)")
    return path


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Desk:
    """One person at a browser."""

    def __init__(self, browser: Browser, installation: Installation, *, phone: bool = False, scripts: bool = True) -> None:
        size: ViewportSize = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        self.installation = installation
        self.context: BrowserContext = browser.new_context(viewport=size, java_script_enabled=scripts, locale="zh-CN", timezone_id="Asia/Shanghai")
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.foreign: list[str] = []
        self.page.on("request", self._note)

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.installation.url, "data:", "about:")):
            self.foreign.append(request.url)

    def go(self, path: str) -> Page:
        """Open an address; a 5xx is a failure."""
        answer = self.page.goto(self.installation.url + path)
        assert answer is not None and answer.status < 500, (path, answer and answer.status)
        return self.page

    def sign_in(self, name: str) -> Desk:
        """Sign in as a member of the demo's staff."""
        self.go("/accounts/login/")
        self.page.fill("[name=login]", name)
        self.page.fill("[name=password]", self.installation.accounts[name])
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(re.compile("/desk/"))
        return self

    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("body")

    def fill(self, **values: str) -> None:
        """Fill fields by name; radios and boxes by value."""
        for name, value in values.items():
            field = self.page.locator(f"[name='{name}']")
            kind = field.first.get_attribute("type") or field.first.evaluate("e => e.tagName.toLowerCase()")
            if kind in ("radio", "checkbox"):
                self.choose(name, value)
            elif kind == "select":
                field.first.select_option(value)
            else:
                field.first.fill(value)

    def choose(self, name: str, value: str) -> None:
        """Pick a radio button or box by its value, by clicking its words as people do."""
        one = self.page.locator(f"[name='{name}'][value='{value}']").first
        label = self.page.locator(f"label[for='{one.get_attribute('id')}']")
        (label.first if label.count() else one).click()
        assert one.is_checked()

    def press(self, label: str) -> None:
        """Press a button or link by (part of) its words."""
        found = self.page.get_by_role("button", name=label).or_(self.page.get_by_role("link", name=label))
        found.first.click()
        self.page.wait_for_load_state()

    def submit(self) -> None:
        """Press the page's one clear action, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.locator("main .action-bar button, main .form-actions button, main button.button-primary").first.click()

    def key(self, name: str) -> None:
        """Press one key, once the page says that it listens."""
        self.page.locator("html[data-ready]").wait_for(state="attached")
        self.page.keyboard.press(name)

    def shot(self, folder: Path, name: str) -> None:
        """A picture for people to look at."""
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)
