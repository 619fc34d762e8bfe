"""Refusals speak the reader's language: each sentence asks for its translation where it is raised."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from fahui.casework.cases.actions import Opening, open_case, perform
from fahui.casework.cases.queries import by_tracking_number
from fahui.casework.companions.actions import hand_to, write_message
from fahui.casework.documents.storage import keep
from fahui.casework.worklists.queries import Filter, plain
from fahui.foundation.accounts import actions as accounts
from fahui.foundation.errors import Refusal
from fahui.foundation.people.actions import Person, checked
from fahui.foundation.tables.actions import import_table
from fahui.foundation.worktime.actions import announce_year
from fahui.foundation.worktime.rules import Kind
from tests.cast import TOWNSHIP, Cast
from tests.channels.desk.test_desk import at, text

SOURCE = Path(__file__).resolve().parents[1] / "src" / "fahui"
FOLDERS = ["foundation", "casework", "channels/api", "channels/portal", "channels/desk"]
ANSWERED = {"problem"}  # functions that answer with a sentence instead of raising it
HAN = re.compile(r"[\u3400-\u9fff]")
RAISED = {"Invalid", "Forbidden", "Missing", "Conflict", "TooMany", "WrongCode", "NotSent", "Refusal", "ValueError"}


def bare(tree: ast.AST) -> list[tuple[int, str]]:
    """Chinese sentences given straight to what is raised, without asking for their translation."""
    found = []
    for node in ast.walk(tree):
        call = node.exc if isinstance(node, ast.Raise) else node
        known = RAISED if isinstance(node, ast.Raise) else ANSWERED
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in known:
            given: list[ast.expr] = [*call.args]
            for keyword in call.keywords:
                given += keyword.value.values if isinstance(keyword.value, ast.Dict) else [keyword.value]
            for one in given:
                parts = one.values if isinstance(one, ast.JoinedStr) else [one]
                found += [(one.lineno, part.value) for part in parts
                          if isinstance(part, ast.Constant) and isinstance(part.value, str) and HAN.search(part.value)]  # fmt: skip
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_sentence_asks_for_its_translation(folder: str):
    left = {str(path.relative_to(SOURCE)): lines for path in (SOURCE / folder).rglob("*.py")
            if (lines := bare(ast.parse(path.read_text(encoding="utf-8"))))}  # fmt: skip
    assert left == {}


def test_bare_sentences_are_seen():
    raised = 'raise Invalid("请填写", fields={"a": f"第{n}行", "b": _("好")})\nraise Missing(_("没有"))\nproblem(r, 400, "太大")'
    assert sorted(words for _line, words in bare(ast.parse(raised))) == sorted(["请填写", "第", "行", "太大"])


def bad_table(path: Path) -> Callable[[Cast], object]:
    path.write_text("编码,类别,名称,地区代码,面积（平方米）,颜色\nA,,,1,x,红\n", encoding="utf-8")
    return lambda cast: import_table(cast["admin"], "sites", path)


def a_case(cast: Cast) -> int:
    return open_case(cast["clerk"], Opening("legal_aid", "civil", "window", TOWNSHIP, details={"matter_kind": "wages"})).pk


CASES: dict[str, Callable[[Cast], object]] = {
    "name": lambda cast: checked(Person(name=" ")),
    "phone": lambda cast: checked(Person(name="x", phone="1")),
    "identity": lambda cast: checked(Person(name="x", identity="511")),
    "account": lambda cast: accounts.make_staff(cast["admin"], "t-clerk", "x", None, []),
    "not mine": lambda cast: accounts.set_active(cast["clerk"], cast.users["agent"].pk, False),
    "code": lambda cast: accounts.check_code("13700000001", "1"),
    "value": lambda cast: accounts.set_parameter(cast["leader"], "legal_aid", "x", 1, "", " ", date(2026, 1, 1)),
    "matter": lambda cast: open_case(cast["clerk"], Opening("legal_aid", "nothing", "window", TOWNSHIP)),
    "place": lambda cast: open_case(cast["clerk"], Opening("legal_aid", "civil", "window", 110000000000)),
    "role": lambda cast: perform(cast["agent"], a_case(cast), "accept"),
    "state": lambda cast: perform(cast["city"], a_case(cast), "close"),
    "message": lambda cast: write_message(cast["clerk"], a_case(cast), "x" * 5000, "internal"),
    "colleague": lambda cast: hand_to(cast["clerk"], a_case(cast), cast.users["agent"].pk),
    "hidden": lambda cast: perform(cast["lawyer"], 1, "accept"),
    "number": lambda cast: by_tracking_number("FH1"),
    "file": lambda cast: keep(b"MZ"),
    "page mark": lambda cast: plain(cast["clerk"], Filter(), "x", 5, "newest", ("id",)),
    "holidays": lambda cast: announce_year(cast["leader"], 2027, [(date(2027, 1, 4), Kind.WORKDAY, "x")], "x"),
}


@pytest.mark.parametrize("name", list(CASES))
def test_a_reader_who_chose_english_is_refused_in_english(cast: Cast, name: str):
    with translation.override("en"), pytest.raises(Refusal) as refused:
        CASES[name](cast)
    assert not HAN.search(refused.value.message + "".join(refused.value.fields.values())), refused.value.message


def test_faults_of_a_table_are_english_but_for_its_own_headings(cast: Cast, tmp_path: Path):
    with translation.override("en"), pytest.raises(Refusal) as refused:
        bad_table(tmp_path / "a.csv")(cast)
    said = re.sub("“[^”]*”", "", refused.value.message)
    assert not HAN.search(said) and "no such column" in said
    path = tmp_path / "b.csv"
    path.write_text("编码,类别,名称,地区代码,面积（平方米）\nA,室,甲,511112000000,很大\n", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        import_table(cast["admin"], "sites", path)
    assert "请填数字" in refused.value.message


def test_pages_show_refusals_in_english(cast: Cast):
    visitor = Client()
    visitor.cookies["fahui_lang"] = "en"
    page = visitor.post("/sign-in", {"phone": "12"}).content.decode()
    assert "wrong length" in page or "no phone number" in page
    admin = at(cast, "admin")
    admin.cookies["fahui_lang"] = "en"
    answer = admin.post("/desk/admin/keys", {"do": "revoke", "key": "1"})
    assert answer.status_code == 404 and "There is no such key" in text(answer)


@pytest.fixture(autouse=True)
def _without_second_factor(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False
