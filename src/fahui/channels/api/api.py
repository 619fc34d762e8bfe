"""The public API. Thin: it checks shapes, calls the same actions and queries as the pages, and answers in JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Annotated, Any, Literal

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import File, Form, Header, NinjaAPI, Path, Query, UploadedFile
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter

from fahui.casework.cases import queries
from fahui.casework.cases.actions import Opening, open_case, perform, repeated
from fahui.casework.cases.available import offers
from fahui.casework.cases.models import Case
from fahui.casework.companions.actions import hand_in
from fahui.casework.deadlines.queries import running
from fahui.casework.definitions.loader import services
from fahui.casework.definitions.queries import definition_of
from fahui.casework.openings.actions import note_opening
from fahui.casework.worklists.queries import Filter, plain
from fahui.channels import limits
from fahui.channels.api import ask, directory, find, indicators, laws, registers, returns, search
from fahui.channels.api import open as open_data
from fahui.channels.api import schemas as s
from fahui.channels.api.tracking import tracked
from fahui.channels.pages import reader_of
from fahui.foundation.accounts.scope import reading_as
from fahui.foundation.errors import Forbidden, Invalid, Missing, Refusal
from fahui.foundation.people.actions import Person
from fahui.foundation.prelude import until_commit
from fahui.foundation.regions.queries import within

PAGE = 50
# What the API says of a case wherever it stands.
_PLAIN = ("id", "tracking_number", "service", "matter", "title", "state", "open", "outcome", "region_code", "channel",
          "flags", "priority", "sealed", "revision", "opened_at", "changed_at", "closed_at", "next_due")  # fmt: skip


_RETRY_AFTER = {"description": "Seconds until trying again may help.", "schema": {"type": "integer", "minimum": 1}}


class Key(HttpBearer):
    """A machine's key (`fh_…`), made by an administrator, with the posts of its account and its own operations."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The reader the middleware found behind the key, or None."""
        reader = reader_of(request)
        return reader if reader.kind == "staff" and reader.operations is not None else None


class FahuiAPI(NinjaAPI):
    """Says in its OpenAPI that problems are `application/problem+json`, and that every body may be too large."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """The OpenAPI document."""
        schema = super().get_openapi_schema(**kwargs)
        for path in schema["paths"].values():
            for operation in path.values():
                if "requestBody" in operation and 413 not in operation["responses"]:
                    refused = {"schema": {"$ref": "#/components/schemas/Problem"}}
                    operation["responses"][413] = {"description": "Content Too Large", "content": {"application/json": refused}}
                for status, response in operation["responses"].items():
                    if int(status) == 429:
                        response["headers"] = {"Retry-After": _RETRY_AFTER}
                    if int(status) >= 400 and "application/json" in response.get("content", {}):
                        response["content"]["application/problem+json"] = response["content"].pop("application/json")
        return schema


api = FahuiAPI(
    title="Fahui 法惠", version="1", openapi_url="/openapi.json", docs_url=None, auth=Key(),
    description="Public legal services of one city. Errors are RFC 9457 problem details; times are ISO 8601 with "
    "zone; lists are keyset pages. Repeat a request safely with the same Idempotency-Key.",
)  # fmt: skip
api.add_router("", laws.router)
api.add_router("/search", search.router)
api.add_router("", ask.router)
api.add_router("", directory.router)
api.add_router("", find.router)
api.add_router("", indicators.router)
api.add_router("", open_data.router)
api.add_router("", registers.router)
api.add_router("", returns.router)

ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422), s.Problem)
OPEN_ERRORS: dict[int, Any] = dict.fromkeys((400, 404, 422), s.Problem)
CaseId = Annotated[s.CaseId, Path()]
IdempotencyKey = Annotated[str, StringConstraints(max_length=80, pattern=r"^[\x21-\x7e]*$")]
KEY_HEADER: Any = Header("", alias="Idempotency-Key")
Cursor = Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9_-]*$")]
After = Annotated[int, Field(ge=0, le=9_223_372_036_854_775_807)]


class TooLarge(Refusal):
    """The request is larger than this installation takes."""

    status = 413
    code = "too_large"


def scoped(operation: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Announce the reader to the database; refuse a key without this operation."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            reader = reader_of(request)
            if operation and operation not in (reader.operations or frozenset()):
                raise Forbidden(_("这个接口钥匙没有 %(operation)s 权限。") % {"operation": operation})
            with reading_as(reader), until_commit():
                return view(request, *args, **kwargs)

        return wrapped

    return decorate


@api.post("/cases", response={201: s.CaseOut, **ERRORS}, tags=["cases"], summary="Open a case")
@scoped("cases:write")
def open_one(request: HttpRequest, body: s.CaseIn, idempotency_key: IdempotencyKey = KEY_HEADER) -> Any:
    """Open a case. The same Idempotency-Key with the same body returns the first answer; with another body, 409."""
    asking = body.applicant
    person = Person(**{**asking.model_dump(), "groups": tuple(asking.groups)}) if asking else None
    case = open_case(reader_of(request), Opening(
        service=body.service, matter=body.matter, channel="api", region_code=body.region_code, title=body.title,
        person=person, details=body.details, key=idempotency_key,
    ))  # fmt: skip
    return _answer(_case(case), 201)


@api.get("/cases", response={200: s.CasePage, **ERRORS}, tags=["cases"], summary="Cases in reach")
@scoped("cases:read")
def list_cases(
    request: HttpRequest, cursor: Cursor = Query(""),
    service: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_]*$")] = Query(""),
    state: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_]*$")] = Query(""),
    open_only: bool = Query(False), order: Literal["newest", "due"] = Query("newest"),
) -> Any:  # fmt: skip
    """A keyset page of the cases this key's posts reach: newest first, or (`order=due`) open ones by what is due first."""
    wanted = Filter(service=service, state=state, open_only=open_only)
    page = plain(reader_of(request), wanted, cursor, PAGE, order, (*_PLAIN, "version_id"))
    for row in page.rows:
        row["state_name"] = definition_of(row.pop("version_id")).state(row["state"]).name.text()
    return _answer(s.CasePage.model_validate({"items": page.rows, "next": page.following}))


@api.get("/cases/{case_id}", response={200: s.CaseDetailOut, **ERRORS}, tags=["cases"], summary="One case")
@scoped("cases:read")
def read_case(request: HttpRequest, case_id: CaseId) -> Any:
    """One case with its answers, clocks and actions. 404 also for a case out of reach. Reading a sealed one is recorded."""
    return _answer(_detail(request, queries.get(reader_of(request), case_id)))


@api.post(
    "/cases/{case_id}/actions/{action}", response={200: s.CaseDetailOut, **ERRORS}, tags=["cases"],
    summary="Do an action on a case",
)  # fmt: skip
@scoped("cases:write")
def act(
    request: HttpRequest, case_id: CaseId, action: Annotated[s.Slug, Path()], body: s.ActionIn,
    idempotency_key: IdempotencyKey = KEY_HEADER,
) -> Any:  # fmt: skip
    """Do an action. 409 when the state, a guard or the revision does not allow it, with the reason."""
    reader = reader_of(request)
    case = perform(reader, case_id, action, body.payload, expected_revision=body.revision, key=idempotency_key)
    if not queries.still_sees(reader, case):
        raise Missing(_("没有找到这件事，或者您没有查看的权限。"))
    return _answer(_detail(request, case))


@api.post(
    "/cases/{case_id}/papers", response={201: s.PaperOut, **ERRORS, 413: s.Problem}, tags=["cases"],
    summary="Hand in a paper",
)  # fmt: skip
@scoped("cases:write")
def hand_in_one(
    request: HttpRequest, case_id: CaseId, material: s.Slug = Form(...), file: UploadedFile = File(...),
    idempotency_key: IdempotencyKey = KEY_HEADER,
) -> Any:  # fmt: skip
    """Add a paper (picture, PDF, Word, Excel, sound, video) to a case that is open. The type is told by its content.
    413 when it is too large, 422 when it is empty or of another type."""
    if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        raise TooLarge(_("文件太大，最多%(limit)s兆。") % {"limit": limit}, fields={"file": _("请缩小后再传")})
    paper = hand_in(reader_of(request), case_id, material, str(file.name or ""), file.read(), idempotency_key)
    return _answer(s.PaperOut(
        id=paper.pk, case_id=case_id, material=paper.material, name=paper.name, trust=paper.trust,
        digest=paper.file_id, added_at=paper.added_at,
    ), 201)  # fmt: skip


@api.get(
    "/track/{tracking_number}", response={200: s.TrackOut, **OPEN_ERRORS, 429: s.Problem}, auth=None, tags=["public"],
    summary="Where a matter is",
)  # fmt: skip
@scoped()
def track(
    request: HttpRequest, tracking_number: Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00]*$"), Path()]
) -> Any:
    """What whoever holds the number may know. A mistyped number is told apart by its check character. Numbers that are
    not there count against the caller's address: 429 when it has asked for too many, never for one that is there."""
    try:
        where = tracked(tracking_number, reader_of(request).language)
    except Missing as missing:
        limits.spend(request, "track")
        # Answered, not raised: what is raised takes the count back with it.
        return problem(request, missing.status, missing.message, missing.code, missing.fields)
    return _answer(s.TrackOut(**where))


@api.get("/regions", response={200: s.RegionPage, **OPEN_ERRORS}, auth=None, tags=["public"], summary="Regions")
@scoped()
def regions(
    request: HttpRequest, within_code: s.RegionCode = Query(...),
    level: Annotated[int, Field(ge=0, le=5)] = Query(0), after: After = Query(0),
) -> Any:  # fmt: skip
    """The regions inside one, by code."""
    try:
        rows = within(within_code, level or None)
    except ValueError as error:
        raise Invalid(str(error), fields={"within_code": str(error)}) from error
    found = list(rows.filter(code__gt=after).order_by("code")[: PAGE + 1])
    items = [
        s.RegionOut(code=r.code, name=r.name, level=r.level, urban_rural=r.urban_rural,
                    ethnic_autonomous=r.ethnic_autonomous, population=r.population)
        for r in found[:PAGE]
    ]  # fmt: skip
    return s.RegionPage(items=items, next=items[-1].code if len(found) > PAGE else None)


@api.get("/services", response={200: list[s.ServiceOut]}, auth=None, tags=["public"], summary="Services and their forms")
def list_services(request: HttpRequest) -> Any:
    """Every service with its matters and the JSON Schema of each matter's details."""
    return HttpResponse(_services_as_json(*_said_when(request)), content_type="application/json; charset=utf-8")


Versions = tuple[tuple[str, str], ...]


def services_told(request: HttpRequest) -> list[s.ServiceOut]:
    """The same as plain values."""
    return _services(*_said_when(request))


def _said_when(request: HttpRequest) -> tuple[str, Versions]:
    """What the list depends on: the language and the definitions. Making the schemas costs as much as ten intakes."""
    return reader_of(request).language, tuple((key, service.definition.version) for key, service in services().items())


@lru_cache(maxsize=8)
def _services(_language: str, _versions: Versions) -> list[s.ServiceOut]:
    found = []
    for service in services().values():
        d = service.definition
        matters = [
            s.MatterOut(id=m.id, name=m.name.text(), public=m.public,
                        details_schema=service.details_form(m.id).model_json_schema())
            for m in d.matters
        ]  # fmt: skip
        found.append(s.ServiceOut(id=d.id, version=d.version, name=d.name.text(), matters=matters))
    return found


@lru_cache(maxsize=8)
def _services_as_json(language: str, versions: Versions) -> bytes:
    return TypeAdapter(list[s.ServiceOut]).dump_json(_services(language, versions))


def _answer(body: BaseModel, status: int = 200) -> HttpResponse:
    """What was built by its model needs no second check on the way out."""
    return HttpResponse(body.model_dump_json(), status=status, content_type="application/json; charset=utf-8")


def _case(case: Case) -> s.CaseOut:
    return s.CaseOut(**_fields(case))


def _fields(case: Case) -> dict[str, Any]:
    state = definition_of(case.version_id).state(case.state)
    return {name: getattr(case, name) for name in _PLAIN} | {"state_name": state.name.text()}


def _detail(request: HttpRequest, case: Case) -> s.CaseDetailOut:
    reader, definition = reader_of(request), definition_of(case.version_id)
    note_opening(reader, case, gettext_noop("经接口读取"))
    beside = queries.around(case)
    clocks = [
        s.ClockOut(name=definition.deadline(row.code).name.text(), due=row.due_at)
        for row in running(beside.clocks)
    ]
    offered = [
        s.OfferOut(action=o.action.id, name=o.action.name.text(), allowed=o.allowed, reasons=o.reasons)
        for o in offers(reader, case, beside=beside)
    ]
    return s.CaseDetailOut(**_fields(case), details=case.details, clocks=clocks, actions=offered)


def problem(request: HttpRequest, status: int, detail: str, code: str, fields: dict[str, str] | None = None) -> HttpResponse:
    """An RFC 9457 answer."""
    titles = {400: "Bad request", 401: "Unauthorized", 403: "Forbidden", 404: "Not found", 409: "Conflict", 410: "Gone",
              405: "Method not allowed", 413: "Content too large", 422: "Invalid", 429: "Too many requests"}  # fmt: skip
    body = s.Problem(title=titles.get(status, "Error"), status=status, detail=detail, code=code, fields=fields or {})
    return HttpResponse(body.model_dump_json(), status=status, content_type="application/problem+json")


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    connection.set_rollback(True)  # half-done writes of this request go
    answer = problem(request, refusal.status, refusal.message, refusal.code, refusal.fields)
    if refusal.retry_after:
        answer["Retry-After"] = str(refusal.retry_after)
    return answer


@api.exception_handler(IntegrityError)
def _collided(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """The same request twice at the same moment, found out when the second was written. Raises what is anything else."""
    if conflict := repeated(error):
        return _refused(request, conflict)
    raise error


class Collisions:
    """What no operation answers itself is told as the API tells it: what the database refuses only at the transaction's end,
    a method that is not there. HEAD is a GET without its body.
    """

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        if not request.path.startswith("/api/"):
            return self.respond(request)
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        try:
            answer = self.respond(request)
        finally:
            if head:
                request.method = "HEAD"  # it may be answered anew
        if answer.status_code == 405 and not answer.headers["Content-Type"].startswith("application/"):
            plain = problem(request, 405, _("这个地址没有这种方法，请看 Allow。"), "method")
            plain["Allow"] = answer.headers.get("Allow", "")
            answer = plain
        if head:
            answer.headers.setdefault("Content-Length", str(len(answer.content)))
            answer.content = b""
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a repeated request; None lets everything else go its way."""
        conflict = repeated(error) if isinstance(error, IntegrityError) and request.path.startswith("/api/") else None
        return problem(request, conflict.status, conflict.message, conflict.code) if conflict else None


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {".".join(str(p) for p in e["loc"] if p not in {"body", "query", "path", "header"}) or "body": str(e["msg"])
              for e in error.errors}  # fmt: skip
    return problem(request, 422, _("请求内容不符合格式，请看 fields。"), "invalid", fields)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = problem(request, 401, _("请在 Authorization 里带上接口钥匙：Bearer fh_…"), "unauthorized")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(MultiPartParserError)
def _not_multipart(request: HttpRequest, error: MultiPartParserError) -> HttpResponse:
    return problem(request, 400, _("请按 multipart/form-data 发送文件。"), "invalid")


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(request, 413, _("请求内容太大。"), "too_large")


@api.exception_handler(HttpError)
def _plain(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, error.status_code, str(error), "invalid")
