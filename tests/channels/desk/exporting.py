"""What tests of exports share: lists long enough to be made by the worker, asking for them, and what is left behind."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from fahui.casework.exports.models import Export
from fahui.casework.registers.models import Entry
from fahui.channels.desk import making
from fahui.foundation import clock
from tests.cast import COUNTY, Cast

URL, MINE = "/desk/registers/survey/export", "/desk/exports/"


def at(cast: Cast, who: str, english: bool = False) -> Client:
    client = Client()
    client.force_login(cast.users[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    if english:
        client.cookies["fahui_lang"] = "en"
    return client


def surveys(count: int, region: int = COUNTY) -> None:
    """Entries of a register, told apart by their number."""
    now, first = clock.now(), Entry.objects.count()
    Entry.objects.bulk_create(
        Entry(register="survey", code=f"S{first + n:05}", title=f"第{first + n}次", region_code=region, category="awareness", part=n, whole=100,
              begins=date(2026, 1, 1) + timedelta(days=n % 300), entered_at=now, changed_at=now) for n in range(count)
    )  # fmt: skip


def asked(cast: Cast, who: str = "officer", url: str = URL, kind: str = "xlsx", english: bool = False, why: str = "季度考核") -> Export:
    """An export asked for by the form, whose job waits."""
    answer = at(cast, who, english).post(url, {"why": why, "as": kind})
    assert answer.status_code == 302 and answer["Location"] == MINE, answer.status_code
    return Export.objects.filter(user=cast.users[who]).latest("id")


def jobs() -> list[int]:
    """The exports that a job waits for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (args->>'export')::bigint FROM procrastinate_jobs WHERE task_name LIKE '%%make_export' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def made(export: Export) -> Export:
    making.make(export.pk)
    export.refresh_from_db()
    return export


def rows_of(data: bytes, kind: str = "xlsx") -> list[list[Any]]:
    if kind == "csv":
        return list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(data)).active.iter_rows()]


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def broken(export: Export) -> None:
    raise ValueError("a fault")
