"""A city's policy as data: the document, its clauses in order, every demand with its exact words, and what the platform has for it."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, StringConstraints, model_validator

from fahui.foundation.cities import Policy as Document
from fahui.foundation.data import Data, Text, Words, english

# Quotes are exact, spaces and line breaks included.
Quote = Annotated[str, StringConstraints(min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
# What it is, and which: page:places, register:honour, service:legal_aid.civil, indicator:IND-LESH-009.
Ref = Annotated[str, StringConstraints(pattern=r"^(page|register|activity|service|command|api|report|indicator):\S+$")]
By = Literal["page", "register", "activity", "service", "command", "api", "report", "indicator"]
State = Literal["answered", "partly", "not_yet", "outside"]
STATES: tuple[State, ...] = ("answered", "partly", "not_yet", "outside")


class Part(Words):
    """Something the platform has, and what it does in a plain line."""

    ref: Ref

    @property
    def by(self) -> str:
        """What kind of thing it is: page, register, activity …"""
        return self.ref.partition(":")[0]

    @property
    def name(self) -> str:
        """Which one: the name of a URL, the id of a register …"""
        return self.ref.partition(":")[2]


class _Answer(Data):
    """What there is, what is missing, and why software cannot do the rest."""

    answered: tuple[Ref, ...] = ()
    not_yet: Words | None = None
    outside: Words | None = None

    @property
    def said(self) -> bool:
        """Whether anything at all is said."""
        return bool(self.answered or self.not_yet or self.outside)


class Capability(_Answer):
    """What policies ask for again and again, and what the platform has for it."""

    id: Slug
    name: Words

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.said:
            raise ValueError(
                f"capability {self.id} says neither what answers it, nor what is missing, nor why software cannot"
            )
        return self


class Demand(_Answer):
    """One thing the policy asks for. What it says of itself stands in place of what its capability says."""

    id: Text
    quote: Quote
    # What it asks of a platform, for readers of English.
    en: Text
    area: Slug
    capability: Slug
    responsible: tuple[Text, ...] = ()
    indicators: tuple[Text, ...] = ()


class Clause(Data):
    """A clause as the document numbers it, with its heading there and what it demands."""

    id: Text
    # As the document has it (zh), and what that means (en).
    heading: Words
    demands: tuple[Demand, ...] = Field(min_length=1)


class Policy(Data):
    """`cities/<id>/policy.yaml`."""

    document: Document
    clauses: tuple[Clause, ...] = ()


class Title(NamedTuple):
    """A clause by its number and heading; the number, by which it is found in the document, is Chinese in every language."""

    number: str
    words: str

    def __str__(self) -> str:
        return f"{self.number} {self.words}".strip()


def titled(clause: str, heading: str, heading_en: str = "") -> Title:
    """A clause in the language of whoever is being answered: 三.1 加强…建设. A number that says the heading already is not told twice."""
    if not (english() and heading_en):
        return Title(clause, "" if heading in clause else heading)
    number = clause.removesuffix(heading).rstrip(" .") if clause.endswith((f" {heading}", f".{heading}")) else clause
    return Title(number, heading_en)


class Answer(NamedTuple):
    """What the platform has for a demand: the parts, what is missing, and why software cannot do the rest."""

    parts: tuple[Part, ...]
    not_yet: Words | None
    outside: Words | None

    @property
    def state(self) -> State:
        """answered, partly (with something missing), not_yet, or outside (nothing here can do it)."""
        if self.parts:
            return "partly" if self.not_yet else "answered"
        return "not_yet" if self.not_yet else "outside"
