"""The registers' and activities' screens: lists, forms, a second person, files out and in again, choosing while typing, the API."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from fahui.casework.activities import actions as activities
from fahui.casework.activities.models import Activity
from fahui.casework.registers import actions, queries
from fahui.casework.registers.definitions import current
from fahui.casework.registers.models import Entry
from fahui.commands import import_
from fahui.foundation.accounts.actions import make_key, make_staff
from fahui.foundation.accounts.scope import SYSTEM, reading_as
from fahui.foundation.audit.models import Event
from fahui.foundation.regions.models import Region
from tests.casework.test_activities import LECTURE
from tests.casework.test_registers import HONOUR, SURVEY
from tests.cast import COUNTY, NEIGHBOUR, PASSWORD, TOWNSHIP, Cast
from tests.channels.test_english import chinese_in

KEEPING = ["/desk/registers/", "/desk/registers/honour/", "/desk/registers/honour/new", "/desk/registers/honour/import",
           "/desk/registers/honour/export", "/desk/registers/honour/template.xlsx", "/desk/registers/honour/choices?field=institution&q=x",
           "/desk/activities/", "/desk/activities/new", "/desk/activities/import", "/desk/activities/export",
           "/desk/activities/template.xlsx", "/desk/activities/choices?field=site&q=x"]  # fmt: skip


@pytest.fixture(autouse=True)
def _without_a_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False


def client(cast: Cast, who: str, english: bool = False) -> Client:
    found = Client(raise_request_exception=True)
    found.force_login(cast.users[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    if english:
        found.cookies["fahui_lang"] = "en"
    return found


def survey(cast: Cast, who: str = "officer", **more: Any) -> Entry:
    with reading_as(cast[who]):
        return actions.add(cast[who], "survey", SURVEY | more)


def lecture(cast: Cast, **more: Any) -> Activity:
    with reading_as(cast["officer"]):
        return activities.add(cast["officer"], LECTURE | more)


@pytest.mark.parametrize("url", KEEPING)
def test_only_keepers_come_in(cast: Cast, url: str):
    assert client(cast, "officer").get(url).status_code == 200
    for who in ("agent", "lawyer", "evaluator", "admin", "reviewer"):
        assert client(cast, who).get(url).status_code == 403, who
    assert Client().get(url).status_code == 302


def test_every_register_has_its_list_form_and_template(cast: Cast):
    officer = client(cast, "officer")
    for register in current():
        for page in ("", "new", "template.xlsx"):
            assert officer.get(f"/desk/registers/{register}/{page}").status_code == 200, (register, page)
    assert officer.get("/desk/registers/no_such/").status_code == 404


def test_the_first_page_says_what_there_is_what_waits_and_who_owes(cast: Cast):
    survey(cast)
    page = client(cast, "leader").get("/desk/registers/").content.decode()
    assert "条等复核" in page and "谁还欠着" in page and "五通桥区" in page
    assert "没有等您复核或更正的" in client(cast, "officer").get("/desk/registers/").content.decode()


def test_an_entry_goes_its_way_on_the_screens(cast: Cast):
    officer, leader = client(cast, "officer"), client(cast, "leader")
    made = officer.post("/desk/registers/honour/new", HONOUR)
    assert made.status_code == 302, made.content.decode()
    entry = Entry.objects.get()
    page = officer.get(made["Location"]).content.decode()
    assert "五通桥甲律师事务所（T-firm）" in page and "等复核" in page and "要由另一个人复核" in page
    assert officer.post(made["Location"], {"do": "verify", "revision": "1"}).status_code == 409
    back = leader.post(made["Location"], {"do": "return", "revision": "1", "return_reason": "缺文号"})
    assert back.status_code == 302 and "缺文号" in officer.get(made["Location"]).content.decode()
    form = officer.get(f"{made['Location']}/correct").content.decode()
    assert 'value="2026-03-01"' in form and 'name="revision" value="2"' in form
    fixed = officer.post(f"{made['Location']}/correct", HONOUR | {"d_document": "乐司〔2026〕3号", "reason": "补文号", "revision": "2"})
    assert fixed.status_code == 302, fixed.content.decode()
    assert leader.post(made["Location"], {"do": "verify", "revision": "2"}).status_code == 409
    assert leader.post(made["Location"], {"do": "verify", "revision": "3"}).status_code == 302
    page = officer.get(made["Location"]).content.decode()
    assert "补文号" in page and "<ins>" in page and "乐司〔2026〕3号" in page and "已复核" in page
    assert leader.post(made["Location"], {"do": "void", "revision": "4", "void_reason": ""}).status_code == 422
    assert leader.post(made["Location"], {"do": "void", "revision": "4", "void_reason": "认定撤销"}).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "void" and "更正</a>" not in officer.get(made["Location"]).content.decode()


def test_a_form_with_faults_keeps_what_was_typed_and_says_what_to_do(cast: Cast):
    answer = client(cast, "officer").post("/desk/registers/honour/new", HONOUR | {"begins": "3月", "title": "留着的名字"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "留着的名字" in page and "日期看不懂" in page and 'href="#f-begins"' in page
    assert client(cast, "officer", english=True).post("/desk/registers/honour/new", {}).status_code == 422


def test_whoever_corrects_an_older_version_is_told_and_keeps_what_was_typed(cast: Cast):
    entry = survey(cast)
    with reading_as(cast["leader"]):
        actions.correct(cast["leader"], entry.pk, SURVEY | {"part": "349"}, "核对原卷")
    answer = client(cast, "officer").post(f"/desk/registers/survey/{entry.pk}/correct", SURVEY | {"part": "341", "reason": "看错", "revision": "1"})
    assert answer.status_code == 409 and "刚才有人改过" in answer.content.decode() and 'value="341"' in answer.content.decode()


def test_a_place_out_of_reach_is_refused_with_its_field(cast: Cast):
    cast.users["office"] = make_staff(SYSTEM, "t-office", "office", PASSWORD, [
        {"role": "justice_office", "region_code": TOWNSHIP, "service": "*", "institution": cast.institutions["bureau"], "valid_from": date(2020, 1, 1)}])  # fmt: skip
    office, entry = client(cast, "office"), survey(cast)
    answer = office.post("/desk/registers/survey/new", SURVEY)
    assert answer.status_code == 403 and "管不到这个地方" in answer.content.decode()
    assert office.get(f"/desk/registers/survey/{entry.pk}").status_code == 404
    assert office.get(f"/desk/registers/honour/{entry.pk}").status_code == 404
    assert 'value="511123000000"' not in office.get("/desk/registers/survey/").content.decode()


def test_lists_cost_the_same_however_long(cast: Cast):
    officer, costs = client(cast, "officer"), {}
    officer.get("/desk/registers/survey/")
    for count in (1, 8):
        for n in range(count):
            survey(cast, begins=f"2026-05-{n + 1:02d}")
            lecture(cast)
        for url in ("/desk/registers/", "/desk/registers/survey/", "/desk/activities/"):
            with CaptureQueriesContext(connection) as counted:
                officer.get(url)
            costs.setdefault(url, set()).add(len(counted))
    assert all(len(found) == 1 for found in costs.values()), costs


def test_pages_follow(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    for n in range(queries.PAGE + 1):
        survey(cast, begins=f"2026-04-{n % 28 + 1:02d}")
    officer = client(cast, "officer")
    first = officer.get("/desk/registers/survey/").content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following and first.count("data-row-link") == queries.PAGE
    assert officer.get("/desk/registers/survey/" + following[1].replace("&amp;", "&")).content.decode().count("data-row-link") == 1
    assert officer.get("/desk/registers/survey/?after=99999999-1&place=x&year=99999&category=nothing").status_code == 200


def test_choosing_while_typing_offers_only_what_the_register_holds(cast: Cast):
    officer = client(cast, "officer")
    found = officer.get("/desk/registers/lawyer_return/choices?field=institution&q=五通桥").json()["items"]
    assert {one["value"] for one in found} == {"五通桥乙律师事务所（T-firm_b）", "五通桥甲律师事务所（T-firm）"}  # and no legal aid centre
    assert {one["where"] for one in found} == {"五通桥区"}
    assert officer.get("/desk/registers/lawyer_return/choices?field=institution&q=wtqj").json()["items"][0]["value"].endswith("（T-firm）")
    assert officer.get("/desk/registers/lawyer_return/choices?field=site&q=x").status_code == 404
    places = officer.get("/desk/registers/lawyer_return/choices?field=region_code&q=五通桥").json()["items"]
    assert places[0]["value"] == f"五通桥区（{COUNTY}）"
    people = officer.get("/desk/activities/choices?field=gave&q=law").json()["items"]
    assert {one["value"] for one in people} == {"lawyer（T-lawyer）", "lawyer_b（T-lawyer_b）"}


def test_a_template_that_is_filled_in_comes_back(cast: Cast):
    officer = client(cast, "officer")
    book = load_workbook(BytesIO(officer.get("/desk/registers/survey/template.xlsx").content))
    sheet, choices = book.worksheets
    heads = [cell.value for cell in sheet[1]]
    assert sheet["A2"].value.startswith("说明：") and "知道12348热线" in [row[0].value for row in choices.iter_rows()]
    given = {"地区": "五通桥区", "问题": "知道12348热线", "答“是”的": 40, "有效问卷": 50, "调查截止日": date(2026, 6, 30), "编号": "Q2-1"}
    sheet.append([given.get(head) for head in heads])
    out = BytesIO()
    book.save(out)
    answer = officer.post("/desk/registers/survey/import", {"file": SimpleUploadedFile("a.xlsx", out.getvalue()), "reason": "二季度"})
    assert answer.status_code == 302, answer.content.decode()
    entry = Entry.objects.get()
    assert (entry.category, entry.part, entry.region_code, entry.code) == ("hotline_awareness", 40, COUNTY, "Q2-1")


def exported(officer: Client, url: str, kind: str) -> bytes:
    answer = officer.post(url, {"why": "季度考核", "as": kind})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    return answer.content


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("english", [False, True])
def test_what_is_exported_imports_again_without_a_change(cast: Cast, kind: str, english: bool):
    officer = client(cast, "officer", english)
    with reading_as(cast["officer"]):
        actions.add(cast["officer"], "honour", HONOUR | {"title": "=1+1 律所", "code": "007", "practitioner": "T-lawyer"})
        actions.add(cast["officer"], "budget_line", {"region_code": str(COUNTY), "title": "普法经费", "category": "publicity", "amount_fen": 123450,
                                                     "part": "12.5", "whole": "20", "begins": "2026-01-01"})  # fmt: skip
    activity = lecture(cast, attended=["T-lawyer 10"])
    for name in ("registers/honour", "registers/budget_line", "activities"):
        data = exported(officer, f"/desk/{name}/export", kind)
        answer = officer.post(f"/desk/{name}/import", {"file": SimpleUploadedFile(f"a.{kind}", data), "reason": "原样导回"})
        assert answer.status_code == 302, answer.content.decode()
    assert Entry.objects.count() == 2 and set(Entry.objects.values_list("revision", flat=True)) == {1}
    activity.refresh_from_db()
    assert Activity.objects.count() == 1 and activity.revision == 1
    assert Event.objects.filter(kind="list.exported").count() == 3


def test_an_export_says_why_and_holds_what_the_filter_shows(cast: Cast):
    survey(cast)
    survey(cast, begins="2025-05-31")
    officer = client(cast, "officer")
    assert officer.post("/desk/registers/survey/export?year=2025", {"why": "", "as": "csv"}).status_code == 422
    rows = list(csv.reader(StringIO(exported(officer, "/desk/registers/survey/export?year=2025", "csv").decode("utf-8-sig"))))
    assert len(rows) == 2 and "2025-05-31" in rows[1]
    assert Event.objects.get(kind="list.exported").data["why"] == "季度考核"


def test_a_damaged_file_is_told_by_row_and_column(cast: Cast):
    officer = client(cast, "officer")
    text = f"地区,问题,答“是”的,有效问卷,调查截止日\n{COUNTY},知道法律援助,九,50,2026-06-30\n".encode()
    answer = officer.post("/desk/registers/survey/import", {"file": SimpleUploadedFile("a.csv", text), "reason": "二季度"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "答“是”的" in page and "九" in page and not Entry.objects.exists()
    for name, data in [("a.exe", b"x"), ("a.xlsx", b"PK"), ("a.csv", b"\xff\xfe\x00"), ("a.csv", b"")]:
        bad = officer.post("/desk/registers/survey/import", {"file": SimpleUploadedFile(name, data), "reason": "二季度"})
        assert bad.status_code == 422, name
    assert officer.post("/desk/registers/survey/import", {"reason": "二季度"}).status_code == 422


def test_an_activity_goes_its_way_on_the_screens(cast: Cast):
    officer = client(cast, "officer")
    post = LECTURE | {"gave": "T-lawyer 60\nlawyer_b（T-lawyer_b）"}
    made = officer.post("/desk/activities/new", post)
    assert made.status_code == 302, made.content.decode()
    page = officer.get(made["Location"]).content.decode()
    assert "lawyer_b（T-lawyer_b）" in page and "对方的确认" in page
    assert officer.post(made["Location"], {"do": "confirm", "revision": "1", "name": "", "office": ""}).status_code == 422
    assert officer.post(made["Location"], {"do": "confirm", "revision": "1", "name": "校办", "office": "城北小学"}).status_code == 302
    form = officer.get(f"{made['Location']}/correct").content.decode()
    assert "lawyer（T-lawyer） 60\nlawyer_b（T-lawyer_b） 90" in form
    assert officer.post(f"{made['Location']}/correct", post | {"gave": "T-lawyer", "reason": "核对签到", "revision": "2"}).status_code == 302
    page = officer.get(made["Location"]).content.decode()
    assert "lawyer（T-lawyer） 60；lawyer_b（T-lawyer_b） 90" in page and "核对签到" in page
    assert officer.post(made["Location"], {"do": "void", "revision": "3", "void_reason": "重复登记"}).status_code == 302
    assert officer.post(made["Location"], {"do": "void", "revision": "4", "void_reason": "重复登记"}).status_code == 409
    assert "民法典进乡村" in officer.get("/desk/activities/?kind=lecture&topic=civil_code&state=void&year=2026&q=民法典").content.decode()


def test_what_proves_an_activity_is_kept_opened_on_record_and_only_in_reach(cast: Cast):
    officer, activity = client(cast, "officer"), lecture(cast, region_code=str(NEIGHBOUR))
    url, png = f"/desk/activities/{activity.pk}", b"\x89PNG\r\n\x1a\n" + b"7" * 64
    assert officer.post(url, {"do": "evidence"}).status_code == 422
    assert officer.post(url, {"do": "evidence", "file": SimpleUploadedFile("a.sh", b"#!/bin/sh")}).status_code == 422
    assert officer.post(url, {"do": "evidence", "file": SimpleUploadedFile("签到.png", png)}).status_code == 302
    assert officer.post(url, {"do": "evidence", "file": SimpleUploadedFile("again.png", png)}).status_code == 409
    assert "签到.png" in officer.get(url).content.decode()
    held = officer.get(f"{url}/evidence/0")
    assert held.content == png and "attachment" in held["Content-Disposition"]
    assert Event.objects.filter(kind="personal_data.read", about=f"activity:{activity.pk}").count() == 1
    assert officer.get(f"{url}/evidence/1").status_code == 404
    assert client(cast, "clerk").get(f"{url}/evidence/0").status_code == 404
    activity.refresh_from_db()
    assert activity.revision == 1 and [one["name"] for one in activity.evidence] == ["签到.png"]


# --- the API


def key(cast: Cast, who: str, *operations: str) -> dict[str, str]:
    _key, secret = make_key(cast["admin"], f"key of {who}", cast.users[who].pk, list(operations))
    return {"Authorization": f"Bearer {secret}"}


def test_the_api_enters_once_and_lists_in_reach(cast: Cast):
    head, url = key(cast, "officer", "registers:read", "registers:write"), "/api/v1/registers/survey/entries"
    body = {"answers": SURVEY | {"part": 350}}
    first = Client().post(url, body, content_type="application/json", headers=head | {"Idempotency-Key": "a1"})
    again = Client().post(url, body, content_type="application/json", headers=head | {"Idempotency-Key": "a1"})
    assert first.status_code == 201 and first.json()["id"] == again.json()["id"] and first.json()["part"] == "350"
    other = Client().post(url, {"answers": SURVEY}, content_type="application/json", headers=head | {"Idempotency-Key": "a1"})
    assert other.status_code == 409 and Entry.objects.count() == 1
    listed = Client().get(url, {"region": COUNTY, "year": 2026}, headers=head).json()
    assert [one["id"] for one in listed["items"]] == [first.json()["id"]] and listed["next"] == ""
    assert Client().get(url, {"region": NEIGHBOUR}, headers=head).json()["items"] == []
    registers = {one["id"]: one for one in Client().get("/api/v1/registers", headers=head).json()}
    assert set(registers) == set(current()) and registers["survey"]["waiting"] == 1
    assert set(registers["survey"]["entry_schema"]["required"]) == {"region_code", "category", "part", "whole", "begins"}


def test_the_api_refuses_by_field_and_by_key(cast: Cast):
    url = "/api/v1/registers/survey/entries"
    read, write = key(cast, "officer", "registers:read"), key(cast, "officer", "registers:write")
    wrong = Client().post(url, {"answers": {"part": "x"}}, content_type="application/json", headers=write)
    assert wrong.status_code == 422 and {"region_code", "category", "part", "whole", "begins"} == set(wrong.json()["fields"])
    assert Client().post(url, {"answers": SURVEY}, content_type="application/json", headers=read).status_code == 403
    assert Client().get(url, headers=write).status_code == 403
    assert Client().get(url).status_code == 401
    assert Client().get(url, headers=key(cast, "agent", "registers:read")).status_code == 403
    assert Client().get("/api/v1/registers/nothing/entries", headers=read).status_code == 404
    assert Client().get(url, {"region": 5}, headers=read).status_code == 422
    assert not Entry.objects.exists()


@pytest.mark.parametrize("text", ["\x00", "\ud800", "五通桥\x00", "%", "（）", "x" * 5000])
def test_strange_texts_are_refused_and_break_nothing(cast: Cast, text: str):
    head, url = key(cast, "officer", "registers:write"), "/api/v1/registers/honour/entries"
    for name in ("institution", "region_code", "title", "code", "category"):
        body = json.dumps({"answers": HONOUR | {"begins": "x", name: text}})
        answer = Client().post(url, body, content_type="application/json", headers=head | {"Idempotency-Key": f"k{name}"})
        assert answer.status_code in {400, 422}, answer.content
    officer = client(cast, "officer")
    for name in ("institution", "region_code", "title", "code"):
        told = text.encode("utf-8", "replace").decode()
        assert officer.post("/desk/registers/honour/new", HONOUR | {"begins": "x", name: told}).status_code == 422
    assert officer.get("/desk/registers/honour/", {"q": text.encode("utf-8", "replace")}).status_code == 200
    assert officer.get("/desk/registers/honour/choices", {"field": "institution", "q": text.encode("utf-8", "replace")}).status_code == 200


def test_the_command_names_its_register(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "t.csv"
    file.write_text(f"code,region_code,category,part,whole,begins\nZ1,{COUNTY},awareness,1,5,2026-05-31\n", encoding="utf-8")
    assert import_.run(["entries", "survey", str(file)]) == 0
    assert "1 added, 0 corrected, 0 unchanged" in capsys.readouterr().out
    assert import_.run(["entries", "nothing", str(file)]) == 1
    with pytest.raises(SystemExit):
        import_.run(["entries", str(file)])


def test_records_are_english_when_english_is_chosen(cast: Cast):
    entry, activity = survey(cast, title="Round two"), lecture(cast, title="Lecture")
    with reading_as(cast["leader"]):
        actions.correct(cast["leader"], entry.pk, SURVEY | {"part": "349", "title": "Round two"}, "counted again")
    known = [*Region.objects.filter(level__in=[2, 3, 4]).values_list("name", flat=True), "乐山市司法局", "（", "）"]
    for who, url in [("officer", f"/desk/registers/survey/{entry.pk}"), ("officer", f"/desk/registers/survey/{entry.pk}/correct"),
                     ("officer", f"/desk/activities/{activity.pk}"), ("officer", f"/desk/activities/{activity.pk}/correct")]:  # fmt: skip
        assert chinese_in(client(cast, who, english=True).get(url).content.decode(), known) == [], url
