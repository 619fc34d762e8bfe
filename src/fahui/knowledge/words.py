"""What the data files of this floor are made of besides words: steps, and numbers to call."""

from __future__ import annotations

from pydantic import Field

from fahui.foundation.data import Data, Words


class Steps(Data):
    """Steps in order, in the languages of the screens."""

    zh: list[str] = Field(min_length=1, max_length=5)
    en: list[str] = Field(min_length=1, max_length=5)

    def text(self, language: str) -> list[str]:
        """The steps in a language."""
        return self.en if language.startswith("en") else self.zh


class Phone(Data):
    """A number to call, and whose it is."""

    number: str = Field(pattern=r"^\d{3,5}$")
    name: Words
