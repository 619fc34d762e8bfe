"""Regions: the 12-digit statistical code is the key and the path."""

from __future__ import annotations

from django.db import models


class Region(models.Model):
    """One administrative division, province to village. A jurisdiction is the numeric range of its code."""

    code = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField()  # 1 province, 2 city, 3 county, 4 township, 5 village
    # Empty where the source does not say.
    urban_rural = models.CharField(max_length=5, blank=True, choices=[("urban", "城镇"), ("rural", "乡村")])
    ethnic_autonomous = models.BooleanField(default=False)
    population = models.PositiveIntegerField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    # The code this place had before it was renamed or moved.
    former_code = models.BigIntegerField(null=True, db_index=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "code"], name="region_level_code")]

    def __str__(self) -> str:
        return self.name
