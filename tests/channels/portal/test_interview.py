"""Asking and applying: one page at a time, resumed, checked, handed in once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from fahui.casework.cases.models import Draft
from fahui.casework.definitions.loader import services
from fahui.casework.documents.models import Paper
from fahui.channels import limits
from fahui.foundation import clock
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.people.queries import phone_of
from tests.channels.portal.conftest import COUNTY, Phone, apply_for_aid, ask_question, cases

pytestmark = pytest.mark.django_db


def test_a_question_needs_no_name_and_ends_with_number_person_and_day(browser: Client, phone: Phone):
    base = ask_question(browser)
    assert "邻居修围墙" in browser.get(f"{base}/check").content.decode()
    answer = browser.post(f"{base}/submit", follow=True)
    page, [case] = answer.content.decode(), cases()
    assert case.applicant is None and case.channel == "web" and case.region_code == int(COUNTY)
    assert f"tracking-{case.tracking_number}" in page
    assert "乐山市热线中心" in page and "0833-2100000" in page and " 前</strong>" in page


def test_handing_in_twice_gives_the_same_number(browser: Client, phone: Phone):
    base = ask_question(browser)
    first = browser.post(f"{base}/submit")
    second = browser.post(f"{base}/submit")
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    assert len(cases()) == 1
    assert cases()[0].tracking_number in browser.get(f"{base}/done").content.decode()


def test_a_link_passed_on_opens_no_finished_matter(browser: Client, phone: Phone):
    base = ask_question(browser)
    [draft] = Draft.objects.all()
    browser.post(f"{base}/submit")
    stranger = Client().get(f"{base}/continue/{draft.token}")
    assert stranger.status_code == 404 and cases()[0].tracking_number not in stranger.content.decode()


def test_answers_wait_in_the_draft_and_the_link_brings_another_phone_to_them(browser: Client, phone: Phone):
    base = "/apply/consultation/question"
    browser.post(base, {"facts": "房东不退押金"})
    browser.post(f"{base}/later", {"phone": "17000000031"}, headers={"host": "evil.example"})
    [(to, text)] = phone.texts
    assert to == "17000000031" and "押金" not in text
    other = Client()
    other.get(text.split(settings.PUBLIC_URL)[1], follow=True)
    assert "房东不退押金" in other.get(f"{base}/q/what").content.decode()


def test_an_expired_draft_says_so_and_offers_to_begin_again(browser: Client, phone: Phone):
    base = ask_question(browser)
    with clock.at(clock.now() + timedelta(days=31)):
        answer = browser.get(f"{base}/check")
        assert browser.post(f"{base}/submit").status_code == 404
    assert answer.status_code == 404 and "重新开始" in answer.content.decode()
    assert cases() == []


def test_a_page_of_a_stranger_without_a_draft_shows_nothing(browser: Client, phone: Phone):
    base = ask_question(browser)
    assert Client().get(f"{base}/check").status_code == 404


def test_without_scripts_a_question_that_an_answer_opens_is_asked_on_the_next_round(browser: Client, phone: Phone):
    base = "/apply/consultation/family"
    browser.post(base)
    page = browser.get(f"{base}/q/safety").content.decode()
    shown = page.split('name="shown" value="')[1].split('"')[0]
    assert "violence_now" not in shown.split(",")
    again = browser.post(f"{base}/q/safety", {"violence": "true", "shown": shown, "js": ""})
    assert again.status_code == 200
    assert "violence_now" in again.content.decode().split('name="shown" value="')[1].split('"')[0]
    on = browser.post(f"{base}/q/safety", {"violence": "true", "shown": shown, "js": "1"})
    assert on.status_code == 302


def test_an_answer_whose_question_is_hidden_again_is_gone(browser: Client, phone: Phone):
    base = "/apply/legal_aid/civil"
    browser.post(base, {"matter_kind": "wages", "still_working": "false", "left_on": "2026-06-18"})
    browser.post(f"{base}/q/money", {"still_working": "true", "left_on": "2026-06-18", "js": "1"})
    assert "2026-06-18" not in browser.get(f"{base}/q/money").content.decode()


def test_a_wrong_day_is_said_beside_the_field_and_the_typed_text_stays(browser: Client, phone: Phone):
    base = "/apply/consultation/wages"
    browser.post(base)
    answer = browser.post(f"{base}/q/when", {"still_working": "false", "left_on": "去年夏天"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "日期看不懂" in page and "去年夏天" in page


def test_saving_while_typing_keeps_only_what_can_be_read(browser: Client, phone: Phone):
    base = "/apply/consultation/wages"
    browser.post(base)
    assert browser.post(f"{base}/q/owed/save", {"who_owes": "包工头老张", "owed_fen": "好多"}).status_code == 200
    page = browser.get(f"{base}/q/owed").content.decode()
    assert "包工头老张" in page and "好多" not in page


def test_the_limitation_is_counted_as_soon_as_the_day_is_known(browser: Client, phone: Phone):
    left = clock.today() - timedelta(days=360)
    base = "/apply/consultation/wages"
    browser.post(base, {"still_working": "false", "left_on": left.isoformat()})
    page = browser.get(f"{base}/q/owed").content.decode()
    assert "还剩 <strong>" in page and "劳动争议调解仲裁法第二十七条" in page and "limit-pressing" in page
    assert "仲裁时效至" in browser.get(f"/wages/?left_on={left}").content.decode()


def test_legal_aid_asks_for_a_code_and_then_belongs_to_its_applicant(browser: Client, phone: Phone):
    base = apply_for_aid(browser)
    assert browser.post(f"{base}/submit")["Location"] == f"{base}/prove"
    assert cases() == []
    browser.post(f"{base}/prove", {"send": "1"})
    assert phone.texts[-1][0] == "17000000021" and "法律援助" not in phone.texts[-1][1]
    done = browser.post(f"{base}/prove", {"code": phone.code}, follow=True)
    [case] = cases()
    assert case.applicant.name == "申请人乙" and phone_of(case.applicant) == "17000000021"
    assert case.tracking_number in done.content.decode() and "五通桥区法律援助中心" in done.content.decode()
    assert case.tracking_number in browser.get("/my/").content.decode().replace("-", "")


def test_five_wrong_codes_use_the_code_up(browser: Client, phone: Phone):
    base = apply_for_aid(browser)
    browser.post(f"{base}/prove", {"send": "1"})
    right = phone.code
    wrong = "000000" if right != "000000" else "111111"
    assert [browser.post(f"{base}/prove", {"code": wrong}).status_code for _ in range(5)] == [422] * 5
    assert browser.post(f"{base}/prove", {"code": right}).status_code == 429
    assert cases() == []


def test_a_helper_acts_once_the_other_agreed_by_a_code(browser: Client, phone: Phone):
    base = apply_for_aid(browser, applies_for="near_relative")
    browser.post(f"{base}/q/you", {"name": "女儿小陈", "phone": "17000000022", "helped_name": "陈老太",
                                   "helped_phone": "17000000023", "relation": "女儿"})  # fmt: skip
    browser.post(f"{base}/submit")
    browser.post(f"{base}/prove", {"send": "1"})
    assert browser.post(f"{base}/prove", {"code": phone.code})["Location"] == f"{base}/consent"
    stranger = Client()
    assert stranger.post("/sign-in", {"phone": "17000000023"}).status_code in {200, 302}
    browser.post(f"{base}/consent", {"send": "1"})
    to, words = phone.texts[-1]
    assert to == "17000000023" and "同意" in words and "不要告诉别人" not in words
    # Who is told this code is not let in with it as the one who told it.
    assert stranger.post("/sign-in", {"code": phone.code}).status_code == 422
    browser.post(f"{base}/consent", {"code": phone.code})
    [case] = cases()
    assert case.applicant.name == "陈老太" and case.details["representative_name"] == "女儿小陈"
    page = browser.get(f"/my/{case.pk}").content.decode()
    assert "您在替 陈老太 办" in page and f"/my/{case.pk}/do/withdraw" in page


def test_without_that_code_a_helper_sees_the_matter_but_decides_nothing(browser: Client, phone: Phone):
    base = apply_for_aid(browser, applies_for="near_relative")
    browser.post(f"{base}/q/you", {"name": "女儿小陈", "phone": "17000000022", "helped_name": "陈老太",
                                   "helped_phone": "17000000023", "relation": "女儿"})  # fmt: skip
    browser.post(f"{base}/prove", {"send": "1"})
    browser.post(f"{base}/prove", {"code": phone.code})
    browser.post(f"{base}/consent", {"skip": "1"})
    [case] = cases()
    page = browser.get(f"/my/{case.pk}")
    assert page.status_code == 200 and "/do/withdraw" not in page.content.decode()


def test_about_violence_nothing_is_texted_unasked_and_the_title_says_nothing(browser: Client, phone: Phone):
    base = "/apply/consultation/family"
    browser.post(base, {"violence": "true"})
    page = browser.get(f"{base}/q/what").content.decode()
    assert "<title>生活服务" in page and "data-quick-exit" in page and "data-exit-room" in page
    browser.post(f"{base}/q/what", {"facts": "他总打我"})
    browser.post(f"{base}/q/contact-safe", {"may_call": "true"})
    browser.post(f"{base}/q/place", {"county": COUNTY})
    browser.post(f"{base}/q/you", {"for_whom": "self", "name": "小梅", "phone": "17000000041"})
    done = browser.post(f"{base}/submit", follow=True).content.decode()
    [case] = cases()
    assert case.sealed and case.applicant.contact["may_text"] is False
    assert "没有发短信" in done and phone.texts == []


def test_one_address_cannot_open_matters_without_end(browser: Client, phone: Phone, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(limits.PER_HOUR, "open", 1)
    base = ask_question(browser)
    browser.post(f"{base}/submit")
    second = Client()
    ask_question(second)
    refused = second.post(f"{base}/submit")
    assert refused.status_code == 429 and "12348" in refused.content.decode()
    assert len(cases()) == 1


def test_papers_are_taken_after_handing_in_and_a_program_is_refused(browser: Client, phone: Phone):
    base = ask_question(browser)
    browser.post(f"{base}/submit")
    picture = SimpleUploadedFile("欠条.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    assert browser.post(f"{base}/done", {"files": [picture]}).status_code == 302
    program = SimpleUploadedFile("照片.png", b"MZ" + b"0" * 64)
    refused = browser.post(f"{base}/done", {"files": [program]})
    assert refused.status_code == 422 and "不能上传" in refused.content.decode()
    [case] = cases()
    with transaction.atomic(), as_system():
        assert [p.name for p in Paper.objects.filter(case=case)] == ["欠条.png"]


@pytest.mark.parametrize(
    ("service", "matter"), [(s, m.id) for s in services() for m in services()[s].definition.matters if m.public]
)
def test_every_matter_can_be_walked_to_its_check_page_with_nothing_but_what_is_needed(
    browser: Client, phone: Phone, service: str, matter: str
):
    """New services without a plan of their own walk too: their questions come in their own order."""
    base = f"/apply/{service}/{matter}"
    where = browser.post(base)["Location"]
    pages = 0
    while not where.endswith("/check"):
        page = browser.get(where)
        assert page.status_code == 200 and page.content.decode().count("<h1") == 1, where
        needed = {"county": COUNTY, "name": "某人", "phone": "17000000091", "what": "页面上的电话写错了", "js": "1"}
        answer = browser.post(where, needed)
        assert answer.status_code == 302, (where, answer.content.decode()[-3000:])
        where, pages = answer["Location"], pages + 1
        assert pages < 30
    page = browser.get(where).content.decode()
    assert "看一遍您填的" in page and "去补上" not in page
