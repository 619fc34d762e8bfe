"""`fahui docs`: write the generated reference pages (services, guided checks, the star and its measures) under docs/reference."""

from __future__ import annotations

import argparse
from pathlib import Path

from fahui.casework.definitions.diagram import limit_words, mermaid, rows
from fahui.casework.definitions.loader import Service, services
from fahui.casework.forms.web import questions
from fahui.commands import checks_page, star_pages
from fahui.foundation.accounts.roles import ROLE_NAMES

_NOTE = "<!-- Written by `fahui docs`. Change the service folder, not this page. -->\n"


def run(arguments: list[str]) -> int:
    """Write the pages; with --check, only say whether they are up to date."""
    parser = argparse.ArgumentParser(prog="fahui docs")
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args(arguments)
    folder = Path(__file__).resolve().parents[3] / "docs" / "reference" / "services"
    folder.mkdir(parents=True, exist_ok=True)
    stale = []
    pages = {folder / f"{name}.md": page(service) for name, service in services().items()}
    pages[folder.parent / "checks.md"] = checks_page.page()
    pages |= star_pages.pages(folder.parent)
    for path, text in pages.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
            if not chosen.check:
                path.write_text(text, encoding="utf-8")
    if chosen.check and stale:
        print(f"fahui docs: out of date: {', '.join(stale)}. Run `./fahui docs`.")
        return 1
    print(f"{len(pages)} reference pages, {len(stale)} {'stale' if chosen.check else 'written'}")
    return 0


def page(service: Service) -> str:
    """One service as a page: diagram, table of steps, limits, forms, documents."""
    d = service.definition
    parts = [f"# {d.name.en} {d.name.zh}\n", _NOTE, f"Version {d.version}, in force from {d.effective}. {d.plain.en}\n",
             "## How it runs\n", "```mermaid", mermaid(d, "en"), "```\n"]  # fmt: skip
    parts += ["## Steps\n", "| State | Action | By | Leads to | Limit started | Documents | Basis |", "|---|---|---|---|---|---|---|"]
    parts += [f"| {r.state} | {r.action} | {r.by} | {r.following} | {r.limit} | {r.papers} | {r.basis} |" for r in rows(d, "en")]
    parts += ["\n## Time limits\n", "| Limit | Length | Owner | Suspended in | Local value | Basis |", "|---|---|---|---|---|---|"]
    for x in d.deadlines:
        stops = ", ".join(d.state(s).name.en for s in x.suspends)
        length = limit_words(x, "en") + (" from receipt" if x.from_receipt else "")
        parts.append(f"| {x.name.en} {x.name.zh} | {length} | {ROLE_NAMES[x.owner][1]} | {stops} | "
                     f"{x.local_parameter or ''} | {'; '.join(x.basis)} |")  # fmt: skip
    for matter in d.matters:
        parts += [f"\n## Form: {matter.name.en} {matter.name.zh}\n", "| Field | Question | Kind |", "|---|---|---|"]
        asked = questions(service.details_form(matter.id), language="en")
        parts += [f"| `{q.key}` | {q.label} | {q.kind}|" for q in asked]
    parts += ["\n## Documents\n", "| Document | To | Basis |", "|---|---|---|"]
    parts += [
        f"| {x.name.en} {x.name.zh} | {', '.join(ROLE_NAMES[r][1] for r in x.to)} | {'; '.join(x.basis)} |" for x in d.documents
    ]
    return "\n".join(parts) + "\n"
