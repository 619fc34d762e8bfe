"""What must not be shown, and what must not be shown with it, so that nobody can work it out. Pure.

Small numbers are hidden (fewer than five, but not zero). A total less the parts that are shown gives the parts that are not, so a small part
never goes alone: the next smallest goes with it, and all that equal that one. From outside it cannot then be told which of the hidden parts
is the small one: with any two of them exchanged, the same would have been shown.

Nor by subtracting editions: what an edition held back beside its total stays back in those of an overlapping time, and a line that is held
back now, though it was told before, takes the total along. That a line which is told in both differs by little is not hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fahui.insight.figures.rules import FEW

_YEAR = 366
Numbers = tuple[Fraction | int, ...]
"""Every number a line shows or lets the reader work out: above and below the line, and a year before where growth is told."""


@dataclass(frozen=True)
class Hidden:
    """What of a table is not published: the line of the whole, and the lines of these parts."""

    whole: bool = False
    parts: frozenset[int] = frozenset()

    def __or__(self, other: Hidden) -> Hidden:
        return Hidden(self.whole or other.whole, self.parts | other.parts)


@dataclass(frozen=True)
class Told:
    """What an earlier edition said of the same numbers: whether the whole, and of which parts the line was held back or told."""

    whole: bool
    held: frozenset[int]
    parts: frozenset[int]


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


def overlapping(then: tuple[date, date], now: tuple[date, date]) -> bool:
    """Whether numbers of two spans of days may be subtracted: the spans share days, and their ends are less than a year apart.

    After a year nobody takes a number for unchanged.
    """
    return then[0] <= now[1] and now[0] <= then[1] and abs((now[1] - then[1]).days) < _YEAR


def kept(now: Hidden, before: Iterable[Told], lines: frozenset[int]) -> Hidden:
    """What to hide when earlier editions said something of the same numbers. `lines`: the parts that there are now.

    Where an earlier one told its whole, its hidden lines stay hidden: the difference to those it told, with one of them known, gives the
    other. Where one told a line that is to be hidden now, the whole goes too: with the numbers of before it would give the line away.
    """
    whole, parts = now.whole, now.parts
    for then in before:
        whole = whole or bool(then.parts & now.parts)
        parts = parts | (then.held & lines if then.whole else frozenset())
    return Hidden(whole or len(parts) == 1, parts)
