"""How closely syllables must sound alike: as people type what they hear, with the sounds that Sichuan does not part. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FOLDS = ((re.compile("zh"), "z"), (re.compile("ch"), "c"), (re.compile("sh"), "s"), (re.compile("ng"), "n"), (re.compile("n"), "l"),
          (re.compile("v"), "u"))  # fmt: skip


def fold(letters: str) -> str:
    """One spelling for what sounds alike: zongcai and zhongcai; nan, lan and nang; lvshi and lushi."""
    for sound, instead in _FOLDS:
        letters = sound.sub(instead, letters)
    return letters


def fold_all(syllables: Iterable[str]) -> tuple[str, ...]:
    """The same for each syllable."""
    return tuple(map(fold, syllables))
