"""What a service refuses is said in the reader's language: guards, suggestions of a lawyer, forms, ratings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from fahui.casework.assignment.queries import suggestions
from fahui.casework.cases.actions import perform
from fahui.casework.definitions.loader import services
from fahui.casework.forms.validation import clean
from fahui.casework.ratings.actions import rate
from fahui.foundation.accounts.scope import ANONYMOUS, as_system, reading_as
from fahui.foundation.errors import Invalid, Refusal
from fahui.services.legal_aid.details import Refuse
from tests.cast import Cast, wage_claim

HAN = re.compile(r"[\u3400-\u9fff]")
# Where the Chinese text stands among the arguments; the English one follows it.
ANSWERS = {"yes": 0, "no": 0, "unknown": 0, "Flag": 1, "Step": 2, "Kept": 2, "LastDay": 2}


def written(node: ast.expr) -> str:
    """What a text says for certain: the fixed parts of every string in it."""
    return "".join(part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def answers(path: Path) -> Iterator[tuple[int, str, str]]:
    """(line, Chinese, English) of every answer a rule gives: the two texts stand side by side."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ANSWERS):
            continue
        place = ANSWERS[node.func.id]
        if len(node.args) > place + 1 and HAN.search(written(node.args[place])):
            yield node.lineno, written(node.args[place]), written(node.args[place + 1])


@pytest.mark.parametrize("name", list(services()))
def test_every_answer_of_every_rule_has_its_english(name: str):
    found = [(path.name, *answer) for path in services()[name].folder.glob("*.py") for answer in answers(path)]
    assert len(found) > 10
    without = [answer for answer in found if not re.search(r"[A-Za-z]", answer[3]) or HAN.search(answer[3])]
    assert without == []


def test_why_a_lawyer_cannot_be_chosen_is_said_in_the_readers_language(cast: Cast):
    cast.lawyers["lawyer"].tags = []
    cast.lawyers["lawyer"].save()
    with as_system():
        case = wage_claim(cast["clerk"], details={"birth_date": "2012-01-01"})
        with override("en"):
            barred = {s.candidate.name: s.barred for s in suggestions(case, everyone=True)}
    assert barred["lawyer"] == ("A lawyer skilled with minors is needed",)
    with as_system():
        assert any("熟悉未成年人" in why for s in suggestions(case, everyone=True) for why in s.barred)


def test_choosing_another_than_the_first_is_refused_in_english(cast: Cast):
    with as_system():
        case = wage_claim(cast["clerk"])
    approver = cast["approver"]
    with reading_as(approver):
        perform(approver, case.pk, "grant", {"reason_text": "符合条件，予以援助"})
        with override("en"), pytest.raises(Invalid) as caught:
            perform(approver, case.pk, "assign", {"practitioner_id": cast.lawyers["lawyer_b"].pk})
    assert caught.value.message == "lawyer is suggested first. Give your reason for choosing somebody else."
    assert not HAN.search(str(caught.value.fields))


def test_a_form_filled_in_wrongly_is_refused_in_the_language_of_the_page():
    with override("en"), pytest.raises(Refusal) as caught:
        clean(Refuse, {"reason": "no_such"})
    assert not HAN.search(caught.value.message + "".join(caught.value.fields.values()))
    with override("zh-hans"), pytest.raises(Refusal, match="请从列出的选项里选"):
        clean(Refuse, {"reason": "no_such"})


def test_a_rating_link_that_has_run_out_says_so_in_english(cast: Cast):
    with override("en"), pytest.raises(Refusal, match="This rating link no longer works"):
        rate(ANONYMOUS, "gone", 5)
