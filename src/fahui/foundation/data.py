"""What data files are made of: parts that are fixed once read and refuse unknown keys, and texts in the languages of the screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Self

from django.utils.translation import get_language, override
from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def english(language: str = "") -> bool:
    """Whether a language is English; without one, that of whoever is being answered."""
    return (language or get_language() or "").startswith("en")


class Data(BaseModel):
    """Base of every part of a data file. An unknown key is an error, so a key that nobody acts on cannot be written."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Data):
    """A text in both languages of the screens."""

    zh: Text
    en: Text

    def text(self, language: str = "") -> str:
        """The words in a language; without one, in that of whoever is being answered."""
        return self.en if english(language) else self.zh

    @classmethod
    def said(cls, say: Callable[[], str]) -> Self:
        """What is said in the language of the moment, in each: for what is kept now and read by somebody later."""
        with override("zh-hans"):
            zh = say()
        with override("en"):
            return cls(zh=zh, en=say())
