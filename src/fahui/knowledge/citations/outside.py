"""Documents that may be cited although the law database does not hold their text: listed, never taken as verified."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from fahui.knowledge.laws.titles import normal_title

FILE = Path(__file__).with_name("outside_sources.yaml")

# A document number before the title, or in brackets after it.
_NUMBER = re.compile(r"^[一-鿿]{1,8}〔[0-9]{4}〕[0-9]+号|（[^（）]*）$")


class OutsideSource(BaseModel):
    """One document: its number or version, what of it has been seen, and where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    number: str = ""
    evidence: Literal["full_text", "official_excerpt", "repost_excerpt", "not_current"]
    source: str
    note: str = ""


def outside_source(title: str) -> OutsideSource | None:
    """The listed document of this title, with or without 《》, its number before or after it, or the state's name."""
    wanted = normal_title(title)
    return outside_sources().get(wanted) or outside_sources().get(_NUMBER.sub("", wanted))


@cache
def outside_sources() -> Mapping[str, OutsideSource]:
    """Every listed document by its normal title."""
    listed = TypeAdapter(list[OutsideSource]).validate_python(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    return MappingProxyType({normal_title(source.title): source for source in listed})
