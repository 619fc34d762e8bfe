"""A machine's request goes by the reader of its last one; whatever changed meanwhile holds for it all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.casework.cases.models import Case
from fahui.config.engine import base
from fahui.foundation import clock
from fahui.foundation.accounts.actions import make_key
from fahui.foundation.accounts.models import ApiKey, Post, User
from fahui.foundation.accounts.scope import as_system
from tests.cast import Cast
from tests.channels.test_api import BODY, post

pytestmark = pytest.mark.django_db
ELSEWHERE = 511123000000  # a county nobody has a post in


@pytest.fixture
def head(cast: Cast) -> dict[str, str]:
    """The key of a clerk, read once."""
    _key, secret = make_key(cast["admin"], "clerk", cast.users["clerk"].pk, ["cases:read", "cases:write"])
    head = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/cases", headers=head).status_code == 200
    return head


def cases() -> int:
    with as_system():
        return Case.objects.count()


CHANGES: dict[str, tuple[Callable[[Cast], Any], int]] = {
    "withdrawn": (lambda cast: ApiKey.objects.update(revoked_at=clock.now()), 401),
    "expired": (lambda cast: ApiKey.objects.update(expires_at=clock.now()), 401),
    "narrowed": (lambda cast: ApiKey.objects.update(operations=["cases:read"]), 403),
    "closed": (lambda cast: User.objects.filter(pk=cast.users["clerk"].pk).update(is_active=False), 401),
    "without posts": (lambda cast: Post.objects.filter(user=cast.users["clerk"]).delete(), 403),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_holds_at_once_and_nothing_is_written(cast: Cast, head: dict[str, str], change: str):
    do, status = CHANGES[change]
    before = cases()
    do(cast)
    for _again in range(2):
        answer = post("/api/v1/cases", BODY, head)
        assert answer.status_code == status, answer.content.decode()
    assert cases() == before


def test_whoever_was_moved_elsewhere_no_longer_reads_what_is_here(cast: Cast, head: dict[str, str]):
    address = f"/api/v1/cases/{post('/api/v1/cases', BODY, head).json()['id']}"
    _key, secret = make_key(cast["admin"], "reviewer", cast.users["reviewer"].pk, ["cases:read"])
    reviewer = {"Authorization": f"Bearer {secret}"}
    for _again in range(2):
        assert Client().get(address, headers=reviewer).status_code == 200
    Post.objects.filter(user=cast.users["reviewer"]).update(region_code=ELSEWHERE)
    assert Client().get(address, headers=reviewer).status_code == 404
    assert Client().get("/api/v1/cases", headers=reviewer).json()["items"] == []


def test_a_refusal_made_before_the_database_was_asked_is_not_told_to_a_key_that_was_withdrawn(head: dict[str, str]):
    assert post("/api/v1/cases", {}, head).status_code == 422
    ApiKey.objects.update(revoked_at=clock.now())
    assert post("/api/v1/cases", {}, head).status_code == 401


def test_what_was_granted_meanwhile_is_there_without_a_second_try(cast: Cast, head: dict[str, str]):
    ApiKey.objects.update(operations=["cases:read"])
    assert post("/api/v1/cases", BODY, head).status_code == 403
    ApiKey.objects.update(operations=["cases:read", "cases:write"])
    before = cases()
    assert post("/api/v1/cases", BODY, head).status_code == 201 and cases() == before + 1


def test_what_is_answered_anew_to_head_has_no_body(head: dict[str, str]):
    whole = Client().get("/api/v1/cases", headers=head)
    for status in (200, 401):
        answer = Client().head("/api/v1/cases", headers=head)
        assert answer.status_code == status and answer.content == b"" and int(answer.headers["Content-Length"]) > 0
        if status == 200:
            assert answer.headers["Content-Length"] == str(len(whole.content))
        ApiKey.objects.update(revoked_at=clock.now())


def test_only_the_key_itself_is_taken_for_it(head: dict[str, str]):
    wrong = {"Authorization": head["Authorization"][:-1] + ("a" if head["Authorization"][-1] != "a" else "b")}
    assert Client().get("/api/v1/cases", headers=wrong).status_code == 401
    assert Client().get("/api/v1/cases", headers=head).status_code == 200


def test_the_look_at_the_key_is_no_round_trip_of_its_own(head: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    asked: list[list[str]] = []
    really = base.exchange
    monkeypatch.setattr(base, "exchange", lambda there, statements: asked.append([text for text, _ in statements]) or really(there, statements))
    post("/api/v1/cases", BODY, head)
    alone = len(asked)
    asked.clear()
    assert post("/api/v1/cases", BODY, head).status_code == 201
    with_key = [texts for texts in asked if any("fahui_key" in text for text in texts)]
    assert alone and len(with_key) == 1 and len(with_key[0]) > 1


def test_it_holds_without_kept_plans_too(cast: Cast, head: dict[str, str], settings: Any):
    settings.DATABASE_KEEPS_PLANS = False
    before = cases()
    assert post("/api/v1/cases", BODY, head).status_code == 201 and cases() == before + 1
    ApiKey.objects.update(revoked_at=clock.now())
    assert post("/api/v1/cases", BODY, head).status_code == 401 and cases() == before + 1


def test_it_holds_where_statements_are_watched_too(cast: Cast, head: dict[str, str]):
    with CaptureQueriesContext(connection):
        assert post("/api/v1/cases", BODY, head).status_code == 201
        ApiKey.objects.update(revoked_at=clock.now())
        assert post("/api/v1/cases", BODY, head).status_code == 401


def test_a_file_is_read_by_whoever_the_key_is_at_the_moment(head: dict[str, str]):
    case = post("/api/v1/cases", BODY, head).json()
    given = {"material": "identity", "file": SimpleUploadedFile("a.png", b"")}
    assert Client().post(f"/api/v1/cases/{case['id']}/papers", data=given, headers=head).status_code == 422
    ApiKey.objects.update(revoked_at=clock.now())
    assert Client().post(f"/api/v1/cases/{case['id']}/papers", data=given, headers=head).status_code == 401
