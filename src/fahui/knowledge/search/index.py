"""The index in PostgreSQL: written as a whole beside the old one, read term by term and kept in memory within bounds."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

import numpy as np
from django.db import connection, transaction

from fahui.knowledge.laws.texts import Passage
from fahui.knowledge.search.models import SearchColumn, SearchIndex, SearchTerm
from fahui.knowledge.search.postings import Built, build
from fahui.knowledge.search.vocabulary import DATA, Topics, priors, vectors
from fahui.knowledge.search.worth import Posting

KEPT = 128 * 2**20  # bytes of postings that one process keeps
_FLOATS = frozenset(
    (
        "length", "mass", "topic_mass", "spoken_mass", "law_prior", "chapter_prior", "head_sum", "whole_sum", "topic_sum",
        "saying_sum",
    )
)


class StoredIndex:
    """One ready index as a process sees it. Terms are read when first asked for; the least used are let go."""

    def __init__(self, row: SearchIndex) -> None:
        self.id = row.pk
        self.laws: list[str] = row.laws
        self._columns = {
            held.name: np.frombuffer(held.data, np.float32 if held.name in _FLOATS else np.int32)
            for held in SearchColumn.objects.filter(index=row)
        }
        self._kept: OrderedDict[tuple[str, str], Posting | None] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    @property
    def columns(self) -> Mapping[str, np.ndarray]:
        """One array a fact, in the order of the passages."""
        return self._columns

    def read(self, wanted: Mapping[str, Sequence[str]]) -> None:
        """Bring terms of several kinds into memory with one query."""
        with self._lock:
            missing = [
                (kind, term) for kind, terms in wanted.items() for term in terms if (kind, term) not in self._kept
            ]
        if not missing:
            return
        sql = (
            "select t.kind, t.term, t.units, t.weights from knowledge_searchterm t "
            "join unnest(%s::text[], %s::text[]) as w (kind, term) on t.kind = w.kind and t.term = w.term "
            "where t.index_id = %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [[kind for kind, _term in missing], [term for _kind, term in missing], self.id])
            rows = cursor.fetchall()
        found = {(k, t): (np.frombuffer(u, np.int32), np.frombuffer(w, np.float16)) for k, t, u, w in rows}
        with self._lock:
            for key in missing:
                self._keep(key, found.get(key))

    def postings(self, kind: str, terms: Sequence[str]) -> Mapping[str, Posting]:
        """Those of the terms that the index knows."""
        self.read({kind: terms})
        out: dict[str, Posting] = {}
        lost = False
        with self._lock:
            for term in terms:
                if (kind, term) not in self._kept:
                    lost = True
                elif (posting := self._kept[kind, term]) is not None:
                    self._kept.move_to_end((kind, term))
                    out[term] = posting
        # Another thread may have pushed a term out between the two steps: ask for those alone.
        return self._again(kind, terms, out) if lost else out

    def _again(self, kind: str, terms: Sequence[str], out: dict[str, Posting]) -> Mapping[str, Posting]:
        for row in SearchTerm.objects.filter(index_id=self.id, kind=kind, term__in=[t for t in terms if t not in out]):
            out[row.term] = np.frombuffer(row.units, np.int32), np.frombuffer(row.weights, np.float16)
        return out

    def _keep(self, key: tuple[str, str], posting: Posting | None) -> None:
        if key in self._kept:
            return
        self._kept[key] = posting
        self._size += _bytes(posting)
        while self._size > KEPT:
            _key, gone = self._kept.popitem(last=False)
            self._size -= _bytes(gone)


def _bytes(posting: Posting | None) -> int:
    return 200 + (posting[0].nbytes + posting[1].nbytes if posting else 0)


def rebuild(passages: Iterable[Passage]) -> SearchIndex:
    """Index these passages and let the new index answer. Searches go on with the old one until this commits.

    The same passages with the same shipped data give the index that is there already.
    """
    articles = list(passages)
    digest = _digest(articles)
    last = SearchIndex.objects.filter(ready=True).order_by("-id").first()
    if last and last.digest == digest:
        return last
    built = build(articles, Topics(), priors(), vectors())
    with transaction.atomic():
        index = SearchIndex.objects.create(passages=len(articles), digest=digest, laws=built.laws)
        _write(index, built)
        index.ready = True
        index.save(update_fields=["ready"])
        # The one before stays until the next build: a search that has begun with it ends with it.
        for old in SearchIndex.objects.exclude(pk__in=[index.pk, last.pk if last else index.pk]):
            # The database deletes the terms; Django would first read half a million rows.
            with connection.cursor() as cursor:
                cursor.execute("delete from knowledge_searchterm where index_id = %s", [old.pk])
                cursor.execute("delete from knowledge_searchcolumn where index_id = %s", [old.pk])
            old.delete()
    return index


def _write(index: SearchIndex, built: Built) -> None:
    SearchColumn.objects.bulk_create(
        SearchColumn(index=index, name=name, data=array.astype(np.float32 if name in _FLOATS else np.int32).tobytes())
        for name, array in built.columns.items()
    )
    sql = "copy knowledge_searchterm (index_id, kind, term, units, weights) from stdin (format binary)"
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        copy.set_types(["int8", "varchar", "varchar", "bytea", "bytea"])
        for kind, terms in built.terms.items():
            for term, (units, weights) in terms.items():
                if len(term) <= 64:
                    copy.write_row((index.pk, kind, term, units.tobytes(), weights.tobytes()))


def _digest(articles: Sequence[Passage]) -> str:
    total = hashlib.sha256()
    for path in sorted(DATA.rglob("*.*")):
        total.update(path.read_bytes())
    for article in articles:
        total.update(repr(article).encode())
    return total.hexdigest()
