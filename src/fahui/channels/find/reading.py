"""What somebody meant by what they typed: letters read as pinyin, wrong characters put right by sound, everyday words
beside the law's, places and kinds of office named. It adds and says so; what was typed is always looked for as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

import rjieba
import yaml
from pydantic import BaseModel, ConfigDict

from fahui.casework.definitions.loader import services
from fahui.channels.find.sounding import fold, fold_all
from fahui.foundation.sounds import initials_of, letters_of, syllables
from fahui.knowledge.answers.schema import topics
from fahui.knowledge.search.text import half_width
from fahui.knowledge.search.text import words as meaningful
from fahui.knowledge.search.vocabulary import everyday, help_words, priors

LONGEST = 200
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LETTERS = re.compile(r"[A-Za-zÜü'’\s]+")
_SPLIT = re.compile(r"[\s，。、；：？！,.;:?!“”\"（）()《》]+")
_WORD = range(2, 9)  # characters of a word that is put right by its sound
_COMPLETED = 4  # letters from which the rest of a word is guessed
_ABBREVIATED = range(3, 9)
_SLIPPED = 9  # letters from which a slip or two are put right
_ALIKE = 0.87

Places = tuple[tuple[str, int], ...]
"""Names of places with their codes, as `queries.places_named` gives them."""


class Kinds(BaseModel):
    """What people call offices and people of the profession, as data. Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: dict[str, str]
    reviewed_on: object
    review_by: object
    offices: dict[str, list[str]]
    people: dict[str, list[str]]
    fillers: list[str]


@dataclass(frozen=True)
class Asked:
    """A question as read. `text` is what was typed; `meant` the same with letters and wrong characters put right;
    `mended` says which; `legal` are the law's words for the everyday ones in it."""

    text: str
    meant: str
    mended: tuple[tuple[str, str], ...] = ()
    legal: tuple[str, ...] = ()
    regions: tuple[int, ...] = ()
    offices: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    # What is left to be looked for in names when places, kinds and words that only ask are taken out.
    names: tuple[str, ...] = ()

    @property
    def also(self) -> str:
        """What was typed, where something else was meant: it may still be a name."""
        return self.text.lower() if self.mended else ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words that carry meaning, each once."""
        return tuple(dict.fromkeys(word for word in _content(self.meant) if len(word) > 1 or len(self.meant) == 1))

    @cached_property
    def letters(self) -> str:
        """What was typed, if it was letters only."""
        return letters_of(self.text) if _LETTERS.fullmatch(self.text) else ""

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """Every text to mark where it is found, longest first."""
        parts = [*_SPLIT.split(self.text.lower()), *self.words, *(right for _wrong, right in self.mended), *self.legal, *self.names]
        return tuple(sorted({part for part in parts if part}, key=lambda part: (-len(part), part)))


def read(text: str, places: Places = ()) -> Asked:
    """What was meant by a text; without marks it cannot hold and cut to LONGEST."""
    typed = " ".join(half_width(text.replace("\x00", "")).split())[:LONGEST]
    mended = tuple(_spelt(typed, places) if _LETTERS.fullmatch(typed) else _misheard(typed))
    meant = typed
    for wrong, right in mended:
        meant = meant.replace(wrong, right)
    offices, people, regions, names = _named(meant, places)
    legal = tuple(word for word in help_words(meant).split() if word not in meant)
    return Asked(typed, meant, mended, legal, regions, offices, people, names)


def _content(text: str) -> Iterator[str]:
    for part in _SPLIT.split(text.lower()):
        if _HAN.search(part):
            yield from (word for word in meaningful(part) if word not in kinds().fillers)
        elif len(part) > 1 and part not in kinds().fillers:
            yield part


@cache
def kinds() -> Kinds:
    """The reviewed words for kinds."""
    return Kinds.model_validate(yaml.safe_load((Path(__file__).parent / "data" / "kinds.yaml").read_text(encoding="utf-8")))


@cache
def vocabulary() -> frozenset[str]:
    """The words this house knows: everyday ones, the law's, kinds, matters and topics. Chinese only, 2 to 8 characters."""
    known: set[str] = {*everyday(), *(word for law in everyday().values() for word in law.split())}
    known |= {word for held in (kinds().offices, kinds().people) for words in held.values() for word in words}
    for home in services().values():
        known |= {home.definition.name.zh, *(matter.name.zh for matter in home.definition.matters)}
    for topic in topics().topics:
        known |= {topic.name.zh, *topic.words, *topic.laws}
    known |= set(priors().laws)  # the laws residents ask about
    return frozenset(word for word in known if _HAN.fullmatch(word) and len(word) in _WORD)


@dataclass(frozen=True)
class _Heard:
    """The vocabulary by how it sounds."""

    by_syllables: Mapping[tuple[str, ...], str]
    by_letters: Mapping[str, str]
    by_initials: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=8)
def _heard(places: Places = ()) -> _Heard:
    known = sorted(vocabulary(), key=lambda word: (word not in everyday(), len(word), word))
    names = [name for name, _code in places]
    syllabic: dict[tuple[str, ...], str] = {}
    letters: dict[str, str] = {}
    initials: dict[str, list[str]] = {}
    for word in [*known, *names]:
        letters.setdefault(fold("".join(syllables(word))), word)
    for word in known:
        syllabic.setdefault(fold_all(syllables(word)), word)
        initials.setdefault(initials_of(word), []).append(word)
    return _Heard(MappingProxyType(syllabic), MappingProxyType(letters),
                  MappingProxyType({key: tuple(words[:3]) for key, words in initials.items()}))  # fmt: skip


def _spelt(typed: str, places: Places) -> Iterator[tuple[str, str]]:
    """Letters that spell words of ours, whole or begun, slips put right: laodongzhongc is 劳动仲裁, laodognfa 劳动法; ldzc its initials."""
    heard, plain = _heard(places), letters_of(typed)
    found = _cut(fold(plain), heard.by_letters) if len(plain) > 2 else []
    if not found and len(plain) in _ABBREVIATED:
        found = list(heard.by_initials.get(plain, ()))
    if not found and len(plain) >= _SLIPPED:
        found = [heard.by_letters[key] for key in get_close_matches(fold(plain), heard.by_letters, n=1, cutoff=_ALIKE)]
    if found:
        yield typed, " ".join(found)


def _cut(key: str, known: Mapping[str, str]) -> list[str]:
    """The fewest words that spell the whole key; else those that spell its beginning, and one that its rest begins."""
    best: list[list[str] | None] = [[]] + [None] * len(key)
    for start in range(len(key)):
        so_far = best[start]
        if so_far is None:
            continue
        for end in range(start + 2, min(len(key), start + 40) + 1):
            word, there = known.get(key[start:end]), best[end]
            if word and (there is None or len(so_far) + 1 < len(there)):
                best[end] = [*so_far, word]
    whole = best[len(key)]
    if whole:
        return whole
    for start in range(len(key) - 2, -1, -1):
        so_far, rest = best[start], key[start:]
        if so_far is not None and len(rest) >= (2 if so_far else _COMPLETED):
            begun = min((word for spelt, word in known.items() if spelt.startswith(rest)), key=lambda w: (len(w), w), default="")
            if begun:
                return [*so_far, begun]
    return []


def _misheard(typed: str) -> Iterator[tuple[str, str]]:
    """Characters that are no word as they stand, and sound like one of ours: 仲才 is 仲裁."""
    known, heard = vocabulary(), _heard().by_syllables
    for run in _HAN.findall(typed):
        sounds = syllables(run)
        if len(sounds) != len(run):
            continue
        lone = _lone(run)
        taken: set[int] = set()
        for length in reversed(_WORD):
            for start in range(len(run) - length + 1):
                place = range(start, start + length)
                said = run[start : start + length]
                if taken & set(place):
                    continue
                right = heard.get(fold_all(sounds[start : start + length]), "")
                if said in known:
                    taken |= set(place)
                elif right and any(lone[at] for at in place) and _near(said, right, sounds[start : start + length]):
                    taken |= set(place)
                    yield said, right


def _near(said: str, right: str, sounds: list[str]) -> bool:
    """Whether so much is the same that it was meant: a character, or every sound to the letter."""
    return any(a == b for a, b in zip(said, right, strict=True)) or sounds == syllables(right)


def _lone(run: str) -> list[bool]:
    """For each character, whether the dictionary knows no word of several characters that it stands in."""
    return [alone for piece in rjieba.cut(run, False) for alone in [len(piece) == 1] * len(piece)]


def _named(meant: str, places: Places) -> tuple[frozenset[str], frozenset[str], tuple[int, ...], tuple[str, ...]]:
    """Kinds of office and of people, places, and what is left for names."""
    left = meant.lower()
    regions = []
    for name, code in places:  # longest first
        if name in left:
            regions.append(code)
            left = left.replace(name, " ")
    offices, without = _kinds_in(left, kinds().offices)
    people, less = _kinds_in(left, kinds().people)
    rest = _rest(without if offices else less if people else left)
    return offices, people, tuple(dict.fromkeys(regions)), rest[:3]


def _kinds_in(text: str, known: Mapping[str, Collection[str]]) -> tuple[frozenset[str], str]:
    """The kinds that are named, and the text without their names; the longest name is read first."""
    found: set[str] = set()
    for word in sorted({word for words in known.values() for word in words}, key=lambda word: (-len(word), word)):
        if word in text:
            found |= {kind for kind, words in known.items() if word in words}
            text = text.replace(word, " ")
    return frozenset(found), text


def _rest(text: str) -> tuple[str, ...]:
    for filler in sorted(kinds().fillers, key=len, reverse=True):
        text = text.replace(filler, " ") if _HAN.search(filler) else re.sub(rf"\b{filler}\b", " ", text)
    return tuple(part for part in _SPLIT.split(text) if part)
