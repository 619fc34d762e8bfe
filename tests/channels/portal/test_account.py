"""Signing in and my matters: only one's own, everything in words, and only what one may do."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.casework.cases.actions import perform
from fahui.casework.cases.models import Case
from fahui.casework.companions.actions import write_message
from fahui.casework.documents.models import Delivery
from fahui.foundation.accounts.scope import SYSTEM, as_system, reading_as
from fahui.foundation.people.actions import Person
from tests.cast import Cast, wage_claim
from tests.channels.portal.conftest import Phone, apply_for_aid, cases

pytestmark = pytest.mark.django_db
OWN, OTHER = "17000000061", "17000000062"


def claim(phone: str = OWN, name: str = "王师傅", **more: object) -> Case:
    with transaction.atomic(), as_system():
        return wage_claim(SYSTEM, person=Person(name=name, phone=phone, contact=dict(more.pop("contact", {}))), **more)


def sign_in(browser: Client, phone: Phone, number: str = OWN) -> None:
    browser.post("/sign-in", {"phone": number})
    assert browser.post("/sign-in", {"code": phone.code})["Location"] == "/my/"


def test_my_pages_ask_for_a_phone_first_and_come_back(browser: Client, phone: Phone):
    case = claim()
    asked = browser.get(f"/my/{case.pk}")
    assert asked.status_code == 302 and asked["Location"].startswith("/sign-in?next=")
    browser.post("/sign-in", {"phone": OWN, "next": f"/my/{case.pk}"})
    assert browser.post("/sign-in", {"code": phone.code, "next": f"/my/{case.pk}"})["Location"] == f"/my/{case.pk}"


def test_five_wrong_codes_and_even_the_right_one_is_refused(browser: Client, phone: Phone):
    browser.post("/sign-in", {"phone": OWN})
    right = phone.code
    wrong = "000000" if right != "000000" else "111111"
    assert [browser.post("/sign-in", {"code": wrong}).status_code for _ in range(5)] == [422] * 5
    refused = browser.post("/sign-in", {"code": right})
    assert refused.status_code == 429 and "重新获取" in refused.content.decode()
    assert browser.get("/my/").status_code == 302


def test_a_matter_brought_by_phone_is_there_at_the_first_sign_in_and_nobody_elses(browser: Client, phone: Phone):
    own, other = claim(), claim(OTHER, "别人")
    sign_in(browser, phone)
    page = browser.get("/my/").content.decode().replace("-", "")
    assert own.tracking_number in page and other.tracking_number not in page
    assert browser.get(f"/my/{own.pk}").status_code == 200
    for address in ("", "/do/withdraw"):
        assert browser.get(f"/my/{other.pk}{address}").status_code == 404
    assert browser.post(f"/my/{other.pk}/message", {"text": "看看"}).status_code == 404
    assert browser.post(f"/my/{other.pk}/papers", {"files": []}).status_code == 404
    assert browser.get(f"/my/{other.pk}/documents/1.pdf").status_code == 404


def test_who_said_texts_are_not_safe_is_not_opened_by_a_texted_code(browser: Client, phone: Phone):
    hidden = claim(contact={"may_text": False})
    sign_in(browser, phone)
    assert hidden.tracking_number not in browser.get("/my/").content.decode().replace("-", "")
    assert browser.get(f"/my/{hidden.pk}").status_code == 404


def test_a_message_reaches_the_other_side_and_theirs_is_read_here(browser: Client, phone: Phone, staffed: Cast):
    case = claim()
    sign_in(browser, phone)
    assert browser.post(f"/my/{case.pk}/message", {"text": "什么时候有消息"}).status_code == 302
    reviewer = staffed["reviewer"]
    with transaction.atomic(), reading_as(reviewer):
        write_message(reviewer, case.pk, "明天上午告诉您", "applicant")
        write_message(reviewer, case.pk, "内部：材料少一页", "internal")
    page = browser.get(f"/my/{case.pk}").content.decode()
    assert "什么时候有消息" in page and "明天上午告诉您" in page and "材料少一页" not in page
    empty = browser.post(f"/my/{case.pk}/message", {"text": " "})
    assert empty.status_code == 422 and "请写上内容" in empty.content.decode()


def test_papers_go_up_and_come_back_to_who_sent_them(browser: Client, phone: Phone):
    case = claim()
    sign_in(browser, phone)
    picture = SimpleUploadedFile("工资条.png", b"\x89PNG\r\n\x1a\n" + b"1" * 64)
    browser.post(f"/my/{case.pk}/papers", {"material": "case_papers", "files": [picture]})
    page = browser.get(f"/my/{case.pk}").content.decode()
    link = page.split(f'href="/my/{case.pk}/papers/')[1].split('"')[0]
    assert browser.get(f"/my/{case.pk}/papers/{link}").content.endswith(b"1" * 64)


def test_a_refused_applicant_reads_the_decision_and_objects(browser: Client, phone: Phone, staffed: Cast):
    case = claim()
    sign_in(browser, phone)
    with transaction.atomic(), reading_as(staffed["reviewer"]):
        perform(staffed["reviewer"], case.pk, "ask_more", {"missing": "工资条", "due_on": "2030-01-01"})
    page = browser.get(f"/my/{case.pk}").content.decode()
    assert "补充材料（说明）通知书" in page and f"/my/{case.pk}/do/supplement" in page
    link = page.split(f'href="/my/{case.pk}/documents/')[1].split('"')[0]
    document = browser.get(f"/my/{case.pk}/documents/{link}")
    assert document.content.startswith(b"%PDF") and document["Cache-Control"] == "no-store"
    with transaction.atomic(), as_system():
        received = Delivery.objects.get(
            document__case=case, document__document="supplement_notice", to_role="applicant"
        )
        assert received.method == "online" and received.received_at
    assert browser.get(f"/my/{case.pk}/do/grant").status_code == 404
    assert browser.post(f"/my/{case.pk}/do/grant").status_code == 409
    browser.post(f"/my/{case.pk}/do/supplement", {"explanation": "工资条拍照交了", "key": "one"})
    with transaction.atomic(), as_system():
        assert Case.objects.get(pk=case.pk).state == "reviewing"


def test_signing_out_leaves_nothing_behind(browser: Client, phone: Phone):
    claim()
    sign_in(browser, phone)
    browser.post("/apply/consultation/question", {"facts": "一句话"})
    browser.post("/sign-out")
    assert browser.get("/my/").status_code == 302
    assert browser.get("/apply/consultation/question/q/what").status_code == 404


def test_the_list_takes_as_many_queries_for_ten_matters_as_for_one(browser: Client, phone: Phone):
    claim()
    sign_in(browser, phone)
    browser.get("/my/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/my/")
    for _ in range(9):
        claim()
    browser.post("/sign-out")
    sign_in(browser, phone)
    browser.get("/my/")
    with CaptureQueriesContext(connection) as ten:
        page = browser.get("/my/").content.decode()
    assert page.count("case-card ") == 10 and len(ten) == len(one)


def test_a_sealed_matter_whose_phone_is_not_safe_opens_only_with_its_number(browser: Client, phone: Phone):
    base = apply_for_aid(browser, OWN, matter_kind="domestic_violence", waiver_ground="abused")
    browser.post(f"{base}/q/contact", {"may_text": "false"})
    browser.post(f"{base}/prove", {"send": "1"})
    browser.post(f"{base}/prove", {"code": phone.code})
    [case] = cases()
    assert case.sealed and browser.get(f"{base}/done").status_code == 200
    assert browser.get(f"/my/{case.pk}").status_code == 200
    other = Client()
    sign_in(other, phone)
    assert case.tracking_number not in other.get("/my/").content.decode().replace("-", "")
    assert other.get(f"/my/{case.pk}").status_code == 404
    assert f'href="/my/{case.pk}"' in other.get(f"/track/{case.tracking_number}").content.decode()
    assert other.get(f"/my/{case.pk}").status_code == 200


def test_somebody_else_on_the_same_phone_applies_under_their_own_name(browser: Client, phone: Phone):
    claim(OWN, "王师傅")
    base = apply_for_aid(browser, OWN)
    browser.post(f"{base}/prove", {"send": "1"})
    browser.post(f"{base}/prove", {"code": phone.code})
    made = cases()[-1]
    assert made.applicant.name == "申请人乙"
    assert f"/my/{made.pk}/do/withdraw" in browser.get(f"/my/{made.pk}").content.decode()
