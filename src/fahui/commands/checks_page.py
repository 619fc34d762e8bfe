"""The reference page of the guided checks: one table of questions and one of results for each graph."""

from __future__ import annotations

from fahui.channels import guided
from fahui.knowledge.checks.loader import limits
from fahui.knowledge.checks.schema import Graph, Node, Result

NOTE = "<!-- Written by `fahui docs`. Change the data under src/fahui/knowledge/checks/data, not this page. -->\n"


def page() -> str:
    """Every graph, then the periods they count."""
    parts = ["# Guided checks 先判断一下\n", NOTE,
             "How they are changed: [Change a guided check](../how-to/change-a-guided-check.md).\n"]  # fmt: skip
    for graph in guided.graphs().values():
        parts += _graph(graph)
    parts += ["## Periods counted\n", "| Id | Period | Length | Runs from | Last day moves by | Basis |", "|---|---|---|---|---|---|"]
    for x in limits().values():
        length = x.length + (f", at most {x.cap.length} from `{x.cap.day}`" if x.cap else "")
        parts.append(f"| `{x.id}` | {x.name.en} {x.name.zh} | {length} | `{x.day}` | {x.rolls_by or ''} | {'; '.join(x.basis)} |")
    return "\n".join(parts) + "\n"


def _graph(graph: Graph) -> list[str]:
    lines = [f"## {graph.name.en} {graph.name.zh} (`{graph.id}`)\n",
             f"Version {graph.version}, owner {graph.owner.en} {graph.owner.zh}, reviewed {graph.reviewed_on}, "
             f"to be reviewed by {graph.review_by}. {graph.plain.en}\n",
             "| Question | Asked | Answers and where they lead |", "|---|---|---|"]  # fmt: skip
    lines += [f"| `{node.id}` | {node.ask.en}{_where(node)} | {_ways(node)} |" for node in graph.nodes]
    lines += ["\n| Result | Answer | Next step | Articles |", "|---|---|---|---|"]
    lines += [f"| `{r.id}` | {r.answer.en} | {_next(r)} | {'; '.join(r.articles)} |" for r in graph.results]
    return [*lines, ""]


def _where(node: Node) -> str:
    if node.desk_only:
        return f" (desk only; others go to `{node.otherwise}`)"
    return f" (where the city set `{node.needs}`; else `{node.without}`)" if node.needs else ""


def _ways(node: Node) -> str:
    if node.kind == "date":
        return f"a day → `{node.next}`" + (f"; not remembered → `{node.unknown}`" if node.unknown else "")
    return "; ".join(f"`{o.id}` → " + " or ".join(f"`{b.to}`" for b in o.branches) for o in node.options)


def _next(result: Result) -> str:
    found = ["**danger: phones first**"] if result.danger else []
    found += [f"{result.start.service}/{result.start.matter}"] if result.start else []
    found += [f"check `{result.check}`"] if result.check else []
    found += [result.office] if result.office else []
    found += [p.number for p in result.phones]
    return ", ".join(found + [f"counts `{name}`" for name in result.limits])
