"""Published service versions: immutable and hashed."""

from __future__ import annotations

from django.db import models


class ServiceVersion(models.Model):
    """One published version of a service definition. A trigger refuses changes; a case pins the version it began with."""

    id = models.BigAutoField(primary_key=True)
    service = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    definition = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "version"], name="service_version_once")]

    def __str__(self) -> str:
        return f"{self.service} {self.version}"
