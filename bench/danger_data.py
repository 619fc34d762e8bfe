"""Tellings: what people may say who are in danger, and what only sounds like it. Written by hand, a file a writer.

Beside the files stand the sentences by which the patterns are tested, and those by which people find an answer that was
written ahead: ordinary matters.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path

from tests.knowledge import test_danger_words, test_everyday_family, test_everyday_work

from fahui.knowledge.answers.danger import named_in
from fahui.knowledge.answers.ear import FILE, NONE

TELLINGS = FILE.parent / "tellings"
Telling = tuple[str, str]
"""The kind (`none` for what only sounds like danger) and the text."""


def read(path: Path) -> list[Telling]:
    """The lines of a file: a kind, a blank, a text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(kind, text) for kind, _blank, text in (line.partition(" ") for line in lines) if text]


def writers(folder: Path = TELLINGS) -> Mapping[str, list[Telling]]:
    """What each writer told, and what the tests say."""
    told = {path.stem: read(path) for path in sorted(folder.glob("*.txt"))}
    heard = [(kind, text) for kind, texts in test_danger_words.HEARD.items() for text in texts]
    heard += [(named.danger.id, text) for text in test_danger_words.TOLD if (named := named_in(text))]
    ordinary = [text for tests in (test_everyday_family, test_everyday_work) for texts in tests.SAID.values() for text in texts]
    quiet = [(NONE, text) for text in (*test_danger_words.QUIET, *ordinary) if named_in(text) is None]
    return told | {"tests": [*heard, *dict.fromkeys(quiet)]}


def edition(told: Mapping[str, list[Telling]]) -> int:
    """A number that changes with any line: an ear knows from which it learned."""
    return zlib.crc32("\n".join(f"{writer} {kind} {text}" for writer in sorted(told) for kind, text in told[writer]).encode())
