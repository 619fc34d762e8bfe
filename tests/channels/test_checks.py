"""Guided checks as people meet them: one question a page without scripts, nothing kept, carried into the application."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fahui.casework.cases.actions import Opening, open_case
from fahui.casework.cases.models import Draft, Message
from fahui.casework.definitions.loader import services
from fahui.casework.definitions.plugin import Facts
from fahui.channels import guided
from fahui.foundation import clock
from fahui.foundation.accounts.scope import reading_as
from fahui.foundation.worktime.rules import Calendar
from fahui.knowledge.checks import loader
from fahui.knowledge.checks.rules import MOST_QUESTIONS, Walk, last_day, paths
from fahui.services.consultation.reminders import land_reminder, limitation_reminder
from fahui.services.legal_aid.eligibility import economic_steps, lawyer_step, matter_step
from tests.cast import TOWNSHIP, Cast

HIDDEN = re.compile(r'<input type="hidden" name="(a-[^"]+|at)" value="([^"]*)">')


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False


def answer(browser: Client, graph: str, *values: str) -> str:
    """Answer page after page, posting only what the page itself holds."""
    page = browser.get(f"/check/{graph}/").content.decode()
    for value in values:
        main = page[page.index("<main") :]
        fields = dict(HIDDEN.findall(main))
        field = {f"a-{fields['at']}": value} if value else {}
        page = browser.post(f"/check/{graph}/", fields | field).content.decode()
    return html.unescape(page)


@pytest.fixture
def browser(cast: Cast) -> Client:
    return Client()


def test_four_doors_each_with_its_sentence(browser: Client):
    page = browser.get("/check/").content.decode()
    assert re.findall(r'class="door" href="/check/(\w+)/"', page) == ["where", "aid", "days", "bring"]
    assert all(g.plain.zh in page for g in guided.graphs().values())
    assert 'href="/check/"' in browser.get("/").content.decode() and 'href="/check/"' in browser.get("/ask/").content.decode()


def test_the_old_address_leads_to_the_check(browser: Client):
    moved = browser.get("/can-i")
    assert moved.status_code == 301 and moved["Location"] == "/check/aid/"


def test_the_next_question_begins_empty(browser: Client):
    page = browser.post("/check/days/", {"at": "still", "a-matter": "wages", "a-still": "left"}).content.decode()
    assert re.search(r'type="date"[^>]* value=""', page)


def test_an_unknown_check_is_missing(browser: Client):
    assert browser.get("/check/nothing/").status_code == 404


def test_an_empty_answer_is_asked_again_and_kept_answers_stay(browser: Client):
    first = browser.post("/check/days/", {"at": "matter"})
    assert first.status_code == 422 and "请选一个" in first.content.decode()
    second = browser.post("/check/days/", {"at": "still", "a-matter": "wages"})
    assert second.status_code == 422 and 'name="a-matter" value="wages"' in second.content.decode()


def test_a_day_that_is_to_come_is_refused_and_shown_again(browser: Client):
    to_come = (clock.today() + timedelta(days=2)).isoformat()
    refused = browser.post("/check/days/", {"at": "left_on", "a-matter": "wages", "a-still": "left", "a-left_on": to_come})
    page = refused.content.decode()
    assert refused.status_code == 422 and "还没到" in page and f'value="{to_come}"' in page


def test_back_asks_the_question_before_and_forgets_its_answer(browser: Client):
    page = browser.post("/check/days/", {"at": "left_on", "back": "1", "a-matter": "wages", "a-still": "left"}).content.decode()
    assert 'name="at" value="still"' in page and 'name="a-matter" value="wages"' in page and 'value="left" checked' not in page
    result = browser.post("/check/days/", {"a-matter": "wages", "a-still": "yes_still", "back": "1"}).content.decode()
    assert 'name="at" value="still"' in result


def test_nothing_is_kept_and_no_answer_stands_in_an_address(browser: Client):
    page = answer(browser, "where", "work", "wages")
    assert not Draft.objects.exists() and not browser.session.keys()
    assert not re.search(r'(href|action)="[^"]*a-work', page)
    assert "no-store" in browser.post("/check/where/", {"a-what": "work", "at": "what"})["Cache-Control"]


def test_wages_tell_the_last_day_and_carry_the_day_into_the_application(browser: Client):
    left = clock.today() - timedelta(days=361)
    page = answer(browser, "days", "wages", "left", left.isoformat())
    assert "劳动仲裁要在这天之前申请" in page and "还剩 <strong>" in page and "《劳动争议调解仲裁法》第二十七条" in page
    assert "不到七天了" in page and f'name="left_on" value="{left.isoformat()}"' in page
    started = browser.post("/apply/consultation/wages", {"left_on": left.isoformat(), "still_working": "false"})
    assert started.status_code == 302 and Draft.objects.count() == 1
    onward = browser.post(started["Location"], {"who_owes": "老板", "shown": "who_owes,work_site,owed_fen"})
    assert onward["Location"].endswith("/q/people"), "what was answered is not asked twice"


def test_who_does_not_remember_the_day_is_told_so_and_given_the_phone(browser: Client):
    known = {"at": "left_on", "a-matter": "wages", "a-still": "left", "a-left_on": "", "unknown": "1"}
    page = browser.post("/check/days/", known).content.decode()
    assert "知道了日子才能算" in page and "记不清" in page and 'href="tel:12348"' in page


def test_danger_brings_the_phones_first_and_no_further_question(browser: Client):
    page = answer(browser, "where", "danger")
    main = page[page.index("<main") :]
    assert main.index("tel:110") < main.index("依据") and "data-quick-exit" in page and "data-exit-room" in page
    assert "<title>生活服务" in page and "/apply/" not in main and 'type="radio"' not in main


def test_a_victim_of_violence_is_asked_neither_group_nor_income(browser: Client):
    page = answer(browser, "aid", "none_yet", "violence", "safe_now")
    assert "看来可以" in page and "《法律援助法》第三十二条" in page and "data-quick-exit" in page and "<title>生活服务" in page


def test_a_migrant_worker_learns_that_no_income_is_asked_and_applies_without_answering_twice(browser: Client):
    page = answer(browser, "aid", "none_yet", "none", "migrant", "wages")
    assert "看来可以" in page and "第四十二条" in page and "不查家里的钱" in page
    form = page[page.index('action="/apply/legal_aid/civil"') :]
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[: form.index("</form>")]))
    carried.pop("csrfmiddlewaretoken", None)
    assert carried == {"own_lawyer": "false", "waiver_ground": "none", "exempt_group": "migrant_worker", "matter_kind": "wages"}
    browser.post("/apply/legal_aid/civil", carried)
    first = browser.post("/apply/legal_aid/civil/q/who", {"applies_for": "self", "shown": "applies_for"})
    assert first["Location"].endswith("/q/what")


def test_income_is_asked_only_against_the_limit_the_city_set(browser: Client, monkeypatch: pytest.MonkeyPatch):
    unset = answer(browser, "aid", "none_yet", "none", "none", "support")
    assert "请先申请" in unset and "超过" not in unset
    monkeypatch.setattr(guided, "income_limit", lambda held: (126000, "市政府规定"))
    asked = answer(browser, "aid", "none_yet", "none", "none", "support")
    assert "超过1,260.00元吗" in asked
    assert "收入超了" in answer(browser, "aid", "none_yet", "none", "none", "support", "over")


def test_papers_are_those_of_the_service(browser: Client):
    page = answer(browser, "bring", "legal_aid", "civil", "other", "none")
    materials = {m.id: m.name.zh for m in services()["legal_aid"].definition.materials}
    shown = {name for name, zh in materials.items() if f"<strong>{zh}</strong>" in page}
    assert shown == set(materials) - {"notice_letter", "closing_papers", "group_proof"}
    assert "什么都不用带" in answer(browser, "bring", "consultation", "wages")


def test_the_articles_stand_there_word_for_word(browser: Client):
    page = answer(browser, "days", "support")
    assert "请求支付抚养费、赡养费或者扶养费" in page


def test_in_english_every_result_page_is_english(browser: Client):
    browser.cookies["fahui_lang"] = "en"
    page = answer(browser, "days", "office", "written", "2026-08-03")
    assert "Time for administrative reconsideration" in page and "Sixty days" in page


def _facts(reached: Walk) -> Facts:
    details = {k: {"true": True, "false": False}.get(v, v) for k, v in reached.fills.items()}
    return Facts(service="legal_aid", matter="civil", state="", region=511100000000, now=clock.now(), today=clock.today(),
                 opened_at=clock.now(), details=details, payload={}, flags=frozenset(), sealed=False, actor_party=None,
                 parties={}, papers={}, parameters={})  # fmt: skip


def test_the_check_on_legal_aid_agrees_with_the_rules_the_agency_decides_by(cast: Cast):
    """Whoever answers for a civil matter hears no other thing than the eligibility rules would say of the same facts."""
    seen = 0
    for reached in paths(guided.graphs()["aid"], clock.today()):
        if reached.result is None or reached.result.danger or "matter_kind" not in reached.fills:
            continue
        facts = _facts(reached)
        steps = [lawyer_step(facts), matter_step(facts), *economic_steps(facts)]
        said = "no" if any(s.ok is False for s in steps) else "maybe" if any(s.ok is None for s in steps) else "yes"
        assert reached.result.tone == said, ([(a.node.id, a.value) for a in reached.answered], [s.zh for s in steps])
        seen += 1
    assert seen > 100


@pytest.mark.parametrize("start", ["2024-02-29", "2025-06-18", "2025-11-22", "2026-01-31"])
def test_the_periods_agree_with_what_the_hotline_is_reminded_of(start: str):
    day, today, limits = date.fromisoformat(start), date(2026, 6, 13), loader.limits()
    wages, land = (last_day(limits[name], {key: day}, today, Calendar({}, (today, today)))
                   for name, key in (("wages_left", "left_on"), ("land", "known_on")))  # fmt: skip
    told = land_reminder({"land_kind": "contracted", "known_on": start}, today)
    assert wages.until == limitation_reminder({"left_on": start}, today).until
    assert told and land.until == told.until and land.pressing == told.pressing


def test_fahui_check_finds_no_fault_and_knows_every_code():
    report = guided.examine()
    assert report.problems == [] and len(report.cited) > 150


def test_a_fill_that_no_form_takes_is_found(monkeypatch: pytest.MonkeyPatch):
    graph = guided.graphs()["aid"]
    node = graph.nodes[0]
    wrong = node.options[0].model_copy(update={"fills": {"own_lawyer": "perhaps", "colour": "red"}})
    broken = graph.model_copy(update={"nodes": [node.model_copy(update={"options": [wrong, *node.options[1:]]}), *graph.nodes[1:]]})
    monkeypatch.setattr(guided, "graphs", lambda: {"aid": broken})
    found = " ".join(guided.examine().problems)
    assert "own_lawyer with 'perhaps'" in found and "colour with 'red'" in found


def at_desk(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.users["agent"], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_at_the_desk_all_answers_stand_on_one_page_with_finer_questions(cast: Cast):
    client = at_desk(cast)
    assert client.get("/desk/checks/")["Location"] == "/desk/checks/where/"
    page = client.post("/desk/checks/where/", {"a-what": "work", "a-work": "wages"}).content.decode()
    assert page.count("checked") == 2 and "走到哪一步了" in page and 'data-key="1"' in page
    done = client.post("/desk/checks/where/", {"a-what": "work", "a-work": "wages", "a-wages_stage": "won"}).content.decode()
    assert "向法院申请强制执行" in done and done.count("checked") == 3
    changed = client.post("/desk/checks/where/", {"a-what": "money", "a-work": "wages", "a-wages_stage": "won"}).content.decode()
    assert changed.count("checked") == 1 and "向法院申请强制执行" not in changed


def test_a_result_is_written_into_an_open_consultation_for_staff_only(cast: Cast):
    with reading_as(cast["agent"]):
        case = open_case(cast["agent"], Opening(service="consultation", matter="question", channel="hotline",
                         region_code=TOWNSHIP, handler_id=cast["agent"].user_id))  # fmt: skip
    client, answers = at_desk(cast), {"a-matter": "wages", "a-still": "left", "a-left_on": "2026-01-05", "a-wages_asked": "never"}
    assert f'<option value="{case.pk}"' in client.post("/desk/checks/days/", answers).content.decode()
    done = client.post("/desk/checks/days/note", answers | {"case": str(case.pk)})
    assert done["Location"] == f"/desk/cases/{case.pk}"
    [note] = Message.objects.filter(case=case)
    assert note.audience == "internal" and "days 1.0.0，wages_left" in note.text and "2027-01-05" in note.text
    assert "《劳动争议调解仲裁法》第二十七条" in note.text


def test_a_note_needs_a_result_and_a_case_one_may_write_to(cast: Cast):
    client = at_desk(cast)
    assert client.post("/desk/checks/days/note", {"a-matter": "wages", "case": "1"}).status_code == 422
    assert client.post("/desk/checks/days/note", {"a-matter": "support"}).status_code == 422
    assert client.post("/desk/checks/days/note", {"a-matter": "support", "case": "1"}).status_code == 404
    assert Client().get(reverse("desk-check", args=["days"])).status_code == 302
    assert Client().post("/desk/checks/days/note", {}).status_code == 302


def test_five_questions_at_most(cast: Cast):
    assert all(len(p.answered) <= MOST_QUESTIONS for g in guided.graphs().values() for p in paths(g, clock.today()))
