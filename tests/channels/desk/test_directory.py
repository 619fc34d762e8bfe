"""Keeping the directory at the desk: facts with their history, days that are not as usual, records, CSV and cards."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.foundation import clock
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.people.models import Institution, Posting, Practitioner, PublicRecord, Site
from fahui.foundation.regions.models import Region
from fahui.foundation.tables.actions import import_table
from fahui.foundation.tables.importer import BadTable
from tests.cast import COUNTY, TOWNSHIP, Cast


@pytest.fixture
def admin(cast: Cast, settings: Any) -> Client:
    settings.STAFF_MFA_REQUIRED = False
    return client_of(cast, "admin")


def client_of(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def facts(**more: str | list[str]) -> dict[str, Any]:
    return {"do": "facts", "name": "五通桥甲律师事务所", "kind": "law_firm", "region_code": str(COUNTY), **more}


def test_facts_change_in_their_one_form_and_the_change_is_history(cast: Cast, admin: Client):
    firm = cast.institutions["firm"]
    url = f"/desk/admin/directory/institution/{firm.pk}"
    answer = admin.post(url, facts(opening_hours="星期一到星期五9点-17点", accessibility=["ramp", "lift"], business="民事、刑事", staff_count="12"))
    assert answer.status_code == 302
    row = Institution.objects.get(pk=firm.pk)
    assert row.opening_hours == "周一至周五 9:00–17:00" and row.accessibility == ["ramp", "lift"] and row.staff_count == 12
    assert row.short_name == "乐"  # not on the form that was sent
    text = admin.get(url).content.decode()
    assert "修改登记信息" in text and "<ins>12</ins>" in text and "admin" in text
    assert admin.post(url, facts(staff_count="12")).status_code == 302
    assert text.count("修改登记信息") == admin.get(url).content.decode().count("修改登记信息") - 1  # facilities were unticked


@pytest.mark.parametrize(("wrong", "said"), [
    ({"name": ""}, "请填写"), ({"staff_count": "many"}, "请填整数"), ({"longitude": "103.8"}, "经度和纬度要一起填"),
    ({"region_code": "999999999999"}, "本市没有这个地区代码"), ({"licensed_until": "soon"}, "2026-06-18"), ({"phone": "1" * 41}, "最多40个字"),
])  # fmt: skip
def test_wrong_facts_are_named_kept_on_the_form_and_change_nothing(cast: Cast, admin: Client, wrong: dict[str, str], said: str):
    firm = cast.institutions["firm"]
    answer = admin.post(f"/desk/admin/directory/institution/{firm.pk}", facts(head="新负责人", **wrong) if "name" not in wrong else {**facts(head="新负责人"), **wrong})
    text = answer.content.decode()
    assert answer.status_code == 422 and said in text and "新负责人" in text
    assert Institution.objects.get(pk=firm.pk).head == ""


def test_only_those_who_keep_the_directory_here_may(cast: Cast, admin: Client):
    url = f"/desk/admin/directory/institution/{cast.institutions['firm'].pk}"
    for who in ("clerk", "lawyer", "agent"):
        assert client_of(cast, who).post(url, facts()).status_code == 403
    away = Institution.objects.create(code="X", kind="law_firm", name="外地所", region_code=510100000000)
    assert admin.post(f"/desk/admin/directory/institution/{away.pk}", facts()).status_code == 404
    assert admin.get("/desk/admin/directory/nothing/1").status_code == 404
    assert admin.get("/desk/admin/directory/nothing.csv").status_code == 404


def test_a_day_that_is_not_as_usual_shows_at_once_and_can_be_taken_back(cast: Cast, admin: Client):
    site = Site.objects.create(code="S", kind="service_station", name="站", region_code=TOWNSHIP, opening_hours="每天 24小时")
    url, day = f"/desk/admin/directory/site/{site.pk}", clock.today().isoformat()
    assert admin.post(url, {"do": "day", "on": day, "hours": "", "why": "停电检修"}).status_code == 302
    assert "停电检修" in Client().get(f"/places/site/{site.pk}/").content.decode()
    assert admin.post(url, {"do": "day", "on": "2020-01-01", "why": "x"}).status_code == 422
    assert admin.post(url, {"do": "day", "on": day, "hours": "早上", "why": "x"}).status_code == 422
    assert admin.post(url, {"do": "day", "on": day, "hours": "9:00-11:00", "why": ""}).status_code == 422
    assert admin.post(url, {"do": "drop", "on": day}).status_code == 302
    assert Site.objects.get(pk=site.pk).exceptions == []


def test_a_record_needs_its_organ_and_source_and_is_taken_back_with_a_reason(cast: Cast, admin: Client):
    firm = cast.institutions["firm"]
    url = f"/desk/admin/directory/institution/{firm.pk}"
    given = {"do": "record", "record_kind": "penalty", "record_result": "警告", "record_organ": "市司法局", "record_source": "公示"}
    assert admin.post(url, given).status_code == 422  # until when it is shown
    assert admin.post(url, {**given, "record_shown_until": "2099-01-01", "record_source": ""}).status_code == 422
    assert admin.post(url, {**given, "record_shown_until": "2099-01-01"}).status_code == 302
    record = PublicRecord.objects.get()
    assert "警告" in Client().get(f"/places/institution/{firm.pk}/").content.decode()
    assert admin.post(url, {"do": "withdraw", "record": record.pk, "why": ""}).status_code == 422
    assert admin.post(url, {"do": "withdraw", "record": record.pk, "why": "决定已撤销"}).status_code == 302
    assert admin.post(url, {"do": "withdraw", "record": record.pk, "why": "again"}).status_code == 409
    assert "警告" not in Client().get(f"/places/institution/{firm.pk}/").content.decode()
    assert PublicRecord.objects.get().withdrawn_why == "决定已撤销"


def test_what_is_hidden_leaves_the_directory_and_comes_back(cast: Cast, admin: Client):
    firm = cast.institutions["firm"]
    url, public = f"/desk/admin/directory/institution/{firm.pk}", f"/places/institution/{firm.pk}/"
    admin.post(url, {"do": "hide"})
    assert Client().get(public).status_code == 404 and "不再显示" in admin.get("/desk/admin/institutions").content.decode()
    admin.post(url, {"do": "show"})
    assert Client().get(public).status_code == 200


@pytest.mark.parametrize("what", ["institution", "practitioner", "site"])
def test_the_table_that_is_downloaded_is_taken_back_by_the_importer(what: str, cast: Cast, admin: Client, tmp_path: Path):
    firm = cast.institutions["firm"]
    Site.objects.create(code="S", kind="service_station", name="=站", region_code=TOWNSHIP, institution=firm, opening_hours="每天 24小时",
                        accessibility=["large_print", "ramp"], longitude="103.8", latitude="29.4", as_of=date(2026, 1, 1))  # fmt: skip
    answer = admin.get(f"/desk/admin/directory/{what}.csv")
    assert answer.status_code == 200 and answer.content.startswith(b"\xef\xbb\xbf")
    path = tmp_path / "t.csv"
    path.write_bytes(answer.content)
    with as_system():
        models: dict[str, Any] = {"institution": Institution, "practitioner": Practitioner, "site": Site}
        before = list(models[what].objects.order_by("pk").values())
        assert import_table(SYSTEM, f"{what}s", path) == len(before)
        after = list(models[what].objects.order_by("pk").values())
    for one in [*before, *after]:
        one.pop("updated_at", None)
        if what == "site":
            one["name"] = one["pinyin"] = one["initials"] = ""  # '=站: a spreadsheet never computes it
    assert after == before


def test_coordinates_come_in_with_their_system_and_are_kept_as_wgs84(cast: Cast, tmp_path: Path):
    head = "编码,类别,名称,地区代码,开放时间,经度,纬度,坐标系\n"

    def load(row: str) -> int:
        path = tmp_path / "s.csv"
        path.write_text(head + row, encoding="utf-8")
        return import_table(SYSTEM, "sites", path)

    load("P1,公共法律服务工作站,站,511112101000,工作日9点到17点,103.767854,29.550176,GCJ-02\n")
    row = Site.objects.get(code="P1")
    assert row.opening_hours == "周一至周五 9:00–17:00；法定节假日休息"
    assert row.longitude is not None
    assert abs(float(row.longitude) - 103.7654) < 0.001 and row.longitude != 103.767854
    for wrong, said in [("103.7,,WGS-84", "一起填"), ("103.7,29.5,", "坐标系"), ("203,95,WGS-84", "经度在前"), ("103.7,29.5,北京54", "WGS-84")]:
        with pytest.raises(BadTable, match=said):
            load(f"P2,公共法律服务工作站,站,511112101000,,{wrong}\n")


def test_published_records_are_imported_once(cast: Cast, tmp_path: Path):
    head = "机构编码,执业证号,类别,内容,年度,决定机关,来源,公示至\n"
    path = tmp_path / "r.csv"
    path.write_text(head + "T-firm,,年度考核、检查,合格,2025,市司法局,公示,\n,T-lawyer,行政处罚、行业处分,警告,,市律协,公示,2027-01-01\n", encoding="utf-8")
    for _again in range(2):
        assert import_table(SYSTEM, "records", path) == 2
    assert PublicRecord.objects.count() == 2
    for wrong in ("T-firm,T-lawyer,奖励,x,,y,z,\n", ",,奖励,x,,y,z,\n", "T-none,,奖励,x,,y,z,\n", "T-firm,,行政处罚、行业处分,x,,y,z,\n"):
        path.write_text(head + wrong, encoding="utf-8")
        with pytest.raises(BadTable):
            import_table(SYSTEM, "records", path)


def test_a_townships_cards_are_one_pdf_with_the_same_queries_however_many(cast: Cast, admin: Client):
    villages = list(Region.objects.filter(code__gt=TOWNSHIP, code__lt=TOWNSHIP + 1000).order_by("code"))
    for village in villages:
        Posting.objects.create(role="village_counsel", practitioner=cast.lawyers["lawyer"], target_kind="region", target_region=village.code,
                               valid_from=date(2020, 1, 1))  # fmt: skip
    with CaptureQueriesContext(connection) as seen:
        answer = admin.get(f"/desk/admin/cards?town={TOWNSHIP}")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF") and len(seen) < 25
    assert answer.content.count(b"/Type /Page\n") + answer.content.count(b"/Type /Page/") in (0, len(villages))
    assert admin.get("/desk/admin/cards?town=511112000000").status_code == 422
    assert admin.get("/desk/admin/cards?town=510100001000").status_code == 404
