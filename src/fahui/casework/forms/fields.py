"""How a Pydantic model says what its fields look like to people: `question(...)`.

One model is the web form, the API schema and the import columns. Example:

    class WageDetails(CaseDetails):
        owed_fen: Fen = question("一共欠多少钱", "How much is owed", kind="money", hint_zh="记不清可以估一个数")
        left_on: date | None = question("哪天离开工地", "When did you leave", default=None, show_if={"still_there": [False]})
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import EnumMeta, StrEnum
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Kind = Literal["text", "long", "number", "money", "date", "datetime", "phone", "identity", "choice", "choices", "yesno",
               "region", "practitioner", "institution", "person", "hidden"]  # fmt: skip

# Texts never hold NUL; the pattern stands in the schema so that API clients can see it.
_NO_NUL = r"^[^\x00]*$"
Line = Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(max_length=4000, pattern=_NO_NUL, strip_whitespace=True)]
# Whole fen: 1260000 is 12,600.00 yuan. At most a hundred million yuan.
Fen = Annotated[int, Field(ge=0, le=10_000_000_000)]


class Choice(StrEnum):
    """Base of choices. Members are `NAME = "value", "中文", "English"`."""

    zh: str
    en: str

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Choice:
        """Keep the words beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh, member.en = zh, en
        return member


def choices(name: str, members: Mapping[str, tuple[str, str]]) -> type[Choice]:
    """A Choice made from data: value → (Chinese, English)."""
    made = EnumMeta.__call__(Choice, name, {value.upper(): (value, *words) for value, words in members.items()})
    assert issubclass(made, Choice)
    return made


class FormModel(BaseModel):
    """Base of every form an action or a matter asks for. Unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, use_enum_values=True)

    @classmethod
    def in_words(cls, values: Mapping[str, Any]) -> dict[str, str]:
        """The Chinese words of the choices among these answers, for documents. Other answers are left out."""
        found = {}
        for name, field in cls.model_fields.items():
            choice = _choice_in(field.annotation)
            given = values.get(name)
            if choice is None or given in (None, "", []):
                continue
            words = [choice(one).zh for one in (given if isinstance(given, list) else [given])]
            found[name] = "、".join(words)
        return found


class CaseDetails(FormModel):
    """Base of a matter's details."""


def _choice_in(annotation: Any) -> type[Choice] | None:
    """The Choice inside an annotation such as `list[Ground] | None`, if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, Choice):
        return annotation
    return next((found for arm in get_args(annotation) if (found := _choice_in(arm))), None)


def question(
    zh: str,
    en: str,
    *,
    default: Any = ...,
    kind: Kind | None = None,
    hint_zh: str = "",
    hint_en: str = "",
    show_if: dict[str, list[Any]] | None = None,
    required_if: dict[str, list[Any]] | None = None,
    sensitive: bool = False,
    unit: str = "",
    group: str = "",
    desk_only: bool = False,
    past: bool = False,
    **constraints: Any,
) -> Any:
    """A Pydantic field with the words people read.

    `show_if` {"other_field": [values]}: shown (and kept) only then; checked again on the server. `required_if` the same
    for a field that may otherwise stay empty. `sensitive` masks it outside the case page. `desk_only` hides it on the
    portal. `past`: a day or moment that must have come already. `constraints` go to pydantic.Field (max_length, ge, …).
    """
    extra: dict[str, Any] = {"zh": zh, "en": en}
    optional = {"kind": kind, "hint_zh": hint_zh, "hint_en": hint_en, "show_if": show_if, "required_if": required_if,
                "sensitive": sensitive, "unit": unit, "group": group, "desk_only": desk_only, "past": past}  # fmt: skip
    extra |= {key: value for key, value in optional.items() if value}
    return Field(default, title=zh, description=hint_zh or None, json_schema_extra={"x-fahui": extra}, **constraints)
