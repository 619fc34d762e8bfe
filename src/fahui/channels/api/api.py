"""The public API: one NinjaAPI, its errors as RFC 9457 problem details."""

from ninja import NinjaAPI

api = NinjaAPI(title="Fahui", version="1", openapi_url="/openapi.json", docs_url=None)
