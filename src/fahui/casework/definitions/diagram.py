"""A service, drawn and tabled for people: Mermaid text for the docs, rows for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from fahui.casework.definitions.schema import Action, Deadline, Definition
from fahui.foundation.accounts.roles import ROLE_NAMES


def mermaid(definition: Definition, language: str = "zh") -> str:
    """The states and actions as a Mermaid state diagram."""
    word = attrgetter(language)
    lines = ["stateDiagram-v2"]
    lines += [f"    {state.id}: {word(state.name)}" for state in definition.states]
    lines += [f"    [*] --> {start}" for start in dict.fromkeys(m.start for m in definition.matters)]
    seen: dict[tuple[str, str], list[str]] = {}
    for action in definition.actions:
        for origin in action.from_:
            seen.setdefault((origin, action.to or origin), []).append(word(action.name))
    lines += [f"    {a} --> {b}: {' / '.join(names)}" for (a, b), names in seen.items() if a != b]
    lines += [f"    {state.id} --> [*]" for state in definition.states if state.end]
    return "\n".join(lines)


@dataclass(frozen=True)
class Row:
    """One line of "how this service runs"."""

    state: str
    action: str
    by: str
    following: str
    limit: str
    papers: str
    basis: str


def rows(definition: Definition, language: str = "zh") -> list[Row]:
    """State by state: who may do what, where it leads, by when, what goes out, and why the law says so."""
    column = 0 if language == "zh" else 1
    names = {state.id: getattr(state.name, language) for state in definition.states}
    documents = {d.id: getattr(d.name, language) for d in definition.documents}

    def limit(action: Action) -> str:
        started = [d for d in definition.deadlines if d.id in action.starts or (action.to and action.to in d.starts)]
        return "；".join(f"{getattr(d.name, language)} {limit_words(d, language)}" for d in started)

    found = []
    for state in definition.states:
        for action in definition.actions:
            if state.id in action.from_:
                found.append(Row(
                    names[state.id], getattr(action.name, language),
                    "、".join(ROLE_NAMES[r][column] for r in action.by), names.get(action.to or "", "—"),
                    limit(action), "、".join(documents[d] for d in action.documents), "；".join(action.basis),
                ))  # fmt: skip
    return found


_UNITS = {"natural days": "日", "natural day": "日", "working days": "个工作日", "working day": "个工作日",
          "hours": "小时", "hour": "小时", "working hours": "工作小时", "months": "个月", "month": "个月",
          "years": "年", "year": "年", "minutes": "分钟"}  # fmt: skip


def limit_words(deadline: Deadline, language: str = "zh") -> str:
    """How long a limit is, and that it is only a proposal where no source states it."""
    said = length_words(deadline.length, language)
    if not deadline.proposed:
        return said
    return f"{said}（建议值，由本地定）" if language == "zh" else f"{said} (proposed; the city sets it)"


def length_words(length: str | None, language: str = "zh") -> str:
    """A typed duration in words: "7 natural days" → 7日. None is a length the city sets."""
    if length is None:
        return "按本地规定" if language == "zh" else "as the city sets"
    if language != "zh":
        return length
    number, _, unit = length.partition(" ")
    return f"{number}{_UNITS.get(unit, unit)}"
