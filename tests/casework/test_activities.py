"""Activities: who took part, the other side's word, corrections that ask for it again, tables all or nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from fahui.casework.activities import actions, queries
from fahui.casework.activities.forms import Topic, answers_of
from fahui.casework.activities.models import Activity, Taking
from fahui.casework.registers.changes import before_and_after, corrections
from fahui.casework.registers.models import Correction
from fahui.casework.registers.queries import narrowed
from fahui.foundation import cities
from fahui.foundation.accounts.scope import Reader, reading_as
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.people.models import Practitioner
from fahui.foundation.regions.models import Region
from fahui.foundation.tables.importer import BadTable
from tests.cast import COUNTY, NEIGHBOUR, TOWNSHIP, Cast

LECTURE = {"kind": "lecture", "title": "民法典进乡村", "held_on": "2026-05-08", "minutes": "90", "region_code": str(TOWNSHIP), "people": "60",
           "topic": "civil_code", "groups": ["resident"], "gave": ["T-lawyer 60", "T-lawyer_b"]}  # fmt: skip


def village() -> int:
    return int(Region.objects.filter(level=5, code__gt=TOWNSHIP, code__lt=TOWNSHIP + 1000).values_list("code", flat=True)[0])


def add(reader: Reader, key: str = "", **more: Any) -> Activity:
    with reading_as(reader):
        return actions.add(reader, LECTURE | more, key)


def visit(reader: Reader) -> Activity:
    return add(reader, kind="counsel_visit", region_code=str(village()), gave=["T-lawyer"])


def refused(reader: Reader, **more: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as said:
        add(reader, **more)
    return said.value.fields


def test_who_gave_it_stands_with_their_minutes(cast: Cast):
    activity = add(cast["officer"])
    held = {(t.practitioner.licence, t.part, t.minutes) for t in Taking.objects.select_related("practitioner")}
    assert held == {("T-lawyer", "gave", 60), ("T-lawyer_b", "gave", 90)}
    assert (activity.people, activity.services, activity.groups, activity.form) == (60, 1, ["resident"], "onsite")


def test_what_cannot_be_is_refused_by_field(cast: Cast):
    officer = cast["officer"]
    assert set(refused(officer, gave=["T-lawyer 91"])) == {"gave"}
    assert "写了两次" in refused(officer, gave=["T-lawyer 1", "T-lawyer 2"])["gave"]
    assert "没有找到" in refused(officer, attended=["查无此人 10"])["attended"]
    assert set(refused(officer, held_on="2999-01-01")) == {"held_on"}
    assert set(refused(officer, kind="counsel_service", gave=[])) == {"gave"}
    assert set(refused(officer, kind="counsel_visit")) == {"region_code"}
    assert set(refused(officer, kind="points", minutes="-1")) == {"kind", "minutes"}


def test_a_licence_of_figures_alone_is_no_number_of_minutes(cast: Cast):
    Practitioner.objects.create(licence="15111201010123456", kind="lawyer", name="数字", institution=cast.institutions["firm"], region_code=COUNTY)
    add(cast["officer"], gave=["15111201010123456"])
    assert Taking.objects.get().minutes == 90


@pytest.mark.parametrize("who", ["agent", "reviewer", "lawyer", "evaluator", "admin"])
def test_whoever_keeps_no_activities_enters_none(cast: Cast, who: str):
    with pytest.raises(Forbidden):
        add(cast[who])


def test_a_county_keeps_its_own(cast: Cast):
    with pytest.raises(Forbidden):
        add(cast["clerk"], region_code=str(NEIGHBOUR))
    elsewhere = add(cast["officer"], region_code=str(NEIGHBOUR))
    add(cast["clerk"])
    with reading_as(cast["clerk"]):
        assert [a.region_code for a in queries.listed(cast["clerk"], queries.Filter()).rows] == [TOWNSHIP]
        with pytest.raises(Missing):
            actions.confirm(cast["clerk"], elsewhere.pk, "王主任", "村委会主任")


def test_a_visit_is_confirmed_by_the_committee_and_never_by_the_counsel(cast: Cast):
    officer, activity = cast["officer"], visit(cast["officer"])
    with reading_as(officer):
        for name, office, wrong in [("", "", {"name", "office"}), (cast.lawyers["lawyer"].name, "村委会主任", {"name"}),
                                    ("王主任", "律师事务所", {"office"})]:  # fmt: skip
            with pytest.raises(Invalid) as said:
                actions.confirm(officer, activity.pk, name, office)
            assert set(said.value.fields) == wrong
        actions.confirm(officer, activity.pk, "王某", "西坝村村委会主任", 1)
        with pytest.raises(Conflict):
            actions.confirm(officer, activity.pk, "王某", "西坝村村委会主任")
    activity.refresh_from_db()
    assert (activity.state, activity.confirmed_by) == ("confirmed", "王某（西坝村村委会主任）") and activity.confirmed_at


def test_a_correction_keeps_who_took_part_and_asks_for_the_other_sides_word_again(cast: Cast):
    officer, activity = cast["officer"], add(cast["officer"])
    with reading_as(officer):
        actions.confirm(officer, activity.pk, "校办", "城北小学办公室")
        actions.correct(officer, activity.pk, LECTURE | {"gave": ["T-lawyer 30"], "people": "55"}, "核对签到表", 2)
    activity.refresh_from_db()
    assert (activity.state, activity.confirmed_by, activity.revision) == ("entered", "", 3)
    kept = corrections(f"activity:{activity.pk}")
    lines = before_and_after(queries.as_told(activity), kept)[3]
    assert ("people", 60, 55) in lines
    assert ("gave", ["lawyer（T-lawyer） 60", "lawyer_b（T-lawyer_b） 90"], ["lawyer（T-lawyer） 30"]) in lines


def test_a_form_that_is_handed_in_again_changes_nothing(cast: Cast):
    officer = cast["officer"]
    given = {name: value for name, value in answers_of(add(officer)).items() if value not in (None, "")}
    with reading_as(officer), pytest.raises(Invalid, match="没有改动"):
        actions.correct(officer, Activity.objects.get().pk, given, "看一看")
    assert not Correction.objects.exists()


def test_void_needs_a_reason_and_is_the_end(cast: Cast):
    officer, activity = cast["officer"], add(cast["officer"])
    with reading_as(officer):
        with pytest.raises(Invalid):
            actions.void(officer, activity.pk, "")
        actions.void(officer, activity.pk, "重复登记", 1)
        for attempt in (lambda: actions.confirm(officer, activity.pk, "王某", "村委会"), lambda: actions.correct(officer, activity.pk, LECTURE, "再改")):
            with pytest.raises(Conflict):
                attempt()
    assert queries.tallies(officer) == {}


def test_the_same_key_enters_once(cast: Cast):
    assert add(cast["officer"], "k").pk == add(cast["officer"], "k").pk
    with pytest.raises(Conflict):
        add(cast["officer"], "k", people="1")


def test_every_topic_that_a_target_asks_for_can_be_chosen():
    text = "".join(path.read_text(encoding="utf-8") for path in cities.ROOT.glob("*/indicators.yaml"))
    asked = set(re.findall(r"\btopic: ([a-z_]+)", text))
    assert asked and asked <= {topic.value for topic in Topic}


HEADS = "编号,活动种类,名称,哪一天,时长（分钟）,地点,谁提供的,服务哪些人"


def table(path: Path, *lines: str) -> Path:
    file = path / "a.csv"
    file.write_text("\n".join([HEADS, *lines]), encoding="utf-8")
    return file


def test_a_table_brings_takings_and_corrects_by_number(cast: Cast, tmp_path: Path):
    officer, row = cast["officer"], f"H-1,法治讲座,讲座,2026-05-08,90,{TOWNSHIP},T-lawyer 60；T-lawyer_b,老年人；农民工"
    with reading_as(officer):
        assert actions.import_activities(officer, table(tmp_path, row), "五月活动").added == 1
        assert actions.import_activities(officer, table(tmp_path, row), "再来一次").same == 1
        assert actions.import_activities(officer, table(tmp_path, row.replace(" 60", " 45")), "改分钟").corrected == 1
    activity = Activity.objects.get()
    assert activity.groups == ["older_person", "migrant_worker"] and activity.revision == 2
    assert sorted(Taking.objects.values_list("minutes", flat=True)) == [45, 90]


def test_a_damaged_table_stores_nothing(cast: Cast, tmp_path: Path):
    officer = cast["officer"]
    file = table(tmp_path, f"H-1,法治讲座,讲座,2026-05-08,90,{TOWNSHIP},T-lawyer,老年人", f"H-2,法治讲座,讲座,2026-05-08,90,{TOWNSHIP},T-nobody,老年人")
    with reading_as(officer), pytest.raises(BadTable) as said:
        actions.import_activities(officer, file, "五月活动")
    assert [(f.row, f.column) for f in said.value.faults] == [(3, "谁提供的")]
    assert not Activity.objects.exists() and not Taking.objects.exists()


def test_a_part_of_a_title_is_found_by_the_index(cast: Cast):
    add(cast["officer"])
    with reading_as(cast["officer"]), connection.cursor() as cursor:
        assert [one.title for one in queries.listed(cast["officer"], queries.Filter(text="典进乡")).rows] == ["民法典进乡村"]
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        asked = Activity.objects.filter(narrowed(queries.Filter(text="典进乡"), (), "held_on", ("title", "code")))
        assert "activity_text" in asked.explain()
