"""What was asked and what was answered, for review. No name, phone or identity number is in it (`rules.masked`)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fahui.knowledge.content.models import CuratedAnswer


class AskedQuestion(models.Model):
    """One question as it was answered. Row security shows it to staff only."""

    KINDS = [("answer", "已回答"), ("alarm", "报警"), ("declined", "没有可靠依据"), ("off", "已关机器回答")]
    RATINGS = [("useful", "有用"), ("not_useful", "没用")]
    REASONS = [("unclear", "看不懂"), ("wrong_matter", "不是我问的事"), ("incomplete", "不完整"), ("wrong", "说得不对"),
               ("other", "其他原因")]  # fmt: skip

    token = models.CharField(max_length=32, unique=True, help_text="What whoever asked rates it by.")
    asked_at = models.DateTimeField()
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    region_code = models.BigIntegerField(null=True)
    question = models.TextField()
    kind = models.CharField(max_length=10, choices=KINDS)
    danger = models.CharField(max_length=20, blank=True)
    topic = models.CharField(max_length=20)
    curated = models.ForeignKey(CuratedAnswer, models.SET_NULL, null=True, related_name="uses")
    curated_revision = models.PositiveIntegerField(null=True)
    composer = models.CharField(max_length=20, blank=True)
    answer = models.TextField(blank=True)
    articles = models.JSONField(default=list, help_text="Keys of the articles shown, in order.")
    rating = models.CharField(max_length=12, choices=RATINGS, blank=True)
    reason = models.CharField(max_length=20, choices=REASONS, blank=True)
    rated_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="When whoever answers for the answer heard that it did not help.")

    class Meta:
        app_label = "knowledge"
        indexes = [
            models.Index(fields=["-id"], name="asked_newest"),
            models.Index(fields=["curated", "rating"], name="asked_rating"),
            models.Index(fields=["id"], name="asked_untold", condition=models.Q(rating="not_useful", told_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d}"


class TopicSwitch(models.Model):
    """Whether the machine answers questions of a topic or kind, in a place. Without a row it does; who switched, and why, stays."""

    subject = models.CharField(max_length=20, help_text="Id of a topic or kind in data/topics.yaml.")
    region_code = models.BigIntegerField(null=True, help_text="Where it holds; empty: everywhere.")
    off = models.BooleanField()
    reason = models.CharField(max_length=200)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "knowledge"
        constraints = [
            models.UniqueConstraint(fields=["subject", "region_code"], name="switch_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {'off' if self.off else 'on'}"
