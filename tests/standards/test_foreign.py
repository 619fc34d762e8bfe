"""A foreign data set: its known answers come out exactly, and a damaged one is refused by file, row and column."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from django.db import connection

from fahui.commands import measure as command
from fahui.foundation.errors import Invalid
from fahui.foundation.models import Region
from fahui.foundation.tables.importer import BadTable
from fahui.insight.figures.queries import Board
from fahui.insight.figures.rules import told
from fahui.standards.actions import measure_folder
from fahui.standards.lake.foreign import DERIVED, FileFault, given
from fahui.standards.models import Measured, Run
from fahui.standards.star import facts, place_sql

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "foreign-example"
DAY = date(2025, 12, 31)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example that the documentation counts by hand."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "set"))


def figures(folder: Path, region: int = 511100000000) -> dict[str, tuple[tuple[int, int | None] | None, str]]:
    run, measured = measure_folder(folder, DAY)
    return {r.indicator.id: (r.numbers, told(r.value)) for r in Board(run, measured).results(region)}


def test_the_example_gives_exactly_the_answers_counted_by_hand(system: None, folder: Path):
    found = figures(folder)
    assert found["IND-LESH-009"] == ((4, 25_000), "1.6")  # four cases of 2025 to 25,000 people
    assert found["IND-LESH-024"] == ((2, None), "2")  # two stations; the workroom is another title
    assert found["IND-LESH-003"][1] == "16.67"  # 2 of 3 satisfied, after 1 of 2
    county = figures(folder, 511112000000)
    assert county["IND-LESH-009"] == ((3, 10_000), "3")
    assert county["IND-LESH-024"] == ((1, None), "1")
    assert not Run.objects.exists() and not Measured.objects.exists()


def test_the_command_prints_them(system: None, folder: Path, capsys: pytest.CaptureFixture[str]):
    assert command.run(["--from", str(folder), "--as-of", str(DAY), "--format", "json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows["IND-LESH-009"]["upper"], rows["IND-LESH-009"]["lower"], rows["IND-LESH-009"]["value"]) == (
        4,
        25_000,
        "1.6",
    )
    assert not Run.objects.exists()


def test_the_order_of_rows_does_not_matter(system: None, folder: Path):
    before = figures(folder)
    for path in folder.glob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    assert figures(folder) == before


def change(folder: Path, name: str, before: str, after: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


DAMAGED = [
    # what to replace in which file, and where the fault is told to be: row, column, value, a word of the remedy
    ("case.csv", "channel,", "canal,", (1, "canal", "", "没有这个栏目")),
    ("case.csv", "channel,", "canal,", (1, "channel", "", "缺少这个栏目")),
    ("case.csv", "channel,", "channel,channel,", (1, "channel", "", "有两个")),
    ("case.csv", "channel,", "county,channel,", (1, "county", "", "推出")),
    ("case.csv", "2025-03-01", "2025-02-29", (4, "opened_on", "2025-02-29", "2026-06-18")),
    ("case.csv", "2025-03-01", "20250301", (4, "opened_on", "20250301", "2026-06-18")),
    ("case.csv", "2025-03-01", "", (4, "opened_on", "", "不能空着")),
    ("case.csv", "3,legal_aid", "三,legal_aid", (4, "id", "三", "整数")),
    ("case.csv", "3,legal_aid", "3.0,legal_aid", (4, "id", "3.0", "整数")),
    ("case.csv", "3,legal_aid", ",legal_aid", (4, "id", "", "不能空着")),
    ("case.csv", "3,legal_aid", "1,legal_aid", (4, "id", "1", "重复")),
    ("case.csv", "3,legal_aid", "3,legal_ade", (4, "service", "legal_ade", "没有这个代码")),
    ("case.csv", "3,legal_aid", "3,,legal_aid", (4, "", "21", "20格")),
    ("entry.csv", "511112000000", "511199000000", (2, "region", "511199000000", "没有这个地区")),
    ("entry.csv", "511112000000", "", (2, "region", "", "不能空着")),
    ("entry.csv", "honour", "honours", (2, "register", "honours", "没有这个代码")),
    (
        "entry.csv",
        "demonstration_room",
        "demonstration_workroom",
        (4, "category", "demonstration_workroom", "没有这个代码"),
    ),
    ("case.csv", "civil", "civilian", (2, "matter", "civilian", "没有这个代码")),
]


@pytest.mark.parametrize(("name", "before", "after", "where"), DAMAGED)
def test_a_damaged_set_is_refused_by_file_row_and_column(
    name: str, before: str, after: str, where: tuple[int, str, str, str], system: None, folder: Path
):
    change(folder, name, before, after)
    with pytest.raises(BadTable) as refused:
        measure_folder(folder, DAY)
    row, column, value, remedy = where
    found = [f for f in refused.value.faults if isinstance(f, FileFault) and (f.row, f.column) == (row, column)]
    assert [(f.file, f.value) for f in found] == [(name, value)], [str(f) for f in refused.value.faults]
    assert remedy in found[0].remedy and name in str(found[0])
    assert not Run.objects.exists() and not Measured.objects.exists()


def test_faults_of_every_file_are_told_together(system: None, folder: Path, capsys: pytest.CaptureFixture[str]):
    change(folder, "case.csv", "2025-03-01", "gestern")
    change(folder, "entry.csv", "honour", "honours")
    (folder / "cases.csv").write_text("id\n1\n", encoding="utf-8")
    assert command.run(["--from", str(folder), "--as-of", str(DAY)]) == 1
    said = capsys.readouterr().err
    assert all(name in said for name in ("case.csv", "entry.csv", "cases.csv"))


@pytest.mark.parametrize("damage", [b"\xff\xfe\x00\x80", b'id,service\n1,"open\n', b"", b"\x00,\x00\n"])
def test_a_file_that_is_no_table_is_refused(damage: bytes, system: None, folder: Path):
    (folder / "case.csv").write_bytes(damage)
    with pytest.raises(BadTable) as refused:
        measure_folder(folder, DAY)
    assert {fault.file for fault in refused.value.faults if isinstance(fault, FileFault)} == {"case.csv"}


def test_an_empty_folder_and_a_day_to_come_are_refused(system: None, folder: Path, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "empty", tmp_path / "nowhere"):
        with pytest.raises(Invalid):
            measure_folder(place, DAY)
    with pytest.raises(Invalid):
        measure_folder(folder, date(2999, 1, 1))


def test_reports_are_not_made_of_foreign_records(folder: Path):
    with pytest.raises(SystemExit):
        command.run(["--from", str(folder), "--format", "docx"])


def test_every_fact_can_be_given_and_place_is_one_column_of_it():
    for fact in facts().values():
        assert set(given(fact)) == set(fact.columns) - set(DERIVED) and "region" in given(fact)


def test_duckdb_and_postgresql_read_a_place_alike(system: None, folder: Path):
    codes = [*Region.objects.order_by("code").values_list("code", flat=True)[:3], 110000000000, 510000000000, 511100000000,
             511112000000, 511112101000, 511112101001, 441900003000]  # fmt: skip
    asked = (
        f"SELECT {place_sql('c')} FROM (VALUES {', '.join(f'({code}::bigint)' for code in codes)}) AS t (c) ORDER BY 1"
    )
    with duckdb.connect() as duck, connection.cursor() as cursor:
        cursor.execute(asked.replace("%", "%%"), [])
        assert duck.execute(asked).fetchall() == cursor.fetchall()
