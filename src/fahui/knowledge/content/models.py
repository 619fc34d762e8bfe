"""Curated answers. What they say of law is in their citations; the words around them are the editors'."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class CuratedAnswer(models.Model):
    """One everyday question with its answer, reviewed by somebody else than its writer before residents read it."""

    STATES = [("draft", "草稿"), ("review", "待审"), ("published", "已发布"), ("expired", "已停用")]

    slug = models.SlugField(max_length=60, unique=True)
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    topic = models.CharField(max_length=20)
    question_zh = models.CharField(max_length=120)
    question_en = models.CharField(max_length=200)
    asks = models.JSONField(
        default=list, help_text="Groups of words; a question fits that has one word of every group."
    )
    unless = models.JSONField(default=list, help_text="Words with which it does not fit.")
    answer_zh = models.CharField(max_length=160)
    answer_en = models.CharField(max_length=400)
    steps_zh = models.JSONField(default=list)
    steps_en = models.JSONField(default=list)
    citations = models.JSONField(default=list)
    region_code = models.BigIntegerField(null=True, blank=True, help_text="Where it holds; empty: everywhere.")
    owner = models.CharField(max_length=60)
    review_by = models.DateField(help_text="The last day on which it is shown without another review.")
    revision = models.PositiveIntegerField(default=1)
    shipped = models.CharField(max_length=64, blank=True, help_text="Digest of the shipped text it was loaded from.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "knowledge"
        indexes = [models.Index(fields=["state", "id"], name="curated_state")]

    def __str__(self) -> str:
        return self.question_zh
