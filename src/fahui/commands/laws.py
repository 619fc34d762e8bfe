"""`fahui laws import | index | search | show`: bring laws into the store, find articles, read one as of a day."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from fahui.foundation import cities, clock
from fahui.foundation.errors import Refusal
from fahui.knowledge.citations.reading import Citation, parse
from fahui.knowledge.citations.resolving import Resolution, Status, resolve
from fahui.knowledge.citations.sources import StoreSource
from fahui.knowledge.laws.loading import load, package_name
from fahui.knowledge.laws.sources import corpus, local, markdown, package, word
from fahui.knowledge.laws.texts import Law, PlainLaw
from fahui.knowledge.search.actions import index_laws
from fahui.knowledge.search.queries import Found, search

_SAID_EVERY = 50  # laws


def run(arguments: list[str]) -> int:
    """0 done; 1 refused with the reason."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.do(chosen))
    except Refusal as refusal:
        print(f"fahui laws: {refusal.message}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fahui laws")
    parts = parser.add_subparsers(required=True, metavar="import|index|search|show")
    bring = parts.add_parser("import", help="bring laws into the store: all of a source or nothing")
    source = bring.add_mutually_exclusive_group(required=True)
    source.add_argument("--package", action="store_true", help="current national law from the pinned package")
    source.add_argument("--markdown", type=Path, metavar="DIR", help="a folder of Markdown texts, one file a version")
    source.add_argument("--word", type=Path, metavar="DIR", help="a folder of .docx files of the national law database")
    source.add_argument("--local", action="store_true", help="the city's own laws (cities/<id>/laws)")
    source.add_argument("--corpus", type=Path, metavar="FILE", help="JSON lines, one article a line (also .gz)")
    bring.set_defaults(do=_import)
    parts.add_parser("index", help="index the store for search (an import does it)").set_defaults(do=_index)
    ask = parts.add_parser("search", help="the articles that govern a question in everyday words")
    ask.add_argument("question", nargs="?", help="the question; without it, one a line from standard input")
    ask.add_argument("--json", action="store_true", help="one line of JSON a question")
    ask.add_argument("--limit", type=int, default=10, metavar="N", help="articles (1 to 100, default 10)")
    ask.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="of the law in force on a day (default today)")
    ask.set_defaults(do=_search)
    show = parts.add_parser("show", help="one article, or what a law holds")
    show.add_argument("law", help="title or usual short name, or a whole citation")
    show.add_argument("article", nargs="?", help="1076, 第一千零七十六条, 290之1")
    show.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="the day (default today)")
    show.set_defaults(do=_show)
    return parser


def _import(chosen: argparse.Namespace) -> int:
    source, laws, keep = _source(chosen)
    report = load(source, laws, keep=keep, say=_progress)
    print(f"{report.versions} versions of {report.works} new works, {report.articles} articles; {report.unchanged} were there already")
    _index(chosen)
    for title in report.kept:
        print(f"  kept as it was, the source prints another text for the same day: {title}")
    return 0


def _index(chosen: argparse.Namespace) -> int:
    print("· indexing", flush=True)
    print(f"{index_laws()} articles can be found")
    return 0


def _search(chosen: argparse.Namespace) -> int:
    questions = [chosen.question] if chosen.question else (line.strip() for line in sys.stdin)
    limit = min(max(chosen.limit, 1), 100)
    for question in questions:
        if not question:
            continue
        hits = search(question, limit, chosen.as_of)
        if chosen.json:
            print(json.dumps({"question": question, "hits": [_hit(hit) for hit in hits]}, ensure_ascii=False), flush=True)
        else:
            print("\n\n".join(f"《{hit.article.version.title}》{hit.article.label}\n{hit.article.text}" for hit in hits) or "没有找到")
    return 0


def _hit(hit: Found) -> dict[str, object]:
    version = hit.article.version
    return {
        "law": version.title, "article": hit.article.printed, "chapter": hit.article.chapter, "text": hit.article.text,
        "issued_on": version.issued_on and version.issued_on.isoformat(), "id": hit.article.pk, "score": round(hit.score, 4),
    }  # fmt: skip


def _source(chosen: argparse.Namespace) -> tuple[str, Iterable[PlainLaw], bool]:
    """The source's name, its laws, and whether a text of the same day that is there stays (collections) or refuses all."""
    if chosen.package:
        return package_name(), package.read_all(), True
    if chosen.corpus:
        return chosen.corpus.name, (law.named(chosen.corpus.name) for law in corpus.read_file(chosen.corpus)), True
    if chosen.local:
        city = cities.current()
        return f"cities/{city.id}/laws", local.read_city(city), False
    if chosen.markdown:
        return chosen.markdown.name, markdown.read_folder(chosen.markdown), False
    return chosen.word.name, word.read_folder(chosen.word), False


def _progress(done: int) -> None:
    if done % _SAID_EVERY == 0:
        print(f"· {done} laws", flush=True)


def _show(chosen: argparse.Namespace) -> int:
    day = chosen.as_of or clock.today()
    found = resolve(_citation(chosen.law, chosen.article), StoreSource(), day)
    if found.law is None or (found.failing and found.status is not Status.DOUBTED):
        print(f"fahui laws: {found.reason}", file=sys.stderr)
        return 1
    print(_head(found.law, day))
    if found.article is not None:
        print(_body(found))
    if found.reason:
        print(f"! {found.reason}")
    return 0 if found.status in (Status.RESOLVED, Status.DOUBTED) else 1


def _citation(law: str, article: str | None) -> Citation:
    titles = StoreSource().titles()
    number = f"第{article.removeprefix('第').replace('条', '').replace('之', '条之', 1)}" if article else ""
    if number and "条" not in number:
        number += "条"
    found = parse(f"《{law}》{number}" if number else law, titles)
    return found[0] if found else Citation(law)


def _head(law: Law, day: date) -> str:
    since = f"{law.since} 起" if law.stated and law.since else "施行日来源未写明"
    until = f"，至 {law.until}" if law.until else ""
    return f"{law.title}（{law.issued_on or '日期不详'}，{since}{until}；查询日 {day}）"


def _body(found: Resolution) -> str:
    assert found.article is not None
    above = " › ".join(found.article.chapter)
    moved = f"\n（现行文本中为{found.now.label}）" if found.now else ""
    return (f"{above}\n" if above else "") + f"{found.article.printed}　{found.article.text}{moved}"
