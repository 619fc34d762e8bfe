"""Entries of registers, and how each came to say what it says."""

from __future__ import annotations

from django.db import models

from fahui.foundation.identifiers import new_id
from fahui.foundation.models import Institution, Practitioner, Site


class Entry(models.Model):
    """One line of a register. What counts in figures has a column; personal data does not belong here."""

    STATES = [("entered", "已登记"), ("verified", "已复核"), ("returned", "退回更正"), ("void", "已作废")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    register = models.CharField(max_length=40)
    # The bureau's own number of the entry: imports find it again by this.
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    region_code = models.BigIntegerField()
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="entries")
    practitioner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="entries")
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="entries")
    category = models.CharField(max_length=40, blank=True)
    grade = models.CharField(max_length=40, blank=True)
    begins = models.DateField()
    ends = models.DateField(null=True)
    # A number, or a number of so many: 350 of 500 asked knew the hotline.
    part = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    whole = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    amount_fen = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=STATES, default="entered")
    entered_by = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    verified_by = models.BigIntegerField(null=True)
    verified_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "台账记录"
        constraints = [models.UniqueConstraint(fields=["register", "code"], name="entry_code")]
        indexes = [
            # A register's page, newest first, for a place.
            models.Index(fields=["register", "-begins", "-id"], name="entry_newest"),
            models.Index(fields=["register", "region_code"], name="entry_place"),
            # What changed since the lake was last filled.
            models.Index(fields=["changed_at"], name="entry_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.code}"


class Correction(models.Model):
    """What an entry or activity said before it was corrected, who changed it and why."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    about = models.CharField(max_length=40)  # "entry:<id>", "activity:<id>"
    revision = models.PositiveIntegerField()
    # The values before: plain ones, by column.
    before = models.JSONField()
    reason = models.CharField(max_length=200)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "revision"], name="correction_once")]

    def __str__(self) -> str:
        return f"{self.about} before {self.revision}"
