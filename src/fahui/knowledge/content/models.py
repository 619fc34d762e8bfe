"""What the bureau's editors write. What it says of law is in its citations; the words around them are the editors'."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Reviewed(models.Model):
    """Something that somebody else than its writer reviews before anybody reads it."""

    STATES = [("draft", "草稿"), ("review", "待审"), ("published", "已发布"), ("expired", "已停用")]

    slug = models.SlugField(max_length=60, unique=True)
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    topic = models.CharField(max_length=20)
    citations = models.JSONField(default=list)
    region_code = models.BigIntegerField(null=True, blank=True, help_text="Where it holds; empty: everywhere.")
    owner = models.CharField(max_length=60)
    source = models.CharField(max_length=120, blank=True, help_text="Where it comes from, beside its articles.")
    review_by = models.DateField(help_text="The last day on which it is shown without another review.")
    revision = models.PositiveIntegerField(default=1)
    shipped = models.CharField(max_length=64, blank=True, help_text="Digest of the shipped text it was loaded from.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class CuratedAnswer(Reviewed):
    """One everyday question with its answer, reviewed by somebody else than its writer before residents read it."""

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

    class Meta:
        app_label = "knowledge"
        indexes = [models.Index(fields=["state", "id"], name="curated_state")]

    def __str__(self) -> str:
        return self.question_zh


class Reference(Reviewed):
    """What is looked up beside a matter: a precedent (what happened, what was held) or an agent's script (what to say).

    A precedent names its court or issuer, its number and its day, as its source prints them.
    """

    KINDS = [("precedent", "案例"), ("script", "话术")]

    kind = models.CharField(max_length=10, choices=KINDS)
    title = models.CharField(max_length=120, help_text="Of a precedent; for a script, the kind of call.")
    title_en = models.CharField(max_length=200, blank=True)
    facts = models.TextField(blank=True, help_text="Precedents: what happened.")
    lines = models.JSONField(default=list, help_text="What was held, or what to say, line by line.")
    issuer = models.CharField(max_length=80, blank=True, help_text="The court or office it is from.")
    number = models.CharField(max_length=80, blank=True, help_text="（2023）川11民终5号, 指导案例24号")
    decided_on = models.DateField(null=True)

    class Meta:
        app_label = "knowledge"
        indexes = [
            models.Index(fields=["kind", "state", "id"], name="reference_state"),
        ]

    def __str__(self) -> str:
        return self.title
