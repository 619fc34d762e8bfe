"""What follows from the texts of laws alone: when versions end, what is repealed, what is renumbered. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from fahui.knowledge.laws.texts import Law, PlainArticle
from fahui.knowledge.laws.titles import normal_title

# Two articles are taken for the same one under another number from this share of common pairs of characters on.
ALIKE = 0.75

_DAY = r"(?P<year>[0-9]{4})\s*年\s*(?P<month>[0-9]{1,2})\s*月\s*(?P<day>[0-9]{1,2})\s*日"
_IN_FORCE = re.compile(rf"自\s*{_DAY}\s*起(?:正式)?(?:施行|实施|生效|执行)")
_AT_ONCE = re.compile(r"自(?:公布|发布|通过|颁布|印发)之日起(?:正式)?(?:施行|实施|生效|执行)")
_TITLES = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》(?P<after>第|中|的?第)?")
_LETTERS = re.compile(r"[\W_]+")


def text_digest(articles: Iterable[PlainArticle]) -> str:
    """SHA-256 of the letters and figures alone: layout and marks differ between prints of one and the same text."""
    total = hashlib.sha256()
    for article in articles:
        total.update(f"{article.number}.{article.sub}:{_LETTERS.sub('', article.text)}\n".encode())
    return total.hexdigest()


def in_force_from(articles: Sequence[PlainArticle], issued_on: date | None) -> date | None:
    """The day the text itself names for its coming into force, or None.

    A revised text may still print the day of the first version: a day before `issued_on` is not this version's.
    """
    for article in reversed(articles[-3:]):
        if found := _IN_FORCE.search(article.text):
            named = read_day(found)
            return named if named and (issued_on is None or named >= issued_on) else None
        if _AT_ONCE.search(article.text) and len(article.text) < 120:
            return issued_on
    return None


def read_day(found: re.Match[str]) -> date | None:
    """The day of a match with year, month and day; None if there is no such day."""
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def repealed_titles(text: str) -> list[str]:
    """The normal titles a text repeals as a whole (《…》同时废止); single articles and decisions about them are not meant."""
    found: list[str] = []
    for sentence in re.split(r"[。；]", text):
        if "同时废止" in sentence or "即行废止" in sentence:
            found += [normal_title(m[1]) for m in _TITLES.finditer(sentence) if not m["after"]]
    return found


def ends(versions: Sequence[Law]) -> dict[int, date | None]:
    """The last day of each version of one work, by its place in the sequence: the day before the next comes into force.

    A version that came into force later than the next one was made ends with it as well. The last one stays open.
    """
    order = sorted(
        range(len(versions)), key=lambda i: (versions[i].since or date.min, versions[i].issued_on or date.min)
    )
    found: dict[int, date | None] = dict.fromkeys(range(len(versions)))
    for earlier, later in pairwise(order):
        begins = versions[later].since
        found[earlier] = begins - timedelta(days=1) if begins else None
    return found


def renumbered(old: Sequence[PlainArticle], new: Sequence[PlainArticle]) -> list[tuple[int, int]]:
    """Which article of the old text is which of the new, where the number changed: pairs of places in the sequences.

    Equal texts first, then the most alike of those left over, each at most once and never against the order of the law.
    """
    pairs = _equal(old, new)
    left = [i for i in range(len(old)) if i not in pairs]
    taken = set(pairs.values())
    free = {j: _pairs(new[j].text) for j in range(len(new)) if j not in taken}
    for i in left:
        best = _most_alike(_pairs(old[i].text), free)
        if best is not None and _in_order(pairs, i, best):
            pairs[i] = best
            del free[best]
    return sorted((i, j) for i, j in pairs.items() if _key(old[i]) != _key(new[j]) and old[i].number and new[j].number)


def _equal(old: Sequence[PlainArticle], new: Sequence[PlainArticle]) -> dict[int, int]:
    texts = [[_LETTERS.sub("", a.text) for a in side] for side in (old, new)]
    counts = [Counter(side) for side in texts]
    places = {text: j for j, text in enumerate(texts[1])}
    return {
        i: places[text] for i, text in enumerate(texts[0])
        if text and counts[0][text] == 1 and counts[1][text] == 1
    }  # fmt: skip


def _pairs(text: str) -> frozenset[str]:
    letters = _LETTERS.sub("", text)
    return frozenset(a + b for a, b in pairwise(letters))


def _most_alike(mine: frozenset[str], others: Mapping[int, frozenset[str]]) -> int | None:
    def share(j: int) -> float:
        return len(mine & others[j]) / max(1, len(mine | others[j]))

    best = max(others, key=share, default=None)
    return best if best is not None and share(best) >= ALIKE else None


def _in_order(pairs: Mapping[int, int], i: int, j: int) -> bool:
    return all((i < k) == (j < m) for k, m in pairs.items())


def _key(article: PlainArticle) -> tuple[int, int]:
    return article.number, article.sub
