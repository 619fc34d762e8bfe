"""What counts as an exception, and how it is said. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

# A published cell smaller than this could point to a person.
SMALL_CELL = 5
STUCK_DAYS = 10
UNCLAIMED_HOURS = 24
RECENT_DAYS = 7
# How each alert is said after its number, in Chinese and English, and how much it weighs: lateness of the law's own limits most.
_ALERTS = {
    "overdue": ("件已超过法定或规定期限", "cases past their time limit", 100),
    "urgent": ("件紧急事项还没有承办人", "urgent cases without a provider", 90),
    "urges": ("条督办过期没有答复", "supervision requests unanswered in time", 80),
    "bad": (f"个差评（近{RECENT_DAYS}天）", f"bad ratings in the last {RECENT_DAYS} days", 70),
    "soon": ("件将在24小时内到期", "cases due within 24 hours", 60),
    "unclaimed": (f"件超过{UNCLAIMED_HOURS}小时没有人经办", f"cases unclaimed for over {UNCLAIMED_HOURS} hours", 50),
    "stuck": (f"件{STUCK_DAYS}天没有任何进展", f"cases without any step for {STUCK_DAYS} days", 40),
}


@dataclass(frozen=True)
class Alert:
    """One thing a leader should look at: how many of how many, in a sentence. Its id opens the cases (`queries.behind`)."""

    id: str
    count: int
    of: int

    @property
    def zh(self) -> str:
        """What follows the number, in Chinese."""
        return _ALERTS[self.id][0]

    @property
    def en(self) -> str:
        """The same in English."""
        return _ALERTS[self.id][1]

    @property
    def weight(self) -> int:
        """Higher comes first."""
        return _ALERTS[self.id][2]


@dataclass(frozen=True)
class Tally:
    """Cases of one service in one county. `within` says whether they lie in the reader's own scope, its services and its
    jurisdiction: a single case of another may have been opened to them."""

    service: str
    county: int
    sealed: bool
    within: bool
    opened: int  # this year
    closed: int  # of those
    open: int
    overdue: int
    urgent: int
    soon: int
    unclaimed: int
    stuck: int


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
    """The five that weigh most, then numbers. What is zero is no exception."""
    return sorted((e for e in found if e.count), key=lambda e: (-e.weight, -e.count))[:5]


def by_service(tallies: list[Tally]) -> list[tuple[str, int, int, int]]:
    """(service, open, overdue, due within 24 hours) of each service with open cases."""
    rows = [(service, sum(t.open for t in of), sum(t.overdue for t in of), sum(t.soon for t in of)) for service, of in _grouped(tallies, "service")]
    return [row for row in rows if row[1]]


def by_county(tallies: list[Tally]) -> list[tuple[int, int, int, int]]:
    """(county code, opened this year, open, overdue) of each county in reach, without sealed cases. Small cells are the page's to hide."""
    plain = [t for t in tallies if t.within and not t.sealed]
    return [(county, sum(t.opened for t in of), sum(t.open for t in of), sum(t.overdue for t in of)) for county, of in _grouped(plain, "county")]


def _grouped(tallies: list[Tally], name: str) -> list[tuple[Any, list[Tally]]]:
    key = attrgetter(name)
    return [(value, list(of)) for value, of in groupby(sorted(tallies, key=key), key)]
