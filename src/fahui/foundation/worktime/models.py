"""The working calendar as data: official days, and the bureau's own."""

from __future__ import annotations

from django.db import models


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday on a weekday, or a make-up workday on a weekend."""

    KINDS = [("holiday", "节假日"), ("workday", "调休上班")]

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=8, choices=KINDS)
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class CalendarYear(models.Model):
    """A year whose arrangement is known. Outside these years the calendar refuses to count working days."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)
    confirmed_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)
