"""Limits on strangers hold for the whole installation: two web processes, one count."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookiejar import CookieJar

import pytest
from django.core.cache import cache
from django.db import connection

from fahui.casework.tasks import tidy
from fahui.channels.limits import PER_HOUR
from fahui.foundation import clock
from fahui.foundation.accounts.models import PhoneCode
from fahui.foundation.identifiers import new_tracking_number
from tests.live import Installation


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation served by two processes."""
    made = Installation(tmp_path_factory.mktemp("limits") / "var", workers=2)
    made.start()
    yield made
    made.stop()


def look_up(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def form(url: str, **fields: str) -> str:
    """Open a page with a form in a browser of its own and send it; the page that answers."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = browser.open(url, timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1), **fields}).encode()
    try:
        return str(browser.open(url, body, timeout=30).read().decode())
    except urllib.error.HTTPError as refused:
        return refused.read().decode()


@pytest.mark.live
def test_guesses_at_tracking_numbers_are_counted_together(two: Installation):
    assert len(two.children("granian")) >= 2
    doors = ("/track/", "/api/v1/track/")  # one count, whichever way somebody guesses
    urls = [f"{two.url}{doors[n % 2]}{new_tracking_number()}" for n in range(PER_HOUR["track"] + 20)]
    with ThreadPoolExecutor(8) as crowd:
        answers = Counter(crowd.map(look_up, urls))
    assert answers == {404: PER_HOUR["track"], 429: 20}


@pytest.mark.live
def test_codes_by_text_are_counted_together(two: Installation):
    with ThreadPoolExecutor(8) as crowd:
        pages = list(crowd.map(lambda n: form(f"{two.url}/sign-in", phone=f"139000010{n:02d}"), range(PER_HOUR["code"] + 5)))
    assert sum("请求太多" in page for page in pages) == 5


@pytest.mark.live
def test_wrong_passwords_for_one_account_are_counted_together(two: Installation):
    with ThreadPoolExecutor(4) as crowd:
        pages = list(crowd.map(lambda n: form(f"{two.url}/accounts/login/", login="leader", password=f"wrong-{n}"), range(9)))
    assert sum("太多" in page or "过多" in page for page in pages) == 4, pages[-1]


def test_counts_that_ran_out_and_old_codes_are_swept(db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fahui.casework.tasks.close_old_connections", lambda: None)  # this test's is not old
    cache.set("portal.track.old", 1, 0.001)
    cache.set("portal.track.new", 1, 3600)
    now = clock.now()
    for days in (0, 2):
        at = now - timedelta(days=days)
        PhoneCode.objects.create(phone_index=b"1" * 32, digest=b"2" * 32, made_at=at, expires_at=at)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_sharedcount SET expires = %s WHERE cache_key LIKE '%%old'", [now - timedelta(hours=2)])
        tidy(0)
        cursor.execute("SELECT cache_key FROM foundation_sharedcount")
        assert [row[0] for row in cursor.fetchall()] == [":1:portal.track.new"]
    assert PhoneCode.objects.count() == 1
