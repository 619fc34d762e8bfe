"""The reference pages of what figures are counted from (the star) and how (the measures)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from fahui.standards.indicators.definitions import MEASURES, measures
from fahui.standards.measures.schema import Measure
from fahui.standards.star import Fact, facts

_NOTE = "<!-- Written by `fahui docs`. Change {source}, not this page. -->\n"
_SIGNS = {"!=": "≠", ">=": "≥", "<=": "≤"}


def star() -> str:
    """Every fact with its columns."""
    parts = ["# The star\n", _NOTE.format(source="`src/fahui/standards/star.yaml`"),
             "What figures are counted from: one table a fact, with codes, days and whole numbers only. Money is in fen, time in minutes, areas in tenths of "
             "a square metre, other numbers in hundredths; a yes is 1. How a record becomes a figure: [Figures](../explanation/figures.md). Files of these "
             "columns can be counted: [Measure a foreign data set](../how-to/measure-a-foreign-data-set.md); there `town`, `county` and `level` are left out.\n"]  # fmt: skip
    for fact in facts().values():
        parts += [
            f"## `{fact.name}`\n",
            f"{fact.about} {_days(fact)}\n",
            "| Column | Type | Meaning |",
            "|---|---|---|",
        ]
        parts += [f"| `{name}` | {kind} | {_cell(meaning)} |" for name, (kind, meaning) in fact.columns.items()]
        parts.append("")
    return "\n".join(parts)


def _days(fact: Fact) -> str:
    told = [
        f"`{fact.key}` names a row."
        if fact.key in ("id", "region")
        else f"Different ones are told apart by `{fact.key}`."
    ]
    if fact.event:
        told.append(f"It happened on `{fact.event}`.")
    if fact.begins:
        told.append(f"It holds from `{fact.begins}` until the day before `{fact.ends}`.")
    if not (fact.event or fact.begins):
        told.append("It is known only as it stands now." if fact.name == "site" else "It has no days.")
    return " ".join(told)


def measures_page() -> str:
    """Every measure, by the file it stands in."""
    parts = ["# Measures\n", _NOTE.format(source="the data under `src/fahui/standards/measures/data`"),
             "How targets are counted, from the facts of [the star](star.md). An indicator names a measure and fills the places written `$so`; a place left "
             "`any` does not narrow. Why they are data: [the decision](../decisions/0010-measures-as-data.md).\n"]  # fmt: skip
    for path in sorted(MEASURES.glob("*.yaml")):
        parts += [f"## {path.stem.capitalize()}\n", "| Measure | Takes | Counts |", "|---|---|---|"]
        parts += [_row(measures()[told["id"]]) for told in yaml.safe_load(path.read_text(encoding="utf-8"))]
        parts.append("")
    return "\n".join(parts)


def _row(measure: Measure) -> str:
    takes = ", ".join(
        f"`{name}`" if value == "required" else f"`{name}`={_value(value)}" for name, value in measure.takes.items()
    )
    return f"| `{measure.id}`<br>{_cell(measure.en)}<br>{_cell(measure.zh)} | {_cell(takes)} | {_cell(_counts(measure))}{_scale(measure)} |"


def _counts(measure: Measure) -> str:
    if measure.share is not None:
        part = _either(measure.share.get("part", {}), measure.share.get("part_either", ()))
        return f"of {_amount(measure.share)} the part where {part}"
    if measure.covered is not None:
        units, needs = measure.covered["units"], measure.covered["needs"]
        word = {"all": "and", "any": "or"}.get(measure.covered.get("meet", "all"), "and or or, as told,")
        of = "" if measure.of_units else "of "
        return (
            f"{of}{_amount(units)} {'those ' if of else ''}that have {f' {word} '.join(_need(need) for need in needs)}"
        )
    if measure.ratio is not None:
        return f"{_amount(measure.ratio['above'])} to {_amount(measure.ratio['below'])}"
    return _amount(measure.count or {})


def _scale(measure: Measure) -> str:
    told = [f"÷ {measure.scale:,}"] if measure.scale > 1 else []
    told += [f"× {measure.per:,}"] if measure.per > 1 else []
    told += ["how many, not the share"] if measure.of_units else []
    return f" ({', '.join(told)})" if told else ""


def _amount(told: Mapping[str, Any]) -> str:
    what = f"rows of `{told['of']}`"
    if told.get("distinct"):
        what = f"different `{told['distinct']}` of `{told['of']}`"
    elif told.get("sum"):
        what = f"the sum of `{told['sum']}` of `{told['of']}`"
    where = _either(told.get("where", {}), told.get("either", ()))
    when = {"holds": " that hold on the last day", "event": " in the period", "last_week": " in the last seven days",
            "always": " at any time", "now": " as they stand"}.get(told.get("when") or "", "")  # fmt: skip
    return what + (f" where {where}" if where else "") + when


def _need(told: Mapping[str, Any]) -> str:
    least, most = told.get("at_least", 1), told.get("at_most")
    span = f"{_value(least)} to {_value(most)}" if most is not None else f"{_value(least)} or more"
    by = f" by `{told['key']}`" if told.get("key") else ""
    return f"{span}: {_amount(told)}{by}"


def _either(where: Mapping[str, Any], either: Any) -> str:
    told = " and ".join(_conditions(where))
    others = [" and ".join(_conditions(one)) for one in either]
    if not others:
        return told
    return " and ".join(filter(None, (told, "(" + " or ".join(others) + ")")))


def _conditions(where: Mapping[str, Any]) -> Iterator[str]:
    for column, value in where.items():
        if isinstance(value, dict):
            for sign, other in value.items():
                yield (
                    f"`{column}` is there" if other is None else f"`{column}` {_SIGNS.get(sign, sign)} {_value(other)}"
                )
        elif value is None:
            yield f"`{column}` is not there"
        elif isinstance(value, list):
            yield f"`{column}` is one of {_value(value)}"
        else:
            yield f"`{column}` = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value)
    if value is None:
        return "none"
    return f"`{value}`" if isinstance(value, str) and value != "any" else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def pages(folder: Path) -> dict[Path, str]:
    """Both pages by their path under the folder of reference pages."""
    return {folder / "star.md": star(), folder / "measures.md": measures_page()}
