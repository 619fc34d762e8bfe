"""What a pattern cannot do without: characters, and pairs of neighbours. A text that lacks them need not be searched.

Told from the pattern's own parts, never by hand: a list kept beside the patterns would one day silence an alarm. What is
not understood asks for nothing, and the text is searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from operator import add
from string import ascii_letters
from typing import Any, NamedTuple

Together = tuple[frozenset[str], ...]
"""Of each of these at least one is in the `marks_of` the text."""


class Needs(NamedTuple):
    """What every text has that a pattern finds something in: all of `always`, and of a choice all of one of its `ways`."""

    always: Together
    ways: tuple[Together, ...] = ()

    def may_hold(self, marks: frozenset[str]) -> bool:
        """Whether the pattern may find something in a text of these marks."""
        lacks = marks.isdisjoint
        if any(map(lacks, self.always)):
            return False
        return not self.ways or any(not any(map(lacks, way)) for way in self.ways)

_parser: Any = import_module("re._parser")
# Beside themselves, i, k and s are found in these when capitals do not count.
_LATIN = frozenset(ascii_letters + "İıſK")
_FIGURE = r"\d"  # stands for any figure, among a pattern's needs and a text's marks
_ANY_FIGURE = re.compile(_FIGURE)
_MANY, _MANY_PAIRS = 200, 900
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


def marks_of(*texts: str) -> frozenset[str]:
    """The characters of these texts, every two neighbours, and whether there is a figure: what needs are held against."""
    found: set[str] = set()
    for text in texts:
        found.update(text, map(add, text, text[1:]))
        if _ANY_FIGURE.search(text):
            found.add(_FIGURE)
    return frozenset(found)


def needs_of(pattern: re.Pattern[str]) -> Needs:
    """What every text this pattern finds something in has."""
    folded = bool(pattern.flags & re.IGNORECASE)
    parts = list(_parser.parse(pattern.pattern, pattern.flags))
    choice = parts[0][1][1] if len(parts) == 1 and str(parts[0][0]) == "BRANCH" else ()
    return Needs(_sorted(_of(parts, folded)), tuple(_sorted(_of(way, folded)) for way in choice))


def _sorted(found: Iterable[frozenset[str]]) -> Together:
    """The rarest first, so that most texts are told by it."""
    return tuple(sorted(dict.fromkeys(found), key=_commonness))


def _of(parts: Iterable[tuple[Any, Any]], folded: bool) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    before: frozenset[str] = frozenset()  # what the character just before must be one of, where that is known
    for operation, value in parts:
        one = _single(str(operation), value, folded)
        if one:
            found.append(one)
            if before and len(before) * len(one) <= _MANY_PAIRS and _FIGURE not in before | one:
                found.append(frozenset(first + second for first in before for second in one))
        else:
            found += _of_one(str(operation), value, folded)
        before = frozenset() if folded and one & _LATIN else one
    return found


def _single(operation: str, value: Any, folded: bool) -> frozenset[str]:
    """What a part that stands for characters one by one, at least once, is made of; nothing where it cannot be told."""
    if operation in _REPEATS:
        least, _most, inside = value
        return _single(str(inside[0][0]), inside[0][1], folded) if least and len(inside) == 1 else frozenset()
    if operation == "LITERAL":
        return _told(frozenset(chr(value)), folded)
    return _told(_of_class(value), folded) if operation == "IN" else frozenset()


def _of_one(operation: str, value: Any, folded: bool) -> list[frozenset[str]]:
    if operation == "BRANCH":
        each = [_of(one, folded) for one in value[1]]
        return [frozenset().union(*(min(one, key=_commonness) for one in each))] if all(each) else []
    if operation == "SUBPATTERN":
        _group, more_flags, fewer_flags, inside = value
        return [] if more_flags or fewer_flags else _of(inside, folded)
    if operation in _REPEATS:
        least, _most, inside = value
        return _of(inside, folded) if least else []
    return []


def _commonness(need: frozenset[str]) -> tuple[bool, int]:
    """Pairs are rarer in texts than characters, and few rarer than many."""
    return any(len(one) == 1 or one == _FIGURE for one in need), len(need)


def _told(found: frozenset[str], folded: bool) -> frozenset[str]:
    """Where capitals do not count, any letter stands for all; a Chinese character has none."""
    if not folded or all(one.lower() == one == one.upper() for one in found):
        return found
    return _LATIN if found <= _LATIN else frozenset()


def _of_class(members: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The characters of a class; none where it cannot be told which."""
    found: set[str] = set()
    for operation, value in members:
        match str(operation):
            case "LITERAL":
                found.add(chr(value))
            case "RANGE" if value[1] - value[0] < _MANY:
                found |= {chr(code) for code in range(value[0], value[1] + 1)}
            case "CATEGORY" if str(value) == "CATEGORY_DIGIT":
                found.add(_FIGURE)
            case _:
                return frozenset()
    return frozenset(found)
