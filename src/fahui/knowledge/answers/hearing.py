"""Which characters a pattern cannot do without. A text that lacks them need not be searched: most texts speak of no danger.

Told from the pattern's own parts, never by hand: a list kept beside the patterns would one day silence an alarm. What is
not understood asks for nothing, and the text is searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from string import ascii_letters
from typing import Any

Needs = tuple[frozenset[str], ...]
"""Of each of these at least one is in every text the pattern finds something in."""

_parser: Any = import_module("re._parser")
# Beside themselves, i, k and s are found in these when capitals do not count.
_LATIN = frozenset(ascii_letters + "İıſK")
_MANY = 200


def needs_of(pattern: re.Pattern[str]) -> Needs:
    """What every text this pattern finds something in has."""
    folded = bool(pattern.flags & re.IGNORECASE)
    return tuple(dict.fromkeys(_of(_parser.parse(pattern.pattern, pattern.flags), folded)))


def _of(parts: Iterable[tuple[Any, Any]], folded: bool) -> list[frozenset[str]]:
    return [one for operation, value in parts for one in _of_one(str(operation), value, folded)]


def _of_one(operation: str, value: Any, folded: bool) -> list[frozenset[str]]:
    if operation == "LITERAL":
        return _told(frozenset(chr(value)), folded)
    if operation == "IN":
        return _told(_of_class(value), folded)
    if operation == "BRANCH":
        each = [_of(one, folded) for one in value[1]]
        return [frozenset().union(*(min(one, key=len) for one in each))] if all(each) else []
    if operation == "SUBPATTERN":
        _group, more_flags, fewer_flags, inside = value
        return [] if more_flags or fewer_flags else _of(inside, folded)
    if operation in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        least, _most, inside = value
        return _of(inside, folded) if least else []
    return []


def _told(found: frozenset[str], folded: bool) -> list[frozenset[str]]:
    """Where capitals do not count, any letter stands for all."""
    if folded:
        return [_LATIN] if found and found <= _LATIN else []
    return [found] if found else []


def _of_class(members: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """The characters of a class; none where it cannot be told which."""
    found: set[str] = set()
    for operation, value in members:
        match str(operation):
            case "LITERAL":
                found.add(chr(value))
            case "RANGE" if value[1] - value[0] < _MANY:
                found |= {chr(code) for code in range(value[0], value[1] + 1)}
            case _:
                return frozenset()
    return frozenset(found)
