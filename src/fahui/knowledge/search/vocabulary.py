"""Everyday words and the law's words: what residents say, as data (`data/README.md` tells how each file was made)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from fahui.knowledge.laws.texts import Passage
from fahui.knowledge.search.meaning import Vectors
from fahui.knowledge.search.postings import Priors, Topic
from fahui.knowledge.search.rank import Trees
from fahui.knowledge.search.text import law_key

DATA = Path(__file__).parent / "data"


@cache
def everyday() -> Mapping[str, str]:
    """Everyday word → the words the law has for it, longest first so that 劳动仲裁 is read before 仲裁."""
    pairs: dict[str, list[str]] = yaml.load((DATA / "everyday.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return MappingProxyType({said: " ".join(pairs[said]) for said in sorted(pairs, key=lambda w: (-len(w), w))})


def help_words(question: str) -> str:
    """The law's words for what the question says in everyday ones, without those it says already."""
    found = (word for said, law in everyday().items() if said in question for word in law.split())
    return " ".join(dict.fromkeys(word for word in found if word not in question))


class Topics:
    """Everyday words for single articles. An article is known by its law and how its text begins, never by its number,

    so that words follow it when it is renumbered and fall away when it is rewritten.
    """

    def __init__(self) -> None:
        self._laws: dict[str, list[tuple[str, Topic]]] = {}
        for path in sorted((DATA / "topics").glob("*.yaml")):
            held = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
            self._laws[law_key(held["law"])] = [(e["begins"], Topic(e.get("words", ""), e.get("said", ""))) for e in held["articles"]]

    def __call__(self, passage: Passage) -> Topic:
        """The words and sayings of an article, or none."""
        text = "".join(passage.text.split())
        found = [topic for begins, topic in self._laws.get(law_key(passage.law), ()) if text.startswith(begins)]
        return Topic(" ".join(topic.words for topic in found), " ".join(topic.said for topic in found).strip())


@cache
def priors() -> Priors:
    """How often residents' questions are about a law and its chapters."""
    held = json.loads((DATA / "priors.json").read_text(encoding="utf-8"))
    return Priors(held["laws"], held["chapters"])


@cache
def vectors() -> Vectors:
    """What single words mean, as vectors."""
    return Vectors.load(DATA / "words.npz")


@cache
def trees() -> Trees:
    """The learned order of candidates."""
    return Trees.load(DATA / "trees.npz")
