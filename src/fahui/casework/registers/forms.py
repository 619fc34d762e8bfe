"""The form of a register, made from its definition; what was filled in becomes the columns of an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import Field, create_model

from fahui.casework.forms.fields import FormModel, Line, choices, question
from fahui.casework.forms.validation import clean
from fahui.casework.registers.models import Entry
from fahui.casework.registers.schema import Choices, Label, Register
from fahui.foundation import clock
from fahui.foundation.errors import Invalid
from fahui.foundation.people.references import label_of, place_labels, resolve

DETAIL = "d_"  # before the name of a field that figures do not count by
SUBJECTS = ("institution", "practitioner", "site")
# What an entry holds besides its details; the order of the form, of tables and of the page.
COLUMNS = ("code", "title", "region_code", *SUBJECTS, "category", "grade", "begins", "ends", "part", "whole", "amount_fen")
_FIRST, _YEARS_AHEAD = date(1949, 10, 1), 30
_Number = Annotated[Decimal, Field(ge=0, max_digits=16, decimal_places=2)]
_Day = Annotated[date, Field(ge=_FIRST)]
_Fen = Annotated[int, Field(ge=0, le=10**14)]
_Name = Annotated[Line, Field(max_length=160)]
_Code = Annotated[Line, Field(max_length=60)]


class EntryForm(FormModel):
    """Base of every register's form. Places, institutions, people and sites are written as `name（code）`, a code or a name."""


def named_kinds(register: Register, what: str) -> tuple[str, ...] | None:
    """The kinds of institution, practitioner or site the register names: none at all (None), or any (an empty tuple)."""
    kinds: tuple[str, ...] | None = getattr(register, what)
    return kinds


def titled(register: Register) -> bool:
    """Whether an entry needs a title of its own: a number that is handed in gets one from what it is about."""
    return register.title.required and not (register.part and register.part.required)


def form_of(register: Register) -> type[EntryForm]:
    """The form as a Pydantic model: the web page, the API and the columns of imports."""
    fields: dict[str, Any] = {}

    def ask(name: str, zh: str, en: str, python: Any, required: bool, **more: Any) -> None:
        fields[name] = (python, question(zh, en, **more)) if required else (python | None, question(zh, en, default=None, **more))

    for what, (zh, en) in {"institution": ("机构", "Institution"), "practitioner": ("人员", "Person"), "site": ("服务点", "Site")}.items():
        kinds = named_kinds(register, what)
        if kinds is not None:
            ask(what, zh, en, Line, bool(kinds), hint_zh="填编码或名称，边填边查", hint_en="Its code or name; type to search")
    ask("region_code", "地区", "Place", Line, True, hint_zh="填名称或12位代码，边填边查；属于全市的填市", hint_en="Its name or 12-digit code; type to search")
    if register.category:
        _choice(ask, "category", register.category, True)
    ask("title", register.title.zh, register.title.en, _Name, titled(register))
    if register.grade:
        _choice(ask, "grade", register.grade, False)
    ask("begins", register.begins.zh, register.begins.en, _Day, True)
    if register.ends:
        ask("ends", register.ends.zh, register.ends.en, _Day, register.ends.required)
    for name in ("part", "whole"):
        label: Label | None = getattr(register, name)
        if label:
            ask(name, label.zh, label.en, _Number, label.required, unit=label.unit.zh if label.unit else "")
    if register.amount:
        ask("amount_fen", f"{register.amount.zh}（元）", f"{register.amount.en} (yuan)", _Fen, register.amount.required, kind="money")
    for detail in register.details:
        kind: Any = {"text": Line, "number": _Number, "date": _Day, "yesno": bool}[detail.kind]
        ask(DETAIL + detail.name, detail.zh, detail.en, kind, detail.required)
    ask("code", "编号", "Number", _Code, False, hint_zh="本单位自己的编号；空着由系统编", hint_en="Your own number; left empty, one is given")
    return create_model(f"{register.id}_entry", __base__=EntryForm, **fields)


def _choice(ask: Any, name: str, offered: Choices, required: bool) -> None:
    members = {code: (words.zh, words.en) for code, words in offered.choices.items()}
    ask(name, offered.zh, offered.en, choices(name.title(), members), required)


@dataclass
class Filled:
    """One filled-in form: its columns, or what is wrong field by field."""

    columns: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_many(register: Register, given: Sequence[Mapping[str, Any]]) -> list[Filled]:
    """Forms as columns of entries, in a few queries whatever their number."""
    model, found, forms = form_of(register), [], []
    for answers in given:
        filled = Filled()
        answers = {name: value for name, value in answers.items() if value not in (None, "")}
        try:
            forms.append(clean(model, answers).model_dump())
        except Invalid as invalid:
            filled.errors = dict(invalid.fields)
            # What is sound is looked up all the same, so that every fault is told at once.
            forms.append({name: answers[name] for name in model.model_fields if name in answers and name not in filled.errors})
        found.append(filled)
    _refer(register, forms, found)
    today = clock.today()
    for form, filled in zip(forms, found, strict=True):
        if not filled.errors:
            filled.errors = _crossed(register, form, today)
        if not filled.errors:
            filled.columns = _columns(register, form) | filled.columns
    _title(register, found)
    return found


def read(register: Register, answers: Mapping[str, Any]) -> dict[str, Any]:
    """One form as columns. Raises Invalid, field by field."""
    filled = read_many(register, [answers])[0]
    if filled.errors:
        raise Invalid(_("有%(count)s处要改。") % {"count": len(filled.errors)}, fields=filled.errors)
    return filled.columns


def _refer(register: Register, forms: list[dict[str, Any]], found: list[Filled]) -> None:
    """Find what the forms name; what is not found is an error of its field."""
    for what in ("region", *SUBJECTS):
        name, kinds = ("region_code", ()) if what == "region" else (what, named_kinds(register, what))
        if kinds is None:
            continue
        known = resolve(what, kinds, (str(form.get(name) or "") for form in forms))
        for form, filled in zip(forms, found, strict=True):
            key = known.get(str(form.get(name) or ""))
            if isinstance(key, int):
                filled.columns["region_code" if what == "region" else f"{what}_id"] = key
            elif key is not None:
                filled.errors.setdefault(name, key)


def _crossed(register: Register, form: Mapping[str, Any], today: date) -> dict[str, str]:
    """What no single field can tell."""
    wrong = {}
    last = today + timedelta(days=366 * _YEARS_AHEAD)
    for name in ("begins", "ends"):
        if form.get(name) and form[name] > last:
            wrong[name] = _("年份太远，请核对")
    if form.get("ends") and form["ends"] < form["begins"]:
        wrong["ends"] = _("早于开始，请核对")
    part, whole = form.get("part"), form.get("whole")
    if register.share and part is not None and whole is not None and part > whole:
        wrong["part"] = _("比总数还多，请核对")
    return wrong


def _columns(register: Register, form: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: form.get(name) or "" for name in ("code", "title", "category", "grade")}
    found |= {name: form.get(name) for name in ("begins", "ends", "part", "whole", "amount_fen")}
    found["details"] = {d.name: plain(form[DETAIL + d.name]) for d in register.details if form.get(DETAIL + d.name) is not None}
    return {**found, **{f"{what}_id": None for what in SUBJECTS}}


def _title(register: Register, found: list[Filled]) -> None:
    """A number that is handed in is called by its category, or by its register."""
    for filled in found:
        columns = filled.columns
        if not filled.errors and not columns["title"]:
            category = register.category.choices[columns["category"]].zh if register.category else register.name.zh
            columns["title"] = f"{category} {columns['begins'].isoformat()}"


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def answers_of(register: Register, entry: Entry, place: str = "") -> dict[str, Any]:
    """An entry as its form would hold it (for correcting it). Its institution, person and site should be at hand."""
    found: dict[str, Any] = {name: getattr(entry, name) for name in ("code", "title", "category", "grade", "begins", "ends", "amount_fen")}
    found["region_code"] = place or place_labels([entry.region_code]).get(entry.region_code, str(entry.region_code))
    for name in ("part", "whole"):
        found[name] = number(getattr(entry, name))
    for what in SUBJECTS:
        if named_kinds(register, what) is not None:
            found[what] = label_of(getattr(entry, what))
    return found | {DETAIL + detail.name: entry.details.get(detail.name) for detail in register.details}


def number(value: Decimal | None) -> str:
    """A number without zeros that say nothing: 350, 12.5."""
    return "" if value is None else f"{value.normalize():f}"
