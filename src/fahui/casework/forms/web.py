"""A form model as a web form: what to show, and reading what was posted."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

from django.http import QueryDict
from django.utils.translation import gettext

from fahui.casework.forms.fields import Choice, FormModel
from fahui.casework.forms.validation import applies, words_of
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.people.queries import name_of
from fahui.foundation.regions.queries import names_of


@dataclass
class Option:
    """One choice."""

    value: str
    label: str
    selected: bool = False


@dataclass
class Question:
    """One field as the templates (`ui/field.html`) read it."""

    key: str
    label: str
    kind: str
    hint: str = ""
    unit: str = ""
    required: bool = False
    value: Any = ""
    error: str = ""
    options: list[Option] = field(default_factory=list)
    maxlength: int | None = None
    group: str = ""
    # {"other": ["values"]}: shown only then.
    show_if: dict[str, list[Any]] | None = None
    visible: bool = True
    sensitive: bool = False

    def as_field(self) -> dict[str, Any]:
        """The question as the field component reads it (templates/ui/README.md)."""
        kind, options = self.kind, [{"value": o.value, "label": o.label} for o in self.options]
        value = self.value
        if kind == "yesno":
            kind, options = "radio", [{"value": "true", "label": gettext("是")}, {"value": "false", "label": gettext("否")}]
        elif kind == "choice":
            kind = "radio" if len(options) <= 7 else "select"
            value = next((o.value for o in self.options if o.selected), "")
        elif kind == "choices":
            kind, value = "checkbox", [o.value for o in self.options if o.selected]
        elif kind == "region":
            kind = "select" if options else "number"
        elif kind in {"long", "lines"}:
            value = "\n".join(map(str, value)) if isinstance(value, list) else value
            kind = "textarea"
        elif kind in {"identity", "person", "institution", "practitioner"}:
            kind = "text"
        return {"name": self.key, "label": self.label, "hint": self.hint, "kind": kind, "value": value,
                "options": options, "error": self.error, "required": self.required,
                "unit": "" if kind == "money" else self.unit,  # shown and typed in yuan whatever it is kept in
                "maxlength": self.maxlength}  # fmt: skip


def questions(
    model: type[FormModel], answers: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None, *,
    language: str = "zh-hans", desk: bool = True, prefix: str = "",
) -> list[Question]:  # fmt: skip
    """The questions of a form in order, filled with answers so far, with errors in place."""
    answers, errors = answers or {}, errors or {}
    english = language.startswith("en")
    found = []
    for name, info in model.model_fields.items():
        words = words_of(info)
        if words.get("desk_only") and not desk:
            continue
        inner, optional, many = _shape(info.annotation)
        kind = str(words.get("kind") or _kind(inner, many))
        if kind == "hidden":
            continue  # kept by the service itself, asked of nobody
        value = answers.get(name, None if info.is_required() else info.get_default(call_default_factory=True))
        found.append(Question(
            key=prefix + name, label=str(words.get("en" if english else "zh", name)), kind=kind,
            hint=str(words.get("hint_en" if english else "hint_zh", "")), unit=str(words.get("unit", "")),
            required=info.is_required() and not optional, value=_shown(value, kind),
            error=errors.get(name, ""), options=_options(inner, value, english),
            maxlength=_max_length(info), group=str(words.get("group", "")), show_if=words.get("show_if"),
            visible=applies(words.get("show_if"), answers), sensitive=bool(words.get("sensitive")),
        ))  # fmt: skip
    return found


def from_post(model: type[FormModel], post: QueryDict, prefix: str = "") -> dict[str, Any]:
    """The posted answers as the model's plain values. Empty answers are left out; money in yuan becomes fen."""
    data: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        key = prefix + name
        inner, _optional, many = _shape(info.annotation)
        kind = str(words_of(info).get("kind") or _kind(inner, many))
        if many:
            values = [v for v in post.getlist(key) if v.strip()]
            if kind == "lines":
                values = [line.strip() for value in values for line in value.splitlines() if line.strip()]
            if values or key in post:
                data[name] = values
            continue
        raw = post.get(key, "").strip() if key in post else ""
        if raw:
            data[name] = _plain(raw, kind)
    return data


def readable(model: type[FormModel], answers: Mapping[str, Any], language: str = "zh-hans") -> list[tuple[str, str]]:
    """Answers as (question, answer) in words, for reading; unanswered questions are left out."""
    lines = []
    for question in questions(model, answers, language=language):
        if not question.visible or question.value in ("", None, []):
            continue
        lines.append((question.label, answer_words(question, language)))
    return lines


def answer_words(question: Question, language: str = "zh-hans") -> str:
    """One answer in words."""
    english = language.startswith("en")
    if question.options:
        return ("; " if english else "；").join(o.label for o in question.options if o.selected)
    if question.kind == "yesno":
        yes = str(question.value) in {"true", "True", "yes"}
        return ("Yes" if yes else "No") if english else ("是" if yes else "否")
    value = question.value
    if question.kind == "money":
        return f"{_grouped(str(value))} " + ("yuan" if english else "元")
    if question.kind in {"date", "datetime"}:
        return _day_words(str(value), english)
    if question.kind in {"region", "institution", "practitioner"}:
        return _name_of(question.kind, str(value))
    if isinstance(value, list):
        return "；".join(map(str, value))
    return f"{value}{question.unit}"


def _grouped(yuan: str) -> str:
    """12000.00 as 12,000.00; what is not a number stays."""
    try:
        return f"{Decimal(yuan):,.2f}"
    except InvalidOperation:
        return yuan


def _day_words(text: str, english: bool) -> str:
    """2026-06-18 as 2026年6月18日, with its time in business hours where it has one; what is no day stays as it was typed."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    at = at.astimezone(SHANGHAI) if at.tzinfo else at
    day = f"{at.day} {at:%B} {at.year}" if english else f"{at.year}年{at.month}月{at.day}日"
    return f"{day} {at:%H:%M}" if "T" in text else day


def _name_of(kind: str, key: str) -> str:
    """The name behind a key; the key itself where nothing has it any more."""
    if not (key.isascii() and key.isdigit()):
        return key
    if kind == "region":
        return names_of([int(key)]).get(int(key), key)
    return name_of(kind, int(key)) or key


def _shape(annotation: Any) -> tuple[Any, bool, bool]:
    """(inner type, may be empty, is a list) of an annotation such as `list[Ground] | None`."""
    optional = many = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            arms = [a for a in get_args(annotation) if a is not type(None)]
            optional = optional or len(arms) < len(get_args(annotation))
            annotation = arms[0]
        elif origin in (list, tuple, set, frozenset):
            many, annotation = True, get_args(annotation)[0]
        else:
            return annotation, optional, many


def _kind(inner: Any, many: bool) -> str:
    if isinstance(inner, type):
        if issubclass(inner, Enum):
            return "choices" if many else "choice"
        if many:
            return "lines"
        for kind, python in (("yesno", bool), ("datetime", datetime), ("date", date), ("number", (int, Decimal, float))):
            if issubclass(inner, python):
                return kind
    return "lines" if many else "text"


def _options(inner: Any, value: Any, english: bool) -> list[Option]:
    if not (isinstance(inner, type) and issubclass(inner, Enum)):
        return []
    chosen = {str(getattr(v, "value", v)) for v in (value if isinstance(value, (list, tuple, set)) else [value])}
    return [
        Option(m.value, (m.en if english else m.zh) if isinstance(m, Choice) else str(m.value), m.value in chosen)
        for m in inner
    ]


def _max_length(info: Any) -> int | None:
    for extra in [*info.metadata, *getattr(info.annotation, "__metadata__", ())]:
        found = getattr(extra, "max_length", None)
        if isinstance(found, int):
            return found
    return None


def _shown(value: Any, kind: str) -> Any:
    if value is None:
        return ""
    if kind == "money" and isinstance(value, int):
        return f"{Decimal(value) / 100:.2f}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _plain(raw: str, kind: str) -> Any:
    if kind == "money":
        try:
            fen = Decimal(raw.replace(",", "").replace("，", "")) * 100
        except InvalidOperation:
            return raw  # the model says what is wrong
        return int(fen) if fen == fen.to_integral_value() else raw
    if kind == "yesno" and raw in {"true", "false"}:
        return raw == "true"  # show_if compares with True and False before the model has read anything
    if kind == "datetime" and len(raw) == 16:
        return datetime.fromisoformat(raw).replace(tzinfo=SHANGHAI).isoformat()
    return raw
