"""Titles of laws: as printed, and as they are compared."""

from __future__ import annotations

import re

STATE = "中华人民共和国"

_EDITION = re.compile(r"[（(](?:(?P<year>[0-9]{4})年?[^（()）]*|[^（()）]*(?:年|修正|修订|号|令)[^（()）]*)[）)]$")
_MARKS = re.compile(r"[《》〈〉<>\s]")


def normal_title(title: str) -> str:
    """A title without marks, spaces and the state's name, wherever they stand, so that two spellings compare equal."""
    return _MARKS.sub("", title).replace("(", "（").replace(")", "）").replace(STATE, "")


def without_edition(title: str) -> str:
    """A title without what says only which version is meant: 仲裁法（2017年修正） is 仲裁法."""
    return _EDITION.sub("", title)


def edition_year(title: str) -> int | None:
    """The year in such a bracket: 2017 in 仲裁法（2017年修正）."""
    found = _EDITION.search(title)
    return int(found["year"]) if found and found["year"] else None


def short_title(title: str) -> str:
    """The title as people say it: 法律援助法."""
    return title.removeprefix(STATE)
