"""The API's front: who may come in, and what is there."""

import json
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.parser import Parser

from desk.api import errors
from desk.api.cases import router as cases
from desk.api.categories import router as categories
from desk.api.conversations import router as conversations
from desk.api.describing import described
from desk.api.knowledge import router as knowledge
from desk.api.reports import router as reports
from desk.api.tokens import Token
from desk.api.webhooks import router as webhooks
from desk.pages.typed import storable


class _MayBeEmpty(Parser):
    """A step that needs nothing, such as signing, is posted without a body."""

    def parse_body(self, request: HttpRequest) -> Any:
        return _storable(json.loads(request.body)) if request.body.strip() else {}


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {storable(key): _storable(one) for key, one in value.items()}
    return value


class _Described(NinjaAPI):
    """With what the routes' own types do not say: the steps' bodies, a case, the errors."""

    def get_openapi_schema(self, **options: Any) -> Any:
        return described(super().get_openapi_schema(**options))


api = _Described(
    parser=_MayBeEmpty(),
    title="前门 Qianmen",
    version="1",
    auth=Token(),
    urls_namespace="api-1",
    docs_url="/docs",
    openapi_url="/openapi.json",
)
errors.register(api)
api.add_router("/cases", cases)
api.add_router("/categories", categories)
api.add_router("/conversations", conversations)
api.add_router("/knowledge", knowledge)
api.add_router("/reports", reports)
api.add_router("/webhooks", webhooks)
