"""Answers, guided checks and services: few enough to be weighed one by one, in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fahui.casework.definitions.loader import services as homes
from fahui.channels.find.hits import Filters, Hit, Page, Place, ranked
from fahui.channels.find.marks import excerpt
from fahui.channels.find.reading import Asked
from fahui.channels.portal.words import Door, doors
from fahui.foundation.accounts.roles import INTAKE
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.regions.rules import contains, jurisdiction
from fahui.knowledge.answers.schema import topics
from fahui.knowledge.checks.loader import graphs
from fahui.knowledge.content.models import CuratedAnswer
from fahui.knowledge.content.queries import published, references_saying
from fahui.knowledge.content.rules import fit

_SHARE = 0.4  # of the question's own words that something must say to be found at all
_LOOKED_AT = 200  # precedents and scripts that are ranked at all
_LEAST, _NAME = 2.0, 3.0
_APART = re.compile(r"[^\w\u4e00-\u9fff]+")
_LEGAL = 0.35  # what the law's word counts beside one's own, as in the search of articles


def weigh(asked: Asked, *texts: tuple[str, float]) -> float:
    """How much of a question these texts say, each with the weight of a word in it; 0 if too little."""
    plain = [(f" {_APART.sub(' ', text.lower())} ", weight) for text, weight in texts]

    def best(word: str) -> float:
        whole = f" {word} " if word.isascii() else word  # letters are words of English: “aid” is not in “paid”
        return max((weight for text, weight in plain if whole in text), default=0.0)

    own = {word: best(word) for word in asked.words}
    heard = sum(len(word) for word, weight in own.items() if weight)
    legal = {word: best(word) for word in asked.legal}
    if own and heard / sum(map(len, own)) >= _SHARE:
        score = sum(len(word) * weight for word, weight in own.items())
    else:  # by the law's word alone, only where it stands in a name
        score, legal = 0.0, {word: weight for word, weight in legal.items() if weight >= _NAME}
    score += _LEGAL * sum(len(word) * weight for word, weight in legal.items())
    return score if score >= _LEAST else 0.0


def answers(reader: Reader, asked: Asked, filters: Filters, after: Place | None, size: int) -> Page:
    """Published answers that hold where the reader is, best first."""
    english, plain = reader.language.startswith("en"), "".join(asked.meant.lower().split())
    hits = []
    for row in published():
        if not _holds(row, reader, filters):
            continue
        score = 5.0 * fit(plain, row.asks, row.unless) + weigh(
            asked, (row.question_zh, 3), (row.question_en, 3), (row.answer_zh, 1), (row.answer_en, 1), (" ".join(row.steps_zh), 0.5)
        )
        text = row.answer_en if english else row.answer_zh
        hits.append(Hit(row.pk, score, row.question_en if english else row.question_zh, text=text, of=row))
    return ranked(hits, after, size)


def _holds(row: CuratedAnswer, reader: Reader, filters: Filters) -> bool:
    if row.region_code is None:
        return True
    if filters.region is not None:
        return contains(row.region_code, filters.region)
    low, high = jurisdiction(row.region_code)
    return any(low < end and begin < high for begin, end in reader.regions)


def references(reader: Reader, asked: Asked, filters: Filters, after: Place | None, size: int) -> Page:
    """Published precedents, and for staff the scripts of calls, that say every word, those named so first."""
    english, staff = reader.language.startswith("en"), reader.kind == "staff"
    held = references_saying(" ".join(asked.words), reader.regions, _LOOKED_AT)
    hits = [
        Hit(row.pk, float(_LOOKED_AT - place), row.title_en if english and row.title_en else row.title, "" if staff else f"/precedents/{row.pk}",
            " · ".join(filter(None, (row.issuer, row.number))), excerpt(row.facts or " ".join(row.lines), asked), of=row)
        for place, row in enumerate(held) if staff or row.kind == "precedent"
    ]  # fmt: skip
    return ranked(hits, after, size)


def checks(reader: Reader, asked: Asked, filters: Filters, after: Place | None, size: int) -> Page:
    """Guided checks whose questions are about it."""
    base = "/desk/checks/" if reader.kind == "staff" else "/check/"
    language = reader.language
    return ranked(
        (
            Hit(one.id, weigh(asked, (one.name.zh, 3), (one.name.en, 3), (one.plain.zh, 2), (one.plain.en, 2),
                              (" ".join(node.ask.zh for node in one.nodes), 0.5)),
                one.name.text(language), f"{base}{one.id}/", text=one.plain.text(language))
            for one in graphs().values()
        ), after, size,
    )  # fmt: skip


def services(reader: Reader, asked: Asked, filters: Filters, after: Place | None, size: int) -> Page:
    """Matters to open, best first: for residents those they open themselves."""
    return ranked(_matters(reader, asked), after, size)


def _matters(reader: Reader, asked: Asked) -> Iterator[Hit]:
    staff, language = reader.kind == "staff", reader.language
    takes = bool(reader.roles & INTAKE)
    fitting = [door for door in doors(asked.meant) if door != Door("consultation", "question")]
    for id_, home in homes().items():
        definition = home.definition
        for matter in definition.matters:
            if matter.internal or not (staff or matter.public):
                continue
            said = " ".join(" ".join([topic.name.zh, *topic.words]) for topic in topics().topics
                            if (topic.service, topic.matter) == (id_, matter.id) and matter.id != "question")  # fmt: skip
            score = weigh(asked, (matter.name.zh, 4), (matter.name.en, 4), (definition.name.zh, 3), (definition.name.en, 3), (said, 3),
                          (matter.plain.zh, 1.5), (matter.plain.en, 1.5), (definition.plain.zh, 1))  # fmt: skip
            door = Door(id_, matter.id)
            score += (len(fitting) - fitting.index(door)) * 4.0 if door in fitting else 0.0
            href = f"/desk/new/{id_}/{matter.id}" if takes else f"/desk/how/{id_}" if staff else f"/guide/{id_}/{matter.id}"
            yield Hit(f"{id_}.{matter.id}", score, matter.name.text(language), href, definition.name.text(language),
                      excerpt(matter.plain.text(language), asked))  # fmt: skip
