"""What an effect works with: one case, one action, one moment, one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from fahui.casework.cases.models import Case, CaseParty, admit, dismiss
from fahui.casework.cases.queries import facts
from fahui.casework.deadlines.actions import Clocks
from fahui.casework.definitions.loader import Service
from fahui.casework.definitions.plugin import Facts
from fahui.casework.definitions.schema import Action, Definition
from fahui.casework.forms.fields import FormModel
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry
from fahui.foundation.data import Words
from fahui.foundation.prelude import write


@dataclass
class ActionContext:
    """Handed to every effect. Changes to the case, its clocks and its events are written once, after all effects."""

    case: Case
    service: Service
    definition: Definition
    # None while a case is being opened.
    action: Action | None
    payload: FormModel | None
    reader: Reader
    now: datetime
    clocks: Clocks
    entries: list[Entry] = field(default_factory=list)
    # Documents and notices asked for by effects, beyond what the action names.
    documents: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    # Inbox lines for single users.
    told: list[tuple[int, Words]] = field(default_factory=list)
    # Cases this one leads to: (service, matter, details).
    following: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    # The parts of a case that is being opened (it has no papers and no past yet); None for a case from the database.
    fresh: list[CaseParty] | None = None

    @cached_property
    def facts(self) -> Facts:
        """The plain values rules look at, read once."""
        payload = self.payload.model_dump(mode="json") if self.payload else {}
        return facts(self.case, self.reader, payload, self.now, fresh=self.fresh)

    @property
    def answers(self) -> dict[str, Any]:
        """The action's form as plain values."""
        return self.payload.model_dump(mode="json") if self.payload else {}

    def flag(self, name: str) -> None:
        """Set a flag."""
        if name not in self.case.flags:
            self.case.flags = sorted([*self.case.flags, name])
            self.record("flag.set", flag=name)

    def unflag(self, name: str) -> None:
        """Take a flag away."""
        if name in self.case.flags:
            self.case.flags = [f for f in self.case.flags if f != name]
            self.record("flag.cleared", flag=name)

    def update_details(self, **values: Any) -> None:
        """Put values into the case's details (JSON-like values)."""
        self.case.details = {**self.case.details, **values}

    def raise_priority(self, level: int) -> None:
        """Put the case ahead: 1 priority by law, 2 urgent."""
        self.case.priority = max(self.case.priority, level)

    def set_outcome(self, code: str) -> None:
        """Write the outcome code."""
        self.case.outcome = self.definition.outcome(code).id

    def seal(self) -> None:
        """Hide the case from everyone outside its circle, who acts now included as a member."""
        if not self.case.sealed:
            self.case.sealed = True
            self.record("case.sealed")
        if self.reader.user_id:
            self.let_see(self.reader.user_id, "sealed")

    def unseal(self) -> None:
        """Open a sealed case to its jurisdiction again."""
        if self.case.sealed:
            self.case.sealed = False
            self.record("case.unsealed")

    def let_see(self, user_id: int, why: str) -> None:
        """Take an account into the circle."""
        write(admit(self.case.pk, user_id, why))

    def no_longer_see(self, why: str) -> None:
        """Everybody whom this reason took into the circle leaves it, but for who acts now."""
        write(dismiss(self.case.pk, why, self.reader.user_id or 0))

    def start_deadline(self, code: str, since: datetime | None = None) -> None:
        """Start a clock of the definition, if need be from an earlier moment."""
        self.clocks.start(code, since=since)

    def meet_deadline(self, code: str) -> None:
        """End a clock: what it waited for has happened."""
        self.clocks.meet(code)

    def last_moment(self, code: str) -> datetime | None:
        """When the newest clock of this code ended or ends, by the law's count."""
        newest = max((row for row in self.clocks.rows if row.code == code), key=lambda row: row.started_at, default=None)
        return newest.due_at if newest else None

    def follow_up(self, service: str, matter: str, details: dict[str, Any]) -> None:
        """Open a case of the same person that this one leads to, when the action is done."""
        self.following.append((service, matter, details))

    def issue(self, document_id: str, **extra: Any) -> None:
        """Issue a document of the definition when the action is done."""
        self.documents.append((document_id, extra))

    def notify(self, notice_id: str) -> None:
        """Send a notice of the definition when the action is done."""
        self.notices.append(notice_id)

    def tell(self, user_id: int | None, words: Words) -> None:
        """A line in one user's inbox when the action is done."""
        if user_id:
            self.told.append((user_id, words))

    def record(self, kind: str, **data: Any) -> None:
        """Add an event of plain codes and numbers to the case's timeline."""
        self.entries.append(Entry(kind, case_id=self.case.pk, data=data))
