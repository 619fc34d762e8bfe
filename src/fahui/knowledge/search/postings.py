"""Building the index: which passage holds a term, and what it is worth there (BM25). Pure; numbers in numpy arrays.

BM25 after Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009: k1 1.2, b by field.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from fahui.knowledge.laws.texts import Passage
from fahui.knowledge.search import sayings
from fahui.knowledge.search.meaning import Bags, Vectors
from fahui.knowledge.search.text import chapter_words, characters, law_key, law_words, pairs, words
from fahui.knowledge.search.worth import Posting, rarity

K1 = 1.2
# Field → how strongly a long text counts less (the b of BM25).
FIELDS = {"b": 0.6, "t": 0.3, "l": 0.5, "c": 0.5}
CUTS: dict[str, Callable[[str], list[str]]] = {"p": pairs, "w": words, "c": characters}
# Body (text and topics), topics alone, law name, chapter name; by pairs, by words; the body also by characters.
KINDS = ("bp", "bw", "bc", "tp", "tw", "lp", "lw", "cp", "cw")
LOOKED = 150  # characters of an article whose words are compared by meaning
FOREVER = 3_000_000  # as a day number, beyond every date

_PENAL = re.compile("有期徒刑|拘役")
_FINE = re.compile("罚款|拘留|责令")
_MEANS = re.compile("是指|是.{2,30}的(合同|协议|权利|行为)|包括")
_TERM = re.compile("[日月年]内|期限|期间|届满")
_FRAME = re.compile("^(为了|为|本法所称|本法自|本解释自|本条例自|根据)")


@dataclass(frozen=True, slots=True)
class Topic:
    """Everyday words of an article: those that are read with its text, and more sayings, each compared by itself."""

    words: str = ""
    said: str = ""

    @property
    def sayings(self) -> list[str]:
        """All of them, one by one."""
        return list(dict.fromkeys([*self.words.split(), *self.said.split()]))


@dataclass(slots=True)
class Built:
    """A finished index, in memory: terms by kind, columns by name, and the titles of the laws."""

    terms: dict[str, dict[str, Posting]]
    columns: dict[str, np.ndarray]
    laws: list[str]
    chapters: list[tuple[str, str]] = field(default_factory=list)

    def postings(self, kind: str, terms: Sequence[str]) -> dict[str, Posting]:
        """Those of the terms that the index knows."""
        held = self.terms[kind]
        return {term: held[term] for term in terms if term in held}


@dataclass(frozen=True, slots=True)
class Priors:
    """What residents ask about: how often questions were about a law and, in it, a chapter (`data/priors.json`)."""

    laws: dict[str, float]
    chapters: dict[str, dict[str, float]]

    def of(self, built: Built) -> tuple[np.ndarray, np.ndarray]:
        """Two columns over the passages: log share of the law, log lift of the chapter within its law."""
        law, chapter = built.columns["law"], built.columns["chapter"]
        size = np.bincount(law, minlength=len(built.laws))
        asked = np.array([self.laws.get(law_key(title), 0.0) for title in built.laws])
        share = (asked + 0.02 * size / size.mean() + 0.02) / max(sum(self.laws.values()), 1.0)
        chapter_size = np.bincount(chapter, minlength=len(built.chapters))
        of_law = built.columns["chapter_law"]
        within = np.array(
            [self.chapters.get(law_key(title), {}).get(chapter_words(name), 0.0) for title, name in built.chapters]
        )
        usual = chapter_size / size[of_law]
        lift = (within + 3 * usual) / (asked[of_law] + 3) / usual
        return np.log(share)[law].astype(np.float32), np.log(lift)[chapter].astype(np.float32)


def build(passages: Iterable[Passage], topics: Callable[[Passage], Topic], priors: Priors, vectors: Vectors) -> Built:
    """Index passages, which stand in the order of their law. `topics` gives an article's everyday words."""
    articles = list(passages)
    laws = list(dict.fromkeys(a.law for a in articles))
    chapters = list(dict.fromkeys((a.law, a.chapter) for a in articles))
    law_at = {law: i for i, law in enumerate(laws)}
    chapter_at = {pair: i for i, pair in enumerate(chapters)}
    law = np.array([law_at[a.law] for a in articles], np.int32)
    chapter = np.array([chapter_at[a.law, a.chapter] for a in articles], np.int32)
    told = [topics(a) for a in articles]
    everyday, spoken = [topic.words for topic in told], [topic.sayings for topic in told]
    texts = {
        "b": [f"{a.text}。{said}。{said}" if said else a.text for a, said in zip(articles, everyday, strict=True)],
        "t": everyday,
        "l": [law_words(title) for title in laws],
        "c": [chapter_words(name) for _law, name in chapters],
    }
    terms = {kind: weigh(texts[kind[0]], CUTS[kind[1]], FIELDS[kind[0]]) for kind in KINDS}
    terms[sayings.KIND], mass = sayings.weigh(spoken)
    columns = _columns(articles, everyday, law) | {"law": law, "chapter": chapter}
    columns["chapter_law"] = np.array([law_at[title] for title, _name in chapters], np.int32)
    columns["mass"] = _mass(texts["b"], terms["bp"])
    columns["topic_mass"] = _mass(texts["t"], terms["tp"])
    columns |= _meanings(articles, everyday, chapters, chapter, vectors) | sayings.columns(spoken, mass, vectors)
    built = Built(terms, columns, laws, chapters)
    columns["law_prior"], columns["chapter_prior"] = priors.of(built)
    return built


def weigh(texts: Sequence[str], cut: Callable[[str], list[str]], b: float) -> dict[str, Posting]:
    """Every term with the texts that hold it and its BM25 worth in each."""
    units: dict[str, array[int]] = {}
    counts: dict[str, array[int]] = {}
    lengths = np.zeros(len(texts), np.float32)
    for unit, text in enumerate(texts):
        held = Counter(cut(text))
        lengths[unit] = held.total()
        for term, count in held.items():
            if term not in units:
                units[term], counts[term] = array("i"), array("i")
            units[term].append(unit)
            counts[term].append(count)
    slow = K1 * (1 - b + b * lengths / max(float(lengths.mean()), 1e-9)) if len(texts) else lengths
    out: dict[str, Posting] = {}
    for term, holders in units.items():
        ids = np.frombuffer(holders, np.int32)
        often = np.frombuffer(counts[term], np.int32).astype(np.float32)
        rare = np.log(1 + (len(texts) - len(ids) + 0.5) / (len(ids) + 0.5))
        out[term] = ids, (often * (K1 + 1) / (often + slow[ids]) * rare).astype(np.float16)
    return out


def _mass(texts: Sequence[str], terms: dict[str, Posting]) -> np.ndarray:
    """How much each text says in all: the rarities of its pairs, summed."""
    rare = {term: rarity(len(texts), len(ids)) for term, (ids, _weights) in terms.items()}
    return np.array([sum(rare[pair] for pair in pairs(text)) for text in texts], np.float32)


def _meanings(
    articles: Sequence[Passage], everyday: Sequence[str], chapters: Sequence[tuple[str, str]], chapter: np.ndarray,
    vectors: Vectors,
) -> dict[str, np.ndarray]:  # fmt: skip
    """The words to compare by meaning: of each chapter's heading, of each article with heading and topics, of its topics."""
    heads = [f"{law_words(law)} {chapter_words(name)}" for law, name in chapters]
    wholes = [
        f"{heads[at]} {article.text[:LOOKED]} {said}"
        for at, article, said in zip(chapter.tolist(), articles, everyday, strict=True)
    ]
    columns = {"vectors": np.array([vectors.edition], np.int32)}
    for kind, texts in (("head", heads), ("whole", wholes), ("topic", everyday)):
        columns |= Bags.build(texts, vectors).columns(kind)
    return columns


def _columns(articles: Sequence[Passage], everyday: Sequence[str], law: np.ndarray) -> dict[str, np.ndarray]:
    size = np.bincount(law)
    seen: Counter[int] = Counter()
    place = np.zeros(len(articles), np.int32)
    for i, at in enumerate(law.tolist()):
        place[i] = seen[at]
        seen[at] += 1
    kind = [1 if "最高人民" in a.law else 2 if re.search("(条例|办法|规定|细则)$", a.law) else 0 for a in articles]
    return {
        "id": np.array([a.id for a in articles], np.int32),
        "place": place,
        "size": size[law].astype(np.int32),
        "length": np.log1p([len(a.text) for a in articles]).astype(np.float32),
        "penal": np.array([bool(_PENAL.search(a.text)) + 2 * bool(_FINE.search(a.text)) for a in articles], np.int32),
        "means": np.array([bool(_MEANS.search(a.text[:80])) for a in articles], np.int32),
        "term": np.array([bool(_TERM.search(a.text)) for a in articles], np.int32),
        "items": np.array([a.text.count("（") for a in articles], np.int32),
        "frame": np.array([bool(_FRAME.search(a.text)) for a in articles], np.int32),
        "topics": np.array([bool(t) for t in everyday], np.int32),
        "kind": np.array(kind, np.int32),
        "since": np.array([a.since.toordinal() if a.since else 0 for a in articles], np.int32),
        "until": np.array([a.until.toordinal() if a.until else FOREVER for a in articles], np.int32),
    }
