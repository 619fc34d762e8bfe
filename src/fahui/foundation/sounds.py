"""How Chinese names sound: pinyin and initials, so that whoever types letters, or the wrong character, finds them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.db import models
from pypinyin import Style
from pypinyin.converter import DefaultConverter
from pypinyin.core import Pinyin

from fahui.foundation.derived import Derived, Deriving

_TYPED = re.compile(r"[^a-z0-9]+")


_converted = lru_cache(maxsize=8192)(DefaultConverter().convert)


class _Remembering(DefaultConverter):
    """Remembers how words and characters sound: names are made of few."""

    def convert(
        self, words: str, style: Style, heteronym: bool, errors: Callable[[str], str] | str, strict: bool = True, **kwargs: Any
    ) -> list[list[str]]:
        """As the package does it."""
        return _converted(words, style, heteronym, errors, strict, **kwargs)


_reading = Pinyin(_Remembering())


def syllables(text: str) -> list[str]:
    """The pinyin of each character without tones, ü as v; what is no Chinese stays in one piece."""
    return [one.lower() for one in _reading.lazy_pinyin(text, style=Style.NORMAL)]


def pinyin_of(text: str) -> str:
    """Pinyin without tones, for sorting and typing ahead: 仲裁 is zhongcai."""
    return "".join(syllables(text))[:240]


def initials_of(text: str) -> str:
    """The first letter of each character, letters and digits only: 12348热线 is 12348rx."""
    return _TYPED.sub("", "".join(_reading.lazy_pinyin(text, style=Style.FIRST_LETTER)).lower())


def letters_of(typed: str) -> str:
    """What somebody typed in letters, as pinyin is stored: spaces and tone marks away, ü as v."""
    return _TYPED.sub("", typed.lower().replace("ü", "v"))


class Sound(Derived, models.CharField):
    """How another column of the row sounds (`told`: pinyin or initials)."""

    def __init__(self, *args: Any, of: str = "name", told: str = "pinyin", **more: Any) -> None:
        self.told = told
        given: dict[str, Any] = {"max_length": 240, "blank": True, "default": ""} | more
        super().__init__(*args, of=of, **given)

    def deconstruct(self) -> Any:
        """As migrations write it."""
        name, path, args, more = super().deconstruct()
        return name, path, args, more | {"told": self.told}

    def derive(self, value: Any) -> str:
        """The sound of a text."""
        return (pinyin_of if self.told == "pinyin" else initials_of)(value)[: self.max_length]


Sound.register_lookup(TrigramWordSimilar)


class Heard(Deriving):
    """Rows with a name that are found by how it sounds."""

    pinyin = Sound()
    initials = Sound(told="initials", max_length=120)

    class Meta:
        abstract = True
