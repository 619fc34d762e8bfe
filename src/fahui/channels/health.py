"""Whether it lives, whether it is ready, and its figures."""

from __future__ import annotations

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from fahui.channels import metrics as figures
from fahui.foundation import clock, queue
from fahui.foundation.worktime.queries import uncovered_soon
from fahui.knowledge.laws.queries import last_import


@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and has all migrations' tables; 503 with what is wrong otherwise.

    A worker that is away is a note, not a 503: the pages go on answering without it.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT service) FROM casework_serviceversion")
            services = cursor.fetchone()[0]
            cursor.execute("SELECT count(*) FROM casework_outgoing WHERE status = 'waiting'")
            outbox = cursor.fetchone()[0]
        jobs = queue.state()
        missing = uncovered_soon(clock.today())
        laws = last_import()
    except DatabaseError as error:
        return JsonResponse({"ready": False, "database": type(error).__name__}, status=503)
    notes = [f"working calendar of {missing} is not loaded"] if missing else []
    notes += jobs.wrong
    if laws is None:
        notes.append("no laws are imported yet")
    elif laws.state != "done":
        notes.append(f"laws from {laws.source}: import {laws.state}, {laws.done} of {laws.total or '?'} {laws.message}".rstrip())
    body = {
        "ready": bool(services), "services": services, "workers": jobs.workers, "jobs_waiting": jobs.waiting,
        "oldest_job_seconds": jobs.oldest, "jobs_failed": sum(jobs.failed.values()), "outbox_waiting": outbox, "notes": notes,
    }  # fmt: skip
    return JsonResponse(body, status=200 if services else 503)


@transaction.non_atomic_requests
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text format."""
    return HttpResponse(figures.text(), content_type=CONTENT_TYPE_LATEST)
