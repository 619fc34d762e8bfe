"""What a measure is: a named, documented count over the star's facts, as data.

It gives whole numbers for every period and township: `upper`, and `lower` where it is a share or ratio. Time has one rule: an event
counts in the periods that hold its day; what holds for a while counts in a period when it holds on its last day; what is only
known as it stands counts in the latest period alone. Place has one rule: a record counts where its own place is, a person's work
(fact `taking`) where the person is licensed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from fahui.foundation.data import Data, Words

Scalar = int | str
Test = dict[Literal[">=", "<=", ">", "<", "!="], Scalar | None]
# {column: value}, {column: [one, of, these]}, {column: null}, {column: {">=": 3}}, {column: {"!=": null}}
Condition = dict[str, Scalar | list[Scalar] | Test | None]
When = Literal["event", "holds", "now", "always", "last_week"]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Count(Data):
    """How many rows, how many different things (`distinct`), or how much together (`sum`)."""

    of: str
    where: Condition = {}
    # Any one of these is enough.
    either: tuple[Condition, ...] = ()
    when: When | None = None
    distinct: str = ""
    sum: str = ""


class Share(Count):
    """Of those rows, things or sums the part for which more is true."""

    part: Condition = {}
    part_either: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _says_which_part(self) -> Self:
        if not (self.part or self.part_either):
            raise ValueError("a share needs `part`: what more is true of those that count above")
        return self


class Units(Data):
    """What is to be covered: the rows of a fact that hold on a period's last day."""

    of: str
    where: Condition = {}
    either: tuple[Condition, ...] = ()
    key: str = ""


class Need(Count):
    """What a unit must have: so many rows (or so much) that name it in the column `key`."""

    key: str = ""
    at_least: int = 1
    at_most: int | None = None


class Covered(Data):
    """The units that have what they need, of all units."""

    units: Units
    needs: tuple[Need, ...] = Field(min_length=1)
    meet: Literal["all", "any"] = "all"


class Ratio(Data):
    """One count to another of other things: lawyers to residents, hours to persons."""

    above: Count
    below: Count


Shape = Count | Share | Covered | Ratio
_SHAPES: dict[str, type[Count] | type[Share] | type[Covered] | type[Ratio]] = {
    "count": Count, "share": Share, "covered": Covered, "ratio": Ratio,
}  # fmt: skip


def counts_of(shape: Shape) -> tuple[Count | Units, ...]:
    """Everything a shape counts."""
    if isinstance(shape, Covered):
        return (shape.units, *shape.needs)
    return (shape.above, shape.below) if isinstance(shape, Ratio) else (shape,)


def codes_in(value: object) -> list[str]:
    """The codes a condition's value names: one, several, or those inside a comparison."""
    if isinstance(value, Mapping):
        return [code for other in value.values() for code in codes_in(other)]
    values = value if isinstance(value, list) else [value]
    return [code for code in values if isinstance(code, str)]


class Measure(Words):
    """A named measure: one of the four shapes, in which an indicator fills the places written `$name`.

    The figure is upper ÷ scale, or upper ÷ lower ÷ scale × per: scale 60 turns minutes into hours, per 10000 counts by ten
    thousand residents, per 100 gives per cent. `of_units` shows how many units are covered instead of their share.
    """

    id: Slug
    scale: int = Field(default=1, gt=0)
    per: int = Field(default=1, gt=0)
    of_units: bool = False
    takes: dict[Slug, Any] = {}
    count: dict[str, Any] | None = None
    share: dict[str, Any] | None = None
    covered: dict[str, Any] | None = None
    ratio: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        if sum(getattr(self, name) is not None for name in _SHAPES) != 1:
            raise ValueError(f"needs exactly one of {', '.join(_SHAPES)}")
        return self

    def shape(self, given: Mapping[str, Any]) -> Shape:
        """The shape with an indicator's values filled in. Raises ValueError for values it does not take or still lacks."""
        unknown = set(given) - set(self.takes)
        if unknown:
            raise ValueError(f"measure {self.id} takes no {', '.join(sorted(unknown))}")
        values = {**self.takes, **given}
        lacking = sorted(name for name, value in values.items() if value == "required")
        if lacking:
            raise ValueError(f"measure {self.id} needs {', '.join(lacking)}")
        name = next(name for name in _SHAPES if getattr(self, name) is not None)
        return _SHAPES[name].model_validate(_filled(getattr(self, name), values))


def _place(part: Any) -> bool:
    return isinstance(part, str) and part.startswith("$")


def _filled(part: Any, values: Mapping[str, Any]) -> Any:
    if _place(part):
        if part[1:] not in values:
            raise ValueError(f"{part} is not among what the measure takes")
        return values[part[1:]]
    if isinstance(part, dict):
        # A condition on a place that was left open (`any`) does not narrow; a word that the measure itself says stays (meet: any).
        left_open = {name for name, value in part.items() if _place(value) and _filled(value, values) == "any"}
        return {name: _filled(value, values) for name, value in part.items() if name not in left_open}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    return part
