"""What a service definition may say: the shape of `services/<name>/definition.yaml`.

Unknown keys are errors, so a key nobody acts on cannot be written. Durations are typed texts (`7 natural days`,
`15 working days`, `24 hours`). Citations are written as the law is cited (`法律援助法第四十三条`) and checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import Field, StringConstraints, field_validator, model_validator

from fahui.foundation.accounts.roles import Role
from fahui.foundation.data import Data, Words
from fahui.foundation.worktime.rules import Duration

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
# A class name in the service's details.py.
ClassName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]+$")]


class State(Data):
    """Where a case can be."""

    id: Slug
    name: Words
    # What the resident reads: what is happening and what comes next.
    public: Words
    # Who must move next. None only in an end state.
    owner: Role | None = None
    end: bool = False
    # An open state has a deadline that starts on entering it (`Deadline.starts`), or says why not.
    no_deadline_because: Words | None = None


class Deadline(Data):
    """A time limit: what starts it, what ends it, whose it is, and where the law says so."""

    id: Slug
    name: Words
    # None when only the city or bureau can set it (`local_parameter`): the clock then runs only where it is set.
    length: str | None = None
    # The length is ours, stated by no source: it is called a proposal wherever it is shown, until the city sets its own.
    proposed: bool = False
    # States whose entering starts it, and states whose entering meets it. Actions may do both as well.
    starts: list[Slug] = []
    meets: list[Slug] = []
    # States in which it no longer applies: neither kept nor missed.
    cancels: list[Slug] = []
    suspends: list[Slug] = []
    # Documents whose receipt by the applicant begins the counting: until one is received, the clock waits.
    from_receipt: list[Slug] = []
    # The last day rolls to the next working day (UV: natural-day limits of agencies, default as civil periods).
    rolls: bool = True
    owner: Role
    # Parts of the time left at which the owner is told; at 0 the deadline is missed and `escalates_to` is told.
    warn_at: list[float] = [0.5, 0.2]
    escalates_to: Role | None = None
    # Rung up, not only messaged, at the last warning and when it is missed: these roles here, and in the city above.
    calls: list[Role] = []
    # A name under the city's parameters that replaces `length` when the city sets it.
    local_parameter: Slug | None = None
    # Run only when this named guard holds.
    when: Slug | None = None
    basis: list[str] = Field(min_length=1)

    @field_validator("length")
    @classmethod
    def _typed(cls, value: str | None) -> str | None:
        if value is not None:
            Duration.parse(value)
        return value

    @model_validator(mode="after")
    def _has_a_length(self) -> Deadline:
        if self.length is None and self.local_parameter is None:
            raise ValueError("a deadline has a length, or a local_parameter that gives one")
        if self.proposed and (self.length is None or self.local_parameter is None):
            raise ValueError("a proposed length stands beside the local_parameter that replaces it")
        return self


class Action(Data):
    """Something a role may do to a case in certain states."""

    id: Slug
    name: Words
    # What the applicant reads of it afterwards: what happened, in plain words; see `Definition.told`.
    public: Words | None = None
    # From these states; to one state, or None to stay.
    from_: list[Slug] = Field(alias="from", min_length=1)
    to: Slug | None = None
    by: list[Role] = Field(min_length=1)
    # Only for these matters; all when empty.
    matters: list[Slug] = []
    # A class in details.py: what must be filled in.
    form: ClassName | None = None
    # Named predicates in rules.py, all of which must hold; each answers with its reason.
    guards: list[Slug] = []
    # Named effects in actions.py (or the spine's), run in order in the same transaction.
    effects: list[Slug] = []
    starts: list[Slug] = []
    meets: list[Slug] = []
    suspends: list[Slug] = []
    resumes: list[Slug] = []
    documents: list[Slug] = []
    notices: list[Slug] = []
    # Outcome code written to the case.
    outcome: Slug | None = None
    # A second person must confirm what the first proposed.
    four_eyes: bool = False
    # One of the two must be one of these: who may decide, where others may only propose or look again. Anyone of `by` when empty.
    decided_by: list[Role] = []
    # Prominent on the screen / asks again before doing.
    primary: bool = False
    confirm: bool = False
    # May be run by the system when this deadline is missed (effects of silence, such as deemed withdrawal).
    on_missed: Slug | None = None
    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]$")] | None = None
    basis: list[str] = []


class Material(Data):
    """A paper the applicant may hand in. `required` materials can still follow later: papers never block asking."""

    id: Slug
    name: Words
    plain: Words
    required: bool = False
    when: Slug | None = None
    # Weakest acceptable proof: A from the issuer's data, B checked copy, C copy, original to be seen, D promise.
    trust: Literal["A", "B", "C", "D"] = "C"
    basis: list[str] = []


class Document(Data):
    """A paper the service issues, as Word and PDF."""

    id: Slug
    name: Words
    # documents/<template>.yaml in the service folder: title, body with placeholders, reasons, basis, remedy.
    template: Slug
    # The middle of the number, e.g. 援决 in 〔2026〕乐援决字第12号.
    series: str
    to: list[Role] = Field(min_length=1)
    basis: list[str] = Field(min_length=1)
    # Adverse decisions must say how to object, where and by when.
    remedy: Words | None = None
    receipt: bool = False


class Notice(Data):
    """A short message. Placeholders: {number} {state} {due} {time} {person} {phone} {place} {link}. Never facts of the case."""

    id: Slug
    to: list[Role] = Field(min_length=1)
    text: Words


class Outcome(Data):
    """How it ended, as a code."""

    id: Slug
    name: Words
    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]$")] | None = None


class Matter(Data):
    """A kind of case within the service, with its own form."""

    id: Slug
    name: Words
    plain: Words
    # The Pydantic model in details.py.
    details: ClassName
    # May residents start it themselves on the portal?
    public: bool = True
    # Opened by the system alone (a review after a bad rating), never by hand.
    internal: bool = False
    start: Slug
    # Field of practice asked of the provider (matches a practitioner's fields).
    field: str = ""
    # The field by an answer: {"matter_kind": {"wages": "劳动"}}; goes before `field`.
    field_by: dict[str, dict[str, str]] = {}
    # Sealed from the first moment when this guard holds (minors, detainees, domestic violence).
    sealed_when: Slug | None = None


class Assignment(Data):
    """How a provider is chosen: which factors count, and the named rules a candidate must pass."""

    kinds: list[Literal["lawyer", "grassroots_legal_worker", "volunteer", "agency_staff"]]
    guards: list[Slug] = []
    suggestions: int = 3


class Retention(Data):
    """How long a closed file is kept, where a source fixes it. Without one the city sets it (`retention_years`)."""

    years: int | None = Field(default=None, ge=1, le=100)
    basis: list[str] = []


class Definition(Data):
    """A whole service. Published versions are immutable; a case keeps the version it began with."""

    id: Slug
    # A fixed number under 1000, never reused: it is part of a row's access key.
    number: int = Field(ge=1, le=999)
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    effective: date
    name: Words
    plain: Words
    # Place on the residents' first page.
    order: int = 100
    # The kind of institution that handles it (an Institution.kind); the nearest one up the region tree is found.
    handled_by: Slug = "justice_bureau"
    matters: list[Matter] = Field(min_length=1)
    states: list[State] = Field(min_length=2)
    deadlines: list[Deadline] = []
    actions: list[Action] = Field(min_length=1)
    materials: list[Material] = []
    documents: list[Document] = []
    notices: list[Notice] = []
    outcomes: list[Outcome] = Field(min_length=1)
    assignment: Assignment | None = None
    retention: Retention = Retention()
    # Domestic-violence style services offer a quick exit on their pages.
    quick_exit: bool = False
    basis: list[str] = []

    def state(self, state_id: str) -> State:
        """The state by id; KeyError when there is none."""
        return _by_id(self.states, state_id)

    def action(self, action_id: str) -> Action:
        """The action by id; KeyError when there is none."""
        return _by_id(self.actions, action_id)

    def told(self, action_id: str, language: str) -> str:
        """What the applicant reads of an action that was done: its own words, else the state it led to. "" for what is not theirs
        to know: a step of the office that changes nothing for them and of which they got no notice, or no action of this version."""
        try:
            action = self.action(action_id)
        except KeyError:
            return ""
        if action.public:
            return action.public.text(language)
        if action.to:
            return self.state(action.to).name.text(language)
        return action.name.text(language) if action.notices else ""

    def matter(self, matter_id: str) -> Matter:
        """The matter by id; KeyError when there is none."""
        return _by_id(self.matters, matter_id)

    def deadline(self, deadline_id: str) -> Deadline:
        """The deadline by id; KeyError when there is none."""
        return _by_id(self.deadlines, deadline_id)

    def document(self, document_id: str) -> Document:
        """The document by id; KeyError when there is none."""
        return _by_id(self.documents, document_id)

    def notice(self, notice_id: str) -> Notice:
        """The notice by id; KeyError when there is none."""
        return _by_id(self.notices, notice_id)

    def outcome(self, outcome_id: str) -> Outcome:
        """The outcome by id; KeyError when there is none."""
        return _by_id(self.outcomes, outcome_id)


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


def _by_id(parts: Sequence[N], wanted: str) -> N:
    for part in parts:
        if part.id == wanted:
            return part
    raise KeyError(wanted)
