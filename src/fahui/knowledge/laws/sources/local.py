"""A city's own regulations: `cities/<id>/laws/`, Markdown and Word texts beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fahui.foundation import cities
from fahui.knowledge.laws.sources import markdown, word
from fahui.knowledge.laws.texts import PlainLaw


def folder_of(city: cities.City) -> Path:
    """Where the local laws of a city lie."""
    return cities.ROOT / city.id / "laws"


def read_city(city: cities.City) -> Iterator[PlainLaw]:
    """Every local law of a city; none if it has no such folder. They apply in its region unless a text says otherwise."""
    folder = folder_of(city)
    if folder.is_dir():
        yield from markdown.read_folder(folder, city.region)
        yield from word.read_folder(folder, city.region)
