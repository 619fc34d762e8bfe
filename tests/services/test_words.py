"""Every word a service shows has its English: questions, hints, choices, guards, local values; in all definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from fahui.casework.definitions.loader import Service, services, shared_registry
from fahui.casework.definitions.plugin import registry_of
from fahui.casework.forms.fields import Choice, FormModel
from fahui.casework.forms.validation import words_of
from fahui.casework.forms.web import questions

HAN = re.compile(r"[\u3400-\u9fff]")
# A term of our own pages that has no other name.
KEPT = {"不设"}


def forms(home: Service) -> Iterator[type[FormModel]]:
    for found in vars(home.details).values():
        if isinstance(found, type) and issubclass(found, FormModel):
            yield found


def in_chinese(text: str) -> bool:
    for word in KEPT:
        text = text.replace(word, "")
    return not text.strip() or bool(HAN.search(text))


@pytest.mark.parametrize("name", list(services()))
def test_every_question_of_every_form_has_english_words_and_an_english_hint_where_it_has_a_chinese_one(name: str):
    missing = []
    for form in forms(services()[name]):
        for key, field in form.model_fields.items():
            words = words_of(field)
            for said in ["", "hint_"]:
                if words.get(f"{said}zh") and in_chinese(str(words.get(f"{said}en", ""))):
                    missing.append(f"{form.__name__}.{key} {said}en")
    assert missing == []


@pytest.mark.parametrize("name", list(services()))
def test_an_english_reader_reads_no_chinese_in_a_form(name: str):
    home = services()[name]
    for form in forms(home):
        for asked in questions(form, language="en"):
            assert not in_chinese(asked.label), (form.__name__, asked.key)
            assert not HAN.search(asked.hint), (form.__name__, asked.key)
            for option in asked.options:
                assert not in_chinese(option.label), (form.__name__, asked.key, option.value)


@pytest.mark.parametrize("name", list(services()))
def test_choices_guards_and_local_values_are_named_in_english(name: str):
    home = services()[name]
    for guard in [*registry_of(home.package).guards.values(), *shared_registry().guards.values()]:
        assert guard.zh and not in_chinese(guard.en), guard.name
    for key, value in home.local_values.items():
        assert value.zh and not in_chinese(value.en), key
    for member in [m for form in forms(home) for m in chosen_from(form)]:
        assert member.zh and not in_chinese(member.en), member


def chosen_from(form: type[FormModel]) -> Iterator[Choice]:
    """The members of every Choice that a form's annotations name."""
    for field in form.model_fields.values():
        todo = [field.annotation]
        while todo:
            found = todo.pop()
            if isinstance(found, type) and issubclass(found, Choice):
                yield from found
            todo += getattr(found, "__args__", ())


def test_the_test_sees_a_missing_hint():
    assert in_chinese("") and in_chinese("记不清可以估一个数") and not in_chinese("An estimate will do")
