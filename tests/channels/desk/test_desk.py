"""The desk through the browser's eyes: who sees what, doing things, being second, and what is written down."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from fahui.casework.cases.actions import perform
from fahui.casework.cases.models import Case
from fahui.casework.documents.models import Paper
from fahui.foundation import clock
from fahui.foundation.accounts.models import HelperConsent, User
from fahui.foundation.audit.models import Event
from fahui.foundation.people.actions import Person
from fahui.knowledge.content.models import Reference
from tests.cast import COUNTY, PASSWORD, TOWNSHIP, Cast, wage_claim

AT_DESK = ["/desk/", "/desk/team", "/desk/inbox", "/desk/how/legal_aid", "/desk/search?q=17000000001", "/desk/style"]


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False


def at(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def text(answer: Any) -> str:
    return answer.content.decode()


def revision(case: Case) -> int:
    return Case.objects.get(pk=case.pk).revision


def test_a_stranger_is_sent_to_sign_in_and_comes_back(cast: Cast):
    answer = Client().get("/desk/team?flag=minor")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=%2Fdesk%2Fteam%3Fflag%3Dminor"


def test_staff_without_a_second_factor_must_set_one_up_first(cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = True
    answer = at(cast, "clerk").get("/desk/")
    assert answer.status_code == 302 and "totp" in answer["Location"]


@pytest.mark.parametrize("url", AT_DESK)
def test_pages_open_in_both_languages(cast: Cast, url: str):
    wage_claim(cast["clerk"])
    client = at(cast, "clerk")
    assert client.get(url).status_code == 200
    client.cookies["fahui_lang"] = "en"
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", ["/desk/supervise", "/desk/hotline", "/desk/admin/accounts", "/desk/admin/values"])
def test_a_window_clerk_is_refused_pages_of_other_posts(cast: Cast, url: str):
    answer = at(cast, "clerk").get(url)
    assert answer.status_code == 403 and "岗位不能使用" in text(answer)


def test_the_queue_masks_names_and_the_neighbour_sees_nothing(cast: Cast):
    case = wage_claim(cast["clerk"])
    seen = text(at(cast, "reviewer").get("/desk/team"))
    assert f"/desk/cases/{case.pk}" in seen and "申****" not in seen and "申***" in seen and "申请人甲" not in seen
    assert f"/desk/cases/{case.pk}" not in text(at(cast, "neighbour").get("/desk/team"))
    assert at(cast, "neighbour").get(f"/desk/cases/{case.pk}").status_code == 404


def test_the_list_costs_the_same_however_long_it_is(cast: Cast):
    client = at(cast, "reviewer")

    def cost() -> int:
        client.get("/desk/team")
        with CaptureQueriesContext(connection, ) as asked:
            client.get("/desk/team")
        return len(asked)

    wage_claim(cast["clerk"])
    few = cost()
    for number in range(6):
        wage_claim(cast["clerk"], person=Person(name=f"工友{number}", phone=f"1700000010{number}"))
    assert cost() == few


def test_one_case_on_one_page_says_what_may_be_done_and_why_not(cast: Cast):
    case = wage_claim(cast["clerk"])
    page = text(at(cast, "reviewer").get(f"/desk/cases/{case.pk}"))
    for words in ("讨薪 · 滨江二期", "审查期限", "法律援助法第四十三条", "欠薪绿色通道", "条件核对", "办理经过", "收件回执"):
        assert words in page
    assert "170****0001" in page and "17000000001" not in page
    assert "由法援审批人" in text(at(cast, "clerk").get(f"/desk/cases/{case.pk}"))


def test_a_number_in_clear_needs_a_reason_and_leaves_a_trace(cast: Cast):
    case = wage_claim(cast["clerk"])
    client, url = at(cast, "reviewer"), f"/desk/cases/{case.pk}/reveal"
    part = case.parts.get(role="applicant").pk
    assert client.post(url, {"part": part, "why": " "}).status_code == 422
    answer = client.post(url, {"part": part, "why": "电话联系"})
    assert "17000000001" in text(answer) and answer["Cache-Control"] == "no-store"
    look = Event.objects.get(case_id=case.pk, kind="personal_data.read")
    assert look.actor_id == cast.users["reviewer"].pk and look.data["why"] == "电话联系"
    assert "电话联系" in text(at(cast, "approver").get(f"/desk/cases/{case.pk}"))


def test_a_wrong_form_keeps_what_was_written(cast: Cast):
    case = wage_claim(cast["clerk"])
    answer = at(cast, "approver").post(
        f"/desk/cases/{case.pk}/do/refuse", {"reason_text": "短", "other_help": "去调解", "revision": revision(case)}
    )
    assert answer.status_code in (409, 422)
    assert "去调解" in text(answer) and "error-summary" in text(answer)
    assert Case.objects.get(pk=case.pk).state == case.state


def test_the_second_of_two_sees_what_changed_and_keeps_the_form(cast: Cast):
    case = wage_claim(cast["clerk"])
    client, url = at(cast, "reviewer"), f"/desk/cases/{case.pk}/do/ask_more"
    actions = [a for a in text(client.get(f"/desk/cases/{case.pk}")).split('"') if "/do/" in a and "more" in a]
    url = actions[0]
    seen = Event.objects.filter(case_id=case.pk).order_by("-id").values_list("pk", flat=True)[0]
    Case.objects.filter(pk=case.pk).update(revision=7)
    from_other = at(cast, "approver")
    from_other.post(f"/desk/cases/{case.pk}/message", {"audience": "internal", "text": "我先看"})
    answer = client.post(url, {"missing": "身份证复印件", "due_on": "2027-01-05", "revision": 1, "seen": seen})
    assert answer.status_code == 409
    assert "被别人改动过" in text(answer) and "身份证复印件" in text(answer) and "留言" in text(answer)
    assert 'name="revision" value="7"' in text(answer)


def test_papers_come_in_are_checked_and_every_opening_is_logged(cast: Cast):
    case = wage_claim(cast["clerk"])
    client, url = at(cast, "clerk"), f"/desk/cases/{case.pk}/papers"
    file = BytesIO(b"%PDF-1.4 pay slip")
    file.name = "工资条.pdf"
    client.post(url, {"material": "identity", "files": file})
    paper = Paper.objects.get(case=case)
    at(cast, "reviewer").post(f"{url}/check", {"paper": paper.pk, "trust": "A"})
    paper.refresh_from_db()
    assert paper.trust == "A"
    answer = at(cast, "reviewer").get(f"{url}/{paper.pk}")
    assert answer.content == b"%PDF-1.4 pay slip" and answer["Content-Disposition"].startswith("attachment")
    assert Event.objects.filter(about=f"paper:{paper.pk}", kind="personal_data.read").count() == 1


def test_intake_finds_the_person_again_and_opens_for_another_with_consent(cast: Cast):
    old = wage_claim(cast["clerk"])
    client = at(cast, "clerk")
    page = text(client.get("/desk/new/legal_aid/civil?who=17000000001"))
    assert "以前的事" in page and f"party={old.applicant_id}" in page
    answer = client.post("/desk/new/legal_aid/civil", {
        "party": old.applicant_id, "region": TOWNSHIP, "channel": "window", "title": "另一件", "other_name": "C公司",
        "helper_relation": "女儿", "helper_given": "spoken", "key": "k1",
    })  # fmt: skip
    made = Case.objects.get(title="另一件")
    assert answer["Location"] == f"/desk/cases/{made.pk}/opened"
    assert made.applicant_id == old.applicant_id and made.parts.filter(role="opponent", party__name="C公司").exists()
    assert HelperConsent.objects.get(party_id=old.applicant_id).relation == "女儿"
    assert made.tracking_number[:4] in text(client.get(answer["Location"]))


def test_intake_without_a_region_says_so_and_keeps_the_name(cast: Cast):
    answer = at(cast, "clerk").post("/desk/new/legal_aid/civil", {"name": "李四", "region": ""})
    assert answer.status_code == 422 and "请选择地区" in text(answer) and "李四" in text(answer)
    assert not Case.objects.exists()


def test_a_call_becomes_an_application_with_key_two_and_enter(cast: Cast):
    client = at(cast, "agent")
    answer = client.post("/desk/hotline", {
        "matter": "wages", "region": COUNTY, "name": "工人甲", "phone": "17000000021", "who_owes": "B劳务公司",
        "owed_fen": "12600", "facts": "我不想活了，老板不给钱", "left_on": "2025-06-18", "key": "c1",
    })  # fmt: skip
    call = Case.objects.get(service="consultation")
    with clock.at(datetime(2026, 6, 13, 19, 42, tzinfo=clock.SHANGHAI)):
        page = text(client.get(answer["Location"]))
    assert "先确认人是否安全" in page and "仲裁时效至2026年6月18日，还剩5天" in page and 'data-key="2"' in page
    form = text(client.get(f"/desk/hotline/{call.pk}/aid"))
    assert "12600.00" in form
    client.post(f"/desk/hotline/{call.pk}/aid", {
        "topic": "wages", "facts_line": "工资没有结清", "told": "true", "agreed": "true", "aid-claim_fen": "12600",
        "aid-matter_kind": "wages",
    })  # fmt: skip
    aid = Case.objects.get(service="legal_aid")
    call.refresh_from_db()
    assert aid.origin_id == call.pk and aid.details["claim_fen"] == 1_260_000 and call.state == "transferred"


def test_a_call_not_agreed_to_is_not_handed_on_at_all(cast: Cast):
    client = at(cast, "agent")
    client.post("/desk/hotline", {"matter": "wages", "region": COUNTY, "name": "工人甲", "phone": "17000000021"})
    call = Case.objects.get(service="consultation")
    answer = client.post(f"/desk/hotline/{call.pk}/aid", {
        "topic": "wages", "facts_line": "工资没有结清", "told": "true", "agreed": "false"})  # fmt: skip
    assert answer.status_code == 409 and "不同意转办" in text(answer)
    assert not Case.objects.filter(service="legal_aid").exists()


def test_a_call_back_is_promised_only_when_somebody_is_on_duty(cast: Cast):
    client = at(cast, "agent")
    client.post("/desk/hotline", {"matter": "question", "region": COUNTY, "facts": "问一件事"})
    call = Case.objects.get(service="consultation")
    answer = client.post(f"/desk/hotline/{call.pk}/callback", follow=True)
    assert "没有空位" in text(answer) and not call.bookings.exists()


def test_beside_an_alarm_stands_the_bureaus_own_script_once_it_is_published(cast: Cast):
    client = at(cast, "agent")
    client.post("/desk/hotline", {"matter": "question", "region": COUNTY, "facts": "老公又打我，我想离婚"})
    call = Case.objects.get(service="consultation")
    rows = Reference.objects.filter(slug="alarm-domestic-violence", kind="script")
    assert "约一个安全的时间" in text(client.get(f"/desk/hotline/{call.pk}"))
    rows.update(lines=["本市的第一句话"], state="published", review_by="2999-01-01")
    page = text(client.get(f"/desk/hotline/{call.pk}"))
    assert "本市的第一句话" in page and "约一个安全的时间" not in page
    rows.update(state="draft")
    assert "约一个安全的时间" in text(client.get(f"/desk/hotline/{call.pk}"))


def test_many_at_once_tells_each_result(cast: Cast):
    first, second = wage_claim(cast["clerk"]), wage_claim(cast["clerk"], person=Person(name="乙", phone="17000000031"))
    perform(cast["clerk"], second.pk, "withdraw", {})
    answer = at(cast, "approver").post("/desk/supervise/many", {
        "case": [first.pk, second.pk, 12345], "do": "urge", "text": "请抓紧", "due": "2099-01-01T09:00"})  # fmt: skip
    page = text(answer)
    assert "已督办" in page and "已经办结" in page and "没有找到这件事" in page
    assert first.urges.count() == 1 and second.urges.count() == 0


def test_an_export_needs_a_reason_is_masked_and_runs_nothing(cast: Cast):
    case = wage_claim(cast["clerk"])
    Case.objects.filter(pk=case.pk).update(title='=HYPERLINK("http://x")')
    client = at(cast, "reviewer")
    assert client.post("/desk/export", {"why": ""}).status_code == 422
    answer = client.post("/desk/export", {"why": "周例会"})
    cells = [c.value for row in load_workbook(BytesIO(answer.content)).active.iter_rows() for c in row]
    assert "'=HYPERLINK(\"http://x\")" in cells and "申***" in cells and "申请人甲" not in cells
    event = Event.objects.get(kind="list.exported")
    assert event.data["rows"] == 1 and event.data["why"] == "周例会"


def test_an_administrator_makes_an_account_and_the_password_shows_once(cast: Cast):
    client = at(cast, "admin")
    answer = client.post("/desk/admin/accounts", {
        "name": "新同事", "username": "fresh", "role": "window_clerk", "region": COUNTY, "service": "*"})  # fmt: skip
    made = User.objects.get(username="fresh")
    assert "只显示这一次" in text(answer) and made.posts.get().role == "window_clerk"
    secret = text(answer).split('id="secret">')[1].split("<")[0]
    assert made.check_password(secret)
    assert "只显示这一次" not in text(client.get(f"/desk/admin/accounts/{made.pk}"))
    client.post(f"/desk/admin/accounts/{made.pk}", {"do": "block"})
    made.refresh_from_db()
    assert not made.is_active


def test_a_year_is_announced_line_by_line_and_a_wrong_line_is_named(cast: Cast):
    client, url = at(cast, "leader"), "/desk/admin/calendar"
    wrong = client.post(url, {"year": "2031", "source": "通知", "days": "2031-01-01 休 元旦\n一月二日 休"})
    assert wrong.status_code == 422 and "第2行看不懂" in text(wrong)
    assert client.post(url, {"year": "2031", "source": "通知", "days": "2031-01-01 休 元旦"}).status_code == 302


def test_a_limit_with_a_unit_nobody_can_count_is_refused(cast: Cast):
    home = {"service": "consultation", "name": "order_limit", "value": "5", "source": "某文件", "valid_from": "2026-01-01"}
    client = at(cast, "leader")
    assert client.post("/desk/admin/values", home | {"unit": "moons"}).status_code == 422
    assert client.post("/desk/admin/values", home | {"unit": "working days"}).status_code == 302


def test_the_first_page_is_only_for_an_empty_installation(cast: Cast):
    assert Client().get("/desk/first")["Location"] == "/accounts/login/"


def test_an_empty_installation_gets_its_first_administrator(db: None):
    answer = Client().post("/desk/first", {
        "name": "小曹", "username": "boss", "password": "leshan-desk-2026", "again": "leshan-desk-2026"})  # fmt: skip
    assert answer.status_code == 302
    assert {p.role for p in User.objects.get(username="boss").posts.all()} == {"system_admin", "bureau_leader"}


def test_the_door_of_an_empty_installation_leads_to_its_first_administrator(db: None):
    assert Client().get("/desk/")["Location"] == "/desk/first"


def test_signing_in_is_ours_and_residents_are_sent_elsewhere(cast: Cast):
    client = Client()
    page = text(client.get("/accounts/login/"))
    assert "工作人员登录" in page and "居民办事不用在这里登录" in page
    wrong = text(client.post("/accounts/login/", {"login": "t-clerk", "password": "nothing-right"}))
    assert "工作人员登录" in wrong and "error-summary" in wrong
    answer = client.post("/accounts/login/", {"login": "t-clerk", "password": PASSWORD})
    assert answer["Location"] == "/desk/"
    again = client.get("/accounts/2fa/totp/activate/", follow=True)
    if "再确认一次" in text(again):
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for url, words in [("2fa/", "登录安全"), ("2fa/totp/activate/", "开启第二步验证"), ("logout/", "退出登录"),
                       ("password/change/", "改密码")]:  # fmt: skip
        assert words in text(client.get(f"/accounts/{url}", follow=True)), url


def test_the_search_box_is_offered_a_few_lines_and_never_another_page(cast: Cast):
    case = wage_claim(cast["clerk"])
    client, box = at(cast, "reviewer"), {"HX-Request": "true", "HX-Target": "desk-hits"}
    offered = text(client.get("/desk/search?q=滨江", headers=box))
    assert f'href="/desk/cases/{case.pk}"' in offered and "<html" not in offered and 'role="option"' in offered
    assert "申请人甲" not in offered  # masked, as in every list
    by_number = client.get(f"/desk/search?q={case.tracking_number}", headers=box)
    assert by_number.status_code == 200 and f"/desk/cases/{case.pk}" in text(by_number)
    assert f"/desk/cases/{case.pk}" not in text(at(cast, "neighbour").get("/desk/search?q=滨江", headers=box))
    assert "没有找到" in text(client.get("/desk/search?q=没有这样的事", headers=box))
    assert text(client.get("/desk/search?q=", headers=box)).strip() == ""
    for number in range(9):
        wage_claim(cast["clerk"], person=Person(name=f"工友{number}", phone=f"1700000010{number}"))
    assert text(client.get("/desk/search?q=滨江", headers=box)).count("/desk/cases/") == 8
