"""What a register (台账) is: data that says what an entry holds, who keeps it, and whether somebody else verifies it.

One table holds the entries of every register. What figures count by has a column of its own (place, institution,
practitioner, site, category, grade, days, `part` of `whole`, money); what only people read goes into `details`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from fahui.foundation.accounts.roles import ROLE_NAMES
from fahui.foundation.data import Data, Words

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class Label(Words):
    """What a column is called in this register; `unit` stands behind a number."""

    unit: Words | None = None
    required: bool = False


class Ends(Label):
    """What the last column of an entry is called. `last`: the day named still belongs to it (有效期至); else it no longer does (撤销日期)."""

    last: bool = False


class Choices(Words):
    """A column that holds one of these codes."""

    choices: dict[Slug, Words] = Field(min_length=1)


class Detail(Words):
    """A field that figures do not count by."""

    name: Slug
    kind: Literal["text", "number", "date", "yesno"] = "text"
    required: bool = False


class Register(Data):
    """One register. `about` says in a plain line what belongs in it and what does not."""

    id: Slug
    name: Words
    about: Words
    area: Slug
    # What an entry is about, besides its place: an institution of these kinds, a practitioner, a site.
    institution: tuple[Slug, ...] | None = None
    practitioner: tuple[Slug, ...] | None = None
    site: tuple[Slug, ...] | None = None
    title: Label = Label(zh="名称", en="Name", required=True)
    category: Choices | None = None
    grade: Choices | None = None
    begins: Label = Label(zh="日期", en="Date", required=True)
    ends: Ends | None = None
    part: Label | None = None
    whole: Label | None = None
    amount: Label | None = None
    details: tuple[Detail, ...] = ()
    keepers: tuple[str, ...] = ("bureau_officer", "supervisor", "justice_office", "bureau_leader")
    # Whether an entry counts only when a second person has verified it.
    verified: bool = False
    # Whether `part` is some of `whole`; a local rate held against a ceiling is not.
    share: bool = True

    @model_validator(mode="after")
    def _sound(self) -> Self:
        unknown = [role for role in self.keepers if role not in ROLE_NAMES]
        if unknown:
            raise ValueError(f"keepers names no role: {', '.join(unknown)}")
        if self.whole and not self.part:
            raise ValueError("whole stands without part; a share needs both")
        names = [detail.name for detail in self.details]
        if len(names) != len(set(names)):
            raise ValueError("details names one field twice")
        return self
