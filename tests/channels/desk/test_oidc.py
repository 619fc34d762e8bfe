"""Staff sign in with the bureau's identity provider: a real one on a local port, the whole code flow over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user
from django.test import Client

from fahui.foundation.accounts.models import User
from fahui.foundation.audit.models import Event
from tests.cast import Cast
from tests.identity import CLIENT, SECRET, Provider

BEGIN = "/accounts/oidc/bureau/login/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """The provider, and this installation as its client."""
    made = Provider()
    made.person = {"sub": "A-1001", "preferred_username": "T-Clerk", "name": "不相干的名字", "phone_number": "13800000000"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [{
        "provider_id": "bureau", "name": "市司法局统一身份认证", "client_id": CLIENT, "secret": SECRET,
        "settings": {"server_url": made.url, "oauth_pkce_enabled": True},
    }]}}  # fmt: skip
    settings.STAFF_MFA_REQUIRED = False
    yield made
    made.close()


def walk(client: Client, begin: str = BEGIN) -> Any:
    """Begin here, agree there, and come back."""
    there = client.get(begin)["Location"]
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def signed_in(client: Client) -> User | None:
    request = type("Visit", (), {"session": client.session})()
    user = get_user(request)
    return user if isinstance(user, User) else None


def test_a_known_member_of_staff_comes_in_and_is_found_again_under_a_new_name(cast: Cast, provider: Provider):
    client = Client()
    assert f'href="{BEGIN}' in client.get("/accounts/login/").content.decode()
    answer = walk(client)
    assert answer.status_code == 302 and answer["Location"] == "/desk/"
    assert signed_in(client) == cast.users["clerk"] and client.get("/desk/").status_code == 200
    held = SocialAccount.objects.get(uid="A-1001")
    assert held.user_id == cast.users["clerk"].pk and "13800000000" not in str(held.extra_data)
    assert Event.objects.filter(kind="account.linked", about=f"user:{held.user_id}").count() == 1

    provider.person["preferred_username"] = "t-admin"  # the provider's key counts from now on, not the name
    again = Client()
    assert walk(again).status_code == 302 and signed_in(again) == cast.users["clerk"]


@pytest.mark.parametrize("named", ["nobody", "t-resident", ""])
def test_who_has_no_staff_account_is_told_what_to_do_and_gets_none(cast: Cast, provider: Provider, named: str):
    provider.person["preferred_username"] = named
    before, client = User.objects.count(), Client()
    answer = walk(client)
    assert answer.status_code == 403 and "系统管理员" in answer.content.decode() and named in answer.content.decode()
    assert signed_in(client) is None and User.objects.count() == before and not SocialAccount.objects.exists()


@pytest.mark.parametrize("says", [
    {"nonce": "another"}, {"nonce": None}, {"iss": "https://elsewhere.example"}, {"aud": "another-client"}, {"exp": 1},
    {"profile_sub": "A-2002"},
], ids=lambda says: next(iter(says)))  # fmt: skip
def test_a_token_that_is_not_for_this_sign_in_is_refused(cast: Cast, provider: Provider, says: dict[str, Any]):
    provider.says = says
    client = Client()
    answer = walk(client)
    assert answer.status_code == 401 and "重新登录" in answer.content.decode()
    assert signed_in(client) is None and not SocialAccount.objects.exists()


def test_an_answer_begun_in_another_browser_is_refused(cast: Cast, provider: Provider):
    mine, other = Client(), Client()
    back = requests.get(other.get(BEGIN)["Location"], allow_redirects=False, timeout=5).headers["Location"]
    assert mine.get(back.removeprefix("http://testserver")).status_code == 401 and signed_in(mine) is None


def test_a_visitor_adds_nothing_to_what_is_asked_of_the_provider(cast: Cast, provider: Provider):
    asked = Client().get(f"{BEGIN}?auth_params=nonce%3Dmine&scope=everything&process=connect")["Location"]
    assert "mine" not in asked and "everything" not in asked and "code_challenge=" in asked


def test_a_blocked_account_stays_out(cast: Cast, provider: Provider):
    User.objects.filter(pk=cast.users["clerk"].pk).update(is_active=False)
    client = Client()
    answer = walk(client)
    assert signed_in(client) is None and answer.status_code == 302 and "inactive" in answer["Location"]


def test_a_provider_that_is_away_is_said_so(cast: Cast, provider: Provider):
    provider.close()
    answer = Client().get(BEGIN)
    assert answer.status_code == 503 and "登录名和密码" in answer.content.decode()


def test_without_a_provider_there_is_no_door(cast: Cast):
    assert "oidc" not in Client().get("/accounts/login/").content.decode()
    assert Client().get(BEGIN).status_code == 404
