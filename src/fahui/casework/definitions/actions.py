"""Publishing service definitions: immutable, hashed versions."""

from __future__ import annotations

from django.db import transaction

from fahui.casework.definitions.checks import problems
from fahui.casework.definitions.loader import BadDefinition, Service, digest_of, services
from fahui.casework.definitions.models import ServiceVersion
from fahui.foundation import clock
from fahui.foundation.accounts.scope import SYSTEM
from fahui.foundation.audit.actions import Entry, append


@transaction.atomic
def publish(service: Service) -> ServiceVersion:
    """Publish the folder's version if it is not published yet.

    Raises BadDefinition when a static check fails, or when the same version number was published with other content.
    """
    definition = service.definition
    digest = digest_of(definition)
    known = ServiceVersion.objects.filter(service=definition.id, version=definition.version).first()
    if known:
        if known.digest != digest:
            raise BadDefinition(
                f"{definition.id} {definition.version} is already published with other content. "
                "A published version never changes: raise the version number."
            )
        return known
    found = problems(service)
    if found:
        raise BadDefinition("\n".join(found))
    published = ServiceVersion.objects.create(
        service=definition.id, version=definition.version, digest=digest,
        definition=definition.model_dump(mode="json", by_alias=True), published_at=clock.now(),
    )  # fmt: skip
    append(SYSTEM, Entry("service.published", about=f"service:{definition.id}", data={"version": definition.version}))
    return published


def publish_all() -> list[ServiceVersion]:
    """Publish every service folder."""
    return [publish(service) for service in services().values()]
