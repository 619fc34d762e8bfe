"""No measure without an example that was counted by hand."""

from __future__ import annotations

import ast
from pathlib import Path

from fahui.standards.indicators.definitions import measures

EXAMPLES = ("test_engines.py", "test_more_measures.py", *(f"test_measures_of_{what}.py" for what in ("institutions", "people", "places", "work")))
ASKING = {"says", "figure_of", "value_of"}


def asked_in(tree: ast.AST) -> set[str]:
    """The measures that a file holds against numbers: first words of the questions, and of the keys of EXPECTED."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKING and node.args:
            found |= _words(node.args[0])
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and any(
            isinstance(target, ast.Name) and target.id == "EXPECTED" for target in node.targets
        ):
            found |= {word for key in node.value.keys if isinstance(key, ast.Tuple) for word in _words(key.elts[0])}
    return found


def _words(node: ast.expr) -> set[str]:
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def test_every_measure_was_counted_by_hand() -> None:
    here = Path(__file__).parent
    proven = {name for file in EXAMPLES for name in asked_in(ast.parse((here / file).read_text(encoding="utf-8")))}
    assert sorted(set(measures()) - proven) == [], "write an example from the policy's words (tests/standards/world.py)"
    assert sorted(proven - set(measures())) == [], "there are no such measures"


def test_a_measure_that_is_only_named_is_not_proven() -> None:
    told = ast.parse('EXPECTED = {("cases", ("services", "x")): 1}\nsays("money", {})\nother("site_area")\nname = "honours"\n')
    assert asked_in(told) == {"cases", "money"}
