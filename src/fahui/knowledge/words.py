"""What the data files of this floor are made of: texts in the languages of the screens, steps, numbers to call."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """Base of every part: frozen, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Part):
    """A text in the languages of the screens."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def text(self, language: str) -> str:
        """The words in a language."""
        return self.en if language.startswith("en") else self.zh


class Steps(Part):
    """Steps in order, in the languages of the screens."""

    zh: list[str] = Field(min_length=1, max_length=5)
    en: list[str] = Field(min_length=1, max_length=5)

    def text(self, language: str) -> list[str]:
        """The steps in a language."""
        return self.en if language.startswith("en") else self.zh


class Phone(Part):
    """A number to call, and whose it is."""

    number: str = Field(pattern=r"^\d{3,5}$")
    name: Words
