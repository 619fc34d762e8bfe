"""Who owes which returns, on the leader's page, on the desk and in the API; and that others see none of it."""

from __future__ import annotations

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from fahui.casework.notices.actions import tell
from fahui.casework.registers.models import Entry
from fahui.foundation import clock
from fahui.foundation.accounts.actions import make_key, make_staff
from fahui.foundation.accounts.scope import SYSTEM
from fahui.foundation.data import Words
from fahui.foundation.models import Region
from fahui.standards.actions import measure
from fahui.standards.models import NilReturn
from fahui.standards.returns.actions import NOTICE, keep_reported
from tests.cast import CITY, COUNTY, NEIGHBOUR, PASSWORD, Cast

YEAR = clock.today().year - 1
EXAM = "entry:exam_return@3"


def signed_in(cast: Cast, name: str, settings: Any) -> Client:
    settings.STAFF_MFA_REQUIRED = False
    client = Client()
    client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def keeper(cast: Cast, settings: Any) -> Client:
    """A bureau officer of one county."""
    posts = [{"role": "bureau_officer", "region_code": COUNTY, "service": "*", "institution": cast.institutions["bureau"], "cleared": False,
              "valid_from": date(2020, 1, 1)}]  # fmt: skip
    cast.users["county"] = make_staff(SYSTEM, "t-county", "county", PASSWORD, posts)
    return signed_in(cast, "county", settings)


@pytest.fixture
def leader(cast: Cast, settings: Any) -> Client:
    return signed_in(cast, "leader", settings)


def exam(region: int, year: int = YEAR) -> Entry:
    now = clock.now()
    return Entry.objects.create(register="exam_return", code=f"x{region}-{year}", title="在线学法考试", region_code=region, begins=date(year, 6, 1), part=9,
                                whole=10, entered_at=now, changed_at=now)  # fmt: skip


def page(client: Client, url: str, **more: Any) -> str:
    answer = client.get(url, **more)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_leader_sees_who_owes_what_and_opens_the_register_of_that_place_and_period(keeper: Client, leader: Client) -> None:
    exam(COUNTY)
    text = page(leader, "/cockpit/returns")
    assert "信息采集率" in text and "在线学法考试" in text and "五通桥区" in text
    text = page(leader, f"/cockpit/returns?what={EXAM}&period={YEAR}")
    counties = Region.objects.filter(level=3).count()
    assert text.count(">已报</span>") == 1 and text.count("欠 1/1</span>") == counties - 1 and f"1/{counties}" in text
    rows = leader.get(f"/cockpit/returns?what={EXAM}&period={YEAR}").context["rows"]
    assert [row["cells"][0] for row in rows][0] == "合计" and rows[-1]["cells"][:2] == ["五通桥区", "100 % · 1/1"]  # what is owed most comes first
    href = f"/desk/registers/exam_return/?place={COUNTY}&amp;since={YEAR}-01-01&amp;until={YEAR}-12-31"
    assert href in text
    exam(COUNTY, YEAR - 1)
    listed = leader.get(href.replace("&amp;", "&")).context["rows"]
    assert [row["cells"][-2] for row in listed] == [f"{YEAR}-06-01"]  # of that year alone


def test_the_file_says_every_place_and_period(leader: Client) -> None:
    exam(COUNTY)
    rows = list(csv.DictReader(StringIO(leader.get(f"/cockpit/returns?what={EXAM}&format=csv").content.decode("utf-8-sig"))))
    told = {(row["地区代码"], row["哪一期"]): row["报送情况"] for row in rows}
    assert told[str(COUNTY), f"{YEAR}年"] == "已报" and told[str(NEIGHBOUR), f"{YEAR}年"] == "欠" and len(rows) == 4 * Region.objects.filter(level=3).count()
    book = load_workbook(BytesIO(leader.get(f"/cockpit/returns?what={EXAM}&format=xlsx").content))
    assert book.active is not None and book.active.max_row == len(rows) + 1


def test_a_target_says_who_has_not_reported_what_it_counts(leader: Client) -> None:
    measure(clock.today(), "postgres")
    text = page(leader, "/cockpit/targets/IND-LESH-047")
    assert "这项数字要数" in text and "还缺：" in text and "/cockpit/returns?region=" in text
    assert "还缺：" not in page(leader, "/cockpit/targets/IND-LESH-009")  # cases come by themselves


def test_a_keeper_reads_on_the_list_what_is_owed_and_says_there_is_nothing(keeper: Client) -> None:
    text = page(keeper, "/desk/registers/exam_return/")
    assert f"{YEAR}年在线学法考试（五通桥区）" in text and "犍为县" not in text
    assert f"/desk/registers/exam_return/new?place={COUNTY}" in text
    said = keeper.post("/desk/returns", {"do": "nil", "what": EXAM, "place": COUNTY, "period": YEAR, "next": "/desk/registers/exam_return/"}, follow=True)
    assert said.redirect_chain[-1][0] == "/desk/registers/exam_return/"
    assert f"{YEAR}年在线学法考试（五通桥区）" not in said.content.decode() and "记下了：本期无" in said.content.decode()
    text = page(keeper, f"/desk/returns?what={EXAM}")
    assert "报过“本期无”的" in text and NilReturn.objects.filter(withdrawn_at=None).count() == 1
    keeper.post("/desk/returns", {"do": "withdraw", "id": NilReturn.objects.get().pk})
    assert f"{YEAR}年在线学法考试（五通桥区）" in page(keeper, "/desk/registers/exam_return/")
    assert "五通桥区" in page(keeper, f"/desk/registers/exam_return/new?place={COUNTY}")


def test_the_home_page_tells_those_of_the_county_and_not_those_of_the_city(keeper: Client, leader: Client) -> None:
    assert "还欠" in page(keeper, "/desk/") and "还欠" not in page(leader, "/desk/")
    assert "还欠" in page(keeper, "/desk/activities/")


def test_nobody_settles_what_is_not_theirs(keeper: Client, cast: Cast, settings: Any) -> None:
    for what in ({"what": EXAM, "place": NEIGHBOUR}, {"what": EXAM, "place": CITY}, {"what": "x", "place": COUNTY}, {"what": EXAM, "place": "x"}):
        assert keeper.post("/desk/returns", {"do": "nil", "period": YEAR, **what}).status_code in (403, 404, 422)
    assert keeper.post("/desk/returns", {"do": "x"}).status_code == 422
    assert signed_in(cast, "reviewer", settings).get("/desk/returns").status_code == 403
    assert signed_in(cast, "clerk", settings).get("/cockpit/returns").status_code == 403
    approver = signed_in(cast, "approver", settings)
    assert approver.get(f"/cockpit/returns?region={NEIGHBOUR}").status_code == 403
    text = page(approver, "/cockpit/returns")
    assert "五通桥区" in text and "犍为县" not in text and "/desk/registers/" not in text  # who keeps no register is led to none
    assert not NilReturn.objects.exists()


def test_lists_go_on_where_they_ended_although_something_was_settled_meanwhile(keeper: Client) -> None:
    seen: list[str] = []
    url = f"/desk/returns?period={YEAR}"
    for _turn in range(40):
        answer = keeper.get(url)
        rows = answer.context["rows"]
        seen += [f"{row['place']} {row['what']}" for row in rows]
        keeper.post("/desk/returns", {"do": "nil", **{key: rows[-1][key] for key in ("what", "place", "period")}})
        following = answer.context["pager"]["next"]
        if not following:
            break
        url = f"/desk/returns?period={YEAR}&after={following}"
    villages = Region.objects.filter(level=5, code__gt=COUNTY, code__lt=COUNTY + 10**6).count()
    assert len(seen) == len(set(seen)) >= villages


def test_pages_cost_the_same_whatever_is_owed(leader: Client, keeper: Client, django_assert_max_num_queries: Any) -> None:
    now = clock.now()
    Entry.objects.create(register="exam_return", code="t1", title="报表", region_code=COUNTY, begins=date(YEAR, 3, 1), entered_at=now, changed_at=now)
    assert keep_reported()  # as on every day but an installation's first
    for client, url, most in ((leader, "/cockpit/returns", 18), (keeper, "/desk/returns", 22), (keeper, "/desk/", 24), (keeper, "/desk/registers/exam_return/", 24)):
        client.get(url)
        with django_assert_max_num_queries(most):
            client.get(url)


def test_the_inbox_leads_to_what_is_owed(keeper: Client, cast: Cast) -> None:
    tell([cast.users["county"].pk], None, NOTICE, Words(zh="还欠：一项。", en="Still owed: one."))
    assert 'href="/desk/returns"' in page(keeper, "/desk/inbox").split("还欠：一项")[1]


def test_the_api_tells_it_to_a_key_within_its_reach(cast: Cast) -> None:
    exam(COUNTY)
    head = {}
    for who in ("leader", "approver"):
        _key, secret = make_key(cast["admin"], f"returns of {who}", cast.users[who].pk, ["indicators:read"])
        head[who] = {"Authorization": f"Bearer {secret}"}
    client = Client()
    told = client.get("/api/v1/returns", {"what": EXAM, "period": f"{YEAR}"}, headers=head["leader"]).json()
    states = {item["region"]: (item["asked"], item["given"], item["owed"]) for item in told["items"]}
    assert states[COUNTY] == (1, 1, 0) and states[NEIGHBOUR] == (1, 0, 1) and told["given_of_asked"] == [1, len(states)]
    owed = client.get("/api/v1/returns", {"what": EXAM, "period": f"{YEAR}", "state": "given"}, headers=head["leader"]).json()
    assert [item["region"] for item in owed["items"]] == [COUNTY]
    own = client.get("/api/v1/returns", headers=head["approver"]).json()
    assert {item["region"] for item in own["items"]} == {COUNTY}
    assert client.get("/api/v1/returns", {"region": NEIGHBOUR}, headers=head["approver"]).status_code == 403
    assert client.get("/api/v1/returns").status_code == 401
    first = client.get("/api/v1/returns", headers=head["leader"]).json()
    codes = [(i["region"], i["last"], i["what"]) for i in first["items"]]
    rest = client.get("/api/v1/returns", {"cursor": first["next_cursor"]}, headers=head["leader"]).json()["items"]
    assert len(codes) == 200 and not set(codes) & {(i["region"], i["last"], i["what"]) for i in rest} and rest
    _key, other = make_key(cast["admin"], "cases", cast.users["leader"].pk, ["cases:read"])
    assert client.get("/api/v1/returns", headers={"Authorization": f"Bearer {other}"}).status_code == 403
