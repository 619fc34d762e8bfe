"""What counts as an exception, and how it is said. Pure."""

from __future__ import annotations

from dataclasses import dataclass

# A published cell smaller than this could point to a person.
SMALL_CELL = 5


@dataclass(frozen=True)
class Alert:
    """One thing a leader should look at: how many of how many, in a sentence. Its id opens the cases (`queries.behind`)."""

    id: str
    count: int
    of: int
    zh: str
    en: str
    # Higher comes first.
    weight: int


@dataclass(frozen=True)
class Figure:
    """A total with its denominator and what it means."""

    id: str
    numerator: int
    denominator: int
    zh: str
    en: str
    definition_zh: str
    definition_en: str


def shown(count: int) -> str:
    """A count as it may be shown where people could be recognised: small cells are "<5"."""
    return f"<{SMALL_CELL}" if 0 < count < SMALL_CELL else str(count)


def share(numerator: int, denominator: int) -> str:
    """A share in per cent with one decimal, or "—" without a denominator."""
    return f"{numerator / denominator * 100:.1f}%" if denominator else "—"


def first_five(found: list[Alert]) -> list[Alert]:
    """The five that weigh most: lateness of the law's own limits first, then numbers. What is zero is no exception."""
    return sorted((e for e in found if e.count), key=lambda e: (-e.weight, -e.count))[:5]
