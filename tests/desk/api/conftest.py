from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from wagtail.models import APIToken

from desk.people.models import User


@dataclass
class Api:
    """Calls `/api/v1` with somebody's token, or with none."""

    token: str = ""

    def get(self, path: str, **query: Any) -> Any:
        return Client().get(f"/api/v1{path}", query, headers=self._headers())

    def post(self, path: str, body: Any) -> Any:
        return self._send("post", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self._send("patch", path, body)

    def _send(self, method: str, path: str, body: Any) -> Any:
        return getattr(Client(), method)(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers=self._headers(),
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@pytest.fixture
def as_user() -> Callable[[User], Api]:
    def make(user: User) -> Api:
        _row, token = APIToken.create_token(user=user, name="test")
        return Api(token)

    return make


@pytest.fixture
def nobody(db: None) -> Api:
    return Api()


@pytest.fixture(autouse=True)
def _static_folder(settings: Any) -> None:
    """The static files' middleware looks for it; set-up makes and fills it otherwise."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
