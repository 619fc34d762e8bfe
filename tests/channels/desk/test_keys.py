"""Machine keys at the desk: listed with their use, made once, and ended at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.foundation import clock
from fahui.foundation.accounts.actions import make_key
from fahui.foundation.accounts.models import ApiKey, User
from fahui.foundation.audit.models import Event
from tests.cast import CITY, TOWNSHIP, Cast
from tests.channels.desk.test_desk import at, text

KEYS = "/desk/admin/keys"
CASE: dict[str, Any] = {
    "service": "legal_aid", "matter": "civil", "region_code": TOWNSHIP,
    "applicant": {"name": "申请人甲", "phone": "13700000001"}, "details": {"matter_kind": "wages"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False


def made_by(client: Client, cast: Cast, **more: str) -> Any:
    return client.post(KEYS, {"do": "make", "name": "12345平台", "user": cast.users["clerk"].username, "days": "30",
                              "operations": ["cases:read", "cases:write"], **more})  # fmt: skip


def open_with(secret: str) -> int:
    head = {"Authorization": f"Bearer {secret}"}
    return Client().post("/api/v1/cases", data=CASE, content_type="application/json", headers=head).status_code


def test_a_key_is_shown_once_works_is_listed_with_its_use_and_stops_at_once(cast: Cast):
    admin = at(cast, "admin")
    answer = made_by(admin, cast)
    found = re.search(r"fh_[0-9a-f]{8}_[\w-]{30,}", text(answer))
    assert found and answer["Cache-Control"] == "no-store"
    secret = found.group()
    page = text(admin.get(KEYS))
    assert secret not in page and "没有记录" in page and "窗口人员" in page
    assert open_with(secret) == 201
    page = text(admin.get(KEYS))
    assert "没有记录" not in page and f"<dd>{clock.today():%Y-%m-%d}</dd></dl>" in page
    key = ApiKey.objects.get()
    assert admin.post(KEYS, {"do": "revoke", "key": key.pk}, follow=True).status_code == 200
    assert open_with(secret) == 401
    assert "已停用" in text(admin.get(KEYS)) and 'value="revoke"' not in text(admin.get(KEYS))
    assert Event.objects.filter(kind="key.revoked", about=f"key:{key.pk}").exists()
    assert admin.post(KEYS, {"do": "revoke", "key": key.pk}).status_code == 409


@pytest.mark.parametrize("wrong", [{"name": " "}, {"user": ""}, {"user": "没有这个人"}, {"operations": "all"}, {"days": "0"}, {"days": "5000"}])
def test_a_wrong_form_makes_no_key_and_keeps_what_was_written(cast: Cast, wrong: dict[str, str]):
    answer = made_by(at(cast, "admin"), cast, **wrong)
    assert answer.status_code == 422 and not ApiKey.objects.exists()
    assert "error-summary" in text(answer) and ('value="12345平台"' in text(answer) or "name" in wrong)


def test_an_administrator_of_a_county_neither_sees_nor_ends_the_citys_keys(cast: Cast):
    key, _secret = make_key(cast["admin"], "省平台", cast.users["city"].pk, ["cases:read"])
    cast.users["admin"].posts.update(region_code=511123000000)
    assert CITY != 511123000000 and "省平台" not in text(at(cast, "admin").get(KEYS))
    assert at(cast, "admin").post(KEYS, {"do": "revoke", "key": key.pk}).status_code == 403
    assert at(cast, "clerk").get(KEYS).status_code == 403


def test_the_list_costs_the_same_however_many_keys_there_are(cast: Cast):
    admin = at(cast, "admin")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            admin.get(KEYS)
        return len(asked)

    make_key(cast["admin"], "一", cast.users["clerk"].pk, ["cases:read"])
    cost()
    one = cost()
    for name in ("reviewer", "approver", "lawyer"):
        make_key(cast["admin"], name, cast.users[name].pk, ["cases:read"])
    assert cost() == one


def test_the_page_of_an_account_leads_to_a_key_for_it(cast: Cast):
    admin = at(cast, "admin")
    page = text(admin.get(f"/desk/admin/accounts/{cast.users['clerk'].pk}"))
    link = next(part for part in re.findall(r'href="([^"]+)"', page) if part.startswith(f"{KEYS}?"))
    assert 'name="user"' in text(admin.get(link)) and 'value="t-clerk"' in text(admin.get(link))


def test_nobody_gets_a_key_for_an_account_elsewhere_or_blocked(cast: Cast):
    User.objects.filter(pk=cast.users["clerk"].pk).update(is_active=False)
    assert made_by(at(cast, "admin"), cast).status_code == 422
    User.objects.filter(pk=cast.users["clerk"].pk).update(is_active=True)
    cast.users["admin"].posts.update(region_code=511123000000)
    assert made_by(at(cast, "admin"), cast).status_code == 422 and not ApiKey.objects.exists()
