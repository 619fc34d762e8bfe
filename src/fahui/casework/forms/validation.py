"""Checking what was filled in against a form model, with errors in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from fahui.casework.forms.fields import FormModel
from fahui.foundation.clock import SHANGHAI, now, today
from fahui.foundation.errors import Invalid

# Years a matter of people alive today can speak of.
_EARLIEST, _LATEST = 1900, 2100


def words_of(field: FieldInfo) -> dict[str, Any]:
    """What `question(...)` said of a field."""
    extra = field.json_schema_extra
    found = extra.get("x-fahui", {}) if isinstance(extra, dict) else {}
    return found if isinstance(found, dict) else {}


def applies(condition: Mapping[str, list[Any]] | None, data: Mapping[str, Any]) -> bool:
    """Whether a `show_if` or `required_if` holds for these answers. A choice-list matches when it shares a value."""
    for other, values in (condition or {}).items():
        given = data.get(other)
        if isinstance(given, (list, tuple, set)):
            if not set(values) & set(given):
                return False
        elif given not in values:
            return False
    return True


def kept(model: type[FormModel], data: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without those of questions that are not asked (a hidden answer must not decide anything)."""
    result = dict(data)
    changed = True
    while changed:  # hiding one question may hide the next
        changed = False
        for name, field in model.model_fields.items():
            if name in result and not applies(words_of(field).get("show_if"), result):
                del result[name]
                changed = True
    return result


def clean(
    model: type[FormModel], data: Mapping[str, Any], language: str = "", *, desk: bool = True
) -> FormModel:
    """The filled-in form, checked. Raises Invalid with a sentence for every wrong field, in the reader's language unless
    another is named.

    What the service itself keeps in the form (hidden and `desk_only`) is never taken from outside; other `desk_only`
    fields only from the desk. A hidden field that is not `desk_only` comes from the page.
    """
    english = (language or get_language() or "").startswith("en")
    answers = kept(model, {name: value for name, value in data.items() if not _closed(model, name, desk)})
    errors: dict[str, str] = {}
    try:
        form = model.model_validate(answers)
    except ValidationError as error:
        for item in error.errors():
            name = ".".join(map(str, item["loc"])) or "__all__"
            errors.setdefault(name, _sentence(item, english, _is_money(model, name)))
    else:
        dumped = form.model_dump(mode="json")
        for name, field in model.model_fields.items():
            needed = words_of(field).get("required_if")
            if needed and applies(needed, dumped) and dumped.get(name) in (None, "", []):
                errors[name] = "Please answer this question." if english else "请回答这一题"
            elif told := _impossible_day(getattr(form, name), bool(words_of(field).get("past")), english):
                errors[name] = told
        if not errors:
            return form
    lines = {name: _line(_label(model, name, english), text, english) for name, text in errors.items()}
    refusal = Invalid(next(iter(lines.values())), fields=errors)
    refusal.lines = lines
    raise refusal


def _line(label: str, text: str, english: bool) -> str:
    return f"{label}: {text}" if english else f"“{label}”：{text}"


def _is_money(model: type[FormModel], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and words_of(field).get("kind") == "money"


def _impossible_day(value: Any, past: bool, english: bool) -> str:
    """What is wrong with a day nobody alive can mean, or with one that must have come but has not; else nothing."""
    if not isinstance(value, date):
        return ""
    day = value.astimezone(SHANGHAI).date() if isinstance(value, datetime) and value.tzinfo else value
    year = day.year
    if not _EARLIEST <= year <= _LATEST:
        return f"Please check the year {year}." if english else f"{year}年不对吧？请核对年份"
    coming = value > now() if isinstance(value, datetime) and value.tzinfo else day > today()
    if past and coming:
        return ("This day has not come yet. Correct it, or leave it empty until it has." if english
                else "这一天还没到。请核对日期，还没发生的先空着")  # fmt: skip
    return ""


def _label(model: type[FormModel], name: str, english: bool) -> str:
    field = model.model_fields.get(name.split(".")[0])
    return str(words_of(field).get("en" if english else "zh", name)) if field else name


def _closed(model: type[FormModel], name: str, desk: bool) -> bool:
    field = model.model_fields.get(name)
    words = words_of(field) if field else {}
    return bool(words.get("desk_only")) and (not desk or words.get("kind") == "hidden")


_ZH = {
    "missing": "请填写", "string_too_long": "太长了，最多{max_length}个字", "string_too_short": "太短了，至少{min_length}个字",
    "string_type": "请填写文字", "int_parsing": "请填整数", "int_type": "请填整数", "int_from_float": "请填整数",
    "greater_than_equal": "不能小于{ge}", "less_than_equal": "不能大于{le}", "greater_than": "应大于{gt}",
    "date_parsing": "日期看不懂，请写成 2026-06-18 这样", "date_from_datetime_parsing": "日期看不懂，请写成 2026-06-18 这样",
    "datetime_parsing": "时间看不懂，请写成 2026-06-18 09:30 这样", "datetime_from_date_parsing": "请写明日期和时间",
    "enum": "请从列出的选项里选", "literal_error": "请从列出的选项里选", "bool_parsing": "请选“是”或“否”", "bool_type": "请选“是”或“否”",
    "extra_forbidden": "没有这个栏目", "list_type": "请选择", "too_long": "选得太多了", "too_short": "请至少选一项",
    "string_pattern_mismatch": "含有不能使用的字符", "string_unicode": "含有不能使用的字符", "decimal_parsing": "请填数字",
    "none_required": "不需要填写", "timezone_aware": "请写明时区", "int_parsing_size": "数字太大了",
}  # fmt: skip


_EN = {
    "missing": "Please answer this question.", "string_too_long": "Too long: at most {max_length} characters.",
    "string_too_short": "Too short: at least {min_length} characters.", "string_type": "Please write words.",
    "int_parsing": "Please write a whole number.", "int_type": "Please write a whole number.", "int_from_float": "Please write a whole number.",
    "greater_than_equal": "Not less than {ge}.", "less_than_equal": "Not more than {le}.", "greater_than": "More than {gt}.",
    "date_parsing": "This is no day. Write it like 2026-06-18.", "date_from_datetime_parsing": "This is no day. Write it like 2026-06-18.",
    "datetime_parsing": "This is no time. Write it like 2026-06-18 09:30.", "datetime_from_date_parsing": "Please give the day and the time.",
    "enum": "Please choose from the list.", "literal_error": "Please choose from the list.", "bool_parsing": "Please choose yes or no.",
    "bool_type": "Please choose yes or no.", "extra_forbidden": "There is no such field.", "list_type": "Please choose.",
    "too_long": "Too many chosen.", "too_short": "Please choose at least one.",
    "string_pattern_mismatch": "It holds signs that cannot be used.", "string_unicode": "It holds signs that cannot be used.",
    "decimal_parsing": "Please write a number.", "none_required": "Nothing is to be written here.", "timezone_aware": "Please name the time zone.",
    "int_parsing_size": "The number is too large.",
}  # fmt: skip


def _sentence(item: Any, english: bool, money: bool = False) -> str:
    if money and item["type"] in {"int_parsing", "int_from_float", "int_type"}:  # typed in yuan, kept in fen
        return "Please write an amount, like 12000 or 12000.50." if english else "请填数字，例如 12000 或者 12000.50"
    if item["type"] == "value_error":
        return str(item["ctx"]["error"]) if "ctx" in item else str(item["msg"])
    template = _EN.get(item["type"], "Please check what is written here.") if english else _ZH.get(item["type"], "填写有误，请核对")
    return template.format(**item.get("ctx", {}))
