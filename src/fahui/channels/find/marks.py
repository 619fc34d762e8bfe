"""Marking what was looked for in what was found, also where only its sound was typed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from fahui.channels.find.reading import Asked
from fahui.foundation.sounds import syllables

Span = tuple[int, int]
_AROUND = 30  # characters before the first mark of an excerpt


def spans(text: str, asked: Asked, sounding: bool = False) -> list[Span]:
    """Where a text says what was asked, in order and apart; `sounding`: also where it only sounds so (names)."""
    plain = text.lower()
    taken = [False] * len(text)
    if len(plain) == len(text):  # lower case of some letters is longer: then there is nothing to mark
        for part in asked.shown:
            start = plain.find(part)
            while start >= 0:
                taken[start : start + len(part)] = [True] * len(part)
                start = plain.find(part, start + len(part))
    if sounding and not any(taken):
        for start, end in _sounding(text, asked):
            taken[start:end] = [True] * (end - start)
    return list(_runs(taken))


def _runs(taken: Sequence[bool]) -> Iterator[Span]:
    start = None
    for at, marked in enumerate([*taken, False]):
        if marked and start is None:
            start = at
        elif not marked and start is not None:
            yield start, at
            start = None


def _sounding(text: str, asked: Asked) -> Iterator[Span]:
    """The characters that sound like what was typed, or begin with its letters."""
    heard = syllables(text)
    if len(heard) != len(text):
        return
    for typed in filter(None, (asked.letters, *("".join(syllables(name)) for name in asked.names))):
        for start in range(len(text)):
            for read in (heard, [one[:1] for one in heard]):
                said, end = "", start
                while end < len(text) and len(said) < len(typed) and typed.startswith(said):
                    said, end = said + read[end], end + 1
                if said.startswith(typed):
                    yield start, end
                    return


def marked(text: str, asked: Asked, sounding: bool = False) -> SafeString:
    """The text for a page: escaped, with what was asked marked."""
    out, at = [], 0
    for start, end in spans(text, asked, sounding):
        out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return mark_safe("".join([*out, escape(text[at:])]))  # noqa: S308 - every piece is escaped above


def excerpt(text: str, asked: Asked, length: int = 110) -> str:
    """As much of a text as a list has room for, around the first place that says what was asked."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    found = spans(flat, asked)
    start = max(0, min(found[0][0] - _AROUND, len(flat) - length)) if found else 0
    return ("…" if start else "") + flat[start : start + length] + ("…" if start + length < len(flat) else "")
