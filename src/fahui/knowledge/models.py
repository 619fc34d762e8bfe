"""The tables of this floor, gathered from its rooms for Django."""

from fahui.knowledge.answers.models import AskedQuestion, TopicSwitch
from fahui.knowledge.content.models import CuratedAnswer, Reference
from fahui.knowledge.laws.models import Article, ArticleLink, LawAlias, LawImport, LawVersion, LawWork
from fahui.knowledge.proof.models import ProofReport
from fahui.knowledge.search.models import SearchColumn, SearchIndex, SearchTerm

__all__ = [
    "Article", "ArticleLink", "AskedQuestion", "CuratedAnswer", "LawAlias", "LawImport", "LawVersion", "LawWork", "ProofReport", "Reference",
    "SearchColumn", "SearchIndex", "SearchTerm", "TopicSwitch",
]  # fmt: skip
