"""What a city measures: an indicator as its policy words it, and how it is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from fahui.foundation.data import Data, Text, Words
from fahui.standards.periods import Kind

SUB_INDICATORS_MET = "sub_indicators_met"
"""The measure of a policy's overall goal: the share of its other targets that are met. It follows from their results."""



class Target(Data):
    """What is to be reached by a day. Without a value the policy gives only words (一批): the bureau has to set a number."""

    op: Literal[">=", "<=", "=", ">", "<"] = ">="
    value: Decimal | None = None
    by: date
    words: str = ""
    # Whether the number is printed, follows from the words, or is a reading to be confirmed.
    basis: Literal["printed", "words", "reading", "set_by_bureau"] = "printed"


class Baseline(Data):
    """Where the policy says it stood."""

    value: Decimal
    as_of: date
    quote: str = ""


class Reading(Data):
    """How an unclear clause is read, and how else it could be."""

    zh: Text
    en: Text
    alternative: Words | None = None


class Use(Data):
    """The measure and what fills its places. `against` turns it into growth; `spread` into the gap between counties."""

    measure: str
    given: dict[str, Any] = {}
    against: Literal["", "previous_year", "baseline"] = ""
    # percent: (now − then) ÷ then; points: now − then, of figures that are themselves shares.
    growth: Literal["", "percent", "points", "amount"] = ""
    spread: Literal["", "counties"] = ""


class Indicator(Data):
    """One quantified target of a policy. `each`: every single subject must reach it, so the figure is the share that does."""

    id: Text
    clause: Text
    quote: Text
    name: Words
    unit: Text
    use: Use | None = None
    # Why it cannot be measured from records, when there is no measure.
    not_measured: Words | None = None
    targets: tuple[Target, ...] = Field(min_length=1)
    each: bool = False
    period: Kind
    scope: tuple[Literal["city", "county", "township", "village", "institution", "person"], ...]
    # Where the kind of record it counts concerns counties of ethnic autonomy alone, only their places are asked for it.
    autonomous_only: bool = False
    responsible: tuple[str, ...] = ()
    baseline: Baseline | None = None
    reading: Reading | None = None
    demands: tuple[str, ...] = ()
    version: int = 1

    @model_validator(mode="after")
    def _measured_or_said_why(self) -> Self:
        if (self.use is None) == (self.not_measured is None):
            raise ValueError("give either `use` (a measure) or `not_measured` (why there is none)")
        if self.use and bool(self.use.against) != bool(self.use.growth):
            raise ValueError("`against` and `growth` belong together")
        if self.use and self.use.against == "baseline" and self.baseline is None:
            raise ValueError("growth against the baseline needs a `baseline`")
        return self
