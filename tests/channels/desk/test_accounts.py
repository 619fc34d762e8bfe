"""Accounts and posts at the desk: found, paged, ended once, and nobody's beyond the administrator's own place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.casework.companions.actions import hand_to
from fahui.casework.handback.actions import clear_up
from fahui.casework.notices.models import Outgoing
from fahui.channels.desk import queries as desk
from fahui.foundation import clock
from fahui.foundation.accounts.actions import end_post, give_post, make_key, make_staff, reset_password
from fahui.foundation.accounts.models import ApiKey, Post, User
from fahui.foundation.accounts.queries import held_posts
from fahui.foundation.accounts.scope import SYSTEM
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Forbidden, Missing
from fahui.foundation.people.actions import Person
from tests.cast import CITY, COUNTY, NEIGHBOUR, PASSWORD, Cast, wage_claim
from tests.channels.desk.test_desk import at, text

ACCOUNTS = "/desk/admin/accounts"


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False


@pytest.fixture
def local(cast: Cast) -> Client:
    """A county's own administrator, at the desk."""
    cast.users["local"] = make_staff(SYSTEM, "t-local", "local", PASSWORD, [{"role": "system_admin", "region_code": COUNTY}])
    return at(cast, "local")


def ends(client: Client, post: Post) -> Any:
    return client.post(f"{ACCOUNTS}/{post.user_id}", {"do": "end", "post": post.pk})


def test_a_post_ends_once_and_its_last_day_stays_what_it_was(cast: Cast):
    admin, post = at(cast, "admin"), Post.objects.get(user=cast.users["clerk"])
    assert ends(admin, post).status_code == 302
    long_ago = date(2025, 5, 1)
    Post.objects.filter(pk=post.pk).update(valid_to=long_ago)
    again = ends(admin, post)
    assert again.status_code == 409 and "已经结束" in text(again)
    assert Post.objects.get(pk=post.pk).valid_to == long_ago


def test_nobody_ends_the_post_by_which_they_administer(cast: Cast):
    admin, post = at(cast, "admin"), Post.objects.get(user=cast.users["admin"])
    answer = ends(admin, post)
    assert answer.status_code == 422 and "另一位管理员" in text(answer)
    assert admin.get(ACCOUNTS).status_code == 200


def test_a_county_sees_its_own_accounts_and_no_other(cast: Cast, local: Client):
    page = text(local.get(ACCOUNTS))
    assert "t-clerk" in page and "t-neighbour" not in page and "t-leader" not in page
    for name in ("neighbour", "leader", "resident"):
        url = f"{ACCOUNTS}/{cast.users[name].pk}"
        assert local.get(url).status_code == 404 and local.post(url, {"do": "password"}).status_code == 404


def test_whoever_moved_here_is_administered_here(cast: Cast, local: Client):
    moved = cast.users["neighbour"]
    give_post(cast["admin"], moved.pk, role="window_clerk", region_code=COUNTY)
    with pytest.raises(Forbidden):
        reset_password(cast["local"], moved.pk)  # still has a post over there
    end_post(cast["admin"], Post.objects.get(user=moved, region_code=NEIGHBOUR).pk)
    assert "只显示这一次" in text(local.post(f"{ACCOUNTS}/{moved.pk}", {"do": "password"}))


def test_an_account_without_any_post_is_the_citys(cast: Cast, local: Client):
    make_staff(SYSTEM, "t-nobody", "nobody", PASSWORD, [])
    user = User.objects.get(username="t-nobody")
    with pytest.raises(Forbidden):
        reset_password(cast["local"], user.pk)
    assert reset_password(cast["admin"], user.pk)


def test_no_key_is_made_for_a_resident(cast: Cast):
    with pytest.raises(Missing):
        make_key(cast["admin"], "x", cast.users["resident"].pk, ["cases:read"])
    admin = at(cast, "admin")
    answer = admin.post("/desk/admin/keys", {"do": "make", "name": "x", "user": cast.users["resident"].username, "days": "9", "operations": ["cases:read"]})
    assert answer.status_code == 422 and "没有这个登录名" in text(answer) and not ApiKey.objects.exists()


def test_an_institution_that_is_not_there_is_named(cast: Cast):
    admin, url = at(cast, "admin"), f"{ACCOUNTS}/{cast.users['clerk'].pk}"
    answer = admin.post(url, {"do": "give", "role": "aid_reviewer", "region": COUNTY, "service": "*", "institution": "999"})
    assert answer.status_code == 422 and "没有找到" in text(answer) and 'value="999"' in text(answer)
    assert Post.objects.filter(user=cast.users["clerk"]).count() == 1


def test_accounts_are_found_by_name_and_come_in_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(desk, "PAGE", 3)
    admin = at(cast, "admin")
    seen: list[str] = []
    after = ""
    while True:
        answer = admin.get(ACCOUNTS, {"after": after})
        seen += [person["user"].username for person in answer.context["people"]]
        after = answer.context["pager"]["next"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == User.objects.filter(kind="staff").count()
    found = text(admin.get(ACCOUNTS, {"find": "T-REVIEW"}))
    assert "t-reviewer" in found and "t-clerk" not in found
    assert "没有查到" in text(admin.get(ACCOUNTS, {"find": "没有这个人"}))
    assert admin.get(ACCOUNTS, {"after": "9" * 30}).status_code == 200


def test_the_list_costs_the_same_however_many_there_are(cast: Cast):
    admin = at(cast, "admin")

    def cost() -> int:
        admin.get(ACCOUNTS)
        with CaptureQueriesContext(connection) as asked:
            admin.get(ACCOUNTS)
        return len(asked)

    few = cost()
    for number in range(8):
        make_staff(SYSTEM, f"t-more-{number}", f"同事{number}", None, [{"role": "window_clerk", "region_code": CITY}])
    assert cost() == few


def test_what_somebody_has_in_hand_is_said_before_their_post_ends_and_handed_over_by_a_lead(cast: Cast):
    cases = [wage_claim(cast["clerk"], person=Person(name=f"工友{n}", phone=f"1700000030{n}")) for n in range(3)]
    for case in cases:
        hand_to(cast["reviewer"], case.pk, cast.users["reviewer"].pk)
    admin, lead, url = at(cast, "admin"), at(cast, "approver"), f"{ACCOUNTS}/{cast.users['reviewer'].pk}"
    assert "经办着 3 件没办结的事" in text(admin.get(url))
    theirs = f"/desk/supervise?who={cast.users['reviewer'].pk}"
    assert f'href="?who={cast.users["reviewer"].pk}#theirs"' in text(lead.get("/desk/supervise"))
    page = text(lead.get(theirs))
    assert "reviewer手上的" in page and all(f'value="{case.pk}"' in page for case in cases)
    done = lead.post(f"/desk/supervise/many{theirs.removeprefix('/desk/supervise')}", {
        "case": [cases[0].pk, cases[1].pk], "do": "hand", "user": cast.users["approver"].pk, "text": "调离"})  # fmt: skip
    assert "已转交" in text(done) and "reviewer手上的" in text(done) and f'value="{cases[0].pk}"' not in text(done)
    for post in Post.objects.filter(user=cast.users["reviewer"]):
        ends(admin, post)
    assert clear_up() == 1
    assert "没办结的事" not in text(admin.get(url))
    line = Outgoing.objects.filter(notice="handed_back", user_id=cast.users["city"].pk).get()
    inbox = text(at(cast, "city").get("/desk/inbox"))
    assert line.text in inbox and 'href="/desk/team?unassigned=true"' in inbox
    assert f"/desk/cases/{cases[2].pk}" in text(lead.get("/desk/team?unassigned=true"))
    assert "reviewer的岗位结束，没人经办了" in text(lead.get(f"/desk/cases/{cases[2].pk}"))


def test_the_neighbours_matters_of_somebody_are_not_listed(cast: Cast):
    case = wage_claim(cast["clerk"])
    hand_to(cast["reviewer"], case.pk, cast.users["reviewer"].pk)
    page = text(at(cast, "lead").get(f"/desk/supervise?who={cast.users['reviewer'].pk}"))
    assert "手上的" not in page.split("<h1", 1)[1].replace("每个人手上的事", "")


def test_a_post_that_has_not_begun_is_no_reason_to_choose_somebody(cast: Cast):
    User.objects.filter(pk=cast.users["clerk"].pk).update(name="未到岗")
    Post.objects.filter(user=cast.users["clerk"]).update(valid_from=clock.today().replace(year=2999))
    assert "未到岗" not in text(at(cast, "approver").get("/desk/supervise"))


def given(client: Client, user: User, **more: str) -> Any:
    post = {"do": "give", "role": "aid_reviewer", "region": COUNTY, "service": "legal_aid", "institution": "", **more}
    return client.post(f"{ACCOUNTS}/{user.pk}", post)


def test_a_post_may_begin_later_and_end_by_itself(cast: Cast):
    admin, user, today = at(cast, "admin"), cast.users["clerk"], clock.today()
    first, last = today + timedelta(days=3), today + timedelta(days=20)
    assert given(admin, user, valid_from=f"{first}", valid_to=f"{last}").status_code == 302
    made = Post.objects.get(user=user, role="aid_reviewer")
    assert (made.valid_from, made.valid_to) == (first, last)
    page = text(admin.get(f"{ACCOUNTS}/{user.pk}"))
    assert "还没开始" in page and f"{first} – {last}" in page
    assert "还没开始" in text(admin.get(ACCOUNTS, {"find": user.username}))
    assert [post.role for post in held_posts(user.pk, today)] == ["window_clerk"]
    assert "aid_reviewer" in [post.role for post in held_posts(user.pk, first)]
    assert "aid_reviewer" not in [post.role for post in held_posts(user.pk, last + timedelta(days=1))]
    assert ends(admin, made).status_code == 302  # before it began
    assert held_posts(user.pk, first) == held_posts(user.pk, today)


@pytest.mark.parametrize(("days", "told"), [
    ({"valid_from": "2027-02-01", "valid_to": "2027-01-31"}, "最后一天早于第一天"), ({"valid_to": "明天"}, "日期看不懂"),
    ({"valid_from": "2027-02-30"}, "日期看不懂"), ({"valid_to": "2020-01-01"}, "最后一天早于第一天"),
])  # fmt: skip
def test_days_of_a_post_that_make_no_sense_are_told(cast: Cast, days: dict[str, str], told: str):
    answer = given(at(cast, "admin"), cast.users["clerk"], **days)
    assert answer.status_code == 422 and told in text(answer)
    assert Post.objects.filter(user=cast.users["clerk"]).count() == 1


def test_a_last_day_is_set_ahead(cast: Cast):
    admin, post, today = at(cast, "admin"), Post.objects.get(user=cast.users["clerk"]), clock.today()
    url, last = f"{ACCOUNTS}/{post.user_id}", today + timedelta(days=10)
    answer = admin.post(url, {"do": "end", "post": post.pk, "last": f"{today - timedelta(days=1)}"})
    assert answer.status_code == 422 and "不能在过去" in text(answer)
    assert admin.post(url, {"do": "end", "post": post.pk, "last": "X"}).status_code == 422
    assert "前一周会告诉" in text(admin.post(url, {"do": "end", "post": post.pk, "last": f"{last}"}, follow=True))
    assert Post.objects.get(pk=post.pk).valid_to == last and held_posts(post.user_id, last)
    told = Event.objects.get(kind="post.ended").data
    assert told["to"] == f"{last}"
    assert ends(admin, post).status_code == 302  # sooner after all
    assert held_posts(post.user_id, today) == ()


def test_posts_stand_in_the_order_in_which_they_began(cast: Cast, newest_first: None):
    user = cast.users["clerk"]
    for number, role in enumerate(("justice_office", "evaluator", "supervisor"), start=1):
        give_post(cast["admin"], user.pk, role=role, region_code=COUNTY, valid_from=clock.today() - timedelta(days=9 - number))
    page = at(cast, "admin").get(f"{ACCOUNTS}/{user.pk}")
    assert [post["code"] for post in page.context["person"]["posts"]] == ["window_clerk", "justice_office", "evaluator", "supervisor"]
