"""The search index in PostgreSQL: who holds a term and what it is worth there."""

from __future__ import annotations

from django.db import models


class SearchIndex(models.Model):
    """One build of the index. The newest ready one answers; a build under way disturbs nobody."""

    made_at = models.DateTimeField(auto_now_add=True)
    ready = models.BooleanField(default=False)
    passages = models.IntegerField(default=0, help_text="How many articles it holds.")
    digest = models.CharField(
        max_length=64, default="", help_text="SHA-256 of what was indexed and of the shipped data."
    )
    laws = models.JSONField(default=list, help_text="Titles of the laws, in the order the columns number them.")

    class Meta:
        app_label = "knowledge"
        indexes = [models.Index(fields=["ready", "-id"], name="knowledge_index_ready")]


class SearchTerm(models.Model):
    """A term in one field: the passages (or laws, or chapters) that hold it, ascending, and its worth in each."""

    index = models.ForeignKey(SearchIndex, on_delete=models.CASCADE, related_name="terms", db_index=False)
    kind = models.CharField(max_length=2, help_text="Field and way of cutting, such as bp: body, pairs.")
    term = models.CharField(max_length=64)
    units = models.BinaryField(help_text="int32, little endian.")
    weights = models.BinaryField(help_text="float16, little endian; BM25.")

    class Meta:
        app_label = "knowledge"
        constraints = [models.UniqueConstraint(fields=["index", "kind", "term"], name="knowledge_term_once")]


class SearchColumn(models.Model):
    """One fact about every passage, in the order of the passages: its law, its chapter, its length, …"""

    index = models.ForeignKey(SearchIndex, on_delete=models.CASCADE, related_name="columns", db_index=False)
    name = models.CharField(max_length=24)
    data = models.BinaryField(help_text="int32 or float32 by name, little endian.")

    class Meta:
        app_label = "knowledge"
        constraints = [models.UniqueConstraint(fields=["index", "name"], name="knowledge_column_once")]
