"""What a measure leaves open, as questions with the names people know: kinds, levels, registers and their categories, how many.

The form sends `given-<name>`; what comes back is what an indicator's `use.given` holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fahui.foundation import cities
from fahui.foundation.errors import Invalid
from fahui.foundation.regions.queries import children
from fahui.standards.indicators.words import column_name, is_flag, options, told
from fahui.standards.measures.schema import Measure

KEPT = "=kept"
"""Chosen where a value cannot be said with the list (all but one county): it stays as it is."""
AS_IT_IS = "=own"
"""Chosen where records are told to be a place's own by where they are, which is what a measure does by itself."""
_LABELS = {
    "above": gettext_noop("分子数哪几类"), "below": gettext_noop("分母数哪几类"), "first": gettext_noop("要有的第一类"), "second": gettext_noop("要有的第二类"),
    "within": gettext_noop("在哪几类里看"), "cases": gettext_noop("至少几件"), "minutes": gettext_noop("至少几分钟"), "days": gettext_noop("至少几天"),
    "at_least": gettext_noop("至少几个"), "at_most": gettext_noop("最多几个"), "when": gettext_noop("怎么算时间"), "key": gettext_noop("记录归谁"),
    "urban": gettext_noop("村还是社区"), "autonomous": gettext_noop("是不是民族自治县的"), "decided": gettext_noop("看哪几种结果"),
    "bodies": gettext_noop("为哪类单位"), "roles": gettext_noop("担任什么"), "places": gettext_noop("哪些地方"), "visits": gettext_noop("哪些活动"),
    "activities": gettext_noop("哪些活动"), "professions": gettext_noop("哪类人员"), "sites": gettext_noop("哪类场所"), "titles": gettext_noop("哪些称号"),
}  # fmt: skip
_WHEN = {"event": gettext_noop("本期内发生的"), "holds": gettext_noop("截至那天有效的"), "now": gettext_noop("现在的")}
_OWNERS = {AS_IT_IS: gettext_noop("在它范围里的都算它的"), "region": gettext_noop("只算本级自己的")}
_BODIES = {"organiser": gettext_noop("算举办单位的"), "guest": gettext_noop("算服务对象单位的")}
_PLACES = frozenset({"county", "region"})
_WHOLE = frozenset({"level", "body_level", "county", "region", "month"})
_HUNDREDTHS = frozenset({"part", "whole", "amount"})


@dataclass(frozen=True)
class Slot:
    """One thing a measure leaves open: the column it narrows (none for numbers and the like), and on which code its codes depend."""

    take: str
    default: Any
    fact: str = ""
    column: str = ""
    # The register or service as the measure writes it: a code, or `$register`.
    of: str = ""
    # How many of what is stored make one of what is typed.
    scale: int = 1

    @property
    def name(self) -> str:
        """Its name in the form."""
        return f"given-{self.take}"

    @property
    def single(self) -> bool:
        """Whether one value is chosen, not several."""
        return self.take in ("when", "key") or self.column == "register" or is_flag(self.fact, self.column)

    @property
    def number(self) -> bool:
        """Whether a whole number is typed."""
        return not self.column and self.take not in ("when", "key")


def slots(measure: Measure) -> list[Slot]:
    """Everything a measure leaves open, in its order."""
    raw = measure.count or measure.share or measure.covered or measure.ratio or {}
    return [_slot(take, default, list(_counts(raw))) for take, default in measure.takes.items()]


def fields(measure: Measure, given: Mapping[str, Any], errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """The questions, answered with what an indicator gives, else with what the measure takes by itself."""
    found = [_field(slot, given, errors) for slot in slots(measure)]
    # A register without grades asks for none.
    return [field for field in found if field["kind"] == "number" or field["options"] or field["required"]]


def posted(measure: Measure, sent: QueryDict, old: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered, as an indicator's `given`; what is as the measure takes it by itself is left out. Raises Invalid by field."""
    given, faults = {}, {}
    for slot in slots(measure):
        try:
            value = _answered(slot, [text for text in sent.getlist(slot.name) if text.strip()], old)
        except ValueError:
            faults[slot.name] = _("请填整数，例如 5")
            continue
        if value is None and slot.default == "required":
            faults[slot.name] = _("请填写") if slot.number else _("请至少选一项")
        elif value is not None and not _same(value, slot.default):
            kept = old.get(slot.take)
            given[slot.take] = kept if kept is not None and _same(value, kept) else value
    if faults:
        raise Invalid(_("口径还没有填完。"), fields=faults)
    return given


def typed(measure: Measure, sent: QueryDict, old: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered so far, however much is missing: the form is only drawn again."""
    found = {}
    for slot in slots(measure):
        try:
            value = _answered(slot, [text for text in sent.getlist(slot.name) if text.strip()], old)
        except ValueError:
            continue
        if value is not None:
            found[slot.take] = value
    return found


def in_words(measure: Measure | None, given: Mapping[str, Any]) -> str:
    """What an indicator gives, for a table of changes: a line for each."""
    if measure is None:
        return ""
    return _("；").join(f"{_label(slot)}{_('：')}{_said(slot, given)}" for slot in slots(measure) if slot.take in given)


def _said(slot: Slot, given: Mapping[str, Any]) -> str:
    value = given[slot.take]
    if not slot.column:
        return str(value // slot.scale) if isinstance(value, int) else dict(_choices(slot, given)).get(str(value), str(value))
    several = value if isinstance(value, list) else [value]
    if any(isinstance(one, Mapping) for one in several):
        return told(slot.fact, slot.column, value, _of(slot, given))
    names = dict(_choices(slot, given))
    return _("、").join(names.get(str(one), str(one)) for one in several)


def _field(slot: Slot, given: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, Any]:
    value = given.get(slot.take, None if slot.default in ("any", "required") else slot.default)
    field = {"name": slot.name, "label": _label(slot), "required": slot.default == "required", "error": errors.get(slot.name, "")}
    if slot.number:
        return field | {"kind": "number", "value": "" if value is None else value // slot.scale if isinstance(value, int) else value}
    choices = _choices(slot, given)
    if slot.take == "key" and not value:
        value = AS_IT_IS
    if isinstance(value, Mapping):
        choices = [*choices, (KEPT, _("照现在的：%(what)s") % {"what": told(slot.fact, slot.column, value, _of(slot, given))})]
        value = KEPT
    chosen = [str(one) for one in value] if isinstance(value, list) else "" if value is None else str(value)
    # What is no longer on the list (a county that was merged) is shown as it is, and stays until somebody takes it away.
    several = chosen if isinstance(chosen, list) else [chosen] if chosen else []
    choices = [*choices, *((one, one) for one in several if one not in dict(choices))]
    hint = _("先选台账，再选这里") if not choices else _("不选就是不限") if slot.default == "any" and not slot.single else ""
    if slot.single:
        return field | {"kind": "select", "options": choices, "value": chosen[0] if isinstance(chosen, list) else chosen}
    return field | {"kind": "checkbox", "options": choices, "value": chosen if isinstance(chosen, list) else [chosen], "hint": hint}


def _label(slot: Slot) -> str:
    return _(_LABELS[slot.take]) if slot.take in _LABELS else column_name(slot.fact, slot.column) if slot.column else slot.take


def _choices(slot: Slot, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    if slot.take == "when":
        return [(code, _(name)) for code, name in _WHEN.items()]
    if slot.take == "key":
        return [(code, _(name)) for code, name in (_BODIES if slot.default in _BODIES else _OWNERS).items()]
    if slot.column in _PLACES:
        return [(str(code), name) for code, name in children(cities.current().region).order_by("code").values_list("code", "name")]
    return options(slot.fact, slot.column, _of(slot, given))


def _of(slot: Slot, given: Mapping[str, Any]) -> str:
    told = given.get(slot.of[1:], "") if slot.of.startswith("$") else slot.of
    return str(told[0]) if isinstance(told, list) and told else told if isinstance(told, str) else ""


def _answered(slot: Slot, texts: list[str], old: Mapping[str, Any]) -> Any:
    """One answer as data; None for none. Raises ValueError for what is no whole number."""
    if KEPT in texts:
        return old.get(slot.take)
    if not texts or AS_IT_IS in texts:
        return None
    if slot.number:
        return int(texts[0]) * slot.scale
    values: list[Any] = [int(text) for text in texts] if slot.column in _WHOLE or is_flag(slot.fact, slot.column) else texts
    if slot.single:
        return values[0]
    return values if len(values) > 1 or isinstance(slot.default, list) else values[0]


def _same(one: Any, other: Any) -> bool:
    """Whether two answers ask for the same, in whatever order the codes stand."""
    several = [set(map(str, value)) if isinstance(value, list) else {str(value)} for value in (one, other)]
    return several[0] == several[1]


def _slot(take: str, default: Any, counts: list[Mapping[str, Any]]) -> Slot:
    """Where `$take` stands in a measure's counts."""
    for count in counts:
        where = count.get("where", {})
        for condition in (where, count.get("part", {}), *count.get("either", ()), *count.get("part_either", ())):
            for column, value in condition.items():
                if value == f"${take}":
                    of = {**where, **condition}.get("register" if count["of"] == "entry" else "service", "")
                    return Slot(take, default, count["of"], column, of if isinstance(of, str) else str(of[0]))
        if f"${take}" in (count.get("at_least"), count.get("at_most")):
            return Slot(take, default, scale=100 if count.get("sum") in _HUNDREDTHS else 1)
    return Slot(take, default)


def _counts(raw: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(raw, Mapping):
        if isinstance(raw.get("of"), str):
            yield raw
        for value in raw.values():
            yield from _counts(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _counts(value)
