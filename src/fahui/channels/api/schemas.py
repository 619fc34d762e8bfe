"""What goes in and comes out of the API. Inputs are strict: unknown fields, NUL and over-long texts are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

_NO_NUL = r"^[^\x00]*$"
Short = Annotated[str, StringConstraints(max_length=120, pattern=_NO_NUL)]
Slug = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
RegionCode = Annotated[int, Field(ge=110_000_000_000, le=909_999_999_999, description="12-digit statistical code")]
CaseId = Annotated[int, Field(ge=1, le=9_223_372_036_854_775_807)]


class Input(BaseModel):
    """Base of request bodies."""

    model_config = ConfigDict(extra="forbid", strict=False)


class PersonIn(Input):
    """A person. Identity and phone are checked and encrypted; everything but the name may be left out."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]
    phone: Annotated[str, StringConstraints(max_length=30, pattern=_NO_NUL)] = ""
    identity: Annotated[str, StringConstraints(max_length=30, pattern=_NO_NUL)] = ""
    address: Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)] = ""
    groups: Annotated[list[Slug], Field(max_length=20)] = []


class CaseIn(Input):
    """A new case. `details` is checked against the matter's form (`GET /services`)."""

    service: Slug
    matter: Slug
    region_code: RegionCode
    title: Short = ""
    applicant: PersonIn | None = None
    details: dict[str, JsonValue] = {}


class ActionIn(Input):
    """An action on a case. `revision` is the one last read; another one is answered with 409."""

    payload: dict[str, JsonValue] = {}
    revision: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = None


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, str] = {}


class PaperOut(BaseModel):
    """A paper as it was taken in. `trust`: A the issuer's data, B a checked original, C a copy, D a promise."""

    id: int
    case_id: int
    material: str
    name: str
    trust: str
    digest: str
    added_at: datetime


class ClockOut(BaseModel):
    """The nearest time limit."""

    name: str
    due: datetime | None


class CaseOut(BaseModel):
    """A case as lists show it: no personal data."""

    id: int
    tracking_number: str
    service: str
    matter: str
    title: str
    state: str
    state_name: str
    open: bool
    outcome: str
    region_code: int
    channel: str
    flags: list[str]
    priority: int
    sealed: bool
    revision: int
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    next_due: datetime | None


class OfferOut(BaseModel):
    """An action of the present state, whether it may be done, and why not."""

    action: str
    name: str
    allowed: bool
    reasons: list[str]


class CaseDetailOut(CaseOut):
    """One case with its answers and what may be done now."""

    details: dict[str, JsonValue]
    clocks: list[ClockOut]
    actions: list[OfferOut]


class CasePage(BaseModel):
    """A page of cases; `next` is the cursor of the next page, empty at the end."""

    items: list[CaseOut]
    next: str


class StepOut(BaseModel):
    """One thing that happened, in words."""

    at: datetime
    text: str


class TrackOut(BaseModel):
    """What whoever holds the number may know: where it is, who, by when. Nothing about the people in it."""

    tracking_number: str
    service: str
    state: str
    explanation: str
    open: bool
    person_in_charge: str
    phone: str
    institution: str
    due: datetime | None
    due_for: str
    steps: list[StepOut]


class RegionOut(BaseModel):
    """An administrative division."""

    code: int
    name: str
    level: int
    urban_rural: str
    ethnic_autonomous: bool
    population: int | None


class RegionPage(BaseModel):
    """A page of regions."""

    items: list[RegionOut]
    next: int | None


class MatterOut(BaseModel):
    """A matter with the JSON Schema of its details."""

    id: str
    name: str
    public: bool
    details_schema: dict[str, Any]


class ServiceOut(BaseModel):
    """A service as published."""

    id: str
    version: str
    name: str
    matters: list[MatterOut]


Channel = Literal["hotline", "window", "web", "helper", "duty", "organ", "api", "letter"]
