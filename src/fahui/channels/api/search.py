"""Finding articles of law by a question in everyday words."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field, StringConstraints

from fahui.channels.api.laws import ERRORS, ArticleOut, Day, day_of
from fahui.knowledge.search.queries import INTERPRETATION, LAW, REGULATION, Filters, Found, search

router = Router(tags=["laws"])
_KINDS = {"law": LAW, "interpretation": INTERPRETATION, "regulation": REGULATION}
Question = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00]*$")]
Title = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00]*$")]


class FoundOut(ArticleOut):
    """An article that governs the question, with its law and the days its version is in force (null is open). `doubted`: its
    source calls the law repealed, with neither day nor reason. `score` tells how well it fits beside the others of the same answer."""

    law_id: int
    law: str
    issued_on: date | None
    in_force_from: date | None
    in_force_to: date | None
    doubted: bool
    score: float


class FoundPage(BaseModel):
    """The best articles first, of the law in force on `as_of`."""

    as_of: date
    items: list[FoundOut]


@router.get("/laws", response={200: FoundPage, **ERRORS}, auth=None, summary="Articles that govern a question")
def find_laws(
    request: HttpRequest, q: Question = Query(...), limit: Annotated[int, Field(ge=1, le=100)] = Query(10),
    as_of: Day = Query(""), kind: Literal["", "law", "interpretation", "regulation"] = Query(""), law: Title = Query(""),
) -> Any:  # fmt: skip
    """The articles that govern a question asked in everyday words; the same question gives the same articles. `law` narrows to
    one law by its title or usual short name."""
    day = day_of(as_of)
    filters = Filters(laws=[law] if law else (), kinds=[_KINDS[kind]] if kind else ())
    return FoundPage(as_of=day, items=[_found(hit) for hit in search(q, limit, day, filters)])


def _found(hit: Found) -> FoundOut:
    article, version = hit.article, hit.article.version
    return FoundOut(
        id=article.pk, label=article.label, number=article.number, sub=article.sub, chapter=article.chapter, text=article.text,
        law_id=version.work_id, law=version.title, issued_on=version.issued_on, in_force_from=version.in_force_from,
        in_force_to=version.in_force_to, doubted=version.doubted, score=round(hit.score, 4),
    )  # fmt: skip
