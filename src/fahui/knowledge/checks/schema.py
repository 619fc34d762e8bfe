"""What a guided check may say: the shape of `data/<id>.yaml`.

A graph is data somebody reviewed: questions with options, and results with their reason, articles and next step. Ids are
permanent: a note in a case or a statistic that names one must mean the same next year. Unknown keys are errors.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from fahui.foundation.data import Data, Words
from fahui.foundation.worktime.rules import Duration
from fahui.knowledge.words import Phone

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,79}$")]
Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
Tone = Literal["yes", "maybe", "no", "info"]
UNKNOWN = "unknown"
"""The answer to a question for a day that the person does not remember."""


class Branch(Data):
    """Where an option leads if earlier answers were these: {question: [options]}. Without `when`: in every other case."""

    when: dict[Slug, list[Slug]] = {}
    to: Slug


class Option(Data):
    """One answer. `fills` are answers of the application's form that follow from it, so that nothing is asked twice."""

    id: Slug
    name: Words
    hint: Words | None = None
    next: Slug | list[Branch]
    fills: dict[Slug, str] = {}
    # What follows is about violence at home: quick exit, a title that says nothing.
    private: bool = False
    # Conditions of papers that hold with this answer (names of guards of the service).
    meets: list[Slug] = []

    @property
    def branches(self) -> list[Branch]:
        """Every way on, in the order they are tried."""
        return [Branch(to=self.next)] if isinstance(self.next, str) else self.next


class Node(Data):
    """One question: options to choose from, or a day."""

    id: Slug
    ask: Words
    help: Words | None = None
    kind: Literal["choice", "date"] = "choice"
    options: list[Option] = []
    # A day: where to go with it, and where to go if it is not remembered (else: the same place, without a day).
    next: Slug | None = None
    unknown: Slug | None = None
    fills: Slug | None = None
    # What this day is for the periods that run from it (`Limit.day`); its own id if not said.
    day: Slug | None = None
    # Asked at the desk only; everybody else goes on to `otherwise`.
    desk_only: bool = False
    otherwise: Slug | None = None
    # Asked only where the city set this value, written {name} in the question; without it go on to `without`.
    needs: Slug | None = None
    without: Slug | None = None

    @model_validator(mode="after")
    def _whole(self) -> Node:
        if self.kind == "choice" and (self.next or self.unknown or self.fills or self.day or not self.options):
            raise ValueError(f"{self.id}: a choice has options, and each of them says what is next")
        if self.kind == "date" and (self.options or not self.next):
            raise ValueError(f"{self.id}: a question for a day has `next` and no options")
        if self.desk_only != bool(self.otherwise) or bool(self.needs) != bool(self.without):
            raise ValueError(f"{self.id}: desk_only goes with otherwise, needs goes with without")
        for option in self.options:
            if not option.branches or option.branches[-1].when:
                raise ValueError(f"{self.id}.{option.id}: the last way on has no condition")
        return self

    def option(self, option_id: str) -> Option | None:
        """The option of an id, if there is one."""
        return next((o for o in self.options if o.id == option_id), None)

    @property
    def leads_to(self) -> list[str]:
        """Every place that may come next."""
        found = [b.to for o in self.options for b in o.branches]
        return found + [place for place in (self.next, self.unknown, self.otherwise, self.without) if place]


class Matter(Data):
    """A matter of a service: where an application begins."""

    service: Slug
    matter: Slug


class Result(Data):
    """Where a path ends: the answer in one line, why, the articles, and what to do now."""

    id: Slug
    tone: Tone = "info"
    answer: Words
    reason: Words
    articles: list[str] = []
    steps: list[Words] = []
    # The one button; or, where nothing is applied for here, the other check that helps on.
    start: Matter | None = None
    check: Slug | None = None
    office: Slug | None = None
    phones: list[Phone] = []
    # Last days to be counted from the days given on the way (`limits.yaml`).
    limits: list[Slug] = []
    # The papers of this matter, as its service lists them.
    papers: Matter | None = None
    danger: bool = False
    private: bool = False


class ConditionOption(Data):
    """An answer to such a question."""

    id: Slug
    name: Words
    meets: list[Slug] = []


class Condition(Data):
    """A question that decides which papers of a matter are needed; options say which conditions they meet."""

    id: Slug
    covers: list[Slug] = Field(min_length=1)
    ask: Words
    help: Words | None = None
    options: list[ConditionOption] = Field(min_length=2)


class Papers(Data):
    """How the check on papers grows out of the services' own lists."""

    service: Words
    matter: Words
    conditions: list[Condition] = []
    # Papers no applicant brings (`service.paper`): organs send them, or they come at the end.
    left_out: list[Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]] = []


class Graph(Data):
    """A whole guided check. After `review_by` somebody must look at it again; `fahui check` says so."""

    id: Slug
    version: Version
    owner: Words
    reviewed_on: date
    review_by: date
    name: Words
    plain: Words
    order: int = 100
    start: Slug
    nodes: list[Node] = []
    results: list[Result] = []
    papers: Papers | None = None

    @cached_property
    def node_of(self) -> dict[str, Node]:
        """The questions by id."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def result_of(self) -> dict[str, Result]:
        """The results by id."""
        return {result.id: result for result in self.results}


class Cap(Data):
    """A last day that nothing moves: counted from the day of another question."""

    length: str
    day: Slug

    @model_validator(mode="after")
    def _typed(self) -> Cap:
        Duration.parse(self.length)
        return self


class Limit(Data):
    """A period the law sets: how long, from which day, what stops it or makes it begin again."""

    id: Slug
    name: Words
    length: str
    day: Slug
    starts: Words
    cap: Cap | None = None
    # Whether a last day on a public holiday moves to the day after (`rolls_by` says where the law says so).
    rolls_by: str | None = None
    interrupted: Words
    suspended: Words
    basis: list[str] = Field(min_length=1)

    @model_validator(mode="after")
    def _typed(self) -> Limit:
        Duration.parse(self.length)
        return self
