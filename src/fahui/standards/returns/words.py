"""What returns and their periods are called."""

from __future__ import annotations

from datetime import date

from fahui.casework.activities.forms import Kind, Topic
from fahui.casework.registers.definitions import current
from fahui.standards.returns.rules import Return, Source

_NAMED = 3


def name_of(wanted: Return, english: bool = False) -> str:
    """A return in words: what may be reported, one or another, and whether it is asked of some counties alone."""
    of = "" if not wanted.autonomous else " (counties of ethnic autonomy)" if english else "（民族自治县）"
    return _sources_name(wanted, english) + of


def _sources_name(wanted: Return, english: bool) -> str:
    told = list(dict.fromkeys(source_name(source, english) for source in wanted.sources))
    if len(told) > _NAMED:
        more = f" or others ({len(told)} kinds)" if english else f"等{len(told)}类之一"
        return (", " if english else "、").join(told[:_NAMED]) + more
    return (" or " if english else "或").join(told)


def source_name(source: Source, english: bool = False) -> str:
    """A register with its category, or a kind of activity with its topic."""
    if source.fact in ("activity", "taking"):
        told = [Kind(source.name), *([Topic(source.category)] if source.category else [])]
        return ": ".join(one.en for one in told) if english else "·".join(one.zh for one in told)
    register = current().get(source.name)
    if register is None:
        return source.name
    found = register.category.choices.get(source.category) if register.category else None
    name = register.name.en if english else register.name.zh.removesuffix("台账")
    return name if found is None else f"{name}: {found.en}" if english else f"{name}·{found.zh}"


def period_code(first: date, last: date) -> str:
    """A year, quarter or month in addresses: 2025, 2025-Q4, 2025-12."""
    length = (last.year - first.year) * 12 + last.month - first.month + 1
    return {1: f"{first:%Y-%m}", 3: f"{first.year}-Q{first.month // 3 + 1}"}.get(length, str(first.year))


def period_name(code: str, english: bool = False) -> str:
    """A period's code in words."""
    year, _dash, part = code.partition("-")
    if english or not part:
        return code if english else f"{year}年"
    return f"{year}年第{part[1:]}季度" if part.startswith("Q") else f"{year}年{int(part)}月"
