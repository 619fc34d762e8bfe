"""What data files are made of: parts that are fixed once read and refuse unknown keys, and texts in the languages of the screens."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import get_language
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
