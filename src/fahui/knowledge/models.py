"""The tables of this floor, gathered from its rooms for Django."""

from fahui.knowledge.laws.models import Article, ArticleLink, LawAlias, LawImport, LawVersion, LawWork

__all__ = ["Article", "ArticleLink", "LawAlias", "LawImport", "LawVersion", "LawWork"]
