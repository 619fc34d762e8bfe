"""Who writes the words of an answer. Whoever it is, a citation in them that is not among the articles shown sinks the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from fahui.knowledge.answers.schema import Topic
from fahui.knowledge.citations.linking import link
from fahui.knowledge.content.models import CuratedAnswer
from fahui.knowledge.laws.models import Article

# What stands between quotation marks; an article's own words may cite, that is the law's matter.
_QUOTE = re.compile(r"“([^”]*?)(?:……)?”")
_FIRST = 60  # characters of an article said in the short answer


@dataclass(frozen=True)
class Quoted:
    """An article as the store has it, with how it is cited."""

    article: Article
    cited: str


@dataclass(frozen=True)
class Draft:
    """The words of an answer: the short one, and what to do in order."""

    plain: str
    steps: tuple[str, ...]


class Unwritten(Exception):
    """A composer has no words that may be shown; the built-in's are."""


class Composer(Protocol):
    """Writes the words of an answer from the articles, in the reader's language. `question` is masked. May raise Unwritten."""

    @property
    def name(self) -> str:
        """By which the answer says who wrote it."""
        ...

    def compose(
        self, question: str, language: str, topic: Topic, quoted: Sequence[Quoted], curated: CuratedAnswer | None
    ) -> Draft:
        """The words. May say nothing of law that the articles do not say."""
        ...


class BuiltIn:
    """The composer that needs nothing from outside: a curated answer as its editors wrote it, else the best article's words."""

    name = "built_in"

    def compose(
        self, question: str, language: str, topic: Topic, quoted: Sequence[Quoted], curated: CuratedAnswer | None
    ) -> Draft:
        """The curated words, or which article comes closest and how it begins."""
        if curated:
            english = language.startswith("en")
            return Draft(curated.answer_en if english else curated.answer_zh,
                         tuple(curated.steps_en if english else curated.steps_zh))  # fmt: skip
        best = quoted[0]
        told = _("和您说的最接近的规定是%(cited)s：“%(words)s”合不合您的情况，请看原文，或者问人。") % {
            "cited": best.cited, "words": _beginning(best.article.text)}  # fmt: skip
        return Draft(told, tuple(topic.steps.text(language)))


def unsupported(draft: Draft, quoted: Sequence[Quoted]) -> list[str]:
    """Citations in the words that lead to no article shown."""
    shown = {one.article.pk for one in quoted}
    works = {one.article.version.work_id for one in quoted}
    texts = [one.article.text for one in quoted]
    wrong = []
    words = _QUOTE.sub(
        lambda m: "" if any(m[1] in text for text in texts) else m[0], "\n".join([draft.plain, *draft.steps])
    )
    for place in link(words):
        for one in place.resolutions:
            fine = (
                one.article.id in shown
                if one.article
                else one.law is not None and one.law.work_id in works and not one.citation.number
            )
            if not fine:
                wrong.append(place.text)
        wrong += [place.text] * bool(place.unreadable)
    return wrong


def _beginning(text: str) -> str:
    """The first sentence, or its beginning."""
    first = text.split("\n", 1)[0]
    end = first.find("。")
    first = first[: end + 1] if end > 0 else first
    return first if len(first) <= _FIRST else first[:_FIRST] + "……"
