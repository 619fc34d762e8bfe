"""The graphs and periods that ship, read once. What is not right in the shape is refused with the file's name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml
from pydantic import TypeAdapter, ValidationError

from fahui.knowledge.checks.schema import Graph, Limit

FOLDER = Path(__file__).with_name("data")
LIMITS = "limits.yaml"


class BadGraph(ValueError):
    """A file of a guided check cannot be used."""


@cache
def graphs() -> Mapping[str, Graph]:
    """Every graph by id, in the order of their doors. Raises BadGraph."""
    found = sorted((read(path) for path in FOLDER.glob("*.yaml") if path.name != LIMITS), key=lambda graph: graph.order)
    return MappingProxyType({graph.id: graph for graph in found})


def read(path: Path) -> Graph:
    """One graph from its file. Raises BadGraph."""
    try:
        graph = Graph.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise BadGraph(f"checks/{path.name}: {error}") from error
    if graph.id != path.stem:
        raise BadGraph(f"checks/{path.name}: its id is {graph.id!r}; file and id bear the same name")
    return graph


@cache
def limits() -> Mapping[str, Limit]:
    """Every period by id. Raises BadGraph."""
    try:
        listed = TypeAdapter(list[Limit]).validate_python(yaml.safe_load((FOLDER / LIMITS).read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise BadGraph(f"checks/{LIMITS}: {error}") from error
    return MappingProxyType({limit.id: limit for limit in listed})
