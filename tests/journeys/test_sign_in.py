"""Signing in as it is on a real installation: a second factor from the first day, and the bureau's identity provider."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import Desk, chromium
from tests.identity import CLIENT, SECRET, Provider
from tests.live import Installation

pytestmark = [pytest.mark.live, pytest.mark.browser]
NAME, PASSWORD = "zhang", "a-long-sentence-7"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The bureau's identity provider."""
    made = Provider()
    yield made
    made.close()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[Installation]:
    """An installation that is no demo, on its first day, tied to the identity provider."""
    chromium()
    made = Installation(tmp_path_factory.mktemp("fresh") / "var", settings={
        "FAHUI_OIDC_URL": provider.url, "FAHUI_OIDC_CLIENT": CLIENT, "FAHUI_OIDC_SECRET": SECRET,
        "FAHUI_OIDC_NAME": "市司法局统一身份认证",
    })  # fmt: skip
    made.start()
    yield made
    made.stop()


@pytest.fixture
def visitor(browser: Browser, fresh: Installation) -> Iterator[Callable[[], Desk]]:
    """Somebody at a browser who is not signed in."""
    made: list[Desk] = []

    def come() -> Desk:
        made.append(Desk(browser, fresh))
        return made[-1]

    yield come
    for desk in made:
        desk.context.close()


def code_now(secret: str, after: str = "") -> str:
    """What the authenticator on the phone shows (RFC 6238); waits for the next one while it still shows `after`."""
    while True:
        counter = struct.pack(">Q", int(time.time()) // 30)
        digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
        start = digest[-1] & 15
        code = f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
        if code != after:
            return code
        time.sleep(0.5)


def with_password(who: Desk) -> None:
    who.go("/accounts/login/")
    who.fill(login=NAME, password=PASSWORD)
    who.submit()


def give_code(who: Desk, code: str) -> None:
    who.page.locator("main [name=code]").first.fill(code)
    who.submit()


def test_the_second_factor_from_the_first_day_on(visitor: Callable[[], Desk], artifacts: Path):
    admin = visitor()
    admin.go("/desk/first")
    admin.fill(name="张三", username=NAME, password=PASSWORD, again=PASSWORD)
    admin.submit()
    with_password(admin)
    admin.page.wait_for_url(re.compile("/2fa/totp/activate/$"))  # the desk stays shut until there is a second factor
    assert admin.page.locator("img.qr").evaluate("e => e.complete && e.naturalWidth > 50")
    secret = admin.page.locator(".secret").inner_text().strip()
    admin.shot(artifacts, "second-factor")
    give_code(admin, "000000" if code_now(secret) != "000000" else "111111")
    assert "/activate" in admin.page.url and admin.page.locator(".field-error").count() == 1
    assert admin.page.locator(".secret").inner_text().strip() == secret  # a slip does not spoil what was scanned
    used = code_now(secret)
    give_code(admin, used)
    admin.page.wait_for_url(re.compile("/2fa/recovery-codes/$"))
    codes = [text.strip() for text in admin.page.locator(".codes li").all_inner_texts()]
    assert len(codes) >= 8 and len(set(codes)) == len(codes)
    admin.shot(artifacts, "recovery-codes")
    admin.press("去工作台")
    assert "/desk/" in admin.page.url

    admin.page.locator(".desk-me summary").click()
    admin.press("退出登录")
    admin.go("/desk/")
    assert "/accounts/login/" in admin.page.url  # signed out

    with_password(admin)
    admin.page.wait_for_url(re.compile("/2fa/authenticate"))
    admin.go("/desk/")
    assert "/2fa/authenticate" in admin.page.url  # the password alone opens nothing
    give_code(admin, "000000" if code_now(secret) != "000000" else "111111")
    assert "/2fa/authenticate" in admin.page.url and admin.page.locator(".field-error").count() == 1
    give_code(admin, codes[0])
    admin.page.wait_for_url(re.compile("/desk/"))

    other = visitor()
    with_password(other)
    give_code(other, codes[0])
    assert "/2fa/authenticate" in other.page.url  # a recovery code works once
    give_code(other, code_now(secret, after=used))
    other.page.wait_for_url(re.compile("/desk/"))


def test_the_identity_provider_opens_the_door_for_staff_and_for_nobody_else(visitor: Callable[[], Desk], provider: Provider):
    provider.person = {"sub": "B-7", "preferred_username": "stranger"}
    stranger = visitor()
    stranger.go("/desk/team")
    stranger.press("用市司法局统一身份认证登录")
    assert "还没有您的工作人员账号" in stranger.text() and "stranger" in stranger.text()
    stranger.go("/desk/")
    assert "/accounts/login/" in stranger.page.url

    provider.person = {"sub": "B-8", "preferred_username": NAME}
    member = visitor()
    member.go("/accounts/login/")
    member.press("用市司法局统一身份认证登录")
    member.page.wait_for_url(re.compile("/2fa/authenticate"))  # the provider stands for the password, not for the second factor
