"""Starting, stopping and ending the clocks of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop

from fahui.casework.cases.models import Case
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.deadlines.queries import clocks_of
from fahui.casework.definitions.schema import Deadline, Definition
from fahui.foundation.prelude import fresh, write
from fahui.foundation.worktime.queries import calendar
from fahui.foundation.worktime.rules import Duration, OutsideCalendar, due_with_suspensions

LIVE = ("running", "suspended")
# Why a clock stands that counts from a receipt nobody has recorded yet.
AWAITS_RECEIPT = gettext_noop("等待登记送达")


class Clocks:
    """All clocks of one case, changed together and written once by `save`."""

    def __init__(self, case: Case, definition: Definition, now: datetime, rows: Iterable[CaseDeadline] | None = None) -> None:
        """`rows`: the clocks the case has, when they have been read already (none for a new case)."""
        self.case, self.definition, self.now = case, definition, now
        self.rows: list[CaseDeadline] = clocks_of(case.pk) if rows is None else list(rows)
        self._added: list[CaseDeadline] = []
        self._changed: set[int] = set()

    def start(self, code: str, *, since: datetime | None = None, length: str | None = None) -> CaseDeadline | None:
        """Start a clock (again). A clock of the same code that still runs is cancelled by the new one.

        One that counts from the receipt of a document waits for that receipt, unless `since` says when it began.
        None when nobody has set how long it is: a missing local value is asked for, never invented.
        """
        spec = self.definition.deadline(code)
        length = length or spec.length
        if length is None:
            return None
        for row in self._live(code):
            self._end(row, "cancelled")
        row = fresh(
            CaseDeadline, case=self.case, code=code, length=length, rolls=spec.rolls, owner=spec.owner,
            started_at=since or self.now,
        )  # fmt: skip
        if spec.from_receipt and since is None:
            row.status, row.stops = "suspended", [[self.now.isoformat(), None, AWAITS_RECEIPT]]
        else:
            self._compute(row, spec)
        self._added.append(row)
        self.rows.append(row)
        return row

    def begun(self, code: str) -> bool:
        """Whether a clock of this code was started in this action."""
        return any(row.code == code and not row.ended_at for row in self._added)

    def meet(self, code: str) -> None:
        """What the clock waited for has happened: met, or late."""
        for row in self._live(code, also=("missed",)):
            late = row.status == "missed" or (row.due_at is not None and self.now > row.due_at)
            self._end(row, "late" if late else "met")

    def suspend(self, code: str, reason: str) -> None:
        """Stop a clock, with the reason."""
        for row in self._live(code):
            if row.status == "running":
                row.stops = [*row.stops, [self.now.isoformat(), None, reason]]
                row.status, row.next_warning = "suspended", None
                self._changed.add(row.pk)

    def resume(self, code: str) -> None:
        """Let a stopped clock run again."""
        for row in self._live(code):
            if row.status == "suspended" and not _awaits_receipt(row):
                begin, _none, reason = row.stops[-1]
                row.stops = [*row.stops[:-1], [begin, self.now.isoformat(), reason]]
                row.status = "running"
                self._compute(row, self.definition.deadline(code))
                self._changed.add(row.pk)

    def receive(self, document: str, at: datetime) -> None:
        """The applicant received a document: the clocks that wait for it count from then."""
        for spec in self.definition.deadlines:
            for row in self._live(spec.id) if document in spec.from_receipt else []:
                if _awaits_receipt(row):
                    row.started_at, row.stops, row.status = at, [], "running"
                    self._compute(row, spec)
                    self._changed.add(row.pk)

    def cancel_all(self) -> None:
        """The case has ended: no clock runs on."""
        for row in self.rows:
            if row.status in LIVE:
                self._end(row, "cancelled")
            elif row.status == "missed" and not row.ended_at:
                self._end(row, "missed")

    def enter(self, state: str, length_of: Callable[[Deadline], str | None], applies: Callable[[Deadline], bool]) -> None:
        """Move with the case into a state: meet, suspend, resume and start what the definition says."""
        for spec in self.definition.deadlines:
            if state in spec.meets:
                self.meet(spec.id)
            if state in spec.cancels:
                for row in self._live(spec.id, also=("missed",)):
                    self._end(row, "missed" if row.status == "missed" else "cancelled")
            if state in spec.suspends:
                self.suspend(spec.id, self.definition.state(state).name.zh)
            elif any(row.status == "suspended" for row in self._live(spec.id)):
                self.resume(spec.id)
            if state in spec.starts and not self._live(spec.id) and applies(spec):
                self.start(spec.id, length=length_of(spec))

    def save(self) -> None:
        """Write what changed, and put the next due moment on the case (not saved here)."""
        if self._added:
            write(*self._added)
        added = {row.pk for row in self._added}
        changed = [row for row in self.rows if row.pk in self._changed - added]
        if changed:
            CaseDeadline.objects.bulk_update(
                changed, ["status", "stops", "started_at", "due_at", "ended_at", "next_warning", "warned"]
            )
        live = [row for row in self.rows if row.status in ("running", "missed") and row.due_at and not row.ended_at]
        nearest = min(live, key=lambda row: row.due_at or self.now, default=None)
        self.case.next_due = nearest.due_at if nearest else None
        self.case.next_deadline = nearest.code if nearest else ""

    def _live(self, code: str, also: tuple[str, ...] = ()) -> list[CaseDeadline]:
        return [r for r in self.rows if r.code == code and r.status in (*LIVE, *also) and not r.ended_at]

    def _end(self, row: CaseDeadline, status: str) -> None:
        row.status, row.ended_at, row.next_warning = status, self.now, None
        self._changed.add(row.pk)

    def _compute(self, row: CaseDeadline, spec: Deadline) -> None:
        """Set due_at from the law's way of counting. A year the calendar does not cover leaves it open, visibly."""
        stops = [(datetime.fromisoformat(a), datetime.fromisoformat(b) if b else None) for a, b, _why in row.stops]
        try:
            row.due_at = due_with_suspensions(
                row.started_at, Duration.parse(row.length), calendar(), stops, roll=row.rolls
            )
        except OutsideCalendar:
            row.due_at = None
        row.next_warning = next_warning(row, spec.warn_at)


def _awaits_receipt(row: CaseDeadline) -> bool:
    return bool(row.stops) and row.stops[-1][1] is None and row.stops[-1][2] == AWAITS_RECEIPT


def next_warning(row: CaseDeadline, parts: Iterable[float]) -> datetime | None:
    """When the owner must next be told: at each part of the time left, then when it is missed."""
    if row.due_at is None or row.status != "running":
        return None
    whole = row.due_at - row.started_at
    moments = [row.due_at - timedelta(seconds=whole.total_seconds() * part) for part in sorted(parts, reverse=True)]
    moments.append(row.due_at)
    return moments[row.warned] if row.warned < len(moments) else None


def local_length(spec: Deadline, parameters: Mapping[str, Any]) -> str | None:
    """The deadline's length, or the local one when the city or bureau set it ("15 natural days")."""
    found = parameters.get(spec.local_parameter) if spec.local_parameter else None
    if found is None:
        return spec.length
    text = f"{found.value} {found.unit}".strip() if not str(found.value).count(" ") else str(found.value)
    return str(Duration.parse(text))
