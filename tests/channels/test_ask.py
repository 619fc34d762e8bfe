"""The answer page, the API and the editors' desk: the law's own words, the phone first, the question nowhere it should not be."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from fahui.channels import limits
from fahui.foundation import clock
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.people.models import Institution, Site
from fahui.knowledge.answers.models import AskedQuestion
from fahui.knowledge.content.models import CuratedAnswer
from fahui.knowledge.laws.models import Article
from tests.cast import CITY, COUNTY, NEIGHBOUR, TOWNSHIP, Cast
from tests.knowledge.tellings import unsure
from tests.knowledge.texts import WAGES

SAID = "老板拖欠工资怎么办"


def post(body: dict[str, Any], path: str = "ask", status: int = 200) -> Any:
    answer = Client().post(f"/api/v1/{path}", body, content_type="application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_the_api_answers_with_the_stores_words(laws: None):
    told = post({"question": SAID})
    assert (told["kind"], told["topic"], told["reviewed"]) == ("answer", "labour", False)
    assert told["articles"][0]["text"] == WAGES and told["human"]["service"] == "consultation" and told["human"]["limit"]
    for one in told["articles"]:
        row = Article.objects.get(pk=one["article_id"])
        assert (one["text"], one["label"], one["law_id"]) == (row.text, row.label, row.version.work_id)
    assert [(one["name"], one["length"]) for one in told["limits"]] == [("要工资的劳动仲裁时效", "1年")]
    assert post({"question": SAID})["articles"] == told["articles"]
    assert post({"rating": "not_useful", "reason": "incomplete"}, f"ask/{told['token']}/rating")["reason"] == "incomplete"
    post({"rating": "useful"}, "ask/unknown/rating", 404)


@pytest.mark.parametrize("body", [{}, {"question": ""}, {"question": "甲" * 1001}, {"question": "\x00"}, {"question": "甲", "region_code": 1}, {"question": 3}])
def test_what_is_wrong_is_a_documented_problem(db: None, body: dict[str, Any]):
    assert post(body, status=422)["status"] == 422


def test_blank_words_are_refused(db: None):
    assert post({"question": "   "}, status=422)["code"] == "invalid"


def test_danger_and_nothing_reliable_at_the_api(laws: None):
    alarm = post({"question": "他要杀我"})
    assert alarm["kind"] == "alarm" and alarm["danger"]["phones"][0]["number"] == "110" and alarm["steps"] == []
    assert post({"question": "今天天气怎么样"})["kind"] == "declined"


def test_what_may_be_meant_instead_is_offered_at_the_api(laws: None):
    told = post({"question": "租房押金"})
    assert all(Client().get(one["href"]).status_code == 200 and one["question"] for one in told["related"])
    known = set(CuratedAnswer.objects.filter(state="published").values_list("slug", flat=True))
    shown = [one["slug"] for said in ("租房押金", "朋友借钱不还，我想离婚", SAID) for one in post({"question": said})["related"]]
    assert shown and set(shown) <= known


def test_who_asks_too_often_gets_a_number_to_call(laws: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(limits.PER_HOUR, "ask", 2)
    for _ in range(2):
        post({"question": SAID})
    assert "12348" in post({"question": SAID}, status=429)["detail"]
    # Whoever is in danger is never told to come back later, whoever else asked from the same address.
    kept = AskedQuestion.objects.count
    with as_system():
        before = kept()
    assert post({"question": "老公又打我"})["danger"]["phones"][0]["number"] == "110"
    page = Client().post("/ask/", {"facts": "我不想活了"})
    assert page.status_code == 200 and "tel:120" in page.content.decode()
    with as_system():
        assert kept() == before


def test_the_page_shows_answer_articles_and_a_person(laws: None):
    browser = Client()
    answer = browser.post("/ask/", {"facts": SAID})
    page = answer.content.decode()
    assert WAGES in page and "法律原文" in page and "tel:12348" in page and 'action="/apply/consultation/wages"' in page
    assert f'value="{SAID}"' in page and "no-store" in answer["Cache-Control"]
    token = page.split('name="token" value="')[1].split('"')[0]
    thanks = browser.post("/ask/rate", {"token": token, "rating": "not_useful"}).content.decode()
    assert "不完整" in thanks
    browser.post("/ask/rate", {"token": token, "rating": "not_useful", "reason": "incomplete"})
    with as_system():
        assert AskedQuestion.objects.get(token=token).reason == "incomplete"
    assert browser.post("/ask/rate", {"token": token, "rating": "x"}).status_code == 422
    assert browser.get(f"/ask/?facts={SAID}").content.decode().count(SAID) == 0


HOURS = "周一至周五 9:00–17:00；法定节假日休息"
MONDAY, NIGHT, HOLIDAY = (datetime(2026, month, day, hour, tzinfo=clock.SHANGHAI) for month, day, hour in ((11, 23, 10), (11, 23, 22), (10, 1, 10)))


@pytest.fixture
def doors(laws: None) -> None:
    for kind, name, region, hours in (
        ("service_room", "竹根村工作室", TOWNSHIP + 201, HOURS), ("service_centre", "五通桥区公共法律服务中心", COUNTY, HOURS),
        ("service_centre", "犍为县公共法律服务中心", NEIGHBOUR, HOURS), ("service_window", "市值班窗口", CITY, "每天 24小时"),
    ):  # fmt: skip
        Institution.objects.filter(kind="hotline_centre").update(opening_hours="每天 24小时")
        Site.objects.create(code=f"D-{name}", kind=kind, name=name, region_code=region, opening_hours=hours, phone="0833-2100099")


@pytest.mark.parametrize(
    ("at", "region", "door", "state"),
    [(MONDAY, COUNTY, "五通桥区公共法律服务中心", "open"), (MONDAY, NEIGHBOUR, "犍为县公共法律服务中心", "open"), (MONDAY, None, "市值班窗口", "open"),
     (NIGHT, COUNTY, "市值班窗口", "open"), (HOLIDAY, COUNTY, "市值班窗口", "open")],
)  # fmt: skip
def test_an_answer_names_the_door_that_is_open(doors: None, at: datetime, region: int | None, door: str, state: str):
    with clock.at(at):
        told = post({"question": SAID} | ({"region_code": region} if region else {}))["human"]["office"]
    assert (told["name"], told["state"]) == (door, state)


def test_where_none_is_open_the_countys_own_door_says_when_it_opens(doors: None):
    Site.objects.filter(name="市值班窗口").delete()
    with clock.at(NIGHT):
        told = post({"question": SAID, "region_code": COUNTY})["human"]["office"]
    assert (told["name"], told["state"]) == ("五通桥区公共法律服务中心", "closed") and told["opens"].startswith("2026-11-24T09:00")


def test_the_page_names_the_door_and_counts_days_from_the_matter(doors: None):
    with clock.at(MONDAY):
        page = Client().post("/ask/", {"facts": SAID, "county": str(COUNTY)}).content.decode()
        alarm = Client().post("/ask/", {"facts": "老公又打我"}).content.decode()
    assert "五通桥区公共法律服务中心" in page and f"/places/near?need=consultation.wages&amp;county={COUNTY}" in page
    assert "上门去哪里" not in alarm
    assert 'name="a-matter" value="wages"' in page
    question = Client().post("/check/days/", {"at": "matter", "a-matter": "wages"}).content.decode()
    assert "还在那里干活吗" in question


def test_the_alarm_stands_first_with_the_way_out(laws: None):
    page = Client().post("/ask/", {"facts": "老公又打我"}).content.decode()
    assert page.index("tel:110") < page.index("您说的是") and "quick-exit" in page and "简单说" not in page


def test_whoever_says_that_nobody_is_in_danger_goes_on_with_the_numbers_in_sight(laws: None, cast: Cast, settings: Any):
    said, client = "老公又打我，想离婚", Client()
    assert 'name="calm"' in client.post("/ask/", {"facts": said}).content.decode()
    page = client.post("/ask/", {"facts": said, "calm": "1"}).content.decode()
    assert page.index("tel:110") < page.index("您说的是") < page.index('name="rating"') and "quick-exit" in page and "家里有人动手" not in page
    told = post({"question": said, "calm": True})
    assert told["kind"] != "alarm" and told["danger"]["kind"] == "domestic_violence"
    with as_system():
        assert AskedQuestion.objects.filter(danger="domestic_violence").exclude(kind="alarm").count() == 2
    settings.STAFF_MFA_REQUIRED = False
    client.force_login(cast.users["lead"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/desk/answers/asked").content.decode()  # whoever reviews what was asked sees where the alarm was not wanted
    assert page.count("报警 · 家里有人动手") == 1 and page.count("· 家里有人动手") == 3


def test_where_danger_is_not_sure_the_numbers_stand_beside_the_answer(laws: None):
    said = unsure()
    page = Client().post("/ask/", {"facts": said}).content.decode()
    assert page.index("tel:110") < page.index("您说的是") < page.index('name="rating"') and "quick-exit" in page and 'name="calm"' not in page
    told = post({"question": said})
    assert told["kind"] != "alarm" and told["danger"]["phones"]


def test_what_is_typed_is_shown_as_text(laws: None):
    page = Client().post("/ask/", {"facts": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_editors_write_review_and_read_what_was_asked(laws: None, cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    writer, other, clerk = Client(), Client(), Client()
    for client, name in ((writer, "leader"), (other, "lead"), (clerk, "clerk")):
        client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {"revision": "0", "question_zh": "高温津贴怎么要", "question_en": "Heat allowance", "asks": "高温 酷暑\n津贴 补贴",
            "answer_zh": "按规定发。", "answer_en": "As set.", "steps_zh": "问单位", "steps_en": "Ask", "citations": "劳动法第五百条",
            "topic": "labour", "owner": "法治科", "review_by": "2030-01-01", "region_code": "511100000000"}  # fmt: skip
    assert clerk.get("/desk/answers/").status_code == 403
    made = writer.post("/desk/answers/new", form)
    assert made.status_code == 302
    where = made["Location"]
    row = CuratedAnswer.objects.get(question_zh="高温津贴怎么要")
    assert row.asks == [["高温", "酷暑"], ["津贴", "补贴"]]
    refused = writer.post(f"{where}/hand_in", {"revision": row.revision})
    assert refused.status_code == 422 and "五百条" in refused.content.decode()
    assert writer.post(where, {**form, "revision": row.revision, "citations": "劳动法第五十条"}).status_code == 302
    row.refresh_from_db()
    writer.post(f"{where}/hand_in", {"revision": row.revision})
    row.refresh_from_db()
    assert writer.post(f"{where}/publish", {"revision": row.revision}).status_code == 403
    assert other.post(f"{where}/publish", {"revision": row.revision - 1}).status_code == 409
    assert other.post(f"{where}/publish", {"revision": row.revision}).status_code == 302
    assert post({"question": "高温补贴没有发"})["plain"] == "按规定发。"
    assert "高温补贴没有发" in other.get("/desk/answers/asked").content.decode()
    assert "高温津贴怎么要" in other.get("/desk/answers/").content.decode()
    assert other.post(where, {**form, "review_by": "x", "revision": 1}).status_code == 422
    assert other.get("/desk/answers/999999").status_code == 404


def test_two_words_find_answer_and_articles_beside_a_call(laws: None, cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    agent = Client()
    agent.force_login(cast.users["agent"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = agent.get("/desk/find", {"q": "拖欠 工资"}, follow=True).content.decode()
    page = page.replace("<mark>", "").replace("</mark>", "")
    assert "老板拖欠工资怎么办" in page and WAGES in page
    assert agent.get("/desk/search", {"q": ""}).status_code == 200
    assert Client().get("/desk/find", {"q": "工资"}).status_code == 302
