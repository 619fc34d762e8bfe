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
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "indicator"], name="measured_once")]

    def __str__(self) -> str:
        return f"{self.indicator} in {self.run_id}"
