"""What a report says: one content for Word and Excel, put together from a run that no longer changes. No file is made here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from fahui.foundation.errors import Invalid
from fahui.foundation.regions.rules import jurisdiction, level_of
from fahui.insight.figures.queries import Board, Result, plain
from fahui.insight.figures.rules import HELD, STATUSES, Numbers, Status, told, total
from fahui.insight.figures.units import grown, made_of, parts_of, whole

OWN = "本级"
"""What the column is called of what lies in no part of a place."""
STATUS_ZH: dict[Status, str] = {
    "behind": "落后", "at_risk": "有风险", "waiting": "待定数", "no_data": "没有数据", "on_track": "进展正常", "met": "已达到",
    "shared": "计入全市", "not_measured": "系统外",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One indicator: its clause and words, the figure with what it is made of, and each part's."""

    id: str
    clause: str
    quote: str
    name: str
    unit: str
    value: str
    # In whole units, though money is counted in fen.
    upper: Fraction | None
    lower: Fraction | None
    aim: str
    by: date
    status: str
    baseline: str
    responsible: str
    reading: str
    parts: tuple[tuple[str, tuple[Fraction | None, Fraction | None] | None, str], ...]
    trend: tuple[tuple[date, str], ...]
    # Of growth: from what to what.
    grown: str = ""


@dataclass(frozen=True)
class Standing:
    """How a part of the place stands: how many of its targets have each status, and the share of those with a number that are met."""

    name: str
    counts: tuple[int, ...]
    met: Fraction | None


@dataclass(frozen=True)
class Proof:
    """One demand: its words, who is responsible, how far the platform answers it and with what, and the targets that count it."""

    id: str
    quote: str
    responsible: str
    state: str
    parts: tuple[str, ...]
    lacking: str
    figures: tuple[Line, ...]


@dataclass(frozen=True)
class Chapter:
    """A clause with its demands, in the document's order."""

    id: str
    heading: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class Change:
    """What a correction changed in one indicator."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Content:
    """A whole report."""

    title: str
    policy: str
    place: str
    bureau: str
    as_of: date
    records_at: datetime
    version: int
    reason: str
    counts: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]
    part_names: tuple[str, ...]
    changes: tuple[Change, ...]
    standings: tuple[Standing, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    quotes: bool = True


def standings(board: Board, parts: dict[int, str]) -> tuple[Standing, ...]:
    """How the parts of a place stand beside each other, the one that has reached most first; the counts in the order of STATUSES."""
    found = []
    for code, name in parts.items():
        told = Counter(result.status for result in board.results(code))
        counted = sum(told[status] for status in HELD)
        met = Fraction(told["met"] * 100, counted) if counted else None
        found.append(Standing(name, tuple(told[status] for status in STATUSES), met))
    return tuple(sorted(found, key=lambda one: (-(one.met or 0), one.name)))


def lines(board: Board, region: int, parts: dict[int, str]) -> tuple[Line, ...]:
    """Every indicator for the place, in the policy's order, with the figures of its parts. Raises Invalid when they do not add up."""
    results = board.results(region)
    _refuse_unless_parts_add_up(board, results, region, parts)
    return tuple(_line(board, result, region, parts) for result in results)


def changes(before: Board, after: Board, region: int) -> tuple[Change, ...]:
    """What differs between two runs: the 修订表."""
    old = {r.indicator.id: r for r in before.results(region)}
    found = []
    for result in after.results(region):
        was = old.get(result.indicator.id)
        if was is None or was.numbers != result.numbers or was.value != result.value:
            found.append(
                Change(result.indicator.name.zh, _with_numbers(was) if was else "（新增）", _with_numbers(result))
            )
    return tuple(found)


def _refuse_unless_parts_add_up(board: Board, results: list[Result], region: int, parts: dict[int, str]) -> None:
    wrong = []
    for result in results:
        latest = board.places(result.indicator.id)
        if any(code < 0 for code in latest):
            continue  # different things need not add up
        whole = _sum([total(latest, *jurisdiction(region))])
        pieces = [total(latest, *span) for span in _spans(region, parts)]
        if _sum(pieces) != whole or (region == board.city and _sum([total(latest, 0, 10**13)]) != whole):
            wrong.append(result.indicator.name.zh)
    if wrong:
        raise Invalid(
            f"没有出报告：{len(wrong)}项的各地之和不等于合计，第一项是“{wrong[0]}”。请先改正记录的地区代码，再重新测量。",
            fields={"parts": "、".join(wrong[:20])},
        )


def _spans(region: int, parts: dict[int, str]) -> list[tuple[int, int]]:
    return [(region, region + 1), *(jurisdiction(code) for code in parts)]


def _sum(numbers: list[Numbers | None]) -> tuple[int, int]:
    known = [n for n in numbers if n is not None]
    return sum(upper for upper, _lower in known), sum(lower or 0 for _upper, lower in known)


def _own(board: Board, name: str, region: int, parts: dict[int, str]) -> tuple[Numbers | None, Fraction | None]:
    """What is the place's own and lies in none of its parts: with it the parts add up to the whole. Different things do not add up at all."""
    if not parts or any(code < 0 for code in board.places(name)):
        return None, None
    rows = board.below(name, region, min(map(level_of, parts)))
    return next(((numbers, value) for code, numbers, value in rows if code == region), (None, None))


def _line(board: Board, result: Result, region: int, parts: dict[int, str]) -> Line:
    indicator = result.indicator
    parts_in = parts_of(indicator.use) if indicator.use else (1, 1)
    upper, lower = whole(result.numbers, parts_in)
    own = [(name, board.figure_of(indicator.id, code)) for code, name in parts.items()]
    if parts:
        numbers, value = _own(board, indicator.id, region, parts)
        # Growth is told of places; what is the city's own has none.
        own.append((OWN, (numbers, None if indicator.use and indicator.use.against else value)))
    base = indicator.baseline
    return Line(
        indicator.id, indicator.clause, indicator.quote, indicator.name.zh, result.unit, told(result.value), upper, lower, aim(result),
        result.target.by, STATUS_ZH[result.status], f"{plain(base.value)}（{base.as_of}）" if base else "", "、".join(indicator.responsible),
        indicator.reading.zh if indicator.reading else "", tuple((name, whole(numbers, parts_in) if numbers else None, told(value)) for name, (numbers, value) in own),
        tuple((p.period.last, told(p.value)) for p in result.trend), _grown(result),
    )  # fmt: skip


def _grown(result: Result) -> str:
    found = grown(result)
    if found is None or result.indicator.use is None:
        return ""
    return f"现在{found[0]}，{'基数' if result.indicator.use.against == 'baseline' else '上年同期'}{found[1]}"


def aim(result: Result) -> str:
    """The target in words."""
    target = result.target
    if target.value is None:
        return target.words or "待市局定数"
    # A sheet takes a text that begins with the narrow sign for a formula.
    sign = {">=": "≥", "<=": "≤", "=": "＝"}.get(target.op, target.op)
    wanted = f"{sign}{plain(target.value)}{result.indicator.unit}"
    wanted = f"全市{wanted}" if result.status == "shared" else wanted
    return f"每一个{wanted}" if result.indicator.each else wanted


def _with_numbers(result: Result) -> str:
    upper, lower = made_of(result.indicator.use, result.numbers)
    made = f"{upper}/{lower}" if lower else upper or "–"
    return f"{told(result.value)}（{made}）"


def share_met(found: tuple[Line, ...]) -> Fraction | None:
    """How many of the targets with a number are reached."""
    counted = [line for line in found if line.status in {STATUS_ZH[status] for status in HELD}]
    return Fraction(sum(line.status == STATUS_ZH["met"] for line in counted) * 100, len(counted)) if counted else None
