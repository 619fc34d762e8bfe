"""Importing tables: all rows or none, with errors people can act on."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from fahui.casework.cases.models import Case
from fahui.casework.oldcases.actions import import_cases
from fahui.foundation.accounts.scope import SYSTEM
from fahui.foundation.errors import Invalid
from fahui.foundation.people.models import Institution, Party, Practitioner
from fahui.foundation.tables.actions import import_table
from fahui.foundation.tables.importer import BadTable
from tests.cast import Cast

HEAD = "编码,类别,名称,地区代码,电话\n"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_institutions_come_from_csv_in_either_chinese_encoding_and_again_without_doubling(tmp_path: Path, system: None):
    text = HEAD + "A1,律师事务所,甲律师事务所,511112000000,0833-1\nA2,legal_aid_agency,乙中心,511112000000,\n"
    assert import_table(SYSTEM, "institutions", write(tmp_path / "a.csv", text)) == 2
    assert import_table(SYSTEM, "institutions", write(tmp_path / "b.csv", text.replace("甲律师", "丙律师"), "gb18030")) == 2
    assert sorted(Institution.objects.values_list("name", flat=True)) == ["丙律师事务所", "乙中心"]


def test_practitioners_come_from_excel_with_dates_and_lists(tmp_path: Path, system: None):
    import_table(SYSTEM, "institutions", write(tmp_path / "a.csv", HEAD + "A1,律师事务所,甲所,511112000000,\n"))
    book = Workbook()
    book.active.append(["执业证号", "姓名", "类别", "机构编码", "地区代码", "首次执业日期", "专长"])
    book.active.append([15111, "吕律师", "律师", "A1", 511112000000, "2015年6月1日", "劳动、婚姻家庭"])
    book.save(tmp_path / "p.xlsx")
    assert import_table(SYSTEM, "practitioners", tmp_path / "p.xlsx") == 1
    found = Practitioner.objects.get()
    assert found.fields == ["劳动", "婚姻家庭"] and str(found.licensed_on) == "2015-06-01" and found.licence == "15111"


def test_one_bad_cell_stops_everything_and_every_fault_is_named(tmp_path: Path, system: None):
    text = HEAD + "A1,律师事务所,甲所,511112000000,\nA2,饭店,乙所,511112000000,\nA1,律师事务所,丙所,999,\n"
    with pytest.raises(BadTable) as caught:
        import_table(SYSTEM, "institutions", write(tmp_path / "a.csv", text))
    said = caught.value.message
    assert "第3行 “类别” = '饭店'" in said and "律师事务所" in said
    assert "第4行" in said and "与第2行重复" in said
    assert not Institution.objects.exists()


def test_an_unknown_heading_is_named(tmp_path: Path, system: None):
    with pytest.raises(BadTable, match="没有这个栏目"):
        import_table(SYSTEM, "institutions", write(tmp_path / "a.csv", "编码,类别,名称,地区代码,颜色\nA,律师事务所,b,511112000000,红\n"))


def test_cases_use_the_matters_own_questions_as_columns_and_twice_the_same_file_adds_nothing(tmp_path: Path, system: None):
    text = "原编号,姓名,电话,地区代码,是什么事,要的钱一共多少,还在那里干活吗\nX1,张三,13800000001,511112101000,要工资、劳务报酬,12600,否\n"
    path = write(tmp_path / "c.csv", text)
    assert import_cases(SYSTEM, "legal_aid", "civil", path) == 1
    case = Case.objects.get()
    assert case.details["matter_kind"] == "wages" and case.details["claim_fen"] == 1_260_000
    assert case.details["still_working"] is False
    import_cases(SYSTEM, "legal_aid", "civil", path)
    assert Case.objects.count() == 1


def test_a_wrong_answer_in_a_case_names_the_row_and_what_would_fit_and_nothing_is_written(tmp_path: Path, system: None):
    text = "原编号,姓名,电话,地区代码,是什么事\nX1,张三,13800000001,511112101000,要工资、劳务报酬\nX2,李四,123,511112101000,别的\n"
    with pytest.raises(BadTable) as caught:
        import_cases(SYSTEM, "legal_aid", "civil", write(tmp_path / "c.csv", text))
    assert "第3行" in caught.value.message and "没有“别的”" in caught.value.message
    assert not Case.objects.exists() and not Party.objects.exists()


def test_a_practitioner_is_tied_to_the_account_they_sign_in_with(tmp_path: Path, cast: Cast):
    head = "执业证号,姓名,类别,机构编码,地区代码,登录名\n"
    with pytest.raises(BadTable, match="没有这个工作人员账号"):
        import_table(SYSTEM, "practitioners", write(tmp_path / "a.csv", head + "Z1,周律师,律师,T-firm,511112000000,nobody\n"))
    import_table(SYSTEM, "practitioners", write(tmp_path / "b.csv", head + "Z1,周律师,律师,T-firm,511112000000,t-clerk\n"))
    assert Practitioner.objects.get(licence="Z1").user_id == cast.users["clerk"].pk


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "A1,律师事务所,甲所,511112000000,0833-1,牛华镇\n", "第2行 “” = '牛华镇'：这一格上面没有栏目名"),  # a comma too many moves every cell
        (HEAD.replace("电话", "名称") + "A1,律师事务所,甲所,511112000000,乙所\n", "第1行 “名称”.*出现了两次"),
        (HEAD + f"A1,律师事务所,{'长' * 121},511112000000,\n", "第2行 “名称” = '长+'"),
        (HEAD + ",,,,\nA1,律师事务所,甲所,511112000000,\n,,,,\nA2,律师事务所,乙所,511199000000,\n", "第5行 “region_code”"),
    ],
    ids=["a cell too many", "a heading twice", "too long", "rows keep their numbers"],
)
def test_what_would_be_lost_or_moved_without_a_word_is_named(tmp_path: Path, system: None, text: str, said: str):
    with pytest.raises(BadTable, match=said):
        import_table(SYSTEM, "institutions", write(tmp_path / "a.csv", text))
    assert not Institution.objects.exists()


def test_a_cell_may_hold_several_lines_and_empty_rows_are_none(tmp_path: Path, system: None):
    text = HEAD + 'A1,律师事务所,"甲所\n（分所）",511112000000,\n\n,,,,\nA2,律师事务所,乙\u2028所,511112000000,\n'
    assert import_table(SYSTEM, "institutions", write(tmp_path / "a.csv", text)) == 2
    assert sorted(Institution.objects.values_list("name", flat=True)) == ["乙\u2028所", "甲所\n（分所）"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b"\xff\xfe\xff\xff\x80"), ("a.xlsx", b"code,name"), ("a.xlsx", b"\xd0\xcf\x11\xe0 an old or locked book"),
     ("a.json", b"{"), ("a.json", b'{"code": 1}'), ("a.json", b"\xff")],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says_is_refused_with_what_to_do(tmp_path: Path, system: None, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid, match="读不懂文件"):
        import_table(SYSTEM, "institutions", tmp_path / name)
