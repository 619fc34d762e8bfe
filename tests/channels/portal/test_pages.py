"""The doors of the portal: home, wages, group, eligibility, rating, guides, places, complaints."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from fahui.casework.cases.models import Case
from fahui.casework.companions.actions import start_group
from fahui.casework.feedback.models import Feedback, Invitation
from fahui.casework.notices.models import Outgoing
from fahui.casework.ratings.actions import rate
from fahui.channels.portal import queries as portal
from fahui.channels.portal.words import Door, doors
from fahui.foundation import clock
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.errors import Forbidden
from tests.cast import Cast, wage_claim
from tests.channels.portal.conftest import Phone, cases

pytestmark = pytest.mark.django_db
STILL = ["/", "/ask/", "/wages/", "/family/", "/check/", "/check/aid/", "/check/days/", "/track/", "/sign-in", "/places/", "/join/", "/guide/legal_aid",
         "/guide/consultation", "/guide/complaint", "/about/privacy", "/about/accessibility", "/apply/legal_aid/civil",
         "/apply/legal_aid/criminal", "/apply/consultation/land", "/apply/complaint/complaint"]  # fmt: skip


def opened(**more: object) -> Case:
    with transaction.atomic(), as_system():
        return wage_claim(SYSTEM, **more)


@pytest.mark.parametrize("address", STILL)
def test_every_page_opens_has_one_heading_and_no_script_of_its_own(browser: Client, address: str):
    page = browser.get(address)
    text = page.content.decode()
    assert page.status_code == 200 and text.count("<h1") == 1
    assert "<script>" not in text and not re.search(r'\son[a-z]+="', text) and not re.search(r'\sstyle="', text)


@pytest.mark.parametrize("address", STILL)
def test_every_page_opens_in_english_and_for_elders(browser: Client, address: str):
    browser.cookies["fahui_lang"], browser.cookies["fahui_elder"] = "en", "1"
    page = browser.get(address)
    assert page.status_code == 200 and 'data-elder="1"' in page.content.decode()


def test_the_first_page_with_all_it_loads_stays_light(browser: Client):
    page = browser.get("/").content
    names = re.findall(r'(?:href|src)="/static/([^"#]+\.(?:css|js|svg))', page.decode())
    total = len(gzip.compress(page))
    for name in {re.sub(r"\.[0-9a-f]{12}\.", ".", n) for n in names}:
        found = finders.find(name)
        assert found, name
        with open(str(found), "rb") as file:
            total += len(gzip.compress(file.read()))
    assert total < 150_000


def test_the_eight_doors_stand_in_their_order(browser: Client):
    page = browser.get("/").content.decode()
    order = re.findall(r'class="tile" href="([^"]+)"', page)
    assert order == ["/wages/", "/guide/legal_aid", "/ask/", "/family/", "/track/", "/check/", "/complain", "/places"]
    assert 'href="tel:12348"' in page


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("包工头拖欠工资", Door("consultation", "wages")),
        ("老公打我，想离婚", Door("consultation", "family")),
        ("村里占了我的承包地", Door("consultation", "land")),
        ("买的手机是坏的", Door("consultation", "question")),
    ],
)
def test_what_is_said_finds_its_door(said: str, first: Door):
    assert doors(said)[0] == first
    assert Door("consultation", "question") in doors(said) or len(doors(said)) == 4


def test_what_was_said_goes_along_and_nothing_is_kept_before(browser: Client):
    page = browser.post("/ask/", {"facts": "老板不给工钱"}).content.decode()
    assert 'value="老板不给工钱"' in page and 'action="/apply/consultation/wages"' in page
    assert browser.post("/ask/", {"facts": "  "}).status_code == 422


def test_words_of_danger_bring_the_phone_first(browser: Client):
    page = browser.post("/ask/", {"facts": "他要杀我"}).content.decode()
    assert 'href="tel:110"' in page


def test_a_co_worker_joins_one_matter_and_the_same_phone_only_once(browser: Client, phone: Phone):
    case = opened()
    with transaction.atomic(), as_system():
        code = start_group(SYSTEM, case.pk).share_code
    assert "滨江" not in browser.get(f"/join/{code}").content.decode()
    answers = {"name": "工友丙", "phone": "17000000071", "owed_fen": "12600", "days": "42"}
    joined = browser.post(f"/join/{code.lower()}", answers)
    assert joined.status_code == 200 and case.tracking_number in joined.content.decode().replace("-", "")
    with transaction.atomic(), as_system():
        [part] = case.parts.filter(role="co_applicant")
        assert part.extra == {"owed_fen": 1_260_000, "days": 42}
    assert browser.post(f"/join/{code}", answers).status_code == 409
    assert browser.post("/join/ZZZZZZ", answers).status_code == 404
    assert 'href="/track/"' in browser.post(f"/join/{code}", answers).content.decode()
    early = browser.get("/join/?code=zzzz-zz", follow=True)  # said before four answers are given for nothing
    assert early.status_code == 404 and "没有这个群体编号" in early.content.decode() and 'value="ZZZZZZ"' in early.content.decode()
    assert browser.get(f"/join/{code.replace('0', 'o').replace('1', 'l').lower()}").status_code == 200
    empty = browser.post(f"/join/{code}", {}).content.decode()
    assert "“您的姓名”：请填写" in empty and "“您的手机号”：请填写" in empty  # which of the answers, not 请填写 twice
    wrong = browser.post(f"/join/{code}", {"name": "工友丁", "phone": "12"})
    assert wrong.status_code == 422 and 'value="工友丁"' in wrong.content.decode()
    assert len(cases()) == 1


def invited() -> str:
    case = opened()
    with transaction.atomic(), as_system():
        return Invitation.objects.create(case=case, token="t" * 22, sent_at=clock.now()).token


def test_five_faces_none_chosen_one_rating_a_matter(browser: Client, phone: Phone):
    token = invited()
    page = browser.get(f"/rate/{token}").content.decode()
    assert page.count('name="score"') == 5 and "checked" not in page
    assert browser.post(f"/rate/{token}", {}).status_code == 422
    browser.post(f"/rate/{token}", {"score": "5", "heard": "yes", "respected": "no"})
    again = browser.post(f"/rate/{token}", {"score": "1", "asked": "1"})
    assert "已经评价过了" in again.content.decode()
    with transaction.atomic(), as_system():
        [given] = Feedback.objects.all()
    assert (given.score, given.heard, given.respected, given.understood) == (5, True, False, None)


def test_staff_who_hold_the_link_can_neither_rate_nor_take_the_rating_away(browser: Client, staffed: Cast):
    token, colleague = invited(), Client()
    colleague.force_login(staffed.users["agent"], backend="allauth.account.auth_backends.AuthenticationBackend")
    for answer in (colleague.get(f"/rate/{token}"), colleague.post(f"/rate/{token}", {"score": "5"})):
        assert answer.status_code == 403 and "评价只能由当事人自己作" in answer.content.decode()
    with transaction.atomic(), as_system():
        assert not Feedback.objects.exists()
        with pytest.raises(Forbidden):
            rate(staffed["agent"], token, 5)
    assert 'name="score"' in browser.get(f"/rate/{token}").content.decode()


def test_a_bad_rating_is_asked_why_and_reviewed_by_somebody_else(browser: Client, phone: Phone):
    token = invited()
    asked = browser.post(f"/rate/{token}", {"score": "1"}).content.decode()
    assert "哪里没做好" in asked and 'name="asked"' in asked
    done = browser.post(f"/rate/{token}", {"score": "1", "asked": "1", "reasons": ["slow"]}).content.decode()
    [review] = cases(service="complaint")
    assert review.tracking_number in done.replace("-", "")


def test_names_of_kinds_states_and_reasons_are_english_when_english_is_chosen(browser: Client, phone: Phone):
    browser.cookies["fahui_lang"] = "en"
    places = browser.get("/places/").content.decode()
    assert "Legal aid" in places and "法律援助机构" not in places and "司法局</option>" not in places
    asked = browser.post(f"/rate/{invited()}", {"score": "1"}).content.decode()
    assert "太慢了" not in asked and "Too slow" in asked
    [case] = cases()
    with transaction.atomic(), as_system():
        Outgoing.objects.create(case_id=case.pk, notice="code", channel="text", text="…", status="failed", made_at=clock.now())
    with translation.override("en"):
        assert {line["status"] for line in portal.texts_of(case.pk)} >= {"Failed"}


def test_skipping_is_fine_and_can_be_made_good_later(browser: Client):
    token = invited()
    assert "不评也行" in browser.post(f"/rate/{token}", {"skip": "1"}).content.decode()
    assert 'name="score"' in browser.get(f"/rate/{token}").content.decode()
    assert browser.get("/rate/nobody").status_code == 404


def test_a_guide_says_papers_limits_price_and_ground(browser: Client):
    page = browser.get("/guide/legal_aid").content.decode()
    for word in ("不收钱", "没带也可以先申请", "审查期限", "7", "法律援助法第四十三条", "/apply/legal_aid/civil"):
        assert word in page
    assert browser.get("/guide/nothing").status_code == 404
    assert "notified_defence" not in page


def test_places_of_a_county_and_never_a_prison(browser: Client):
    page = browser.get("/places/", {"county": "511112000000"}).content.decode()
    assert "五通桥区法律援助中心" in page and "犍为县法律援助中心" not in page
    assert browser.get("/places/", {"county": "abc", "kind": "prison"}).status_code == 200


def test_a_fault_and_a_complaint_are_matters_with_numbers(browser: Client, phone: Phone):
    came = browser.get("/about/report", headers={"referer": "http://testserver/guide/legal_aid"})
    assert came["Location"].startswith("/apply/complaint/site_error?page=")
    secret = browser.get("/about/report", headers={"referer": "http://testserver/rate/abc"})
    assert secret["Location"] == "/apply/complaint/site_error"
    base = "/apply/complaint/site_error"
    browser.post(base, {"page": "办事指南"})
    assert browser.post(f"{base}/q/what", {"what": ""}).status_code == 422
    browser.post(f"{base}/q/what", {"fault": "wrong", "page": "办事指南", "what": "电话写错了"})
    assert browser.post(f"{base}/submit").status_code == 302
    assert [c.matter for c in cases()] == ["site_error"]
    assert browser.get("/complain?about_number=FH1")["Location"] == "/apply/complaint/complaint?about_number=FH1"


def test_matters_that_are_not_for_the_public_have_no_door(browser: Client):
    assert browser.get("/apply/legal_aid/notified_defence").status_code == 404
    assert browser.post("/apply/complaint/bad_rating").status_code == 404


def test_the_limitation_that_has_passed_is_a_question_not_a_refusal(browser: Client):
    long_ago = clock.today() - timedelta(days=500)
    page = browser.get("/wages/", {"left_on": long_ago.isoformat()}).content.decode()
    assert "可能过期了" in page and "照样申请" in page
    assert "日期看不懂" in browser.get("/wages/", {"left_on": "去年"}).content.decode()


def test_a_house_without_staff_leads_to_its_first_administrator(db: None):
    try:
        wanted = reverse("desk-first")
    except NoReverseMatch:
        assert Client().get("/").status_code == 200
    else:
        assert Client().get("/")["Location"] == wanted


def test_pages_about_violence_are_kept_by_no_browser_and_never_hold_anybody_back(browser: Client):
    assert "no-store" in browser.get("/family/")["Cache-Control"]
    browser.post("/apply/consultation/family", {})
    page = browser.get("/apply/consultation/family/q/what")
    assert "no-store" in page["Cache-Control"] and "data-autosave " not in page.content.decode()
