"""Walking a graph, and counting the last day of a period. Pure: answers and dates in, a place or a day out.

The day of the event is not counted (民法典第二百零一条); a year ends on the corresponding day (第二百零二条). Where the law lets a
last day on a holiday move, it moves; where it does not say so, the earlier day is told, which is never too late.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, time

from fahui.foundation.worktime.rules import BUSINESS_ZONE, Calendar, Duration, OutsideCalendar, due
from fahui.knowledge.checks.schema import UNKNOWN, Graph, Limit, Node, Option, Result

MOST_QUESTIONS = 5
EARLIEST = date(1950, 1, 1)
PRESSING_DAYS = 7  # 法律援助法第四十四条: 距法定时效或者期限届满不足七日
_LOOPED = 60
_CIVIL = Calendar({}, (date.min, date.max))


@dataclass(frozen=True)
class Answered:
    """A question with its answer: an option's id, a day as ISO text, or `unknown`."""

    node: Node
    value: str

    @property
    def option(self) -> Option | None:
        """The chosen option; None for a day."""
        return self.node.option(self.value)


@dataclass(frozen=True)
class Walk:
    """How far the answers lead: what was answered, and either the question to ask now or the result."""

    answered: tuple[Answered, ...]
    node: Node | None = None
    result: Result | None = None

    @property
    def private(self) -> bool:
        """Whether this is about violence at home or danger."""
        told = any(a.option.private for a in self.answered if a.option)
        return told or bool(self.result and (self.result.private or self.result.danger))

    @property
    def fills(self) -> dict[str, str]:
        """What the application's form knows already."""
        found: dict[str, str] = {}
        for a in self.answered:
            if a.option:
                found |= a.option.fills
            elif a.node.fills and a.value != UNKNOWN:
                found[a.node.fills] = a.value
        return found

    @property
    def days(self) -> dict[str, date]:
        """The days that were given, by what they are for the periods."""
        dated = [a for a in self.answered if a.node.kind == "date" and a.value != UNKNOWN]
        return {a.node.day or a.node.id: date.fromisoformat(a.value) for a in dated}

    @property
    def meets(self) -> frozenset[str]:
        """Conditions of papers that hold."""
        return frozenset(name for a in self.answered if a.option for name in a.option.meets)


def walk(
    graph: Graph, answers: Mapping[str, str], today: date, *, desk: bool = False, values: Set[str] = frozenset()
) -> Walk:
    """Follow the answers as far as they lead. Answers to questions off the way are left aside; a wrong one is asked again.

    `values` are the names of what the city set; `desk` also asks the finer questions.
    """
    answered: list[Answered] = []
    place = graph.start
    for _step in range(_LOOPED):
        if place in graph.result_of:
            return Walk(tuple(answered), result=graph.result_of[place])
        node = graph.node_of[place]
        if node.desk_only and not desk:
            place = node.otherwise or ""
        elif node.needs and node.needs not in values:
            place = node.without or ""
        elif wrong(node, answers.get(node.id, ""), today):
            return Walk(tuple(answered), node=node)
        else:
            answered.append(Answered(node, answers[node.id]))
            place = _onward(answered)
    raise ValueError(f"{graph.id}: {place} is walked in a circle")


def wrong(node: Node, value: str, today: date) -> str:
    """Why this is no answer to a question: `missing`, `unread`, `future` or `early`; empty when it is one."""
    if not value:
        return "missing"
    if node.kind == "choice":
        return "" if node.option(value) else "missing"
    if value == UNKNOWN:
        return ""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return "unread"
    if day > today:
        return "future"
    return "early" if day < EARLIEST else ""


def _onward(answered: list[Answered]) -> str:
    last = answered[-1]
    if last.node.kind == "date":
        return (last.node.unknown if last.value == UNKNOWN else None) or last.node.next or ""
    given = {a.node.id: a.value for a in answered}
    option = last.option
    assert option is not None  # `wrong` lets no other answer through
    return next(b.to for b in option.branches if all(given.get(n) in among for n, among in b.when.items()))


def paths(graph: Graph, day: date, *, desk: bool = False, values: Set[str] = frozenset()) -> Iterator[Walk]:
    """Every way through a graph to a result, with `day` and with `unknown` as the answer to each question for a day."""
    open_ends: list[dict[str, str]] = [{}]
    while open_ends:
        answers = open_ends.pop()
        reached = walk(graph, answers, day, desk=desk, values=values)
        if reached.node is None:
            yield reached
            continue
        chosen = [o.id for o in reached.node.options] or [day.isoformat(), UNKNOWN]
        open_ends += [answers | {reached.node.id: value} for value in chosen]


@dataclass(frozen=True)
class LastDay:
    """What a period comes to. `until` None: the day it runs from is not known. Days are natural days."""

    limit: Limit
    until: date | None = None
    days_left: int | None = None
    # The day before a holiday moved it; None when it was not moved.
    moved_from: date | None = None
    # The cap came first: nothing makes this day later.
    capped: bool = False
    # The last day lies in a year whose holidays are not announced yet, so it was not moved.
    holidays_unknown: bool = False

    @property
    def pressing(self) -> bool:
        """Fewer than seven days are left, and the last day has not passed."""
        return self.days_left is not None and 0 <= self.days_left < PRESSING_DAYS

    @property
    def over(self) -> bool:
        """Whether the last day has passed."""
        return self.days_left is not None and self.days_left < 0


def last_day(limit: Limit, days: Mapping[str, date], today: date, calendar: Calendar) -> LastDay:
    """The last day of a period and the natural days left until it."""
    start = days.get(limit.day)
    if start is None:
        return LastDay(limit)
    until, capped = _after(start, limit.length), False
    if limit.cap and limit.cap.day in days:
        cap = _after(days[limit.cap.day], limit.cap.length)
        until, capped = min(until, cap), cap < until
    moved, unknown = until, False
    if limit.rolls_by and not capped:
        try:
            moved = calendar.next_working(until)
        except OutsideCalendar:
            unknown = until >= today
    return LastDay(limit, moved, (moved - today).days, until if moved != until else None, capped, unknown)


def _after(start: date, length: str) -> date:
    noon = datetime.combine(start, time(12), BUSINESS_ZONE)
    return due(noon, Duration.parse(length), _CIVIL, roll=False).date()
