"""What was measured and when: a run over a city's indicators, and the numbers each gave."""

from __future__ import annotations

from django.db import models

from fahui.foundation.identifiers import new_id


class Run(models.Model):
    """One measuring of all indicators as of a day. A run that is done is never changed: reports stand on it."""

    STATES = [("running", "正在测量"), ("done", "已完成"), ("failed", "没有完成")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    as_of = models.DateField()
    engine = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=STATES, default="running")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # As of when the records stood that were counted.
    records_at = models.DateTimeField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-as_of", "-began_at"], name="run_newest")]

    def __str__(self) -> str:
        return f"{self.as_of} {self.state}"


class Measured(models.Model):
    """The numbers of one indicator in a run, and the definition they were counted by."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="measured")
    indicator = models.CharField(max_length=40)
    definition = models.JSONField()
    # {period number: {township code: [upper, lower or null]}}
    cells = models.JSONField()
    # [{number, first, last, whole}]
    periods = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "indicator"], name="measured_once")]

    def __str__(self) -> str:
        return f"{self.indicator} in {self.run_id}"


class Report(models.Model):
    """A report that was issued: made from one run that no longer changes, and kept as it went out.

    A correction is a new version with its reason; the old one stays, and the new one says what changed (修订表).
    """

    KINDS = [("assessment", "考核报告"), ("scorecard", "县（市、区）评分表"), ("evidence", "逐条依据清单")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=12, choices=KINDS)
    region_code = models.BigIntegerField()
    as_of = models.DateField()
    version = models.PositiveSmallIntegerField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="reports")
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    reason = models.CharField(max_length=200, blank=True)
    # Digests of the kept files.
    word = models.CharField(max_length=64)
    excel = models.CharField(max_length=64)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "region_code", "as_of", "version"], name="report_version")
        ]
        indexes = [models.Index(fields=["region_code", "-made_at"], name="report_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of} v{self.version}"


class Edition(models.Model):
    """An edition of open data: what the bureau chose to publish of one run, frozen as it went out.

    What is wrong in it is put right by the next edition, which says what changed; or it is withdrawn, with a reason. PostgreSQL itself
    refuses any other change (migration 0004).
    """

    id = models.BigIntegerField(primary_key=True, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    as_of = models.DateField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="editions")
    # What the bureau says about it, and why it corrects the one before.
    note = models.CharField(max_length=400)
    reason = models.CharField(max_length=400, blank=True)
    # The figures with their definitions (insight.opendata.content.Content), and the digest of exactly these.
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.BigIntegerField(null=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_reason="")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_reason="")),
                name="edition_withdrawn_with_reason",
            )
        ]

    def __str__(self) -> str:
        return f"open data {self.number}"


class IndicatorVersion(models.Model):
    """An indicator as the bureau set it: drafted, tried on the last quarter, approved by a second person, in force from a day.

    What a version said never changes once it is approved; the next one ends it.
    """

    STATES = [
        ("draft", "草稿"),
        ("trying", "试算中"),
        ("tried", "已试算"),
        ("approved", "已生效"),
        ("rejected", "已退回"),
    ]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    indicator = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    body = models.JSONField()
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    # {as_of, before: {value, upper, lower, status}, after: {…}}, or {error}
    trial = models.JSONField(default=dict)
    in_force_from = models.DateField()
    author = models.BigIntegerField()
    made_at = models.DateTimeField()
    approver = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "version"], name="indicator_version_once")]
        indexes = [models.Index(fields=["state", "-made_at"], name="indicator_version_newest")]

    def __str__(self) -> str:
        return f"{self.indicator} v{self.version}"


class NilReturn(models.Model):
    """A keeper's word that a place had nothing to report for a period (本期无). A record that comes later outranks it."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    # The key of the return (standards.returns.rules.Return).
    what = models.TextField()
    region_code = models.BigIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    declared_by = models.BigIntegerField(null=True)
    declared_at = models.DateTimeField()
    withdrawn_by = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what", "region_code", "first_day", "last_day"], name="nil_return_once",
                                    condition=models.Q(withdrawn_at=None))
        ]  # fmt: skip
        indexes = [models.Index(fields=["region_code", "-last_day"], name="nil_return_place")]

    def __str__(self) -> str:
        return f"{self.what} {self.region_code} {self.last_day}"


class Reported(models.Model):
    """That a place had a record of a kind in a month, as of a night: what the pages read instead of every record. Records that
    changed since are looked at themselves."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    # entry, held (an entry that holds for a while), activity or taking.
    fact = models.CharField(max_length=10)
    name = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    region_code = models.BigIntegerField()
    # The first days of the first and the last month; without a last one it still holds.
    first_month = models.DateField()
    last_month = models.DateField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region_code", "fact", "name"], name="reported_place")]

    def __str__(self) -> str:
        return f"{self.fact} {self.name} {self.region_code} {self.first_month}"


class OwedNotice(models.Model):
    """That the keepers were told, once, that a return of a period is owed."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    what = models.TextField()
    first_day = models.DateField()
    last_day = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "first_day", "last_day"], name="owed_notice_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.last_day}"
