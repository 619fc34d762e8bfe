"""Exports that are killed half way, broken or overtaken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import OperationalError
from procrastinate.contrib.django import app

from fahui.casework.errands.actions import MOST_ATTEMPTS
from fahui.casework.exports import actions
from fahui.casework.exports.models import Export
from fahui.casework.notices.models import Outgoing
from fahui.channels.desk import making
from fahui.foundation.errors import Conflict
from tests.cast import Cast
from tests.channels.desk.exporting import MINE, asked, at, left, made, rows_of, surveys

pytestmark = pytest.mark.usefixtures("few_rows", "files")


class Killed(BaseException):
    """What no handler catches."""


def stopped_at(rows: int, how: Callable[[], BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    progress = actions.progress

    def until(one: Export, done: int) -> None:
        progress(one, done)
        if done >= rows:
            raise how()

    monkeypatch.setattr(actions, "progress", until)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_killed_half_way_and_run_again_it_is_whole_and_leaves_nothing_half(
    cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch, kind: str
):
    surveys(5)
    export = asked(cast, kind=kind)
    with monkeypatch.context() as patch:
        patch.setattr(actions.shutil, "rmtree", lambda *args, **more: None)  # a killed process tidies nothing up
        stopped_at(4, Killed, patch)  # in the second page's transaction
        with pytest.raises(Killed):
            making.make(export.pk)
    export.refresh_from_db()
    assert (export.state, export.rows) == ("working", 2) and left(files)
    assert made(export).state == "done" and export.attempts == 2
    assert [path.name for path in left(files)] == [export.digest] and not list(files.rglob(".making*"))
    assert len(rows_of(at(cast, "officer").get(f"{MINE}{export.pk}").content, kind)) == 6


def test_killed_between_storing_and_saying_so_it_leaves_no_file_that_nobody_knows_of(
    cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch
):
    surveys(4)
    export = asked(cast)

    def killed(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(actions, "record", killed)
        with pytest.raises(Killed):
            making.make(export.pk)
    (orphan,) = left(files)
    surveys(1)
    assert made(export).digest != orphan.name and [path.name for path in left(files)] == [export.digest]


def test_a_job_that_kills_its_worker_is_not_begun_for_ever(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    surveys(4)
    export = asked(cast)
    stopped_at(2, Killed, monkeypatch)
    for _time in range(MOST_ATTEMPTS):
        with pytest.raises(Killed):
            making.make(export.pk)
    assert made(export).state == "failed" and "请告诉系统管理员" in export.message
    assert "没有做成的导出" in Outgoing.objects.get(user_id=cast.users["officer"].pk).text  # told once
    assert not list(Path(configured.FILES_DIR).rglob(".making*"))


def test_a_fault_is_told_in_plain_words_and_not_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    surveys(4)
    export = asked(cast)
    stopped_at(2, lambda: ValueError("no such thing"), monkeypatch)
    making.make(export.pk)
    export.refresh_from_db()
    assert export.state == "failed" and "no such thing" not in export.message and "请再导出一次" in export.message
    page = at(cast, "officer").get(MINE).content.decode()
    assert "没有做成" in page and export.message in page and "hx-trigger" not in page.split('id="exports"')[1][:60]
    making.make(export.pk)
    export.refresh_from_db()
    assert export.attempts == 1


def test_a_lost_database_is_for_the_next_attempt_which_the_worker_makes(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    surveys(4)
    export, task = asked(cast), app.tasks["fahui.channels.tasks.make_export"]
    monkeypatch.setattr("fahui.channels.tasks.close_old_connections", lambda: None)
    lost = OperationalError("the connection is closed")
    with monkeypatch.context() as patch:
        stopped_at(2, lambda: lost, patch)
        with pytest.raises(OperationalError):
            task(export=export.pk)
    assert task.lock == "exports"
    task(export=export.pk)
    export.refresh_from_db()
    assert (export.state, export.rows, export.attempts) == ("done", 4, 2)


def test_an_attempt_that_was_overtaken_writes_nothing(cast: Cast, files: Path):
    surveys(4)
    slow = actions.begin(asked(cast).pk)
    assert slow is not None
    with actions.scratch(slow) as folder:
        (folder / "file").write_bytes(b"old")
        fast = actions.begin(slow.pk)
        assert fast is not None and fast.attempts == 2
        (files / "x").write_bytes(b"old")
        with pytest.raises(Conflict):
            actions.finish(cast["officer"], slow, files / "x", "old.csv", more=False)
        with pytest.raises(Conflict):
            actions.progress(slow, 5)
        actions.fail(slow, "never")
    fast.refresh_from_db()
    assert (fast.state, fast.rows, fast.message) == ("working", 0, "")
