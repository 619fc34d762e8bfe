"""The law store: works, their versions, articles, and which article became which. Texts are public: no row security."""

from __future__ import annotations

from django.db import models

from fahui.knowledge.laws.texts import Law, PlainArticle, label
from fahui.knowledge.laws.titles import short_title


class LawWork(models.Model):
    """A law through all its versions."""

    RANKS = [
        ("constitution", "宪法"), ("law", "法律"), ("npc_interpretation", "立法解释"), ("npc_decision", "法律问题的决定"),
        ("amendment", "修正案"), ("regulation", "行政法规"), ("judicial", "司法解释"), ("department", "部门规章"),
        ("local", "地方性法规"), ("local_government", "地方政府规章"), ("other", "其他规范性文件"),
    ]  # fmt: skip

    title = models.CharField(max_length=300, help_text="As the newest version prints it.")
    key = models.CharField(max_length=300, unique=True, help_text="The title as titles are compared.")
    rank = models.CharField(max_length=20, choices=RANKS)
    issuer = models.CharField(max_length=200, blank=True)
    region_code = models.BigIntegerField(null=True, help_text="Where a local law applies.")

    class Meta:
        app_label = "knowledge"
        indexes = [models.Index(fields=["rank", "id"], name="law_rank")]

    def __str__(self) -> str:
        return self.title

    @property
    def short(self) -> str:
        """The title as people say it."""
        return short_title(self.title)


class LawAlias(models.Model):
    """Another way to name a work: 民诉法. A name that means several works leads to none."""

    work = models.ForeignKey(LawWork, on_delete=models.CASCADE, related_name="aliases")
    key = models.CharField(max_length=300, db_index=True)

    class Meta:
        app_label = "knowledge"
        constraints = [models.UniqueConstraint(fields=["work", "key"], name="law_alias_once")]

    def __str__(self) -> str:
        return self.key


class LawVersion(models.Model):
    """A work as it was made on a day, and when that text is in force (both days included; none: open)."""

    STANDINGS = [("current", "现行有效"), ("superseded", "已被修订"), ("repealed", "已废止"), ("amended", "已被修改"),
                 ("doubted", "来源标为已废止，待核")]  # fmt: skip

    work = models.ForeignKey(LawWork, on_delete=models.CASCADE, related_name="versions")
    title = models.CharField(max_length=300)
    issued_on = models.DateField(null=True)
    in_force_from = models.DateField(null=True)
    stated = models.BooleanField(help_text="Whether the source states the day; else it is the day it was made.")
    in_force_to = models.DateField(null=True, help_text="Told from all versions and repeals (actions.settle).")
    said_to = models.DateField(null=True, help_text="The last day, where the source itself states one.")
    standing = models.CharField(max_length=12, choices=STANDINGS, help_text="As the source says; doubted where there is reason to.")
    ended_by = models.CharField(max_length=300, blank=True, help_text="The law that repealed it, in its own words.")
    document_number = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="Of letters and figures (rules.text_digest).")
    imported_at = models.DateTimeField()

    class Meta:
        app_label = "knowledge"
        constraints = [
            models.UniqueConstraint(fields=["work", "issued_on"], nulls_distinct=False, name="law_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.issued_on or ''}".strip()

    @property
    def doubted(self) -> bool:
        """Shown as in force although its source calls it repealed (`texts.Standing`); whoever reads it must be told."""
        return self.standing == "doubted" and self.in_force_to is None

    def plain(self) -> Law:
        """As a value. Costs a query if `work` was not read with it."""
        return Law(
            self.title, self.work.issuer, self.issued_on, self.in_force_from, self.in_force_to,
            self.standing, self.stated, self.pk, self.work_id,  # type: ignore[arg-type] # one of STANDINGS
        )  # fmt: skip


class Article(models.Model):
    """One article of a version, its text byte for byte as imported."""

    version = models.ForeignKey(LawVersion, on_delete=models.CASCADE, related_name="articles", db_index=False)
    position = models.PositiveIntegerField(help_text="Order in the text, from 1.")
    number = models.PositiveSmallIntegerField(help_text="0 where the text has no 条.")
    sub = models.PositiveSmallIntegerField(default=0, help_text="The number after 之.")
    printed = models.CharField(max_length=40, help_text="第二百九十条之一, as the source prints it.")
    chapter = models.JSONField(default=list, help_text="编, 章, 节 from the outermost inwards.")
    text = models.TextField()

    class Meta:
        app_label = "knowledge"
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="article_position")]
        indexes = [models.Index(fields=["version", "number", "sub"], name="article_number")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """第二百九十条之一."""
        return label(self.number, self.sub) or self.printed

    def plain(self) -> PlainArticle:
        """As a value."""
        return PlainArticle(self.number, self.sub, self.printed, tuple(self.chapter), self.text, self.pk)


class ArticleLink(models.Model):
    """An article that has another number in the next version: found by its words (rules.renumbered)."""

    earlier = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="later_links")
    later = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="earlier_links")

    class Meta:
        app_label = "knowledge"
        constraints = [models.UniqueConstraint(fields=["earlier", "later"], name="article_link_once")]

    def __str__(self) -> str:
        return f"{self.earlier_id} → {self.later_id}"


class LawImport(models.Model):
    """An import under way or done: how far it is, and what became of it."""

    STATES = [("running", "导入中"), ("done", "已导入"), ("failed", "导入失败")]

    source = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=STATES, default="running")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "knowledge"
        indexes = [models.Index(fields=["-id"], name="law_import_newest")]

    def __str__(self) -> str:
        return f"{self.source} {self.state}"
