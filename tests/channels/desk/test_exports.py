"""Lists as files: a short one at once, a long one by the worker, as whoever asked and with the posts they hold that day."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.casework.errands.queries import newest
from fahui.casework.exports import actions
from fahui.casework.exports.models import Export
from fahui.casework.notices.models import Outgoing
from fahui.channels.desk import exports, making, record_files
from fahui.foundation import clock
from fahui.foundation.accounts.models import Post
from fahui.foundation.accounts.scope import SYSTEM, reading_as
from fahui.foundation.audit.models import Event
from fahui.foundation.people.actions import Person
from tests.cast import COUNTY, NEIGHBOUR, Cast, wage_claim
from tests.channels.desk.exporting import MINE, URL, asked, at, broken, jobs, left, made, rows_of, surveys
from tests.channels.test_english import chinese_in

pytestmark = pytest.mark.usefixtures("few_rows", "files")


# --- short and long


def test_a_short_list_comes_at_once_and_needs_no_job(cast: Cast):
    surveys(3)
    answer = at(cast, "officer").post(URL, {"why": "季度考核", "as": "xlsx"})
    assert answer.status_code == 200 and len(rows_of(answer.content)) == 4
    assert not Export.objects.exists() and jobs() == []
    assert Event.objects.get(kind="list.exported").data == {"rows": 3, "why": "季度考核", "filter": ""}


def test_the_form_reads_no_more_than_decides_whether_the_list_is_short(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    surveys(40)
    with CaptureQueriesContext(connection) as seen:
        asked(cast)
    reads = [q["sql"] for q in seen.captured_queries if 'FROM "casework_entry"' in (q["sql"] or "")]
    assert len(reads) == 1 and "LIMIT 4" in reads[0] and "COUNT(" not in reads[0].upper()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("english", [False, True])
def test_a_long_list_is_made_by_the_worker_with_the_content_of_the_one_made_at_once(
    cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch, kind: str, english: bool
):
    surveys(7)
    surveys(2, NEIGHBOUR)
    export = asked(cast, url=f"{URL}?place={COUNTY}&after=x&nothing=1", kind=kind, english=english)
    assert jobs() == [export.pk] and export.state == "waiting" and export.query == f"place={COUNTY}"
    assert not Event.objects.filter(kind="list.exported").exists()
    made(export)
    assert (export.state, export.rows, export.rows_all, export.message) == ("done", 7, 7, "")
    assert Event.objects.get(kind="list.exported").data == {"rows": 7, "why": "季度考核", "filter": f"place={COUNTY}"}
    answer = at(cast, "officer").get(f"{MINE}{export.pk}")
    assert answer["Cache-Control"] == "no-store" and f"fahui-survey-{clock.today()}.{kind}" in answer["Content-Disposition"]
    monkeypatch.setattr(exports, "AT_ONCE", 1000)
    at_once = at(cast, "officer", english).post(f"{URL}?place={COUNTY}", {"why": "季度考核", "as": kind})
    assert rows_of(answer.content, kind) == rows_of(at_once.content, kind) and len(rows_of(answer.content, kind)) == 8
    assert ("Record state" in rows_of(answer.content, kind)[0]) is english
    (held,) = left(files)
    assert held.name == export.digest and answer.content[:40] not in held.read_bytes()
    assert Event.objects.get(kind="list.fetched").about == f"export:{export.pk}"


def test_the_work_list_goes_the_same_way_masked_and_runs_nothing(cast: Cast):
    for number in range(4):
        wage_claim(cast["clerk"], person=Person(name=f"申请人{number}", phone=f"1700000004{number}"))
    export = made(asked(cast, "reviewer", "/desk/export?service=legal_aid&order=newest"))
    assert (export.about, export.query, export.rows) == ("worklist", "service=legal_aid&order=newest", 4)
    cells = [value for row in rows_of(at(cast, "reviewer").get(f"{MINE}{export.pk}").content) for value in row]
    assert "申***" in cells and not [value for value in cells if str(value).startswith("申请人")]
    assert at(cast, "admin").post("/desk/export", {"why": "试一试", "as": "csv"}).status_code == 403


def test_how_far_it_is_can_be_seen_while_it_is_made(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    surveys(5)
    export, seen = asked(cast), []
    progress = actions.progress

    def watched(one: Export, rows: int) -> None:
        progress(one, rows)
        seen.append(Export.objects.values_list("state", "rows").get(pk=one.pk))

    monkeypatch.setattr(actions, "progress", watched)
    made(export)
    assert seen == [("working", 2), ("working", 4), ("working", 5)]


def test_a_list_longer_than_a_file_may_be_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    for number in range(4):
        wage_claim(cast["clerk"], person=Person(name="甲", phone=f"1700000004{number}"))
    monkeypatch.setattr("fahui.channels.desk.books._MOST_CASES", 3)
    export = made(asked(cast, "reviewer", "/desk/export"))
    assert (export.rows, export.rows_all) == (3, None)
    assert "只有前 3 条" in at(cast, "reviewer").get(MINE).content.decode()


# --- whose it is, and with which rights


def test_posts_are_those_of_the_day_it_is_made(cast: Cast):
    surveys(4)
    export = asked(cast)
    Post.objects.filter(user=cast.users["officer"]).update(valid_to=clock.today() - timedelta(days=1))
    assert made(export).state == "failed" and "您的岗位不管这本台账" in export.message
    assert not Event.objects.filter(kind="list.exported").exists()


def test_a_smaller_place_gives_fewer_rows(cast: Cast):
    surveys(4)
    surveys(4, NEIGHBOUR)
    export = asked(cast)
    Post.objects.filter(user=cast.users["officer"]).update(region_code=NEIGHBOUR)
    assert made(export).rows == 4


def test_an_account_switched_off_gets_nothing(cast: Cast):
    surveys(4)
    export = asked(cast)
    cast.users["officer"].is_active = False
    cast.users["officer"].save()
    assert made(export).state == "failed" and export.digest == ""


def test_a_file_made_in_time_stays_closed_for_whoever_lost_the_post(cast: Cast):
    surveys(4)
    export, officer = made(asked(cast)), at(cast, "officer")
    Post.objects.filter(user=cast.users["officer"]).update(valid_to=clock.today() - timedelta(days=1))
    assert officer.get(f"{MINE}{export.pk}").status_code == 403
    assert not Event.objects.filter(kind="list.fetched").exists()


def test_nobody_else_sees_fetches_or_deletes_it(cast: Cast):
    surveys(4)
    export = made(asked(cast, why="只给自己"))
    for who in ("leader", "clerk", "admin"):
        other = at(cast, who)
        assert other.get(f"{MINE}{export.pk}").status_code == 404
        assert other.post(f"{MINE}{export.pk}/remove").status_code == 404
        assert "只给自己" not in other.get(MINE).content.decode()
    assert Client().get(f"{MINE}{export.pk}").status_code == 302
    assert newest(Export, cast["leader"]).rows == [] and len(newest(Export, cast["officer"]).rows) == 1  # the query says so by itself
    with reading_as(cast["leader"]):  # and the database says the same of a query that forgot whose it is
        assert not Export.objects.exists()
    with reading_as(cast["officer"]):
        assert Export.objects.count() == 1


# --- twice, too many, deleted


def test_asked_for_twice_it_is_made_once(cast: Cast):
    surveys(4)
    first = asked(cast, url=f"{URL}?year=2026&place={COUNTY}")
    assert asked(cast, url=f"{URL}?place={COUNTY}&year=2026&q=") == first and jobs() == [first.pk]
    assert asked(cast, url=f"{URL}?year=2026&place={COUNTY}", kind="csv") != first
    made(first)
    assert asked(cast, url=f"{URL}?year=2026&place={COUNTY}") != first


def test_no_more_than_three_are_at_work_for_one_person(cast: Cast):
    surveys(4)
    for year in ("", "?year=2026"):
        asked(cast, url=URL + year)
    asked(cast, kind="csv")
    answer = at(cast, "officer").post(f"{URL}?state=entered", {"why": "季度考核", "as": "xlsx"})
    assert answer.status_code == 409 and "您已有3份导出在做" in answer.content.decode()
    assert Export.objects.count() == 3 and len(jobs()) == 3
    asked(cast, "leader")
    made(Export.objects.filter(user=cast.users["officer"]).earliest("id"))
    asked(cast, url=f"{URL}?state=entered")


def test_a_filter_too_long_to_keep_is_refused(cast: Cast):
    surveys(4)
    wish = actions.Wish("survey", "q=" + "x" * 1000, "季度考核", "csv", "zh-hans")
    with reading_as(cast["officer"]), pytest.raises(Exception, match="筛选的条件太长"):
        actions.ask(cast["officer"], wish)


def test_whoever_asked_is_told_where_they_are(cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch):
    surveys(6)
    officer, leader = at(cast, "officer"), at(cast, "leader")
    made(asked(cast))
    told = officer.get("/desk/inbox").content.decode()
    assert "导出好了" in told and "季度考核" in told and f'href="{MINE}"' in told
    assert "导出好了" not in leader.get("/desk/inbox").content.decode()
    officer.get(MINE)  # seen there, the line is read
    assert not Outgoing.objects.filter(user_id=cast.users["officer"].pk, read_at=None).exists()
    failing = asked(cast, english=True)
    monkeypatch.setattr(making, "_make", broken)
    making.make(failing.pk)
    making.make(failing.pk)  # nothing to do any more, and nothing more to say
    told = officer.get("/desk/inbox").content.decode()
    assert "没有做成的导出：" in told and "Not made: " not in told
    officer.cookies["fahui_lang"] = "en"  # whoever changes the language reads in it also what was told before
    told = officer.get("/desk/inbox").content.decode()
    assert "Not made: " in told and "Export ready: " in told and "没有做成的导出" not in told
    assert Outgoing.objects.filter(user_id=cast.users["officer"].pk, text__startswith="没有做成的导出").count() == 1


def test_deleted_while_it_waits_or_is_made_it_is_made_no_further(cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch):
    surveys(6)
    waiting, officer = asked(cast), at(cast, "officer")
    assert officer.post(f"{MINE}{waiting.pk}/remove").status_code == 302 and not Export.objects.exists()
    making.make(waiting.pk)
    export, progress = asked(cast), actions.progress

    def deleted_at_two(one: Export, rows: int) -> None:
        progress(one, rows)
        assert rows == 2
        Export.objects.filter(pk=one.pk).delete()

    monkeypatch.setattr(actions, "progress", deleted_at_two)
    making.make(export.pk)
    assert not Export.objects.exists() and left(files) == [] and not Event.objects.filter(kind="list.exported").exists()


def test_deleted_when_done_its_file_goes_unless_another_holds_the_same(cast: Cast, files: Path):
    surveys(4)
    one, two = made(asked(cast, kind="csv")), made(asked(cast, "leader", kind="csv"))
    assert one.digest == two.digest and len(left(files)) == 1
    assert at(cast, "officer").post(f"{MINE}{one.pk}/remove").status_code == 302
    assert len(left(files)) == 1 and at(cast, "leader").get(f"{MINE}{two.pk}").status_code == 200
    at(cast, "leader").post(f"{MINE}{two.pk}/remove")
    assert left(files) == []


def test_what_expired_is_closed_at_once_and_goes_with_the_next_tidying(cast: Cast, files: Path, hourly: Callable[[], int]):
    surveys(4)
    export, kept = made(asked(cast)), made(asked(cast, "leader"))
    assert timedelta(days=6, hours=23) < export.expires_at - clock.now() <= timedelta(days=7)
    Export.objects.filter(pk=export.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    officer = at(cast, "officer")
    assert officer.get(f"{MINE}{export.pk}").status_code == 404 and "季度考核" not in officer.get(MINE).content.decode()
    hourly()
    assert list(Export.objects.all()) == [kept] and [path.name for path in left(files)] == [kept.digest]


def test_what_was_at_work_for_a_day_is_given_up(cast: Cast, hourly: Callable[[], int]):
    surveys(4)
    export = asked(cast)
    Export.objects.update(asked_at=clock.now() - timedelta(days=1, minutes=1))
    hourly()
    export.refresh_from_db()
    assert export.state == "failed" and "请再导出一次" in export.message
    assert asked(cast) != export


def test_a_file_that_is_gone_is_told(cast: Cast, files: Path):
    surveys(4)
    export = made(asked(cast))
    for path in left(files):
        path.unlink()
    answer = at(cast, "officer").get(f"{MINE}{export.pk}")
    assert answer.status_code == 404 and "请再导出一次" in answer.content.decode()


# --- the page


def test_the_page_says_what_is_at_work_and_asks_again_only_then(cast: Cast):
    surveys(4)
    officer = at(cast, "officer")
    empty = officer.get(MINE).content.decode()
    assert "没有导出的文件" in empty and "hx-trigger" not in empty.split('id="exports"')[1][:60]
    export = asked(cast)
    busy = officer.get(MINE).content.decode()
    assert "排队中" in busy and 'hx-trigger="every 3s"' in busy and f'href="{MINE}" id="again"' in busy and "取回" not in busy.split('id="exports"')[1]
    Export.objects.update(state="working", rows=1234)
    assert "已做 1234 条" in officer.get(MINE).content.decode()
    Export.objects.update(state="waiting")
    made(export)
    done = officer.get(MINE).content.decode()
    assert f'href="{MINE}{export.pk}"' in done and "一共 4 条" in done and "every 3s" not in done


def test_the_page_costs_the_same_for_one_and_for_many_and_loses_none(cast: Cast):
    now, officer = clock.now(), at(cast, "officer")

    def more(count: int) -> None:
        Export.objects.bulk_create(
            Export(user=cast.users["officer"], about="survey", kind="csv", language="zh-hans", why=f"用途{n}", state="done", asked_at=now,
                   expires_at=now + timedelta(days=1)) for n in range(count)
        )  # fmt: skip

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert officer.get(MINE).status_code == 200
        return len(seen)

    more(1)
    first = cost()
    more(49)
    assert cost() == first
    found, cursor = [], ""
    while True:
        page = newest(Export, cast["officer"], cursor)
        found += [one.pk for one in page.rows]
        cursor = page.following
        if not cursor:
            break
    assert len(found) == len(set(found)) == 50 and found == sorted(found, reverse=True)
    assert officer.get(f"{MINE}?after=nonsense").status_code == 200


def test_the_page_is_english_when_english_is_chosen(cast: Cast):
    surveys(4)
    made(asked(cast, english=True, why="Quarter"))
    asked(cast, url=f"{URL}?year=2026", english=True, why="Quarter")
    officer = at(cast, "officer", english=True)
    known = ["乐山市司法局", "（", "）"]
    for url in (MINE, URL, "/desk/export", "/desk/activities/export"):
        assert chinese_in(officer.get(url).content.decode(), known) == [], url


def test_a_workbook_is_drafted_where_it_was_said_and_the_draft_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with (tmp_path / "a.xlsx").open("wb") as out:
        record_files.write(out, "xlsx", ["数"], ([n] for n in range(3)), "甲", tmp_path / "draft")
    assert os.listdir(tmp_path) == ["a.xlsx"]
    assert rows_of((tmp_path / "a.xlsx").read_bytes()) == [["数"], [0], [1], [2]]


def test_the_system_may_ask_for_none_in_somebody_elses_name(cast: Cast):
    with reading_as(cast["leader"]), pytest.raises(Exception, match="row-level security"):
        Export.objects.create(user=cast.users["officer"], about="survey", why="x", kind="csv", language="zh-hans", asked_at=clock.now(),
                              expires_at=clock.now())  # fmt: skip
    assert SYSTEM.user_id is None
