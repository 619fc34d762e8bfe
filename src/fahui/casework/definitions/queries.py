"""Published versions, as definitions."""

from __future__ import annotations

import functools

from fahui.casework.definitions.loader import digest_of, service
from fahui.casework.definitions.models import ServiceVersion
from fahui.casework.definitions.schema import Definition


@functools.lru_cache(maxsize=256)
def definition_of(version_id: int) -> Definition:
    """The definition of a published version. Versions never change, so they are kept in memory."""
    return Definition.model_validate(ServiceVersion.objects.get(pk=version_id).definition)


@functools.lru_cache(maxsize=64)
def _version_id(service_id: str, version: str, digest: str) -> int:
    return ServiceVersion.objects.values_list("pk", flat=True).get(service=service_id, version=version, digest=digest)


def current_version_id(service_id: str) -> int:
    """The version new cases of a service start with: the one in its folder, which must be published."""
    definition = service(service_id).definition
    return _version_id(service_id, definition.version, _digest(service_id))


@functools.cache
def _digest(service_id: str) -> str:
    return digest_of(service(service_id).definition)
