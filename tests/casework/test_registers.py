"""Registers: who may enter what and where, what a second person does, what stays of a correction, tables all or nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fahui.casework.registers import actions, queries
from fahui.casework.registers.changes import before_and_after
from fahui.casework.registers.definitions import current, register_of
from fahui.casework.registers.forms import answers_of, form_of
from fahui.casework.registers.models import Correction, Entry
from fahui.casework.registers.tables import columns_of
from fahui.foundation.accounts.actions import make_staff
from fahui.foundation.accounts.scope import SYSTEM, Reader, as_system, reading_as
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.people.models import Institution
from fahui.foundation.tables.importer import BadTable
from tests.cast import CITY, COUNTY, NEIGHBOUR, PASSWORD, TOWNSHIP, Cast

HONOUR = {"institution": "T-firm", "region_code": str(COUNTY), "category": "famous_firm", "title": "五通桥甲律师事务所", "grade": "city",
          "begins": "2026-03-01", "d_organ": "乐山市司法局"}  # fmt: skip
SURVEY = {"region_code": str(COUNTY), "category": "awareness", "part": "350", "whole": "500", "begins": "2026-05-31"}


def township_keeper(cast: Cast, name: str = "office", region: int = TOWNSHIP) -> Reader:
    """A judicial office's clerk, who keeps registers in one township."""
    cast.users[name] = make_staff(SYSTEM, f"t-{name}", name, PASSWORD, [
        {"role": "justice_office", "region_code": region, "service": "*", "institution": cast.institutions["bureau"],
         "valid_from": date(2020, 1, 1)}])  # fmt: skip
    return cast[name]


def add(reader: Reader, register: str = "honour", key: str = "", **more: Any) -> Entry:
    given = {"honour": HONOUR, "survey": SURVEY}.get(register, {}) | more
    with reading_as(reader):
        return actions.add(reader, register, given, key)


def refused(reader: Reader, register: str, **more: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as said:
        add(reader, register, **more)
    return said.value.fields


def test_every_register_makes_a_form_and_a_table_without_two_columns_of_one_name():
    for register in current().values():
        form_of(register).model_json_schema()
        names = [name for column in columns_of(register) for name in column.names]
        assert len(names) == len(set(names)), register.id


def test_words_of_the_definitions_hold_nothing_but_words():
    for register in current().values():
        said = f"{register.model_dump()}"
        assert "required: true" not in said and "kind: yesno" not in said


def test_what_is_entered_stands_in_its_columns(cast: Cast):
    entry = add(cast["officer"])
    entry.refresh_from_db()
    assert (entry.region_code, entry.institution_id, entry.category, entry.begins) == (
        COUNTY, cast.institutions["firm"].pk, "famous_firm", date(2026, 3, 1))  # fmt: skip
    assert entry.state == "entered" and entry.details == {"organ": "乐山市司法局"} and entry.code.startswith("2026-")
    assert Event.objects.filter(about=f"entry:{entry.pk}", kind="entry.added", actor_id=cast.users["officer"].pk).count() == 1


def test_a_number_that_is_handed_in_needs_no_title(cast: Cast):
    assert add(cast["officer"], "survey").title == "知道公共法律服务 2026-05-31"


def test_every_wrong_field_is_named_with_its_remedy(cast: Cast):
    fields = refused(cast["officer"], "honour", category="self_styled", begins="2026-02-30", d_organ="", region_code="510100000000",
                     institution="没有这一家")  # fmt: skip
    assert set(fields) == {"category", "begins", "region_code", "institution", "d_organ"}
    assert fields["category"] == "请从列出的选项里选"


def test_more_than_all_is_refused_but_a_rate_may_exceed_its_reference(cast: Cast):
    assert refused(cast["officer"], "survey", part="501") == {"part": "比总数还多，请核对"}
    rate = add(cast["officer"], "rate", title="办案补贴", region_code=str(COUNTY), category="aid_case", part="2000", whole="1800",
               begins="2026-01-01", d_document="乐司〔2026〕1号")  # fmt: skip
    assert rate.part == Decimal(2000)


def test_the_end_before_the_beginning_is_refused(cast: Cast):
    assert refused(cast["officer"], "honour", ends="2026-02-28") == {"ends": "早于开始，请核对"}


def test_only_the_kinds_a_register_names_can_be_chosen(cast: Cast):
    given = {"region_code": str(COUNTY), "category": "civil", "part": "3", "begins": "2026-05-01", "institution": "T-aid"}
    assert refused(cast["officer"], "lawyer_return", **given) == {"institution": "这里只登记：律师事务所"}
    assert add(cast["officer"], "lawyer_return", **given | {"institution": "五通桥甲律师事务所"}).institution == cast.institutions["firm"]


def test_a_name_of_two_is_asked_about_and_never_guessed(cast: Cast):
    Institution.objects.create(code="T-twin", kind="law_firm", name="五通桥甲律师事务所", region_code=COUNTY)
    assert "T-twin" in refused(cast["officer"], "honour", institution="五通桥甲律师事务所")["institution"]
    assert "是不是" in refused(cast["officer"], "honour", institution="五通桥乙")["institution"]
    assert add(cast["officer"], institution="五通桥甲律师事务所（T-twin）").institution.code == "T-twin"


@pytest.mark.parametrize("who", ["clerk", "agent", "reviewer", "lawyer", "evaluator", "admin"])
def test_whoever_keeps_no_register_enters_nothing(cast: Cast, who: str):
    with pytest.raises(Forbidden):
        add(cast[who])
    assert not Entry.objects.exists()


def test_a_post_enters_in_its_own_place_and_the_citys_only_from_the_city(cast: Cast):
    office = township_keeper(cast)
    assert add(office, "survey", region_code=str(TOWNSHIP)).region_code == TOWNSHIP
    for place in (CITY, COUNTY, NEIGHBOUR):
        with pytest.raises(Forbidden):
            add(office, "survey", region_code=str(place))
    assert add(cast["officer"], "survey", region_code=str(CITY)).region_code == CITY


def test_an_entry_elsewhere_is_not_there(cast: Cast):
    office, entry = township_keeper(cast), add(cast["officer"], "survey")
    with reading_as(office):
        assert queries.listed(office, register_of("survey"), queries.Filter()).rows == []
        for attempt in (lambda: queries.one(office, entry.pk), lambda: actions.verify(office, entry.pk),
                        lambda: actions.void(office, entry.pk, "不该有")):  # fmt: skip
            with pytest.raises(Missing):
                attempt()


def test_an_entry_cannot_be_moved_to_where_its_corrector_keeps_nothing(cast: Cast):
    office = township_keeper(cast)
    entry = add(office, "survey", region_code=str(TOWNSHIP))
    with reading_as(office), pytest.raises(Forbidden):
        actions.correct(office, entry.pk, SURVEY | {"region_code": str(COUNTY)}, "挪到县里")
    entry.refresh_from_db()
    assert entry.region_code == TOWNSHIP and entry.revision == 1


def test_a_correction_keeps_what_was_said_and_why(cast: Cast):
    officer, entry = cast["officer"], add(cast["officer"], "survey")
    with reading_as(officer):
        actions.correct(officer, entry.pk, SURVEY | {"part": "340"}, "原表看错一行", entry.revision)
        actions.correct(officer, entry.pk, SURVEY | {"part": "345", "whole": "510"}, "补录十份", 2)
    entry.refresh_from_db()
    kept = queries.corrections(entry)
    assert [c.reason for c in kept] == ["原表看错一行", "补录十份"]
    assert before_and_after(entry, kept) == {
        2: [("part", "350.00", "340.00")], 3: [("part", "340.00", "345.00"), ("whole", "500.00", "510.00")]}  # fmt: skip


def test_a_correction_without_reason_or_change_is_refused(cast: Cast):
    officer, entry = cast["officer"], add(cast["officer"], "survey")
    with reading_as(officer):
        with pytest.raises(Invalid) as said:
            actions.correct(officer, entry.pk, SURVEY | {"part": "1"}, " ")
        assert set(said.value.fields) == {"reason"}
        with pytest.raises(Invalid):
            actions.correct(officer, entry.pk, SURVEY, "没有变化")
    assert not Correction.objects.exists()


def test_whoever_looked_at_an_older_version_is_told(cast: Cast):
    officer, entry = cast["officer"], add(cast["officer"], "survey")
    with reading_as(officer):
        actions.correct(officer, entry.pk, SURVEY | {"part": "340"}, "看错一行", 1)
        with pytest.raises(Conflict):
            actions.correct(officer, entry.pk, SURVEY | {"part": "300"}, "看错一行", 1)
    with reading_as(cast["leader"]), pytest.raises(Conflict):
        actions.verify(cast["leader"], entry.pk, 1)


def test_a_second_person_verifies_never_the_one_who_entered_or_corrected_last(cast: Cast):
    officer, leader, entry = cast["officer"], cast["leader"], add(cast["officer"], "survey")
    with reading_as(officer), pytest.raises(Conflict):
        actions.verify(officer, entry.pk)
    with reading_as(leader):
        actions.correct(leader, entry.pk, SURVEY | {"part": "340"}, "看错一行")
        with pytest.raises(Conflict):
            actions.verify(leader, entry.pk)
    third = township_keeper(cast, "third", CITY)
    with reading_as(third):
        actions.verify(third, entry.pk)
    entry.refresh_from_db()
    assert entry.state == "verified" and entry.verified_by == third.user_id and entry.verified_at is not None


def test_a_verified_entry_that_is_corrected_waits_again(cast: Cast):
    officer, leader, entry = cast["officer"], cast["leader"], add(cast["officer"], "survey")
    with reading_as(leader):
        actions.verify(leader, entry.pk, 1)
    with reading_as(officer):
        actions.correct(officer, entry.pk, SURVEY | {"part": "340"}, "看错一行", 2)
    entry.refresh_from_db()
    assert (entry.state, entry.verified_by, entry.revision) == ("entered", None, 3)


def test_where_no_second_person_is_asked_for_none_verifies(cast: Cast):
    entry = add(cast["officer"], "decision_return", region_code=str(COUNTY), part="3", whole="4", begins="2026-03-01")
    with reading_as(cast["leader"]), pytest.raises(Conflict):
        actions.verify(cast["leader"], entry.pk)


def test_sent_back_and_void_say_why_and_void_is_the_end(cast: Cast):
    officer, leader, entry = cast["officer"], cast["leader"], add(cast["officer"], "survey")
    with reading_as(leader):
        with pytest.raises(Invalid):
            actions.send_back(leader, entry.pk, "")
        actions.send_back(leader, entry.pk, "缺原始问卷")
        assert queries.waiting(officer) == {"survey": (0, 1)}
    with reading_as(officer):
        actions.correct(officer, entry.pk, SURVEY | {"part": "349"}, "核对原卷")
        actions.void(officer, entry.pk, "重复登记")
        with pytest.raises(Conflict):
            actions.correct(officer, entry.pk, SURVEY, "再改一次")
    told = [(e.kind, e.data.get("reason")) for e in queries.history(f"entry:{entry.pk}")][::-1]
    assert told == [("entry.added", None), ("entry.returned", "缺原始问卷"), ("entry.corrected", "核对原卷"), ("entry.voided", "重复登记")]


def test_the_same_key_enters_once_and_not_something_else(cast: Cast):
    officer = cast["officer"]
    first, again = add(officer, "survey", "k-1"), add(officer, "survey", "k-1")
    assert first.pk == again.pk and Entry.objects.count() == 1
    with pytest.raises(Conflict):
        add(officer, "survey", "k-1", part="1")
    assert add(cast["leader"], "survey", "k-1").pk != first.pk


def test_a_number_of_the_bureau_stands_once_in_a_register(cast: Cast):
    add(cast["officer"], "survey", code="DC-1")
    assert "code" in refused(cast["officer"], "survey", code="DC-1")
    assert add(cast["officer"], "honour", code="DC-1").code == "DC-1"


def test_what_waits_and_who_owes(cast: Cast):
    officer, leader, office = cast["officer"], cast["leader"], township_keeper(cast)
    add(officer, "survey")
    late = add(office, "survey", region_code=str(TOWNSHIP))
    with reading_as(leader):
        actions.send_back(leader, late.pk, "缺原始问卷")
        assert queries.waiting(leader) == {"survey": (1, 1)} and queries.waiting(officer) == {"survey": (0, 1)}
        owed = queries.owing(leader)
        assert [(o.register, o.region_code, o.returned, o.unverified) for o in owed] == [("survey", COUNTY, 1, 1)]
        assert queries.tallies(leader)["survey"] == queries.Tally(0, 1, 1)
        assert queries.tallies(leader)["honour"] == queries.Tally()


def test_pages_follow_each_other_and_cost_the_same(cast: Cast):
    officer = cast["officer"]
    for day in range(1, 8):
        add(officer, "survey", begins=f"2026-05-0{(day + 1) // 2}")
    seen, cursor, costs = [], "", set()
    with reading_as(officer):
        while True:
            with CaptureQueriesContext(connection) as counted:
                page = queries.listed(officer, register_of("survey"), queries.Filter(), cursor, 3)
            costs.add(len(counted))
            seen += page.rows
            cursor = page.following
            if not cursor:
                break
    assert [e.pk for e in seen] == [e.pk for e in Entry.objects.order_by("-begins", "-id")] and len(seen) == 7 and max(costs) == 1


@pytest.mark.parametrize(("wanted", "count"), [
    ({"place": TOWNSHIP}, 1), ({"place": COUNTY}, 2), ({"place": NEIGHBOUR}, 0), ({"category": "awareness"}, 1), ({"state": "void"}, 0),
    ({"year": 2025}, 1), ({"text": "首选"}, 1), ({"text": "%"}, 0), ({}, 2),
])  # fmt: skip
def test_filters_narrow(cast: Cast, wanted: dict[str, Any], count: int):
    officer = cast["officer"]
    add(officer, "survey")
    add(officer, "survey", category="first_choice", begins="2025-05-31", region_code=str(TOWNSHIP))
    with reading_as(officer):
        assert len(queries.listed(officer, register_of("survey"), queries.Filter(**wanted)).rows) == count


def table(path: Path, *lines: str) -> Path:
    file = path / "t.csv"
    file.write_text("\n".join(["编号,地区,问题,答“是”的,有效问卷,调查截止日", *lines]), encoding="utf-8")
    return file


def test_a_table_is_entered_whole_and_corrects_by_number(cast: Cast, tmp_path: Path):
    officer = cast["officer"]
    rows = [f"A{n},{COUNTY},知道公共法律服务,{n},500,2026-05-3{n % 2}" for n in range(1, 6)]
    with reading_as(officer):
        assert actions.import_entries(officer, "survey", table(tmp_path, *rows), "季度调查") == actions.Imported(5, 0, 0)
        rows[0] = rows[0].replace(",1,500", ",9,500")
        assert actions.import_entries(officer, "survey", table(tmp_path, *rows), "改一行") == actions.Imported(0, 1, 4)
    entry = Entry.objects.get(code="A1")
    assert entry.part == 9 and queries.corrections(entry)[0].before == {"part": "1.00"} and queries.corrections(entry)[0].reason == "改一行"
    assert Event.objects.filter(kind="table.imported", about="register:survey").count() == 2


def test_a_damaged_table_is_refused_by_row_and_column_and_nothing_is_stored(cast: Cast, tmp_path: Path):
    officer = cast["officer"]
    file = table(tmp_path, f"B1,{COUNTY},知道公共法律服务,1,500,2026-05-31", f"B2,{COUNTY},不知道,1,500,2026-05-31",
                 f"B3,{COUNTY},知道公共法律服务,九,500,2026-05-31", "B4,510100000000,知道公共法律服务,600,500,2026-05-31")  # fmt: skip
    with reading_as(officer), pytest.raises(BadTable) as said:
        actions.import_entries(officer, "survey", file, "季度调查")
    assert {(f.row, f.column) for f in said.value.faults} >= {(3, "问题"), (4, "答“是”的")}
    good = table(tmp_path, f"B1,{COUNTY},知道公共法律服务,1,500,2026-05-31", "B4,510100000000,知道公共法律服务,600,500,2026-05-31")
    with reading_as(officer), pytest.raises(BadTable) as said:
        actions.import_entries(officer, "survey", good, "季度调查")
    assert [(f.row, f.column) for f in said.value.faults] == [(3, "地区")]
    assert not Entry.objects.exists()


def test_a_table_reaches_no_further_than_its_keeper(cast: Cast, tmp_path: Path):
    office = township_keeper(cast)
    add(cast["officer"], "survey", code="C9")
    file = table(tmp_path, f"C1,{COUNTY},知道公共法律服务,1,500,2026-05-31", f"C9,{TOWNSHIP},知道公共法律服务,1,500,2026-05-31")
    with reading_as(office), pytest.raises(BadTable) as said:
        actions.import_entries(office, "survey", file, "季度调查")
    assert [(f.row, f.column) for f in said.value.faults] == [(2, "地区"), (3, "地区")]
    assert Entry.objects.get().revision == 1


def test_what_is_no_table_is_refused(cast: Cast, tmp_path: Path):
    (tmp_path / "a.xlsx").write_bytes(b"PK not a workbook")
    with reading_as(cast["officer"]), pytest.raises(Invalid):
        actions.import_entries(cast["officer"], "survey", tmp_path / "a.xlsx", "季度调查")


def test_a_form_of_an_entry_changes_nothing_when_it_is_handed_in_again(cast: Cast):
    officer = cast["officer"]
    entry = queries.one(SYSTEM, add(officer, "honour").pk)
    given = {name: value for name, value in answers_of(register_of("honour"), entry).items() if value not in (None, "")}
    with reading_as(officer), pytest.raises(Invalid, match="没有改动"):
        actions.correct(officer, entry.pk, given, "看一看")


def test_the_command_imports_as_the_system(cast: Cast, tmp_path: Path):
    file = table(tmp_path, f"D1,{COUNTY},知道公共法律服务,1,500,2026-05-31")
    with as_system():
        assert actions.import_entries(SYSTEM, "survey", file, "命令导入").added == 1
    with reading_as(cast["officer"]):
        assert actions.verify(cast["officer"], Entry.objects.get().pk).state == "verified"
