"""The policy's targets on the leader's pages, from a record to the report, and what others do not see."""

from __future__ import annotations

import json
import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from fahui.casework.registers.models import Entry
from fahui.channels.cockpit.labels import labels_of
from fahui.channels.cockpit.standards import legible
from fahui.foundation import clock
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.models import Posting, Region, Site
from fahui.insight.figures import records as figures
from fahui.insight.figures.queries import Board, place
from fahui.insight.figures.records import behind
from fahui.insight.reports import queries as reports
from fahui.insight.reports.actions import issue
from fahui.standards.actions import measure
from fahui.standards.models import Measured, Report, Run
from fahui.standards.policies.definitions import demands
from tests.cast import CITY, COUNTY, NEIGHBOUR, PASSWORD, Cast
from tests.standards.engines import lake_of_this_transaction

HONOURS, COUNSEL, WEEKENDS, GROWTH = "IND-LESH-024", "IND-LESH-047", "IND-LESH-022", "IND-LESH-001"


@pytest.fixture
def leader(cast: Cast, client: Client, settings) -> Client:
    settings.STAFF_MFA_REQUIRED = False
    assert client.login(username="t-leader", password=PASSWORD)
    return client


def honour(code: str, region: int, state: str = "verified") -> Entry:
    now = clock.now()
    return Entry.objects.create(register="honour", code=code, title=f"示范站{code}", region_code=region, category="demonstration_station",
                                begins=date(2025, 1, 1), state=state, entered_at=now, changed_at=now)  # fmt: skip


@pytest.fixture
def measured(cast: Cast) -> Run:
    """Three stations hold the title: two in one county, one in another; a fourth waits for a second person's word."""
    for code, region in (("1", COUNTY + 1000), ("2", COUNTY + 2000), ("3", NEIGHBOUR)):
        honour(code, region)
    honour("4", COUNTY, "entered")
    village = Region.objects.filter(level=5, code__gt=COUNTY, code__lt=COUNTY + 10**6).order_by("code").first()
    Posting.objects.create(role="village_counsel", practitioner=cast.lawyers["lawyer"], target_kind="region", target_region=village.code,
                           valid_from=date(2025, 1, 1))  # fmt: skip
    return measure(clock.today(), "postgres")


def test_a_target_is_counted_told_and_opened_down_to_its_records(measured: Run, leader: Client):
    page = leader.get("/cockpit/targets/").content.decode()
    assert "示范性公共法律服务工作站数" in page and "3 个" in page
    page = leader.get(f"/cockpit/targets/{HONOURS}").content.decode()
    assert "专栏1" in page and "≥ 20 个" in page and "五通桥区" in page
    assert "每万人" not in page, "how many live there is not known"
    Region.objects.filter(level=3).update(population=400_000)
    page = leader.get(f"/cockpit/targets/{HONOURS}").content.decode()
    assert "每万人" in page and "0.05" in page, "two stations to four hundred thousand"
    assert "每万人" not in leader.get(f"/cockpit/targets/{COUNSEL}").content.decode(), "a share is compared as it is"
    page = leader.get(f"/cockpit/targets/{HONOURS}/records").content.decode()
    assert page.count("示范站") == 3 and "示范站4" not in page
    page = leader.get(f"/cockpit/targets/{HONOURS}/records?region={NEIGHBOUR}").content.decode()
    assert page.count("示范站") == 1


def test_records_are_found_on_the_lake_and_shown_as_the_reader_may_see_them(
    measured: Run, cast: Cast, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings.DATA_DIR = tmp_path
    lake = lake_of_this_transaction(tmp_path / "lake")
    (lake / "lake.json").write_text(json.dumps({"at": clock.now().isoformat()}), encoding="utf-8")
    board = Board(measured)
    keys = list(Entry.objects.filter(register="honour", state="verified").order_by("pk").values_list("pk", flat=True))
    for at_once in (200, 1):  # however little is looked at in one round
        monkeypatch.setattr(figures, "_AT_ONCE", at_once)
        assert [row.key for row in behind(board, HONOURS, CITY, None, 0).rows] == keys
    monkeypatch.setattr(figures, "PAGE", 2)
    page = behind(board, HONOURS, CITY, None, 0)
    assert [row.key for row in page.rows] == keys[:2] and page.following == keys[1]
    assert [row.key for row in behind(board, HONOURS, CITY, None, page.following).rows] == keys[2:]
    Entry.objects.filter(pk=keys[0]).update(state="void")  # it counted when the lake was filled and does not any more
    assert [row.key for row in behind(board, HONOURS, CITY, None, 0).rows] == keys[1:]
    shutil.rmtree(lake / "entry")
    with pytest.raises(Conflict, match="过一分钟再看"):
        behind(board, HONOURS, CITY, None, 0)


def test_units_that_fail_are_listed_apart_from_those_that_meet(measured: Run, leader: Client):
    met = leader.get(f"/cockpit/targets/{COUNSEL}/records?met=1&region={COUNTY}").content.decode()
    failing = leader.get(f"/cockpit/targets/{COUNSEL}/records?met=0&region={COUNTY}").content.decode()
    assert "这里没有记录" in met and failing.count("没有计入</") > 10


def test_a_record_that_is_not_counted_says_which_condition_it_fails(measured: Run, cast: Cast, leader: Client):
    """A share tells what the record says, a unit with several needs the ones it lacks; what does not narrow has no such column."""
    for name, weekend in (("开放中心", True), ("不开放中心", False)):
        Site.objects.create(code=name, kind="service_centre", name=name, region_code=COUNTY, opening_hours="周一至周日 9:00-17:00" if weekend else "周一至周五 9:00-17:00")
    board = Board(measure(clock.today(), "postgres"))
    names = dict(Site.objects.values_list("pk", "name"))
    assert {names[row.key]: row.fails for row in behind(board, WEEKENDS, CITY, None, 0).rows} == {"开放中心": (), "不开放中心": ("周末不开放",)}
    page = leader.get(f"/cockpit/targets/{WEEKENDS}/records").content.decode()
    assert "为什么没有计入" in page and "公共法律服务中心（在用）" in page and page.count("周末不开放") == 1
    served = behind(board, COUNSEL, COUNTY, None, 0).rows
    visit = "没有村（居）法律顾问现场服务或村（居）法律顾问其他服务或法治讲座（本期内）"
    checked = "没有“规范化检查台账”的记录（类别：村（居）法律顾问服务规范；等级：通过；截至那天有效）"
    village = Posting.objects.get(role="village_counsel").target_region
    assert {row.fails for row in served if row.key == village} == {(visit, checked)}
    assert {row.fails for row in served if row.key != village} == {("没有村（居）法律顾问（截至那天有效）", visit, checked)}
    page = leader.get(f"/cockpit/targets/{HONOURS}/records").content.decode()
    assert "为什么没有计入" not in page and "没有计入的" not in page and "不符合上面条件的不在表上" in page


def test_labels_of_a_map_do_not_lie_on_each_other():
    assert legible([(100, 100, "和平区"), (120, 110, "南开区"), (400, 100, "东丽区"), (100, 170, "河西区")]) == {0, 2, 3}


def test_a_quarter_of_duty_is_told_by_its_time(cast: Cast):
    assert labels_of("seat", [1_944_992])[1_944_992].text == "2025-06-21 16:00起的一刻钟"


def test_a_record_put_right_since_is_said_to_count_next_time(measured: Run, leader: Client, settings, tmp_path: Path):
    site = Site.objects.create(code="x", kind="service_centre", name="中心", region_code=COUNTY, opening_hours="周一至周五 9:00-17:00")
    settings.DATA_DIR = tmp_path
    lake = lake_of_this_transaction(tmp_path / "lake")
    (lake / "lake.json").write_text(json.dumps({"at": clock.now().isoformat()}), encoding="utf-8")
    Site.objects.filter(pk=site.pk).update(opening_hours="周一至周日 9:00-17:00", open_at_weekends=True)
    assert "现在已经符合，下次测量时计入" in leader.get(f"/cockpit/targets/{WEEKENDS}/records").content.decode()


def test_a_countys_leader_sees_their_county_and_no_other(measured: Run, cast: Cast):
    approver = cast["approver"]
    assert place(approver, None).code == COUNTY
    with pytest.raises(Forbidden):
        place(approver, NEIGHBOUR)
    for no_code in (4193, 10**12, 10**30):
        with pytest.raises(Missing):
            place(approver, no_code)
    assert Board(measured).result(HONOURS, COUNTY).numbers == (2, None)
    assert Board(measured).result(HONOURS, CITY).numbers == (3, None)


def test_a_report_is_issued_once_and_a_correction_says_what_changed(measured: Run, cast: Cast, leader: Client):
    said = [leader.post("/cockpit/reports/", {"kind": "assessment", "reason": reason}, follow=True).content.decode() for reason in ("", "补录")]
    assert "第1版报告出好了" in said[0] and "没有新的数，还是第1版" in said[1]  # not silence, when there is nothing to correct
    first = issue(cast["leader"], "assessment", None)
    assert first.version == 1
    honour("5", NEIGHBOUR)
    measure(clock.today(), "postgres")
    with pytest.raises(Invalid):
        issue(cast["leader"], "assessment", None)
    second = issue(cast["leader"], "assessment", None, "补录犍为县一处示范站")
    assert (second.version, second.supersedes) == (2, first)
    book = load_workbook(BytesIO(leader.get(f"/cockpit/reports/{second.pk}.xlsx").content))
    changes = [[cell.value for cell in row] for row in book["修订表"].iter_rows(min_row=2)]
    assert ["示范性公共法律服务工作站数", "3（3）", "4（4）"] in changes
    row = next(r for r in book["目标"].iter_rows(min_row=2, values_only=True) if r[0] == HONOURS)
    assert row[3] == 4 and row[5] == 4
    parts = next(r for r in book["各地"].iter_rows(min_row=2, values_only=True) if r[0] == HONOURS)
    assert sum(value or 0 for value in parts[2::3]) == 4
    words = Document(BytesIO(leader.get(f"/cockpit/reports/{second.pk}.docx").content))
    assert any("补录犍为县" in paragraph.text for paragraph in words.paragraphs)
    assert Report.objects.count() == 2


def test_growth_says_from_what_to_what_on_the_pages_and_in_the_report(cast: Cast, leader: Client):
    """One in two knew of it a year ago, three in four do now: 25 points, which no fraction beside it would give."""
    now = clock.now()
    for day, part, whole in ((clock.today(), 75, 100), (date(clock.today().year - 1, 1, 5), 50, 100)):
        Entry.objects.create(register="survey", code=f"s{day}", title="问卷", region_code=CITY, category="awareness", part=part, whole=whole, begins=day,
                             state="verified", entered_at=now, changed_at=now)  # fmt: skip
    measure(clock.today(), "postgres")
    page = leader.get("/cockpit/targets/").content.decode()
    assert "25 百分点（现在75 %，上年同期50 %）" in page and "（75 / 100）" not in page
    one = leader.get(f"/cockpit/targets/{GROWTH}").content.decode()
    assert "现在75 %，上年同期50 %" in one and "现在的数" in one
    shares = {COUNTY: (60, 20), NEIGHBOUR: (40, 80)}  # and of places below: growth, not the share itself
    for region, (before, after) in shares.items():
        for day, part in ((clock.today(), after), (date(clock.today().year - 1, 1, 5), before)):
            Entry.objects.create(register="survey", code=f"{region}{day}", title="问卷", region_code=region, category="awareness", part=part, whole=100, begins=day,
                                 state="verified", entered_at=now, changed_at=now)  # fmt: skip
    run = measure(clock.today(), "postgres")
    assert {code: value for code, _numbers, value in Board(run).below(GROWTH, CITY, 3)} == {CITY: None, COUNTY: -40, NEIGHBOUR: 40}
    report = issue(cast["leader"], "assessment", None)
    cells = [cell.text for table in Document(BytesIO(reports.file_of(report, "docx"))).tables for row in table.rows for cell in row.cells]
    assert "现在58.33 %，上年同期50 %" in cells


def test_word_and_excel_of_a_report_say_the_same_numbers(measured: Run, cast: Cast):
    """Every target once in both, with the same figure, numbers, aim, day and status; and how many have each status is how many there are."""
    report = issue(cast["leader"], "assessment", None)
    book = load_workbook(BytesIO(reports.file_of(report, "xlsx")))
    heads, *rows = book["目标"].iter_rows(values_only=True)
    lines = [dict(zip(heads, row, strict=True)) for row in rows]
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(BytesIO(reports.file_of(report, "docx"))).tables]
    in_word = sorted(tuple(row) for table in tables if table[0][0] == "目标" for row in table[1:])

    def number(value: object) -> str:
        return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, int | float) else str(value)

    def made(line: dict[str, object]) -> str:
        upper, lower = line["分子"], line["分母"]
        return str(line["增幅从哪到哪"] or ("–" if upper is None else number(upper) + ("" if lower is None else f"／{number(lower)}")))

    in_excel = sorted(
        (str(x["目标"]), number(x["数值"]) + ("" if x["数值"] == "无" else f" {x['单位']}"), made(x), str(x["要达到"]), f"{x['期限']:%Y-%m-%d}", str(x["状态"])) for x in lines
    )
    assert in_word == in_excel and len(in_word) == len(lines) > 60
    head, *parts = book["各地"].iter_rows(values_only=True)
    assert head[-3:] == ("本级 分子", "本级 分母", "本级 数值")
    distinct = {name for name in Board(measured).indicators if any(code < 0 for code in Board(measured).places(name))}
    of_units = {x["编号"] for x in lines if x["分母"] is None}
    for line in parts:  # what a reader adds up gives the whole
        whole = next(x for x in lines if x["编号"] == line[0])
        if line[0] not in distinct:
            assert round(sum(n or 0 for n in line[2::3]), 6) == round(float(str(whole["分子"] or 0)), 6), line[1]
            assert line[0] in of_units or round(sum(n or 0 for n in line[3::3]), 6) == round(float(str(whole["分母"])), 6), line[1]
    counts = {name: int(count) for name, count in next(table for table in tables if table[0] == ["状态", "项数"])[1:]}
    assert sum(counts.values()) == len(lines) and all(count == sum(x["状态"] == name for x in lines) for name, count in counts.items())


def test_the_evidence_goes_through_the_policy_demand_by_demand(measured: Run, cast: Cast):
    report = issue(cast["leader"], "evidence", None)
    words = [p.text for p in Document(BytesIO(reports.file_of(report, "docx"))).paragraphs]
    told = demands("leshan")
    for clause, demand in told[:40]:
        assert f"{clause.id}　{clause.heading.zh}" in words and any(demand.id in line for line in words)
    rows = list(load_workbook(BytesIO(reports.file_of(report, "xlsx")))["逐条依据"].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows] == [demand.id for _clause, demand in told]
    counted = next(row for row in rows if row[2] == next(d.id for _c, d in told if HONOURS in d.indicators))
    assert "示范性公共法律服务工作站数：3个" in counted[8] and counted[5] in ("平台能做", "做了一部分")


def test_the_scorecard_puts_the_counties_beside_each_other(measured: Run, cast: Cast):
    report = issue(cast["leader"], "scorecard", None)
    sheet = load_workbook(BytesIO(reports.file_of(report, "xlsx")))["各地比较"]
    heads, *rows = sheet.iter_rows(values_only=True)
    counties = dict(Region.objects.filter(level=3).values_list("name", "code"))
    assert {row[0] for row in rows} == set(counties)
    shares = [row[1] for row in rows if row[1] != "无"]
    assert shares == sorted(shares, reverse=True)
    row = dict(zip(heads, rows[0], strict=True))
    results = Board(measured).results(counties[str(row["地区"])])
    assert row["已达到"] == sum(r.status == "met" for r in results) and row["计入全市"] == sum(r.status == "shared" for r in results) > 0


def test_what_the_whole_city_has_to_reach_is_not_asked_of_a_county(measured: Run, leader: Client):
    board = Board(measured)
    assert board.result(HONOURS, CITY).status != "shared" and board.result(HONOURS, COUNTY).status == "shared"
    assert board.result(COUNSEL, COUNTY).status != "shared"
    page = leader.get(f"/cockpit/targets/{HONOURS}?region={COUNTY}").content.decode()
    assert "计入全市" in page and "全市 ≥ 20 个" in page


def test_a_report_whose_parts_do_not_add_up_is_refused(measured: Run, cast: Cast):
    row = Measured.objects.get(run=measured, indicator=HONOURS)
    row.cells["0"]["999999000000"] = [7, None]
    row.save()
    with pytest.raises(Invalid, match="不等于合计"):
        issue(cast["leader"], "assessment", None)
    assert not Report.objects.exists()


def test_whoever_may_not_issue_reports_is_told_so(measured: Run, cast: Cast):
    with pytest.raises(Forbidden):
        issue(cast["clerk"], "assessment", COUNTY)


def test_measuring_a_day_to_come_is_refused(cast: Cast):
    with pytest.raises(Invalid):
        measure(date(2999, 1, 1), "postgres")


def test_before_the_first_measuring_the_page_says_what_to_do(cast: Cast, leader: Client):
    assert "还没有测量过" in leader.get("/cockpit/targets/").content.decode()
    assert "先在“政策目标”里测量一次" in leader.get("/cockpit/reports/").content.decode()


def test_the_page_costs_the_same_whatever_the_number_of_targets(measured: Run, leader: Client, django_assert_max_num_queries):
    leader.get("/cockpit/targets/")
    with django_assert_max_num_queries(14):
        leader.get("/cockpit/targets/")


def test_pressing_twice_asks_for_one_measuring(measured: Run, leader: Client):
    for _press in range(2):
        assert leader.post("/cockpit/targets/again").status_code == 302
    assert "正在重新测量" in leader.get("/cockpit/targets/?asked=1").content.decode()


def test_the_policy_is_its_own_table_of_contents(leader: Client):
    page = leader.get("/cockpit/policy/").content.decode()
    assert page.count('class="card stack demand"') == 289 and "共289条要求" in page
    assert "/cockpit/targets/IND-LESH-" in page and "/desk/registers/" in page
    leader.cookies["fahui_lang"] = "en"
    told = leader.get("/cockpit/policy/").content.decode()
    assert "Strengthen the physical public legal service platforms" in told and "Foundations of development" in told
    del leader.cookies["fahui_lang"]
    missing = leader.get("/cockpit/policy/?state=not_yet").content.decode()
    assert 0 < missing.count('class="card stack demand"') < 60 and "平台能做</" in page
