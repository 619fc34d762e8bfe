"""Fixtures of the desk's tests that are for some of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

from fahui.casework import tasks
from fahui.channels.desk import exports, making


@pytest.fixture
def few_rows(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long begins at four rows, and a page of the worker holds two."""
    settings.STAFF_MFA_REQUIRED = False
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    monkeypatch.setattr(making, "STEP", 2)


@pytest.fixture
def hourly(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """The worker's tidying, on this test's own connection."""
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    return lambda: tasks.tidy(0)


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    """A folder of files of its own, so that what is left in it can be seen."""
    settings.FILES_DIR = tmp_path / "files"
    assert configured.FILES_DIR == settings.FILES_DIR
    return tmp_path / "files"
