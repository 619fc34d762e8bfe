"""Making the index anew from the law store."""

from __future__ import annotations

from fahui.knowledge.laws.queries import passages
from fahui.knowledge.search.index import rebuild


def index_laws() -> int:
    """Index every article of the store, of every version, so that a question can be asked as of a day.

    Returns how many articles the index holds. What was indexed already is not done again.
    """
    return rebuild(passages()).passages
