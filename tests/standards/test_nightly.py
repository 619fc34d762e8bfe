"""The measuring of every night: once a day, later the same day when it failed or nobody was there at night, not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from fahui.foundation import clock
from fahui.standards import tasks
from fahui.standards.models import Reported, Run

MORNING = datetime(2026, 3, 10, 3, 40, tzinfo=clock.SHANGHAI)


@pytest.fixture
def lake(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """Where the lake is to be."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "lake"


@pytest.fixture(autouse=True)
def here(system: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection of this test, which the worker would give back, stays."""
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)


def states() -> list[tuple[str, str]]:
    return [(str(run.as_of), run.state) for run in Run.objects.order_by("began_at")]


def hour(hours: int) -> None:
    with clock.at(MORNING + timedelta(hours=hours)):
        tasks.measure_nightly(0)


def test_once_a_day_after_three_in_the_morning(lake: Path) -> None:
    hour(-1)
    assert states() == []
    for hours in (0, 1, 20):
        hour(hours)
    assert states() == [("2026-03-10", "done")]
    hour(23)
    assert len(states()) == 1  # it is the 11th by then, but not yet three
    hour(24)
    assert states() == [("2026-03-10", "done"), ("2026-03-11", "done")]


def test_a_night_without_a_worker_is_made_up_for_in_the_day(lake: Path) -> None:
    hour(6)
    assert states() == [("2026-03-10", "done")]


def test_what_a_leader_asked_for_before_the_night_is_no_reason_to_leave_it_out(lake: Path) -> None:
    with clock.at(MORNING - timedelta(hours=3)):
        tasks.measure(clock.today())
    hour(0)
    assert states() == [("2026-03-10", "done")] * 2


def test_one_that_failed_is_tried_again_the_next_hour_and_three_times_a_day(lake: Path) -> None:
    lake.write_text("no folder")  # as where a disk went away
    for hours in (0, 1):
        with pytest.raises(OSError):
            hour(hours)
    lake.unlink()
    hour(2)
    assert states() == [("2026-03-10", "failed")] * 2 + [("2026-03-10", "done")]
    lake.rename(lake.with_name("kept"))
    lake.write_text("no folder")
    for hours in (24, 25, 26):
        with pytest.raises(OSError):
            hour(hours)
    hour(27)
    assert states()[3:] == [("2026-03-11", "failed")] * 3


def test_what_places_reported_is_written_down_once_a_day_also_when_the_measuring_fails(lake: Path) -> None:
    lake.write_text("no folder")

    def kept(at: datetime) -> bool:
        """Whether a line written down at a moment is still there an attempt later."""
        line = Reported.objects.create(fact="held", name="counsel", category="", region_code=511102000000, first_month=MORNING.date(),
                                       last_month=MORNING.date(), at=at)  # fmt: skip
        with pytest.raises(OSError):
            hour(0)
        return Reported.objects.filter(pk=line.pk).exists()

    assert not kept(MORNING - timedelta(hours=1))
    assert kept(MORNING - timedelta(minutes=5))
