"""What a city's policy asks for and how each target is counted, as plain values, for the API and files."""

from __future__ import annotations

from typing import Any

from django.utils.translation import override

from fahui.standards.indicators.definitions import measures
from fahui.standards.indicators.schema import Indicator
from fahui.standards.indicators.words import explained
from fahui.standards.policies.definitions import answer, demands

DEFINITION = ("id", "version", "clause", "quote", "name", "name_en", "unit", "period", "each", "measure", "means", "means_en", "counted", "counted_en",
              "given", "against", "growth", "reading", "reading_en", "alternative", "not_measured", "targets", "baseline", "baseline_as_of",
              "responsible", "demands")  # fmt: skip
"""The columns of a definition. `given` and `targets` are lists or maps; in a table they are JSON."""
CLAUSE = ("clause", "heading", "heading_en", "id", "quote", "quote_en", "responsible", "state", "parts", "parts_en", "not_yet", "not_yet_en", "outside",
          "outside_en", "indicators")  # fmt: skip
"""The columns of a demand of the policy, under its clause."""


def definition(indicator: Indicator) -> dict[str, Any]:
    """One target as it is defined, by DEFINITION: nothing of how it stands."""
    use, reading, base = indicator.use, indicator.reading, indicator.baseline
    measure = measures().get(use.measure) if use else None
    return {
        "id": indicator.id, "version": indicator.version, "clause": indicator.clause, "quote": indicator.quote, "name": indicator.name.zh,
        "name_en": indicator.name.en, "unit": indicator.unit, "period": indicator.period, "each": indicator.each, "measure": use.measure if use else "",
        "means": measure.zh if measure else "", "means_en": measure.en if measure else "", "counted": _counted(indicator, "zh-hans"),
        "counted_en": _counted(indicator, "en"), "given": use.given if use else {}, "against": use.against if use else "",
        "growth": use.growth if use else "", "reading": reading.zh if reading else "", "reading_en": reading.en if reading else "",
        "alternative": reading.alternative.zh if reading and reading.alternative else "", "not_measured": indicator.not_measured.zh if indicator.not_measured else "",
        "targets": [{"op": t.op, "value": None if t.value is None else str(t.value), "by": t.by, "words": t.words, "basis": t.basis} for t in indicator.targets],
        "baseline": str(base.value) if base else None, "baseline_as_of": base.as_of if base else None, "responsible": list(indicator.responsible),
        "demands": list(indicator.demands),
    }  # fmt: skip


def clauses(city_id: str) -> list[dict[str, Any]]:
    """Every demand of a city's policy in the document's order, by CLAUSE, with what the platform has for it."""
    found = []
    for clause, demand in demands(city_id):
        told = answer(demand, city_id)
        parts = [part for part in told.parts if part.by != "indicator"]
        missing, outside = told.not_yet, told.outside
        found.append({
            "clause": clause.id, "heading": clause.heading.zh, "heading_en": clause.heading.en, "id": demand.id, "quote": demand.quote,
            "quote_en": demand.en, "responsible": list(demand.responsible), "state": told.state, "parts": [part.zh for part in parts],
            "parts_en": [part.en for part in parts], "not_yet": missing.zh if missing else "", "not_yet_en": missing.en if missing else "",
            "outside": outside.zh if outside else "", "outside_en": outside.en if outside else "", "indicators": list(demand.indicators),
        })  # fmt: skip
    return found


def _counted(indicator: Indicator, language: str) -> list[str]:
    measure = measures().get(indicator.use.measure) if indicator.use else None
    if measure is None or indicator.use is None:
        return []
    with override(language):
        return [f"{line.label}: {item}" for line in explained(measure.shape(indicator.use.given)) for item in line.items]
