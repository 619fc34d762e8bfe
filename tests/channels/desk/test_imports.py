"""Tables brought in: a small one at once, a large one by the worker, as whoever handed it in and with the posts they hold that day."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook
from procrastinate.contrib.django import app

from fahui.casework.activities.models import Activity
from fahui.casework.documents import storage
from fahui.casework.errands.actions import MOST_ATTEMPTS
from fahui.casework.errands.queries import newest
from fahui.casework.imports import actions
from fahui.casework.imports.models import Import
from fahui.casework.notices.models import Outgoing
from fahui.casework.registers import actions as register_actions
from fahui.casework.registers import tables
from fahui.casework.registers.models import Correction, Entry
from fahui.channels.desk import bringing, imports
from fahui.foundation import clock
from fahui.foundation.accounts.models import Post
from fahui.foundation.accounts.scope import reading_as
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Conflict
from tests.cast import COUNTY, NEIGHBOUR, TOWNSHIP, Cast
from tests.channels.desk.exporting import at, left
from tests.channels.test_english import chinese_in

pytestmark = pytest.mark.usefixtures("few", "files")
URL, MINE = "/desk/registers/survey/import", "/desk/imports/"
HEADS = ["编号", "地区", "问题", "答“是”的", "有效问卷", "调查截止日"]


class Killed(BaseException):
    """What no handler catches."""


@pytest.fixture
def few(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large begins at four rows, and two rows are checked together."""
    settings.STAFF_MFA_REQUIRED = False
    monkeypatch.setattr(imports, "AT_ONCE", 3)
    monkeypatch.setattr(tables, "STEP", 2)


def rows(count: int, part: str = "1", place: int = COUNTY) -> list[str]:
    return [f"S{n},{place},知道公共法律服务,{part},500,2026-05-31" for n in range(count)]


def csv_of(lines: list[str]) -> bytes:
    return "\n".join([",".join(HEADS), *lines]).encode()


def handed_in(cast: Cast, data: bytes, who: str = "officer", name: str = "问卷.csv", url: str = URL, english: bool = False) -> HttpResponse:
    return at(cast, who, english).post(url, {"file": SimpleUploadedFile(name, data), "reason": "二季度"})


def waiting(cast: Cast, data: bytes, who: str = "officer", **more: Any) -> Import:
    answer = handed_in(cast, data, who, **more)
    assert answer.status_code == 302 and answer["Location"] == MINE, answer.content.decode()
    return Import.objects.filter(user=cast.users[who]).latest("id")


def brought(found: Import) -> Import:
    bringing.bring(found.pk)
    found.refresh_from_db()
    return found


def jobs() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (args->>'table')::bigint FROM procrastinate_jobs WHERE task_name LIKE '%%bring_table' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


# --- small and large


def test_a_small_table_is_in_at_once_and_needs_no_job(cast: Cast, files: Path):
    answer = handed_in(cast, csv_of(rows(3)))
    assert answer.status_code == 302 and answer["Location"] == "/desk/registers/survey/"
    assert Entry.objects.count() == 3 and jobs() == [] and left(files) == [] and not Import.objects.exists()


def test_no_more_rows_are_read_than_decide_whether_a_table_is_small(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    seen, rows_of = [], tables.rows_of

    def counted(path: Path) -> Iterator[Any]:
        for row in rows_of(path):
            seen.append(row)
            yield row

    monkeypatch.setattr(tables, "rows_of", counted)
    waiting(cast, csv_of(rows(40)))
    assert len(seen) == 4
    monkeypatch.setattr(tables, "_ROW_BYTES", 10)
    waiting(cast, csv_of(rows(3)))  # few rows in a file that is far too large for them: not even looked at
    assert len(seen) == 4


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_large_table_is_brought_in_by_the_worker_and_its_file_is_gone(cast: Cast, files: Path, kind: str):
    data = csv_of(rows(5))
    if kind == "xlsx":
        book, out = Workbook(), BytesIO()
        for line in [HEADS, *(row.split(",") for row in rows(5))]:
            book.active.append(line)
        book.save(out)
        data = out.getvalue()
    found = waiting(cast, data, name=f"问卷.{kind}")
    assert jobs() == [found.pk] and (found.state, found.name, found.kind, found.why) == ("waiting", f"问卷.{kind}", kind, "二季度")
    assert not Entry.objects.exists()
    (held,) = left(files)
    assert data[:30] not in held.read_bytes() and not os.stat(held).st_mode & 0o077
    brought(found)
    assert (found.state, found.rows, found.rows_all, found.added, found.message) == ("done", 5, 5, 5, "")
    assert Entry.objects.filter(entered_by=cast.users["officer"].pk).count() == 5 and left(files) == []
    assert Event.objects.get(kind="table.imported").data == {"rows": 5, "why": "二季度"}
    again = brought(waiting(cast, csv_of(rows(4) + [rows(5)[4].replace(",1,500", ",7,500"), *[r.replace("S", "T") for r in rows(1)]]), name="b.csv"))
    assert (again.added, again.corrected, again.same) == (1, 1, 4) and Correction.objects.get().reason == "二季度"


def test_activities_go_the_same_way(cast: Cast):
    url, heads = "/desk/activities/import", "编号,活动种类,名称,哪一天,时长（分钟）,地点,谁提供的"
    assert "超过 3 行" in at(cast, "officer").get(url).content.decode()
    lines = [f"H-{n},法治讲座,讲座{n},2026-05-08,90,{TOWNSHIP},T-lawyer 60" for n in range(4)]
    found = brought(waiting(cast, "\n".join([heads, *lines]).encode(), url=url))
    assert (found.about, found.state, found.added) == ("activities", "done", 4) and Activity.objects.count() == 4
    assert "/desk/activities/" in at(cast, "officer").get(MINE).content.decode()
    wrong = brought(waiting(cast, "\n".join([heads, *lines[:3], lines[3].replace("T-lawyer", "T-nobody")]).encode(), url=url))
    assert (wrong.state, wrong.faults) == ("failed", 1)


def test_how_far_it_is_can_be_seen_while_it_is_checked(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    found, seen, officer = waiting(cast, csv_of(rows(5))), [], at(cast, "officer")
    progress = actions.progress

    def watched(one: Import, done: int, there: int) -> None:
        progress(one, done, there)
        seen.append(Import.objects.values_list("state", "rows", "rows_all").get(pk=one.pk))

    monkeypatch.setattr(actions, "progress", watched)
    brought(found)
    assert seen == [("working", 2, 5), ("working", 4, 5), ("working", 5, 5)]
    for done, there, said in ((0, None, "正在读文件"), (2, 5, "已核对 2 行，共 5 行"), (5, 5, "5 行都核对过了，正在写入")):
        Import.objects.update(state="working", rows=done, rows_all=there)
        assert said in officer.get(MINE).content.decode()


# --- what is wrong


def test_what_is_wrong_is_told_by_row_and_column_and_as_a_workbook_and_nothing_is_written(cast: Cast, files: Path):
    lines = rows(5)
    lines[1], lines[4] = lines[1].replace(",1,500", ",600,500"), lines[4].replace(str(COUNTY), "510100000000")
    found = brought(waiting(cast, csv_of(lines)))
    assert (found.state, found.faults) == ("failed", 2) and not Entry.objects.exists()
    (held,) = left(files)
    assert b"510100000000" not in held.read_bytes()
    officer = at(cast, "officer")
    assert f'href="{MINE}{found.pk}"' in officer.get(MINE).content.decode() and "有2处要改" in officer.get(MINE).content.decode()
    page = officer.get(f"{MINE}{found.pk}").content.decode()
    assert "比总数还多" in page and "510100000000" in page and f'href="{URL}"' in page
    answer = officer.get(f"{MINE}{found.pk}/faults.xlsx")
    told = [[cell.value for cell in line] for line in load_workbook(BytesIO(answer.content)).active.iter_rows()]
    assert told[0] == ["行", "栏目", "填的是", "怎么改"] and [line[:3] for line in told[1:]] == [[3, "答“是”的", "600"], [6, "地区", "510100000000"]]
    assert answer["Cache-Control"] == "no-store"
    assert officer.post(f"{MINE}{found.pk}/remove").status_code == 302 and left(files) == [] and not Import.objects.exists()
    assert officer.get(f"{MINE}{found.pk}").status_code == 404


def test_what_is_wrong_in_every_row_is_kept_up_to_a_measure(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(actions, "MOST_FAULTS", 4)
    monkeypatch.setattr(imports, "_FAULTS", 3)
    found = brought(waiting(cast, csv_of(rows(6, part="600"))))
    page = at(cast, "officer").get(f"{MINE}{found.pk}").content.decode()
    assert found.faults == 6 and "有 6 处要改" in page and "还有 3 处" in page and page.count("比总数还多") == 3
    assert len(actions.faults_of(cast["officer"], found.pk)[1]) == 4


def test_what_is_no_table_is_told_by_the_worker_too(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tables, "_ROW_BYTES", 1)  # so large for its rows that only the worker looks into it
    found = brought(waiting(cast, "地区".encode() * 200))
    assert (found.state, found.faults, found.message) == ("failed", 0, "表里没有数据行：第一行是表头，从第二行起填数据")
    page = at(cast, "officer").get(MINE).content.decode()
    assert found.message in page and f"faults-{found.pk}" not in page
    assert at(cast, "officer").get(f"{MINE}{found.pk}").status_code == 404


def test_without_a_reason_nothing_is_handed_in(cast: Cast, files: Path):
    answer = at(cast, "officer").post(URL, {"file": SimpleUploadedFile("a.csv", csv_of(rows(5))), "reason": " "})
    assert answer.status_code == 422 and "请写明理由" in answer.content.decode() and left(files) == [] and jobs() == []


# --- whose it is, and with which rights


def test_posts_are_those_of_the_day_it_is_brought_in(cast: Cast, files: Path):
    found, lost = waiting(cast, csv_of(rows(4))), waiting(cast, csv_of(rows(5)))
    Post.objects.filter(user=cast.users["officer"]).update(region_code=NEIGHBOUR)
    assert brought(found).state == "failed" and found.faults == 4
    Post.objects.filter(user=cast.users["officer"]).update(valid_to=clock.today() - timedelta(days=1))
    assert brought(lost).state == "failed" and "您的岗位不管这本台账" in lost.message and lost.faults == 0
    assert not Entry.objects.exists() and len(left(files)) == 1
    assert at(cast, "officer").get(f"{MINE}{found.pk}").status_code == 403  # and what it said stays closed


def test_rights_lost_while_the_table_was_checked_count(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    found, progress = waiting(cast, csv_of(rows(4))), actions.progress

    def lost(*given: Any) -> None:
        progress(*given)
        Post.objects.filter(user=cast.users["officer"]).update(valid_to=clock.today() - timedelta(days=1))

    monkeypatch.setattr(actions, "progress", lost)
    assert brought(found).state == "failed" and not Entry.objects.exists()


def test_an_account_switched_off_brings_nothing_in(cast: Cast):
    found = waiting(cast, csv_of(rows(4)))
    cast.users["officer"].is_active = False
    cast.users["officer"].save()
    assert brought(found).state == "failed" and "账号已停用" in found.message and not Entry.objects.exists()


def test_nobody_else_sees_cancels_or_deletes_it(cast: Cast):
    found, held = brought(waiting(cast, csv_of(rows(4, part="600")), name="只给自己.csv")), waiting(cast, csv_of(rows(5)))
    for who in ("leader", "clerk", "admin"):
        other = at(cast, who)
        assert other.get(f"{MINE}{found.pk}").status_code == 404 and other.get(f"{MINE}{found.pk}/faults.xlsx").status_code == 404
        assert other.post(f"{MINE}{held.pk}/cancel").status_code == 404 and other.post(f"{MINE}{found.pk}/remove").status_code == 404
        assert "只给自己" not in other.get(MINE).content.decode()
    assert Client().get(MINE).status_code == 302
    assert newest(Import, cast["leader"]).rows == [] and len(newest(Import, cast["officer"]).rows) == 2
    with reading_as(cast["leader"]):
        assert not Import.objects.exists()
        with pytest.raises(Exception, match="row-level security"):
            Import.objects.create(user=cast.users["officer"], about="survey", name="x", kind="csv", digest="x", why="x", language="en",
                                  asked_at=clock.now(), expires_at=clock.now())  # fmt: skip


# --- twice, too many, cancelled, expired


def test_the_same_file_handed_in_while_it_waits_is_one_import(cast: Cast, files: Path):
    first = waiting(cast, csv_of(rows(4)))
    assert waiting(cast, csv_of(rows(4)), name="另一个名字.csv") == first and jobs() == [first.pk] and len(left(files)) == 1
    assert waiting(cast, csv_of(rows(4)), "leader") != first
    brought(first)
    assert brought(waiting(cast, csv_of(rows(4)))).same == 4


def test_no_more_than_three_are_at_work_for_one_person(cast: Cast, files: Path):
    for count in (4, 5, 6):
        waiting(cast, csv_of(rows(count)))
    answer = handed_in(cast, csv_of(rows(7)))
    assert answer.status_code == 409 and "您已有3份表在导入" in answer.content.decode() and len(jobs()) == len(left(files)) == 3
    brought(Import.objects.earliest("id"))
    waiting(cast, csv_of(rows(7)))


def test_cancelled_while_it_waits_or_is_checked_nothing_of_it_is_in(cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch):
    found, officer, progress = waiting(cast, csv_of(rows(4))), at(cast, "officer"), actions.progress
    assert officer.post(f"{MINE}{found.pk}/remove").status_code == 409
    assert officer.post(f"{MINE}{found.pk}/cancel").status_code == 302 and left(files) == []
    bringing.bring(found.pk)
    found = waiting(cast, csv_of(rows(4)))

    def cancelled_at_two(one: Import, done: int, there: int) -> None:
        progress(one, done, there)
        assert done == 2
        actions.cancel(cast["officer"], one.pk)

    monkeypatch.setattr(actions, "progress", cancelled_at_two)
    bringing.bring(found.pk)
    assert not Event.objects.filter(kind="table.imported").exists() and not Entry.objects.exists()
    assert not Outgoing.objects.filter(notice="import.brought").exists()


def test_cancelled_too_late_it_is_told_and_stays(cast: Cast):
    found, officer = brought(waiting(cast, csv_of(rows(4)))), at(cast, "officer")
    answer = officer.post(f"{MINE}{found.pk}/cancel", follow=True)
    assert "刚刚结束，不能取消了" in answer.content.decode() and Import.objects.get() == found and Entry.objects.count() == 4


def test_what_expired_is_closed_at_once_and_goes_with_the_next_tidying(cast: Cast, files: Path, hourly: Callable[[], int]):
    found, kept = brought(waiting(cast, csv_of(rows(4, part="600")))), brought(waiting(cast, csv_of(rows(5))))
    Import.objects.filter(pk=found.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    assert at(cast, "officer").get(f"{MINE}{found.pk}").status_code == 404
    hourly()
    assert list(Import.objects.all()) == [kept] and left(files) == []


def test_files_that_no_row_names_are_swept_up_and_others_stay(cast: Cast, files: Path, hourly: Callable[[], int]):
    waiting(cast, csv_of(rows(4)))
    brought(waiting(cast, csv_of(rows(5, part="600"))))
    storage.store(b"of a request that failed", "ab" * 32, storage.IMPORTS)
    hourly()
    assert len(left(files)) == 3  # it may belong to a request that is not through yet
    old = clock.now().timestamp() - 2 * 3600
    for path in left(files):
        os.utime(path, (old, old))
    hourly()
    assert len(left(files)) == 2 and "ab" * 32 not in {path.name for path in left(files)}


def test_what_was_at_work_for_a_day_is_given_up(cast: Cast, hourly: Callable[[], int]):
    found = waiting(cast, csv_of(rows(4)))
    Import.objects.update(asked_at=clock.now() - timedelta(days=1, minutes=1))
    hourly()
    found.refresh_from_db()
    assert found.state == "failed" and "请再导入一次" in found.message
    bringing.bring(found.pk)
    assert not Entry.objects.exists()


def test_a_file_that_is_gone_is_told(cast: Cast, files: Path):
    found = waiting(cast, csv_of(rows(4)))
    for path in left(files):
        path.unlink()
    assert brought(found).state == "failed" and "已经不在了" in found.message


# --- killed, broken, overtaken


@pytest.mark.parametrize("where", ["progress", "finish"])
def test_killed_half_way_and_run_again_everything_is_in_once(cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch, where: str):
    found = waiting(cast, csv_of(rows(5)))

    def killed(*given: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(actions.shutil, "rmtree", lambda *args, **more: None)  # a killed process tidies nothing up
        patch.setattr(actions, where, killed)
        with pytest.raises(Killed):
            bringing.bring(found.pk)
    assert not Entry.objects.exists() and list(files.rglob(".reading*"))
    assert brought(found).state == "done" and found.attempts == 2
    assert Entry.objects.count() == 5 and Event.objects.filter(kind="entry.added").count() == 5
    assert left(files) == [] and not list(files.rglob(".reading*"))


def test_killed_after_the_commit_it_is_not_brought_in_again(cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch, hourly: Callable[[], int]):
    found = waiting(cast, csv_of(["," + row.partition(",")[2] for row in rows(4)]))  # without numbers: each time they would be new

    def killed(*given: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(actions, "over", killed)
        with pytest.raises(Killed):
            bringing.bring(found.pk)
    assert brought(found).state == "done" and Entry.objects.count() == 4 and found.attempts == 1
    (file,) = left(files)
    os.utime(file, (1, 1))
    hourly()
    assert left(files) == []


def test_a_table_that_kills_its_worker_is_not_begun_for_ever(cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch):
    found = waiting(cast, csv_of(rows(4)))

    def killed(*given: Any) -> None:
        raise Killed

    monkeypatch.setattr(actions, "progress", killed)
    for _time in range(MOST_ATTEMPTS):
        with pytest.raises(Killed):
            bringing.bring(found.pk)
    assert brought(found).state == "failed" and "请告诉系统管理员" in found.message and left(files) == []
    assert "没有导入" in Outgoing.objects.get(user_id=cast.users["officer"].pk).text  # told once


def test_a_fault_of_ours_is_told_in_plain_words_and_not_tried_again(cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch):
    found = waiting(cast, csv_of(rows(4)))

    def broken(*given: Any) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr(register_actions, "_store", broken)
    assert brought(found).state == "failed" and "no such thing" not in found.message and "一行也没有写进去" in found.message and left(files) == []


def test_a_lost_database_is_for_the_next_attempt_which_the_worker_makes(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    found, task = waiting(cast, csv_of(rows(4))), app.tasks["fahui.channels.tasks.bring_table"]
    monkeypatch.setattr("fahui.channels.tasks.close_old_connections", lambda: None)
    lost = OperationalError("the connection is closed")

    def away(*given: Any) -> None:
        raise lost

    with monkeypatch.context() as patch:
        patch.setattr(actions, "progress", away)
        with pytest.raises(OperationalError):
            task(table=found.pk)
    assert task.lock == app.tasks["fahui.channels.tasks.make_export"].lock  # one at a time, so that a thread stays free
    task(table=found.pk)
    found.refresh_from_db()
    assert (found.state, found.added, found.attempts) == ("done", 4, 2)


def test_an_attempt_that_was_overtaken_writes_nothing(cast: Cast):
    slow = actions.begin(waiting(cast, csv_of(rows(4))).pk)
    assert slow is not None
    fast = actions.begin(slow.pk)
    assert fast is not None and fast.attempts == 2
    with pytest.raises(Conflict):
        actions.progress(slow, 2, 4)
    with pytest.raises(Conflict):
        actions.finish(slow, register_actions.Imported(4, 0, 0))
    actions.fail(slow, "never")
    actions.over(slow)
    assert brought(fast).state == "done" and Entry.objects.count() == 4


# --- the page


def test_whoever_handed_it_in_is_told_and_finds_it(cast: Cast):
    officer = at(cast, "officer")
    assert "没有导入的表" in officer.get(MINE).content.decode()
    found = waiting(cast, csv_of(rows(4)))
    busy = officer.get(MINE).content.decode()
    assert "排队中" in busy and 'hx-trigger="every 3s"' in busy and f'href="{MINE}" id="again"' in busy and f"{found.pk}/cancel" in busy
    brought(found)
    told = officer.get("/desk/inbox").content.decode()
    assert "导入好了" in told and "二季度" in told and f'href="{MINE}"' in told
    assert "导入好了" not in at(cast, "leader").get("/desk/inbox").content.decode()
    done = officer.get(MINE).content.decode()
    assert "新增 4 条，更正 0 条，没有变化 0 条" in done and "every 3s" not in done and 'href="/desk/registers/survey/"' in done
    assert not Outgoing.objects.filter(user_id=cast.users["officer"].pk, read_at=None).exists()


def test_the_page_costs_the_same_for_one_and_for_many_and_loses_none(cast: Cast):
    now, officer = clock.now(), at(cast, "officer")

    def more(count: int) -> None:
        Import.objects.bulk_create(
            Import(user=cast.users["officer"], about="survey", kind="csv", name=f"{n}.csv", digest=str(n), language="zh-hans", why=f"用途{n}",
                   state="done", asked_at=now, ready_at=now, expires_at=now + timedelta(days=1)) for n in range(count)
        )  # fmt: skip

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert officer.get(MINE).status_code == 200
        return len(seen)

    more(1)
    first = cost()
    more(49)
    assert cost() == first <= 14
    found, cursor = [], ""
    while True:
        page = newest(Import, cast["officer"], cursor)
        found += [one.pk for one in page.rows]
        cursor = page.following
        if not cursor:
            break
    assert len(found) == len(set(found)) == 50 and found == sorted(found, reverse=True)
    assert officer.get(f"{MINE}?after=nonsense").status_code == 200


def test_handing_in_costs_the_same_for_few_rows_and_for_many(cast: Cast):
    def cost(data: bytes) -> int:
        with CaptureQueriesContext(connection) as seen:
            waiting(cast, data)
        return len(seen)

    assert cost(csv_of(rows(5))) == cost(csv_of(rows(900)))


def test_the_pages_are_english_when_english_is_chosen(cast: Cast):
    found = brought(waiting(cast, csv_of(rows(4, part="600")), name="a.csv", english=True))
    Import.objects.update(why="Quarter")
    waiting(cast, csv_of(rows(5)), name="b.csv", english=True)
    Import.objects.update(why="Quarter")
    officer = at(cast, "officer", english=True)
    for url in (MINE, f"{MINE}{found.pk}", URL):
        assert chinese_in(officer.get(url).content.decode(), ["乐山市司法局", "（", "）"]) == [], url

