"""What must not be shown, and what must not be shown with it, so that nobody can work it out. Pure.

Small numbers are hidden (fewer than five, but not zero). A total less the parts that are shown gives the parts that are not, so a small part
never goes alone: the next smallest goes with it, and all that equal that one. From outside it cannot then be told which of the hidden parts
is the small one: with any two of them exchanged, the same would have been shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from fahui.insight.figures.rules import FEW

Numbers = tuple[Fraction | int, ...]
"""Every number a line shows or lets the reader work out: above and below the line, and a year before where growth is told."""


@dataclass(frozen=True)
class Hidden:
    """What of a table is not published: the line of the whole, and the lines of these parts."""

    whole: bool = False
    parts: frozenset[int] = frozenset()

    def __or__(self, other: Hidden) -> Hidden:
        return Hidden(self.whole or other.whole, self.parts | other.parts)


def small(numbers: Numbers) -> bool:
    """Whether one of the numbers stands for one to four people."""
    return any(0 < number < FEW for number in numbers)


def hidden(whole: Numbers, parts: Mapping[int, Numbers], *, tied: bool = False) -> Hidden:
    """What to hide of a whole and its parts. A part of which nothing was counted has no numbers.

    A small whole hides everything. With `tied` the figure of the whole follows from single parts (a gap between counties): then one small
    part hides everything too. Where no part is large enough to go with the small ones, all parts go and the whole stays.
    """
    few = frozenset(code for code, numbers in parts.items() if small(numbers))
    if small(whole) or (tied and few):
        return Hidden(True, frozenset(parts))
    if not few:
        return Hidden()
    large = {code: numbers for code, numbers in parts.items() if numbers and min(numbers) >= FEW}
    if not large:
        return Hidden(False, frozenset(parts))
    least = min(large.values())
    return Hidden(False, few | {code for code, numbers in large.items() if numbers == least})
